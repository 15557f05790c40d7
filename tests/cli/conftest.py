"""Offices for the tests of the command line: made once, then copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.office import Office


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose case is founded; copy it before changing anything."""
    office = Office(tmp_path_factory.mktemp("office"))
    office.found()
    return office


@pytest.fixture(scope="session")
def empowered(founded: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with mandates and published keys; copy it before changing anything."""
    office = founded.copy(tmp_path_factory.mktemp("empowered") / "office")
    office.empower()
    return office


@pytest.fixture
def office(empowered: Office, tmp_path: Path) -> Office:
    """A fresh copy of an office with mandates and published keys."""
    return empowered.copy(tmp_path / "office")
