"""What is found before a list is handed in, each with its code; and that nothing is ever taken off the list by it."""

from itertools import count

import pytest

from parley.briefings.phrases import explain
from parley.clauses import Category, Criterion
from parley.registers.claims import Claim, ClaimId, PersonId, Source, draft
from parley.registers.preflight import STOPPING, Known, counts, preflight
from parley.registers.sheet import Person
from parley.words import Day, Refusal

IDS = count(1)
WHOLE = {
    "surname": "Лис",
    "given_names": "Іван",
    "birth_date": "21.03.1985",
    "rank": "x",
    "number": "7",
    "category": "soldier",
}
OTHERS = {
    "N1": {"surname": "Лисгай"},
    "N2": {"surname": "Дубовий", "given_names": "Остап", "birth_date": "02.11.1979", "rank": "y"},
    "N3": {"surname": "Кленович", "given_names": "Юрій", "birth_date": "07.08.1991", "rank": "z"},
    "N4": {"surname": "Вербенко", "given_names": "Гліб", "birth_date": "30.01.1968", "rank": "w"},
}
YOUNG = Category(
    clause="young",
    category="young",
    criteria=(Criterion("age", "under", "25"),),
    reference=Day("2025-06-02"),
    cut_off=Day("2025-06-01"),
    certifier="neutral",
)


def person(line: str, **fields: str) -> Person:
    given = {**WHOLE, "number": line, **OTHERS[line], **fields}
    return Person(line, {name: value for name, value in given.items() if value})


def found(*people: Person, **known: object) -> list[tuple[str, str]]:
    said = preflight(people, Known(day="2025-05-16", **known))  # type: ignore[arg-type]
    assert all(isinstance(one, Refusal) for one in said)
    return [(one.code, str(one.facts["line"])) for one in said]


def claims(field: str, value: str) -> list[Claim]:
    return [
        Claim(
            id=ClaimId(next(IDS)),
            person=PersonId(1),
            said=draft(field, value, Source(kind="bureau", dated="2025-01")),
            entry=1,
        )
    ]


def test_a_list_without_fault_brings_no_finding() -> None:
    assert found(person("N1"), person("N2"), before=("N1", "N2")) == []


def test_one_person_on_two_lines_is_seen_through_spelling_of_signs_and_dates() -> None:
    two = {"surname": "ЛИС-ГАЙ", "given_names": "іван", "birth_date": "1985-03-21"}
    assert found(person("N1"), person("N2", **two)) == [("preflight.double", "N2")]
    assert found(person("N1"), person("N3", number="N1")) == [("preflight.double", "N3")]
    assert found(person("N1"), person("N4", surname="Лисгай", given_names="Олег")) == []


def test_one_person_on_two_lines_is_seen_through_another_alphabet() -> None:
    latin = person("N2", surname="Lyshai", given_names="Ivan", birth_date="21 March 1985", rank="private")
    assert found(person("N1", rank="солдат"), latin, person("N3")) == [("preflight.double", "N2")]


def test_twins_are_two_people_and_who_may_be_one_does_not_stop_a_list() -> None:
    father = {"father_name": "Петрович", "birth_place": "Верхня Гора", "unit": "117"}
    twin = person("N2", surname="Лисгай", given_names="Андрій", birth_date="21.03.1985", **father)
    assert found(person("N1", **father), twin) == []
    near = person("N2", surname="Лисогор", given_names="І.", birth_date="1985")
    said = [code for code, _ in found(person("N1", **father), near, person("N3"), person("N4"))]
    assert "preflight.double_possible" in said
    assert "preflight.double_possible" not in STOPPING


def test_who_is_back_or_claimed_dead_is_named_and_stays() -> None:
    people = (person("N1"), person("N2"), person("N3"))
    known = {"N1": [claims("custody", "returned")], "N2": [claims("vital", "dead")], "N3": [claims("custody", "held")]}
    assert found(*people, claims=known) == [("preflight.returned", "N1"), ("preflight.dead", "N2")]
    assert len(people) == 3


@pytest.mark.parametrize(
    ("born", "captured", "code"),
    [
        ("2000-06-03", "2022-03", ""),
        ("2000-06-02", "2022-03", "preflight.outside_category"),
        ("1985", "2022-03", "preflight.outside_category"),
        ("2000", "2022-03", "preflight.category_unsure"),
        ("03/06/2000", "2022-03", "preflight.category_unsure"),
        ("2003", "2025-06-01", "preflight.outside_category"),
        ("2003", "2025", "preflight.category_unsure"),
        ("2003", "", "preflight.category_unsure"),
        ("2003~", "2022", "preflight.category_unsure"),
    ],
)
def test_who_is_young_is_judged_on_the_agreed_day(born: str, captured: str, code: str) -> None:
    one = person("N1", category="young", birth_date=born, capture_date=captured)
    said = [code for code, _ in found(one, categories={"young": YOUNG}) if "category" in code]
    assert said == ([code] if code else [])


@pytest.mark.parametrize(
    ("criterion", "fields", "fits"),
    [
        (Criterion("rank", "is", "сержант"), {"rank": "Сержант"}, True),
        (Criterion("rank", "among", "private,sergeant"), {"rank": "captain"}, False),
        (Criterion("grade", "at_least", "3"), {"grade": "3"}, True),
        (Criterion("grade", "under", "3"), {"grade": "3"}, False),
        (Criterion("capture_date", "after", "2022-02-24"), {"capture_date": "2022-03"}, True),
        (Criterion("capture_date", "after", "2022-02-24"), {"capture_date": "2022-02-24"}, False),
        (Criterion("age", "at_least", "60"), {"birth_date": "1960-01-01"}, True),
    ],
)
def test_every_comparison_of_a_category(criterion: Criterion, fields: dict[str, str], fits: bool) -> None:
    category = Category(clause="c", category="soldier", criteria=(criterion,), reference=Day("2025-06-02"))
    codes = [code for code, _ in found(person("N1", **fields), categories={"soldier": category})]
    assert codes == ([] if fits else ["preflight.outside_category"])


def test_a_category_that_the_terms_do_not_name() -> None:
    assert found(person("N1"), categories={"young": YOUNG}) == [("preflight.category_not_agreed", "N1")]
    assert found(person("N1"), categories={}) == []


def test_lines_that_vanished_and_lines_dropped_with_a_reason() -> None:
    assert found(person("N1"), before=("N1", "N2", "N3"), dropped=("N3",)) == [("preflight.vanished", "N2")]


def test_what_is_missing_of_the_minimum_and_a_date_that_cannot_be_read() -> None:
    one = person("N1", rank="", number="", birth_date="31117")
    assert found(one) == [
        ("preflight.minimum_missing", "N1"),
        ("preflight.minimum_missing", "N1"),
        ("preflight.date_unsure", "N1"),
    ]
    assert not STOPPING & {"preflight.minimum_missing", "preflight.date_unsure", "preflight.category_unsure"}


def test_every_finding_has_its_sentence_in_four_languages_and_no_name_in_it() -> None:
    one = person("N1", rank="", birth_date="?1", category="other")
    said = preflight([one, one], Known(day="2025-05-16", categories={"young": YOUNG}, before=("N9",)))
    assert counts(said)["preflight.vanished"] == 1
    for finding in said:
        for language in ("en", "uk", "ru", "ar"):
            why, after = explain(finding, language)
            assert "Лис" not in why + after
            assert after
