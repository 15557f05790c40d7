"""Says what three counters' books and the agreed list come to: delivered, not delivered, extra, and every difference by name.

It proposes, for each line on which the books differ, an outcome and a cause where the books themselves show one; ``unexplained``
is a proposal too. Nothing here decides: the closing is an act that all sign (``parley.process.handover``, 3a).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from parley.acts import DELIVERED, Difference
from parley.handover.answers import OVER, counter_of, groups, receipted, standing
from parley.handover.books import Book, compare, counted
from parley.handover.exposure import leads
from parley.handover.joining import Joined, Pile, Tally
from parley.words import Digest, LineId, Lines, ParticipantName

TURNED_BACK = frozenset({"REJECTED_BY_RECEIVER", "RETURNED_WITH_CONVOY"})
DECLINED = "DECLINED_AT_POINT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """One line on which the books differ: what each counter wrote, and the outcome and cause that these suggest.

    ``outcome`` is empty where the books suggest none.
    """

    line: LineId
    wrote: Mapping[ParticipantName, frozenset[str]]
    outcome: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What the books of a batch come to; lines are those of persons.

    ``delivered`` and ``not_delivered`` hold what all counters wrote alike; ``extra`` the lines that are not in
    the plan; ``unseen`` planned lines that stand in no book, which are also among ``differing``; ``unknown`` lines that
    nobody gave: whoever came under one counts in ``unlisted``, people without a line, by counter.
    """

    delivered: Mapping[ParticipantName, Lines]
    not_delivered: Mapping[str, Lines]
    extra: Lines
    unseen: Lines
    unknown: Lines
    differing: tuple[Differing, ...]
    unlisted: Mapping[ParticipantName, int]
    without_book: tuple[ParticipantName, ...]
    leads: Mapping[ParticipantName, int]
    receipted: tuple[int, ...]
    half_receipted: tuple[int, ...]

    @property
    def unexplained(self) -> Lines:
        """The lines whose difference nothing in the books explains, those that stand in no book among them."""
        return Lines.among(one.line for one in self.differing if one.cause == "unexplained")

    @property
    def undecided(self) -> Lines:
        """The lines for which the books suggest no outcome: people decide, and the closing names them (handover law, 3a)."""
        return Lines.among(one.line for one in self.differing if not one.outcome)

    @property
    def closing(self) -> tuple[Difference, ...]:
        """The differences as a closing names them, without those that are undecided."""
        named: dict[tuple[str, str], list[LineId]] = {}
        for one in self.differing:
            if one.outcome:
                named.setdefault((one.outcome, one.cause), []).append(one.line)
        return tuple(Difference(Lines.among(lines), *said) for said, lines in sorted(named.items()))


def book_of(tally: Tally, hashes: Iterable[Digest] = ()) -> Book:
    """Return a counter's tally as the book that the law joins and compares."""
    codes: dict[str, list[LineId]] = {}
    for line, several in tally.outcomes.items():
        for code in several:
            codes.setdefault(code, []).append(LineId(line))
    outcomes = {code: Lines.among(lines) for code, lines in sorted(codes.items())}
    return Book(outcomes=outcomes, unlisted=tally.unlisted, hashes=frozenset(hashes))


def digest(pile: Pile) -> Digest:
    """Return the hash of a joined book: the same wherever the same lines were joined."""
    return Digest(sha256(pile.whole()).hexdigest())


def reckon(
    joined: Joined,
    planned: Mapping[ParticipantName, Lines],
    counters: Iterable[ParticipantName],
    *,
    lost: Iterable[str] = (),
    neutral: ParticipantName | None = None,
    person_of: Callable[[LineId], LineId] = lambda line: line,
    is_given: Callable[[LineId], bool] | None = None,
) -> Reckoning:
    """Set the counters' books beside the plan (giving side to lines) and beside each other.

    ``lost`` are devices known to be lost with entries; gaps in a device's numbers count as such. ``neutral`` alone can say
    that somebody declined (domain F15, F16). ``is_given`` says whether anybody ever gave a line.
    """
    names = tuple(sorted(set(counters)))
    books = {name: _known(book_of(tally), is_given) for name, tally in joined.tallies().items()}
    expected = frozenset(person_of(line) for lines in planned.values() for line in lines)
    found = compare(books, names, expected, person_of)
    unseen = {line for line, wrote in found.differing.items() if not any(wrote.values())}
    holed = _silences(joined, found.differing, lost)
    differing = tuple(_suggest(line, wrote, holed, neutral) for line, wrote in found.differing.items())
    by_code = counted(found.agreed)
    received = frozenset(line for code in DELIVERED for line in by_code.get(code, ()))
    sets = {giving: frozenset(person_of(line) for line in lines) for giving, lines in planned.items()}
    over = _over(joined, person_of)
    given = groups(standing(joined.accepted))
    both = tuple(number for number, said in given.items() if receipted(said, tuple(planned)))
    return Reckoning(
        delivered={giving: Lines.among(lines & received) for giving, lines in sorted(sets.items())},
        not_delivered={code: lines for code, lines in by_code.items() if code not in DELIVERED},
        extra=Lines.among({*found.agreed, *found.differing} - expected),
        unseen=Lines.among(unseen),
        unknown=Lines.among({line for book in books.values() for line in book.unknown}),
        differing=differing,
        unlisted={name: books[name].not_on_manifest if name in books else 0 for name in names},
        without_book=tuple(name for name in names if name not in books),
        leads=leads(
            {giving: len(lines) for giving, lines in sets.items()},
            {giving: len(lines & over) for giving, lines in sets.items()},
        ),
        receipted=both,
        half_receipted=tuple(number for number in given if number not in both),
    )


def _known(book: Book, is_given: Callable[[LineId], bool] | None) -> Book:
    """Return a book as the law takes it in: a line that nobody gave is a person without one."""
    strange = {
        line for lines in book.outcomes.values() for line in lines if is_given is not None and not is_given(line)
    }
    if not strange:
        return book
    outcomes = {code: Lines.among(set(lines) - strange) for code, lines in book.outcomes.items()}
    kept = {code: lines for code, lines in outcomes.items() if lines.ranges}
    return replace(book, outcomes=kept, unknown=Lines.among(strange))


def _silences(
    joined: Joined, differing: Mapping[LineId, Mapping[ParticipantName, frozenset[str]]], lost: Iterable[str]
) -> set[ParticipantName]:
    """Return the counters whose silences a failed device explains.

    A lost device explains them all. Missing numbers explain as many people as numbers are missing, and no more.
    """
    missing: dict[ParticipantName, int] = {}
    for one in joined.shown:
        about = dict(one.about)
        if one.word == "book.gap":
            counter = counter_of(str(about["device"]))
            missing[counter] = missing.get(counter, 0) + int(about["last"]) - int(about["first"]) + 1
    silent: dict[ParticipantName, int] = {}
    for wrote in differing.values():
        for name, said in wrote.items():
            silent[name] = silent.get(name, 0) + (not said and any(wrote.values()))
    return {counter_of(device) for device in lost} | {
        name for name, count in missing.items() if 0 < silent.get(name, 0) <= count
    }


def _over(joined: Joined, person_of: Callable[[LineId], LineId]) -> frozenset[LineId]:
    """Return who is over by any counter's book: what one alone saw is seen."""
    return frozenset(
        person_of(LineId(one.line))
        for _, one in standing(joined.accepted)
        if one.line and one.station in OVER and (not one.outcome or one.outcome in DELIVERED)
    )


def _suggest(
    line: LineId,
    wrote: Mapping[ParticipantName, frozenset[str]],
    holed: set[ParticipantName],
    neutral: ParticipantName | None,
) -> Differing:
    """Return the outcome and the cause that the books suggest for a line on which they differ.

    What one counter alone says explains nothing: two of three say the same, or the line is unexplained. Only the neutral
    hears a refusal, and what it heard is not outvoted (domain F15, F16).
    """
    codes = frozenset(code for said in wrote.values() for code in said)
    silent = {name for name, said in wrote.items() if not said}
    heard = DECLINED in wrote.get(neutral or ParticipantName(""), frozenset())
    outcome = _most(wrote)
    cause = "unexplained"
    if DECLINED in codes and (not heard or codes & DELIVERED):
        cause = "refusal_claimed"
        outcome = "" if heard or outcome == DECLINED else outcome
    elif silent and len(codes) == 1 and len(silent) < len(wrote) - 1:
        cause = "device_failed" if silent <= holed else "missed_at_the_count"
    elif silent and len(codes) == 1 and silent <= holed:
        cause = "device_failed"
    elif "IDENTITY_NOT_CONFIRMED" in codes:
        cause = "identity_in_doubt"
    elif codes & TURNED_BACK:
        cause = "turned_back"
    elif any(len(said) > 1 for said in wrote.values()):
        cause = "entered_in_error"
    elif outcome in DELIVERED and codes <= {*DELIVERED, "NOT_PRESENTED"} and not silent:
        cause = "missed_at_the_count"
    return Differing(line=line, wrote=wrote, outcome=outcome, cause=cause)


def _most(wrote: Mapping[ParticipantName, frozenset[str]]) -> str:
    """Return the outcome that more counters wrote than any other, or nothing."""
    votes: dict[str, int] = {}
    for said in wrote.values():
        for code in said:
            votes[code] = votes.get(code, 0) + 1
    best = sorted(votes, key=lambda code: (-votes[code], code))
    return best[0] if best and (len(best) == 1 or votes[best[0]] > votes[best[1]]) else ""
