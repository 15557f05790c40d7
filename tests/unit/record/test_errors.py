"""Every way in which the record can be broken has one code and one sentence that ends in the next step."""

import re
from pathlib import Path

import pytest

from parley.record import errors
from parley.record.errors import CODES, RecordBroken

ROOM = Path(errors.__file__).parent
RAISED = re.compile(r"\"((?:json|key|keyfile|note|act|log|checkpoint|receipt|words|seal|commitment|bundle)\.[a-z_]+)\"")


def test_every_code_in_the_source_has_its_sentence_and_every_sentence_its_code() -> None:
    used = {code for path in ROOM.glob("*.py") if path.name != "errors.py" for code in RAISED.findall(path.read_text())}
    assert used - CODES.keys() == set()
    assert CODES.keys() - used == set()


def test_every_sentence_says_what_is_wrong_and_what_to_do() -> None:
    for code, sentence in CODES.items():
        what, colon, step = sentence.partition(": ")
        assert what[0].isupper(), code
        assert colon, code
        assert step.endswith("."), code


def test_a_code_without_a_sentence_is_our_own_bug() -> None:
    with pytest.raises(AssertionError):
        RecordBroken("note.whatever")
