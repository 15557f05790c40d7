"""Batches under a policy: every rule kept, every stage proven, the same bytes, and a checker that sees what was altered."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from parley.briefings.fairness_page import fairness_page
from parley.briefings.policy_words import conflict_lines, policy_lines
from parley.briefings.why_words import why_lines
from parley.composing.composed import Composed, compose_under
from parley.composing.draw import draw, draw_json, lists_csv, reserve_csv, revealed, undrawn
from parley.composing.errors import ComposingBroken
from parley.composing.infeasible import Conflict, Infeasible
from parley.composing.lottery import leximin
from parley.composing.policy import Policy, read_policy
from parley.composing.published import groups_csv, lottery_json, packed
from parley.composing.reasons import cost_of, explain, swap_breaks
from parley.composing.recheck import recheck
from parley.composing.report import FEWEST, report
from parley.composing.vehicles import NAME as FEWEST_VEHICLES
from tests.unit.composing.test_panel_lottery import CHECKER, PROMISED, SEEDS

EXAMPLES = Path(__file__).resolve().parents[3] / "examples/composing"
POLICY = (EXAMPLES / "policy.toml").read_bytes()
POOL = (EXAMPLES / "pool.csv").read_bytes()


@pytest.fixture(scope="module")
def composed() -> Composed:
    return compose_under(POOL, POLICY)


def test_every_stage_is_proven_and_every_list_keeps_every_rule(composed: Composed) -> None:
    assert all(one.proven for one in composed.staged.stages if one.name != FEWEST_VEHICLES)
    for values in composed.published.lottery.lists:
        recheck(composed.model, values)


def test_the_same_files_give_the_same_bytes_whatever_the_order_of_the_rows(composed: Composed) -> None:
    again = compose_under(POOL, POLICY)
    assert lottery_json(again.published) == lottery_json(composed.published)
    assert again.certificate({}) == composed.certificate({})
    header, *rows = POOL.decode().splitlines()
    turned = compose_under("\n".join([header, *reversed(rows)]).encode(), POLICY)
    assert turned.published.lottery == composed.published.lottery
    assert turned.published.units == composed.published.units
    assert turned.pool.commitment == composed.pool.commitment


def test_a_list_that_breaks_a_rule_is_caught_by_who_knows_no_solver(composed: Composed) -> None:
    values = list(composed.published.lottery.lists[0])
    gone = next(column for column in composed.model.places.values() if values[column])
    values[gone] -= 1
    with pytest.raises(ComposingBroken, match=r"composing\.failed_recheck"):
        recheck(composed.model, values)


def test_a_lower_value_is_never_passed_off_as_proven(composed: Composed) -> None:
    from parley.composing.certificate import prove

    lottery = composed.published.lottery
    uneven = replace(lottery, weights=(10**12, *[0] * (len(lottery.weights) - 1)))
    with pytest.raises(ComposingBroken, match=r"composing\.failed_recheck"):
        prove(composed.published.program, uneven)


def test_each_person_has_one_of_four_reasons_and_no_place_among_others(composed: Composed) -> None:
    drawn = draw(composed.published, composed.commitment, revealed(PROMISED, SEEDS))
    kinds: dict[str, str] = {}
    for code in [*(one.code for one in composed.pool.people), *(one.code for one in composed.pool.removed)]:
        reason = explain(composed, drawn, code)
        kinds[reason.kind] = code
        for language in ("en", "uk", "ru", "ar"):
            assert all(line for line in why_lines(reason, None, language))
    assert kinds.keys() >= {"removed", "ahead", "draw"}
    chance = explain(composed, drawn, "N-24").chance
    assert abs(chance - Fraction(6, 7)) < Fraction(1, 10**6)
    with pytest.raises(ComposingBroken, match=r"composing\.no_such_code"):
        explain(composed, drawn, "N-999")


def test_a_class_bounded_by_a_full_quota_is_told_which() -> None:
    policy = POLICY.replace(b"min = 3\n", b"min = 1\nmax = 1\n")
    made = compose_under(POOL, policy)
    women = [one.code for one in made.pool.people if one.values["sex"] == "f" and one.side == "north"]
    reasons = [explain(made, None, code) for code in women]
    full = [one for one in reasons if one.kind in ("bounded", "draw") and one.full]
    assert full
    assert all(("quota women · north", 1) in one.full for one in full)


def test_what_it_costs_to_have_a_person_go(composed: Composed) -> None:
    cost = cost_of(composed, "N-33")
    assert (cost.stage, cost.before, cost.after) == ("longest held", 305, 298)
    same = cost_of(composed, "N-24")
    assert same.stage == ""
    with pytest.raises(ComposingBroken, match=r"composing\.no_such_code"):
        cost_of(composed, "N-50")


def test_who_changes_places_breaks_rules_that_are_named(composed: Composed) -> None:
    drawn = draw(composed.published, composed.commitment, revealed(PROMISED, SEEDS))
    assert any(one.startswith("batches") for one in swap_breaks(composed, drawn, "N-01", "S-02"))
    staying = [
        one.code for one in composed.pool.people if one.code not in {c for _, _, u in drawn.going for c in u.people}
    ]
    with pytest.raises(ComposingBroken, match=r"composing\.not_swappable"):
        swap_breaks(composed, drawn, staying[0], staying[1])


def test_no_small_number_and_no_code_stands_in_the_report(composed: Composed) -> None:
    drawn = draw(composed.published, composed.commitment, undrawn())
    found = report(composed, drawn)
    shown = [cell for classes in found.composition.values() for row in classes.values() for cell in row]
    shown += [cell for rows in found.shares.values() for row in rows for cell in (row.eligible, row.going)]
    shown += [count for _, count in found.chances]
    assert not [one for one in shown if one is not None and 0 < one < FEWEST]
    for language in ("en", "uk", "ru", "ar"):
        page = fairness_page(composed.policy, found, drawn, language)
        assert not [one.code for one in composed.pool.people if one.code in page]
        assert page.count("<svg") == 4
        assert len(policy_lines(composed.policy, language)) == len(policy_lines(composed.policy, "en"))


def write(folder: Path, composed: Composed) -> Path:
    drawn = draw(composed.published, composed.commitment, revealed(PROMISED, SEEDS))
    files = {
        "pool.csv": POOL,
        "policy.toml": POLICY,
        "lottery.json": lottery_json(composed.published),
        "groups.csv": groups_csv(composed.published.units),
        "certificate.json": composed.certificate({}),
        "draw.json": draw_json(drawn),
        "lists.csv": lists_csv(drawn),
        "reserve.csv": reserve_csv(drawn),
    }
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def checked(folder: Path) -> int:
    inputs = [str(folder / name) for name in ("pool.csv", "policy.toml")]
    words = [sys.executable, "-S", "-E", str(CHECKER), str(folder), *inputs]
    return subprocess.run(words, capture_output=True, text=True, check=False).returncode


def commit_again(folder: Path, lottery: dict[str, Any]) -> None:
    """Alter the lottery before the draw, and commit to it, prove it and draw from it as if nothing were."""
    from parley.composing.published import digest, read_lottery

    text = packed(lottery)
    (folder / "lottery.json").write_bytes(text)
    proof = json.loads((folder / "certificate.json").read_text())
    (folder / "certificate.json").write_bytes(packed({**proof, "lottery": digest(text)}))
    published = read_lottery(text, (folder / "groups.csv").read_bytes(), (folder / "certificate.json").read_bytes())
    drawn = draw(published, digest(text), revealed(PROMISED, SEEDS))
    (folder / "draw.json").write_bytes(draw_json(drawn))
    (folder / "lists.csv").write_bytes(lists_csv(drawn))
    (folder / "reserve.csv").write_bytes(reserve_csv(drawn))


def shift_weight(lottery: dict[str, Any]) -> None:
    lottery["lists"][0]["weight"] += 10**10
    lottery["lists"][-1]["weight"] -= 10**10


def drop_a_list(lottery: dict[str, Any]) -> None:
    lottery["lists"][0]["weight"] += lottery["lists"].pop(1)["weight"]


def move_a_person(lottery: dict[str, Any]) -> None:
    lottery["lists"][0]["values"][0][1] += 1


@pytest.mark.parametrize("attack", [shift_weight, drop_a_list, move_a_person])
def test_a_lottery_of_batches_altered_before_it_was_committed_to(
    composed: Composed, tmp_path: Path, attack: Callable[[dict[str, Any]], None]
) -> None:
    folder = write(tmp_path / "made", composed)
    assert checked(folder) == 0
    lottery = json.loads((folder / "lottery.json").read_text())
    attack(lottery)
    commit_again(folder, lottery)
    assert checked(folder) == 5


@pytest.mark.parametrize("name", ["lists.csv", "reserve.csv", "groups.csv", "pool.csv", "policy.toml", "lottery.json"])
def test_a_file_altered_after_the_draw(composed: Composed, tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "made", composed)
    path = folder / name
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    assert checked(folder) == 5


def in_sentences(policy: Policy, found: tuple[Conflict, ...]) -> bool:
    """Say whether each clause of a conflict is told in every language."""
    return bool(found) and all(
        len(conflict_lines(policy, found, language)) == len(found) for language in ("en", "uk", "ru", "ar")
    )


def composed_or_not(pool: bytes) -> Composed | Infeasible:
    try:
        return compose_under(pool, SMALL)
    except Infeasible as no:
        return no


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["north", "south"]),
        st.sampled_from(["hill", "shore"]),
        st.sampled_from(["urgent", ""]),
        st.sampled_from(["m", "f"]),
        st.integers(0, 4),
        st.sampled_from(["", "", "", "F1", "F2"]),
    ),
    min_size=8,
    max_size=24,
)
SMALL = b"""
date = 2025-05-22
[exchange]
sides = ["north", "south"]
batches = [2, 1]
at_least = 1
[pool]
numbers = ["years"]
[[priority]]
name = "urgent"
when = "medical == 'urgent'"
earliest = true
[[priority]]
name = "held"
score = "years"
[[quota]]
name = "women"
when = "sex == 'f'"
max = 2
[transport]
seats = 2
fleet = 1
max_sites = 1
[[site]]
name = "hill"
closed = [2]
[[site]]
name = "shore"
"""


def test_a_cut_of_thirds_is_written_in_whole_numbers() -> None:
    people = (
        "N-0,north,hill,urgent,m,0,\nN-1,north,hill,urgent,m,0,F1\nN-2,north,hill,,m,0,F1\nN-3,north,shore,urgent,m,0,\n"
        "N-4,north,shore,,m,0,\nN-5,north,shore,,m,1,\nN-6,north,shore,,m,1,\nN-7,north,shore,,m,1,\n"
        "S-8,south,hill,urgent,m,0,\nS-9,south,hill,urgent,m,1,\nS-10,south,hill,urgent,m,1,\nS-11,south,hill,urgent,m,2,\n"
        "S-12,south,hill,,m,0,\nS-13,south,shore,urgent,m,0,\n"
    )
    found = compose_under(f"code,side,site,medical,sex,years,family\n{people}".encode(), SMALL)
    assert found.published.lottery.cuts
    assert all(abs(value) < 1000 for cut in found.published.lottery.cuts for _, value in cut.terms)


@settings(max_examples=25, deadline=None)
@given(PEOPLE)
def test_any_pool_gives_legal_lists_and_fair_chances_or_says_why_not(
    people: list[tuple[str, str, str, str, int, str]],
) -> None:
    rows = [
        f"{side[0].upper()}-{at},{side},{site},{medical},{sex},{years},{family}"
        for at, (side, site, medical, sex, years, family) in enumerate(people)
    ]
    pool = "\n".join(["code,side,site,medical,sex,years,family", *rows]).encode()
    found = composed_or_not(pool)
    if isinstance(found, Infeasible):
        event("no lists")
        assert in_sentences(read_policy(SMALL), found.conflicts)
        return
    for values in found.published.lottery.lists:
        recheck(found.model, values)
    assert sum(found.published.lottery.weights) == 10**12
    chances = found.published.lottery.chances(found.published.program)
    assert all(0 <= one <= 1 for one in chances)
    drawn = draw(found.published, found.commitment, undrawn())
    codes = [code for _, _, unit in drawn.going for code in unit.people]
    assert len(codes) == len(set(codes))


def test_where_the_work_allowed_runs_out_nothing_is_called_proven(
    composed: Composed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.composing.lottery.MOST_CUTS", -1)
    with pytest.raises(ComposingBroken, match=r"composing\.unproven"):
        leximin(composed.staged.program, composed.staged.values)
