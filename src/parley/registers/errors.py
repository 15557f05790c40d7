"""What can be wrong with a file of people, with the map of its columns, and with what is asked of a register.

Facts name the sheet by its number, the row, and the column by its letters; never what a cell holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parley.words import Broken, Fact

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "intake.unreadable": "This file is no table that can be read here; save it as .xlsx, .ods, .csv or .tsv.",
        "intake.locked": "This file is locked with a password; open it in its own program and save it without one.",
        "intake.too_large": "This file is larger than {most} bytes; split it.",
        "intake.bomb": "This file unpacks to more than {most} bytes; do not open it elsewhere, ask its sender what it is.",
        "intake.unsafe_xml": "This file declares entities, which no honest table does; ask its sender what it is.",
        "intake.damaged": "Sheet {sheet} is damaged; repair it in its own program, or ask for it again.",
        "intake.too_many_columns": "Sheet {sheet}, row {row} reaches column {column}; delete all but {most} columns.",
        "intake.too_many_rows": "Sheet {sheet} has more than {most} rows; split it.",
        "intake.too_many_cells": "Sheet {sheet} spans more than {most} cells; delete what lies far from the table.",
        "intake.cell_too_long": "Sheet {sheet}, row {row}, column {column} holds more than {most} signs; shorten it.",
        "intake.encoding_unclear": "The encoding of this file cannot be told; name it with --encoding.",
        "intake.no_such_sheet": "There is no such sheet; name one of the {count} by number.",
        "intake.no_rows": "Sheet {sheet} holds no row under its header; check the header's row.",
        "intake.not_accepted": (
            "{count} places hold {kind}, first in sheet {sheet}, row {row}, column {column}; "
            'look at them, then write accept = ["{kind}"] into the map.'
        ),
        "intake.map_malformed": "The map of columns is malformed at {place}; let look write one and change that.",
        "intake.map_unknown_field": "The map names a field that the register does not have: {field}; see register fields.",
        "intake.map_no_column": "The map names column {column}, which this sheet does not have; look at the sheet again.",
        "intake.entities_malformed": "Entry {row} of this file is not in the form it claims; ask its sender.",
        "register.claim_malformed": "This claim makes no sense: {detail}; see --help for what each part may be.",
        "register.too_many_found": "More than {most} people fit; ask more narrowly.",
    }
)
"""Every way an intake can fail, with one English sentence."""


class IntakeBroken(Broken):
    """A file of people cannot be taken; facts name sheet, row and column, never what the cell holds."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)


class RegisterBroken(IntakeBroken):
    """What is asked of a register makes no sense."""
