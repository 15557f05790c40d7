"""How a scenario is played, and what its report says."""

import pytest

from parley.forms import plain
from parley.scenario.expectations import SHORT
from parley.scenario.grammar import ScenarioBroken
from parley.scenario.macros import STEPS
from parley.scenario.player import Report, play
from parley.scenario.tables import DeskTable, LawTable


def one(text: str) -> Report:
    (report,) = play(text)
    return report


def broken(text: str) -> ScenarioBroken:
    with pytest.raises(ScenarioBroken) as caught:
        play(text)
    return caught.value


def test_what_goes_otherwise_is_a_surprise_and_playing_goes_on() -> None:
    report = one("north proposes 3 for 3 ! terms.unknown\nsouth agrees to the terms\nexpect north agreed 4")
    assert [(line.expected, line.got) for line in report.lines] == [
        ("terms.unknown", "allowed"),
        ("allowed", "allowed"),
        ("4", "3"),
    ]
    assert not report.ok
    assert len(report.surprises) == 2


def test_several_speakers_act_one_after_the_other() -> None:
    report = one("given lists\nnorth and south sign the final list from north to south: N1-N3")
    assert report.ok
    assert len([line for line in report.lines if "sign the final list" in line.text]) == 2


def test_anyway_logs_what_is_refused_and_it_is_void() -> None:
    report = one("north anyway agrees to the terms ! terms.unknown\nexpect void 1\nexpect void terms.unknown")
    assert report.ok


def test_labels_name_earlier_acts() -> None:
    text = "[old] north proposes 3 for 3\nnorth proposes 2 for 2\nsouth agrees to the terms [old] ! terms.superseded"
    assert one(text).ok


def test_notes_are_shown_and_change_nothing() -> None:
    report = one("note hello, world")
    assert report.ok
    assert report.lines[0].text == "note hello, world"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("north dances", "scenario.not_understood"),
        ("north agrees to the terms [never]", "scenario.unknown_label"),
        ("given everything", "scenario.unknown_given"),
        ("given", "scenario.unknown_given"),
        ("given lists 0 for 3", "scenario.bad_given"),
        ("given lists\ngiven lists 4 for 4", "scenario.bad_given"),
        ("given batches in 9 batches", "scenario.bad_given"),
        ("given date of batch 2", "scenario.bad_given"),
        ("expect nonsense 3", "scenario.unknown_path"),
        ("expect west delivered 3", "scenario.unknown_path"),
        ("expect", "scenario.unknown_path"),
        ("clock tomorrow", "scenario.part_not_understood"),
        ("participants north N, south S\nnote no neutral", "scenario.no_neutral"),
        ("participants north nn, south S, neutral X\nnote bad letters", "scenario.cannot_begin"),
        ('neutral founds the case with "nobody"', "scenario.makes_no_sense"),
    ],
)
def test_what_cannot_be_played_has_a_code(text: str, code: str) -> None:
    assert broken(text).code == code


def test_the_line_is_named() -> None:
    assert broken("note a\nnorth dances").facts["line"] == 2


@pytest.mark.parametrize("step", STEPS)
def test_every_given_step_is_allowed_by_the_law(step: str) -> None:
    assert one(f"given {step} 5 for 4 in 2 batches").ok


def test_steps_can_be_given_batch_by_batch() -> None:
    text = "given closed batch 4 for 4 in 2 batches\ngiven closed batch of batch 2\nexpect north delivered 4"
    assert one(text).ok


def test_both_tables_come_to_the_same_account() -> None:
    text = "given closed batch\nsouth anyway closes batch 1 ! handover.batch_closed\nexpect south delivered 3"
    (law,), (desks,) = play(text, LawTable), play(text, DeskTable)
    assert law.ok
    assert desks.ok
    same = ("sides", "batches", "lists", "reached", "standing")
    assert {name: plain(getattr(law.account, name)) for name in same} == {
        name: plain(getattr(desks.account, name)) for name in same
    }


def test_short_expectations_have_templates_of_their_own() -> None:
    assert len(SHORT) == len(set(SHORT))
