"""How a scenario file is cut into scenes and sentences, and what it may not do."""

import pytest

from parley.scenario.grammar import ScenarioBroken
from parley.scenario.script import read_script, read_sentence
from parley.scenario.tables import Settings


def code_of(text: str) -> str:
    with pytest.raises(ScenarioBroken) as caught:
        read_script(text)
    return caught.value.code


def test_scenes_share_the_settings_at_the_top_and_nothing_else() -> None:
    one, two = read_script("case shared\n## one\npractice off\nnote a\n## two\nnote b\n")
    assert (one.settings.case, one.settings.practice) == ("shared", False)
    assert (two.settings.case, two.settings.practice) == ("shared", True)
    assert [one.title, two.title] == ["one", "two"]


def test_a_sentence_has_label_speakers_signers_and_refusal() -> None:
    said = read_sentence("[x] north and south (officer-1, officer-2) anyway agree to it ! terms.unknown", Settings())
    assert said.label == "x"
    assert said.who == ("north", "south")
    assert said.signers == ("officer-1", "officer-2")
    assert said.anyway
    assert said.what == "agree to it"
    assert said.refused == "terms.unknown"


def test_one_officer_only_may_be_said_in_words() -> None:
    assert read_sentence("south (one officer only) agrees", Settings()).signers == ("officer-1",)


def test_indented_lines_go_on_and_remarks_are_left_out() -> None:
    (scene,) = read_script('north says one;   # a remark\n    "two # three"   # another\n# all remark\n')
    (said,) = scene.sentences
    assert said.what == 'says one; "two # three"'
    assert said.number == 1


def test_an_exclamation_mark_in_quotes_is_no_refusal() -> None:
    assert read_sentence('north says "no ! terms.unknown" twice', Settings()).refused == ""


def test_participants_have_letters_and_roles() -> None:
    (scene,) = read_script("participants north NN, south S, neutral, ministry M custodian\nnote x")
    assert [(seat.name, seat.letters, seat.role) for seat in scene.settings.seats] == [
        ("north", "NN", "party"),
        ("south", "S", "party"),
        ("neutral", "X", "neutral"),
        ("ministry", "M", "custodian"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("west agrees", "scenario.nobody_there"),
        ("north", "scenario.nothing_said"),
        ("north (officer-1 agrees", "scenario.unreadable"),
        ('north says "open', "scenario.unreadable"),
        ("[label]", "scenario.nobody_there"),
        ("case NO", "scenario.bad_setting"),
        ("participants north N, north M", "scenario.bad_setting"),
        ("participants clock C", "scenario.bad_setting"),
        ("start tomorrow", "scenario.bad_setting"),
        ("note a\ncase b", "scenario.setting_too_late"),
        ("x" * 1_000_001, "scenario.too_long"),
        ("\n" * 20_001, "scenario.too_long"),
    ],
)
def test_what_cannot_be_read_has_a_code(text: str, code: str) -> None:
    assert code_of(text) == code


def test_the_line_is_named() -> None:
    with pytest.raises(ScenarioBroken) as caught:
        read_script("note a\n\nwest agrees")
    assert caught.value.facts["line"] == 3
