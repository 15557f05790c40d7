"""Writes the reference pages from the code, so that no page says what the code does not.

Run by ``make docs``; ``tests/docs`` fails while a committed page is stale. Sources: ``RULES`` and the docstrings of the law,
the deeds of ``acts.py``, the phrases in English, the scenarios under ``tests/spec``, and the help of the command line. The
tables of ``spec/scenario.md`` are renewed with them.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final, get_type_hints

import typer

from parley import acts
from parley.briefings.phrases import codes, sentence
from parley.clauses import CLAUSES, Clause
from parley.cli import NOUNS, overview
from parley.process import RULES, STAGES, Rule
from parley.process.keeping import JUDGED, NOT_JUDGED
from parley.scenario import reference
from parley.scenario.clause_sentences import PHRASES, Speaker, read_clause
from parley.words import ParticipantName

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
REFERENCE: Final = HERE / "reference"
SCENARIO: Final = ROOT / "spec/scenario.md"
MADE: Final = "<!-- Made by `make docs` from the code. Edits here are lost. -->\n"


def first_line(thing: object) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n", 1)[0]


def type_name(hint: object) -> str:
    """Return a declared type as a reader would write it."""
    text = getattr(hint, "__name__", None) if isinstance(hint, type) else None
    return (text or str(hint)).replace("parley.words.", "").replace("parley.acts.", "").replace("typing.", "")


def stage_module(stage: str) -> str:
    """Return the docstring of a stage's module."""
    module = ast.parse((ROOT / "src/parley/process" / f"{stage}.py").read_text(encoding="utf-8"))
    return ast.get_docstring(module) or ""


def acts_page() -> str:
    """Return the table of every act with its fields."""
    out = [MADE, "# Acts\n", "Every act of the record: who may do it, when, and what its body holds.\n"]
    for stage in STAGES:
        out.append(f"\n## {stage.capitalize()}\n")
        for rule in (one for one in RULES if one.stage == stage):
            out += _act(rule)
    return "\n".join(out) + "\n"


def _act(rule: Rule) -> list[str]:
    hints: Mapping[str, object] = get_type_hints(rule.deed)
    fields = [f"`{name}` ({type_name(hint)})" for name, hint in hints.items() if name != "kind"]
    return [
        f"### `{rule.deed.kind}`\n",
        f"{first_line(rule.deed)}\n",
        f"By: {', '.join(rule.by)}. While: {rule.standings}. Body: {', '.join(fields) or 'nothing'}.\n",
    ]


def refusals_page() -> str:
    """Return the catalogue of everything that can be refused or broken, with the next step."""
    out = [
        MADE,
        "# What can be refused, and what to do next\n",
        "Where … stands, the case is filled in. Each sentence exists in English, Ukrainian, Russian and Arabic.\n",
        "| code | why | what to do next |",
        "|---|---|---|",
    ]
    for code in sorted(codes()):
        said = sentence(code, {}, "en")
        out.append(f"| `{code}` | {_cell(said.why)} | {_cell(said.next)} |")
    return "\n".join(out) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def law_page() -> str:
    """Return the law in numbered prose, as the stages' modules state it."""
    out = [MADE, "# The law, stage by stage\n", "The prose at the top of each module in `src/parley/process`.\n"]
    for stage in STAGES:
        out += [f"\n## {stage.capitalize()}\n", "```text", stage_module(stage), "```"]
    for title, module in BESIDE.items():
        out += [f"\n## {title}\n", "```text", stage_module(module), "```"]
    return "\n".join(out) + "\n"


BESIDE: Final[Mapping[str, str]] = {
    "Terms: which clauses make sense": "clauses_law",
    "Lists: final lists and substitutions": "final_lists",
    "What terms ask of the people themselves": "keeping",
}
"""Parts of the law that have a module beside their stage's."""


def clauses_page() -> str:
    """Return what can be agreed, pattern by pattern: how it is said, and who holds the sides to it, at which act."""
    out = [
        MADE,
        "# Clauses, and who holds the sides to them\n",
        "The law judges on the record alone; what stands in sealed rows is judged by each desk before its officer signs,",
        "or by the neutral before whom a row is opened. The rules behind the codes: [the law](law.md), last chapter.\n",
        "| pattern | what it says | said in a scenario | judged by, at which act, code |",
        "|---|---|---|---|",
    ]
    examples: dict[type[Clause], str] = {}
    speaker = Speaker(ParticipantName("north"), (ParticipantName("north"), ParticipantName("south")))
    for one in PHRASES:
        examples.setdefault(type(read_clause(one.example, "c1", speaker)), one.example)
    for clause in CLAUSES:
        held = "<br>".join(f"{one.by}, `{one.act}`: `{one.code}`" for one in JUDGED[clause])
        said = f"`{_cell(examples[clause])}`"
        out.append(f"| `{clause.pattern}` | {_cell(first_line(clause))} | {said} | {held or NOT_JUDGED[clause]} |")
    return "\n".join(out) + "\n"


def rulebook_page() -> str:
    """Return every rule shown in the record's own words: the scenarios that the tests play."""
    out = [
        MADE,
        "# Rulebook\n",
        "Each rule in the record's own words. A line with `!` is refused, with the code behind it. Every one of these is",
        "played by the tests; [the language](../../spec/scenario.md) is small, and anybody can send a better one.",
    ]
    for stage in STAGES:
        page = ROOT / "tests/spec" / f"{stage}.scn"
        if page.exists():
            out.append(f"\n## {stage.capitalize()}\n\n```text\n{page.read_text(encoding='utf-8').strip()}\n```")
    return "\n".join(out) + "\n"


ANY_TIME: Final = frozenset({"standing"})
"""Stages that no arrow leads to: their acts belong to all others."""
WIDTH: Final = 250
LINE: Final = 15
GAP: Final = 22
COLUMNS: Final = 4


def stages_picture() -> str:
    """Return the stages and their acts as a picture: boxes in the order of an exchange, arrows from each to the next."""
    boxes = [(stage, [rule for rule in RULES if rule.stage == stage]) for stage in STAGES]
    rows = [boxes[start : start + COLUMNS] for start in range(0, len(boxes), COLUMNS)]
    parts: list[str] = []
    top = 50
    for row in rows:
        height = max(len(rules) for _, rules in row) * LINE + 44
        for column, (stage, rules) in enumerate(row):
            left = GAP + column * (WIDTH + GAP)
            parts += _box(left, top, height, stage, rules)
            if (stage, rules) != row[-1] and row[column + 1][0] not in ANY_TIME:
                middle = top + height // 2
                x = left + WIDTH
                parts.append(f'<path d="M{x + 3} {middle}h{GAP - 9}l-5 -4m5 4l-5 4" class="arrow"/>')
        top += height + GAP
    width = GAP + COLUMNS * (WIDTH + GAP)
    style = (
        "text{font:12px sans-serif;fill:#222}.head{font-weight:bold;font-size:14px}.who{fill:#777}"
        ".box{fill:#f6f4ee;stroke:#999}.arrow{fill:none;stroke:#555;stroke-width:1.5}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top}" width="{width}" height="{top}" role="img" '
        f'aria-label="The stages of an exchange and their acts"><style>{style}</style>'
        f'<rect width="{width}" height="{top}" fill="#fff"/>'
        f'<text x="{GAP}" y="30" class="head">Stages of an exchange, and who may do what '
        "(P party, N neutral, * everybody)</text>" + "".join(parts) + "</svg>\n"
    )


def _box(left: int, top: int, height: int, stage: str, rules: list[Rule]) -> list[str]:
    title = f"{stage} (at any stage)" if stage in ANY_TIME else stage
    out = [
        f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{height}" rx="6" class="box"/>',
        f'<text x="{left + 12}" y="{top + 22}" class="head">{escape(title)}</text>',
    ]
    for number, rule in enumerate(rules):
        y = top + 42 + number * LINE
        who = {("party",): "P", ("neutral",): "N", ("party", "neutral"): "P N"}.get(rule.by, "*")
        out.append(f'<text x="{left + 12}" y="{y}">{escape(rule.deed.kind.replace("_", " "))}</text>')
        out.append(f'<text x="{left + WIDTH - 12}" y="{y}" text-anchor="end" class="who">{who}</text>')
    return out


def words_page() -> str:
    """Return the fixed words that acts may use, as ``acts.py`` lists them."""
    out = [
        MADE,
        "# Fixed words\n",
        "Where an act takes a word from a list, these are the lists of `src/parley/acts.py`.\n",
    ]
    for name, value in vars(acts).items():
        if name.isupper() and isinstance(value, tuple | frozenset) and all(isinstance(one, str) for one in value):
            ordered = sorted(value) if isinstance(value, frozenset) else value
            out.append(f"- **{name}**: {', '.join(f'`{one}`' for one in ordered)}")
    return "\n".join(out) + "\n"


def commands_page() -> str:
    """Return every command of the command line with what its ``--help`` says."""
    out = [
        MADE,
        "# Commands\n",
        "What `parley --help`, and the help of each command, say. A command that does an act has the same four last options:",
        "`--text` and `--paper` for what travels sealed with it, `--seal-to` for whom, `--body` for the whole act as JSON.",
        "\n```text",
        overview(),
        "```",
    ]
    for noun, (module, sentence_) in NOUNS.items():
        out.append(f"\n## {noun}\n\n{sentence_}\n")
        if importlib.util.find_spec(f"parley.cli.{module}") is None:
            out.append("Not part of this version.")
            continue
        loaded = importlib.import_module(f"parley.cli.{module}")
        app = getattr(loaded, "APPS", {}).get(noun) or loaded.app
        out += [
            line for command, path in _leaves(typer.main.get_command(app), noun) for line in _command(command, path)
        ]
    return "\n".join(out) + "\n"


IN_EVERY_ACT: Final = frozenset({"--text", "--paper", "--seal-to", "--body", "--help"})


def _leaves(command: Any, path: str) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 - a command of typer's own click
    """Yield each command that does something, with the words that call it."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield command, path
    else:
        for name, one in inner.items():
            yield from _leaves(one, f"{path} {name}")


def _command(command: Any, path: str) -> list[str]:  # noqa: ANN401
    words = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    options = [one for one in options if not IN_EVERY_ACT.intersection(one.opts)]
    called = " ".join(("parley", path, *(_called(one) for one in words)))
    lines = [f"### {path}\n", f"`{called}`\n"]
    about, _, rest = inspect.cleandoc(command.help or "").partition("\n")
    lines.append(f"{about}\n")
    rest = re.sub(r"\n{3,}", "\n\n", rest.replace("\b", "")).strip()
    if rest:
        lines.append(f"```text\n{rest}\n```\n")
    rows = [(_called(one), one.help or "") for one in words]
    rows += [(", ".join(one.opts), one.help or "") for one in options]
    if rows:
        lines += ["| | |", "|---|---|", *(f"| `{name}` | {_cell(about)} |" for name, about in rows), ""]
    return lines


def _called(argument: Any) -> str:  # noqa: ANN401
    name = str(argument.metavar or argument.name.upper()).strip("[]")
    name += "…" if argument.nargs != 1 else ""
    return name if argument.required else f"[{name}]"


def scenario_page() -> str:
    """Return ``spec/scenario.md`` with its tables as the language is now; the prose above them is kept."""
    return reference.renewed(SCENARIO.read_text(encoding="utf-8"))


PAGES: Final[Mapping[Path, Callable[[], str]]] = {
    REFERENCE / "acts.md": acts_page,
    REFERENCE / "clauses.md": clauses_page,
    REFERENCE / "commands.md": commands_page,
    REFERENCE / "refusals.md": refusals_page,
    REFERENCE / "law.md": law_page,
    REFERENCE / "rulebook.md": rulebook_page,
    REFERENCE / "stages.svg": stages_picture,
    REFERENCE / "words.md": words_page,
    SCENARIO: scenario_page,
}


def stale() -> list[str]:
    """Return the pages that differ from what the code says now."""
    return [
        str(page.relative_to(ROOT))
        for page, make in PAGES.items()
        if not page.exists() or page.read_text(encoding="utf-8") != make()
    ]


def main() -> int:
    """Write the pages, or with ``--check`` only say which are stale."""
    parser = argparse.ArgumentParser(description=first_line(inspect.getmodule(main)))
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is stale")
    if parser.parse_args().check:
        late = stale()
        print("stale: " + ", ".join(late) if late else "every page is fresh")
        return 1 if late else 0
    REFERENCE.mkdir(exist_ok=True)
    for page, make in PAGES.items():
        page.write_text(make(), encoding="utf-8")
        print(page.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
