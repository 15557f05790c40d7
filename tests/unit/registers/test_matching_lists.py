"""Two lists of people are matched across scripts, and nobody is taken for his brother."""

from __future__ import annotations

import numpy as np
import pytest

from parley.registers.assigning import assign, competitors
from parley.registers.candidates import AT_MOST, Index
from parley.registers.comparable import Comparable, comparable
from parley.registers.finding import Found, find, find_doubles
from parley.registers.judgements import Judgement, learn_from
from parley.registers.levels import AT, FIELDS, OTHER_NAME, Likeness, compare
from parley.registers.zones import ZONES
from parley.words import Moment
from tests.unit.registers.made_people import Row, columns_of, made


def pair_of(a: list[Row], b: list[Row]) -> Comparable:
    left, right = columns_of(a), columns_of(b)
    return comparable(left, right, left["rec_id"], right["rec_id"])


def proposed(found: Found) -> set[tuple[str, str]]:
    rows = np.flatnonzero(found.zone == ZONES.index("propose")).tolist()
    return {(found.pair.a.ids[found.rows_a[row]], found.pair.b.ids[found.rows_b[row]]) for row in rows}


def level(field: str, one: Row, other: Row) -> str:
    pair = pair_of([one], [other])
    first = np.zeros(1, dtype=np.int64)
    number = AT[field]
    return FIELDS[number].levels[int(compare(pair, first, first, Likeness(pair.words)).levels[0, number])]


def person(**fields: str) -> Row:
    return {"rec_id": "1", **fields}


@pytest.mark.parametrize(
    ("one", "other", "meant"),
    [
        ("1981-04-12", "1981-04-12", "same"),
        ("1981-04-12", "1981-12-04", "swapped"),
        ("1981-04-12", "1982-04-12", "year_off"),
        ("1981-04-12", "1991-04-12", "decade_off"),
        ("1981-04-12", "1981-04-14", "day_near"),
        ("1981-04-30", "1981-05-01", "day_near"),
        ("1981-04-12", "1981-04-22", "digit"),
        ("1981-04-12", "1981", "year_same_partial"),
        ("1981-04-12", "1981-04", "month_same_partial"),
        ("1981-04-12", "1981-05", "year_off_partial"),
        ("1981-04-12", "", "unwritten"),
        ("1981-04-12", "1970-01-02", "differs"),
        ("1981-04-12", "about 1981", "unwritten"),
    ],
)
def test_a_birth_date_agrees_as_far_as_a_clerk_can_slip(one: str, other: str, meant: str) -> None:
    assert level("birth", person(dob=one), person(dob=other)) == meant
    assert level("birth", person(dob=other), person(dob=one)) == meant


@pytest.mark.parametrize(
    ("one", "other", "meant"),
    [
        ("Микола", "Николай", "same"),
        ("Микола", "Mykola", "same"),
        ("Микола", "М.", "initial"),
        ("Микола", "П.", "other_initial"),
        ("Микола", "Петр", "other_name"),
        ("Микола", "", "unwritten"),
    ],
)
def test_a_given_name_is_known_in_every_script_and_language(one: str, other: str, meant: str) -> None:
    assert level("given", person(surname="Турак", given=one), person(surname="Турак", given=other)) == meant


def test_surname_and_given_name_in_each_others_columns_are_one_name() -> None:
    one, other = person(surname="Дубовенко", given="Сергій"), person(surname="Сергей", given="Дубовенко")
    assert level("surname", one, other) == "same"
    assert level("given", one, other) == "same"


def test_people_are_found_across_scripts_without_a_label() -> None:
    a, b, truth = made(300, 5)
    found = proposed(find(pair_of(a, b)))
    assert len(found & truth) >= 0.95 * len(truth)
    assert len(found - truth) <= 0.02 * len(found)


def test_twins_are_never_proposed_as_one_however_much_else_agrees() -> None:
    a, b, _ = made(200, 6)
    twin = {**a[1], "rec_id": "TWIN"}
    own = a[1]["given"]
    twin["given"] = "Богдан" if own != "Богдан" else "Тарас"
    twin["full_name"] = f"{twin['surname']} {twin['given']} {twin['patronymic']}"
    found = find(pair_of(a, [*b, twin]))
    assert not [one for one in proposed(found) if one[1] == "TWIN"]
    likely = found.assigned.probability[[found.pair.b.ids[row] == "TWIN" for row in found.rows_b]]
    assert not np.any(likely > 0.5)


def test_another_given_name_with_the_same_personal_number_is_for_a_person_to_look_at() -> None:
    a, b, truth = made(200, 6)
    one, other = min(truth)
    theirs = next(row for row in b if row["rec_id"] == other)
    ours = next(row for row in a if row["rec_id"] == one)
    theirs["given"] = "Богдан"
    ours["service_no"], theirs["service_no"] = "АК-123456", "123456"
    found = find(pair_of(a, b))
    at = [
        found.pair.a.ids[x] == one and found.pair.b.ids[y] == other
        for x, y in zip(found.rows_a, found.rows_b, strict=True)
    ]
    assert [ZONES[zone] for zone in found.zone[at]] == ["review"]


def test_a_surname_that_is_a_given_name_is_no_other_name() -> None:
    one = person(surname="Богдан", given="Тарас", full_name="Богдан Тарас")
    other = person(surname="Богдан", given="Трас", full_name="Богдан Трас")
    assert level("surname", one, other) in {"same", "near"}
    assert level("given", one, other) in {"same", "near"}


def test_of_two_namesakes_the_better_is_ahead_and_an_even_match_goes_to_a_person() -> None:
    odds = np.log(np.array([1e6, 1e2, 1e4, 1e4]))
    a, b = np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1])
    done = assign(a, b, odds)
    assert done.probability[0] > 0.99
    assert done.probability[1] < 0.1
    assert done.margin[0] == pytest.approx(np.log2(1e4))
    assert done.probability[2] == pytest.approx(done.probability[3])
    assert done.probability[2] <= 0.5
    assert done.margin[2] == pytest.approx(0)


def test_two_records_of_one_person_are_no_rivals() -> None:
    who = competitors(3, np.array([0]), np.array([1]))
    assert who.tolist() == [0, 0, 2]
    a, b = who[np.array([0, 1])], np.array([0, 0])
    done = assign(a, b, np.log(np.array([1e5, 1e4])))
    assert done.probability.min() > 0.99


def test_a_veto_stays_one_though_its_double_has_none() -> None:
    done = assign(np.array([0, 0]), np.array([0, 0]), np.array([10.0, -np.inf]))
    assert done.probability[0] > 0.99
    assert done.probability[1] == 0


def test_attack_a_thousand_copies_of_one_record_cost_no_more_than_others_and_none_is_proposed_alone() -> None:
    a, b, _ = made(60, 7)
    copies = [{**b[0], "rec_id": f"COPY{number}"} for number in range(1000)]
    pair = pair_of(copies, b)
    rows_a, rows_b = Index(pair).ask(0, len(b))
    assert np.bincount(rows_b).max() <= AT_MOST
    assert len(find(pair_of(a, copies)).pair.b) == 1000
    assert len(rows_a) == len(rows_b)


@pytest.mark.parametrize("many", [(0, 0), (0, 5), (5, 0), (1, 1)])
def test_lists_without_people_match_nobody(many: tuple[int, int]) -> None:
    a, b, _ = made(10, 8)
    found = find(pair_of(a[: many[0]], b[: many[1]]))
    assert len(found.zone) == len(found.rows_a) <= 1


def test_people_who_stand_twice_on_one_list_are_found() -> None:
    a, _, _ = made(150, 9)
    again = {**a[3], "rec_id": "AGAIN", "dob": ""}
    pair = pair_of([*a, again], [*a, again])
    found = find_doubles(pair)
    assert ("A3", "AGAIN") in proposed(found)
    assert all(first < second for first, second in zip(found.rows_a, found.rows_b, strict=True))


def test_candidates_of_a_record_do_not_depend_on_who_else_is_asked_for() -> None:
    a, b, _ = made(120, 10)
    index = Index(pair_of(a, b))
    whole = index.ask(0, 120)
    parts = [index.ask(0, 50), index.ask(50, 120)]
    for at in (0, 1):
        assert np.array_equal(whole[at], np.concatenate([one[at] for one in parts]))


def test_judgements_teach_whatever_their_order_and_unsure_teaches_nothing() -> None:
    a, b, truth = made(100, 11)
    pair = pair_of(a, b)
    weights = find(pair).weights
    at = Moment("2026-01-02T03:04:05Z")

    def judged(verdict: str, pairs: list[tuple[str, str]]) -> list[Judgement]:
        return [
            Judgement(id_a=one, id_b=other, verdict=verdict, reviewer="officer-1", at=at)  # type: ignore[arg-type]
            for one, other in pairs
        ]

    same = judged("same", sorted(truth)[:20])
    taught = learn_from(pair, weights, same)
    assert not np.array_equal(taught.m[AT["birth"]], weights.m[AT["birth"]])
    backwards = learn_from(pair, weights, same[::-1])
    assert all(np.allclose(one, other) for one, other in zip(taught.m, backwards.m, strict=True))
    assert learn_from(pair, weights, judged("unsure", sorted(truth))) is weights
    different = learn_from(pair, weights, judged("different", sorted(truth)[:20]))
    assert sum(different.others.values()) > sum(weights.others.values())
    assert different.m[AT["given"]][OTHER_NAME] == pytest.approx(weights.m[AT["given"]][OTHER_NAME])
