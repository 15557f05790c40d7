"""Ends a rehearsal with a list: what was shown to work with the real pack on the real devices, and what was not.

A drill is a book like any other, written with the network cut. ``findings`` looks at the pack, the devices and their books and
says for each thing whether it is right; ``go`` only when all of them are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.handover.answers import counter_of
from parley.handover.joining import Joined
from parley.handover.pack import Pack
from parley.words import Moment

FEW: Final = 5
"""How many scans each device shows at least."""
ITEMS: Final = (
    "pack_in_date",
    "pack_on_every_device",
    "devices_known",
    "devices_two",
    "every_device_scanned",
    "camera_or_gun",
    "network_was_cut",
    "typed_once",
    "unknown_shown",
    "doubled_shown",
    "books_whole",
    "clocks_near",
    "people_over",
)
"""What a drill looks at, in the order of the list."""
NEAR: Final = 120
"""Seconds by which devices' clocks may be off without being named."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the list: what was looked at, whether it is right, and for which devices or how many it is not."""

    item: str
    right: bool
    detail: str = ""


def findings(
    pack: Pack, joined: Joined, devices: Sequence[str], needed: Moment, *, clocks: Mapping[str, int]
) -> tuple[Finding, ...]:
    """Look at a rehearsal: ``devices`` are those enrolled, ``needed`` until when the pack must hold.

    ``clocks`` says by how many seconds each is off; a clock that was not measured is not right.
    """
    own = [one for _, one in joined.accepted if counter_of(one.device) == pack.counter]
    per: dict[str, list[str]] = {device: [] for device in devices}
    for one in own:
        per.setdefault(one.device, []).append(one.how)
    few = [device for device in devices if len(per[device]) < FEW]
    online = sorted({one.device for one in own if not one.offline} - {one.device for one in own if one.offline})
    older = sorted({one.device for one in own if one.pack != pack.version})
    seeing = {device for device, hows in per.items() if {"camera", "gun"} & set(hows)}
    blind = [device for device in devices if device not in seeing]
    words = {word for one in own for word in one.answers}
    strange = [one for one in joined.aside if one.word in ("book.unknown_device", "book.signature")]
    torn = [one for one in joined.shown if one.word in ("book.gap", "book.fork", "book.chain")]
    off = sorted(device for device in devices if abs(clocks.get(device, NEAR + 1)) > NEAR)
    over = {one.line for one in own if one.station == pack.last and one.line in pack.by_line}
    looked = {
        "pack_in_date": _that(needed <= pack.expires, pack.expires),
        "pack_on_every_device": _none(older),
        "devices_known": _that(not strange, str(len(strange))),
        "devices_two": _that(len(devices) >= 2, str(len(devices))),
        "every_device_scanned": _none(few),
        "camera_or_gun": _none(blind),
        "network_was_cut": _that(bool(own) and not online, ", ".join(online)),
        "typed_once": _that(any("typed" in hows for hows in per.values())),
        "unknown_shown": _that(bool(words & {"not_on_manifest", "not_a_card"})),
        "doubled_shown": _that(bool(words & {"already_here", "on_other_device"})),
        "books_whole": _that(not torn, str(len(torn))),
        "clocks_near": _none(off),
        "people_over": _that(bool(over), str(len(over))),
    }
    return tuple(Finding(item, *looked[item]) for item in ITEMS)


def go(found: Iterable[Finding]) -> bool:
    """Say whether everything on the list is right."""
    return all(one.right for one in found)


def _that(right: bool, detail: str = "") -> tuple[bool, str]:
    return right, "" if right else detail


def _none(wrong: Iterable[str]) -> tuple[bool, str]:
    named = ", ".join(wrong)
    return not named, named
