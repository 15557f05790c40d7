"""A counter's own book is looked at before it is signed: the law takes any, and a slip of the pen costs a person."""

import pytest

from parley.acts import HandInBook
from parley.desk.book_slips import check_book
from parley.desk.errors import DeskBroken
from parley.scenario.player import play
from parley.scenario.tables import DeskTable
from parley.words import Digest, Lines


def book(**outcomes: str) -> HandInBook:
    said = {code: Lines.of(*lines.split()) for code, lines in outcomes.items()}
    return HandInBook(batch=1, book=Digest("ab" * 32), outcomes=said, unlisted=0)


def test_one_person_under_two_outcomes_or_a_line_that_nobody_gave() -> None:
    (report,) = play("south hands in an offer list for north: S1-S3\n", DeskTable)
    table = report.table
    assert isinstance(table, DeskTable)
    desk = table.desks["south"]
    check_book(desk, book(RECEIVED="S1 S2", NOT_PRESENTED="S3"))
    with pytest.raises(DeskBroken) as two:
        check_book(desk, book(RECEIVED="S1 S2", NOT_PRESENTED="S2"))
    assert (two.value.code, two.value.facts["line"]) == ("desk.book_contradicts", "S2")
    with pytest.raises(DeskBroken) as unknown:
        check_book(desk, book(RECEIVED="S1 S9"))
    assert (unknown.value.code, unknown.value.facts["line"]) == ("desk.book_unknown_line", "S9")
