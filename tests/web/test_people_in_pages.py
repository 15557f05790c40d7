"""The people table and the page of one person: found, narrowed, exported as seen, claims added and taken back, nothing leaked."""

import csv
import io
import re
from collections.abc import Sequence

import pytest
from django.test import Client

from parley.registers.claims import Draft, PersonId, Source, draft
from parley.store.office.browse import SORTS, Browse
from parley.web.people import PAGE
from parley.web.served import Served
from parley.words import Moment
from tests.web.conftest import come_in

LIST = Source(kind="holder_list", name="list 3", dated="2025-05-01", evidence="list")
FAMILY = Source(kind="family", dated="2025-05-10", evidence="statement")
SECRET = Source(kind="neutral_visit", dated="2025-05-11", evidence="visit", intermediary_only=True)
AT = Moment("2025-05-16T09:00:00Z")
HOSTILE = ("<script>alert(1)</script>", "\u202eevil", '=HYPERLINK("x")', "+1", "@SUM(A1)", "-2")


def somebody(surname: str, given: str = "Dana", source: Source = LIST, **more: str) -> Sequence[Draft]:
    fields = {"surname": surname, "given_names": given, "birth_date": "1985-03-12", **more}
    return [draft(name, text, source) for name, text in fields.items() if text]


def add(served: Served, *people: Sequence[Draft]) -> PersonId:
    """Add people, and return the number of the first."""
    entry = served.office.add(people, what="import list.xlsx", who="test", at=AT)
    found = served.office.browsing().stretch(Browse(sort="newest"), most=entry.people).people
    return min(found)


def text_of(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return str(answer.content.decode())


def persons(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'data-row href="/people/(\d+)"', page)]


def test_names_in_any_script_and_references_are_found(north: Served) -> None:
    first = add(
        north, somebody("Ковальчук", "Олег"), somebody("العلي", "محمد"), somebody("Koval", number="N100200", line="N17")
    )
    client = come_in("registrar")
    for words, found in (
        ("ковальч", first),
        ("мук ол", None),
        ("Ковальчук оле", first),
        ("العلي", first + 1),
        ("n1002", first + 2),
        ("0020", first + 2),
        ("N17", first + 2),
    ):
        here = persons(text_of(client, f"/people?find={words}"))
        assert here == ([] if found is None else [found]), words


def test_nobody_is_lost_from_page_to_page_whatever_the_order(north: Served) -> None:
    many = [somebody(f"Name{number % 7}" if number % 3 else "", number=f"N{number}") for number in range(2 * PAGE + 10)]
    many[5] = [draft("full_name", "Zed Full", LIST)]
    many[6] = [*somebody("Second"), draft("surname", "Alias", FAMILY)]
    add(north, *many)
    client = come_in("exchange_office")
    for sort in SORTS:
        seen: list[int] = []
        where = f"/people?sort={sort}"
        while where:
            page = text_of(client, where)
            seen += persons(page)
            after = re.search(r'rel="next" href="\?([^"]+)"', page)
            where = f"/people?{after[1].replace('&amp;', '&')}" if after else ""
        everybody = north.office.browsing().count(Browse(), 0)
        assert len(seen) == len(set(seen)) == everybody, sort


def test_filters_know_what_the_office_knows(north: Served) -> None:
    first = add(
        north,
        [*somebody("Alpha", category="soldier"), draft("birth_date", "1986-03-12", FAMILY)],
        somebody("Beta", category="civilian", birth_date="12/03/85"),
        [*somebody("Gamma", category="soldier"), draft("vital", "dead", LIST), draft("vital", "alive", FAMILY)],
    )
    client = come_in("registrar")
    assert persons(text_of(client, "/people?contradicted=yes")) == [first, first + 2]
    assert persons(text_of(client, "/people?doubted=yes")) == [first + 1]
    assert first + 1 in persons(text_of(client, "/people?category=civilian"))
    assert persons(text_of(client, "/people?vital=dead&find=gamma")) == [first + 2]
    assert first + 2 in persons(text_of(client, "/people"))


def test_an_export_holds_exactly_what_was_filtered_and_no_formula(north: Served) -> None:
    add(north, *(somebody(name, "Same") for name in HOSTILE), somebody("Other", "Different"))
    answer = come_in("registrar").get("/people/export/csv?find=same&sort=name")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == len(HOSTILE)
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    book = come_in("registrar").get("/people/export/xlsx?find=same")
    assert book.content[:2] == b"PK"
    assert come_in("registrar").get("/people/export/html").status_code == 404


def test_hostile_names_are_text_on_every_page(north: Served) -> None:
    first = add(north, *(somebody(name) for name in HOSTILE))
    client = come_in("registrar")
    for where in ("/people", *(f"/people/{first + place}" for place in range(len(HOSTILE)))):
        page = text_of(client, where)
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "<bdi>" in page


def test_what_is_for_the_neutral_alone_shows_only_to_whom_it_is_meant(north: Served) -> None:
    first = add(
        north, [*somebody("Delta"), draft("full_name", "Hidden Elsewhere", SECRET), draft("vital", "dead", SECRET)]
    )
    told, untold = come_in("registrar"), come_in("exchange_office")
    for where in (f"/people/{first}", "/people?find=hidden", "/people?vital=dead", "/people/export/csv?find=delta"):
        assert "Hidden" in text_of(told, where), where
        assert "Hidden" not in text_of(untold, where), where
    assert first not in persons(text_of(untold, "/people?find=elsewhere"))
    assert first not in persons(text_of(untold, "/people?vital=dead"))
    assert "Hidden" not in text_of(untold, "/people?sort=name")


def test_the_history_does_not_tell_of_entries_that_are_for_the_neutral_alone(north: Served) -> None:
    first = add(north, somebody("Delta"))
    secret = north.office.claim(first, [draft("note", "x", SECRET)], who="somebody-else", at=AT)
    assert "somebody-else" in text_of(come_in("registrar"), f"/people/{first}")
    office = come_in("exchange_office")
    assert "somebody-else" not in text_of(office, f"/people/{first}")
    assert office.post(f"/people/{first}/undo", {"entry": secret.number}).status_code == 404
    number = north.office.show(first).claims[-1].id
    assert office.post(f"/people/{first}/withdraw", {"claim": number, "sure": "yes"}).status_code == 404


CLAIM = {
    "field": "birth_date",
    "written": "12.03.1986",
    "source": "family",
    "evidence": "statement",
    "confidence": "possible",
    "dated": "2025-05",
}


def test_a_claim_is_checked_kept_in_the_officers_name_and_undone(north: Served) -> None:
    first = add(north, somebody("Delta"))
    client = come_in("exchange_office")
    before = len(north.office.show(first).claims)
    check = client.post(f"/people/{first}/claim", CLAIM)
    assert check.status_code == 200
    assert "1986-03-12" in check.content.decode()
    assert len(north.office.show(first).claims) == before
    assert client.post(f"/people/{first}/claim", {**CLAIM, "sure": "yes"}).status_code == 302
    page = text_of(client, f"/people/{first}")
    assert "practice-exchange_office" in page
    entry = north.office.history(most=1)[0]
    assert (entry.who, entry.what) == ("practice-exchange_office", "claim")
    assert client.post(f"/people/{first}/undo", {"entry": entry.number}).status_code == 302
    assert [one.withdrawn_by for one in north.office.show(first).claims if one.entry == entry.number] == [
        entry.number + 1
    ]


def test_a_claim_no_longer_counts_after_it_was_shown_once_more(north: Served) -> None:
    first = add(north, somebody("Delta"))
    client = come_in("registrar")
    claim = north.office.show(first).claims[0].id
    assert client.post(f"/people/{first}/withdraw", {"claim": claim}).status_code == 200
    assert not north.office.show(first).claims[0].withdrawn_by
    assert client.post(f"/people/{first}/withdraw", {"claim": claim, "sure": "yes"}).status_code == 302
    assert north.office.show(first).claims[0].withdrawn_by


@pytest.mark.parametrize(
    "wrong",
    [{"field": "nothing"}, {"written": " "}, {"source": "x"}, {"expires": "soon"}, {"role": "king"}, {"dated": "x"}],
)
def test_a_claim_that_is_malformed_is_refused_in_words(north: Served, wrong: dict[str, str]) -> None:
    first = add(north, somebody("Delta"))
    answer = come_in("registrar").post(f"/people/{first}/claim", {**CLAIM, **wrong})
    assert answer.status_code == 409
    assert "register.claim_malformed" in answer.content.decode()


def test_an_office_cannot_make_a_claim_that_it_could_not_see(north: Served) -> None:
    first = add(north, somebody("Delta"))
    come_in("exchange_office").post(f"/people/{first}/claim", {**CLAIM, "intermediary_only": "yes", "sure": "yes"})
    assert not north.office.show(first).claims[-1].said.source.intermediary_only


def test_an_import_cannot_be_taken_back_from_the_page_of_one_person(north: Served) -> None:
    first = add(north, somebody("Delta"), somebody("Epsilon"))
    entry = north.office.history(most=1)[0]
    client = come_in("registrar")
    assert f'name="entry" value="{entry.number}"' not in text_of(client, f"/people/{first}")
    assert client.post(f"/people/{first}/undo", {"entry": entry.number}).status_code == 404


@pytest.mark.usefixtures("north")
def test_views_are_each_officers_own() -> None:
    one, other = come_in("registrar"), come_in("exchange_office")
    kept = one.post("/people/views", {"name": "My <b>view</b>", "asked": "find=koval&sort=name&evil=1&after=3"})
    assert kept["Location"] == "/people?find=koval&sort=name"
    page = text_of(one, "/people")
    assert "My &lt;b&gt;view" in page
    assert "/people?find=koval&amp;sort=name" in page
    assert "My " not in text_of(other, "/people")
    number = re.search(r'name="forget" value="(\d+)"', page)
    assert number is not None
    other.post("/people/views", {"forget": number[1]})
    assert "My &lt;b" in text_of(one, "/people")
    one.post("/people/views", {"forget": number[1]})
    assert "My &lt;b" not in text_of(one, "/people")


def test_forged_forms_change_nothing(north: Served) -> None:
    first = add(north, somebody("Delta"))
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.cookies = come_in("registrar").cookies
    for where, said in (
        ("claim", {**CLAIM, "sure": "yes"}),
        ("withdraw", {"claim": "1", "sure": "yes"}),
        ("undo", {"entry": "1"}),
    ):
        assert client.post(f"/people/{first}/{where}", said).status_code == 403
    assert client.post("/people/views", {"name": "x", "asked": ""}).status_code == 403


@pytest.mark.parametrize("role", ["delegation", "principal", "press", "family_desk", "auditor", "keeper", "medical"])
def test_other_roles_never_see_the_table(north: Served, role: str) -> None:
    first = add(north, somebody("Delta"))
    client = come_in(role)
    for where in ("/people", "/people/export/csv", f"/people/{first}"):
        assert client.get(where).status_code == 403
    assert client.post(f"/people/{first}/claim", {**CLAIM, "sure": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "query",
    ["after=99999999999999999999999", "find=%00", "find=" + "a+" * 40, "sort=x&after=-1", "power=%ff%fe", "find=%25_'"],
)
def test_strange_addresses_break_nothing(north: Served, query: str) -> None:
    add(north, somebody("Delta"))
    assert come_in("registrar").get(f"/people?{query}").status_code == 200


@pytest.mark.usefixtures("north")
def test_a_person_who_is_not_there() -> None:
    assert come_in("registrar").get("/people/99999999999999999999999").status_code in {404, 409}
    assert come_in("registrar").get("/people/77").status_code == 409


@pytest.mark.parametrize("language", ["ar", "en", "ru", "uk"])
def test_every_word_is_there_in_every_language(north: Served, language: str) -> None:
    first = add(north, [*somebody("Delta", category="soldier"), draft("birth_date", "1986-03-12", FAMILY)])
    client = come_in("registrar", language)
    assert 'dir="rtl"' in text_of(client, "/people") or language != "ar"
    assert text_of(client, f"/people/{first}")
