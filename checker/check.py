"""Tells whether a record of an exchange is genuine, trusting nothing but root keys that you got elsewhere.

    python check.py BUNDLE ROOTS

ROOTS is a text with a line `participant role threshold vkey vkey …` for each participant. Written from spec/record.md (its
sections are cited as §) and spec/bundle.md; needs Python 3.11 and PyNaCl. Exit code: 0 genuine, 1 not genuine, 2 wrong use.
"""

# fmt: off
import json
import re
import sys
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from hashlib import sha256
from itertools import chain
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

P, E = 2**255 - 19, int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
SMALL = {(y | top << 255).to_bytes(32, "little") for y in (0, 1, P - 1, P, P + 1, E, P - E) for top in (0, 1)}  # § 2
CAPS = {"act": 71_680, "checkpoint": 16_384, "proof": 16_384, "blob": 67_190_800}
ID, NO_ID, PARTY = re.compile(r"[0-9a-f]{64}"), re.compile(r"([0-9a-f]{64})?"), re.compile(r"[a-z][a-z0-9-]{0,30}")
ROOM, CASE = re.compile(rf"{PARTY.pattern}/[a-z0-9._-]{{1,40}}"), re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
KIND, MANDATE = re.compile(r"[a-z_]{1,40}"), re.compile(r"[0-9a-f]{64}|root|desk")
TIME = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")
LINE = re.compile(rb"\xe2\x80\x94 ([a-z0-9._/-]{1,64}) ([A-Za-z0-9+/]{91}=|[A-Za-z0-9+/]{102}==)\n")
VKEY = re.compile(r"([a-z0-9._/-]{1,64})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")
HEAD = re.compile(rb"([!-*,-~]{1,200})\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n")
BUNDLE = re.compile(rb"exchange\.bundle/1 ([!-~]{1,200}) (0|[1-9][0-9]{0,15}) (0|[1-9][0-9]{0,15})\n")
PARTICIPANT = {"name": str, "role": str, "letters": str, "roots": [str], "threshold": int, "desk_key": str}
ACT = {  # § 4: a type, a regular form, [a list of], {an object of}
    "answers": [ID], "body": dict, "case": CASE, "kind": KIND, "mandate": MANDATE, "party": PARTY, "prev": NO_ID, "seq": int,
    "sealed": [{"blob": ID, "commit": ID, "size": int, "to": [ROOM]}], "seen": {"root": NO_ID, "size": int, "state": NO_ID},
    "time": TIME}
BODIES = {  # § 9.4
    "found_case": {"origin": str, "participants": [PARTICIPANT], "practice": bool, "rules": int},
    "issue_mandate": {"officers": [str], "grants": [{"kinds": [str], "officers_needed": int}], "not_before": TIME,
                      "until": TIME, "most_persons": int, "batches": [int]},
    "revoke_mandate": {"mandate": str, "reason": re.compile(r"(?=.{1,80}\Z)[a-z][a-z0-9_]{0,40}(\.[a-z0-9_]{1,40})*")},
    "rotate_keys": {"roots": [str], "threshold": int, "desk_key": str},
    "record_clock": {"now": TIME},
    "upgrade_rules": {"rules": int},
    "succeed_neutral": {"size": int, "root": str, "origin": str, "neutral": PARTICIPANT},
    "report_fork": {"participant": str, "notes": [str]},
    "choose_branch": {"head": str}}
TAKEN = ("answers", "body", "case", "kind", "mandate", "party", "prev", "seen", "seq")
DESK_KINDS = {"record_clock", "report_fork"}
ROOT_KINDS = BODIES.keys() - DESK_KINDS
GRANTABLE = DESK_KINDS.union("""publish_encryption_keys open_session close_session raise_item state_position answer_position
    object_to_participant propose_terms agree_terms withdraw_terms amend_terms propose_date_and_place answer_date_and_place
    establish_fact attest_row hand_in_list acknowledge_list reply_to_lines object_to_lines give_final_reply sign_final_list
    request_substitution answer_substitution record_interview certify_medically clear_legally declare_readiness
    ask_identity_question answer_identity_question propose_match accept_match dispute_match commit_seed reveal_seed
    compose_batches agree_batches notify_route acknowledge_route guarantee_safety declare_silence_window issue_manifest
    embark depart report_incident arrive hand_in_book agree_group close_batch confirm_identity hand_over_effects
    record_container record_laboratory_result split_container join_containers propose_joint_record sign_joint_record
    carry_debts_over correct propose_number_sheet agree_number_sheet set_embargo publish_communique record_public_statement
    notify_family suspend resume abort_batch abort_exchange set_condition lift_condition erase confirm_erasure close""".split())  # noqa: SIM905
Key = tuple[str, bytes, bytes]  # name, check number, 32 bytes
Keys = dict[tuple[str, bytes], set[bytes]]
Json = Any

def need(fact: object, otherwise: str) -> None:
    if not fact:
        raise ValueError(otherwise)  # also what Python raises for bad UTF-8, JSON and base64

def unbase64(text: str) -> bytes:
    need(b64encode(b64decode(text)).decode() == text, "base64 is malformed")
    return b64decode(text)

def read_key(vkey: str) -> Key:
    found = VKEY.fullmatch(vkey)
    name, check, typed = (found[1], bytes.fromhex(found[2]), unbase64(found[3])) if found else ("", b"", b"-")
    need(typed[0] == 1 and check == sha256(name.encode() + b"\n" + typed).digest()[:4], "key is malformed")
    need(typed[1:] not in SMALL, "key is weak")
    return name, check, typed[1:]

def holds(raw: bytes, message: bytes, signature: bytes) -> bool:
    try:
        return signature[:32] not in SMALL and crypto_sign_open(signature + message, raw) is not None
    except BadSignatureError:
        return False

def read_note(note: bytes) -> tuple[bytes, list[Key]]:
    """Return the signed text, and of each line the name, the check number and the signature (§ 3)."""
    end, lines = note.rfind(b"\n\n") + 1, []
    need(0 < end <= 65_536 and len(note) <= 69_633, "note is malformed or too long")
    at = end + 1
    while found := LINE.match(note, at):
        data, at = unbase64(found[2].decode()), found.end()
        lines.append((found[1].decode(), data[:4], data[4:]))
    need(at == len(note) and 1 <= len({line[:2] for line in lines}) == len(lines) <= 16, "signature lines are malformed")
    return note[:end], lines

def whole(digits: str) -> int:
    need(len(digits) < 18 and abs(int(digits)) < 2**53, "number is not whole or too large")
    return int(digits)

def depth(value: Json) -> int:
    if not isinstance(value, dict | list):
        return 0
    need(isinstance(value, list) or all(map(str.isascii, value)), "field name is not ASCII")
    return 1 + max(map(depth, value.values() if isinstance(value, dict) else value), default=0)

READER = json.JSONDecoder(parse_int=whole, parse_float=whole, parse_constant=whole)
WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

def read_line(line: bytes) -> Json:
    """Return the value of a canonical line (§ 1)."""
    text = line.decode()
    value = READER.decode(text)
    need(WRITER.encode(value) == text, "line is not canonical")
    if not text.isascii() or text.count("{") + text.count("[") > 32:  # else it cannot be too deep
        need(depth(value) <= 32, "line is nested too deep")
    if "\\" in text or "\x7f" in text or not text.isascii():
        need("\\" not in re.sub(r'\\["\\]', "", text) and not re.search("[\x7f-\x9f]", text), "control character in line")
    return value

def fits(value: Json, form: Json) -> bool:
    if isinstance(form, re.Pattern):
        return isinstance(value, str) and form.fullmatch(value) is not None
    if isinstance(form, dict):
        return isinstance(value, dict) and value.keys() == form.keys() and all(fits(value[n], form[n]) for n in form)
    if isinstance(form, list):
        return isinstance(value, list) and len(value) <= 10_000 and all(fits(one, form[0]) for one in value)
    return type(value) is form and (form is not str or len(value) <= 32_000)

def read_act(note: bytes, keys: Keys) -> tuple[str, bytes, Json, list[Key]]:
    """Return an act's id, leaf and fields, and of each signature line the name, check number, and key that verifies it."""
    text, lines = read_note(note)
    said = read_line(text[15:-1])
    need(text.startswith(b"exchange.act/1\n") and fits(said, ACT), "act is not in its form")
    seen, answers, sealed, kind = said["seen"], said["answers"], said["sealed"], said["kind"]
    need(len(set(answers)) == len(answers) <= 1_000 and len(sealed) <= 64, "answers or sealed files are malformed")
    need(all(one["size"] > 0 and 0 < len(set(one["to"])) == len(one["to"]) <= 32 for one in sealed), "sealed is malformed")
    need(said["seq"] > 0 and (said["prev"] == "") == (said["seq"] == 1), "seq or prev is malformed")
    need(seen["size"] >= 0 and (seen["root"] == "") == (seen["size"] == 0), "seen is malformed")
    need(all(len(line[2]) == 64 for line in lines), "signature line is malformed")
    body = ({"most_persons": 0, "batches": []} if kind == "issue_mandate" else {}) | said["body"]
    said["body"] = body if kind in BODIES and fits(body, BODIES[kind]) else None  # other bodies are not looked at
    signed = [(name, check, next((raw for raw in keys.get((name, check), ()) if holds(raw, text, signature)), b""))
              for name, check, signature in lines]
    return sha256(text).hexdigest(), sha256(b"\0" + note).digest(), [said[name] for name in TAKEN], signed

def read_acts(batch: list[bytes | str], keys: Keys) -> list[Json]:
    """Read acts, in a process of its own, up to the first that is malformed; a text is a flaw found before."""
    done: list[Json] = []
    try:
        for note in batch:
            if isinstance(note, str):
                raise ValueError(note)  # noqa: TRY004, TRY301
            done.append(read_act(note, keys))
    except (ValueError, RecursionError) as why:
        done.append(str(why))
    return done

# --- the log (§ 5 to 7, 9) ---

def key_list(owner: str, vkeys: list[str]) -> list[Key]:
    keys = [read_key(vkey) for vkey in vkeys]
    need(all(key[0].partition("/")[:2] == (owner, "/") for key in keys), "key bears another's name")
    need(len({key[0] for key in keys}) == len({key[2] for key in keys}) == len(keys) <= 64, "key twice, or too many")
    return keys

def participant(one: Json) -> Json:
    *keys, desk = key_list(one["name"], [*one["roots"], one["desk_key"]])
    need(one["role"] in ("party", "neutral", "custodian", "witness", "auditor"), "unknown role")
    need(re.fullmatch("[A-Z]{1,3}", one["letters"]) and 1 <= one["threshold"] <= len(keys), "bad letters or threshold")
    return one | {"keys": keys, "desk": desk}

def quorum(one: Json, signers: set[str]) -> bool:
    return sum(key[0] in signers for key in one["keys"]) >= int(one["threshold"])

def brought(said: Json, *, first: bool) -> dict[tuple[str, bytes], bytes]:
    """Return the keys that an act brings along to be signed with itself (§ 9.2)."""
    body, vkeys, keys = said["body"] or {}, [], {}
    if said["kind"] == "rotate_keys" or (said["kind"] == "found_case" and first):
        vkeys = [v for one in body.get("participants", [body] if body else []) for v in (*one["roots"], one["desk_key"])]
    for vkey in vkeys[:-1] if said["kind"] == "rotate_keys" else vkeys:
        with suppress(ValueError):
            name, check, raw = read_key(vkey)
            keys[name, check] = raw
    return keys

class Log:
    """The log as far as it was read, and who may sign what at its end."""
    def __init__(self, given: Json) -> None:
        self.given, self.edge, self.roots, self.ids, self.void = given, list[bytes](), bytearray(), set[bytes](), list[str]()
        self.size, self.rules, self.void_count, self.case, self.origin, self.clock = 0, 0, 0, "", "", ""
        self.participants, self.mandates, self.heads = dict[str, Json](), dict[str, Json](), dict[str, tuple[int, str]]()
        self.known, self.eras = dict[tuple[str, bytes], bytes](), list[Json]()

    def root(self, size: int) -> bytes:
        return bytes(self.roots[32 * size - 32:32 * size]) if size else b""

    def take(self, act_id: str, leaf: bytes, taken: list[Json], signed: list[Key]) -> None:
        """Take the next act if it is genuine (§ 6), and let it count."""
        said = dict(zip(TAKEN, taken, strict=True))
        here, party, seen, new = self.size, said["party"], said["seen"], brought(said, first=not self.size)
        own = self.known if here else new
        for name, check, raw in signed:
            key = own.get((name, check)) or new.get((name, check))
            if not key or key != raw:
                raise ValueError(f"signed by {name}, " + ("but not over these bytes" if key else "a key that nobody enrolled"))
        need(any(name.startswith(party + "/") and (name, check) in own for name, check, _ in signed), "not by its author")
        need((said["seq"] - 1, said["prev"]) == self.heads.get(party, (0, "")), "does not continue its author's chain")
        need(said["case"] == (self.case or said["case"]), "belongs to another case")
        need(all(bytes.fromhex(one) in self.ids for one in said["answers"]), "answers an act that does not stand before it")
        need(seen["size"] <= here and self.root(seen["size"]).hex() == seen["root"], "has seen another log than this")
        try:
            self.judge(act_id, said, {line[0] for line in signed})
        except ValueError as why:
            self.void += [f"{here} ({why})"] if self.void_count < 1_000 else []
            self.void_count += 1
        enrolled = {name: (one["role"], one["threshold"], {*one["roots"]}) for name, one in self.participants.items()}
        need(here or enrolled == self.given, "the founding act is void, or names other root keys than you gave")
        self.case, self.heads[party], self.size = said["case"], (said["seq"], act_id), here + 1
        self.ids.add(bytes.fromhex(act_id))
        while here & 1:
            leaf, here = sha256(b"\1" + self.edge.pop() + leaf).digest(), here >> 1
        self.edge.append(leaf)
        self.roots += reduce(lambda right, left: sha256(b"\1" + left + right).digest(), reversed(self.edge))

    def judge(self, act_id: str, said: Json, signers: set[str]) -> None:
        """Say why an act is void by § 9.3 or 9.4, or do what it says."""
        kind, party, me = said["kind"], said["party"], self.participants.get(said["party"], {})
        mandate, root = self.mandates.get(said["mandate"]), said["mandate"] == "root"
        if not self.size:
            pass
        elif root or kind in ROOT_KINDS or not me:
            need(me, "unknown participant")
            need(root and kind in ROOT_KINDS, "not for root keys")
            need(quorum(me, signers), "too few root keys")
        elif said["mandate"] == "desk":
            need(kind in DESK_KINDS and signers == {me["desk"][0]}, "not for desk key")
        else:
            for fact, otherwise in (
                (mandate and mandate["party"] == party, "no such mandate"),
                (mandate and not mandate["revoked"], "mandate revoked"),
                (mandate and mandate["not_before"] <= self.clock, "mandate not yet"),
                (mandate and self.clock < mandate["until"], "mandate expired"),
                (mandate and kind in mandate["needed"], "beyond mandate"),
                (mandate and signers <= mandate["officers"].keys(), "signer not in mandate"),
                (mandate and len(signers) >= mandate["needed"].get(kind, 0), "too few officers")):
                need(fact, otherwise)
        if kind in BODIES:
            need(said["body"], "body is malformed")
            self.change(kind, act_id, party, said["body"], signers)
        if kind in ROOT_KINDS:
            self.known = {key[:2]: key[2] for one in self.participants.values() for key in (*one["keys"], one["desk"])}
            self.known |= {key[:2]: key[2] for one in self.mandates.values() for key in one["officers"].values()}
            desks = {one["desk"][0]: one["desk"][2] for one in self.participants.values()}
            neutral = next(one["desk"] for one in self.participants.values() if one["role"] == "neutral")
            self.eras.append((self.size + 1, self.origin, neutral, desks))

    def change(self, kind: str, act_id: str, party: str, body: Json, signers: set[str]) -> None:
        """Say why an act of § 9.4 is not allowed, or do what it says."""
        everybody: dict[str, Json] = self.participants
        me: Json = everybody.get(party, {"role": ""})
        match kind:
            case "found_case":
                enrolled = {one["name"]: participant(one) for one in body["participants"]}
                roles = [one["role"] for one in enrolled.values()]
                need(not self.size and body["rules"] == 1, "founded already, or by unknown rules")
                letters = {one["letters"] for one in enrolled.values()}
                need(len(enrolled) == len(letters) == len(body["participants"]) <= 26, "a name or letters twice, or too many")
                need(roles.count("neutral") == 1 and roles.count("party") > 1, "wrong participants")
                need(enrolled[party]["role"] == "neutral" if party in enrolled else None, "not by the neutral")
                need(all(key[0] in signers for one in enrolled.values() for key in one["keys"]), "a root key did not sign")
                self.participants, self.origin, self.rules = enrolled, body["origin"], 1
            case "issue_mandate":
                officers, needed = {key[0]: key for key in self.fresh(party, body["officers"])}, dict[str, int]()
                taken = {key[0] for one in everybody.values() for key in (*one["keys"], one["desk"])}
                need(officers and not taken & officers.keys(), "no officers, or names of root or desk keys")
                need(body["not_before"] < body["until"] and body["most_persons"] >= 0, "never in force")
                need(all(batch > 0 for batch in body["batches"]), "limits are malformed")
                for grant in body["grants"]:
                    need(1 <= grant["officers_needed"] <= len(officers), "too many officers needed, or none")
                    need(GRANTABLE.issuperset(grant["kinds"]), "a kind that cannot be granted")
                    needed |= dict.fromkeys(grant["kinds"], grant["officers_needed"])
                self.mandates[act_id] = body | {"party": party, "officers": officers, "needed": needed, "revoked": False}
            case "revoke_mandate":
                own: Json = self.mandates.get(body["mandate"], {"party": ""})
                need(own["party"] == party and not own["revoked"], "no such mandate, or revoked")
                own["revoked"] = True
            case "rotate_keys":
                self.fresh(party, [*body["roots"], body["desk_key"]])
                new = participant(me | body | {"name": party})
                need(quorum(new, signers), "too few new root keys")
                everybody[party] = new
            case "record_clock":
                need(me["role"] == "neutral" and self.clock <= body["now"], "not by the neutral, or backwards")
                self.clock = body["now"]
            case "upgrade_rules":
                need(body["rules"] > self.rules, "not newer")
                need(all(quorum(one, signers) for one in everybody.values()), "too few root keys of others")
                self.rules = body["rules"]
            case "succeed_neutral":
                new, (old,) = body["neutral"], [name for name, one in everybody.items() if one["role"] == "neutral"]
                others = {name: one for name, one in everybody.items() if name != old}
                parties = [one for one in others.values() if one["role"] == "party"]
                need((me["role"], new["role"]) == ("party", "neutral"), "not by a party, or not a neutral")
                need(1 <= body["size"] <= self.size and new["name"] not in everybody, "no such checkpoint, or name taken")
                need(new["letters"] not in {one["letters"] for one in others.values()}, "letters are taken")
                need(all(quorum(one, signers) for one in parties), "too few root keys of the parties")
                self.fresh(new["name"], [*new["roots"], new["desk_key"]])
                self.participants, self.origin = others | {new["name"]: participant(new)}, body["origin"]
                for mandate in self.mandates.values():
                    mandate["revoked"] |= mandate["party"] == old
                if self.root(body["size"]).hex() != body["root"]:
                    self.void.append(f"{self.size} (succeeds from another log than this, yet in effect)")
            case _:  # forks change no keys: whether one is proven, and how it ends, is left to the other rules
                return

    def fresh(self, owner: str, vkeys: list[str]) -> list[Key]:
        """Return a good key list whose names belong to no other key that is known."""
        keys, raws = key_list(owner, vkeys), {name: raw for (name, _), raw in self.known.items()}
        need(all(raws.get(key[0], key[2]) == key[2] for key in keys), "a name belongs to another key")
        return keys

    def cosigners(self, note: bytes) -> tuple[int, str]:
        """Return the size of a checkpoint and who signed it; it must fit the log and its keys at that size (§ 7)."""
        text, ((name, check, signature), *others) = read_note(note)
        found = HEAD.fullmatch(text)
        need(found and found[1] not in (b"exchange.act/1", b"cosignature/v1"), "malformed")
        origin, size, root = found[1].decode(), int(found[2]), unbase64(found[3].decode())  # type: ignore[index]
        need(0 < size <= self.size, f"it covers {size} acts and the bundle holds {self.size}")
        then, neutral, desks = next(era[1:] for era in reversed(self.eras) if era[0] <= size)
        need((then, self.root(size)) == (origin, root), f"of another log than the first {size} acts")
        need((name, check) == neutral[:2] and len(signature) == 64, "not signed by the neutral")
        need(holds(neutral[2], text, signature), "the neutral's signature does not hold")
        for name, check, signature in others:
            raw, time = desks.get(name, b""), int.from_bytes(signature[:8], "big")
            need(raw and check == sha256(name.encode() + b"\n\4" + raw).digest()[:4], f"{name} is no cosigner")
            need(len(signature) == 72 and time < 2**63, f"the cosignature of {name} is malformed")
            need(holds(raw, b"cosignature/v1\ntime %d\n" % time + text, signature[8:]), f"{name}'s cosignature does not hold")
        names = [name.split("/")[0] for name in (*sorted({line[0] for line in others}), neutral[0])]
        need(len(names) == len(others) + 1, "cosigned twice by one key")
        return size, ", ".join(names)

def records(path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the kind and content of each record; ``waiting`` is an act without a receipt (spec/bundle.md)."""
    with Path(path).open("rb") as file:
        head, count = BUNDLE.fullmatch(file.readline(256)), 0
        need(head and int(head[2]) == 0 <= int(head[3]) <= 5_000_000, "not a bundle that begins with act 0")
        yield "origin", head[1]  # type: ignore[index]
        while line := file.readline(20):
            found = re.fullmatch(rb"(act|checkpoint|proof|blob) ([1-9][0-9]{0,7})\n", line)
            kind, length = (found[1].decode(), int(found[2])) if found else ("", 1)
            need(length <= CAPS.get(kind, 0), "the bundle holds a malformed record")
            data = file.read(length)
            need(len(data) == length, "the bundle is torn")
            yield kind if kind != "act" or count < int(head[3]) else "waiting", data  # type: ignore[index]
            count += kind == "act"
        need(count >= int(head[3]), "the bundle is torn")  # type: ignore[index]

def batches(path: str, found: dict[str, list[bytes]], keys: Keys) -> Iterator[list[bytes | str]]:
    """Yield the acts by the hundred, and a flaw of the file where it stands; collect the rest, and the keys that acts name."""
    batch: list[bytes | str] = []
    try:
        for kind, data in records(path):
            if kind == "act":
                names_keys = b'"roots":[' in data or b'"officers":[' in data
                for name, check, typed in VKEY.findall(data.decode()) if names_keys else ():
                    keys.setdefault((name, bytes.fromhex(check)), set()).add(b64decode(typed)[1:])
                batch.append(data)
            else:
                found.setdefault(kind, []).append(data if kind in ("origin", "checkpoint") else b"")
            if len(batch) == 500:
                yield batch
                batch = []
    except ValueError as why:
        batch.append(str(why))
    yield batch

def check(path: str, roots: Json) -> None:
    log, found, keys, waiting, what = Log(roots), dict[str, list[bytes]](), Keys(), deque[Json](), ""
    try:
        with Pool() as pool:
            for batch in chain(batches(path, found, keys), [[]] * 20):  # the empty ones push out the last of the others
                waiting.append(pool.apply_async(read_acts, (batch, {line: set(raws) for line, raws in keys.items()})))
                for act in waiting.popleft().get() if len(waiting) > 20 else ():
                    what = f"act {log.size}: "
                    need(not isinstance(act, str), act)
                    log.take(*act)
        what = "checkpoint: "
        need(found.get("checkpoint"), "there is none")
        need(found["origin"] == [log.origin.encode()], "the bundle is of another log")
        size, names = max(map(log.cosigners, found["checkpoint"]))
    except ValueError as why:
        sys.exit(f"not genuine: {what}{why}")
    print(f"genuine up to act {size - 1}, cosigned by {names}; root {log.root(size).hex()}")
    more = f" and {log.void_count - 1_000} more" if log.void_count > 1_000 else ""
    print(f"acts without authority (without effect): {', '.join(log.void) or 'none'}{more}")
    rest = {kind: len(found.get(kind, ())) for kind in ("waiting", "proof", "blob")}
    print(f"not judged: void acts by other rules, {log.size - size} acts after the checkpoint, {rest}")

if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    lines = [line.split() for line in Path(sys.argv[2]).read_text().splitlines() if line.strip()]
    check(sys.argv[1], {name: (role, int(least), set(vkeys)) for name, role, least, *vkeys in lines})
