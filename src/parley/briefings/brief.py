"""The principals' briefing: six lines that fit one page, each from the record, frozen with a hash.

1. For each giving side: agreed, verified (found on both sides' lists), on the final list, declared ready, legally cleared,
   handed over, all inside the formula. What somebody said in the private interview is in no number: the record knows
   "ready" and nothing of why (DESIGN 7.2).
2. Who is waited for, and since when.
3. The three largest causes of loss.
4. The next fixed time, or the words "no date agreed".
5. What the sides said in public since the last briefing, openly or by unnamed sources, whether the record supports it, and
   which side confirmed or contradicted it.
6. What changed since the last briefing.

A briefing names the place in the record up to which it holds. Whoever holds the same record makes the same briefing,
down to the hash; so a copy in a folder can be checked years later. It names no person and no line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from parley.acts import DELIVERED, LANGUAGES, Figure
from parley.briefings import phrases, statements
from parley.briefings.waiting import Wait, waits
from parley.process import agreed, batches, dates, figures, handover, lines, reconciliation, verification
from parley.process.digest import fingerprint
from parley.process.state import State
from parley.words import Digest, Moment, ParticipantName

MOST_SHOWN: Final = 3
"""How many waits, causes and statements a line names; how many more there are, it says."""
MOST_CHANGES: Final = 8
"""How many changes the last line names: two sides' numbers and what stands open."""
LATER: Final = frozenset({*lines.RELEASING, ""})
"""Replies that are no loss: a release, a clearance that may still come, and no answer while there is time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A frozen briefing: for whom, up to which place in the record, in which state, and its text in each language."""

    reader: ParticipantName
    position: int
    clock: Moment
    state: Digest
    texts: Mapping[str, str]

    @property
    def digest(self) -> Digest:
        """The SHA-256 over all texts in the order of their languages' codes, each closed by a line feed."""
        whole = "".join(f"{language}\n{self.texts[language]}\n" for language in sorted(self.texts))
        return Digest(sha256(whole.encode()).hexdigest())


def brief(
    state: State,
    reader: ParticipantName,
    *,
    since: int = 0,
    before: State | None = None,
    languages: Sequence[str] = LANGUAGES,
) -> Brief:
    """Return the briefing for one participant's principal.

    ``since`` is the position of the last one it was given, ``before`` the state there; with ``before``, ``since`` is its own.
    """
    since = before.count if before is not None else since
    digest = fingerprint(state).digest
    waiting = waits(state)
    said = statements.compared(state, since)
    lost = losses(state)
    found = changes(before, state) if before is not None else None
    texts = {
        language: "\n".join(
            (
                *([phrases.phrase("communique.practice", language)] if state.authority.practice else []),
                phrases.phrase("brief.title", language, reader=reader, position=state.count),
                phrases.phrase("brief.as_of", language, clock=state.authority.clock or "-", state=digest[:16]),
                "",
                f"1. {_numbers(state, language)}",
                f"2. {_waiting(waiting, language)}",
                f"3. {_losses(lost, language)}",
                f"4. {_next_time(state, language)}",
                f"5. {_statements(said, language)}",
                f"6. {_changed(found, since, language)}",
                "",
            )
        )
        for language in languages
    }
    return Brief(reader=reader, position=state.count, clock=state.authority.clock, state=digest, texts=texts)


# --- 1 ---------------------------------------------------------------------------------------------------------------


def side_numbers(state: State, side: ParticipantName) -> Mapping[str, int]:
    """Return the six numbers of one giving side inside the formula: agreed, verified, final, ready, cleared, delivered."""
    today = lines.today(state) or "0"
    on_list = [line for line in lines.frozen_set(state, side) if figures.is_inside(state, line)]
    delivered = Figure(unit="person", side=side, scope="inside", count_point="handed_over", batch=0, value=0)
    return {
        "agreed": reconciliation.agreed_number(state, side),
        "verified": _verified(state, side),
        "final": len(on_list),
        "ready": sum(1 for line in on_list if lines.declared_ready(state, line)),
        "cleared": sum(1 for line in on_list if str(verification.cleared_until(state, line) or "") >= today),
        "delivered": figures.supported(state, delivered) or 0,
    }


def _verified(state: State, side: ParticipantName) -> int:
    """Count whom a match that both sides agreed to found on a request list and on an offer list, each person once."""
    return sum(
        1
        for line, one in state.lists.lines.items()
        if one.purpose == "offer" and one.joined is not None and one.holder == side and figures.is_inside(state, line)
    )


def _numbers(state: State, language: str) -> str:
    sides = []
    for side in state.authority.parties:
        numbers = {name: phrases.number(value, language) for name, value in side_numbers(state, side).items()}
        if agreed.in_force(state) is None:
            numbers["agreed"] = phrases.Written("-")
        sides.append(phrases.phrase("brief.side", language, side=side, **numbers))
    return phrases.phrase("brief.numbers", language, sides=phrases.joined(sides, language))


# --- 2 ---------------------------------------------------------------------------------------------------------------


def _waiting(waiting: Sequence[Wait], language: str) -> str:
    if not waiting:
        return phrases.phrase("brief.nobody_waits", language)
    shown = phrases.joined((wait_in_words(one, language) for one in waiting[:MOST_SHOWN]), language)
    return phrases.phrase("brief.waiting", language, waits=shown) + _more(len(waiting), language)


def wait_in_words(one: Wait, language: str) -> phrases.Written:
    """Return one wait as a clause: on whom, for what, since when."""
    what = phrases.phrase(f"wait.{one.what}", language)
    if one.batch:
        what = phrases.Written(f"{what} ({phrases.phrase('communique.batch', language, batch=one.batch)})")
    if one.count:
        what = phrases.Written(f"{what} ({phrases.number(one.count, language)})")
    return phrases.phrase("brief.wait", language, on=one.on, what=what, since=one.since or "-")


# --- 3 ---------------------------------------------------------------------------------------------------------------


def losses(state: State) -> tuple[tuple[ParticipantName, str, int], ...]:
    """Return the causes of loss by giving side, the largest first: of the joint record in force, else of the outcomes.

    Without a joint record, people who were asked for and refused count by the holder's reply.
    """
    counted: Counter[tuple[ParticipantName, str]] = Counter()
    record = reconciliation.joint_record(state)
    if record is not None:
        for one in record.says.explained:
            if one.count > 0:
                counted[one.giving, one.cause] += one.count
    else:
        counted.update(_outcomes_and_replies(state))
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple((side, cause, count) for (side, cause), count in ranked)


def _outcomes_and_replies(state: State) -> Iterator[tuple[ParticipantName, str]]:
    known = handover.outcomes(state)
    for line, outcome in known.items():
        side = lines.holder_of(state, line)
        if side is not None and outcome.code not in DELIVERED:
            yield side, outcome.code
    for line, one in state.lists.lines.items():
        if one.purpose != "request" or one.dropped or lines.person_of(state, line) in known:
            continue
        code = lines.reply_of(state, line)
        if code not in LATER:
            yield one.holder, code


def _losses(lost: Sequence[tuple[ParticipantName, str, int]], language: str) -> str:
    if not lost:
        return phrases.phrase("brief.no_loss", language)
    clauses = (
        phrases.phrase("brief.loss", language, side=side, cause=cause, count=phrases.number(count, language))
        for side, cause, count in lost[:MOST_SHOWN]
    )
    shown = phrases.joined(clauses, language)
    return phrases.phrase("brief.losses", language, losses=shown) + _more(len(lost), language)


# --- 4 and 5 ---------------------------------------------------------------------------------------------------------


def next_time(state: State) -> tuple[int, Moment, Moment, str] | None:
    """Return the next agreed window that has not closed: batch (0: the exchange), opening, closing, place; or nothing."""
    found = [date_of for batch in (0, *batches.numbers(state)) if (date_of := dates.date_of(state, batch)) is not None]
    coming = [
        (one.says.opens, one.says.batch, one.says.closes, one.says.place)
        for one in found
        if one.says.closes > state.authority.clock and not handover.closed(state, one.says.batch)
    ]
    if not coming:
        return None
    opens, batch, closes, place = min(coming)
    return batch, opens, closes, place


def _next_time(state: State, language: str) -> str:
    coming = next_time(state)
    if coming is None:
        was = any(dates.date_of(state, batch) is not None for batch in (0, *batches.numbers(state)))
        return phrases.phrase("brief.no_further_date" if was else "brief.no_date", language)
    batch, opens, closes, place = coming
    which = phrases.phrase("communique.batch" if batch else "communique.whole", language, batch=batch)
    return phrases.phrase("brief.next_time", language, which=which, opens=opens, closes=closes, place=place)


def _statements(said: Sequence[statements.Compared], language: str) -> str:
    """Name the last few of each speaker: neither side crowds the other off the page by speaking more often."""
    if not said:
        return phrases.phrase("brief.nothing_said", language)
    kept: Counter[ParticipantName] = Counter()
    shown: list[statements.Compared] = []
    for one in reversed(said):
        kept[one.statement.says.speaker] += 1
        if kept[one.statement.says.speaker] <= MOST_SHOWN:
            shown.insert(0, one)
    told = phrases.Written(" | ".join(statements.in_words(one, language) for one in shown))
    return phrases.phrase("brief.said", language, statements=told) + _more(
        MOST_SHOWN + len(said) - len(shown), language
    )


# --- 6 ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two places in the record: ``what`` it is of, of which side, and its value then and now."""

    what: str
    side: str = ""
    then: int = 0
    now: int = 0


def changes(before: State, state: State) -> tuple[Change, ...]:
    """Return what changed from one state to a later one: each side's numbers, losses, open waits, the date, void acts."""
    found: list[Change] = []
    for side in state.authority.parties:
        then = side_numbers(before, side) if side in before.authority.parties else {}
        found += [
            Change(what=what, side=side, then=then.get(what, 0), now=value)
            for what, value in side_numbers(state, side).items()
        ]
    found.append(
        Change(what="losses", then=sum(one[2] for one in losses(before)), now=sum(one[2] for one in losses(state)))
    )
    found.append(Change(what="waits", then=len(waits(before)), now=len(waits(state))))
    found.append(Change(what="suspensions", then=_suspended(before), now=_suspended(state)))
    found.append(Change(what="alarms", then=len(before.alarms), now=len(state.alarms)))
    changed = [one for one in found if one.then != one.now]
    if next_time(before) != next_time(state):
        changed.append(Change(what="date"))
    return tuple(changed)


def _suspended(state: State) -> int:
    return sum(1 for one in waits(state) if one.what == "resume")


def change_in_words(one: Change, language: str) -> phrases.Written:
    """Return one change as a clause."""
    if one.what == "date":
        return phrases.phrase("brief.change_date", language)
    then, now = phrases.number(one.then, language), phrases.number(one.now, language)
    what = phrases.phrase(f"brief.change.{one.what}", language)
    if one.side:
        return phrases.phrase("brief.change_of_side", language, side=one.side, what=what, then=then, now=now)
    return phrases.phrase("brief.change_of_all", language, what=what, then=then, now=now)


def _changed(found: Sequence[Change] | None, since: int, language: str) -> str:
    if found is None:
        return phrases.phrase("brief.first", language)
    if not found:
        return phrases.phrase("brief.nothing_changed", language, position=since)
    shown = phrases.joined((change_in_words(one, language) for one in found[:MOST_CHANGES]), language)
    told = phrases.phrase("brief.changed", language, position=since, changes=shown)
    return told + _more(MOST_SHOWN + len(found) - MOST_CHANGES, language)


def _more(count: int, language: str) -> str:
    if count <= MOST_SHOWN:
        return ""
    return " " + phrases.phrase("brief.more", language, count=count - MOST_SHOWN)
