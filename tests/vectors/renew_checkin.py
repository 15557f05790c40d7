"""Writes the vectors of checking people across into ``spec/vectors/checkin``: ``python -m tests.vectors.renew_checkin``.

The keys are made of seeds and belong to nobody; the people are invented. What the package answers is written down once, looked
at by people, and from then on holds for every program.
"""

import json
from base64 import b64encode
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from parley.handover import answers, enrolling, joining, pack
from parley.handover.answers import Posting
from parley.handover.entries import (
    BOOK,
    Certificate,
    Entry,
    Request,
    Signed,
    certify,
    plain,
    read_line,
    sign_entry,
    sign_request,
)
from parley.handover.errors import BookBroken, EnrolBroken, PackBroken
from parley.handover.exposure import leads
from parley.handover.manifest import ManifestBroken, tag
from parley.record.keys import SigningKey
from parley.words import Digest, LineId, Moment, OfficerName, ParticipantName

FOLDER = Path(__file__).resolve().parents[2] / "spec/vectors/checkin"
CASE = "neutral/log"
OTHER_CASE = "neutral/another-log"
START = Moment("2025-05-23T05:00:00Z")
NOW = Moment("2025-05-23T18:00:00Z")
NORTH, SOUTH, NEUTRAL = (ParticipantName(name) for name in ("north", "south", "neutral"))


def key(name: str, seed: int) -> SigningKey:
    return SigningKey.from_seed(name, bytes([seed]) * 32)


DESK = key("neutral/desk", 1)
NORTH_DESK = key("north/desk", 2)
STRANGER = key("neutral/desk", 9)
GATE_1, GATE_2 = key("neutral/gate-1", 11), key("neutral/gate-2", 12)
NORTH_GATE = key("north/gate-1", 21)


def person(
    line: str, names: tuple[str, ...], seat: int, vehicle: str, born: str = "", mark: str = ""
) -> pack.Traveller:
    giving = NORTH if line.startswith("N") else SOUTH
    return pack.Traveller(
        born=born, giving=giving, line=LineId(line), names=names, seat=seat, tag=mark, vehicle=vehicle
    )


PACK = pack.Pack(
    batch=1,
    case=CASE,
    counter=NEUTRAL,
    expires=Moment("2025-05-24T06:00:00Z"),
    hold=1,
    issued=START,
    last="crossed",
    parties=(NORTH, SOUTH),
    stations=("arrived", "asked", "crossed"),
    version=2,
    people=(
        person("N16", ("Коваль Остап", "Koval Ostap"), 16, "bus-1", born="1985"),
        person("N17", ("Їжакевич Лев",), 17, "bus-1", born="1990-02-03"),
        person("N170", ("Ґалаґан Зоя",), 1, "bus-2"),
        person("N171", ("«Боцман»",), 2, "bus-2", mark="wheelchair"),
        person("S4", ("سليم حداد", "Salim Haddad"), 1, "bus-1", born="1971-12", mark="stretcher"),
        person("S5", ("Ёлкин Пётр",), 2, "bus-1", mark="escort"),
    ),
)


def body(one: Any) -> dict[str, Any]:
    return {each.name: getattr(one, each.name) for each in fields(one)}


def seen(gate: SigningKey, line: str, station: str = "crossed", **said: Any) -> Entry:
    """Return an entry as a device at a station would write it; ``said`` overrides."""
    told: dict[str, Any] = {
        "answers": ("ok",), "at": Moment("2025-05-23T11:00:00Z"), "batch": 1, "case": CASE, "corrects": "",
        "device": gate.verify_key.name, "group": 0, "how": "camera", "line": line, "note": "", "number": 1,
        "officer": "neutral/officer-3", "offline": True, "outcome": "RECEIVED" if station == "crossed" else "",
        "pack": 2, "prev": "", "scanned": tag(CASE, 1, LineId(line), 2) if line else "X", "second": "",
        "station": station, "vehicle": "",
    }  # fmt: skip
    return Entry(**(told | said))


def chain(gate: SigningKey, *entries: Entry) -> list[Signed[Entry]]:
    """Number and chain the entries of one device, and sign them."""
    out: list[Signed[Entry]] = []
    for number, one in enumerate(entries, start=1):
        prev = out[-1].what.id() if out else Digest("")
        out.append(sign_entry(replace(one, number=number, prev=prev), gate))
    return out


def misread(card: str) -> str:
    """Return a card whose check was read by a tired eye."""
    head, _, check = card.rpartition(":")
    assert set(check) >= {"0", "1"}, check
    return f"{head}:{check.replace('0', 'O').replace('1', 'L')}"


def cards() -> dict[str, Any]:
    right, other = tag(CASE, 1, LineId("N17"), 2), tag(OTHER_CASE, 1, LineId("N17"), 2)
    texts = {
        "a card": right,
        "in small letters with white space around": f" {right.lower()}\r\n",
        "a card of an older form names no version": tag(CASE, 1, LineId("N17")),
        "a card of another batch is read": tag(CASE, 12, LineId("S4"), 3),
        "a card of another case": other,
        "one letter of the check is wrong": right[:-1] + ("0" if right[-1] != "0" else "2"),
        "the line was changed": right.replace(":N17:", ":N18:"),
        "the version was changed": right.replace(":1.2:", ":1.3:"),
        "the version was cut out": right.replace(":1.2:", ":1:"),
        "O for 0, I and L for 1 in the check": misread(tag(CASE, 1, LineId("N10"), 2)),
        "a line typed": "n17",
        "a line typed with white space": "\tN17 ",
        "a line with a leading zero": "N017",
        "a space inside": "N 17",
        "only a number": "17",
        "nothing": "",
        "somebody's address on the web": "https://example.org/N17",
        "a batch of seven digits": right.replace(":1.2:", ":1000000.2:"),
        "a white space that only some programs drop": f"\u00a0{right}",
        "a letter that becomes S in capitals": right.replace(":N17:", ":ſ17:"),
        "a dotless i is no I": "ı17",
        "too long": right + " " * 64,
        "longer letters than a line has": "NNNN1",
        "an enrolment code": "P1E:" + right[3:],
    }
    cases = []
    for name, text in texts.items():
        try:
            card = answers.read_text(text, CASE)
            out = {"wrong": "", "line": card.line, "batch": card.batch, "version": card.version}
        except ManifestBroken as wrong:
            out = {"wrong": answers._WRONG[wrong.code], "line": "", "batch": 0, "version": 0}
        cases.append({"name": name, "case": CASE, "text": text, **out})
    printed = [
        {"case": case, "batch": batch, "version": version, "line": line, "text": tag(case, batch, LineId(line), version)}
        for case, batch, version, line in (
            (CASE, 1, 2, "N17"), (CASE, 1, 0, "N17"), (CASE, 999999, 999999, "ABC9999999"), (OTHER_CASE, 2, 1, "S1"),
        )
    ]  # fmt: skip
    return {
        "about": "Section 2: what a text says; `wrong` is empty where it says a line. `printed`: what a card of a line says.",
        "cases": cases,
        "printed": printed,
    }


def answered() -> dict[str, Any]:
    """Return vectors of section 6; each case names the entries that the device knows."""
    gate = Posting(device="neutral/gate-1", station="crossed")
    arrived = Posting(device="neutral/gate-1", station="arrived", vehicle="bus-1")

    def card(line: str, batch: int = 1, version: int = 2, case: str = CASE) -> str:
        return tag(case, batch, LineId(line), version)

    here = seen(GATE_1, "N16")
    there = seen(GATE_2, "N16")
    declined = seen(GATE_1, "N17", "asked", outcome="DECLINED_AT_POINT", note="asked twice", second="neutral/officer-4")
    undone = seen(GATE_1, "N17", "crossed", outcome="RECEIVED", corrects=declined.id(), number=2, prev=declined.id())
    by_north = seen(NORTH_GATE, "N17", "crossed", corrects=declined.id())
    late = Moment("2025-05-24T06:00:01Z")
    tried: list[tuple[str, list[Entry], Posting, str, Moment]] = [
        ("the first person", [], gate, card("N16"), NOW),
        ("typed", [], gate, "n16", NOW),
        ("already here, by this device", [here], gate, card("N16"), NOW),
        ("already here, by another device", [there], gate, card("N16"), NOW),
        ("by both", [here, there], gate, card("N16"), NOW),
        ("at another station before", [seen(GATE_1, "N16", "arrived")], gate, card("N16"), NOW),
        ("not on the manifest", [], gate, card("N99"), NOW),
        ("not on the manifest, scanned before", [seen(GATE_1, "N99", outcome="NOT_ON_MANIFEST")], gate, card("N99"), NOW),
        ("a card of another batch, of somebody in this one", [], gate, card("N16", batch=2, version=9), NOW),
        ("a card of another batch, of nobody here", [], gate, card("N99", batch=2), NOW),
        ("a card of another case", [], gate, card("N16", case=OTHER_CASE), NOW),
        ("no card", [], gate, "4006381333931", NOW),
        ("no card, and the pack has expired", [], gate, "4006381333931", late),
        ("mistyped", [], gate, card("N16").replace("N16", "N17"), NOW),
        ("a card of an older pack", [], gate, card("N16", version=1), NOW),
        ("a card of a newer pack", [], gate, card("N16", version=3), NOW),
        ("a card that names no version", [], gate, card("N16", version=0), NOW),
        ("the pack has expired", [], gate, card("N16"), late),
        ("to the second, it has not", [], gate, card("N16"), PACK.expires),
        ("one ahead is agreed, two are not", [here], gate, card("N17"), NOW),
        ("the other side answers, so one more may follow", [here, seen(GATE_1, "S4")], gate, card("N17"), NOW),
        (
            "who is behind is never held, however far ahead the other is",
            [here, seen(GATE_1, "N17"), seen(GATE_1, "N170"), seen(GATE_1, "N171")], gate, card("S4"), NOW,
        ),
        ("nobody is held before the crossing", [here, seen(GATE_1, "N17")], arrived, card("N170"), NOW),
        ("who was turned back is not over", [seen(GATE_1, "N16", outcome="REJECTED_BY_RECEIVER")], gate, card("N17"), NOW),
        ("declined before", [declined], gate, card("N17"), NOW),
        ("declined, then corrected", [declined, undone], gate, card("N17"), NOW),
        ("what another counter corrects stands", [declined, by_north], gate, card("N17"), NOW),
        ("the right vehicle", [], arrived, card("N16"), NOW),
        ("the wrong vehicle", [], arrived, card("N170"), NOW),
        ("no vehicle is posted", [], replace(arrived, vehicle=""), card("N170"), NOW),
        ("vehicles do not matter at the crossing", [], replace(gate, vehicle="bus-1"), card("N170"), NOW),
        (
            "many things at once, the weightiest first",
            [seen(GATE_2, "N170", "arrived"), declined, seen(GATE_1, "N170", "arrived", outcome="NOT_PRESENTED")],
            arrived, card("N170", version=1), late,
        ),
    ]  # fmt: skip
    cases = []
    for name, known, posting, text, time in tried:
        found = answers.answer(PACK, [(one.id(), one) for one in known], posting, text, time)
        cases.append(
            {
                "name": name,
                "known": [{"id": one.id(), "entry": body(one)} for one in known],
                "posting": asdict(posting),
                "text": text,
                "time": time,
                "words": found.words,
                "line": found.line or "",
                "outcome": found.outcome,
            }
        )
    return {
        "about": "Section 6: what a scan answers, given a pack's signed content and the entries that the device knows.",
        "content": pack.sign(PACK, DESK).decode(),
        "key": b64encode(DESK.verify_key.raw).decode(),
        "cases": cases,
    }


def ahead() -> dict[str, Any]:
    tried = [
        ({"north": 10, "south": 10}, {"north": 0, "south": 0}),
        ({"north": 10, "south": 10}, {"north": 3, "south": 1}),
        ({"north": 306, "south": 74}, {"north": 41, "south": 10}),
        ({"north": 306, "south": 74}, {"north": 40, "south": 12}),
        ({"north": 10, "south": 0}, {"north": 7, "south": 0}),
        ({"east": 5, "north": 10, "south": 10}, {"east": 0, "north": 4, "south": 4}),
        ({"east": 0, "north": 10, "south": 10}, {"east": 0, "north": 4, "south": 3}),
    ]
    cases = []
    for planned, handed in tried:
        plan, over = ({ParticipantName(name): count for name, count in one.items()} for one in (planned, handed))
        cases.append({"planned": planned, "handed": handed, "leads": leads(plan, over)})
    return {"about": "Section 6.2: how far each side is ahead.", "cases": cases}


def written() -> dict[str, Any]:
    """Return vectors of section 5: entries with their texts, ids and lines; lines in no form; what can be noted."""
    good = chain(
        GATE_1,
        seen(GATE_1, "N16"),
        seen(
            GATE_1,
            "",
            outcome="NOT_ON_MANIFEST",
            how="typed",
            scanned="",
            note="Without papers, говорить «я Остап», سليم",
        ),
        seen(GATE_1, "S4", "asked", answers=("already_here", "older_card"), group=3, vehicle="bus-1", offline=False),
    )
    lines = [one.line().decode() for one in good]
    first = lines[0].rstrip("\n")
    bad = {
        "nothing": "",
        "no JSON": "N17;RECEIVED",
        "a space more": first.replace(":", ": ", 1),
        "a field is missing": first.replace('"group":0,', ""),
        "a field more": first.replace('"group":0,', '"group":0,"health":"x",'),
        "a station that is none": first.replace('"crossed"', '"border"'),
        "an outcome that is none": first.replace('"RECEIVED"', '"GONE"'),
        "an answer that is none": first.replace('["ok"]', '["fine"]'),
        "no answer": first.replace('["ok"]', "[]"),
        "number 0": first.replace('"number":1', '"number":0'),
        "a time that is none": first.replace("11:00:00Z", "11:00:00"),
        "a signature that is cut": first[:-10] + '"}',
        "a device without a counter": first.replace("neutral/gate-1", "gate-1"),
        "a line longer than 8 KiB": first.replace('"note":""', '"note":"' + "x" * 9000 + '"'),
        "201 characters of a note": first.replace('"note":""', '"note":"' + "x" * 201 + '"'),
        "two kinds at once": first.replace('{"entry"', '{"by":"neutral/desk","entry"'),
    }
    for name, line in bad.items():
        try:
            read_line(line.encode())
        except BookBroken:
            continue
        raise AssertionError(name)
    texts = ["a\tb\nc", "x" * 300, "é\u0085\u007f!", "\U0001f68c" * 201, "سليم"]
    return {
        "about": "Section 5: the seed of the device's key and an entry give the signed text, the id, the line; `malformed` "
        "lines are in no form; `plain` is what a scanned text or a note becomes in an entry.",
        "seed": GATE_1.seed.hex(),
        "key": b64encode(GATE_1.verify_key.raw).decode(),
        "cases": [
            {"entry": body(one.what), "text": one.what.text().decode(), "id": one.what.id(), "line": line}
            for one, line in zip(good, lines, strict=True)
        ],
        "malformed": [{"name": name, "line": line} for name, line in bad.items()],
        "plain": [{"text": text, "plain": plain(text)} for text in texts],
    }


def locked() -> dict[str, Any]:
    content = pack.sign(PACK, DESK)
    least: dict[str, Any] = {"salt": b"s" * 16, "nonce": b"n" * 12, "iterations": pack.LEAST_ITERATIONS}
    pin, accents = "482 911", "мій пароль й"

    def lock(what: bytes, said: str = pin, **other: Any) -> str:
        return pack.lock(what, said, DESK.verify_key, **(least | other)).decode()

    good = lock(content)
    third = good.split("\n")[2]
    stranger = pack.lock(pack.sign(PACK, STRANGER), pin, STRANGER.verify_key, **least).decode()
    changed = content.replace(b'"seat":17', b'"seat":18')
    twice = pack.sign(PACK, DESK).replace(b'"people":6', b'"people":7')
    tried = [
        ("opens", good, pin),
        ("opens with letters, written in two ways", lock(content, accents), "мій пароль и\u0306"),
        ("the wrong PIN", good, "482 912"),
        ("one byte was changed", good.replace(third[:40], third[:39] + ("A" if third[39] != "A" else "B")), pin),
        ("the settings were changed", good.replace('"iterations":100000', '"iterations":100001'), pin),
        ("half a file", good[: len(good) // 2], pin),
        ("nothing", "", pin),
        ("without its last newline", good[:-1], pin),
        ("too few iterations", good.replace('"iterations":100000', '"iterations":99999'), pin),
        ("too many iterations", good.replace('"iterations":100000', '"iterations":5000001'), pin),
        ("a field more", good.replace('"cipher"', '"alg":"x","cipher"'), pin),
        ("another desk's pack", stranger, pin),
        ("what is inside was changed before locking", lock(changed), pin),
        ("signed by another key than the one it names", lock(pack.sign(PACK, STRANGER)), pin),
        ("the number of people is wrong", lock(twice), pin),
        ("inside is no pack", lock(b"parley.pack.content/1\n"), pin),
    ]
    cases = []
    for name, file, said in tried:
        try:
            inside, raw = pack.unlock(file.encode(), said)
            if raw != DESK.verify_key.raw:
                raise PackBroken("pack.other_key")  # noqa: TRY301
            pack.read(inside, raw)
            out = {"code": "", "content": inside.decode()}
        except PackBroken as broken:
            out = {"code": broken.code, "content": ""}
        cases.append({"name": name, "pin": said, "file": file, **out})
    return {
        "about": "Section 3: a file and a PIN give the signed content, or a code; `key` are the letters that the device knows.",
        "key": enrolling.key_letters(DESK.verify_key),
        "cases": cases,
    }


def enrolled() -> dict[str, Any]:
    opening = enrolling.open_for("neutral/gate-2", 1, START, bytes(range(16)))
    shown = enrolling.code(CASE, opening, DESK.verify_key)
    texts = {
        "a code": shown,
        "in small letters": shown.lower(),
        "one letter of the token is wrong": shown.replace(opening.token, "Z" + opening.token[1:]),
        "the time was changed": shown.replace(str(opening.expires), str(opening.expires + 600)),
        "a card": tag(CASE, 1, LineId("N17"), 2),
        "nothing": "",
        "half a code": shown[:50],
    }
    codes: list[dict[str, Any]] = []
    for name, text in texts.items():
        try:
            read = asdict(enrolling.read_code(text))
            codes.append({"name": name, "text": text, "code": "", "says": read})
        except EnrolBroken as broken:
            codes.append({"name": name, "text": text, "code": broken.code, "says": None})
    asked = sign_request(enrolling.request(CASE, 1, enrolling.read_code(shown), GATE_2.verify_key), GATE_2)
    given = enrolling.admit(asked, {opening.device: opening}, CASE, START, DESK, PACK.expires)
    return {
        "about": "Section 4: what a code says; what a device with this seed asks; what the desk answers. `openings`: a request "
        "line, the hour and whether the code was used give the certificate's line, or a code.",
        "case": CASE,
        "cases": codes,
        "seed": GATE_2.seed.hex(),
        "desk_seed": DESK.seed.hex(),
        "request": asked.line().decode(),
        "certificate": given.line().decode(),
        "until": PACK.expires,
        "opening": asdict(opening),
        "openings": _openings(opening, asked),
    }


def _openings(opening: enrolling.Opening, asked: Signed[Any]) -> list[dict[str, Any]]:
    unproved = sign_request(replace(asked.what, proof="0" * 64), GATE_2)
    elsewhere = sign_request(replace(asked.what, case=OTHER_CASE), GATE_2)
    unknown = sign_request(replace(asked.what, device="neutral/gate-7"), GATE_2)
    by_another = sign_request(asked.what, GATE_1)
    late = Moment("2025-05-23T05:10:01Z")
    tried = [
        ("in time", asked.line(), START, False),
        ("at the tenth minute", asked.line(), Moment("2025-05-23T05:10:00Z"), False),
        ("a second late", asked.line(), late, False),
        ("a second device shows the same code", asked.line(), START, True),
        ("who did not see the code", unproved.line(), START, False),
        ("of another case", elsewhere.line(), START, False),
        ("no code was made for it", unknown.line(), START, False),
        ("signed by another key than it asks for", by_another.line(), START, False),
        ("half a line", asked.line()[:90], START, False),
    ]
    out = []
    for name, line, now, used in tried:
        try:
            openings = {opening.device: replace(opening, used=used)}
            enrolling.admit(enrolling.read_request(line), openings, CASE, now, DESK, PACK.expires)
            code = ""
        except EnrolBroken as broken:
            code = broken.code
        out.append({"name": name, "line": line.decode(), "now": now, "used": used, "code": code})
    return out


def vouch(gate: SigningKey, desk: SigningKey = DESK, **other: Any) -> bytes:
    name = gate.verify_key.name
    said = Certificate(
        batch=1, case=CASE, counter=answers.counter_of(name), device=name, key=b64encode(gate.verify_key.raw).decode(),
        since=START, until=PACK.expires,
    )  # fmt: skip
    return certify(replace(said, **other), desk).line()


def book(*lines: bytes) -> str:
    return (f"{BOOK}\n".encode() + b"".join(lines)).decode()


def joined() -> dict[str, Any]:
    """Return vectors of section 7: several books, what of them counts, what stands aside, what is odd."""
    one, two, three = chain(GATE_1, seen(GATE_1, "N16"), seen(GATE_1, "N17"), seen(GATE_1, "S4"))
    lines = [each.line() for each in (one, two, three)]
    mine = vouch(GATE_1)
    other = chain(GATE_2, seen(GATE_2, "N16"), seen(GATE_2, "N170", outcome="NOT_PRESENTED"))
    theirs = [vouch(GATE_2), *(each.line() for each in other)]
    wrong = sign_entry(seen(GATE_1, "S5", outcome="DECLINED_AT_POINT"), GATE_1)
    second = {"note": "it was somebody else", "second": "neutral/officer-4"}
    undo = sign_entry(seen(GATE_1, "S5", number=2, prev=wrong.what.id(), corrects=wrong.what.id(), **second), GATE_1)
    bare = sign_entry(replace(undo.what, note="", second=OfficerName("neutral/officer-3")), GATE_1)
    again = sign_entry(
        seen(GATE_1, "N16", outcome="IDENTITY_NOT_CONFIRMED", number=4, prev=three.what.id(), **second), GATE_1
    )
    fork = sign_entry(replace(two.what, line="N171"), GATE_1)
    future = sign_entry(seen(GATE_1, "N16", at="2031-01-01T00:00:00Z"), GATE_1)
    older = sign_entry(replace(two.what, pack=1), GATE_1)
    astray = sign_entry(seen(GATE_1, "N16", corrects="a" * 64, **second), GATE_1)
    unlisted = chain(
        GATE_1, *(seen(GATE_1, "", outcome="NOT_ON_MANIFEST", note=f"man {n}", second="neutral/x") for n in (1, 2))
    )
    north = chain(NORTH_GATE, seen(NORTH_GATE, "N16", corrects=one.what.id(), **second))
    half = book(mine, *lines)[:-200]
    elsewhere = sign_entry(replace(one.what, case=OTHER_CASE), GATE_1)
    batch_2 = sign_entry(replace(one.what, batch=2), GATE_1)
    asked = sign_request(
        Request(
            batch=1, case=CASE, device="neutral/gate-1", key=b64encode(GATE_1.verify_key.raw).decode(), proof="0" * 64
        ),
        GATE_1,
    )
    drilled = chain(GATE_1, *(seen(GATE_1, "N16", answers=said) for said in (("ok", "rehearsal"), ("ok",))))
    no = {"outcome": "DECLINED_AT_POINT", "note": "asked twice", "second": "neutral/x"}
    asked_of = chain(
        GATE_1,
        *(seen(GATE_1, line, "asked") for line in ("N16", "N17", "S4")),
        seen(GATE_1, "N17", "asked", answers=("own_will",)),
        seen(GATE_1, "S4", "asked", answers=("already_here",), **no),
    )
    nobody = sign_entry(seen(GATE_1, ""), GATE_1)
    foreign = lines[1].decode().replace('"signature":"', '"signature":"é').encode()
    tampered = lines[1].replace(b'"outcome":"RECEIVED"', b'"outcome":"NOT_PRESENTED"')
    tried: list[tuple[str, list[str]]] = [
        ("one book", [book(mine, *lines)]),
        ("the same book twice, once in another order", [book(mine, *lines), book(*reversed(lines), mine)]),
        ("a book in three parts", [book(lines[2]), book(mine, lines[0]), book(lines[1])]),
        ("two devices scanned one person", [book(mine, *lines), book(*theirs)]),
        ("half a file, and later the whole", [half, book(mine, *lines)]),
        ("half a file", [half]),
        ("an entry is missing", [book(mine, lines[0], lines[2])]),
        ("the first two are missing", [book(mine, lines[2])]),
        ("a correction by two officers", [book(mine, wrong.line(), undo.line())]),
        ("a correction by one officer alone", [book(mine, wrong.line(), bare.line())]),
        ("two outcomes for one person", [book(mine, *lines, again.line())]),
        ("a device wrote a number twice", [book(mine, *lines, fork.line())]),
        ("a time in the future", [book(mine, future.line())]),
        ("an older pack", [book(mine, lines[0], older.line())]),
        ("a correction of nothing that is here", [book(mine, astray.line())]),
        ("two people without a line", [book(mine, *(each.line() for each in unlisted))]),
        (
            "another counter cannot correct",
            [book(mine, lines[0]), book(vouch(NORTH_GATE, NORTH_DESK), north[0].line())],
        ),
        ("nobody vouches for the device", [book(*lines)]),
        ("the device asks to be known", [book(asked.line(), *lines)]),
        ("a certificate by a stranger's desk key", [book(vouch(GATE_1, STRANGER), *lines)]),
        ("a certificate by another counter's desk", [book(vouch(GATE_1, NORTH_DESK), *lines)]),
        ("an entry was changed", [book(mine, lines[0], tampered, lines[2])]),
        ("signed by another device", [book(mine, sign_entry(one.what, GATE_2).line())]),
        ("of another case, of another batch", [book(mine, elsewhere.line(), batch_2.line())]),
        ("lines that are none", [book(mine, b"N17 received\n", b"{}\n", lines[0])]),
        ("no line at all", [book()]),
        ("rehearsed, then the day", [book(mine, *(each.line() for each in drilled))]),
        ("asked: no answer, yes, no", [book(mine, *(each.line() for each in asked_of))]),
        ("an outcome for nobody", [book(mine, nobody.line())]),
        ("letters that are not base64", [book(mine, lines[0], foreign)]),
    ]
    trusted = {each.verify_key.name: each.verify_key for each in (DESK, NORTH_DESK)}
    cases = []
    for name, books in tried:
        pile = joining.join(joining.read_book(each.encode()) for each in books)
        found = joining.look(pile, case=CASE, batch=1, now=NOW, trusted=trusted)
        cases.append(
            {
                "name": name,
                "books": books,
                "accepted": [each for each, _ in found.accepted],
                "aside": [{"word": each.word, "line": each.line.decode()} for each in found.aside],
                "shown": [{"word": each.word, **dict(each.about)} for each in found.shown],
                "tallies": {
                    who: {"lines": tally.outcomes, "unlisted": tally.unlisted} for who, tally in found.tallies().items()
                },
            }
        )
    return {
        "about": "Section 7: books, joined in any order, at this time, with these desks' keys trusted. `accepted` by device and "
        "number; the order of `aside` and `shown` means nothing.",
        "case": CASE,
        "batch": 1,
        "time": NOW,
        "trusted": {name: b64encode(each.raw).decode() for name, each in trusted.items()},
        "cases": cases,
    }


MADE = {
    "answers": answered,
    "books": joined,
    "cards": cards,
    "enrolment": enrolled,
    "entries": written,
    "leads": ahead,
    "packs": locked,
}


def text_of(name: str) -> str:
    """Return the text of one file of vectors."""
    return json.dumps(MADE[name](), ensure_ascii=False, indent=1, sort_keys=False, default=list) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in MADE:
        (FOLDER / f"{each}.json").write_text(text_of(each), encoding="utf-8")
