"""Books of devices join in any order: a day at the point with clocks hours apart, copies in pieces, devices that die.

A small day is drawn at random many times; a whole one (3,000 people, 6 devices, 12 hours) once from each of two seeds.
"""

import json
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.acts import OUTCOME_CODES
from parley.handover import answers, joining, pack
from parley.handover.entries import BOOK, Entry, read_line, sign_entry
from parley.handover.errors import BookBroken, PackBroken
from parley.handover.joining import Joined, Pile
from parley.handover.manifest import tag
from parley.handover.reckoning import digest, reckon
from parley.record.keys import SigningKey
from parley.words import Digest, LineId, Lines, Moment, OfficerName, ParticipantName
from tests.vectors.renew_checkin import CASE, DESK, NEUTRAL, NORTH, NORTH_DESK, PACK, SOUTH, vouch

SOUTH_DESK = SigningKey.from_seed("south/desk", bytes([3]) * 32)
DESKS = {"neutral": DESK, "north": NORTH_DESK, "south": SOUTH_DESK}
TRUSTED = {one.verify_key.name: one.verify_key for one in DESKS.values()}
MORNING = datetime.fromisoformat("2025-05-23T06:00:00+00:00")
EVENING = Moment("2025-05-23T22:00:00Z")
SKEW = 7200


@dataclass
class Device:
    """One device: its key, how far its clock is off, and every line it ever wrote."""

    key: SigningKey
    skew: int
    lines: list[bytes] = field(default_factory=list)
    last: Digest = field(default_factory=lambda: Digest(""))
    number: int = 0

    def write(self, line: str, seconds: int, outcome: str = "RECEIVED", station: str = "crossed") -> Entry:
        self.number += 1
        at = MORNING + timedelta(seconds=seconds + self.skew)
        seen = Entry(
            answers=("ok",), at=Moment(at.strftime("%Y-%m-%dT%H:%M:%SZ")), batch=1, case=CASE, corrects=Digest(""),
            device=self.key.verify_key.name, group=0, how="camera", line=line, note="", number=self.number,
            officer=OfficerName(""), offline=True, outcome=outcome,
            pack=1, prev=self.last, scanned=tag(CASE, 1, LineId(line), 1), second=OfficerName(""), station=station, vehicle="",
        )  # fmt: skip
        self.lines.append(sign_entry(seen, self.key).line())
        self.last = seen.id()
        return seen


def devices(names: Sequence[str], dice: random.Random) -> list[Device]:
    made = []
    for number, name in enumerate(names, start=40):
        key = SigningKey.from_seed(name, bytes([number]) * 32)
        made.append(Device(key, dice.randint(-SKEW, SKEW), [vouch(key, DESKS[name.partition("/")[0]])]))
    return made


def copies(device: Device, dice: random.Random) -> list[bytes]:
    """Return copies of a device's book made over the day: early ones, parts, doubled, one cut in the middle of a line."""
    head, lines = f"{BOOK}\n".encode(), device.lines
    early = lines[: dice.randint(0, len(lines))]
    cut = head + b"".join(lines)
    parts = [head + b"".join(lines[start::3]) for start in range(3)]
    found = [
        head + b"".join(early),
        *parts,
        cut[: dice.randint(len(head), len(cut))],
        *(parts[:1] * dice.randint(0, 2)),
    ]
    dice.shuffle(found)
    return found


def joined(books: Sequence[bytes]) -> tuple[Pile, Joined]:
    pile = joining.join(joining.read_book(book) for book in books)
    return pile, joining.look(pile, case=CASE, batch=1, now=EVENING, trusted=TRUSTED)


def a_day(dice: random.Random, people: int, names: Sequence[str]) -> None:
    """Play a day and check that nothing is lost, nothing counts double, and order means nothing."""
    every = devices(names, dice)
    wrote: dict[Digest, Entry] = {}
    lines = [LineId(f"N{number}") for number in range(1, people + 1)]
    for line in lines:
        for device in dice.choices(every, k=2 if dice.random() < 0.1 else 1):
            code = "RECEIVED" if dice.random() < 0.97 else dice.choice(OUTCOME_CODES[:4])
            seen = device.write(line, dice.randint(0, 12 * 3600), code)
            wrote[seen.id()] = seen
    books = [book for device in every for book in copies(device, dice)]
    dice.shuffle(books)
    pile, found = joined(books)
    assert dict(found.accepted) == wrote
    assert not found.aside
    assert not [one for one in found.shown if one.word in ("book.gap", "book.chain", "book.fork")]
    for counter, tally in found.tallies().items():
        said: dict[str, set[str]] = {}
        for one in wrote.values():
            if answers.counter_of(one.device) == counter:
                said.setdefault(one.line, set()).add(one.outcome)
        assert {line: set(codes) for line, codes in tally.outcomes.items()} == said
        assert tally.unlisted == 0
    doubled = {dict(one.about)["line"] for one in found.shown if one.word == "book.double"}
    seen_by: dict[tuple[str, str], int] = {}
    for one in wrote.values():
        place = (answers.counter_of(one.device), one.line)
        seen_by[place] = seen_by.get(place, 0) + 1
    assert doubled == {line for (_, line), count in seen_by.items() if count > 1}
    dice.shuffle(books)
    again, other = joined([*books, pile.book()])
    assert (again.lines, other) == (pile.lines, found)
    assert digest(again) == digest(pile)


@given(seed=st.integers(0, 2**32), people=st.integers(1, 12))
@settings(max_examples=25)
def test_a_small_day_loses_nobody_and_counts_nobody_twice(seed: int, people: int) -> None:
    a_day(random.Random(seed), people, ("neutral/gate-1", "neutral/gate-2", "north/gate-1"))


@pytest.mark.parametrize("seed", [1, 2])
def test_three_thousand_people_six_devices_twelve_hours(seed: int) -> None:
    names = [f"{counter}/gate-{number}" for counter in ("neutral", "north", "south") for number in (1, 2)]
    a_day(random.Random(seed), 3_000, names)


@given(data=st.data())
def test_joining_is_commutative_associative_and_idempotent(data: st.DataObject) -> None:
    several = st.frozensets(st.binary(min_size=1, max_size=4), max_size=4)
    piece = st.builds(Pile, several, several)
    a, b, c = data.draw(piece), data.draw(piece), data.draw(piece)
    assert a | b == b | a
    assert (a | b) | c == a | (b | c)
    assert a | a == a
    assert reduce(lambda one, other: one | other, (c, a, b, a), Pile()) == joining.join((a, b, c))


@given(st.binary(max_size=300))
def test_whatever_a_stick_holds_no_line_of_it_is_lost(rest: bytes) -> None:
    pile = joining.read_book(f"{BOOK}\n".encode() + rest)
    found = joining.look(pile, case=CASE, batch=1, now=EVENING, trusted=TRUSTED)
    assert not found.accepted
    scraps = {one for one in pile.scraps if not any(line.startswith(one) for line in pile.lines)}
    assert {one.line for one in found.aside} == pile.lines | scraps
    if not rest.startswith(b"parley"):
        with pytest.raises(BookBroken, match=r"book\.no_book"):
            joining.read_book(b"x" + rest)


@given(st.text(max_size=80))
def test_whatever_is_scanned_has_an_answer_and_can_be_written_down(text: str) -> None:
    posting = answers.Posting(device="neutral/gate-1", station="crossed")
    seen = answers.entry(PACK, (), posting, text, EVENING)
    assert seen.answers
    assert seen.text()


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_whatever_is_called_a_pack_opens_or_is_broken(before: bytes, after: bytes) -> None:
    for file in (before, b"parley.pack/1\n" + before, b"parley.pack/1\n{}\n" + after):
        with pytest.raises(PackBroken):
            pack.unlock(file, "482 911")
    with pytest.raises(PackBroken):
        pack.read(before + b"\n\n" + after, DESK.verify_key.raw)


@given(st.lists(st.binary(max_size=40).map(lambda one: one.replace(b"\n", b"")), max_size=4), st.lists(st.booleans()))
def test_half_lines_of_torn_files_are_in_the_joined_book_and_joining_again_adds_nothing(
    halves: list[bytes], whole: list[bool]
) -> None:
    files = [f"{BOOK}\n".encode() + one + (b"\n" if end else b"") for one, end in zip(halves, whole, strict=False)]
    pile = joining.join(joining.read_book(file) for file in files)
    again = joining.read_book(pile.book())
    for one in pile.lines | pile.scraps:
        assert any(kept.startswith(one) for kept in again.lines | again.scraps)
    assert joining.read_book((pile | again).book()).book() == again.book()


@given(st.sampled_from(("signature", "key", "by", "at", "proof")), st.text(max_size=120))
def test_whatever_stands_in_a_field_of_a_line_it_is_read_or_malformed(name: str, text: str) -> None:
    device = SigningKey.from_seed("neutral/gate-1", bytes([7]) * 32)
    entry = Device(device, 0)
    entry.write("N16", 60)
    for line in (entry.lines[0], vouch(DESK, device)):
        whole = json.loads(line)
        inner = next(one for one in whole.values() if isinstance(one, dict))
        (inner if name in inner else whole)[name] = text
        said = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        with suppress(BookBroken):
            read_line(said.encode("utf-8", "replace"))


def test_390_people_three_devices_network_lost_one_dead_and_three_copies_agree() -> None:
    """One device of the neutral dies in the middle; its book was copied before; paper is typed on another for the rest."""
    dice = random.Random(7)
    every = devices(("neutral/gate-1", "north/gate-1", "south/gate-1", "neutral/gate-2"), dice)
    dead, north, south, spare = every
    people = [LineId(f"N{number}") for number in range(1, 391)]
    for place, line in enumerate(people):
        north.write(line, place)
        south.write(line, place)
        (dead if place < 200 else spare).write(line, place)
    saved = f"{BOOK}\n".encode() + b"".join(dead.lines[:-50])
    for line in people[151:200]:  # by the paper tally: the copy misses the last 49 entries and half of one
        spare.write(line, 400)
    books = [saved, *(f"{BOOK}\n".encode() + b"".join(one.lines) for one in (north, south, spare))]
    copies_of_all = []
    for order in ((0, 1, 2, 3), (3, 1, 0, 2), (2, 2, 3, 0, 1)):
        _, found = joined([books[place] for place in order])
        copies_of_all.append(reckon(found, {NORTH: Lines.among(people), SOUTH: Lines()}, (NEUTRAL, NORTH, SOUTH)))
    assert copies_of_all[0] == copies_of_all[1] == copies_of_all[2]
    one = copies_of_all[0]
    assert len(one.delivered[NORTH]) == 389
    assert [(each.line, each.cause, each.outcome) for each in one.differing] == [
        ("N151", "missed_at_the_count", "RECEIVED")
    ]
    _, found = joined([books[0], *books[1:]])
    lost = reckon(
        found, {NORTH: Lines.among(people), SOUTH: Lines()}, (NEUTRAL, NORTH, SOUTH), lost=("neutral/gate-1",)
    )
    assert [each.cause for each in lost.differing] == ["device_failed"]
    assert ParticipantName("neutral") not in lost.without_book
