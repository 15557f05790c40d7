"""People written out and taken in: tables, templates, FollowTheMoney, PFIF; no cell computes, no document reaches outside."""

import csv
import io
import json
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.acts import LANGUAGES
from parley.registers.claims import Claim, ClaimId, Draft, PersonId, Source, draft
from parley.registers.columns import find_header
from parley.registers.errors import IntakeBroken
from parley.registers.exporting import (
    as_text,
    double_keys,
    table,
    template_header,
    write_csv,
    write_template,
    write_xlsx,
)
from parley.registers.ftm import ftm_of, people_of_ftm
from parley.registers.pfif import people_of_pfif
from parley.registers.sheet import COLUMNS
from parley.registers.sheets import open_book

TODAY = "2025-05-16"
IDS = count(1)
UNIT = Source(kind="own_unit", name="muster roll", dated="2025-05-01", evidence="document")
NEUTRAL = Source(kind="family", intermediary_only=True)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1")


def kept(*drafts: Draft, person: int = 1) -> tuple[PersonId, tuple[Claim, ...]]:
    claims = tuple(
        Claim(id=ClaimId(next(IDS)), person=PersonId(person), said=said, entry=1, withdrawn_by=0) for said in drafts
    )
    return PersonId(person), claims


# -- tables


def test_contradictions_stand_in_one_cell_each_with_its_source() -> None:
    who = kept(
        draft("surname", "Лис", UNIT),
        draft("birth_date", "1985", UNIT),
        draft("birth_date", "1986", Source(kind="family")),
    )
    head, row = table(lambda: [who], TODAY)
    cells = dict(zip(head, row, strict=True))
    assert cells["birth_date"] == "1985 | 1986"
    first, second = cells["birth_date source"].split(" | ")
    assert first.startswith("own_unit, muster roll, 2025-05-01, claim ")
    assert second.startswith("family, claim ")
    assert cells["vital"] == "unknown"


def test_what_only_the_neutral_may_know_is_not_even_a_column() -> None:
    who = kept(draft("surname", "Лис", UNIT), draft("health", "ill", NEUTRAL), draft("vital", "dead", NEUTRAL))
    assert "ill" not in as_text(table(lambda: [who], TODAY))
    assert "health" not in as_text(table(lambda: [who], TODAY))
    assert "dead" not in as_text(table(lambda: [who], TODAY))
    assert "ill" in as_text(table(lambda: [who], TODAY, intermediary=True))


@pytest.mark.parametrize("text", FORMULAS)
def test_attack_a_name_that_is_a_formula(tmp_path: Path, text: str) -> None:
    rows = [["name"], [text]]
    assert write_csv(tmp_path / "a.csv", rows) == 1
    cell = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)))[1][0]
    assert cell.startswith("'")
    assert write_xlsx(tmp_path / "a.xlsx", rows) == 1
    book = open_book(tmp_path / "a.xlsx")
    assert [row.cells for row in book.sheets[0].rows()][1] == [text]
    assert "formula" not in book.sheets[0].notes.by_kind


@given(st.lists(st.lists(st.text(max_size=30), min_size=2, max_size=2), max_size=4))
def test_no_cell_of_a_csv_begins_like_a_formula(rows: list[list[str]]) -> None:
    for row in csv.reader(io.StringIO(as_text(rows), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_is_read_back_by_its_own_headings(tmp_path: Path, language: str) -> None:
    write_template(tmp_path / "a.xlsx", language)
    header = find_header(open_book(tmp_path / "a.xlsx").sheets[0].rows())
    assert [one.field for one in header.columns] == list(COLUMNS)
    assert [one.heading for one in header.columns] == template_header(language)


def test_doubles_are_seen_through_any_of_several_birth_dates_or_a_number() -> None:
    _, one = kept(
        draft("surname", "Лис-Дуб", UNIT), draft("given_names", "Іван", UNIT), draft("birth_date", "21.03.1985", UNIT)
    )
    _, two = kept(
        draft("surname", "ЛИС ДУБ", UNIT),
        draft("given_names", "іван", UNIT),
        draft("birth_date", "1986", UNIT),
        draft("birth_date", "1985-03-21", UNIT),
    )
    _, three = kept(
        draft("surname", "Лис-Дуб", UNIT), draft("given_names", "Олег", UNIT), draft("birth_date", "21.03.1985", UNIT)
    )
    assert set(double_keys(one, TODAY)) & set(double_keys(two, TODAY))
    assert not set(double_keys(one, TODAY)) & set(double_keys(three, TODAY))


@pytest.mark.parametrize("again", ["Лисенко  іван", "ІВАН ЛИСЕНКО", "Іван Лисенко"])
def test_doubles_are_seen_whatever_the_case_spaces_and_order_of_a_full_name(again: str) -> None:
    _, one = kept(draft("full_name", "Лисенко Іван", UNIT), draft("birth_date", "21.03.1985", UNIT))
    _, two = kept(draft("full_name", again, UNIT), draft("birth_date", "1985-03-21", UNIT))
    assert set(double_keys(one, TODAY)) & set(double_keys(two, TODAY))


# -- FollowTheMoney


def test_people_of_followthemoney_come_with_all_their_names_and_dates() -> None:
    entity = {
        "id": "x",
        "schema": "Person",
        "properties": {
            "name": ["Ivan Lys", "Іван Лис"],
            "birthDate": ["1985", "1985-03"],
            "alias": ["Fox"],
            "topics": ["x"],
        },
    }
    company = {"id": "y", "schema": "Company", "properties": {"name": ["Nobody"]}}
    (found,) = people_of_ftm(f"{json.dumps(company)}\n\n{json.dumps(entity)}\n", UNIT, file="a.json")
    assert [(one.field, one.written, one.role, one.value) for one in found] == [
        ("full_name", "Ivan Lys", "", "Ivan Lys"),
        ("full_name", "Іван Лис", "", "Іван Лис"),
        ("full_name", "Fox", "alias", "Fox"),
        ("birth_date", "1985", "", "1985"),
        ("birth_date", "1985-03", "", "1985-03"),
    ]
    assert found[0].origin.row == 2
    assert list(people_of_ftm(json.dumps([company, entity]), UNIT))


def test_what_is_written_out_is_taken_in_again() -> None:
    who = kept(
        draft("surname", "Лис", UNIT),
        draft("given_names", "Іван", UNIT),
        draft("birth_date", "21.03.1985", UNIT),
        draft("health", "ill", UNIT),
        draft("phone", "1", NEUTRAL),
    )
    (line,) = ftm_of([who], TODAY)
    assert json.loads(line) == {
        "id": "parley-1",
        "schema": "Person",
        "properties": {"lastName": ["Лис"], "firstName": ["Іван"], "birthDate": ["1985-03-21"], "name": ["Іван Лис"]},
    }
    (back,) = people_of_ftm(line, UNIT)
    assert {("surname", "Лис"), ("given_names", "Іван"), ("birth_date", "1985-03-21")} <= {
        (one.field, one.written) for one in back
    }


@pytest.mark.parametrize(
    "text",
    ["x", "{}", '"x"', "[1]", '{"schema":1}', '{"schema":"Person"}', '{"schema":"Person","properties":[]}',
     '{"schema":"Person","properties":{"name":[1]}}', '{"schema":"Person","properties":{"name":{"a":1}}}', "[" * 100_000],
)  # fmt: skip
def test_an_entity_that_is_none_is_named_by_its_number(text: str) -> None:
    with pytest.raises(IntakeBroken) as caught:
        list(people_of_ftm(f'{{"schema":"Company"}}\n{text}', UNIT))
    assert (caught.value.code, caught.value.facts) == ("intake.entities_malformed", {"row": 2})


@given(st.text(max_size=200))
def test_whatever_json_is_given_the_answer_is_people_or_a_code(text: str) -> None:
    try:
        assert all(isinstance(one, tuple) for one in people_of_ftm(text, UNIT))
    except IntakeBroken as broken:
        assert broken.code == "intake.entities_malformed"  # noqa: PT017


# -- PFIF

PFIF = """<?xml version="1.0" encoding="utf-8"?>
<p:pfif xmlns:p="http://zesty.ca/pfif/1.4">
 <p:person>
  <p:person_record_id>example.org/1</p:person_record_id>
  <p:source_date>2025-03-01T10:00:00Z</p:source_date>
  <p:full_name>Іван Лис</p:full_name>
  <p:family_name>Лис</p:family_name>
  <p:alternate_names>Ivan Lys
  Fox</p:alternate_names>
  <p:date_of_birth>1985-03</p:date_of_birth>
  <p:note><p:note_record_id>n</p:note_record_id><p:source_date>2025-04-01T00:00:00Z</p:source_date>
   <p:status>believed_alive</p:status><p:text>seen</p:text></p:note>
 </p:person>
 <p:note><p:person_record_id>example.org/1</p:person_record_id><p:source_date>2025-05-01T00:00:00Z</p:source_date>
  <p:status>believed_dead</p:status></p:note>
</p:pfif>"""


def test_people_and_notes_of_pfif_become_claims_of_their_days() -> None:
    (found,) = people_of_pfif(PFIF.encode(), name="a tracing service")
    assert [(one.field, one.written, one.role, one.source.dated) for one in found] == [
        ("full_name", "Іван Лис", "", "2025-03-01"),
        ("surname", "Лис", "", "2025-03-01"),
        ("full_name", "Ivan Lys", "alias", "2025-03-01"),
        ("full_name", "Fox", "alias", "2025-03-01"),
        ("birth_date", "1985-03", "", "2025-03-01"),
        ("vital", "alive", "", "2025-04-01"),
        ("vital", "dead", "", "2025-05-01"),
    ]
    assert {one.source.kind for one in found} == {"open_tracing"}


def test_attack_pfif_with_entities_or_of_another_kind() -> None:
    entity = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + PFIF.split("\n", 1)[1].replace("seen", "&x;")
    for text, code in (
        (entity, "intake.unsafe_xml"),
        ("<html/>", "intake.unreadable"),
        (PFIF[:-5], "intake.unreadable"),
        (PFIF.replace("example.org/1", "", 1), "intake.entities_malformed"),
    ):
        with pytest.raises(IntakeBroken) as caught:
            list(people_of_pfif(text.encode()))
        assert caught.value.code == code
