"""Batches composed under a policy in a case: proposed from the final lists, redone by the other, explained; the attacks."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from parley.composing.published import digest
from tests.cli.office import Office
from tests.cli.test_whole_case import hand_in_and_reply, see_and_sign, talk_and_agree

POLICY = """date = 2025-05-22
[exchange]
sides = ["north", "south"]
batches = [1, 1]
[[priority]]
name = "civilians"
when = "civilian == 'yes'"
"""


@pytest.fixture(scope="module")
def signed(empowered: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose final lists are frozen and whose seeds are revealed."""
    office = empowered.copy(tmp_path_factory.mktemp("signed") / "office")
    talk_and_agree(office)
    hand_in_and_reply(office)
    see_and_sign(office, compose=False)
    for name in ("north", "south", "neutral"):
        office.ask(name, "batches", "seed", "--out", str(office.place / f"seed-{name}"))
    office.post()
    return office


@pytest.fixture
def office(signed: Office, tmp_path: Path) -> Office:
    return signed.copy(tmp_path / "office")


def reveal(office: Office) -> None:
    for name in ("north", "south", "neutral"):
        office.ask(name, "batches", "reveal", "--seed", (office.place / f"seed-{name}").read_text().strip())
    office.post()


def policy(office: Office, text: str = POLICY, name: str = "policy.toml") -> str:
    path = office.place / name
    path.write_text(text)
    return str(path)


def broken(office: Office, who: str, *words: str) -> str:
    """Return the code of what a command found not to be what it claims; nothing was signed."""
    found = office.do(who, "batches", *words, "--json")
    assert found.exit in (2, 3)
    return str(found.json["code"])


def test_batches_are_proposed_redone_and_agreed(office: Office) -> None:
    assert office.refused("north", "batches", "propose", policy(office)) == "batches.seeds_not_revealed"
    reveal(office)
    out = office.place / "made"
    said = office.ask("north", "batches", "propose", policy(office), "--out", str(out))
    assert [one["batch"] for one in said["deed"]["batches"]] == [1, 2]
    rows = list(csv.DictReader((out / "lists.csv").read_text().splitlines()))
    assert sorted(row["code"] for row in rows) == ["N1", "N2", "S1", "S2"]
    office.post()
    for name in ("north", "south"):
        assert broken(office, name, "agree") == "cli.missing"
        office.ask(name, "batches", "agree", "--policy", policy(office))
        office.post()
    why = office.ask("south", "batches", "explain", "N1", "--policy", policy(office))
    assert why["batch"] in (1, 2)
    assert broken(office, "south", "explain", "N3", "--policy", policy(office)) == "composing.no_such_code"


def test_a_list_other_than_the_drawn_one_is_not_agreed_to(office: Office) -> None:
    reveal(office)
    text = policy(office)
    right = office.do("north", "batches", "propose", text, "--dry-run", "--json").json["deed"]["batches"]
    turned = "; ".join(
        f"{3 - one['batch']}: " + " + ".join(f"{side} {','.join(lines)}" for side, lines in one["gives"].items())
        for one in right
    )
    office.ask(
        "north", "batches", "compose", "--batches", turned, "--policy", digest(POLICY.encode()), "--drawn", "yes"
    )
    office.post()
    assert broken(office, "south", "agree", "--policy", text) == "composing.redo_differs"


def test_another_policy_than_the_agreed_one_is_noticed(office: Office) -> None:
    reveal(office)
    office.ask("north", "batches", "propose", policy(office))
    office.post()
    other = policy(office, POLICY.replace("== 'yes'", "== 'no'"), "other.toml")
    assert broken(office, "south", "agree", "--policy", other) == "composing.other_policy"


def test_a_pool_with_other_people_than_the_final_lists_is_refused(office: Office) -> None:
    reveal(office)
    pool = office.place / "pool.csv"
    pool.write_text("code,side,civilian\nN1,north,no\nN2,north,no\nS1,south,no\nS3,south,no\n")
    found = broken(office, "north", "propose", policy(office), "--pool", str(pool))
    assert found == "composing.other_lines"
    pool.write_text("code,side,civilian,sex\nN1,north,no,f\nN2,north,no,m\nS1,south,no,f\nS2,south,no,m\n")
    office.ask("north", "batches", "propose", policy(office), "--pool", str(pool))


def test_an_impossible_policy_proposes_nothing(office: Office) -> None:
    reveal(office)
    text = policy(office, POLICY + '[[quota]]\nname = "civilians"\nwhen = "civilian == \'yes\'"\nmin = 2\n')
    assert broken(office, "north", "propose", text) == "composing.infeasible"
