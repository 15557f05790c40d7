"""What is installed is exactly what was chosen: every locked package carries its hashes, and no file names a source."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import CHECKOUT

LOCKS = sorted(CHECKOUT.glob("requirements*.lock"))


def _requirements(lock: Path) -> dict[str, str]:
    """Each locked package by name, with its whole entry."""
    entries = lock.read_text().replace("\\\n", "").splitlines()
    return {re.split(r"[=\[ ]", entry)[0]: entry for entry in entries if entry and not entry.startswith(("#", " "))}


def _key(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_is_pinned_and_carries_a_hash(lock: Path) -> None:
    loose = [name for name, entry in _requirements(lock).items() if "==" not in entry or "--hash=sha256:" not in entry]
    assert not loose


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_names_where_packages_come_from(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(--|-[if]\b)(?!-?hash)", re.sub(r"--hash=\S+", "", text), re.MULTILINE)


def test_the_lock_covers_everything_parley_needs() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    locked = _requirements(CHECKOUT / "requirements.lock").keys()
    assert {_key(requirement) for requirement in needed} <= locked


def test_working_on_parley_changes_no_version_that_it_runs_with() -> None:
    plain, for_work = (_requirements(CHECKOUT / f"requirements{kind}.lock") for kind in ("", "-dev"))
    assert {name: for_work.get(name) for name in plain} == plain
