"""What a desk does for the handover point: makes packs, makes devices known, trusts their books, and reckons.

The craft is in ``parley.handover``; here it meets the record, the lists this desk may open, its key and its store. What a desk
keeps of it are small facts: the version of each batch's pack, enrolments that are open, and certificates given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any, Final

from parley.desk import Desk
from parley.desk.errors import DeskBroken
from parley.desk.opened import open_list
from parley.handover import enrolling, joining, pack, papers, reckoning
from parley.handover.enrolling import Opening
from parley.handover.entries import Certificate, Signed, read_line
from parley.handover.errors import EnrolBroken, PackBroken
from parley.handover.manifest import letters
from parley.handover.pack import Pack, Traveller
from parley.handover.typesetting import UNDATED
from parley.process import batches, handover, movement
from parley.process.agreed import most_ahead
from parley.process.dates import date_of
from parley.process.lines import person_of, same_person
from parley.process.state import Vehicle
from parley.record.commitment import Row
from parley.record.keys import Signer, VerifyKey
from parley.store.base import Change
from parley.words import ActId, Broken, LineId, Moment, ParticipantName

PACKS: Final = "checkin/pack/"
TAGGED: Final = "checkin/tags/"
SALTS: Final = "checkin/salt/"
SALT_BYTES: Final = 16
SALT_LETTERS: Final = 26
EXPIRES: Final = "checkin/expires/"
OPEN: Final = "checkin/open/"
KNOWN: Final = "checkin/device/"
HOURS: Final = 48
"""How long a pack and the certificates of its devices hold unless said otherwise."""
NAMES: Final = ("surname", "given_names", "father_name")
_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9._-]+")
STATIONS: Final[Mapping[bool, tuple[str, ...]]] = {
    True: ("arrived", "asked", "crossed"),
    False: ("embarked", "arrived", "identified", "crossed", "received"),
}
"""The stations of a counter: of the neutral, which alone asks, and of a party."""
MOST_VEHICLE: Final = 40
LAST: Final = "crossed"
"""Everybody counts the outcome at the same place, or three counts are of three things (domain F36)."""


def pack_for(
    desk: Desk,
    batch: int,
    now: Moment,
    *,
    hours: int = HOURS,
    tags: Mapping[LineId, str] | None = None,
    seated: bool = True,
    keep: bool = True,
    carried: bool = False,
) -> Pack:
    """Return the pack of a batch for this desk's own counter, its version counted up if anything changed since the last.

    ``tags`` are the words of ``parley.handover.pack.TAGS`` by line; None takes those given last. ``keep``: remember version and
    tags, which a look alone does not; with ``carried`` also until when it holds, for devices will carry it.
    ``seated`` refuses people who ride on no vehicle yet.
    Raises PackBroken ``pack.nobody``, ``pack.no_vehicle``. Names are those of the lists that this desk may open.
    """
    told = _tags(desk, batch) if tags is None else tags
    people = _travellers(desk, batch, told)
    if not people:
        raise PackBroken("pack.nobody")
    walking = [one.line for one in people if not one.vehicle]
    if seated and walking:
        raise PackBroken("pack.no_vehicle", count=len(walking), line=walking[0])
    state = desk.state
    made = Pack(
        batch=batch,
        case=desk.origin,
        counter=desk.name,
        expires=enrolling.later(now, min(max(hours, 1), pack.MOST_HOURS)),
        hold=most_ahead(state) or handover.MOST_AHEAD,
        issued=now,
        last=LAST,
        parties=movement.concerned(state, batch),
        stations=STATIONS[desk.is_neutral],
        version=1,
        people=people,
    )
    version, mark = _version(desk, made)
    if keep:
        said = json.dumps(dict(told), sort_keys=True).encode()
        facts = {f"{PACKS}{batch}": f"{version} {mark}".encode(), f"{TAGGED}{batch}": said}
        facts |= {f"{EXPIRES}{batch}": made.expires.encode()} if carried else {}
        desk.store.write(Change(start=desk.size, facts=facts))
    return replace(made, version=version)


def salt_of(desk: Desk, batch: int, version: int, *, keep: bool = True) -> str:
    """Return what is printed at the foot of the manifests of a pack whose hash goes on record: random, and kept for a reprint."""
    key = f"{SALTS}{batch}/{version}"
    kept = desk.store.facts(key).get(key, b"").decode()
    salt = kept or letters(desk.randomness(SALT_BYTES), SALT_LETTERS)
    if keep and not kept:
        desk.store.write(Change(start=desk.size, facts={key: salt.encode()}))
    return salt


def printed_manifests(
    desk: Desk,
    batch: int,
    now: Moment,
    words: papers.Words,
    language: str,
    *,
    rtl: bool = False,
    tags: Mapping[LineId, str] | None = None,
    keep: bool = True,
) -> dict[str, bytes]:
    """Return the manifest of each of this desk's own vehicles as PDF, with a salt at its foot: so it goes on record by its hash.

    The other words are those of ``pack_for``; raises as it does.
    """
    carried = pack_for(desk, batch, now, tags=tags, seated=False, keep=keep)
    salt = salt_of(desk, batch, carried.version, keep=keep)
    return {
        one.name: papers.paper(
            "manifest", carried, words, language, vehicle=vehicle_name(one.name), giving=desk.name, salt=salt, rtl=rtl
        )
        for one in movement.vehicles(desk.state, batch, desk.name)
    }


def vehicle_of_paper(desk: Desk, paper: bytes) -> Vehicle | None:
    """Return the vehicle whose manifest on record this paper is, byte for byte; None where it is none of them."""
    mark = papers.digest(paper)
    return next((one for one in desk.state.movement.vehicles.values() if one.paper == mark), None)


def pack_holds(desk: Desk, batch: int) -> Moment:
    """Return until when the pack that was last made for devices holds; a day long past where none was made."""
    key = f"{EXPIRES}{batch}"
    return Moment(desk.store.facts(key).get(key, UNDATED.encode()).decode())


def needed_until(desk: Desk, batch: int, now: Moment) -> Moment:
    """Return until when a pack is needed: the end of the window agreed for the batch, else now."""
    agreed = date_of(desk.state, batch)
    return max(now, agreed.says.closes) if agreed is not None else now


def _tags(desk: Desk, batch: int) -> Mapping[LineId, str]:
    key = f"{TAGGED}{batch}"
    return {LineId(line): str(tag) for line, tag in json.loads(desk.store.facts(key).get(key, b"{}")).items()}


def _travellers(desk: Desk, batch: int, tags: Mapping[LineId, str]) -> tuple[Traveller, ...]:
    state = desk.state
    plan = batches.plan(state, batch)
    seats: dict[LineId, tuple[str, int]] = {}
    for vehicle in movement.vehicles(state, batch):
        for seat, line in enumerate(vehicle.lines, start=1):
            seats[person_of(state, line)] = (vehicle_name(vehicle.name), seat)
    opened: dict[ActId, Mapping[str, Row]] = {}
    found = []
    for giving, lines in {} if plan is None else plan.gives.items():
        for line in lines:
            person = person_of(state, line)
            rows = [row for one in same_person(state, line) if (row := _row(desk, LineId(one), opened)) is not None]
            rides_on, seat = seats.get(person, ("", 0))
            found.append(
                Traveller(
                    born=next((text for row in rows if (text := _field(row, "birth_date"))), ""),
                    giving=giving,
                    line=person,
                    names=tuple(dict.fromkeys(name for row in rows if (name := _name(row))))[: pack.MOST_NAMES],
                    seat=seat,
                    tag=tags.get(person, ""),
                    vehicle=rides_on,
                )
            )
    return tuple(sorted(found, key=lambda one: pack.in_order(one.line)))


def vehicle_name(said: str) -> str:
    """Return a vehicle's name as it can stand in a pack: small Latin letters, digits, dots and hyphens."""
    plain = _NOT_IN_A_NAME.sub("-", said.lower()).strip("-._")[:MOST_VEHICLE].rstrip("-._")
    return plain or f"v-{sha256(said.encode()).hexdigest()[:6]}"


def _row(desk: Desk, line: LineId, opened: dict[ActId, Mapping[str, Row]]) -> Row | None:
    known = desk.state.lists.lines.get(line)
    if known is None:
        return None
    if known.list not in opened:
        try:
            opened[known.list] = {one.line: one for one in open_list(desk, known.list) if isinstance(one, Row)}
        except Broken:  # sealed to others, not here, or not to be opened yet: the card then shows the line alone
            opened[known.list] = {}
    return opened[known.list].get(line)


def _field(row: Row, name: str) -> str:
    return str(row.values.get(name, "") or "")[: pack.MOST_TEXT]


def _name(row: Row) -> str:
    return " ".join(text for part in NAMES if (text := _field(row, part)))[: pack.MOST_TEXT]


def _version(desk: Desk, made: Pack) -> tuple[int, str]:
    """Return the version of a pack and the hash by which it is known: the last version where nothing but hours changed."""
    key = f"{PACKS}{made.batch}"
    mark = sha256(replace(made, issued=UNDATED, expires=UNDATED).text()).hexdigest()
    last, _, before = desk.store.facts(key).get(key, b"0 ").decode().partition(" ")
    return int(last) + (before != mark), mark


# --- devices ---


def signer_of(desk: Desk) -> Signer:
    """Return the desk's unlocked key, with which packs and certificates are signed; raises DeskBroken."""
    signer = desk.desk_signer()
    if signer is None:
        raise DeskBroken("desk.no_key")
    return signer


def open_enrolment(desk: Desk, name: str, batch: int, now: Moment) -> tuple[Opening, str]:
    """Open an enrolment for a device for ten minutes; returns it with the text of its code. Raises EnrolBroken."""
    opening = enrolling.open_for(f"{desk.name}/{name}", batch, now, desk.randomness(enrolling.TOKEN_BYTES))
    _keep(desk, opening)
    return opening, enrolling.code(desk.origin, opening, signer_of(desk).verify_key)


def admit(desk: Desk, line: bytes, now: Moment, *, hours: int = HOURS, vouched: bool = False) -> Signed[Certificate]:
    """Certify the device whose request this is, once; ``vouched``: people say that the key is the device's (4.4).

    Raises EnrolBroken.
    """
    asked = enrolling.read_request(line)
    until = enrolling.later(now, min(max(hours, 1), pack.MOST_HOURS))
    if vouched:
        if asked.what.case != desk.origin or asked.what.device.partition("/")[0] != desk.name:
            raise EnrolBroken("enrol.other_case")
        given = enrolling.certificate(asked.what, now, signer_of(desk), until)
    else:
        open_now = openings(desk)
        given = enrolling.admit(asked, open_now, desk.origin, now, signer_of(desk), until)
        _keep(desk, replace(open_now[asked.what.device], used=True))
    key = f"{KNOWN}{asked.what.batch}/{asked.what.device.partition('/')[2]}"
    desk.store.write(Change(start=desk.size, facts={key: given.line()}))
    return given


def openings(desk: Desk) -> dict[str, Opening]:
    """Return the enrolments that were opened here, used or not, by device."""
    found = (Opening(**json.loads(said)) for said in desk.store.facts(OPEN).values())
    return {one.device: one for one in found}


def devices(desk: Desk, batch: int) -> dict[str, Signed[Certificate]]:
    """Return the devices that this desk certified for a batch, by name."""
    found: dict[str, Signed[Certificate]] = {}
    for said in desk.store.facts(f"{KNOWN}{batch}/").values():
        read = read_line(said.rstrip(b"\n"))
        assert isinstance(read.what, Certificate)
        found[read.what.device] = Signed(read.what, read.signature, read.by)
    return dict(sorted(found.items()))


def _keep(desk: Desk, opening: Opening) -> None:
    said: dict[str, Any] = asdict(opening)
    key = f"{OPEN}{opening.device.partition('/')[2]}"
    desk.store.write(Change(start=desk.size, facts={key: json.dumps(said, sort_keys=True).encode()}))


# --- books ---


def trusted(desk: Desk) -> dict[str, VerifyKey]:
    """Return the desk keys of everybody in the case, by name: whose word on their own devices counts."""
    keys = (VerifyKey.parse(one.desk_key) for one in desk.state.authority.participants.values())
    return {key.name: key for key in keys}


def look(desk: Desk, pile: joining.Pile, batch: int, now: Moment, *, rehearsal: bool = False) -> joining.Joined:
    """Say what of some books counts in this case; this desk's own certificates are joined to them.

    ``rehearsal``: what was only rehearsed counts as well.
    """
    own = frozenset(one.line().rstrip(b"\n") for one in devices(desk, batch).values())
    whole = pile | joining.Pile(own)
    return joining.look(whole, case=desk.origin, batch=batch, now=now, trusted=trusted(desk), rehearsal=rehearsal)


def reckon(desk: Desk, joined: joining.Joined, batch: int, lost: tuple[str, ...] = ()) -> reckoning.Reckoning:
    """Set the books of a batch beside its plan on record."""
    state = desk.state
    plan = batches.plan(state, batch)
    return reckoning.reckon(
        joined,
        {} if plan is None else plan.gives,
        handover.counters(state, batch),
        lost=lost,
        neutral=ParticipantName(state.authority.neutral),
        person_of=lambda line: person_of(state, line),
        is_given=lambda line: line in state.lists.lines,
    )
