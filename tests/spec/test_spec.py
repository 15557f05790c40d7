"""The rules in the record's own words: every scenario goes as it says, and nothing of the law goes unshown."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from parley.acts import BY_KIND
from parley.process import RULES, STAGES
from parley.scenario.player import Report, play_scene, verbs_by_kind
from parley.scenario.script import Scene, read_script
from parley.scenario.tables import DeskTable, LawTable
from tests.spec.refusals import codes_in_source, source_of

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.scn"))
SCENES = [(file.stem, scene) for file in FILES for scene in read_script(file.read_text(encoding="utf-8"))]
each_scene = pytest.mark.parametrize(
    "scene", [pytest.param(scene, id=f"{stem}:{scene.number} {scene.title}"[:90]) for stem, scene in SCENES]
)
PHRASES = HERE.parents[1] / "src/parley/briefings/phrases"
LANGUAGES = ("en", "uk", "ru", "ar")

NOT_IN_A_SENTENCE: dict[str, str] = {
    "form.malformed": "no sentence makes a malformed body; shown in tests/unit/test_forms.py",
    "form.unknown_kind": "the same",
}
"""Codes that the law can give and that no scenario can bring about, with the reason and where they are shown."""


@cache
def reports() -> tuple[Report, ...]:
    return tuple(play_scene(scene) for _, scene in SCENES)


def surprises(report: Report) -> str:
    return "\n".join(f"line {one.number}: {one.text}: got {one.got}" for one in report.surprises)


@each_scene
def test_scene_goes_as_it_says(scene: Scene) -> None:
    report = play_scene(scene)
    assert report.ok, surprises(report)


@each_scene
def test_refused_acts_signed_all_the_same_are_void_and_change_nothing(scene: Scene) -> None:
    report = play_scene(scene, anyway=True)
    assert report.ok, surprises(report)


@pytest.mark.slow
@each_scene
def test_real_desks_come_to_the_same(scene: Scene) -> None:
    if scene.settings.law_only:
        pytest.skip("the scene says that it is played against the law alone")
    report = play_scene(scene, DeskTable)
    assert report.ok, surprises(report)


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_its_file(stage: str) -> None:
    assert (HERE / f"{stage}.scn").is_file()


def shown_codes() -> frozenset[str]:
    return frozenset(line.got for report in reports() for line in report.lines if line.ok)


def test_every_refusal_in_the_source_is_shown_in_a_scenario() -> None:
    missing = sorted(codes_in_source() - shown_codes() - NOT_IN_A_SENTENCE.keys())
    assert not missing, f"never shown after a `!`: {', '.join(f'{code} ({source_of(code)})' for code in missing)}"


def test_no_scenario_expects_a_refusal_that_the_source_does_not_know() -> None:
    expected = {said.refused for _, scene in SCENES for said in scene.sentences if said.refused}
    assert expected <= codes_in_source()


def test_no_exception_to_the_rule_is_kept_after_it_is_shown() -> None:
    assert not NOT_IN_A_SENTENCE.keys() & shown_codes()
    assert NOT_IN_A_SENTENCE.keys() <= codes_in_source()


def test_every_act_is_shown_accepted() -> None:
    accepted: set[str] = set()
    for report in reports():
        assert isinstance(report.table, LawTable)
        log = report.table.log
        accepted |= {act.deed.kind for act in log if act.position not in report.table.state.void}
    assert not sorted(BY_KIND.keys() - accepted)


def test_every_act_has_a_verb() -> None:
    assert verbs_by_kind().keys() == BY_KIND.keys()


@cache
def phrases() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}

    def walk(path: str, table: dict[str, Any]) -> None:
        if isinstance(table.get("en"), str):
            found[path] = table
            return
        for name, inner in table.items():
            if isinstance(inner, dict):
                walk(f"{path}.{name}" if path else name, inner)

    for file in sorted(PHRASES.glob("*.toml")):
        walk("", tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def test_every_refusal_is_said_in_four_languages_with_the_next_step() -> None:
    missing = sorted(
        f"{code} {key}"
        for code in codes_in_source()
        for language in LANGUAGES
        for key in (language, f"{language}_next")
        if not phrases().get(code, {}).get(key)
    )
    assert not missing


def test_every_language_names_the_same_facts() -> None:
    odd = []
    for code in codes_in_source() & phrases().keys():
        said = {frozenset(re.findall(r"{(\w+)}", phrases()[code].get(language, ""))) for language in LANGUAGES}
        if len(said) > 1:
            odd.append(code)
    assert not odd


def test_rules_name_each_act_once() -> None:
    assert sorted(rule.deed.kind for rule in RULES) == sorted(BY_KIND)
