"""Every command tells how it is used and answers programs; every act of the law has a command."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from parley.acts import BY_KIND
from parley.cli import NOUNS
from parley.cli.answer import ENGLISH
from parley.cli.whatnow import command_lines
from parley.desk.shown import fields_of
from parley.process import RULES
from parley.scenario.asked import CHOICES, PLAIN_MEANING, UNSAID
from tests.cli.office import Office, typed


def _commands() -> Iterator[tuple[str, ...]]:
    for noun, (module, _) in NOUNS.items():
        if importlib.util.find_spec(f"parley.cli.{module}") is None:
            continue
        found = importlib.import_module(f"parley.cli.{module}")
        app = getattr(found, "APPS", {}).get(noun) or found.app
        command: Any = typer.main.get_command(app)
        names = sorted(getattr(command, "commands", {}))
        yield from ((noun, name) for name in names)
        if not names:
            yield (noun,)


COMMANDS = tuple(_commands())


def test_every_act_of_the_law_has_a_command() -> None:
    assert command_lines().keys() == BY_KIND.keys()
    assert len(BY_KIND) == len(RULES)
    assert {tuple(words.split()) for words in command_lines().values()} <= set(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help(words: tuple[str, ...]) -> None:
    found = typed(*words, "--help")
    assert found.exit == 0
    assert f"Usage: parley {' '.join(words)}" in found.out
    assert len(found.out.splitlines()) > 4


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_answers_programs_where_there_is_no_desk(words: tuple[str, ...], tmp_path: Path) -> None:
    found = typed(*words, "--json", "--dry-run", "--desk", str(tmp_path / "nowhere"))
    if words in {("demo",), ("register", "fields")}:
        pytest.skip("needs no desk")
    said = found.json
    assert isinstance(said["ok"], bool)
    assert found.exit in {2, 3}, said
    assert said["ok"] is False
    if words != ("doctor",):
        assert said["why"]
        assert said["next"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_every_acts_help_names_who_may_and_what_it_is_refused_for(kind: str) -> None:
    found = typed(*command_lines()[kind].split(), "--help").out
    rule = next(rule for rule in RULES if rule.deed.kind == kind)
    assert f"Who: {', '.join(rule.by)}" in found
    assert "May be refused" in found
    said = found.partition("May be refused")[2].partition("Options:")[0]
    assert ": " in said or kind in {"set_embargo", "record_clock"}, said


def test_what_is_known_of_particulars_is_known_of_real_ones() -> None:
    named = {*CHOICES, *UNSAID, *((kind, name) for kind, names in PLAIN_MEANING.items() for name in names)}
    for kind, name in named:
        assert name in {one.name for one in fields_of(BY_KIND[kind])}, (kind, name)


def test_version_and_overview_need_no_noun() -> None:
    assert typed("--version").out.startswith("parley ")
    overview = typed("--help").out
    assert all(f"  {noun} " in overview for noun in NOUNS)
    assert typed().out == overview
    assert typed("--language", "uk", "--help").exit == 0


def test_a_dry_run_signs_and_writes_nothing(office: Office) -> None:
    before = office.ask("north", "desk", "show")
    words = ("terms", "propose", "--clause", "3 for 3", "--text", "en=Three for three.", "--dry-run")
    said = office.ask("north", *words)
    assert said["code"] == "dry_run"
    assert said["deed"]["unit"] == "person"
    assert office.ask("north", "desk", "show") == before
    assert office.ask("north", "bundle", "export", str(office.stick / "x"), "--dry-run")["code"] == "dry_run"
    assert not (office.stick / "x").exists()


def test_codes_of_the_command_line_never_collide_with_other_rooms() -> None:
    everything = [code for codes in ENGLISH for code in codes]
    assert len(everything) == len(set(everything))


def test_an_answer_in_json_is_one_line_without_surprises(office: Office) -> None:
    found = office.do("north", "whatnow", "--json")
    assert len(found.out.splitlines()) == 1
    assert json.loads(found.out)["ok"] is True
    assert found.err == ""
