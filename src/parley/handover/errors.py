"""What can be wrong with a pack, a device or a book at the handover point, each with one sentence and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parley.words import Broken, Fact

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pack.malformed": "This is no pack, or only a part of one; copy it again from the desk.",
        "pack.pin": "The PIN is wrong, or the pack was changed; type the PIN again, else fetch the pack again.",
        "pack.pin_short": "A PIN has {least} to {most} characters; choose another.",
        "pack.pin_digits": "A PIN of digits alone has at least {least}; choose a phrase of several words.",
        "pack.signature": "The pack is not signed by the desk it names; do not use it, fetch it again.",
        "pack.other_key": "The pack is signed by another desk than this device knows; enrol the device again.",
        "pack.too_large": "This pack is larger than any desk makes; check that it is the right file.",
        "pack.nobody": "Nobody of this batch is known here; plan the batch first.",
        "pack.no_vehicle": "{count} people ride on no vehicle yet, {line} among them; issue their manifest first.",
        "pack.twice": "The line {line} stands in it twice; correct the table.",
        "pack.tag_table": "At {line} the table has no line and one of the words for carrying; correct the table.",
        "enrol.malformed": "This is no enrolment; show the code again.",
        "enrol.mistyped": "A letter of this enrolment code is wrong; read it again.",
        "enrol.expired": "This enrolment code is older than ten minutes; make a new one.",
        "enrol.used": "This enrolment code was used already; make a new one.",
        "enrol.unknown": "No enrolment of this device is open here; make a code for it first.",
        "enrol.proof": "The device does not know the code that was shown; enrol it again, in sight of both.",
        "enrol.other_case": "This device asks for another case or batch; check which desk it belongs to.",
        "enrol.name": "A device is named like gate-2; write small letters, digits and hyphens.",
        "book.malformed": "This line is none of a book; nothing of it was counted, and it was kept.",
        "book.no_book": "This file is no book of a device; give the file that the page saved.",
        "book.nothing_counts": "No entry of {counter} counts in these books; give its own devices' books.",
        "book.mixed": "These books are of several cases or batches; say which is meant.",
        "book.too_large": "This book is larger than any device writes; check that it is the right file.",
        "paper.not_on_record": "This paper is no manifest on record; ask for the file that was put there.",
        "paper.nobody": "There is nobody to print this paper for; look at the vehicle's name.",
    }
)
"""Every way packs, devices, books and papers fail, with one English sentence that ends in the next step."""


class HandoverBroken(Broken):
    """Something at the point is not what it claims to be; facts hold no name of a person."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)


class PackBroken(HandoverBroken):
    """A pack cannot be made, opened or trusted."""


class EnrolBroken(HandoverBroken):
    """A device cannot be enrolled."""


class BookBroken(HandoverBroken):
    """A file, or a line of it, is no part of a book."""


class PaperBroken(HandoverBroken):
    """A paper cannot be set."""
