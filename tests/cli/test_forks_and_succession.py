"""When a participant signs twice, and when the neutral is gone: the commands by which the case goes on."""

from __future__ import annotations

import shutil

from tests.cli.office import Office, chunks


def test_two_acts_with_one_number_are_kept_reported_and_settled(office: Office) -> None:
    """A copy of the north's desk signs another act under the same number: both notes together are the proof."""
    twin = office.place / "twin"
    shutil.copytree(office.desk("north"), twin)
    office.ask("north", *chunks("suspend --reason weather"))
    office.carry("north", "neutral")
    office.ask("twin", *chunks("suspend --reason security"))
    file = office.stick / "twin.bundle"
    office.ask("twin", "bundle", "export", str(file))
    imported = office.do("neutral", "bundle", "import", str(file), "--json")
    assert imported.exit == 1
    turned_away = imported.json["turned_away"]
    assert [(one["party"], one["code"]) for one in turned_away] == [("north", "desk.chain_fork")]
    (fork,) = office.ask("neutral", "fork", "list")["forks"]
    assert fork["party"] == "north"
    office.ask("neutral", "fork", "report")
    office.post()
    assert office.ask("south", "replay")["account"]["alarms"][0]["code"] == "contact.fork"
    assert office.refused("north", *chunks("resume")) == "contact.chain_forked"
    office.ask("north", "fork", "choose")
    office.post()
    office.ask("north", "resume")
    office.post()
    assert office.ask("south", "replay")["account"]["standing"] == "running"


def test_nobody_reports_a_fork_without_proof(office: Office) -> None:
    found = office.do("south", "fork", "report", "--json")
    assert (found.exit, found.json["code"]) == (2, "cli.missing")
    note = office.place / "note"
    note.write_text("exchange.act/1\nnot an act\n")
    words = ("fork", "report", "--participant", "north", "--note", str(note), "--note", str(note))
    assert office.refused("south", *words) == "contact.fork_not_proven"


def test_another_neutral_goes_on_from_the_last_checkpoint_that_all_have_cosigned(office: Office) -> None:
    office.post(cosigned=True)
    office.desk("east").mkdir()
    office.ask("east", *chunks("desk init --name east --role neutral --letters E --practice --work 10"))
    draft, log = str(office.stick / "succession"), str(office.stick / "log")
    new = str(office.desk("east") / "enrolment.json")
    office.ask("north", "case", "succeed", "--origin", "practice-1/east", "--neutral", new, "--out", draft)
    for name in ("north", "south"):
        office.ask(name, "case", "sign", draft)
    size = office.ask("north", "desk", "show")["three_signed"]
    office.ask("neutral", "bundle", "export", log, "--from", "0")
    office.ask("east", "bundle", "import", log)
    found = office.ask("east", "case", "enter", draft)
    assert found["position"] == size
    for name in ("north", "south"):
        office.carry("east", name)
        assert office.ask(name, "desk", "show")["acts"] == office.ask("east", "desk", "show")["acts"]
    office.ask("east", "mandate", "issue", "--until", "2100-01-01T00:00:00Z")
    office.ask("north", *chunks("suspend --reason consultation"))
    office.carry("north", "east")
    office.carry("east", "south")
    assert office.ask("south", "replay")["account"]["standing"] == "suspended"
