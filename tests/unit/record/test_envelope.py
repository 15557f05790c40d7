"""Acts: two lines with exactly their fields, an id, and verdicts on who signed."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from parley.record import canonical
from parley.record.envelope import FIRST_LINE, NOTHING_SEEN, Envelope, SealedRef, Seen, read_act, sign_act, to_text
from parley.record.errors import EnvelopeBroken, RecordBroken
from parley.record.keys import SigningKey
from parley.record.note import sign
from parley.record.verdict import Verdict, check_signatures
from parley.words import ActId, Digest, Moment, ParticipantName

NORTH = SigningKey.from_seed("north/officer-7", b"n" * 32)
SECOND = SigningKey.from_seed("north/officer-9", b"m" * 32)
ID = "ab" * 32
PLAIN = Envelope(
    answers=(ActId(ID), ActId("cd" * 32)),
    body={"lines": ["N1-N3"], "note": 'said ,"case":"c9" twice', "deep": {"a": [1, {"b": None}]}},
    case="c1",
    kind="hand_in_list",
    mandate=ID,
    party=ParticipantName("north"),
    prev=ActId(ID),
    sealed=(),
    seen=Seen(Digest(ID), 1204, Digest(ID)),
    seq=57,
    time=Moment("2025-05-22T09:00:00Z"),
)
SEALED = replace(PLAIN, sealed=(SealedRef(Digest(ID), Digest(ID), 16_384, ("south/lists", "neutral/lists")),))
FIRST = replace(PLAIN, answers=(), prev=ActId(""), seq=1, seen=NOTHING_SEEN, mandate="root")


def fields(envelope: Envelope = SEALED) -> dict[str, Any]:
    value = canonical.parse(to_text(envelope).encode()[len(FIRST_LINE) : -1])
    assert isinstance(value, dict)
    return value


def noted(value: dict[str, Any]) -> bytes:
    return sign((FIRST_LINE + canonical.encode(value) + b"\n").decode(), [NORTH])


def code_of(note: bytes) -> str:
    with pytest.raises(RecordBroken) as broken:
        read_act(note)
    return broken.value.code


@pytest.mark.parametrize("envelope", [PLAIN, SEALED, FIRST])
def test_an_act_comes_back_as_it_was_signed(envelope: Envelope) -> None:
    note = sign_act(envelope, [NORTH, SECOND])
    act = read_act(note)
    assert act.envelope == envelope
    assert act.note == note
    assert act.message == to_text(envelope).encode()
    assert act.id == sha256(act.message).hexdigest()


def test_the_id_is_of_the_text_and_not_of_who_signed() -> None:
    one, two = (read_act(sign_act(PLAIN, signers)) for signers in ([NORTH], [NORTH, SECOND]))
    assert one.id == two.id
    assert one.note != two.note


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("answers", "no list"),
        ("answers", [ID, ID]),
        ("answers", [ID.upper()]),
        ("answers", [""]),
        ("answers", [1]),
        ("answers", [f"{number:064x}" for number in range(1001)]),
        ("body", []),
        ("body", None),
        ("case", ""),
        ("case", "C1"),
        ("case", "-c1"),
        ("case", "c" * 64),
        ("kind", "Hand_in"),
        ("kind", "k" * 41),
        ("mandate", ""),
        ("mandate", "officer"),
        ("party", "7north"),
        ("party", "n" * 32),
        ("prev", ""),
        ("prev", ID[:-1]),
        ("prev", ID + "\n"),
        ("sealed", {}),
        ("sealed", [[]]),
        ("sealed", [{"blob": ID, "commit": ID, "size": 1}]),
        ("sealed", [{"blob": "", "commit": ID, "size": 1, "to": ["south/lists"]}]),
        ("sealed", [{"blob": ID, "commit": ID, "size": 0, "to": ["south/lists"]}]),
        ("sealed", [{"blob": ID, "commit": ID, "size": True, "to": ["south/lists"]}]),
        ("sealed", [{"blob": ID, "commit": ID, "size": 1, "to": []}]),
        ("sealed", [{"blob": ID, "commit": ID, "size": 1, "to": ["south"]}]),
        ("sealed", [{"blob": ID, "commit": ID, "size": 1, "to": ["south/lists", "south/lists"]}]),
        ("seen", {}),
        ("seen", {"root": "", "size": 1, "state": ""}),
        ("seen", {"root": ID, "size": 0, "state": ""}),
        ("seen", {"root": ID, "size": -1, "state": ""}),
        ("seen", {"root": ID, "size": 1, "state": "x"}),
        ("seq", 0),
        ("seq", 1),
        ("seq", "57"),
        ("seq", True),
        ("time", "2025-05-22 09:00:00"),
        ("time", "2025-13-22T09:00:00Z"),
        ("time", "2025-05-22T24:00:00Z"),
        ("time", "2025-05-22T09:00:00Z\n"),
    ],
)
def test_a_field_outside_its_form_breaks_the_act(name: str, value: object) -> None:
    changed = fields() | {name: value}
    try:
        note = noted(changed)
    except RecordBroken:  # a newline cannot even be written
        return
    assert code_of(note) == "act.field"


@pytest.mark.parametrize("name", sorted(fields()))
def test_a_missing_field_breaks_the_act(name: str) -> None:
    assert code_of(noted({key: value for key, value in fields().items() if key != name})) == "act.fields"


def test_one_field_more_breaks_the_act() -> None:
    assert code_of(noted(fields() | {"comment": ""})) == "act.fields"
    assert code_of(sign('exchange.act/1\n["answers"]\n', [NORTH])) == "act.fields"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("exchange.act/2\n{}\n", "act.version"),
        ("c1/neutral\n3\n9NuJoFibHauTHAtcpKQ8JH8L4dvIdbcEqhNV0MRSL2U=\n", "act.version"),
        ("exchange.act/1 \n{}\n", "act.version"),
        ("exchange.act/1\n{}\n\n", "act.lines"),
        ("exchange.act/1\n{}\n{}\n", "act.lines"),
        ("exchange.act/1\n", "json.malformed"),
        ("exchange.act/1\n{} \n", "json.not_canonical"),
    ],
)
def test_texts_that_are_no_act_are_refused(text: str, code: str) -> None:
    assert code_of(sign(text, [NORTH])) == code


def test_an_act_of_more_than_64_kib_is_refused() -> None:
    with pytest.raises(RecordBroken, match="too_long"):
        to_text(replace(PLAIN, body={"text": "x" * 65_000}))


def test_what_cannot_be_read_is_never_signed() -> None:
    with pytest.raises(EnvelopeBroken, match=r"act\.field"):
        sign_act(replace(PLAIN, seq=0), [NORTH])


def test_attack_cosignature_as_the_signature_of_an_act() -> None:
    note = sign_act(PLAIN, [NORTH])
    plain = note[note.rindex(b" ") + 1 : -1]
    assert code_of(note.replace(plain, b"A" * 102 + b"==")) == "act.field"


KEYS = {(key.verify_key.name, key.verify_key.hash4): key.verify_key for key in (NORTH, SECOND)}


def test_a_verdict_names_who_signed_who_is_unknown_and_what_is_spoiled() -> None:
    stranger = SigningKey.from_seed("east/officer-1", b"e" * 32)
    note = sign_act(PLAIN, [NORTH, SECOND, stranger])
    at = note.index(b"north/officer-9 ") + 40
    act = read_act(note[:at] + (b"A" if note[at : at + 1] != b"A" else b"B") + note[at + 1 :])
    verdict = check_signatures(act, KEYS)
    assert verdict == Verdict(frozenset({"north/officer-7"}), ("east/officer-1",), ("north/officer-9",))
    assert verdict.missing(["north/officer-7", "north/officer-9"]) == {"north/officer-9"}


def test_a_verdict_is_no_truth_value() -> None:
    with pytest.raises(TypeError):
        bool(check_signatures(read_act(sign_act(PLAIN, [NORTH])), KEYS))


def test_attack_another_key_under_a_known_name() -> None:
    twin = SigningKey.from_seed("north/officer-7", b"x" * 32)
    verdict = check_signatures(read_act(sign_act(PLAIN, [twin])), KEYS)
    assert (verdict.signed, verdict.unknown) == (frozenset(), ("north/officer-7",))


def test_attack_signature_carried_over_to_another_act() -> None:
    mine, other = sign_act(PLAIN, [NORTH]), to_text(replace(PLAIN, seq=58)).encode()
    moved = other + mine[mine.rindex(b"\n\n") + 1 :]
    assert check_signatures(read_act(moved), KEYS).spoiled == ("north/officer-7",)
