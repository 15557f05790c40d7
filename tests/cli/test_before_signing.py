"""What a desk says before its officer signs: what the act undoes or freezes, and what this desk alone can know."""

from __future__ import annotations

from tests.cli.office import Office, invented


def agreed(office: Office) -> None:
    office.ask("north", "terms", "propose", "--clause", "3 for 3", "--text", "en=Three for three.")
    office.post()
    office.ask("south", "terms", "agree")
    office.post()


def listed(office: Office) -> None:
    for name, letter in (("north", "N"), ("south", "S")):
        office.ask(name, "list", "hand-in", office.sheet(invented(letter, 1, 3)), "--purpose", "offer")
    office.post(cosigned=True)


def test_a_proposal_that_undoes_an_agreement_says_so_before_it_is_signed(office: Office) -> None:
    agreed(office)
    again = ("terms", "propose", "--clause", "2 for 2", "--text", "en=Two for two.")
    dry = office.do("north", "--dry-run", *again)
    assert "ALARM        north proposed new terms; the agreement on the old ones" in dry.out
    assert office.ask("north", "--dry-run", *again)["alarms"][0]["code"] == "terms.agreement_undone"
    assert office.ask("north", *again)["alarms"][0]["code"] == "terms.agreement_undone"


def test_what_alarms_nobody_says_nothing(office: Office) -> None:
    found = office.ask("north", "--dry-run", "terms", "propose", "--clause", "3 for 3", "--text", "en=Three.")
    assert "alarms" not in found


def test_a_list_whose_file_is_not_here_is_not_acknowledged(office: Office) -> None:
    office.ask("north", "list", "hand-in", office.sheet(invented("N", 1, 3)), "--purpose", "offer")
    office.post(cosigned=True)
    found = office.do("south", "list", "acknowledge", "--count", "3", "--json")
    assert (found.exit, found.json["code"]) == (3, "desk.sealed_until_both")
    refused = {one["kind"]: one for one in office.ask("south", "whatnow")["may_not"]}
    assert refused["acknowledge_list"]["refused"] == "desk.sealed_until_both"
    assert refused["acknowledge_list"]["why"]


def test_another_number_of_rows_than_the_file_holds_is_not_signed(office: Office) -> None:
    listed(office)
    found = office.do("south", "list", "acknowledge", "--count", "2", "--json")
    assert (found.exit, found.json["code"], found.json["facts"]) == (3, "desk.other_count", {"rows": 3, "said": 2})
    assert office.ask("south", "list", "acknowledge")["deed"]["count"] == 3


def test_the_newest_version_is_meant_where_none_is_named(office: Office) -> None:
    listed(office)
    office.ask("north", "list", "hand-in", office.sheet(invented("N", 1, 4)), "--purpose", "offer")
    office.post(cosigned=True)
    assert office.ask("south", "list", "acknowledge")["deed"]["count"] == 4
    assert office.refused("south", "list", "acknowledge") == "lists.acknowledged_already"
