"""A whole folder put back from a backup: only its operator can know, and says so before anything is signed."""

import shutil
from pathlib import Path

from tests.cli.office import Office


def test_a_folder_put_back_signs_nothing_once_its_operator_has_said_so(office: Office, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    shutil.copytree(office.desk("north"), backup)
    office.ask("north", "suspend", "--reason", "weather")
    office.post()
    shutil.rmtree(office.desk("north"))
    shutil.copytree(backup, office.desk("north"))
    assert office.ask("north", "desk", "show")["restored"] is False
    office.ask("north", "restore", "declare")
    found = office.do("north", "suspend", "--reason", "security", "--json")
    assert (found.exit, found.json["code"]) == (3, "desk.restored")
    assert office.do("north", "restore", "confirm", "--json").exit == 3
    office.ask("neutral", "bundle", "export", str(office.stick / "whole"), "--to", "north", "--from", "0", "--again")
    office.ask("north", "bundle", "import", str(office.stick / "whole"))
    office.ask("north", "restore", "confirm")
    assert office.refused("north", "suspend", "--reason", "security") == "standing.suspended_already"


def test_a_desk_with_a_lost_record_starts_from_the_neutrals_bundle(office: Office) -> None:
    office.ask("north", "suspend", "--reason", "weather")
    office.post()
    for path in office.desk("north").glob("record.db*"):
        path.unlink()
    assert office.do("north", "restore", "declare", "--json").json["code"] == "desk.no_case"
    whole = str(office.stick / "whole")
    office.ask("neutral", "bundle", "export", whole, "--to", "north", "--from", "0", "--again")
    office.ask("north", "bundle", "import", whole)
    office.ask("north", "restore", "declare")
    office.ask("north", "restore", "declare")
    office.ask("north", "bundle", "import", whole)
    office.ask("north", "restore", "confirm")
    assert office.refused("north", "suspend", "--reason", "security") == "standing.suspended_already"


def test_a_dry_run_declares_nothing(office: Office) -> None:
    office.ask("north", "restore", "declare", "--dry-run")
    assert office.ask("north", "desk", "show")["restored"] is False
