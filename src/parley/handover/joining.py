"""Joins the books of devices: every line ever written is kept, in whatever order books come, and whatever is odd is shown.

Rules: spec/checkin.md, section 7. A joined book is the set of all lines, so joining cannot depend on order and cannot lose or
double anything. What counts is decided afterwards by looking (``look``): signatures, devices, gaps. Clocks decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Final

from parley.handover.answers import Known, counter_of, standing
from parley.handover.entries import BOOK, TWO_OFFICERS, Certificate, Entry, Request, Signed, read_line
from parley.handover.errors import BookBroken
from parley.record.errors import KeyBroken
from parley.record.keys import VerifyKey
from parley.words import Digest, Fact, Moment, ParticipantName

MOST_BYTES: Final = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Pile:
    """All lines of all books that came so far, byte for byte, and what stood after a book's last newline."""

    lines: frozenset[bytes] = frozenset()
    scraps: frozenset[bytes] = frozenset()

    def __or__(self, other: Pile) -> Pile:
        """Return both together: commutative, associative, idempotent."""
        return Pile(self.lines | other.lines, self.scraps | other.scraps)

    def book(self) -> bytes:
        """Return one book of all lines, in the order of their bytes; half lines that nobody has whole stand at its end.

        The last half line has no newline; more of them, from several torn files, become lines in no form: none is lost.
        """
        halves = sorted(one for one in self.scraps if not _begins(one, self.lines))
        return self.whole() + b"\n".join(halves)

    def whole(self) -> bytes:
        """Return the book of the whole lines alone, of which a joined book's hash is made."""
        head = f"{BOOK}\n".encode()
        return head + b"".join(line + b"\n" for line in sorted(self.lines))


@dataclass(frozen=True, slots=True)
class Aside:
    """A line that does not count, with the word for why not."""

    word: str
    line: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """Something odd about entries that count: the word, and which entry, device or line it is about."""

    word: str
    about: tuple[tuple[str, Fact], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one counter's books say: the outcomes that stand for each line, and how many came without one."""

    outcomes: Mapping[str, tuple[str, ...]]
    unlisted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What the joined books hold: accepted entries by device and number, what is kept aside, what is odd."""

    accepted: tuple[Known, ...]
    aside: tuple[Aside, ...]
    shown: tuple[Shown, ...]

    def tallies(self) -> dict[ParticipantName, Tally]:
        """Return each counter's tally (7.4)."""
        stands = standing(self.accepted)
        return {
            counter: _tally(stands, counter) for counter in sorted({counter_of(e.device) for _, e in self.accepted})
        }


def read_book(file: bytes) -> Pile:
    """Return the lines of one file; raises BookBroken ``book.no_book`` or ``book.too_large``, never for what a line says."""
    if len(file) > MOST_BYTES:
        raise BookBroken("book.too_large")
    first, *lines = file.split(b"\n")
    if first != BOOK.encode() or not lines:
        raise BookBroken("book.no_book")
    scrap = lines.pop()
    head = BOOK.encode()
    return Pile(frozenset(one for one in lines if one and one != head), frozenset({scrap} if scrap else ()))


def join(piles: Iterable[Pile]) -> Pile:
    """Return everything together."""
    return reduce(lambda one, other: one | other, piles, Pile())


def look(
    pile: Pile,
    *,
    case: str,
    batch: int,
    now: Moment,
    trusted: Mapping[str, VerifyKey] | None,
    rehearsal: bool = False,
) -> Joined:
    """Say which entries count, what is kept aside and why, and what is odd (7.2, 7.3).

    ``trusted`` are the keys of desks by name. None takes the certificates in the books at their word: nobody vouches for them.
    ``rehearsal``: what was written while the day was rehearsed counts too; otherwise it stands aside.
    """
    read = [(line, _read(line)) for line in sorted(pile.lines)]
    keys: dict[str, list[VerifyKey]] = {}
    for _, found in read:
        if found is None or not isinstance(found.what, Certificate) or _from_here(found.what, case, batch):
            continue
        if _vouched(found, trusted):
            keys.setdefault(found.what.device, []).append(found.what.verify_key())
    aside = [Aside("book.half_line", scrap) for scrap in sorted(pile.scraps) if not _begins(scrap, pile.lines)]
    accepted: dict[Digest, Entry] = {}
    rehearsed: dict[Digest, Entry] = {}
    for line, found in read:
        word = "book.malformed" if found is None else _word(found, keys, case, batch, trusted)
        if word:
            aside.append(Aside(word, line))
        elif found is not None and isinstance(found.what, Entry):
            if "rehearsal" in found.what.answers and not rehearsal:
                rehearsed[found.what.id()] = found.what
                aside.append(Aside("book.rehearsal", line))
            else:
                accepted[found.what.id()] = found.what
    known, chained = _in_order(accepted), _in_order(accepted | rehearsed)
    ordered = tuple(sorted(aside, key=lambda one: (one.word, one.line)))
    return Joined(accepted=known, aside=ordered, shown=_shown(known, chained, now))


def _in_order(entries: Mapping[Digest, Entry]) -> tuple[Known, ...]:
    return tuple(sorted(entries.items(), key=lambda one: (one[1].device, one[1].number, one[0])))


def case_and_batch(pile: Pile) -> tuple[str, int] | None:
    """Return the one case and batch of all lines, for books without a case at hand; None where no line says any.

    Raises BookBroken ``book.mixed``: no majority of lines that anybody can write decides which case is meant.
    """
    said = {(found.what.case, found.what.batch) for line in pile.lines if (found := _read(line)) is not None}
    if len(said) > 1:
        raise BookBroken("book.mixed", count=len(said))
    return next(iter(said), None)


def _read(line: bytes) -> Signed[Entry] | Signed[Certificate] | Signed[Request] | None:
    try:
        return read_line(line)
    except BookBroken:
        return None


def _begins(scrap: bytes, lines: frozenset[bytes]) -> bool:
    return any(line.startswith(scrap) for line in lines)


def _from_here(what: Entry | Certificate | Request, case: str, batch: int) -> str:
    if what.case != case:
        return "book.other_case"
    return "" if what.batch == batch else "book.other_batch"


def _vouched(found: Signed[Certificate], trusted: Mapping[str, VerifyKey] | None) -> bool:
    """Say whether a trusted desk of the device's own counter signed the certificate of a key that can be used."""
    if counter_of(found.by) != found.what.counter:
        return False
    try:
        found.what.verify_key()
    except KeyBroken:
        return False
    return trusted is None or (found.by in trusted and found.signed_by(trusted[found.by]))


def _word(
    found: Signed[Entry] | Signed[Certificate] | Signed[Request],
    keys: Mapping[str, list[VerifyKey]],
    case: str,
    batch: int,
    trusted: Mapping[str, VerifyKey] | None,
) -> str:
    """Return why a line does not count, or nothing."""
    elsewhere = _from_here(found.what, case, batch)
    if elsewhere:
        return elsewhere
    match found.what:
        case Certificate():
            return "" if _vouched(found, trusted) else "book.unknown_device"
        case Request():
            return ""
        case Entry(device=device):
            if device not in keys:
                return "book.unknown_device"
            return "" if any(found.signed_by(key) for key in keys[device]) else "book.signature"


def _shown(known: tuple[Known, ...], chained: tuple[Known, ...], now: Moment) -> tuple[Shown, ...]:
    """Return what is odd; ``chained`` holds also what was rehearsed, whose numbers are none that are missing."""
    shown = {*_about_each(known, now), *_about_chains(chained), *_about_people(known)}
    return tuple(sorted(shown, key=lambda one: (one.word, [(name, str(said)) for name, said in one.about])))


def _show(word: str, **about: Fact) -> Shown:
    return Shown(word, tuple(sorted(about.items())))


def _about_each(known: tuple[Known, ...], now: Moment) -> Iterator[Shown]:
    newest: dict[ParticipantName, int] = {}
    for _, one in known:
        newest[counter_of(one.device)] = max(newest.get(counter_of(one.device), 0), one.pack)
    names = {name for name, _ in known}
    for name, one in known:
        if one.at > now:
            yield _show("book.future", id=name)
        if one.pack < newest[counter_of(one.device)]:
            yield _show("book.older_pack", id=name)
        if one.corrects and one.corrects not in names:
            yield _show("book.no_such_entry", id=name)
        wants_two = one.corrects or one.outcome in TWO_OFFICERS
        if wants_two and (not one.note or one.second in ("", one.officer)):
            yield _show("book.second_missing", id=name)


def _about_chains(known: tuple[Known, ...]) -> Iterator[Shown]:
    """Yield gaps, forks, and entries that do not follow the one before."""
    devices: dict[str, dict[int, list[Known]]] = {}
    for each in known:
        devices.setdefault(each[1].device, {}).setdefault(each[1].number, []).append(each)
    for device, numbers in devices.items():
        for before, number in pairwise((0, *sorted(numbers))):
            if number > before + 1:
                yield _show("book.gap", device=device, first=before + 1, last=number - 1)
        for number, several in numbers.items():
            if len(several) > 1:
                yield _show("book.fork", device=device, number=number)
            earlier = {name for name, _ in numbers.get(number - 1, ())} if number > 1 else {""}
            for name, one in several:
                if earlier and one.prev not in earlier:
                    yield _show("book.chain", id=name)


def _about_people(known: tuple[Known, ...]) -> Iterator[Shown]:
    """Yield people twice at one station of a counter, with two outcomes, asked without an answer; outcomes of nobody."""
    seen: dict[tuple[str, str, str], int] = {}
    outcomes: dict[tuple[str, str], set[str]] = {}
    asked: dict[tuple[str, str], bool] = {}
    for name, one in standing(known):
        counter = counter_of(one.device)
        if not one.line:
            if one.outcome not in ("", "NOT_ON_MANIFEST"):
                yield _show("book.no_line", id=name)
            continue
        if "own_will" not in one.answers:  # the answer of somebody who was seen already (5.7)
            seen[counter, one.station, one.line] = seen.get((counter, one.station, one.line), 0) + 1
        if one.station == "asked":
            answered = bool(one.outcome) or "own_will" in one.answers
            asked[counter, one.line] = asked.get((counter, one.line), False) or answered
        if one.outcome:
            outcomes.setdefault((counter, one.line), set()).add(one.outcome)
    for (who, line), answered in asked.items():
        if not answered:
            yield _show("book.unanswered", counter=who, line=line)
    for (who, station, line), count in seen.items():
        if count > 1:
            yield _show("book.double", counter=who, station=station, line=line)
    for (who, line), codes in outcomes.items():
        if len(codes) > 1:
            yield _show("book.contradiction", counter=who, line=line)


def _tally(stands: tuple[Known, ...], counter: ParticipantName) -> Tally:
    outcomes: dict[str, set[str]] = {}
    unlisted = 0
    for _, one in stands:
        if counter_of(one.device) != counter or not one.outcome:
            continue
        if one.line:
            outcomes.setdefault(one.line, set()).add(one.outcome)
        elif one.outcome == "NOT_ON_MANIFEST":
            unlisted += 1
    return Tally(outcomes={line: tuple(sorted(codes)) for line, codes in sorted(outcomes.items())}, unlisted=unlisted)
