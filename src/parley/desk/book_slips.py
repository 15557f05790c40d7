"""Finds slips in a counter's own book before it is signed: one person under two outcomes, a line that nobody ever gave.

The law takes every book, because an observation is never refused and two devices may differ. What one officer is about to
sign in one piece is another matter: there both are slips of the pen, and cost a person at the closing.
"""

from __future__ import annotations

from parley.acts import HandInBook
from parley.desk.errors import DeskBroken
from parley.desk.place import Place
from parley.process.lines import person_of
from parley.words import LineId


def check_book(desk: Place, deed: HandInBook) -> None:
    """Raise DeskBroken ``desk.book_unknown_line``, ``desk.book_contradicts`` for the first slip in the book."""
    written: dict[LineId, str] = {}
    for code in sorted(deed.outcomes):
        for line in deed.outcomes[code]:
            if line not in desk.ahead.lists.lines:
                raise DeskBroken("desk.book_unknown_line", line=line)
            person = person_of(desk.ahead, line)
            if written.setdefault(person, code) != code:
                raise DeskBroken("desk.book_contradicts", line=line, one=written[person], other=code)
