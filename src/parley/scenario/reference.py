"""Writes the tables of ``spec/scenario.md``: every verb, every clause of terms, every ``given``, every expectation.

``python -m parley.scenario.reference spec/scenario.md`` renews the part of the page below its marker; with ``--check`` it
only says whether the page is fresh. The prose above the marker is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from parley.process import STAGES
from parley.scenario import expectations
from parley.scenario.clause_sentences import PHRASES
from parley.scenario.macros import STEPS, Given
from parley.scenario.tables import START, Settings
from parley.scenario.verbs import VERBS, stages

MARKER: Final = "<!-- generated below: python -m parley.scenario.reference spec/scenario.md -->"


def tables() -> str:
    """Return the generated part of the page."""
    return "\n".join((*_verbs(), *_clauses(), *_given(), *_expectations())) + "\n"


def _verbs() -> Iterator[str]:
    yield "## Every verb"
    for name, verbs in stages().items():
        yield f"\n### {name.capitalize()}\n"
        yield "| act | sentence | example |"
        yield "|---|---|---|"
        for verb in verbs:
            yield f"| {verb.deed.kind} | {_code(verb.template)} | {_code(verb.example)} |"
    assert set(stages()) == set(STAGES)
    assert sum(map(len, stages().values())) == len(VERBS)


def _clauses() -> Iterator[str]:
    yield "\n## Every clause of terms\n"
    yield "After `proposes terms:` and `amends the terms:`, cut by semicolons; `name = clause` gives a clause a name.\n"
    yield "| sentence | example |"
    yield "|---|---|"
    for phrase in PHRASES:
        yield f"| {_code(phrase.template)} | {_code(phrase.example)} |"


def _given() -> Iterator[str]:
    yield "\n## Every step that can be given\n"
    yield "| given | stands for, after the steps above it |"
    yield "|---|---|"
    for name, step in STEPS.items():
        sentences = "<br>".join(_code(sentence) for sentence in step(Given(Settings()), 1, START))
        yield f"| {name} | {sentences} |"


def _expectations() -> Iterator[str]:
    yield "\n## Every short expectation\n"
    yield "After `expect`; the last word or number is the value.\n"
    for template in expectations.SHORT:
        yield f"- {_code(template)}"


def _code(text: str) -> str:
    """Write a template as code in a table cell; the bar of a choice would cut the cell."""
    return f"`{re.sub(' +', ' ', text)}`".replace("|", "\\|")


def renewed(page: str) -> str:
    """Return the page with its generated part renewed; a page without the marker gets it at its end."""
    return f"{page.partition(MARKER)[0].rstrip()}\n\n{MARKER}\n\n{tables()}"


def main(arguments: list[str]) -> int:
    """Renew a page, or with ``--check`` compare it; returns the exit code."""
    paths = [Path(one) for one in arguments if one != "--check"]
    for path in paths:
        page = path.read_text(encoding="utf-8")
        fresh = renewed(page)
        if "--check" in arguments:
            if fresh != page:
                return 1
        else:
            path.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
