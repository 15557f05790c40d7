"""What stands in sealed rows is held against the terms at each desk, before its officer signs."""

from __future__ import annotations

from parley.registers.sheet import Person
from tests.cli.office import Office, invented

ALL = "all for all, captured before 2025-05-01, status combatants, held according to neutral_visits"


def captured(letters: str, *days: str) -> list[Person]:
    """Return invented people, each captured on a day."""
    people = invented(letters, 1, len(days))
    return [Person(one.line, {**one.fields, "capture_date": day}) for one, day in zip(people, days, strict=True)]


def test_a_list_is_not_signed_for_people_captured_after_the_cut_off(office: Office) -> None:
    office.ask("north", "terms", "propose", "--clause", ALL, "--text", "en=all for all")
    office.post()
    office.ask("south", "terms", "agree")
    office.post()
    told = office.do(
        "north",
        *["list", "hand-in", office.sheet(captured("N", "2025-04-30", "2025-05-02", "2025")), "--purpose", "offer"],
    )
    assert told.exit == 0
    assert "the row contradicts: N2" in told.out
    assert "the row does not tell: N3" in told.out
    office.ask("south", "list", "hand-in", office.sheet(captured("S", "2025-04-01")), "--purpose", "offer")
    office.post(cosigned=True)
    assert office.ask("south", "list", "open", "north/offer")["outside"] == ["N2"]
    words = ["list", "sign-final", "--giving", "north", "--receiving", "south", "--lines"]
    for name in ("north", "south"):
        found = office.do(name, *words, "N1-N3", "--json")
        assert (found.exit, found.json["code"]) == (3, "desk.rows_outside_terms"), found
    said = office.do("south", *words, "N1,N3")
    assert said.exit == 0
    assert "the row does not tell: N3" in said.out


def test_nobody_captured_after_the_cut_off_is_brought_in_by_a_substitution(office: Office) -> None:
    office.ask("north", "terms", "propose", "--clause", ALL, "--text", "en=all for all")
    office.post()
    office.ask("south", "terms", "agree")
    office.post()
    sheet = office.sheet(captured("N", "2025-04-30", "2025-05-02"))
    office.ask("north", "list", "hand-in", sheet, "--purpose", "offer")
    office.ask("south", "list", "hand-in", office.sheet(captured("S", "2025-04-01")), "--purpose", "offer")
    office.post(cosigned=True)
    words = ["list", "sign-final", "--giving", "north", "--receiving", "south", "--lines", "N1"]
    for name in ("north", "south"):
        office.ask(name, *words)
        office.post()
    found = office.do("north", "list", "substitute", "--out", "N1", "--into", "N2", "--reason", "dead", "--json")
    assert (found.exit, found.json["code"]) == (3, "desk.rows_outside_terms"), found
