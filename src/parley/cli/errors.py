"""What can be wrong with a command line itself, apart from what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parley.desk.errors import WrongValue
from parley.words import Broken, Fact

__all__ = ["CODES", "CliBroken", "WrongUse", "WrongValue"]

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cli.usage": "The command was not understood: {detail}. See its --help.",
        "cli.value": "This value of {option} was not understood: {detail}. See its --help.",
        "cli.missing": "Something is left to say: {missing}. Give it, or see --help.",
        "cli.nothing_meant": "Nothing stands in the record yet that {missing} could mean. Propose or hand in something first.",
        "cli.roots_missing": "Nothing was checked, for lack of root keys. Have them printed by case roots, and give --roots.",
        "cli.no_passphrase": "No passphrase for {key} is at hand; set PARLEY_PASSPHRASE_…, or give --passphrase-file.",
        "cli.other_desks_key": "{key} is no key of {desk}, whose desk this is. Name a key of this desk, such as officer-1.",
        "cli.clock_far": "This time is {days} days after the record's last ({last}); if it is right, repeat with --anyway.",
        "cli.not_confirmed": "Nothing was signed, because nobody said yes. Repeat it with --yes, or answer y.",
        "cli.no_such_file": "{file} cannot be read; check its name and place.",
        "cli.not_a_file": "{file} is a folder; name a file in it.",
        "cli.not_text": "{file} is no plain text in UTF-8; check that it is the right file.",
        "cli.case_name": "A case cannot be called so; use small letters, digits and . _ - only, at most 63.",
        "cli.cannot_write": "This file cannot be written; check the place, or whether the stick is write-protected.",
        "cli.exists": "This file exists already; nothing was written. Give another name.",
        "cli.file_too_large": "This file is larger than anything Parley writes; check that it is the right one.",
        "cli.inbox_full": "The inbox holds as many bundles as it may; import the earlier ones, or empty it.",
        "cli.no_such_act": "No act of the log is meant by {text}; give its number, or the first digits of its id.",
        "cli.not_here": "This part of Parley is not installed here; install the whole of it.",
        "cli.not_served": "The pages could not be served, or stopped by themselves; the lines above say why.",
        "cli.interrupted": "Interrupted; what was not finished was not done.",
        "cli.mistake": "This is a mistake of Parley's, not yours. Nothing half done was kept; report it, with --crash-report.",
    }
)
"""Every way a command line can fail by itself, with one English sentence."""


class CliBroken(Broken):
    """A file or a surrounding that a command needs is not there; facts hold no personal data."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)


class WrongUse(CliBroken):
    """The command line itself makes no sense; nothing was done."""
