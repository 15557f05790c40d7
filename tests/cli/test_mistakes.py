"""What officers get wrong, and what they are told: the sentence, the next step, and the exit code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.office import Office, invented, typed


def test_a_word_that_is_no_noun(office: Office) -> None:
    found = office.do("north", "lists", "open", "3")
    assert found.exit == 2
    assert "did you mean list" in found.err
    assert "Traceback" not in found.err


def test_an_option_that_does_not_exist(office: Office) -> None:
    found = office.do("north", "terms", "agree", "--wat", "--json")
    assert (found.exit, found.json["code"]) == (2, "cli.usage")


@pytest.mark.parametrize(
    "words",
    [
        ("--language", "klingon", "whatnow"),
        ("--desk",),
        ("--as", "officer-1,officer-1", "terms", "agree"),
        ("--json=yes", "whatnow"),
    ],
    ids=lambda words: words[0],
)
def test_settings_that_make_no_sense(words: tuple[str, ...]) -> None:
    found = typed(*words)
    assert found.exit == 2
    assert found.err.startswith("cli.usage: ")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("family", "notify", "--lines", "N3-N1"), "--lines"),
        (("family", "notify", "--lines", "somebody"), "--lines"),
        (("suspend", "--reason", "weather", "--until", "tomorrow"), "--until"),
        (("close", "--residual-until", "2025-02-31T"), "--residual-until"),
        (("handover", "close", "--difference", "N1 was lost"), "--difference"),
        (("verify", "match", "--grade", "sure", "--pair", "N1"), "--pair"),
        (("terms", "propose", "--clause", "a good deal"), "--clause"),
        (("handover", "book", "--book", "abc", "--outcomes", "RECEIVED N1"), "--book"),
        (("talks", "close", "--minutes", "long"), "--minutes"),
        (("terms", "agree", "--terms", "999"), "--terms"),
        (("terms", "agree", "--terms", "zebra"), "--terms"),
        (("talks", "close", "--minutes", "9" * 40), "--minutes"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_a_value_that_cannot_be_understood_is_told_with_its_option(
    words: tuple[str, ...], option: str, office: Office
) -> None:
    found = office.do("north", *words, "--json")
    assert found.exit == 2, found
    assert found.json["code"] == "cli.value"
    assert found.json["facts"]["option"] == option


def test_what_is_left_to_say_is_named(office: Office) -> None:
    found = office.do("north", "movement", "route", "--json")
    assert found.exit == 2
    assert found.json["facts"]["missing"] == "--means, --vehicles, --abort-at"


def test_a_choice_is_never_taken_for_granted(office: Office) -> None:
    """Which proposal is meant is plain; whether to agree to it, and for how long somebody is ready, is not."""
    found = office.do("neutral", *["verify", "readiness", "--ready", "N1"], "--json")
    assert found.json["facts"]["missing"] == "--valid-until"


def test_what_the_rules_refuse_is_told_in_the_language_asked(office: Office) -> None:
    said = {
        language: office.do("north", "list", "final-reply", "--list", "0", "--language", language)
        for language in ("en", "uk", "ru", "ar")
    }
    assert {one.exit for one in said.values()} == {1}
    assert len({one.err for one in said.values()}) == 4
    assert all(one.err.startswith("lists.no_such_list: ") and one.err.count("\n") == 2 for one in said.values())


def test_a_wrong_passphrase(office: Office) -> None:
    office.secret.write_text("battery staple\n")
    found = office.do("north", *["suspend", "--reason", "weather", "--json"])
    assert (found.exit, found.json["code"]) == (3, "keyfile.wrong_passphrase")


def test_no_passphrase_and_nobody_to_ask(office: Office) -> None:
    found = typed("--desk", str(office.desk("north")), *["suspend", "--reason", "weather", "--yes", "--json"])
    assert (found.exit, found.json["code"]) == (3, "cli.no_passphrase")


def test_each_key_may_have_its_passphrase_in_the_environment(office: Office) -> None:
    words = ("--desk", str(office.desk("north")), *["suspend", "--reason", "weather", "--yes", "--json"])
    assert typed(*words, environment={"PARLEY_PASSPHRASE_OFFICER_1": "correct horse"}).exit == 0


def test_one_file_with_a_passphrase_for_each_key(office: Office) -> None:
    office.secret.write_text("desk = wrong\nofficer-1 = correct horse\n")
    assert office.do("north", *["suspend", "--reason", "weather"]).exit == 0
    office.secret.write_text("officer-1 = correct horse\nwhat is this\n")
    assert office.do("north", *["suspend", "--reason", "weather"]).exit == 2


def test_nothing_is_signed_unless_somebody_says_yes(office: Office) -> None:
    words = ("--desk", str(office.desk("north")), "--passphrase-file", str(office.secret))
    found = typed(*words, *["suspend", "--reason", "weather"])
    assert found.exit == 2
    assert "cli.not_confirmed" in found.err
    assert office.ask("north", "desk", "show")["waiting"] == []


def test_too_few_officers(office: Office) -> None:
    office.ask("south", "terms", "propose", "--clause", "3 for 3", "--text", "en=Three for three.")
    office.post()
    assert office.refused("north", "--as", "officer-1", "terms", "agree") == "contact.too_few_officers"
    assert office.do("north", "--as", "officer-7", "terms", "agree").exit == 3


def test_a_key_name_that_would_leave_the_folder(office: Office) -> None:
    found = office.do("north", "--as", "../../etc/passwd", "terms", "agree", "--json")
    assert found.exit == 2 or found.json["code"] == "desk.no_key"


def test_a_folder_that_is_no_desk(tmp_path: Path) -> None:
    found = typed("--desk", str(tmp_path), "whatnow", "--json")
    assert (found.exit, found.json["code"]) == (3, "desk.folder")


def test_a_desk_is_never_made_over_another(office: Office) -> None:
    words = ["desk", "init", "--name", "east", "--role", "party", "--letters", "E", "--work", "10", "--json"]
    found = office.do("north", *words)
    assert (found.exit, found.json["code"]) == (3, "desk.exists")


@pytest.mark.parametrize(
    "changed",
    ["--role spy", "--letters nn", "--letters ABCD", "--threshold 4", "--officers 0", "--work 30"],
)
def test_a_desk_that_could_not_work_is_not_made(changed: str, office: Office) -> None:
    words = ["desk", "init", "--name", "east", "--role", "party", "--letters", "E", "--work", "10", *changed.split()]
    assert office.do("east", *words).exit == 2
    assert not (office.desk("east") / "parley.toml").exists()


def test_a_file_is_never_written_over_another(office: Office) -> None:
    here = office.place / "there.already"
    here.write_text("kept")
    found = office.do("north", "bundle", "export", str(here), "--json")
    assert (found.exit, found.json["code"]) == (3, "cli.exists")
    assert here.read_text() == "kept"


def test_a_list_with_a_column_that_must_not_cross(office: Office) -> None:
    sheet = office.place / "list.csv"
    sheet.write_text("line,surname,category,next_of_kin\nN1,Somebody,soldiers,a mother\n")
    found = office.do("north", "list", "hand-in", str(sheet), "--purpose", "offer", "--json")
    assert (found.exit, found.json["code"]) == (3, "sheet.column_unknown")
    assert "mother" not in found.out


def test_lines_that_vanish_are_shown_before_signing_and_raise_the_alarm(office: Office) -> None:
    office.ask("north", "list", "hand-in", office.sheet(invented("N", 1, 3)), "--purpose", "offer")
    again = ("list", "hand-in", office.sheet(invented("N", 1, 1)), "--purpose", "offer")
    stopped = office.do("north", *again, "--json")
    assert (stopped.exit, stopped.json["code"], stopped.json["facts"]) == (1, "preflight.not_clean", {"count": 2})
    found = office.do("north", *again, "--anyway")
    assert "ALARM        2 lines vanished without a word from version 2 of a list of north (offer): N2-N3." in found.out
    office.post()
    alarms = office.ask("south", "replay")["account"]["alarms"]
    assert [one["code"] for one in alarms] == ["lists.lines_vanished"]


def test_lines_dropped_with_a_reason_raise_no_alarm(office: Office) -> None:
    office.ask("north", "list", "hand-in", office.sheet(invented("N", 1, 3)), "--purpose", "offer")
    words = ("--purpose", "offer", "--drop", "N2 as returned; N3 as dead")
    office.ask("north", "list", "hand-in", office.sheet(invented("N", 1, 1)), *words)
    office.post()
    assert office.ask("south", "replay")["account"]["alarms"] == []


def test_a_mistake_of_ours_shows_no_stack_and_reports_no_data(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        message = "a name of somebody"
        raise ZeroDivisionError(message)

    monkeypatch.setattr("parley.cli.whatnow.ask_the_law", stumble)
    report = office.place / "report"
    found = office.do("north", "whatnow", "--crash-report", str(report))
    assert found.exit == 70
    assert "Traceback" not in found.err
    assert "somebody" not in found.err + found.out + report.read_text()
    assert "ZeroDivisionError" in report.read_text()
    assert str(office.place) not in report.read_text()


def test_an_interruption_has_its_own_exit_code(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("parley.cli.whatnow.ask_the_law", interrupt)
    assert office.do("north", "whatnow").exit == 130


def test_a_reader_that_goes_away_is_no_mistake(office: Office) -> None:
    import subprocess
    import sys

    command = f"{sys.executable} -m parley --desk {office.desk('north')} log | true"
    found = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env={**os.environ})
    assert "Traceback" not in found.stderr


def test_text_from_the_other_side_cannot_move_the_cursor(office: Office) -> None:
    office.ask(
        "south",
        *["talks", "open", "--form", "direct", "--press", "closed", "--host", "h", "--place", "p"],
        "--delegation",
        "north: a; south: b",
    )
    office.ask("south", *["talks", "raise", "--item", "evil", "--title"], "harmless \u202egnp.exe")
    office.post()
    found = office.do("north", "say", "states on evil: asks", "--dry-run")
    assert found.exit == 0
    assert "\u202e" not in found.out
    assert "\x1b" not in found.out
