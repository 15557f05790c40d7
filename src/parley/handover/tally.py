"""Reads the tally of one counter at the point from a plain table: one line id and one outcome code in each row.

The table is what a counter's spreadsheet, or a sheet of paper typed in, can give: a header with the columns ``line`` and
``outcome``, then rows. A row without a line id counts a person who was brought and has none. A line that stands there twice with
different codes keeps both: which is right is not decided here.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.acts import OUTCOME_CODES
from parley.words import LINE, Broken, Fact, LineId, Lines

MOST_ROWS: Final = 200_000
CODES: Final[Mapping[str, str]] = {
    "tally.no_header": "The first row does not name the columns; it must hold line and outcome.",
    "tally.line_malformed": "A line id is malformed; write letters and a number, such as N17.",
    "tally.outcome_unknown": "An outcome code is none of the agreed ones; write one of them.",
    "tally.no_rows": "There is no row under the header; nothing was taken.",
    "tally.too_many": "This tally has too many rows; split it.",
    "tally.unreadable": "This is no table that can be read here; save it as .csv and try again.",
}
"""Every way a tally can be refused, with one English sentence that ends in the next step."""


class TallyBroken(Broken):
    """A table cannot be taken as a tally; facts name the row, never what it holds."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)


@dataclass(frozen=True, slots=True)
class Tally:
    """What one counter wrote: lines by outcome code, and how many people were brought without a line."""

    outcomes: Mapping[str, Lines]
    unlisted: int


def read_tally(text: str) -> Tally:
    """Read a tally from comma or semicolon separated text; raises TallyBroken."""
    first = text.split("\n", 1)[0]
    try:
        table = list(
            csv.reader(text.splitlines(keepends=True), delimiter=";" if first.count(";") > first.count(",") else ",")
        )
    except csv.Error:
        raise TallyBroken("tally.unreadable") from None
    header = [cell.strip().lower() for cell in table[0]] if table else []
    if "line" not in header or "outcome" not in header:
        raise TallyBroken("tally.no_header")
    if len(table) > MOST_ROWS + 1:
        raise TallyBroken("tally.too_many", most=MOST_ROWS)
    line_at, outcome_at = header.index("line"), header.index("outcome")
    found: dict[str, list[LineId]] = {}
    unlisted = 0
    for number, row in enumerate(table[1:], start=2):
        cells = [cell.strip() for cell in row] + [""] * len(header)
        if not any(cells):
            continue
        line, outcome = cells[line_at], cells[outcome_at].upper()
        if outcome not in OUTCOME_CODES:
            raise TallyBroken("tally.outcome_unknown", row=number)
        if not line:
            unlisted += 1
            continue
        if LINE.match(line) is None:
            raise TallyBroken("tally.line_malformed", row=number)
        found.setdefault(outcome, []).append(LineId(line))
    if not found and not unlisted:
        raise TallyBroken("tally.no_rows")
    return Tally({code: Lines.among(lines) for code, lines in sorted(found.items())}, unlisted)
