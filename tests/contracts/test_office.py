"""What an office's data promise, in a file and on a server: the one suite that both must pass."""

import itertools
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.registers.claims import Draft, Origin, PersonId, Source, contradictions, draft, values, vital_status
from parley.registers.fields import FIELDS
from parley.store.office import Dossier, Entry, Judged, Office, OfficeBroken, Query, open_office
from parley.store.office.base import Verdict
from parley.words import Moment
from tests.contracts.conftest import new_schema

TICKS = itertools.count()
LIST = Source(kind="holder_list", name="list 3", dated="2025-05-01", evidence="list")
LABORATORY = Source(kind="laboratory", dated="2024-01-10", evidence="laboratory")
COMRADE = Source(kind="returned_comrade", dated="2025-07", evidence="witness", confidence="possible")


class OfficePlace:
    """Somewhere an office's data can be opened, again and again."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._opened: list[Office] = []

    def open(self) -> Office:
        self._opened.append(open_office(self.where))
        return self._opened[-1]

    def close_all(self) -> None:
        for one in self._opened:
            one.close()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OfficePlace]:
    where = str(tmp_path / "office.sqlite")
    if request.param == "postgres":
        where = f"{request.getfixturevalue('server').dsn}#{new_schema()}"
    found = OfficePlace(where)
    yield found
    found.close_all()


@pytest.fixture
def office(place: OfficePlace) -> Office:
    return place.open()


def now() -> Moment:
    return Moment(f"2025-05-16T09:{next(TICKS) % 60:02d}:00Z")


def person(surname: str, given: str = "", born: str = "", source: Source = LIST, row: int = 1) -> list[Draft]:
    said = {"surname": surname, "given_names": given, "birth_date": born}
    return [
        draft(field, text, source, origin=Origin("list.xlsx", "ab" * 32, 1, row, "B"))
        for field, text in said.items()
        if text
    ]


def add(office: Office, *people: list[Draft], what: str = "import") -> Entry:
    return office.add(people, what=what, who="officer-1", at=now())


def everything(office: Office) -> tuple[Dossier, ...]:
    return tuple(office.dossiers(office.find(Query())))


def standing(office: Office) -> list[tuple[PersonId, str, str]]:
    return [
        (one.person, claim.said.field, claim.said.written)
        for one in everything(office)
        for claim in one.claims
        if not claim.withdrawn_by
    ]


def refused(code: str, **facts: int) -> "pytest.RaisesExc[OfficeBroken]":
    return pytest.RaisesExc(OfficeBroken, check=lambda one: one.code == code and facts.items() <= one.facts.items())


# -- keeping


def test_what_is_imported_is_shown_with_the_cell_it_came_from(office: Office) -> None:
    entry = add(office, person("Лис", "Іван", "21.03.1985", row=7), person("Дуб"))
    assert (entry.people, entry.claims, entry.undone_by) == (2, 4, 0)
    first, second = everything(office)
    assert [(one.said.field, one.said.written, one.said.value) for one in first.claims] == [
        ("surname", "Лис", "Лис"),
        ("given_names", "Іван", "Іван"),
        ("birth_date", "21.03.1985", "1985-03-21"),
    ]
    assert str(first.claims[2].said.origin) == "list.xlsx 1!B7"
    assert first.claims[0].said.source == LIST
    assert [one.said.written for one in second.claims] == ["Дуб"]


def test_what_was_kept_is_there_after_a_restart_and_can_still_be_undone(place: OfficePlace) -> None:
    office = place.open()
    entry = add(office, person("Лис"), person("Дуб"))
    before = everything(office)
    office.close()
    again = place.open()
    assert everything(again) == before
    undone = again.undo(entry.number, who="officer-2", at=now())
    again.close()
    last = place.open()
    assert everything(last) == ()
    assert [(one.number, one.undoes, one.undone_by) for one in last.history()] == [
        (undone.number, entry.number, 0),
        (entry.number, 0, undone.number),
    ]


def test_an_import_that_breaks_off_keeps_nothing(office: Office) -> None:
    def breaking() -> Iterator[list[Draft]]:
        yield person("Лис")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        office.add(breaking(), what="import", who="officer-1", at=now())
    assert everything(office) == ()
    assert office.history() == ()


def test_every_field_of_the_register_can_be_kept(office: Office) -> None:
    codes = {
        "status": "pow",
        "custody": "held",
        "vital": "alive",
        "birth_date": "1985",
        "capture_date": "03.2022",
        "event_date": "?",
    }
    said = [draft(field, codes.get(field, "x"), LIST) for field in FIELDS]
    add(office, said)
    (one,) = everything(office)
    assert [claim.said for claim in one.claims] == said


def test_contradictions_are_kept_and_shown(office: Office) -> None:
    add(office, person("Лис", born="21.03.1985"))
    (who,) = office.find(Query())
    office.claim(who, [draft("birth_date", "21.03.1986", COMRADE)], who="officer-1", at=now())
    claims = office.show(who).claims
    assert values(claims, "birth_date", "2025-05-16") == ("1985-03-21", "1986-03-21")
    assert contradictions(claims, "2025-05-16") == {"birth_date": ("1985-03-21", "1986-03-21")}


def test_a_withdrawn_claim_stays_and_no_longer_counts(office: Office) -> None:
    add(office, person("Лис", born="1985"))
    (who,) = office.find(Query())
    claim = office.show(who).claims[1]
    entry = office.withdraw([claim.id], who="officer-1", at=now())
    after = office.show(who).claims
    assert [one.withdrawn_by for one in after] == [0, entry.number]
    assert values(after, "birth_date", "2025-05-16") == ()
    with refused("office.no_such_claim", claim=claim.id):
        office.withdraw([claim.id], who="officer-1", at=now())


# -- finding


def test_people_are_found_by_words_and_by_fields(office: Office) -> None:
    add(office, person("Лис-Дуб", "Іван", "21.03.1985"), person("Дуб", "Олена", "1985"), person("Клен", "Іван"))
    names = {one: office.show(one).claims[0].said.written for one in office.find(Query())}

    def found(query: Query) -> list[str]:
        return [names[one] for one in office.find(query)]

    assert found(Query(text="іван")) == ["Лис-Дуб", "Клен"]
    assert found(Query(text="ДУБ")) == ["Лис-Дуб", "Дуб"]
    assert found(Query(text="дуб іван")) == ["Лис-Дуб"]
    assert found(Query(where={"birth_date": "1985"})) == ["Лис-Дуб", "Дуб"]
    assert found(Query(where={"birth_date": "1985-03"})) == ["Лис-Дуб"]
    assert found(Query(where={"surname": "дуб"})) == ["Дуб"]
    assert found(Query(where={"surname": "%"})) == []
    assert found(Query(text="_")) == []
    assert len(office.find(Query(), most=2)) == 2


def test_nobody_is_left_out_as_dead(office: Office) -> None:
    add(office, person("Лис"))
    (who,) = office.find(Query())
    for source in (LABORATORY, Source(kind="registry", dated="2024-02-01", evidence="certificate")):
        office.claim(who, [draft("vital", "dead", source)], who="officer-1", at=now())
    assert vital_status(office.show(who).claims, "2025-05-16").value == "dead_supported"
    assert office.find(Query()) == office.find(Query(text="Лис")) == (who,)
    office.claim(who, [draft("vital", "alive", COMRADE)], who="officer-1", at=now())
    found = vital_status(office.show(who).claims, "2025-08-01")
    assert (found.value, found.alarm, len(found.counted)) == ("disputed", True, 3)


def test_a_person_who_is_not_there_is_said_so(office: Office) -> None:
    for attempt in (
        lambda: office.show(PersonId(404)),
        lambda: office.claim(PersonId(404), [draft("surname", "Лис", LIST)], who="officer-1", at=now()),
    ):
        with refused("office.no_such_person", person=404):
            attempt()
    assert office.history() == ()


# -- undoing


def test_undoing_and_undoing_that_leave_what_was_there(office: Office) -> None:
    add(office, person("Лис"))
    (who,) = office.find(Query())
    first = office.claim(who, [draft("rank", "капітан", LIST)], who="officer-1", at=now())
    before = standing(office)
    undone = office.undo(first.number, who="officer-1", at=now())
    assert standing(office) != before
    back = office.undo(undone.number, who="officer-1", at=now())
    assert standing(office) == before
    gone = office.undo(back.number, who="officer-1", at=now())
    assert standing(office) != before
    office.undo(gone.number, who="officer-1", at=now())
    assert standing(office) == before


def test_an_undone_withdrawal_brings_the_claim_back_and_again_away(office: Office) -> None:
    add(office, person("Лис", born="1985"))
    (who,) = office.find(Query())
    taken = office.withdraw([office.show(who).claims[1].id], who="officer-1", at=now())
    undone = office.undo(taken.number, who="officer-1", at=now())
    assert len(standing(office)) == 2
    office.undo(undone.number, who="officer-1", at=now())
    assert len(standing(office)) == 1


def test_what_was_undone_is_not_undone_twice(office: Office) -> None:
    entry = add(office, person("Лис"))
    undone = office.undo(entry.number, who="officer-1", at=now())
    with refused("office.undone_already", entry=entry.number, by=undone.number):
        office.undo(entry.number, who="officer-1", at=now())
    with refused("office.no_such_entry", entry=404):
        office.undo(404, who="officer-1", at=now())


def test_an_import_on_which_later_work_stands_is_not_pulled_away_from_under_it(office: Office) -> None:
    entry = add(office, person("Лис", born="1985"))
    (who,) = office.find(Query())
    later = office.claim(who, [draft("rank", "капітан", LIST)], who="officer-1", at=now())
    with refused("office.built_upon", entry=entry.number, by=later.number):
        office.undo(entry.number, who="officer-1", at=now())
    office.undo(later.number, who="officer-1", at=now())
    taken = office.withdraw([office.show(who).claims[1].id], who="officer-1", at=now())
    with refused("office.built_upon", entry=entry.number, by=taken.number):
        office.undo(entry.number, who="officer-1", at=now())
    office.undo(taken.number, who="officer-1", at=now())
    office.undo(entry.number, who="officer-1", at=now())
    assert everything(office) == ()


def test_the_journal_of_one_person_holds_what_touched_it(office: Office) -> None:
    first = add(office, person("Лис"))
    add(office, person("Дуб"))
    who, _ = office.find(Query())
    second = office.withdraw([office.show(who).claims[0].id], who="officer-1", at=now())
    undone = office.undo(second.number, who="officer-1", at=now())
    assert [one.number for one in office.history(person=who)] == [second.number, first.number]
    assert office.history(most=1)[0].number == undone.number


# -- judging


def judged(office: Office, reviewer: str, verdict: Verdict, a: str = "A1", b: str = "B2") -> Entry:
    return office.judge(Judged(id_a=a, id_b=b, verdict=verdict, reviewer=reviewer, at=now()))


def test_a_second_reviewer_judges_blind(office: Office) -> None:
    judged(office, "officer-1", "same")
    (seen,) = office.reviews("officer-2")
    assert (seen.own, seen.others, seen.waiting) == (None, (), True)
    judged(office, "officer-2", "different", a="B2", b="A1")
    (seen,) = office.reviews("officer-2")
    assert (seen.own, [(one.reviewer, one.verdict) for one in seen.others], seen.waiting) == (
        "different",
        [("officer-1", "same")],
        False,
    )
    assert [(one.reviewer, one.verdict, one.blind) for one in office.judgements()] == [
        ("officer-1", "same", False),
        ("officer-2", "different", True),
    ]


def test_a_reviewer_who_changes_his_mind_keeps_both_in_the_journal(office: Office) -> None:
    judged(office, "officer-1", "same")
    second = judged(office, "officer-1", "unsure")
    assert [one.verdict for one in office.judgements()] == ["unsure"]
    office.undo(second.number, who="officer-1", at=now())
    assert [one.verdict for one in office.judgements()] == ["same"]
    assert len(office.history()) == 3


# -- places


def test_the_file_of_an_office_is_private(tmp_path: Path) -> None:
    office = open_office(str(tmp_path / "office.sqlite"))
    office.close()
    assert stat.S_IMODE((tmp_path / "office.sqlite").stat().st_mode) == 0o600


@pytest.mark.parametrize("where", ["missing/office.sqlite", "text.sqlite", "torn.sqlite"])
def test_what_is_no_office_is_said_so(tmp_path: Path, where: str) -> None:
    (tmp_path / "text.sqlite").write_text("not a database at all, but long enough")
    (tmp_path / "torn.sqlite").write_bytes(b"SQLite format 3\0" + b"\x07" * 5000)
    with refused("office.unreadable"):
        open_office(str(tmp_path / where))


def test_data_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    import sqlite3

    where = tmp_path / "office.sqlite"
    open_office(str(where)).close()
    with sqlite3.connect(where) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('parley_office', '9999_later', '2025-01-01')"
        )
    database.close()
    with refused("office.newer"):
        open_office(str(where))


def test_the_steps_of_the_tables_lead_to_the_tables_of_today(tmp_path: Path) -> None:
    open_office(str(tmp_path / "office.sqlite")).close()
    from django.core.management import call_command

    call_command("makemigrations", "parley_office", check=True, dry_run=True, verbosity=0)
