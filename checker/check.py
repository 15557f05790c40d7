# fmt: off
"""Is a record genuine? python check.py BUNDLE ROOTS, a line `participant role threshold vkey vkey …` for each participant."""
# Written from spec/record.md (cited as §) and spec/bundle.md; trusts only ROOTS. Exit code: 0 genuine, 1 not, 2 cannot say.
import json
import re
import sys
from base64 import b64decode, b64encode
from functools import reduce
from hashlib import sha256
from itertools import accumulate
from multiprocessing import Pool
from pathlib import Path
from typing import Any as Json

try:
    from nacl.bindings import crypto_sign_open
    from nacl.exceptions import BadSignatureError
except ImportError:
    print("The checker verifies signatures with PyNaCl, and it is not installed: pip install pynacl", file=sys.stderr)
    sys.exit(2)
P, E = 2**255 - 19, int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
SMALL = {(y | top << 255).to_bytes(32, "little") for y in (0, 1, P - 1, P, P + 1, E, P - E) for top in (0, 1)}  # § 2
CAPS, FROM_0, FROM_1 = {b"act": 71680, b"checkpoint": 16384, b"proof": 16384, b"blob": 67190800}, range(2**53), range(1, 2**53)
BUNDLE = re.compile(rb"exchange\.bundle/1 ([!-~]{1,200}) 0 (0|[1-9][0-9]{0,15})\n")
RECORD = re.compile(rb"(act|checkpoint|proof|blob) ([1-9][0-9]{0,7})\n")
LINE = re.compile(rb"\xe2\x80\x94 ([a-z0-9._/-]{1,64}) ([A-Za-z0-9+/]{90}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/]{101}[AQgw]==)\n")
HEAD = re.compile(rb"(?!exchange\.act/1\n|cosignature/v1\n)([!-*,-~]{1,200})\n([1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n")
VKEY = re.compile(r"([a-z0-9._/-]{1,64})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")
TOKENS = re.compile(  # of a canonical line: brackets; the name of a field; any other text; a number; three words
    r'(?:[][{},]|"(?:[ !#-\[\]-~]|\\["\\])*+":|"(?:[^"\\\x00-\x1f\x7f-\x9f]|\\["\\])*+"(?!:)|-?[0-9]{1,16}\b|true|false|null)++')
TEXT, ID, NO_ID, PARTY, ROOM, CASE, KIND, MANDATE, TIME, ROLE, LETTERS, REASON = map(re.compile, (
    r"(?s).{0,32000}", r"[0-9a-f]{64}", r"([0-9a-f]{64})?", r"[a-z][a-z0-9-]{0,30}", r"[a-z][a-z0-9-]{0,30}/[a-z0-9._-]{1,40}",
    r"[a-z0-9][a-z0-9._-]{0,62}", r"[a-z_]{1,40}", r"[0-9a-f]{64}|root|desk",
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z",
    r"party|neutral|custodian|witness|auditor", r"[A-Z]{1,3}", r"(?=.{1,80}\Z)[a-z][a-z0-9_]{0,40}(\.[a-z0-9_]{1,40})*"))
ACT = {"answers": [ID], "body": dict, "case": CASE, "kind": KIND, "mandate": MANDATE, "party": PARTY, "prev": NO_ID,
       "sealed": [{"blob": ID, "commit": ID, "size": FROM_1, "to": [ROOM]}],
       "seen": {"root": NO_ID, "size": FROM_0, "state": NO_ID}, "seq": FROM_1, "time": TIME}  # § 4, in the terms of `fits`
PARTICIPANT = {"name": TEXT, "role": ROLE, "letters": LETTERS} | (KEYS := {"roots": [TEXT], "threshold": int, "desk_key": TEXT})
BODIES = {  # § 9.4, those that change who may sign
    "found_case": {"origin": TEXT, "participants": [PARTICIPANT], "practice": bool, "rules": range(1, 2)},
    "issue_mandate": {"officers": [TEXT], "grants": [{"kinds": [TEXT], "officers_needed": FROM_1}], "not_before": TIME,
                      "until": TIME, "most_persons": FROM_0, "batches": [FROM_1]},
    "revoke_mandate": {"mandate": TEXT, "reason": REASON}, "rotate_keys": KEYS, "record_clock": {"now": TIME},
    "succeed_neutral": {"size": FROM_1, "root": TEXT, "origin": TEXT, "neutral": PARTICIPANT}}
DESK_KINDS, ROOT_KINDS = {"record_clock", "report_fork"}, BODIES.keys() - {"record_clock"} | {"upgrade_rules", "choose_branch"}
READER = json.JSONDecoder(parse_int=lambda digits: int(need(abs(int(digits)) < 2**53 and digits, "number is too large")))
WRITER = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))

def need(fact: Json, otherwise: str) -> Json:
    if not fact:
        raise ValueError(otherwise)  # also what Python raises for bad UTF-8 and JSON
    return fact
def verify(check: tuple[str, bytes, bytes, bytes]) -> str:  # in many processes at once
    what, raw, message, signature = check
    try:
        return "" if raw and signature[:32] not in SMALL and crypto_sign_open(signature + message, raw) else what
    except BadSignatureError:
        return what
def read_key(vkey: str) -> Json:  # § 2: name, check number, 32 bytes; or None
    name, check, typed = found.groups() if (found := VKEY.fullmatch(vkey)) else ("", "", "")
    good = sha256(name.encode() + b"\n" + (raw := b64decode(typed))).hexdigest()[:8] == check and raw[0] == 1
    return (name, bytes.fromhex(check), raw[1:]) if good and raw[1:] not in SMALL else None
def read_note(note: bytes) -> tuple[bytes, Json]:  # § 3: the signed text; of each line the name, check number, signature
    at, lines = (end := note.rfind(b"\n\n") + 1) + 1, []
    while found := LINE.match(note, at):
        data, at = b64decode(found[2]), found.end()
        lines.append((found[1].decode(), data[:4], data[4:]))
    whole = 0 < end <= 65_536 and at == len(note) <= 69_633 and 1 <= len({line[:2] for line in lines}) == len(lines) <= 16
    return need(whole and note[:end], "note is malformed, too long, or its signatures are"), lines
def read_line(line: bytes) -> Json:  # § 1: the value of a canonical line
    if (text := line.decode()).count("{") + text.count("[") > 32:  # else it cannot be too deep
        depths = accumulate((one in "{[") - (one in "}]") for one in re.sub(r'"(?:[^"\\]|\\.)*+"', "", text))
        need(max(depths, default=0) <= 32, "line is nested too deep")
    need(TOKENS.fullmatch(text) and WRITER.encode(value := READER.decode(text)) == text, "line is not canonical")
    return value
def fits(value: Json, form: Json) -> bool:  # a form is {an object of}, [a list of], a regular one, a range of numbers, a type
    if isinstance(form, dict):
        return isinstance(value, dict) and value.keys() == form.keys() and all(fits(value[n], form[n]) for n in form)
    if isinstance(form, list):
        return isinstance(value, list) and len(value) <= 10_000 and all(fits(one, form[0]) for one in value)
    if isinstance(form, re.Pattern):
        return isinstance(value, str) and form.fullmatch(value) is not None
    return type(value) is int and value in form if isinstance(form, range) else type(value) is form
def read_act(note: bytes) -> tuple[bytes, Json, Json]:  # § 4; of bodies only those of § 9.4, and None if out of form
    text, lines = read_note(note)
    need(text.startswith(b"exchange.act/1\n") and fits(said := read_line(text[15:-1]), ACT), "act is not in its form")
    answers, seen, rooms, kind = said["answers"], said["seen"], [one["to"] for one in said["sealed"]], said["kind"]
    need(len({*answers}) == len(answers) <= 1_000 and len(rooms) <= 64 and all(0 < len({*one}) == len(one) <= 32 for one in rooms)
         and (said["prev"] == "") == (said["seq"] == 1) and (seen["root"] == "") == (seen["size"] == 0)
         and all(len(line[2]) == 64 for line in lines), "act is not in its form")
    body = {"most_persons": 0, "batches": [], **said["body"]} if kind == "issue_mandate" else said["body"]
    return text, said | {"body": body if fits(body, BODIES.get(kind)) else None}, lines
def enough(one: Json, signers: set[str]) -> bool:
    return 0 < int(one["threshold"]) <= sum(key[0] in signers for key in one["keys"][:-1])

class Log:
    def __init__(self, given: Json) -> None:  # as far as it was read, and who may sign what at its end
        self.given, self.size, self.case, self.origin, self.clock = given, 0, "", b"", ""
        self.people, self.mandates, self.heads, self.known, self.officers, self.cosigned = (dict[Json, Json]() for _ in range(6))
        self.roots, self.ids, self.rest = bytearray(), set[bytes](), {kind: list[bytes]() for kind in CAPS}
        self.edge, self.eras, self.void = (list[Json]() for _ in range(3))
    def root(self, size: int) -> str:
        return self.roots[32 * size - 32:32 * size].hex()
    def take(self, note: bytes) -> Json:  # § 6: the next act, if it is genuine; its signatures are still to be verified
        text, said, lines = read_act(note)
        here, party, kind, body, seen = self.size, said["party"], said["kind"], said["body"], said["seen"]
        enrolling = body.get("participants", [body]) if body and kind == ("rotate_keys" if here else "found_case") else []
        new = {key[:2]: key[2] for one in enrolling for key in map(read_key, (*one["roots"], one["desk_key"])) if key}
        raws = [self.known.get(line[:2]) or need(new.get(line[:2]), f"signed by {line[0]}, a key unknown here") for line in lines]
        own = any(line[0].startswith(party + "/") and line[:2] in (self.known if here else new) for line in lines)
        need(own and said["case"] == (self.case or said["case"]), "not signed by its author, or of another case")
        need((said["seq"] - 1, said["prev"]) == self.heads.get(party, (0, "")), "does not continue its author's chain")
        need(all(bytes.fromhex(one) in self.ids for one in said["answers"]), "answers an act that does not stand before it")
        need(seen["size"] <= here and self.root(seen["size"]) == seen["root"], "has seen another log than this")
        act_id, leaf = sha256(text), sha256(b"\0" + note).digest()
        try:
            self.judge(said, act_id.hexdigest(), self.people.get(party), {line[0] for line in lines})
        except ValueError as why:
            self.void.append((here, str(why)))
        found = {name: (one["role"], one["threshold"], {*one["roots"]}) for name, one in ({} if here else self.people).items()}
        need(here or found == self.given, "the founding act is void, or names other root keys than you gave")
        self.case, self.heads[party], self.size = said["case"], (said["seq"], act_id.hexdigest()), here + 1
        self.ids.add(act_id.digest())
        while here & 1:  # § 5; `edge` holds the roots of the largest whole trees, from the left
            leaf, here = sha256(b"\1" + self.edge.pop() + leaf).digest(), here >> 1
        self.edge.append(leaf)
        self.roots += reduce(lambda right, left: sha256(b"\1" + left + right).digest(), reversed(self.edge))
        return [(f"act {self.size - 1}: not signed by {k[0]}", raw, text, k[2]) for k, raw in zip(lines, raws, strict=True)]
    def judge(self, said: Json, act_id: str, me: Json, signers: set[str]) -> None:  # § 9.3: why it is void, or what it does
        kind, granted, mandate = said["kind"], said["mandate"], self.mandates.get(said["mandate"], {"party": ""})
        if granted == "root" or kind in ROOT_KINDS or not me:
            need(me or not self.size, "unknown participant")
            need(granted == "root" and kind in ROOT_KINDS, "not for root keys")
            need(not me or enough(me, signers), "too few root keys")
        elif granted == "desk":
            need(kind in DESK_KINDS and signers == {me["keys"][-1][0]}, "not for desk key")
        else:
            need(mandate["party"] == said["party"], "no such mandate")
            need(not mandate["revoked"], "mandate revoked")
            need(mandate["not_before"] <= self.clock, "mandate not yet")
            need(self.clock < mandate["until"], "mandate expired")
            need(kind in mandate["needed"], "beyond mandate")
            need(signers <= mandate["officers"], "signer not in mandate")
            need(len(signers) >= mandate["needed"][kind], "too few officers")
        if kind in BODIES:
            self.change(kind, act_id, said["party"], need(said["body"], "body is malformed"), signers)
        if kind in {"found_case", "rotate_keys", "succeed_neutral"}:  # a mandate only adds keys, and does so itself
            keys = [key for one in self.people.values() for key in one["keys"]]
            self.known = self.officers | {one: key[2] for key in keys for one in (key[:2], key[0])}
            self.eras.append((self.size + 1, self.origin, self.people))
    def good(self, owner: str, vkeys: list[str]) -> Json:  # § 9.4: a good key list, with fresh names
        good = all(keys := [*map(read_key, vkeys)]) and len({k[0] for k in keys}) == len({k[2] for k in keys}) == len(keys) <= 64
        good = good and all(k[0].partition("/")[:2] == (owner, "/") and self.known.get(k[0], k[2]) == k[2] for k in keys)
        return need(good and keys, "a key is malformed, twice, or bears another's name")
    def enrol(self, one: Json) -> Json:
        return one | {"keys": self.good(one["name"], [*one["roots"], one["desk_key"]])}
    def change(self, kind: str, act_id: str, party: str, body: Json, signers: set[str]) -> None:  # § 9.4: why not, or do it
        me, offices = self.people.get(party, {"role": ""}), {key[0] for one in self.people.values() for key in one["keys"]}
        others = {name: one for name, one in self.people.items() if one["role"] != "neutral"}
        if kind == "found_case":
            people = {one["name"]: self.enrol(one) for one in body["participants"]}
            roles, letters = [one["role"] for one in people.values()], {one["letters"] for one in people.values()}
            need(not self.size and people.get(party, me)["role"] == "neutral", "founded already, or not by the neutral")
            good = roles.count("neutral") == 1 < roles.count("party") and len(letters) == len(body["participants"]) <= 26
            need(good, "a neutral, two parties, 26 in all, with names and letters of their own")
            need({key[0] for one in people.values() for key in one["keys"][:-1]} <= signers, "a root key did not sign")
            self.people, self.origin = people, body["origin"].encode()
        elif kind == "issue_mandate":
            keys, grants, until = self.good(party, body["officers"]), body["grants"], body["until"]
            officers, needed = {key[0] for key in keys}, {kind: one["officers_needed"] for one in grants for kind in one["kinds"]}
            need(officers.isdisjoint(offices) and ROOT_KINDS.isdisjoint(needed), "for root or desk keys")
            need(body["not_before"] < until and all(one["officers_needed"] <= len(keys) for one in grants), "never in force")
            self.mandates[act_id] = {**body, "party": party, "officers": officers, "needed": needed, "revoked": False}
            for table in (self.officers, self.known):
                table.update({one: key[2] for key in keys for one in (key[:2], key[0])})
        elif kind == "revoke_mandate":
            mandate = self.mandates.get(body["mandate"], {"party": ""})
            need(mandate["party"] == party and not mandate["revoked"] and mandate, "no such mandate, or void")["revoked"] = True
        elif kind == "rotate_keys":
            self.people = self.people | {party: need(enough(new := self.enrol(me | body), signers) and new, "too few new roots")}
        elif kind == "record_clock":
            self.clock = need(me["role"] == "neutral" and self.clock <= body["now"] and body["now"], "backwards, or not neutral")
        elif kind == "succeed_neutral":
            new, name = body["neutral"], body["neutral"]["name"]
            need((me["role"], new["role"]) == ("party", "neutral") and name not in self.people, "not by a party, or not new")
            need(new["letters"] not in [one["letters"] for one in others.values()], "letters are taken")
            need(body["size"] <= self.size and 0 < new["threshold"] <= len(new["roots"]), "no such checkpoint or threshold")
            need(all(enough(one, signers) for one in others.values() if one["role"] == "party"), "too few root keys")
            self.people, self.origin = {**others, name: self.enrol(new)}, body["origin"].encode()
            self.mandates = {act: mandate for act, mandate in self.mandates.items() if mandate["party"] in others}
            self.void += [] if self.root(body["size"]) == body["root"] else [(self.size, "in effect, but from another log")]
    def checkpoint(self, note: bytes) -> Json:  # § 7: a checkpoint that fits the log; its signatures are to be verified yet
        text, ((name, check, signature), *others) = read_note(note)
        origin, size, root = need(HEAD.fullmatch(text), "malformed").groups()
        need(int(size) <= self.size, f"it covers more acts than the {self.size} in the bundle")
        then, people = next(era[1:] for era in reversed(self.eras) if era[0] <= int(size))
        desks = {one["keys"][-1][0]: one["keys"][-1][2] for one in people.values() if one["role"] != "neutral"}
        neutral = next(one["keys"][-1] for one in people.values() if one["role"] == "neutral")
        here = (then, b64encode(bytes.fromhex(self.root(int(size)))), *neutral[:2], 64)
        need((origin, root, name, check, len(signature)) == here, "it is of another log, or not signed by the neutral")
        yield "checkpoint: not signed by the neutral", neutral[2], text, signature
        for name, check, signature in others:
            raw, time = desks.get(name, b""), int.from_bytes(signature[:8], "big")
            good = raw and check == sha256(name.encode() + b"\n\4" + raw).digest()[:4] and len(signature) == 72 and time < 2**63
            need(good, f"{name} is no cosigner")
            yield f"checkpoint: not cosigned by {name}", raw, b"cosignature/v1\ntime %d\n" % time + text, signature[8:]
        self.cosigned.setdefault(int(size), (neutral[0], set[str]()))[1].update(line[0] for line in others)
    def read(self, path: str) -> Json:  # spec/bundle.md: every signature that is to be verified, and a flaw at last
        last, points = 1, self.rest[b"checkpoint"]
        try:
            with Path(path).open("rb") as file:
                head = need(BUNDLE.fullmatch(file.readline(256)), "this is no bundle, or does not begin with act 0")
                last = int(head[2])
                for count, line in enumerate(iter(lambda: file.readline(20), b"")):
                    kind, length = need(RECORD.fullmatch(line), "the bundle is malformed").groups()
                    need(count < 5_000_000 and int(length) <= CAPS[kind], "the bundle holds too much")
                    need(len(data := file.read(int(length))) == int(length), "the bundle is torn")
                    yield from self.take(data) if kind == b"act" and self.size < last else ()
                    self.rest[kind].append(data if kind == b"checkpoint" else b"")
            need(self.size == last and 0 < len(points) <= 10_000 and head[1] == self.origin, "missing, or of another log")
            for point in points:
                yield from self.checkpoint(point)
        except ValueError as why:
            yield (f"act {self.size}" if self.size < last else "checkpoint") + f": {why}", b"", b"", b""

def check(path: str, given: Json) -> None:
    log = Log(given)
    with Pool() as pool:
        if wrong := next(filter(None, pool.imap(verify, log.read(path), 500)), ""):  # a thread reads while processes verify
            sys.exit(f"not genuine: {wrong}")
    size, (neutral, others) = max(log.cosigned.items())
    names, rest = ", ".join(name.split("/")[0] for name in (*sorted(others), neutral)), log.rest
    print(f"genuine up to act {size - 1}, cosigned by {names}; root {log.root(size)}")
    print(f"acts without authority (no effect): {len(log.void)}", *(f"{at} ({why})" for at, why in log.void[:1_000]), sep="; ")
    print(f"not judged: whether acts are void by other rules; acts after the checkpoint: {log.size - size};",
          f"waiting acts: {len(rest[b'act']) - log.size}; receipts: {len(rest[b'proof'])}; sealed files: {len(rest[b'blob'])}")
if __name__ == "__main__":
    why = __doc__
    try:
        bundle, roots = sys.argv[1:]
        why = f"{roots} cannot be read as lines `participant role threshold vkey vkey …`, one for each participant"
        lines = [line.split() for line in Path(roots).read_text(encoding="utf-8").splitlines() if line.strip()]
        given = {name: (role, int(threshold), {*vkeys}) for name, role, threshold, *vkeys in lines}
        need(0 < len(given) == len(lines) and all(map(read_key, (vkey for line in lines for vkey in line[3:]))), "")
        why = f"the bundle {bundle} cannot be read"
        check(bundle, given)
    except (OSError, ValueError):
        print(why, file=sys.stderr)
        sys.exit(2)
