"""parley match: two plain files in, pairs out; what is wrong is said with an exit code, and nothing half-written stays."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from parley.registers import match_files
from tests.cli.office import typed
from tests.unit.registers.made_people import made


@pytest.fixture
def lists(tmp_path: Path) -> tuple[str, str]:
    """Two lists of sixty people, as csv."""
    a, b, _ = made(60, 21)
    paths = []
    for name, rows in (("a", a), ("b", b)):
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(rows[0]))
            out.writeheader()
            out.writerows(rows)
        paths.append(str(path))
    return paths[0], paths[1]


def test_two_files_give_a_third_with_the_proposed_pairs(tmp_path: Path, lists: tuple[str, str]) -> None:
    out = tmp_path / "pairs.csv"
    found = typed("match", "files", *lists, "--out", str(out), "--json")
    assert found.exit == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == match_files.HEADER
    assert {row["zone"] for row in rows} == {"propose"}
    assert len(rows) == found.json["zones"]["propose"]
    again = typed("match", "files", *lists, "--out", str(out))
    assert (again.exit, again.err.split(":")[0]) == (3, "cli.exists")


def test_without_a_file_the_pairs_are_the_answer(lists: tuple[str, str]) -> None:
    found = typed("match", "files", *lists, "--zone", "all", "--json")
    assert found.exit == 0
    assert {"propose", "review", "reject"} >= {pair["zone"] for pair in found.json["pairs"]}
    assert len(found.json["pairs"]) >= found.json["zones"]["propose"] > 0


def test_a_pair_is_explained_and_drawn(tmp_path: Path, lists: tuple[str, str]) -> None:
    pair = typed("match", "files", *lists, "--json").json["pairs"][0]
    svg = tmp_path / "why.svg"
    found = typed("match", "explain", *lists, pair["id_a"], pair["id_b"], "--svg", str(svg), "--language", "uk")
    assert found.exit == 0
    assert "прізвище" in found.out
    assert svg.read_text(encoding="utf-8").startswith("<svg")
    missing = typed("match", "explain", *lists, "A99999", pair["id_b"])
    assert (missing.exit, missing.err.split(":")[0]) == (3, "matches.no_such_record")


def test_what_was_learnt_is_shown(lists: tuple[str, str]) -> None:
    found = typed("match", "stats", *lists, "--json")
    assert found.exit == 0
    assert {"siblings", "namesakes"} <= found.json["others"].keys()


def test_a_file_that_is_not_there_and_one_without_ids_are_refused(tmp_path: Path, lists: tuple[str, str]) -> None:
    nowhere = typed("match", "files", lists[0], str(tmp_path / "nowhere.csv"))
    assert (nowhere.exit, nowhere.err.split(":")[0]) == (3, "cli.no_such_file")
    (tmp_path / "c.csv").write_text("surname,given\nТурак,Петро\n", encoding="utf-8")
    without = typed("match", "files", lists[0], str(tmp_path / "c.csv"), "--json")
    assert (without.exit, without.json["code"], without.json["facts"]) == (3, "matches.no_ids", {"file": "B"})


def test_an_interrupted_match_leaves_no_file(
    tmp_path: Path, lists: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("parley.registers.finding.weigh", interrupted)
    found = typed("match", "files", *lists, "--out", str(tmp_path / "pairs.csv"))
    assert found.exit == 130
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


def test_what_reviewers_judged_moves_the_weights_of_the_next_search(tmp_path: Path, lists: tuple[str, str]) -> None:
    pairs = typed("match", "files", *lists, "--json").json["pairs"]
    before = typed("match", "stats", *lists, "--json").json
    at = ("--desk", str(tmp_path), "--json")
    nothing = typed(*at, "match", "stats", *lists, "--learn").json
    assert (nothing["judged"], nothing["weights"]) == (0, before["weights"])
    for pair in pairs[:10]:
        found = typed(*at, "--as", "officer-1", "match", "judge", pair["id_a"], pair["id_b"], "same")
        assert found.exit == 0, found
    taught = typed(*at, "match", "stats", *lists, "--learn").json
    assert taught["judged"] == 10
    assert taught["weights"] != before["weights"]
    assert typed(*at, "match", "stats", *lists).json["weights"] == before["weights"]
    second = ("--as", "officer-2", "match", "judge", pairs[0]["id_a"], pairs[0]["id_b"], "different")
    assert typed(*at, *second).exit == 0
    assert typed(*at, "match", "stats", *lists, "--learn").json["judged"] == 9
