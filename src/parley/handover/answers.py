"""What a scan answers: is this person on the manifest, here already, in the wrong bus, too far ahead? It never says "stop".

Rules: spec/checkin.md, section 6. The page on the device answers by the same rules and the same vectors. An answer is words
for an officer, who decides; the entry holds what was shown (DESIGN 7.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parley.acts import DELIVERED
from parley.handover.entries import Entry, plain
from parley.handover.exposure import leads
from parley.handover.manifest import MOST_TEXT, Card, ManifestBroken, capitals, read_card
from parley.handover.pack import Pack
from parley.words import LINE, Digest, LineId, Moment, ParticipantName

MOST_IN_GROUP: Final = 10
OVER: Final = ("crossed", "received")
WITH_VEHICLE: Final = ("embarked", "arrived")
_WRONG: Final[Mapping[str, str]] = {
    "manifest.not_a_tag": "not_a_card",
    "manifest.another_case": "other_case",
    "manifest.mistyped": "mistyped",
}

Known = tuple[Digest, Entry]
"""An entry with its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Where a device stands: its name, the station, and the vehicle it checks, empty where it checks none."""

    device: str
    station: str
    vehicle: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The words that hold, the weightiest first; the person, if the text names one; the outcome that is proposed."""

    words: tuple[str, ...]
    line: LineId | None
    outcome: str


def counter_of(device: str) -> ParticipantName:
    """Return whose book a device keeps: the first part of its name."""
    return ParticipantName(device.partition("/")[0])


def standing(known: Iterable[Known]) -> tuple[Known, ...]:
    """Return the entries that no entry of the same counter corrects (5.4)."""
    entries = tuple(known)
    corrected = {(counter_of(one.device), one.corrects) for _, one in entries if one.corrects}
    return tuple((name, one) for name, one in entries if (counter_of(one.device), name) not in corrected)


def lines_over(pack: Pack, stands: Iterable[Known]) -> frozenset[LineId]:
    """Return the people of a pack who are over, by what stands (6.2)."""
    return frozenset(
        LineId(one.line)
        for _, one in stands
        if one.line in pack.by_line and one.station in OVER and (not one.outcome or one.outcome in DELIVERED)
    )


def planned(pack: Pack) -> dict[ParticipantName, int]:
    """Return how many people each side gives by this pack; a party that gives nobody is there with 0."""
    counts = dict.fromkeys(pack.parties, 0)
    for person in pack.people:
        counts[person.giving] = counts.get(person.giving, 0) + 1
    return counts


def read_text(text: str, case: str) -> Card:
    """Return what was scanned or typed: a card, or a bare line id as a card without batch; raises ManifestBroken."""
    given = capitals(text) if len(text) <= MOST_TEXT else ""
    return Card(0, 0, LineId(given)) if LINE.match(given) else read_card(text, case)


class Seen:
    """What a device knows of its counter's entries, kept so that an answer costs the same at the last scan as at the first."""

    def __init__(self, pack: Pack, known: Iterable[Known] = ()) -> None:
        """Take the pack and entries in any order."""
        self.pack = pack
        self._planned = planned(pack)
        self._handed = dict.fromkeys(self._planned, 0)
        self._over: set[LineId] = set()
        self._of_line: dict[str, dict[Digest, Entry]] = {}
        self._lines: dict[Digest, str] = {}
        self._corrected: set[tuple[ParticipantName, Digest]] = set()
        for name, one in known:
            self.add(name, one)

    def add(self, name: Digest, one: Entry) -> None:
        """Take one more entry; the same one twice changes nothing."""
        counter = counter_of(one.device)
        if one.corrects:
            self._corrected.add((counter, one.corrects))
            self._drop(counter, one.corrects)
        self._lines[name] = one.line
        if one.line and (counter, name) not in self._corrected:
            self._of_line.setdefault(one.line, {})[name] = one
        self._weigh(one.line)

    def of_line(self, line: LineId) -> tuple[Entry, ...]:
        """Return the standing entries for a person."""
        return tuple(self._of_line.get(line, {}).values())

    def too_far(self, line: LineId) -> bool:
        """Say whether with this person over their own side would be further ahead than agreed (6.2)."""
        person = self.pack.by_line.get(line)
        if person is None:
            return False
        handed = self._handed | {person.giving: self._handed[person.giving] + (line not in self._over)}
        return leads(self._planned, handed)[person.giving] > self.pack.hold

    def _drop(self, counter: ParticipantName, name: Digest) -> None:
        line = self._lines.get(name, "")
        wrong = self._of_line.get(line, {}).get(name)
        if wrong is not None and counter_of(wrong.device) == counter:
            del self._of_line[line][name]
            self._weigh(line)

    def _weigh(self, text: str) -> None:
        """Count a person as over, or no longer."""
        line = LineId(text)
        if line not in self.pack.by_line:
            return
        over = bool(lines_over(self.pack, self._of_line.get(line, {}).items()))
        if over != (line in self._over):
            self._handed[self.pack.by_line[line].giving] += 1 if over else -1
            (self._over.add if over else self._over.discard)(line)


def answer(pack: Pack, known: Iterable[Known] | Seen, posting: Posting, text: str, now: Moment) -> Answer:
    """Say which words of spec/checkin.md 6 hold for a scan, given the entries that this device knows of its counter."""
    late = ("pack_expired",) if now > pack.expires else ()
    try:
        card = read_text(text, pack.case)
    except ManifestBroken as wrong:
        return Answer((_WRONG[wrong.code], *late), None, "")
    seen = known if isinstance(known, Seen) else Seen(pack, known)
    person = pack.by_line.get(card.line)
    of_line = seen.of_line(card.line)
    here = {one.device for one in of_line if one.station == posting.station}
    of_pack = card.batch == pack.batch
    holds = {
        "not_on_manifest": person is None,
        "other_batch": bool(card.batch) and not of_pack,
        "other_outcome": any(one.outcome and one.outcome not in DELIVERED for one in of_line),
        "hold": posting.station == "crossed" and seen.too_far(card.line),
        "on_other_device": bool(here - {posting.device}),
        "already_here": posting.device in here,
        "wrong_vehicle": person is not None
        and posting.station in WITH_VEHICLE
        and posting.vehicle not in ("", person.vehicle),
        "newer_card": of_pack and card.version > pack.version,
        "older_card": of_pack and 0 < card.version < pack.version,
        "pack_expired": bool(late),
    }
    words = tuple(word for word, true in holds.items() if true) or ("ok",)
    return Answer(words, card.line, _proposed(pack, posting, words))


def _proposed(pack: Pack, posting: Posting, words: tuple[str, ...]) -> str:
    if "not_on_manifest" in words:
        return "NOT_ON_MANIFEST"
    return "RECEIVED" if posting.station == pack.last and "other_outcome" not in words else ""


def entry(
    pack: Pack,
    known: Iterable[Known] | Seen,
    posting: Posting,
    text: str,
    now: Moment,
    *,
    number: int = 1,
    prev: Digest | None = None,
    **said: str | int | bool,
) -> Entry:
    """Return what a device writes for a scan: its answer, and what the officer said besides (``outcome``, ``note``…).

    Without another ``outcome`` the proposed one is written.
    """
    found = answer(pack, known, posting, text, now)
    told: dict[str, object] = {
        "answers": found.words,
        "at": now,
        "batch": pack.batch,
        "case": pack.case,
        "corrects": Digest(""),
        "device": posting.device,
        "group": 0,
        "how": "camera",
        "line": found.line or "",
        "note": "",
        "number": number,
        "officer": "",
        "offline": True,
        "outcome": found.outcome,
        "pack": pack.version,
        "prev": prev or Digest(""),
        "scanned": plain(text),
        "second": "",
        "station": posting.station,
        "vehicle": posting.vehicle,
    }
    return Entry(**(told | said))  # type: ignore[arg-type]


def groups(stands: Iterable[Known]) -> dict[int, dict[ParticipantName, frozenset[LineId]]]:
    """Return the groups by number: for each counter, the lines its book gives the group (6.4)."""
    found: dict[int, dict[ParticipantName, frozenset[LineId]]] = {}
    for _, one in stands:
        if one.group and one.line:
            books = found.setdefault(one.group, {})
            counter = counter_of(one.device)
            books[counter] = books.get(counter, frozenset()) | {LineId(one.line)}
    return dict(sorted(found.items()))


def receipted(books: Mapping[ParticipantName, frozenset[LineId]], parties: Iterable[ParticipantName]) -> bool:
    """Say whether the books of all parties give a group the same lines, ten at most (6.4)."""
    given = {books.get(party, frozenset()) for party in parties}
    return len(given) == 1 and 0 < len(next(iter(given))) <= MOST_IN_GROUP
