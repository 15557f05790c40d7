"""What a command gives back, and how it is printed: words for people, or one JSON object for programs."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parley.briefings.frozen import CODES as BRIEF_CODES
from parley.briefings.phrases import Sentence, explain, phrase
from parley.cli.errors import CODES as CLI_CODES
from parley.composing.errors import CODES as COMPOSING_CODES
from parley.desk.errors import CODES as DESK_CODES
from parley.desk.family_codes import CODES as FAMILY_CODES
from parley.desk.post_errors import CODES as POST_CODES
from parley.record.errors import CODES as RECORD_CODES
from parley.registers.errors import CODES as INTAKE_CODES
from parley.registers.sheet import CODES as SHEET_CODES
from parley.store import CODES as STORE_CODES
from parley.words import Broken, Refusal

DONE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2
BROKEN: Final = 3
IN_USE: Final = 4
NOT_GENUINE: Final = 5
MISTAKE: Final = 70
INTERRUPTED: Final = 130

ENGLISH: Final[tuple[Mapping[str, str], ...]] = (
    BRIEF_CODES,
    CLI_CODES,
    COMPOSING_CODES,
    DESK_CODES,
    FAMILY_CODES,
    POST_CODES,
    RECORD_CODES,
    STORE_CODES,
    SHEET_CODES,
    INTAKE_CODES,
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under names of columns."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of a command: lines and tables for people, ``data`` for programs, the code and the exit code."""

    says: Sequence[str | Table] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    code: str = "done"
    exit: int = DONE


def sentence_of(no: Refusal | Broken, language: str) -> Sentence:
    """Return why and what next, in the language asked; where the phrases know no such code, the room's English one."""
    try:
        return explain(no, language)
    except KeyError:
        pass
    for codes in ENGLISH:
        if no.code in codes:
            why, _, after = codes[no.code].partition(";" if ";" in codes[no.code] else ":")
            try:
                return Sentence(_sentence(why.format_map(no.facts)), _sentence(after.format_map(no.facts)))
            except (KeyError, ValueError, IndexError):
                return Sentence(_sentence(why), _sentence(after))
    shown = ", ".join(f"{name} {value}" for name, value in no.facts.items())
    return Sentence(f"{no.code} ({shown})." if shown else f"{no.code}.", "")


def _sentence(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def refused(refusal: Refusal, language: str, **data: object) -> Answer:
    """Return the answer to what the rules refuse."""
    return _no(refusal, language, REFUSED, data)


def broken(cause: Broken, language: str, exit_code: int = BROKEN, **data: object) -> Answer:
    """Return the answer to something that is not what it claims to be."""
    return _no(cause, language, exit_code, data)


def _no(no: Refusal | Broken, language: str, exit_code: int, data: Mapping[str, object]) -> Answer:
    why, after = sentence_of(no, language)
    said = {"facts": dict(no.facts), "why": why, "next": after, **data}
    line = no.facts.get("line")
    where = f"{phrase('heading.line', language, line=line)}: " if no.code.startswith("scenario.") and line else ""
    lines = [f"{no.code}: {where}{why}", *([f"  {after}"] if after else [])]
    return Answer(says=lines, data=said, code=no.code, exit=exit_code)


def show(answer: Answer, *, as_json: bool) -> None:
    """Print an answer: to standard output if it went well, else to standard error; JSON always to standard output."""
    if as_json:
        whole = {"ok": answer.exit == DONE, "code": answer.code, **answer.data}
        print(json.dumps(whole, ensure_ascii=False, sort_keys=True))
        return
    out = sys.stdout if answer.exit in (DONE, NOT_GENUINE) else sys.stderr
    for part in answer.says:
        for line in [part] if isinstance(part, str) else _lines(part):
            print(harmless(line), file=out)


def _lines(table: Table) -> list[str]:
    if not table.rows:
        return []
    cells = [list(table.columns), *([str(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(table.columns))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def harmless(text: str) -> str:
    """Return a text that cannot move the cursor or turn the direction of writing: some of it comes from the other side."""
    allowed = "\n\u2066\u2067\u2068\u2069"
    return "".join(
        "\ufffd" if unicodedata.category(one) in {"Cc", "Cf", "Cs"} and one not in allowed else one for one in text
    )
