"""People who may be one, in the browser: found, judged alone and a second time blind, taken back; nobody merged."""

import re
import time
from collections.abc import Sequence

import pytest
from django.test import Client

from parley.registers.claims import Draft, PersonId, draft
from parley.store.office import Query
from parley.web.served import Served
from parley.words import Moment
from tests.web.conftest import browser, come_in
from tests.web.test_people_in_pages import HOSTILE, LIST, SECRET, add, somebody, text_of

AT = Moment("2025-05-16T09:00:00Z")


def crowd(served: Served) -> tuple[PersonId, PersonId]:
    """Add a pair spelled in two scripts, a namesake and many others; return the pair."""
    others = [
        somebody(f"Surname{n}", f"Given{n % 7}", birth_date=f"19{60 + n % 40}-0{1 + n % 9}-11") for n in range(60)
    ]
    first = add(
        served,
        somebody("Ковальчук", "Олег", father_name="Іванович", number="N100200", birth_place="Мрія"),
        somebody("Kovalchuk", "Oleh", father_name="Ivanovych", number="N100200", birth_place="Mriia"),
        *others,
    )
    return first, PersonId(first + 1)


def looked_for(client: Client, served: Served, **said: str) -> str:
    """Begin a search and wait until it is over; return the page."""
    assert client.post("/doubles", said).status_code == 302
    until = time.monotonic() + 60
    while served.doubles.last is not None and not served.doubles.last.over and time.monotonic() < until:
        time.sleep(0.05)
    return text_of(client, "/doubles")


def pairs(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="(/doubles/\d+/\d+)"', page)


def test_a_pair_across_scripts_is_found_explained_and_judged_and_nobody_is_merged(north: Served) -> None:
    a, b = crowd(north)
    before = len(north.office.find(Query()))
    client = come_in("registrar")
    assert f"/doubles/{a}/{b}" in pairs(looked_for(client, north))
    page = text_of(client, f"/doubles/{a}/{b}")
    for word in ("Ковальчук", "Kovalchuk", "the same", f'src="/doubles/{a}/{b}/why.svg"'):
        assert word in page, word
    picture = client.get(f"/doubles/{a}/{b}/why.svg")
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert picture.content.startswith(b"<svg")
    assert "script" not in picture.headers["Content-Security-Policy"]
    answer = client.post(f"/doubles/{a}/{b}", {"verdict": "same"})
    assert "?done=" in answer.headers["Location"]
    (kept,) = north.office.judgements()
    assert (kept.id_a, kept.id_b, kept.verdict, kept.blind) == (str(a), str(b), "same", False)
    assert len(north.office.find(Query())) == before
    assert f"/doubles/{a}/{b}" not in pairs(text_of(client, "/doubles"))


def test_a_second_reviewer_is_blind_until_both_have_decided_and_differences_are_named(north: Served) -> None:
    a, b = crowd(north)
    first, second = come_in("registrar"), come_in("exchange_office")
    looked_for(first, north)
    first.post(f"/doubles/{a}/{b}", {"verdict": "same"})
    assert pairs(text_of(second, "/doubles"))[0] == f"/doubles/{a}/{b}"
    blind = text_of(second, f"/doubles/{a}/{b}")
    assert "Somebody has decided about this pair" in blind
    assert "registrar" not in blind.split("<main")[1]
    second.post(f"/doubles/{a}/{b}", {"verdict": "different"})
    seen = text_of(second, f"/doubles/{a}/{b}")
    assert "without having seen" not in seen  # the first had nobody before them; the second's own blindness is kept
    assert [one.blind for one in north.office.judgements()] == [False, True]
    for client in (first, second):
        differing = text_of(client, "/doubles").split('id="differing"')[1]
        assert f'href="/doubles/{a}/{b}"' in differing
    assert "without having seen" in text_of(first, f"/doubles/{a}/{b}")


def test_a_verdict_is_taken_back_by_whoever_gave_it_alone(north: Served) -> None:
    a, b = crowd(north)
    mine, other = come_in("registrar"), come_in("exchange_office")
    entry = str(mine.post(f"/doubles/{a}/{b}", {"verdict": "unsure"}).headers["Location"]).rpartition("=")[2]
    assert other.post("/doubles/undo", {"entry": entry}).status_code == 404
    assert len(north.office.judgements()) == 1
    assert mine.post("/doubles/undo", {"entry": entry}).status_code == 302
    assert north.office.judgements() == ()
    again = mine.post("/doubles/undo", {"entry": entry})
    assert again.status_code == 409, again.content.decode()
    imported = add(north, somebody("Bedrov"))
    number = next(one.number for one in north.office.history(person=imported))
    assert mine.post("/doubles/undo", {"entry": str(number)}).status_code == 404


def test_what_is_for_the_neutral_alone_makes_no_pair(north: Served) -> None:
    secret: Sequence[Draft] = [draft("number", "N777000", SECRET), draft("surname", "Ковальчук", SECRET)]
    a, b = crowd(north)
    third = add(north, [*somebody("Unlike", "Nobody", birth_date="1950-01-01"), *secret])
    page = looked_for(come_in("registrar"), north)
    assert f"/doubles/{a}/{b}" in pairs(page)
    assert not [one for one in pairs(page) if str(third) in one.split("/")]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_are_text(north: Served, hostile: str) -> None:
    twice = [draft("surname", hostile, LIST), draft("given_names", "Dana", LIST), draft("number", "Z123456", LIST)]
    a = add(north, twice, twice, *(somebody(f"Surname{n}") for n in range(20)))
    client = come_in("registrar")
    looked_for(client, north)
    for where in ("/doubles", f"/doubles/{a}/{a + 1}"):
        page = text_of(client, where)
        assert "<script>alert" not in page
        assert "\u202e" not in page
    picture = client.get(f"/doubles/{a}/{a + 1}/why.svg").content.decode()
    assert "<script" not in picture


def test_only_who_works_with_names_sees_pairs_and_forged_forms_do_nothing(north: Served) -> None:
    a, b = crowd(north)
    for role in ("press", "principal", "family_desk", "auditor", "keeper", "delegation"):
        client = come_in(role)
        for where in ("/doubles", f"/doubles/{a}/{b}", f"/doubles/{a}/{b}/why.svg"):
            assert client.get(where).status_code == 403, (role, where)
        assert client.post(f"/doubles/{a}/{b}", {"verdict": "same"}).status_code == 403
    forged = Client(raise_request_exception=False, headers={"host": "localhost"}, enforce_csrf_checks=True)
    forged.cookies.update(come_in("registrar").cookies)
    for where in ("/doubles", f"/doubles/{a}/{b}", "/doubles/undo"):
        assert forged.post(where, {"verdict": "same", "entry": "1"}).status_code == 403
    assert north.office.judgements() == ()
    assert north.doubles.last is None
    assert browser().get("/doubles").status_code == 302


def test_strange_addresses_break_nothing(north: Served) -> None:
    a, _ = crowd(north)
    client = come_in("registrar")
    for where in (f"/doubles/{a}/{a}", f"/doubles/{a}/99999999", "/doubles/0/0", f"/doubles/{a}/{'9' * 40}"):
        assert client.get(where).status_code == 404, where
    assert client.post(f"/doubles/{a}/{a + 1}", {"verdict": "merge"}).status_code == 400
    assert client.get("/doubles/undo").status_code == 404


@pytest.mark.parametrize("language", ["en", "uk", "ru", "ar"])
def test_every_word_is_there_in_every_language(north: Served, language: str) -> None:
    a, b = crowd(north)
    client = come_in("registrar", language)
    looked_for(client, north)
    client.post(f"/doubles/{a}/{b}", {"verdict": "same"})
    come_in("exchange_office").post(f"/doubles/{a}/{b}", {"verdict": "different"})
    for where in ("/doubles", f"/doubles/{a}/{b}"):
        assert "doubles." not in re.sub(r'(src|href)="[^"]*"', "", text_of(client, where))
