"""Exchanges of the past, played again: each passes by what the law computes, and names what stays unexplained."""

from pathlib import Path

import pytest

from parley.scenario.grammar import Sentence, Verb, choose
from parley.scenario.player import play
from parley.scenario.script import read_sentence
from parley.scenario.tables import DeskTable, Settings
from parley.scenario.verbs import VERBS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HISTORY = ("istanbul", "donbas", "yemen18", "korea51", "june7", "il76", "numbers")
REAL_NAMES = ("russia", "ukrain", "kyiv", "moscow", "türkiye", "turkey", "israel", "hamas", "korea", "yemen", "iran")
EACH = pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.scn")), ids=lambda file: file.stem)


def test_every_scenario_of_history_is_here() -> None:
    assert {f"h-{name}" for name in HISTORY} <= {file.stem for file in EXAMPLES.glob("*.scn")}


@EACH
def test_it_goes_as_it_says(file: Path) -> None:
    for report in play(file.read_text(encoding="utf-8")):
        assert report.ok, [f"line {one.number}: {one.text}: got {one.got}" for one in report.surprises]


@EACH
def test_signing_what_is_refused_changes_nothing(file: Path) -> None:
    for report in play(file.read_text(encoding="utf-8"), anyway=True):
        unlike = [one for one in report.surprises if not one.text.startswith("expect void")]
        assert not unlike, [f"line {one.number}: {one.text}: got {one.got}" for one in unlike]


@pytest.mark.slow
@EACH
def test_real_desks_come_to_the_same(file: Path) -> None:
    for report in play(file.read_text(encoding="utf-8"), DeskTable):
        assert report.ok, [f"line {one.number}: {one.text}: got {one.got}" for one in report.surprises]


@EACH
def test_only_the_reference_scenario_names_real_states(file: Path) -> None:
    text = file.read_text(encoding="utf-8").lower()
    named = [name for name in REAL_NAMES if name in text]
    assert file.stem == "h-istanbul" or not named


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.template[:60])
def test_the_example_of_a_verb_is_said_by_that_verb(verb: Verb) -> None:
    said = read_sentence(verb.example, Settings())
    assert choose(VERBS, Sentence.of(said.what))[0].template == verb.template
