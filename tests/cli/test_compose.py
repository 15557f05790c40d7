"""parley compose, draw, explain, swap: plain files in, a folder out; what is wrong is said, and nothing half-written stays."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.office import typed

EXAMPLES = Path(__file__).resolve().parents[2] / "examples/composing"
POOL, POLICY = str(EXAMPLES / "pool.csv"), str(EXAMPLES / "policy.toml")
SEEDS = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("north", "south", "neutral")}


def seeds(path: Path, **other: str) -> str:
    lines = [
        f"{name} {hashlib.sha256(bytes.fromhex(seed)).hexdigest()} {other.get(name, seed)}"
        for name, seed in SEEDS.items()
    ]
    path.write_text("\n".join(lines))
    return str(path)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("composed") / "made"
    assert typed("compose", POOL, POLICY, "--out", str(out)).exit == 0
    return out


@pytest.fixture
def made(once: Path, tmp_path: Path) -> Path:
    shutil.copytree(once, tmp_path / "made")
    return tmp_path / "made"


def test_a_pool_and_a_policy_give_a_folder_that_explains_itself(tmp_path: Path, once: Path) -> None:
    found = typed("compose", POOL, POLICY, "--out", str(tmp_path / "again"), "--json")
    assert found.exit == 0
    files = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert files == {path.name: path.read_bytes() for path in once.iterdir()}
    assert files.keys() >= {"lists.csv", "reserve.csv", "lottery.json", "certificate.json", "report.html"}
    assert found.json["commitment"] == hashlib.sha256(files["lottery.json"]).hexdigest()


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    assert typed("compose", POOL, POLICY, "--out", str(tmp_path / "made"), "--dry-run").exit == 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_never_written_over(made: Path) -> None:
    found = typed("compose", POOL, POLICY, "--out", str(made))
    assert (found.exit, found.err.split(":")[0]) == (2, "cli.exists")


@pytest.mark.parametrize("language", ["en", "uk", "ru", "ar"])
def test_an_impossible_policy_names_its_clauses_and_writes_nothing(tmp_path: Path, language: str) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(Path(POLICY).read_text().replace("fleet = 3", "fleet = 1"))
    words = ("compose", POOL, str(policy), "--out", str(tmp_path / "made"))
    found = typed(*words, "--language", language)
    assert found.exit == 3
    assert found.err.startswith("composing.infeasible: ")
    assert found.err.count("\n  - ") == 2
    assert [one["clause"] for one in typed(*words, "--json").json["conflicts"]] == ["batches", "fleet"]
    assert [path.name for path in tmp_path.iterdir()] == ["policy.toml"]


def test_a_wrong_policy_is_refused_with_its_line(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(Path(POLICY).read_text().replace("step = 180", "step = 0.5"))
    found = typed("compose", POOL, str(policy), "--out", str(tmp_path / "made"), "--json")
    assert (found.exit, found.json["code"], found.json["facts"]["line"]) == (3, "policy.float", 20)
    assert [path.name for path in tmp_path.iterdir()] == ["policy.toml"]


def test_a_draw_by_seeds_names_the_people(made: Path, tmp_path: Path) -> None:
    before = (made / "lists.csv").read_bytes()
    found = typed("draw", str(made), "--seeds", seeds(tmp_path / "seeds.txt"), "--json")
    assert found.exit == 0
    assert found.json["batches"] == {"1": 24, "2": 18, "3": 18}
    rows = list(csv.DictReader((made / "lists.csv").read_text().splitlines()))
    assert len(rows) == 60
    assert (made / "lists.csv").read_bytes() != before
    assert json.loads((made / "draw.json").read_text())["chance"]["kind"] == "reveals"
    again = typed("draw", str(made), "--seeds", seeds(tmp_path / "seeds.txt"), "--json")
    assert again.json["seed"] == found.json["seed"]


def test_dice_and_a_beacon_draw_too(made: Path, tmp_path: Path) -> None:
    assert typed("draw", str(made), "--dice", " ".join("314265" * 9)).exit == 0
    beacon = tmp_path / "round.json"
    beacon.write_text(json.dumps({"round": 7, "randomness": "ab" * 32}))
    found = typed("draw", str(made), "--beacon", str(beacon), "--round", "7")
    assert found.exit == 0
    assert "taken on trust" in found.out


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("draw.dice_wrong", ("--dice", "1 2 7")),
        ("draw.beacon_wrong", ("--beacon", "round.json", "--round", "8")),
        ("draw.too_few", ("--seeds", "one.txt")),
        ("draw.reveal_wrong", ("--seeds", "wrong.txt")),
        ("cli.missing", ()),
    ],
)
def test_a_chance_that_is_none_draws_nobody(
    code: str, words: tuple[str, ...], made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("round.json").write_text(json.dumps({"round": 7, "randomness": "ab" * 32}))
    seeds(Path("wrong.txt"), south=SEEDS["north"])
    Path("one.txt").write_text(Path(seeds(Path("all.txt"))).read_text().splitlines()[0])
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    found = typed("draw", "made", *words, "--json")
    assert found.json["code"] == code
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


@pytest.mark.parametrize("name", ["pool.csv", "policy.toml", "groups.csv", "lottery.json"])
def test_a_pool_changed_after_its_commitment(name: str, made: Path, tmp_path: Path) -> None:
    data = (made / name).read_bytes()
    (made / name).write_bytes(data.replace(b"N-01", b"N-99").replace(b"12", b"13", 1))
    found = typed("draw", str(made), "--seeds", seeds(tmp_path / "seeds.txt"), "--json")
    assert (found.exit, found.json["code"]) == (3, "draw.changed")


def test_a_folder_without_its_lottery_is_no_lottery(made: Path, tmp_path: Path) -> None:
    (made / "lottery.json").write_bytes(b"[" * 100)
    found = typed("draw", str(made), "--seeds", seeds(tmp_path / "seeds.txt"), "--json")
    assert found.json["code"] == "draw.files_missing"


def test_why_a_person_goes_or_not(made: Path) -> None:
    removed = typed("explain", "N-50", "--in", str(made), "--json")
    assert (removed.exit, removed.json["kind"]) == (0, "removed")
    drawn = typed("explain", "N-24", "--in", str(made), "--json")
    assert drawn.json["kind"] == "draw"
    assert "/" in drawn.json["chance"]
    ahead = typed("explain", "N-33", "--in", str(made), "--cost", "--json")
    assert ahead.json["cost"] == {"stage": "longest held", "before": 305, "after": 298}
    assert typed("explain", "N-999", "--in", str(made), "--json").json["code"] == "composing.no_such_code"


def test_who_may_change_places(made: Path) -> None:
    found = typed("swap", "N-01", "S-02", "--in", str(made), "--json")
    assert (found.exit, found.json["code"]) == (1, "composing.not_swappable")
    assert found.json["broken"]
    assert typed("swap", "N-01", "N-999", "--in", str(made), "--json").json["code"] == "composing.no_such_code"


def test_a_panel_is_drawn_and_explained(tmp_path: Path) -> None:
    (tmp_path / "categories.csv").write_text("category,feature,min,max\ntown,hill,0,1\ntown,shore,1,2\n")
    (tmp_path / "respondents.csv").write_text("town\nhill\nhill\nshore\nshore\nshore\n")
    made = tmp_path / "made"
    assert typed("compose", "panel", str(tmp_path), "--seats", "2", "--out", str(made)).exit == 0
    assert typed("draw", str(made), "--seeds", seeds(tmp_path / "seeds.txt")).exit == 0
    found = typed("explain", "P1", "--in", str(made), "--json")
    assert (found.json["kind"], found.json["chance"]) == ("draw", "2/5")
    assert typed("swap", "P1", "P3", "--in", str(made), "--json").json["code"] == "draw.files_missing"
    seats = typed("compose", "panel", str(tmp_path), "--out", str(tmp_path / "x"), "--json")
    assert seats.json["code"] == "cli.missing"
