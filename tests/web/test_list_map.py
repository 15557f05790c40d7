"""A list handed in from a table as somebody sent it: columns shown as written, named on the page, nothing kept before."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parley.web.served import Served
from tests.web.conftest import come_in

HEADER = ("№", "Прізвище", "Імʼя", "д.н.", "Звання", "next of kin")
ROWS = (
    ("901", "Ковальчук", "Олег", "12.03.1985", "солдат", "wife, by telephone"),
    ("902", "<b>Бондар</b>", "=1+1", "03/04/81", "сержант", "mother"),
    ("903", "\u202eЦенко", "Іван", "1979", "", ""),
)
MAP = {"column_A": "line", "column_B": "surname", "column_C": "given_names", "column_D": "birth_date"}


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows((header, *rows))
    return out.getvalue().encode()


def send(client: Client, data: bytes, **said: str) -> tuple[int, str, str]:
    """Send a table with what the form says; returns the status, where it leads, and the page."""
    form = {"purpose": "request", "counterpart": "south", "list": SimpleUploadedFile("list.csv", data), **said}
    answer = client.post("/lists/hand-in", form)
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def digest(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_a_messy_table_shows_its_columns_and_is_handed_in_by_a_mended_map(north: Served) -> None:
    client, data = come_in("registrar"), table(*ROWS)
    before = north.desk.size, len(north.desk.waiting)
    status, _, page = send(client, data)
    assert status == 409 or "column_B" in page
    for text in ("Прізвище", "Ковальчук", "12.03.1985", "1985-03-12", "wife, by telephone"):
        assert text in page, text  # what is written, and beside it what it was read as
    first = digest(page)
    status, _, page = send(client, data, digest=first, header="1", **MAP)
    assert (status, "sheet.column_missing" in page) == (409, True)  # nothing says the category yet
    category = re.search(
        r'<select id="for_all_category".*?<option(?: value="")?>–</option><option>([^<]+)', page, re.DOTALL
    )
    assert category is not None
    said = {"digest": first, "header": "1", "for_all_category": category[1], "letters": "N", **MAP}
    status, where, page = send(client, data, **said, anyway="yes")
    assert (status, where.startswith("/draft/")) == (302, True), page[-3000:]
    assert (north.desk.size, len(north.desk.waiting)) == before  # nothing was signed
    shown = client.get(where).content.decode()
    assert "N901" in shown
    assert "telephone" not in shown


@pytest.mark.usefixtures("north")
def test_rows_that_cannot_be_read_are_named_by_place_and_nobody_is_left_out_in_silence() -> None:
    client = come_in("registrar")
    data = table(*ROWS, ("904", "", "Nameless", "", "", ""), ("901", "Twice", "Once", "", "", ""))
    _, _, page = send(client, data)
    said = {"digest": digest(page), "header": "1", "letters": "N", "for_all_category": "soldier", **MAP}
    status, _, page = send(client, data, **said)
    assert status == 409
    for code in ("sheet.cell_missing", "sheet.line_double"):
        assert code in page, code


@pytest.mark.usefixtures("north")
def test_a_map_is_never_used_for_another_file_unseen() -> None:
    client = come_in("registrar")
    _, _, page = send(client, table(*ROWS))
    other = table(("1", "Else", "Some", "", "", ""))
    said = {"digest": digest(page), "header": "1", "letters": "N", "for_all_category": "soldier", **MAP}
    status, where, again = send(client, other, **said, anyway="yes")
    assert not where
    assert status in (200, 409)
    assert digest(again) != said["digest"]
    assert 'role="alert"' in again


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"column_B": "line"}, "sheet.column_double"),
        ({"column_B": "next_of_kin"}, "sheet.column_unknown"),
        ({"column_B": ""}, "sheet.column_missing"),
        ({"letters": "n-1"}, "sheet.letters_malformed"),
        ({"header": "99999999999999"}, ""),
    ],
)
@pytest.mark.usefixtures("north")
def test_a_map_that_is_wrong_is_refused_in_words(wrong: dict[str, str], code: str) -> None:
    client, data = come_in("registrar"), table(*ROWS)
    _, _, page = send(client, data)
    said = {"digest": digest(page), "header": "1", "letters": "N", "for_all_category": "soldier", **MAP, **wrong}
    status, where, page = send(client, data, **said)
    assert not where or not code
    assert status in (200, 302, 409)
    assert code in page


@pytest.mark.usefixtures("north")
def test_cells_are_text_in_every_language_and_no_cell_stands_in_a_refusal() -> None:
    data = table(*ROWS)
    for language in ("en", "uk", "ru", "ar"):
        _, _, page = send(come_in("registrar", language), data)
        assert "<b>Бондар" not in page
        assert "\u202eЦенко" not in page
        assert "list_map." not in re.sub(r'(name|id|for|src|href)="[^"]*"', "", page)


@pytest.mark.usefixtures("north")
def test_other_roles_hand_nothing_in() -> None:
    for role in ("press", "principal", "auditor", "family_desk"):
        assert send(come_in(role), table(*ROWS))[0] == 403
