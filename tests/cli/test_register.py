"""The register from the command line: look, import, find, undo, export; and the list that is looked over before it goes."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from parley.registers.sheet import Person
from parley.registers.sheets import open_book
from tests.cli.office import Office, Typed, invented, typed

HEAD = "Список станом на 01.05.2025\n\n№,Прізвище,Ім'я,Дата народження,Звання,Жетон\n"
ROWS = "1,Лис,Іван,21.03.1985,солдат,А-1\n2,Дуб,Олена,03/04/1986,капітан,А-2\n3,ЛИС,іван,1985-03-21,,\n"


class Register:
    """A folder with a list and an office's data; ``do`` types a command there."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.list = place / "list.csv"
        self.list.write_text(HEAD + ROWS, encoding="utf-8")
        self.map = place / "map.toml"

    def do(self, *words: str) -> Typed:
        return typed("--desk", str(self.place), "--json", *words)

    def ask(self, *words: str) -> dict[str, Any]:
        found = self.do(*words)
        assert found.exit == 0, (words, found)
        return found.json

    def fill(self) -> Register:
        self.ask("look", str(self.list), "--map", str(self.map), "--report", str(self.place / "a.html"))
        self.ask(
            "register",
            "import",
            str(self.list),
            "--map",
            str(self.map),
            "--source",
            "own_unit",
            "--dated",
            "2025-05-01",
        )
        return self

    def names(self, *words: str) -> list[str]:
        people = self.ask("register", "find", *words)["people"]
        return [one["name"] for one in people]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path)


# -- looking


def test_looking_says_what_is_there_writes_a_page_and_stores_nothing(register: Register) -> None:
    page = register.place / "page.html"
    found = register.ask("look", str(register.list), "--report", str(page), "--map", str(register.map))
    assert found["stored"] is False
    (file,) = found["files"]
    (sheet,) = file["sheets"]
    assert (sheet["header"], sheet["rows"], sheet["doubles"]["groups"]) == (3, 3, 1)
    assert sheet["map"] == {"B": "surname", "C": "given_names", "D": "birth_date", "E": "rank", "F": "number"}
    dates = next(one["dates"] for one in sheet["columns"] if one["field"] == "birth_date")
    assert (dates["full"], dates["unclear"]) == (2, 1)
    text = page.read_text(encoding="utf-8")
    assert "<bdi>" in text
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert not any(outside in text for outside in ("http:", "https:", "<script", "src=", "url(", "Лис", "Дуб"))
    assert not (register.place / "office.sqlite").exists()
    assert typed("look", str(register.list), "--report", str(page)).out.startswith("list.csv\nEncoding: utf-8 (valid)")


@pytest.mark.parametrize("language", ["uk", "ru", "ar", "en"])
def test_the_page_is_in_the_readers_language_and_bends_to_no_heading(register: Register, language: str) -> None:
    evil = "Прізвище <script>alert(1)</script>\u202e"
    register.list.write_text(f'"{evil}",Дата народження\nЛис,31117\n', encoding="utf-8")
    page = register.place / "page.html"
    register.ask("look", str(register.list), "--report", str(page), "--language", language)
    text = page.read_text(encoding="utf-8")
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in text
    assert "<script" not in text
    assert "\u202e" not in text


def test_a_dry_look_writes_nothing_at_all(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(register.place)
    register.ask("look", str(register.list), "--map", str(register.map), "--dry-run")
    assert sorted(one.name for one in register.place.iterdir()) == ["list.csv"]


# -- taking in and taking back


def test_an_import_can_be_tried_done_undone_and_brought_back(register: Register) -> None:
    register.ask("look", str(register.list), "--map", str(register.map), "--dry-run")
    words = ("register", "import", str(register.list), "--map", str(register.map), "--source", "own_unit")
    assert register.do(*words).json["code"] == "cli.no_such_file"
    assert register.do("look", "nowhere.csv").json["code"] == "cli.no_such_file"
    register.ask("look", str(register.list), "--map", str(register.map), "--report", str(register.place / "a.html"))
    tried = register.ask(*words, "--dry-run")
    assert (tried["people"], tried["stored"], tried["doubts"]) == (3, False, {"day_month_order": 1})
    assert not (register.place / "office.sqlite").exists()
    done = register.ask(*words, "--as", "officer-7")
    assert (done["entry"], done["people"], done["who"]) == (1, 3, "officer-7")
    assert register.names() == ["Лис Іван", "Дуб Олена", "ЛИС іван"]
    register.ask("register", "undo", "1")
    assert register.names() == []
    again = register.do("register", "undo", "1")
    assert (again.exit, again.json["code"]) == (3, "office.undone_already")
    register.ask("register", "undo", "2")
    assert len(register.names()) == 3
    entries = register.ask("register", "history")["entries"]
    assert [(one["entry"], one["undoes"], one["undone_by"]) for one in entries] == [(3, 2, 0), (2, 1, 3), (1, 0, 0)]


def test_an_import_that_fails_in_its_last_row_keeps_nothing(register: Register) -> None:
    register.fill()
    with register.list.open("a", encoding="utf-8") as file:
        file.write("4," + "x" * 20_000 + ",,,,\n")
    words = ("register", "import", str(register.list), "--map", str(register.map), "--source", "own_unit")
    found = register.do(*words)
    assert (found.exit, found.json["code"]) == (3, "intake.cell_too_long")
    assert found.json["facts"] == {"sheet": 1, "row": 7, "column": "B", "most": 10_000}
    assert len(register.names()) == 3


def test_people_of_followthemoney_and_pfif_are_taken_in(register: Register) -> None:
    entity = {"schema": "Person", "properties": {"name": ["Ivan Lys"], "birthDate": ["1985"]}}
    (register.place / "a.json").write_text(json.dumps(entity))
    (register.place / "a.xml").write_text(
        '<pfif xmlns="http://zesty.ca/pfif/1.4"><person><person_record_id>x</person_record_id>'
        "<full_name>Olena Dub</full_name></person></pfif>"
    )
    for name in ("a.json", "a.xml"):
        register.ask("register", "import", str(register.place / name), "--source", "open_tracing")
    assert register.names() == ["Ivan Lys", "Olena Dub"]


def test_an_unknown_kind_of_source_is_refused_before_anything_is_read(register: Register) -> None:
    found = register.do("register", "import", str(register.list), "--map", str(register.map), "--source", "rumour")
    assert (found.exit, found.json["code"]) == (3, "register.claim_malformed")


# -- finding and showing


def test_people_are_found_and_shown_with_the_reason_of_each_status(register: Register) -> None:
    register.fill()
    assert register.names("лис") == ["Лис Іван", "ЛИС іван"]
    assert register.names("--where", "birth_date=1985", "--where", "rank=Солдат") == ["Лис Іван"]
    assert register.ask("register", "find", "--most", "1")["more"] is True
    for evidence in ("laboratory", "certificate"):
        register.ask(
            "register", "claim", "1", "vital=dead", "--source", "registry", "--evidence", evidence, "--dated", "2024"
        )
    assert register.names("лис") == ["Лис Іван", "ЛИС іван"]
    register.ask("register", "claim", "1", "vital=alive", "--source", "returned_comrade", "--dated", "2025-05")
    statuses = register.ask("register", "show", "1")["statuses"]
    assert (statuses["vital"]["value"], statuses["vital"]["alarm"], len(statuses["vital"]["claims"])) == (
        "disputed",
        True,
        3,
    )
    shown = typed("--desk", str(register.place), "--language", "uk", "register", "show", "1").out
    assert "перегляньте негайно" in shown
    assert "own_unit, 2025-05-01, list.csv 1!B4, claim 1" in shown


def test_claims_are_withdrawn_and_expire_and_stay_to_be_seen(register: Register) -> None:
    register.fill()
    register.ask("register", "claim", "1", "custody=held", "--source", "bureau", "--expires", "2025-01-01")
    register.ask("register", "withdraw", "1")
    shown = register.ask("register", "show", "1")
    claims = shown["claims"]
    assert [(one["field"], one["counts"]) for one in claims if not one["counts"]] == [
        ("surname", False),
        ("custody", False),
    ]
    assert register.do("register", "withdraw", "1").json["code"] == "office.no_such_claim"
    assert register.do("register", "show", "99").json["code"] == "office.no_such_person"


def test_doubles_are_named_and_nobody_is_merged(register: Register) -> None:
    register.fill()
    assert register.ask("register", "doubles")["groups"] == [[1, 3]]
    assert len(register.names()) == 3


def test_doubles_are_seen_across_scripts_with_a_score(register: Register) -> None:
    rows = "Прізвище,Ім'я,По батькові,Дата народження\nЛисенко,Сергій,Іванович,21.03.1985\nДуб,Олег,Петрович,1990\n"
    register.list.write_text(
        rows + "Lysenko,Serhii,Ivanovych,21.03.1985\nКлен,Андрій,Олегович,11.12.1979\n", encoding="utf-8"
    )
    found = register.fill().ask("register", "doubles", "--spelled")
    assert found["groups"] == []
    assert [(one["a"], one["b"]) for one in found["pairs"]] == [(1, 3)]
    assert 0 < found["pairs"][0]["probability"] <= 1


# -- giving out


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_is_exactly_what_was_found_with_where_it_came_from(register: Register, ending: str) -> None:
    register.fill()
    register.ask("register", "claim", "1", "health=ill", "--source", "family", "--intermediary-only")
    out = register.place / f"out.{ending}"
    assert register.ask("register", "export", str(out), "лис", "--where", "rank=солдат")["people"] == 1
    head, *rows = [list(row.cells) for row in open_book(out).sheets[0].rows()]
    (row,) = rows
    cells = dict(zip((one.lstrip("\ufeff") for one in head), row, strict=True))
    assert (cells["person"], cells["surname"], cells["birth_date"]) == ("1", "Лис", "21.03.1985")
    assert cells["surname source"] == "own_unit, 2025-05-01, list.csv 1!B4, claim 1"
    assert "health" not in cells
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert register.do("register", "export", str(out)).json["code"] == "cli.exists"


def test_an_export_for_programs_is_followthemoney(register: Register) -> None:
    register.fill()
    register.ask("register", "export", str(register.place / "out.json"), "дуб")
    (line,) = (register.place / "out.json").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["properties"]["lastName"] == ["Дуб"]
    assert "birthDate" in json.loads(line)["properties"]  # the year alone is sure
    assert json.loads(line)["properties"]["birthDate"] == ["1986"]


def test_a_template_in_each_language(register: Register) -> None:
    for language in ("en", "uk", "ru", "ar"):
        out = register.place / f"{language}.xlsx"
        assert register.ask("register", "template", str(out), "--in", language)["headings"]
        assert out.exists()


def test_office_data_that_are_none_are_left_alone(register: Register) -> None:
    (register.place / "office.sqlite").write_text("these are not the office's data, but something else")
    found = register.do("register", "find")
    assert (found.exit, found.json["code"]) == (3, "office.unreadable")
    assert (register.place / "office.sqlite").read_text().startswith("these")


# -- before a list is handed in


def test_a_list_with_a_double_waits_until_somebody_has_looked(office: Office) -> None:
    twice = [
        *invented("N", 1, 2),
        Person("N3", {"surname": "Invented-N-9", "given_names": "A", "birth_date": "1985", "category": "soldiers"}),
    ]
    twice.append(Person("N4", dict(twice[2].fields)))
    words = ("list", "hand-in", office.sheet(twice), "--purpose", "offer")
    stopped = office.do("north", *words, "--json")
    assert (stopped.exit, stopped.json["code"], stopped.json["facts"]) == (1, "preflight.not_clean", {"count": 1})
    assert {"code": "preflight.double", "line": "N4", "other": "N3"} in stopped.json["found"]
    assert "Invented" not in stopped.out + stopped.err
    shown = office.do("north", *words, "--language", "uk")
    assert "Рядки N4 і N3 можуть бути однією особою." in shown.err
    assert office.ask("north", *words, "--anyway")["found"]


def test_who_is_back_or_claimed_dead_in_the_register_is_named_before_the_list_goes(office: Office) -> None:
    lines = [
        Person(
            f"N{number}",
            {"surname": f"Лис{number}", "given_names": "Іван", "birth_date": "21.03.1985", "category": "soldiers"},
        )
        for number in (1, 2, 3)
    ]
    sheet = office.place / "people.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["surname", "given_names", "birth_date"], *(list(one.fields.values())[:3] for one in lines)]
        )
    (office.place / "map.toml").write_text('[columns]\nA = "surname"\nB = "given_names"\nC = "birth_date"\n')
    office.ask(
        "north", "register", "import", str(sheet), "--map", str(office.place / "map.toml"), "--source", "own_unit"
    )
    office.ask("north", "register", "claim", "1", "custody=returned", "--source", "own_unit")
    office.ask("north", "register", "claim", "2", "vital=dead", "--source", "family")
    words = ("list", "hand-in", office.sheet(lines), "--purpose", "offer")
    stopped = office.do("north", *words, "--json")
    codes = [
        (one["code"], one["line"])
        for one in stopped.json["found"]
        if one["code"] in {"preflight.returned", "preflight.dead"}
    ]
    assert (stopped.exit, codes) == (1, [("preflight.returned", "N1"), ("preflight.dead", "N2")])
    handed = office.ask("north", *words, "--anyway")
    assert handed["ok"] is True
