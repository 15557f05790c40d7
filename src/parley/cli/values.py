"""Reads what an officer typed for one particular of an act; what begins with ``@`` is read from a file of this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from parley.cli.at_desk import read_file
from parley.scenario import particulars
from parley.scenario.particulars import EXAMPLES, FILE, REPLY, shown_type

__all__ = ["EXAMPLES", "FILE", "REPLY", "Reader", "shown_type"]


def _from_disk(name: str) -> bytes:
    return read_file(Path(name))


@dataclass(frozen=True, slots=True)
class Reader(particulars.Reader):
    """Reads values for the officers of one desk who sit at this machine and may name its files."""

    files: Callable[[str], bytes] = _from_disk
