"""What follows from claims, and by which rule: the living are never filtered out as dead, and contradictions stay."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.registers.claims import (
    EVIDENCE,
    SOURCES,
    Claim,
    ClaimId,
    PersonId,
    Source,
    contradictions,
    custody_status,
    draft,
    is_older,
    legal_status,
    missing_minimum,
    name_forms,
    span,
    values,
    vital_status,
)
from parley.registers.errors import RegisterBroken
from parley.registers.fields import FIELDS, MINIMUM

TODAY = "2025-05-16"
IDS = count(1)


def claim(
    field: str,
    written: str,
    *,
    dated: str = "",
    evidence: str = "statement",
    kind: str = "bureau",
    expires: str = "",
    gone: int = 0,
    role: str = "",
) -> Claim:
    source = Source(kind=kind, dated=dated, evidence=evidence, expires=expires)
    said = draft(field, written, source, role=role)
    return Claim(id=ClaimId(next(IDS)), person=PersonId(1), said=said, entry=1, withdrawn_by=gone)


# -- vital status


def test_without_a_claim_nobody_is_alive_or_dead() -> None:
    assert (vital_status((), TODAY).value, vital_status((), TODAY).rule) == ("unknown", "status.no_claim")


def test_death_by_one_kind_of_evidence_stays_a_claim() -> None:
    claims = [claim("vital", "dead", evidence="laboratory"), claim("vital", "загинув", evidence="laboratory")]
    found = vital_status(claims, TODAY)
    assert (found.value, found.rule, found.alarm) == ("dead_claimed", "status.death_one_source", False)
    assert found.counted == tuple(one.id for one in claims)


def test_two_kinds_of_evidence_of_which_none_is_a_paper_or_laboratory_are_not_enough() -> None:
    claims = [claim("vital", "dead", evidence="witness"), claim("vital", "dead", evidence="video")]
    assert vital_status(claims, TODAY).value == "dead_claimed"
    assert vital_status([*claims, claim("vital", "dead", evidence="certificate")], TODAY).value == "dead_supported"


def test_officially_dead_and_seen_alive_raises_the_alarm() -> None:
    """Domain 3.7: buried under his name after a laboratory's match, reported alive by three comrades, came home."""
    dead = [
        claim("vital", "dead", dated="2023-02-10", evidence="laboratory", kind="laboratory"),
        claim("vital", "dead", dated="2023-03-01", evidence="certificate", kind="registry"),
    ]
    assert vital_status(dead, TODAY).value == "dead_supported"
    alive = claim("vital", "alive", dated="2025-07", evidence="witness", kind="returned_comrade")
    found = vital_status([*dead, alive], "2025-08-01")
    assert (found.value, found.rule, found.alarm) == ("disputed", "status.alive_after_death", True)


def test_having_been_alive_before_death_disputes_nothing() -> None:
    claims = [claim("vital", "alive", dated="2022-04"), claim("vital", "dead", dated="2023-02-10")]
    assert vital_status(claims, TODAY).value == "dead_claimed"


@pytest.mark.parametrize(("alive", "dead"), [("2023-02", "2023-02-10"), ("", "2023"), ("2023", ""), ("2023", "2023")])
def test_where_dates_cannot_be_ordered_the_dispute_stands(alive: str, dead: str) -> None:
    found = vital_status([claim("vital", "alive", dated=alive), claim("vital", "dead", dated=dead)], TODAY)
    assert (found.value, found.alarm) == ("disputed", True)


# -- which claims count


def test_expired_and_withdrawn_claims_stay_visible_and_do_not_count() -> None:
    expired = claim("custody", "held", dated="2024", expires="2025-05-15")
    gone = claim("custody", "returned", dated="2025", gone=7)
    found = custody_status([expired, gone], TODAY)
    assert (found.value, found.counted, found.expired) == ("unknown", (), (expired.id,))
    assert custody_status([expired, gone], "2025-05-15").value == "held"


def test_the_newest_custody_counts_where_dates_can_be_ordered() -> None:
    held, moved = claim("custody", "held", dated="2022-05-17"), claim("custody", "transferred", dated="2023-01")
    found = custody_status([moved, held], TODAY)
    assert (found.value, found.rule) == ("transferred", "status.newest")
    also = claim("custody", "hospital", dated="2023-01-20")
    assert custody_status([moved, held, also], TODAY).value == "disputed"
    assert custody_status([moved, claim("custody", "held")], TODAY).rule == "status.cannot_order"
    assert custody_status([held, claim("custody", "held")], TODAY).rule == "status.all_agree"


def test_a_legal_status_is_never_told_without_who_says_so() -> None:
    claims = [
        claim("status", "pow", kind="own_unit"),
        claim("status", "convict", kind="holder"),
        claim("status", "pow", kind="bureau"),
    ]
    assert legal_status(claims, TODAY) == {"pow": ("own_unit", "bureau"), "convict": ("holder",)}


# -- what is kept


def test_names_in_two_scripts_are_forms_and_two_spellings_in_one_are_a_contradiction() -> None:
    claims = [claim("surname", "Лис"), claim("surname", "Lys"), claim("surname", "Лисюк", role="former")]
    assert contradictions(claims, TODAY) == {}
    assert [(one.written, one.script, one.role) for one in name_forms(claims, TODAY)] == [
        ("Лис", "cyrillic", ""),
        ("Lys", "latin", ""),
        ("Лисюк", "cyrillic", "former"),
    ]
    assert contradictions([*claims, claim("surname", "Лиса")], TODAY) == {"surname": ("Лис", "Лиса")}


def test_what_is_not_understood_keeps_its_words_and_gets_no_value() -> None:
    found = claim("custody", "десь там")
    assert (found.said.written, found.said.value, found.said.doubts) == ("десь там", "", ("not_understood",))
    assert custody_status([found], TODAY).value == "unknown"
    assert claim("custody", "Полон").said.value == "held"
    assert claim("birth_date", "21.03.85").said.value == ""
    assert values([claim("birth_date", "21.03.85")], "birth_date", TODAY) == ("21.03.85",)


def test_the_fields_are_those_of_the_treaty_and_all_but_the_minimum_may_be_missing() -> None:
    assert {one.article_122 for one in FIELDS.values()} >= set(range(1, 12))
    assert missing_minimum(()) == MINIMUM
    assert missing_minimum(("full_name", "rank", "birth_date", "personal_number")) == ()
    assert {name for name, one in FIELDS.items() if one.stays_home} >= {
        "inform",
        "mail_address",
        "health",
        "custody_place",
    }


@pytest.mark.parametrize(
    ("field", "written", "source"),
    [
        ("photo", "x", Source(kind="bureau")),
        ("surname", "  ", Source(kind="bureau")),
        ("surname", "x" * 10_001, Source(kind="bureau")),
        ("surname", "x", Source(kind="rumour")),
        ("surname", "x", Source(kind="bureau", evidence="dream")),
        ("surname", "x", Source(kind="bureau", confidence="very")),
        ("surname", "x", Source(kind="bureau", dated="yesterday")),
        ("surname", "x", Source(kind="bureau", dated="2025-02-30")),
        ("surname", "x", Source(kind="bureau", expires="2025")),
    ],
)
def test_a_claim_without_sense_is_refused(field: str, written: str, source: Source) -> None:
    with pytest.raises(RegisterBroken) as caught:
        draft(field, written, source)
    assert caught.value.code == "register.claim_malformed"


# -- in any order

DAYS = st.sampled_from(["", "2022", "2022-04", "2022-04-10", "2023-01", "2023-01-05", "2024", "0000", "2023-02-31"])
CLAIMS = st.builds(
    claim,
    field=st.sampled_from(["vital", "custody"]),
    written=st.sampled_from(["alive", "dead", "held", "returned", "missing", "?"]),
    dated=DAYS.filter(lambda one: not one or bool(span(one))),
    evidence=st.sampled_from(EVIDENCE),
    kind=st.sampled_from(SOURCES),
    expires=st.sampled_from(["", "2024-12-31", "2026-01-01"]),
)


@given(st.lists(CLAIMS, max_size=8), st.randoms())
def test_the_order_of_entry_decides_nothing(claims: list[Claim], shuffler: object) -> None:
    other = list(claims)
    shuffler.shuffle(other)  # type: ignore[attr-defined]
    for status in (vital_status, custody_status):
        one, two = status(claims, TODAY), status(other, TODAY)
        assert (one.value, one.rule, one.alarm, set(one.counted)) == (two.value, two.rule, two.alarm, set(two.counted))


@given(st.lists(CLAIMS, max_size=8))
def test_a_claim_of_life_that_cannot_be_older_than_death_is_never_overlooked(claims: list[Claim]) -> None:
    here = [one for one in claims if one.counts_on(TODAY) and one.said.field == "vital"]
    alive = [one for one in here if one.said.value == "alive"]
    dead = [one for one in here if one.said.value == "dead"]
    found = vital_status(claims, TODAY)
    if any(not is_older(one, other) for one in alive for other in dead):
        assert found.alarm
    if alive and not dead:
        assert found.value == "alive"


@given(st.text(max_size=12))
def test_the_days_of_a_claim_are_a_span_or_none(text: str) -> None:
    found = span(text)
    assert not found or found[0] <= found[1]
