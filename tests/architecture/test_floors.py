"""The house rules about who may import whom, held against the source as it stands, and tried on small examples."""

import ast
from collections.abc import Callable, Iterable

import pytest

from tests.architecture import floors, longest
from tests.architecture.source import CHECKOUT, Module, imports, modules_from, package_modules

MODULES = package_modules()
Rule = Callable[[list[Module]], Iterable[str]]


@pytest.mark.parametrize(
    "rule",
    [
        floors.wrong_stairs,
        floors.unknown_rooms,
        floors.side_doors,
        floors.django_outside_its_rooms,
        floors.beyond_the_vocabulary,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_house_keeps_its_rule(rule: Rule) -> None:
    broken = sorted(rule(MODULES))
    assert not broken, "\n" + "\n".join(broken)


def test_the_source_was_found() -> None:
    assert {"words", "acts", "record"} <= {module.room for module in MODULES}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("record.keys", "from parley.process import judge"),
        ("record.keys", "def late():\n    from parley import desk"),
        ("record.keys", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import parley.cli.main"),
        ("record.keys", "import importlib\nimportlib.import_module('parley.desk')"),
        ("record.keys", "from parley.acts import Deed"),
        ("record.keys", "from ..web import pages"),
        ("registers.match", "from parley.composing import model"),
        ("clauses", "from parley.acts import Deed"),
        ("web.pages", "from parley.cli import main"),
    ],
)
def test_climbing_or_crossing_is_seen(name: str, text: str) -> None:
    assert list(floors.wrong_stairs(modules_from({name: text})))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("process.terms", "from parley.handover import join\nfrom parley.words import Refusal"),
        ("acts", "from parley.clauses import Clause"),
        ("record.keys", "from .errors import KeyBroken\nfrom parley.record import log\nimport parley"),
        ("__main__", "from parley.cli import main"),
    ],
)
def test_going_down_or_staying_in_the_room_is_fine(name: str, text: str) -> None:
    assert not list(floors.wrong_stairs(modules_from({name: text})))


@pytest.mark.parametrize(
    "text",
    [
        "import time",
        "import os.path",
        "from pathlib import Path",
        "def draw():\n    import secrets",
        "from datetime import datetime\nstamp = datetime.now()",
        "import datetime\ntoday = datetime.date.today()",
        "rows = open('list.csv')",
        "import numpy\nnumpy.random.default_rng()",
    ],
)
def test_a_side_door_to_clock_chance_or_files_is_seen(text: str) -> None:
    assert list(floors.side_doors(modules_from({"process.terms": text})))


def test_arithmetic_with_given_dates_is_no_side_door() -> None:
    text = "from datetime import datetime, timedelta\ndef due(now: datetime): return now + timedelta(days=3)"
    assert not list(floors.side_doors(modules_from({"process.terms": text})))


def test_a_relative_import_in_a_package_counts_from_the_package() -> None:
    package = Module(
        name="record", tree=ast.parse("from .errors import KeyBroken\nfrom .. import desk"), is_package=True
    )
    assert [found.target for found in imports(package)] == ["parley.record.errors.KeyBroken", "parley.desk"]


def test_every_module_opens_with_a_sentence() -> None:
    """Also the tests, benches and examples: whoever opens a file is told first what it is for."""
    paths = [
        path
        for room in ("src", "tests", "checker", "bench", "examples", "docs")
        for path in sorted((CHECKOUT / room).rglob("*.py"))
    ]
    silent = [
        str(path.relative_to(CHECKOUT))
        for path in paths
        if not _is_sentence(ast.get_docstring(ast.parse(path.read_bytes())))
    ]
    assert not silent


def _is_sentence(docstring: str | None) -> bool:
    first_paragraph = (docstring or "").partition("\n\n")[0]
    return len(first_paragraph.split()) > 3 and first_paragraph[-1] in ".:?!"


def test_no_file_has_a_name_that_says_nothing() -> None:
    named = [
        path.relative_to(CHECKOUT)
        for room in ("src", "tests", "checker", "bench", "examples", "docs")
        for path in sorted((CHECKOUT / room).rglob("*.py"))
    ]
    vague = [str(path) for path in named if floors.EMPTY_NAMES & set(path.with_suffix("").parts)]
    assert not vague


def test_the_ten_longest_functions_are_told_longest_first() -> None:
    texts = {f"process.m{n}": f"def f{n}():\n" + "    pass\n" * n for n in range(1, 15)}
    told = longest.longest(modules_from(texts))
    assert [length.lines for length in told] == list(range(15, 5, -1))
    assert "   15  process.m14.f14 (line 1)" in longest.table(told)


@pytest.mark.parametrize(
    "name", ["registers.claims", "registers.profile", "process.lists", "desk.folder", "store.sqlite", "cli.register"]
)
def test_django_behind_the_craft_is_seen(name: str) -> None:
    assert list(floors.django_outside_its_rooms(modules_from({name: "def late():\n    from django.db import models"})))
    assert not list(
        floors.django_outside_its_rooms(modules_from({"store.office.models": "from django.db import models"}))
    )
