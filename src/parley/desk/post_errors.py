"""What can go wrong between two desks on a line, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parley.words import Broken, Fact

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "post.address": "This is no address of a neutral's desk and no folder; give http(s)://host[:port]/ or a folder.",
        "post.unreachable": "The neutral's desk does not answer; nothing was lost. Try again, or carry the bundle on a stick.",
        "post.broken_off": "The line broke off; what came over is kept. Try again, it goes on from there.",
        "post.not_understood": "What answers at this address is no neutral's desk; check the address.",
        "post.unsigned": "The request carries no good signature of a desk key; check that the desk key is unlocked.",
        "post.stranger": "This participant or key is not of this case; check which desk and which address are meant.",
        "post.stale": "The request answers no fresh word of this desk; ask again.",
        "post.other_case": "This desk keeps the log of another case; check the address.",
        "post.pieces": "The piece does not follow on those received; go on from {have}.",
        "post.too_long": "This is longer than anything taken here, {most} bytes; send less at once.",
        "post.gone": "The bundle asked for is not kept any more; ask for a new one.",
        "post.nothing_there": "There is nothing under this name; the program and the desk may be of different versions.",
        "post.too_many": "Too many requests at once; wait a moment and try again.",
        "post.folder": "The shared folder cannot be read or written; check that it is there and not write-protected.",
        "post.not_signed_in": "The desk key of this desk is not the one that the record names; unlock it, or carry a bundle.",
    }
)
"""Every way in which post between desks can fail, with one English sentence that ends in the next step."""


class PostBroken(Broken):
    """A request, an answer or a line is not what it should be; facts hold sizes, never what was sent."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)
