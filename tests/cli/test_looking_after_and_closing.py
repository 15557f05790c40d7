"""What a desk tells when something is not as it should be: clocks, keys, altered bundles, acts turned away, closing."""

from __future__ import annotations

from tests.cli.office import Office, invented

UNTIL = "2100-01-01"


def test_a_key_of_another_participant_signs_nothing_here(office: Office) -> None:
    found = office.do("north", "--as", "south/officer-1", "terms", "propose", "--clause", "3 for 3", "--json")
    assert (found.exit, found.json["code"]) == (3, "cli.other_desks_key")
    assert (
        office.do("north", "--as", "north/officer-1", "terms", "withdraw", "--json").json["code"] != found.json["code"]
    )


def test_a_time_far_from_the_last_is_asked_about(office: Office) -> None:
    found = office.do("neutral", "clock", "--now", "2099-01-01T00:00:00Z", "--json")
    assert (found.exit, found.json["code"]) == (3, "cli.clock_far")
    assert found.json["facts"]["days"] > 20_000
    office.ask("neutral", "clock", "--now", "2099-01-01T00:00:00Z", "--anyway")
    found = office.do("neutral", "doctor", "--json")
    looked = {one["about"]: one for one in found.json["looked_at"]}
    assert looked["clock"]["state"] == "broken"
    assert "no entry is taken back" in looked["clock"]["seen"]


def test_the_doctor_does_not_say_well_where_something_is_to_be_looked_at(office: Office) -> None:
    found = office.do("north", "doctor")
    assert "All is well" not in found.out
    assert "Worth a look: " in found.out
    (office.desk("north") / "keys" / "officer-2.age").unlink()
    looked = {one["about"]: one["state"] for one in office.ask("north", "doctor")["looked_at"]}
    assert looked["officers"] == "look"


def test_attack_a_whole_record_altered_at_equal_length_is_named_by_its_act(office: Office) -> None:
    record = office.stick / "record"
    office.ask("neutral", "bundle", "export", str(record), "--to", "north", "--from", "0")
    data = record.read_bytes()
    at = data.index(b'"issue_mandate"')
    at = data.index(b"2100-01-01", at)
    record.write_bytes(data[:at] + b"2199-01-01" + data[at + 10 :])
    found = office.do("north", "bundle", "import", str(record), "--json")
    assert (found.exit, found.json["code"]) == (3, "desk.act_not_genuine")
    assert found.json["facts"]["cause"] == "desk.spoiled_signature"
    assert found.json["facts"]["act"] > 0


def test_a_case_is_closed_and_its_keys_are_destroyed(office: Office) -> None:
    assert office.do("north", "erase", "keys", "--json").json["code"] == "desk.not_closed"
    for name, letter in (("north", "N"), ("south", "S")):
        office.ask(name, "list", "hand-in", office.sheet(invented(letter, 1, 2)), "--purpose", "offer")
    office.post(cosigned=True)
    for name in ("north", "south", "neutral"):
        office.ask(name, "close", "--residual-until", UNTIL)
        office.post()
    assert "erase keys" in office.do("north", "whatnow").out
    about = [one["about"] for one in office.ask("north", "doctor")["looked_at"]]
    assert "keys of rooms" in about
    assert office.ask("north", "erase", "keys")["forgotten"] == 3
    assert "erase keys" not in office.do("north", "whatnow").out
    assert office.do("north", "list", "open", "south/offer", "--json").exit == 3
    assert office.do("north", "list", "open", "north/offer", "--json").exit == 3
    assert office.ask("north", "replay")["account"]["standing"] == "closed"


def test_the_answer_of_closing_names_the_step_that_is_left(office: Office) -> None:
    assert "erase keys" in office.do("north", "close", "--residual-until", UNTIL).out


def test_attack_an_act_altered_on_its_way_is_turned_away_with_a_sentence_and_no_exit_zero(office: Office) -> None:
    office.ask("north", "suspend", "--reason", "weather")
    bundle = office.stick / "north"
    office.ask("north", "bundle", "export", str(bundle), "--to", "neutral")
    data = bundle.read_bytes()
    assert data.count(b'"weather"') == 1
    bundle.write_bytes(data.replace(b'"weather"', b'"weathir"'))
    found = office.do("neutral", "bundle", "import", str(bundle), "--json")
    assert (found.exit, found.json["ok"], found.json["code"]) == (1, False, "turned_away")
    away = found.json["turned_away"][0]
    assert (away["party"], away["code"]) == ("north", "desk.spoiled_signature")
    assert away["why"]
    assert away["next"]
    again = office.do("neutral", "bundle", "import", str(bundle))
    said = again.out + again.err
    assert "Turned away: act" in said
    assert away["next"] in said
