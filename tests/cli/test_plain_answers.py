"""Answers that an officer reads: in plain words, in the reader's language, and the same from every command."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from parley.cli import bundle, main
from parley.cli.answer import harmless
from parley.record.keys import SigningKey
from tests.cli.office import Office, typed

LANGUAGES = ("en", "uk", "ru", "ar")


def test_a_replay_at_an_act_before_the_first(office: Office) -> None:
    found = office.do("north", "replay", "--at", "-1", "--json")
    assert (found.exit, found.json["code"]) == (2, "cli.no_such_act")
    assert office.ask("north", "replay", "--at", "0")["at"] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scenario_that_is_not_understood_says_in_which_line(language: str, tmp_path: Path) -> None:
    file = tmp_path / "torn.scn"
    file.write_text("north proposes 2 for 2\nnorth bananas\n")
    found = typed("--language", language, "play", str(file))
    assert found.exit != 0
    assert " 2: " in harmless(found.err.splitlines()[0])


def test_a_value_of_another_kind_is_answered_in_our_own_words(office: Office) -> None:
    found = office.do("north", "log", "--from", "first")
    assert found.exit == 2
    assert "--from takes a whole number" in found.err
    assert "Input should" not in found.err
    body = office.place / "body.json"
    body.write_text('{"minutes":"sixty"}')
    told = office.do("north", "talks", "close", "--body", str(body))
    assert told.exit == 2
    assert "int" not in told.err.split("form.", 1)[-1].split("minutes", 1)[-1].split()


@pytest.mark.parametrize("words", [("bundle", "export"), ("check",), ("numbers", "text"), ("whatnow",)])
def test_no_mark_of_the_sources_stands_in_the_help(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--help"]) == 0
    assert "``" not in capsys.readouterr().out


@pytest.mark.parametrize(("words", "option"), [(("terms", "agree"), "--terms"), (("reconcile", "sign"), "--record")])
def test_agreeing_where_nobody_has_proposed_anything(words: tuple[str, ...], option: str, empowered: Office) -> None:
    found = empowered.do("north", *words, "--json")
    assert (found.exit, found.json["code"]) == (2, "cli.nothing_meant")
    assert option in found.json["why"]


def test_a_torn_bundle_is_torn_for_the_check_as_for_the_import(office: Office) -> None:
    whole, roots = office.stick / "whole", office.stick / "roots"
    office.ask("neutral", "bundle", "export", str(whole), "--from", "0")
    office.ask("neutral", "case", "roots", "--out", str(roots))
    torn = office.stick / "torn"
    torn.write_bytes(whole.read_bytes()[:-7])
    checked = typed("check", str(torn), "--roots", str(roots), "--json")
    taken = office.do("south", "bundle", "import", str(torn), "--json")
    assert checked.json["code"] == taken.json["code"] == "bundle.torn"
    assert checked.exit == taken.exit


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_check_without_root_keys_says_where_they_come_from(language: str) -> None:
    found = typed("--language", language, "check", "bundle", "--json")
    assert (found.exit, found.json["code"]) == (2, "cli.roots_missing")
    assert "case roots" in found.json["next"]


def test_whatnow_does_not_answer_its_own_questions(office: Office) -> None:
    said = {one["kind"]: one for one in office.ask("north", "whatnow")["may_not"]}
    assert said["agree_terms"]["refused"] == "whatnow.nothing_yet"
    assert said["reveal_seed"]["refused"] == "whatnow.to_be_said"
    shown = " ".join(one["why"] for one in said.values())
    for probe in ("00000000", "item_1", "N1", "Nobody is named"):
        assert probe not in shown


def test_headings_stand_in_the_reader_s_language(office: Office) -> None:
    said = {language: office.do("north", "--language", language, "whatnow").out for language in LANGUAGES}
    first = {language: one.splitlines()[0] for language, one in said.items()}
    assert len(set(first.values())) == len(LANGUAGES)
    shown = {language: office.do("north", "--language", language, "replay").out for language in LANGUAGES}
    assert "сторона" in shown["uk"]
    assert "согласовано" in shown["ru"]
    assert "الطرف" in shown["ar"]


def test_the_founding_act_names_each_of_its_signers_once(office: Office) -> None:
    (line,) = [one for one in office.do("south", "log").out.splitlines() if "found_case" in one]
    signers = line.split("found_case", 1)[1].split("  ok", 1)[0].strip().split(", ")
    assert len(set(signers)) == len(signers) > 3


def test_a_long_scene_is_folded_unless_all_of_it_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "long.scn"
    file.write_text("south suspends the exchange because of consultation\nsouth resumes the exchange\n" * 50)
    folded, full = (typed("play", "--law-alone", *more, str(file)).out for more in ((), ("--full",)))
    assert len(folded.splitlines()) < 60 < len(full.splitlines())
    assert "more that went as written" in folded


def test_somebody_fills_the_inbox_with_bundles_that_never_fit(office: Office) -> None:
    late = office.stick / "late"
    office.ask("neutral", "bundle", "export", str(late), "--from", "3")
    empty = office.place / "empty"
    empty.mkdir()
    office.ask(
        "empty", *["desk", "init", "--name", "north", "--role", "party", "--letters", "N", "--practice", "--work", "10"]
    )
    with mock.patch.object(bundle, "MOST_HELD", late.stat().st_size):
        assert office.do("empty", "bundle", "import", str(late), "--json").json["code"] == "held"
        other = office.stick / "other"
        office.ask("neutral", "bundle", "export", str(other), "--from", "2")
        told = office.do("empty", "bundle", "import", str(other), "--json")
    assert (told.exit, told.json["code"]) == (3, "cli.inbox_full")


def test_a_bundle_larger_than_any_desk_takes() -> None:
    from parley.desk import incoming
    from parley.desk.table import sit_down
    from parley.record.errors import BundleBroken
    from parley.words import Moment

    desks = sit_down(now=lambda: Moment("2025-05-16T09:00:00Z"))
    data = desks["neutral"].bundle("north")
    with mock.patch.object(incoming, "MOST_BUNDLE", len(data) - 1), pytest.raises(BundleBroken) as told:
        desks["north"].receive(data)
    assert told.value.code == "bundle.too_long"


def test_root_keys_of_another_case_are_told_from_a_record_that_is_not_genuine(office: Office) -> None:
    whole, roots = office.stick / "whole", office.stick / "roots"
    office.ask("neutral", "bundle", "export", str(whole), "--from", "0")
    office.ask("neutral", "case", "roots", "--out", str(roots))
    key = SigningKey.from_seed("north/root-1", bytes(range(32))).verify_key.vkey
    other = "".join(
        " ".join(word if place < 3 or not line.startswith("north") else key for place, word in enumerate(line.split()))
        + "\n"
        for line in roots.read_text().splitlines()
    )
    roots.write_text(other)
    found = typed("check", str(whole), "--roots", str(roots), "--json")
    assert (found.exit, found.json["code"]) == (5, "verify.other_roots")


@pytest.mark.parametrize(
    ("letters", "case", "seats", "code"),
    [
        (("N", "N"), "practice-1", ("north", "south", "neutral"), "contact.letters_taken"),
        (("N", "S"), "practice-1", ("north", "neutral"), "contact.wrong_participants"),
        (("N", "S"), "Case One", ("north", "south", "neutral"), "cli.case_name"),
    ],
)
def test_a_table_that_could_never_be_entered_is_refused_before_anybody_signs(
    letters: tuple[str, str], case: str, seats: tuple[str, ...], code: str, tmp_path: Path
) -> None:
    enrolments: list[str] = []
    for name, letter in (("north", letters[0]), ("south", letters[1]), ("neutral", "X")):
        role = "neutral" if name == "neutral" else "party"
        words = f"desk init --name {name} --role {role} --letters {letter} --practice --work 10".split()
        (tmp_path / "passphrase").write_text("practice\n")
        (tmp_path / name).mkdir()
        made = typed(
            "--desk", str(tmp_path / name), "--passphrase-file", str(tmp_path / "passphrase"), "--yes", "--json", *words
        )
        assert made.exit == 0, made.err
        if name in seats:
            enrolments += ["--enrolment", str(tmp_path / name / "enrolment.json")]
    out = tmp_path / "founding"
    found = typed("--json", "case", "found", "--case", case, *enrolments, "--out", str(out))
    assert (found.json["code"], out.exists()) == (code, False)


def test_a_file_that_is_no_enrolment(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}")
    words = (
        "case",
        "found",
        "--case",
        "one",
        "--enrolment",
        str(tmp_path / "other.json"),
        "--out",
        str(tmp_path / "f"),
    )
    assert typed("--json", *words).json["code"] == "desk.enrolment"


def test_a_folder_and_a_picture_in_the_place_of_a_file_are_told_apart_and_named(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff\x00")
    for given, code in (("nowhere", "cli.no_such_file"), ("picture", "cli.not_text"), ("", "cli.not_a_file")):
        found = typed("check", "bundle", "--roots", str(tmp_path / given), "--json").json
        assert (found["code"], found["facts"]["file"]) == (code, (tmp_path / given).name)
