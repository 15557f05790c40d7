"""Whatever the numbers are: what two lists give each other is counted as the terms say, and no place goes to the wrong person."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from parley.process import agreed, keeping
from parley.process.state import State
from parley.scenario.player import play
from parley.words import LineId, Lines, ParticipantName

NORTH, SOUTH = ParticipantName("north"), ParticipantName("south")
CLASSES = ("women", "soldiers", "elders")
rates = st.dictionaries(st.sampled_from(CLASSES), st.tuples(st.integers(1, 9), st.integers(1, 4)), min_size=1)
counts = st.dictionaries(st.sampled_from(CLASSES), st.integers(1, 6), min_size=1)


def meaning(category: str) -> str:
    return f"category {category} means status is {category} on 2025-05-16, captured before 2025-05-16, certified by neutral"


def terms_of(classes: dict[str, tuple[int, int]], general: tuple[int, int] | None = None) -> str:
    said = [f"{one} of north for {other} of south of category {name}" for name, (one, other) in classes.items()]
    said += [f"{general[0]} of north for {general[1]} of south"] if general is not None else []
    return "; ".join([f"ratio: {', '.join(said)}", *map(meaning, classes)])


def last_of(*sentences: str) -> tuple[str, State]:
    """Play sentences of which all but the last are allowed; return what the last came to, and the state."""
    (report,) = play("\n".join(sentences))
    early = [line for line in report.lines[:-1] if not line.ok]
    assert not early, early
    return report.lines[-1].got, report.table.state


def numbered(letter: str, first: int, count: int) -> str:
    return f"{letter}{first}-{letter}{first + count - 1}" if count > 1 else f"{letter}{first}"


def groups(letter: str, people: dict[str, int]) -> tuple[str, str]:
    """Return an offer of so many people of each class, and all their lines."""
    first, said = 1, []
    for name, count in people.items():
        said.append(f"{numbered(letter, first, count)} as {name}")
        first += count
    return "; ".join(said), numbered(letter, 1, first - 1)


# --- rates and weights -----------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(rates, counts, st.integers(-2, 2))
def test_those_given_in_return_for_all_classes_are_as_many_as_the_rates_say(
    classes: dict[str, tuple[int, int]], people: dict[str, int], beside: int
) -> None:
    people = {name: count for name, count in people.items() if name in classes} or {next(iter(classes)): 2}
    common = 1
    for _, other in classes.values():
        common *= other
    due = sum(count * classes[name][0] * (common // classes[name][1]) for name, count in people.items())
    given = max(due // common + beside, 1)
    offer, all_south = groups("S", people)
    got, _ = last_of(
        f"north proposes terms: {terms_of(classes)}",
        "south agrees to the terms",
        f"south hands in an offer list for north: {offer}",
        f"north hands in an offer list for south: {numbered('N', 1, given)} as detainees",
        f"north and south sign the final list from south to north: {all_south}",
        f"north signs the final list from north to south: {numbered('N', 1, given)}",
    )
    level = abs(given * common - due) < common  # a fraction of a person is nobody
    assert got == ("allowed" if level else "lists.sides_unequal")


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 8), st.integers(1, 20))
def test_a_class_of_both_sides_is_level_by_itself(one: int, other: int, there: int, here: int) -> None:
    got, _ = last_of(
        f"north proposes terms: {terms_of({'women': (one, other)})}",
        "south agrees to the terms",
        f"south hands in an offer list for north: {numbered('S', 1, there)} as women",
        f"north hands in an offer list for south: {numbered('N', 1, here)} as women",
        f"north and south sign the final list from south to north: {numbered('S', 1, there)}",
        f"north signs the final list from north to south: {numbered('N', 1, here)}",
    )
    level = abs(here * other - there * one) < min(one, other)
    assert got == ("allowed" if level else "lists.rate_broken")


@settings(max_examples=40, deadline=None)
@given(rates, st.tuples(st.integers(1, 5), st.integers(1, 5)), st.lists(st.sampled_from([*CLASSES, ""]), max_size=12))
def test_lists_that_are_level_stay_level_when_both_grow_by_the_rate(
    classes: dict[str, tuple[int, int]], general: tuple[int, int], drawn: list[str]
) -> None:
    both = {**classes, "": general}
    people = Counter(name for name in drawn if name in both)
    there = {name or "others": count * both[name][1] for name, count in people.items()} or {"others": general[1]}
    here = {name or "others": count * both[name][0] for name, count in people.items()} or {"others": general[0]}
    (south, all_south), (north, all_north) = groups("S", there), groups("N", here)
    got, state = last_of(
        f"north proposes terms: {terms_of(classes, general)}",
        "south agrees to the terms",
        f"south hands in an offer list for north: {south}",
        f"north hands in an offer list for south: {north}",
        f"north and south sign the final list from south to north: {all_south}",
        f"north and south sign the final list from north to south: {all_north}",
    )
    assert got == "allowed"
    sides = {NORTH: list(Lines.of(all_north)), SOUTH: list(Lines.of(all_south))}
    assert all(beyond == 0 for _, beyond in keeping.unlevel(state, keeping.in_classes(state, sides)))
    assert all(beyond == 0 for _, beyond in keeping.unlevel(state, keeping.in_classes(state, {})))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["captain", "lieutenant"]), min_size=1, max_size=5),
    st.lists(st.sampled_from(["captain", "lieutenant"]), min_size=1, max_size=5),
    st.booleans(),
)
def test_weights_of_both_lists_differ_by_less_than_the_lightest_grade(
    ours: list[str], theirs: list[str], made_up: bool
) -> None:
    table = {"captain": 6, "lieutenant": 4, "private": 1} if made_up else {"captain": 6, "lieutenant": 4}
    remainder = "in privates" if made_up else "dropped"

    def offer(letter: str, grades: list[str]) -> str:
        return "; ".join(f"{letter}{number} as soldiers grade {grade}" for number, grade in enumerate(grades, 1))

    got, _ = last_of(
        "north proposes terms: at least 1 a side; "
        f"weights {', '.join(f'{grade} {weight}' for grade, weight in table.items())}, remainder {remainder}",
        "south agrees to the terms",
        f"south hands in an offer list for north: {offer('S', theirs)}",
        f"north hands in an offer list for south: {offer('N', ours)}",
        f"north and south sign the final list from south to north: {numbered('S', 1, len(theirs))}",
        f"north signs the final list from north to south: {numbered('N', 1, len(ours))}",
    )
    apart = abs(sum(table[one] for one in ours) - sum(table[one] for one in theirs))
    assert got == ("allowed" if apart < (1 if made_up else 4) else "lists.sides_unequal")


# --- places and choice -----------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.frozensets(st.integers(1, 9), min_size=3, max_size=3), st.frozensets(st.integers(1, 9), min_size=1, max_size=5)
)
def test_only_whom_the_chooser_chose_are_chosen(chosen: frozenset[int], signed: frozenset[int]) -> None:
    """Lines 1 to 6 are candidates for two places that north fills; one place of three is nobody's choice."""

    def lines(numbers: frozenset[int]) -> str:
        return ", ".join(f"S{number}" for number in sorted(numbers))

    beginning = (
        "north proposes terms: 3 a side; pool = 2 out of 6 of south, chosen by north",
        "south agrees to the terms",
        "south hands in an offer list for north: S1-S6 as soldiers part pool; S7-S9",
    )
    fits = sum(1 for number in chosen if number <= 6) == 2
    got, _ = last_of(*beginning, f"north signs the final list from south to north: {lines(chosen)}")
    assert (got == "allowed") == fits
    if fits:
        got, state = last_of(
            *beginning,
            f"north signs the final list from south to north: {lines(chosen)}",
            f"south signs the final list from south to north: {lines(signed)}",
        )
        same_choice = {one for one in chosen if one <= 6} == {one for one in signed if one <= 6}
        assert (got == "allowed") == (same_choice and len(signed) == 3)
        frozen = state.lists.finals["south/north"].frozen
        assert (frozen is not None) == (signed == chosen)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 3))
def test_a_commission_adds_up_to_its_number_and_changes_no_other_sum(plain: int, added: int, most: int) -> None:
    listed = [numbered("S", 1, plain)] if plain else []
    listed += [numbered("S", 11, added)] if added else []
    if not listed:
        return
    commission = f"may add {most} of category women" if most else "may add any of category women"
    got, state = last_of(
        f"north proposes terms: 2 a side; more = commission medical {commission}; {meaning('women')}",
        "south agrees to the terms",
        "south hands in an offer list for north: S1-S4 as women; S11-S14 as women part more",
        f"south signs the final list from south to north: {', '.join(listed)}",
    )
    fits = plain in (0, 2) and (added <= most or not most)
    assert (got == "allowed") == fits
    if fits:
        counted = [line for said in listed for line in Lines.of(said) if agreed.in_formula(state, line)]
        assert counted == [LineId(f"S{number}") for number in range(1, plain + 1)]
