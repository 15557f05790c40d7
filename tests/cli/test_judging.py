"""Pairs are judged by people, each alone: the second reviewer does not see what the first decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.office import Typed, typed

PAIRS = "id_a,id_b,probability,zone,reasons\nA1,B1,0.98,propose,x\nA2,B2,0.51,review,y\nA3,B3,0.30,review,z\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "pairs.csv").write_text(PAIRS)
    return tmp_path


def do(place: Path, who: str, *words: str) -> Typed:
    return typed("--desk", str(place), "--as", who, "--json", "match", *words)


def ask(place: Path, who: str, *words: str) -> dict[str, Any]:
    found = do(place, who, *words)
    assert found.exit == 0, found
    return found.json


def test_pairs_wait_in_the_order_in_which_a_decision_says_most(place: Path) -> None:
    found = ask(place, "officer-1", "review", str(place / "pairs.csv"))
    assert [one["id_a"] for one in found["pairs"]] == ["A2", "A3", "A1"]
    assert (found["waiting"], found["second"]) == (3, 0)


def test_a_second_reviewer_is_asked_first_and_sees_no_verdict(place: Path) -> None:
    ask(place, "officer-1", "judge", "A1", "B1", "different")
    seen = do(place, "officer-2", "review", str(place / "pairs.csv"))
    assert [(one["id_a"], one["second"]) for one in seen.json["pairs"]] == [("A1", True), ("A2", False), ("A3", False)]
    assert "different" not in seen.out
    assert "officer-1" not in seen.out
    told = ask(place, "officer-2", "judge", "B1", "A1", "same")
    assert told["others"] == [["officer-1", "different"]]
    after = ask(place, "officer-2", "review", str(place / "pairs.csv"))
    assert after["differing"] == [{"id_a": "A1", "id_b": "B1", "own": "same", "others": ["different"]}]
    assert [one["id_a"] for one in after["pairs"]] == ["A2", "A3"]


def test_a_verdict_is_an_entry_of_the_journal_and_can_be_undone(place: Path) -> None:
    entry = ask(place, "officer-1", "judge", "A1", "B1", "same")["entry"]
    done = typed("--desk", str(place), "--json", "register", "undo", str(entry))
    assert done.exit == 0
    assert ask(place, "officer-1", "review", str(place / "pairs.csv"))["waiting"] == 3


@pytest.mark.parametrize(
    "words",
    [
        ("judge", "A1", "A1", "same"),
        ("judge", "A1", "B1", "perhaps"),
        ("judge", "", "B1", "same"),
        ("review", "list.csv"),
    ],
)
def test_what_makes_no_sense_is_wrong_use_and_stores_nothing(place: Path, words: tuple[str, ...]) -> None:
    (place / "list.csv").write_text("rec_id,name\n1,x\n")
    arguments = [str(place / one) if one.endswith(".csv") else one for one in words]
    assert do(place, "officer-1", *arguments).exit == 2
    assert typed("--desk", str(place), "--json", "match", "judge", "A1", "B1", "same").json["code"] == "cli.missing"
    assert not (place / "office.sqlite").exists()
