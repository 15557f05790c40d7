"""Holds the sealed rows that a desk may read against the terms in force: what no law can see, each desk checks for itself.

The day of capture and of birth, and what else a category asks, stand in sealed rows (``parley.process.keeping``, 11). A desk
looks at them when it hands in or opens a list, and says which lines do not fit; before its officer signs a final list it
refuses while a row on it contradicts the terms. A row that does not tell refuses nothing: it may be opened before the neutral.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parley.acts import AnswerSubstitution, Deed, RequestSubstitution, SignFinalList
from parley.clauses import GeneralAllForAll
from parley.desk.errors import DeskBroken
from parley.desk.opened import open_list
from parley.desk.place import Place
from parley.process import agreed
from parley.process.lines import same_person
from parley.process.state import State
from parley.record.commitment import Row, Rows
from parley.registers.fitting import DOES_NOT_FIT, UNTOLD, captured_before, fit
from parley.words import ActId, Broken, LineId, Lines


@dataclass(frozen=True, slots=True)
class Held:
    """Which lines contradict the terms, which do not tell, and which this desk cannot read."""

    outside: Lines
    untold: Lines
    unread: Lines = Lines()


def against_terms(state: State, rows: Iterable[tuple[str, Mapping[str, str]]], part: str | None = None) -> Held:
    """Hold rows against the category that each claims, and the cut-off of all for all where they are of the formula.

    ``part`` is that under which they are handed in where a row names none; left out, each line's on record.
    """
    categories, outside = agreed.categories(state), agreed.parts_outside(state)
    cut_offs = [one.cut_off for one in agreed.clauses(state, GeneralAllForAll) if one.cut_off]
    found: dict[str, list[LineId]] = {}
    for line, fields in rows:
        of = agreed.part_outside(state, line) if part is None else fields.get("part", part)
        said = [captured_before(fields, day) for day in cut_offs if of not in outside]
        clause = categories.get(fields.get("category", ""))
        if clause is not None:
            said.append(fit(fields, clause.criteria, clause.reference or ""))
            said.append(captured_before(fields, clause.cut_off or ""))
        worst = next((one for one in (DOES_NOT_FIT, UNTOLD) if one in said), "")
        found.setdefault(worst, []).append(LineId(line))
    return Held(Lines.among(found.get(DOES_NOT_FIT, [])), Lines.among(found.get(UNTOLD, [])))


def fields_of(row: Row) -> dict[str, str]:
    """Return a row's cells as text."""
    return {str(name): value if isinstance(value, str) else str(value) for name, value in row.values.items()}


def held_against(desk: Place, lines: Lines) -> Held:
    """Hold the rows of lines on record against the terms, a joined person's by both lists; opens what this desk may read."""
    state = desk.ahead
    if not agreed.categories(state) and not agreed.clauses(state, GeneralAllForAll):
        return Held(Lines(), Lines())
    opened: dict[ActId, Mapping[str, Row]] = {}
    rows: list[tuple[str, Mapping[str, str]]] = []
    person: dict[str, LineId] = {}
    unread: list[LineId] = []
    for line in lines:
        read = {one: row for one in same_person(state, line) if (row := _row(desk, one, opened)) is not None}
        rows += [(one, {**fields_of(row), "category": state.lists.lines[line].category}) for one, row in read.items()]
        person |= dict.fromkeys(read, line)
        unread += [] if read else [line]
    held = against_terms(state, rows)
    outside = {person[one] for one in held.outside}
    silent = frozenset(held.untold)
    told = {person[one] for one, _ in rows if one not in silent}
    untold = {person[one] for one in silent} - outside - told
    return Held(Lines.among(outside), Lines.among(untold), Lines.among(unread))


def _row(desk: Place, line: LineId, opened: dict[ActId, Mapping[str, Row]]) -> Row | None:
    known = desk.ahead.lists.lines.get(line)
    if known is None:
        return None
    if known.list not in opened:
        opened[known.list] = {one.line: one for one in _rows(desk, known.list) if isinstance(one, Row)}
    return opened[known.list].get(line)


def _rows(desk: Place, list_id: ActId) -> Rows | tuple[()]:
    """Return the rows of a list, or none where it is sealed to others, has not come, or must not be opened yet."""
    try:
        return open_list(desk, list_id)
    except Broken:
        return ()


def check_rows(desk: Place, deed: Deed) -> Held:
    """Refuse to sign for people whose rows contradict the terms: on a final list, or brought in by a substitution.

    Raises DeskBroken ``desk.rows_outside_terms``.
    """
    held = held_against(desk, _stood_for(desk.ahead, deed))
    if held.outside.ranges:
        raise DeskBroken("desk.rows_outside_terms", lines=str(held.outside))
    return held


def _stood_for(state: State, deed: Deed) -> Lines:
    match deed:
        case SignFinalList(lines=lines) | RequestSubstitution(into=lines):
            return lines
        case AnswerSubstitution(request=named, answer="accept"):
            request = state.lists.substitutions.get(named)
            return Lines() if request is None else request.into
    return Lines()
