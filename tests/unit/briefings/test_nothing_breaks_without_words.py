"""Whatever can be refused or found broken, anywhere in the source, is said in four languages and says only what is known.

The source is read, not run: every call that makes a refusal or something broken, with the code and the facts it gives, and
every table of codes. A sentence may leave blanks only for facts that every one of these calls gives, because an ellipsis in
front of an officer is no explanation.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import parley
from parley.acts import LANGUAGES
from parley.briefings import phrases
from parley.briefings.frozen import CODES as BRIEF_CODES
from parley.cli.errors import CODES as CLI_CODES
from parley.composing.errors import CODES as COMPOSING_CODES
from parley.desk.errors import CODES as DESK_CODES
from parley.desk.family_codes import CODES as FAMILY_CODES
from parley.desk.post_errors import CODES as POST_CODES
from parley.handover.errors import CODES as HANDOVER_CODES
from parley.handover.tally import CODES as TALLY_CODES
from parley.record.errors import CODES as RECORD_CODES
from parley.registers.errors import CODES as INTAKE_CODES
from parley.registers.match_files import CODES as MATCH_CODES
from parley.registers.sheet import CODES as SHEET_CODES
from parley.store import CODES as STORE_CODES
from parley.store.office import CODES as OFFICE_CODES
from parley.words import Broken

SOURCE = Path(parley.__file__).parent
TABLES = (
    BRIEF_CODES,
    CLI_CODES,
    COMPOSING_CODES,
    DESK_CODES,
    FAMILY_CODES,
    HANDOVER_CODES,
    INTAKE_CODES,
    MATCH_CODES,
    OFFICE_CODES,
    POST_CODES,
    RECORD_CODES,
    SHEET_CODES,
    STORE_CODES,
    TALLY_CODES,
)
TABLED = frozenset(code for table in TABLES for code in table)
ADDED_LATER = {"scenario": frozenset({"line"})}
"""Facts that a room adds to whatever passes through it: the player of scenarios adds the number of the line."""


@dataclass(frozen=True, slots=True)
class Made:
    """One place where a refusal or something broken is made."""

    code: str
    where: str
    facts: frozenset[str] | None
    """The names of the facts given; None where they are put together elsewhere."""


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    files = sorted(SOURCE.rglob("*.py"))
    return tuple((str(file.relative_to(SOURCE)), ast.parse(file.read_text(encoding="utf-8"))) for file in files)


@cache
def makers() -> frozenset[str]:
    """``refuse``, ``Refusal`` and every class below Broken, whatever it is called."""
    below = {node.name: {ast.unparse(base) for base in node.bases} for node in classes()}
    found = {"Broken"}
    while more := {name for name, bases in below.items() if bases & found} - found:
        found |= more
    return frozenset(found | {"refuse", "Refusal"})


def classes() -> Iterator[ast.ClassDef]:
    for _, tree in trees():
        yield from (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


@cache
def made() -> tuple[Made, ...]:
    found: list[Made] = []
    for where, tree in trees():
        tables = named_tables(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in makers() and node.args:
                facts = None
                if len(node.args) == 1 and all(word.arg is not None for word in node.keywords):
                    facts = frozenset(str(word.arg) for word in node.keywords)
                found += [Made(code, f"{where}:{node.lineno}", facts) for code in codes_of(node.args[0], tables)]
    return tuple(found)


def named_tables(tree: ast.Module) -> dict[str, ast.Dict]:
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign)]
    return {
        target.id: node.value
        for node in assigned
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Dict)
    }


def codes_of(given: ast.expr, tables: dict[str, ast.Dict]) -> Iterator[str]:
    match given:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp():
            yield from codes_of(given.body, tables)
            yield from codes_of(given.orelse, tables)
        case ast.Subscript(value=ast.Name(id=name)) if name in tables:
            for value in tables[name].values:
                yield from codes_of(value, tables)


def blanks(code: str) -> frozenset[str]:
    entry = phrases.entries().get(code, {})
    return frozenset(name for text in entry.values() for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_the_reading_finds_what_is_there() -> None:
    found = {one.code for one in made()}
    assert makers() >= {"RecordBroken", "DeskBroken", "WrongUse", "TallyBroken", "LinesBroken", "refuse", "Refusal"}
    assert makers() >= {one.__name__ for one in Broken.__subclasses__() if one.__module__.startswith("parley.")}
    assert found >= {"desk.no_case", "cli.exists", "sheet.no_header", "sheet.column_unknown", "form.malformed"}
    assert len(found) > 400


def test_every_table_of_codes_in_the_source_is_known_here() -> None:
    tables = [where for where, tree in trees() if any(node == "CODES" for node in named(tree))]
    assert len(tables) == len(TABLES), tables


def named(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def test_every_code_in_the_source_has_its_why_and_its_next_step_in_four_languages() -> None:
    wanted = TABLED | {one.code for one in made()}
    missing = sorted(
        f"{code} {language}"
        for code in wanted
        for language in LANGUAGES
        if not all(phrases.entries().get(code, {}).get(f"{language}{end}", "").strip() for end in ("", "_next"))
    )
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_in_any_language_knows_more_or_less_than_the_others(language: str) -> None:
    for code in phrases.codes():
        entry = phrases.entries()[code]
        own = {
            name
            for key in (language, f"{language}_next")
            for _, name, _, _ in Formatter().parse(entry[key])
            if name is not None
        }
        assert own == blanks(code), code


def test_every_blank_is_filled_wherever_the_code_is_given() -> None:
    empty = sorted(
        f"{one.where} {one.code} leaves {', '.join(sorted(left))} blank"
        for one in made()
        if one.facts is not None
        and (left := blanks(one.code) - one.facts - ADDED_LATER.get(one.code.partition(".")[0], frozenset()))
    )
    assert not empty


def test_a_code_stands_in_the_table_of_its_room_when_the_room_has_one() -> None:
    rooms = {code.partition(".")[0] for code in TABLED}
    assert not sorted(one.code for one in made() if one.code.partition(".")[0] in rooms and one.code not in TABLED)
