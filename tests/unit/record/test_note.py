"""Notes: what is signed stands as it is, and a note has one form only."""

import base64

import pytest

from parley.record.errors import NoteBroken
from parley.record.keys import SigningKey, verify
from parley.record.note import MOST_BYTES, MOST_SIGNATURES, MOST_TEXT_BYTES, SignatureLine, assemble, parse, sign

NORTH = SigningKey.from_seed("north/officer-7", b"n" * 32)
SOUTH = SigningKey.from_seed("south/officer-1", b"s" * 32)
NOTE = sign("first line\nsecond line\n", [NORTH, SOUTH])


def code_of(note: bytes) -> str:
    with pytest.raises(NoteBroken) as broken:
        parse(note)
    return broken.value.code


def line(key: SigningKey = NORTH, size: int = 64) -> bytes:
    return bytes(SignatureLine(key.verify_key.name, key.verify_key.hash4, b"\x55" * size))


def test_text_and_signers_come_back() -> None:
    note = parse(NOTE)
    assert note.text == "first line\nsecond line\n"
    assert [one.name for one in note.signatures] == ["north/officer-7", "south/officer-1"]
    for key, one in zip((NORTH, SOUTH), note.signatures, strict=True):
        assert one.hash4 == key.verify_key.hash4
        assert verify(key.verify_key, note.text.encode(), one.signature)
        assert bytes(one) in NOTE


def test_the_text_reaches_to_the_last_empty_line() -> None:
    note = sign("a\n\n\u2014 not a signature\n\nb\n", [NORTH])
    assert parse(note).text == "a\n\n\u2014 not a signature\n\nb\n"


def test_texts_in_any_script_are_kept() -> None:
    assert parse(sign("Полонені · أسرى\n", [NORTH])).text == "Полонені · أسرى\n"


@pytest.mark.parametrize("text", ["", "no newline at its end"])
def test_texts_that_make_no_note_are_refused(text: str) -> None:
    with pytest.raises(NoteBroken, match=r"note\.malformed"):
        sign(text, [NORTH])


def test_a_text_with_a_control_character_is_refused() -> None:
    for text in ("tab\there\n", "bell\x07\n", "return\r\n", "zero\x00\n"):
        with pytest.raises(NoteBroken, match="control_character"):
            sign(text, [NORTH])


def test_a_note_needs_a_signature() -> None:
    with pytest.raises(NoteBroken, match="no_signature"):
        sign("text\n", [])
    assert code_of(b"text\n\n") == "note.no_signature"


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (b"", "note.malformed"),
        (b"text\n", "note.malformed"),
        (b"text\n" + line(), "note.malformed"),
        (b"\n" + line(), "note.malformed"),
        (b"text\n\n" + line()[:-1], "note.signature_line"),
        (b"text\n\n" + line() + b"more\n", "note.signature_line"),
        (b"text\n\n" + line().replace(b"\xe2\x80\x94", b"-"), "note.signature_line"),
        (b"text\n\n" + line().replace(b"north/", b"North/"), "note.signature_line"),
        (b"text\n\n" + line().replace(b"7 ", b"7  "), "note.signature_line"),
        (b"text\n\n" + line().replace(b"\n", b"\r\n"), "note.signature_line"),
        (b"text\n\n" + line(size=63), "note.signature_line"),
        (b"text\n\n" + line(size=65), "note.signature_line"),
        (b"text\n\n" + line().replace(b"=", b""), "note.signature_line"),
        (b"text\n\n" + line() * 2, "note.duplicate_signer"),
        (b"\xff\n\n" + line(), "note.not_text"),
        (b"a\x00\n\n" + line(), "note.control_character"),
        (b"a" * MOST_TEXT_BYTES + b"\n\n" + line(), "note.too_long"),
        (b"a" * MOST_BYTES + b"\n\n" + line(), "note.too_long"),
    ],
)
def test_malformed_notes_are_refused_with_their_reason(note: bytes, code: str) -> None:
    assert code_of(note) == code


def test_sixteen_signatures_are_allowed_and_no_more() -> None:
    keys = [SigningKey.from_seed(f"north/officer-{number}", bytes([number]) * 32) for number in range(17)]
    assert len(parse(sign("text\n", keys[:MOST_SIGNATURES])).signatures) == 16
    with pytest.raises(NoteBroken, match="too_many_signatures"):
        sign("text\n", keys)


def test_attack_a_signature_written_in_a_second_way() -> None:
    """The last letter before the padding has bits that decoding drops: only one of its four spellings is a note."""
    told = line()
    head, last = told[:-3], told[-3:-2]
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spellings = [bytes([letter]) for letter in alphabet if letter != last[0]]
    same = [
        one
        for one in spellings
        if base64.b64decode(head.split(b" ")[2] + one + b"=") == b"".join((NORTH.verify_key.hash4, b"\x55" * 64))
    ]
    assert len(same) == 3
    for one in same:
        assert code_of(b"text\n\n" + head + one + b"=\n") == "note.signature_line"


def test_lines_made_elsewhere_are_put_together() -> None:
    note = parse(NOTE)
    assert assemble(note.text, note.signatures) == NOTE
