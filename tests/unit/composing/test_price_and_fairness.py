"""What the order of the goals costs, what chance each group had, and which clause a change of places would break."""

from fractions import Fraction

import pytest

from parley.briefings.fairness_pictures import groups_picture
from parley.briefings.policy_words import rule_lines
from parley.composing.composed import STEPS, Composed, compose_under
from parley.composing.policy import read_policy
from parley.composing.report import GroupChance, group_chances
from parley.composing.trade_offs import trade_offs
from tests.docs.blocks import HOUSE

EXAMPLE = HOUSE / "examples/composing"
POLICY = (EXAMPLE / "policy.toml").read_bytes()
AGAINST = b"""date = 2025-05-22
[exchange]
sides = ["north", "south"]
batches = [1]
[[priority]]
name = "sick"
when = "medical == 'urgent'"
[[priority]]
name = "young"
when = "age < 25"
"""
FOUR = b"""code,side,medical,birth_date
N1,north,urgent,1970-01-01
N2,north,,2003-01-01
S1,south,urgent,1970-01-01
S2,south,,2003-01-01
"""


@pytest.fixture(scope="module")
def composed() -> Composed:
    return compose_under((EXAMPLE / "pool.csv").read_bytes(), POLICY)


def test_a_goal_that_would_reach_more_if_it_came_first_is_said_with_what_the_others_lose() -> None:
    (found,) = trade_offs(compose_under(FOUR, AGAINST))
    assert found.first == "young"
    assert found.values == {"sick": 0, "young": 2}


def test_goals_that_agree_cost_nothing() -> None:
    assert trade_offs(compose_under(FOUR, AGAINST.replace(b"age < 25", b"medical == 'urgent'"))) == ()


def test_each_step_is_told_as_it_begins() -> None:
    told: list[str] = []
    compose_under(FOUR, AGAINST, told.append)
    assert tuple(told) == STEPS


def test_the_chances_of_all_groups_of_a_word_add_up_to_those_of_the_side(composed: Composed) -> None:
    found = group_chances(composed)
    for side in composed.policy.sides:
        (everybody,) = [one.chance for one in found if (one.side, one.what) == (side, "*")]
        own = [one for one in composed.pool.people if one.side == side]
        assert everybody == Fraction(sum(composed.policy.sizes[side]), len(own))


def test_no_picture_tells_of_a_few_people(composed: Composed) -> None:
    few = {
        (side, f"region: {region}")
        for side in composed.policy.sides
        for region in {str(one.values["region"]) for one in composed.pool.people if one.side == side}
        if sum(one.side == side and one.values["region"] == region for one in composed.pool.people) < 5
    }
    shown = {(one.side, one.what) for one in group_chances(composed) if one.chance is not None}
    assert not few & shown


def test_a_picture_says_in_words_what_it_shows_and_carries_no_style(composed: Composed) -> None:
    picture = groups_picture(group_chances(composed))
    assert "north" in picture.partition('aria-label="')[2].partition('"')[0]
    assert "style" not in picture


def test_attack_words_of_a_pool_that_bite_are_only_text_in_a_picture() -> None:
    picture = groups_picture([GroupChance(side="north", what='"><script>x</script>', chance=Fraction(1, 2))])
    assert "<script" not in picture
    assert '"><' not in picture.partition("<rect")[0].partition("aria-label")[2].partition('class="picture"')[0]


@pytest.mark.parametrize("language", ["ar", "en", "ru", "uk"])
def test_a_broken_rule_is_said_as_its_clause_says_it(language: str) -> None:
    policy = read_policy(POLICY)
    women, family, points, batches = rule_lines(
        policy, ("quota women · north", "family", "points · 2", "batches · south · 1"), language
    )
    assert "women" in women
    assert women.endswith("(north)")
    assert family
    assert points.endswith("(2)")
    assert "south" in batches
    assert "12" in batches
