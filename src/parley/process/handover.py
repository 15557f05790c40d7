"""The law of handover: who crossed is what three counters wrote down, and no one can settle a difference by silence.

Quarrels over numbers begin at the point: 1,245 bodies or 1,248; 73 people or 74 (domain 2.6, 3.6, F36). So each party
of the batch and the neutral count alone, and a batch is closed only over all the books together. Law of handover:

1.  A book is an observation, and is always recorded: before and after a suspension, an abort, a loss on the way, even
    after closing; for lines of the batch and for others (DESIGN 7.6). It is refused only where it cannot be read: a
    batch that was never planned, a code that is none, a count below zero, a hash that is none.
1a. A counter may hand in several books for a batch, from several devices or in parts. They join
    (``parley.handover.books``): order and repetition do not matter, nothing is lost, and a line written twice with
    different codes shows as a difference.
1b. A line in a book that nobody ever gave, mistyped or invented, does not cost the book: whoever was written down
    there counts as a person without a line (3c), NOT_ON_MANIFEST whatever the code, and the line stays visible. Lines
    given later are read as such in the next book.
1c. A book after closing changes no outcome. If it would have made a difference, all are alarmed; a correction can
    follow.
2.  A small group has crossed when every party of the batch signed the same lines for it (domain 2.6: groups of up to
    ten). Until then each may sign anew; afterwards its lines are in no other group.
2a. Only people who boarded a vehicle of that batch and whose convoy has arrived are in a group (F11: the rest is
    NOT_ON_MANIFEST, and for the books).
2b. No side is ever further ahead than the terms allow, ten people where they say nothing (F34). The lead is counted
    in the proportion of the batch's plan: of 306 for 74, each one of the fewer answers for four of the others. Where
    the other side gives nobody in the batch there is nothing to be ahead of.
2c. Groups end with a suspension, an abort, or a loss on the way. Who had crossed by then stands in the books.
3.  A batch is closed when every party of the batch and the neutral have signed the same closing. Each may sign anew
    until then, so the order in which they sign does not matter.
3a. A closing asks for all the books. It names every line on which they differ, or which any of them leaves out, once,
    with the outcome agreed for it and a cause; ``unexplained`` is a cause (domain 11, MUST 10). It names no line on
    which they agree: what three counters saw alike is not for negotiation.
3b. That somebody declined at the point counts only when the neutral's book says so; a refusal told by the holder
    alone is a claim (F15, F16; GC III art. 118 as read in its commentary, DESIGN 7.2).
3c. The people who came without a line are only counted. Where the books differ on their number, the closing names one
    that a book gives, and a cause.
3d. A closing that was signed before a further book arrived is judged again, against all the books, by the next
    signature.
4.  With the closing the outcomes are in force. Nobody's delivery is undone by a later batch: what the books of batch
    2 say of somebody delivered in batch 1 raises the alarm and changes nothing. A line of another batch that turned
    up and was not delivered keeps what is known of it.
4a. An aborted batch, one that lost people, and the batches of an aborted exchange are closed in the same way if
    anybody had departed. Until then whoever is in an agreed group counts as received, all others as deferred: owed
    (domain 5.1).
5.  Identity is confirmed by the receiving side, after a second look, of people who were received, and of no one else
    (F45, F53). It may be looked at again: the last word holds, and all are alarmed by a "not". Of people who stay in a
    third country it is confirmed by their custodian, if that takes part in the case (``parley.process.keeping``, 9).
6.  Effects, money and papers are sealed packets of one person (GC III art. 119, 122; 1.1). Giver and receiver may
    each say that they are owed. That they were handed over is a claim while the giver alone says it; the receiver's
    word settles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from parley import acts
from parley.acts import DELIVERED, DIFFERENCE_CAUSES, EFFECTS, OUTCOME_CODES, Act
from parley.handover.books import Book, Comparison, compare, counted, join
from parley.handover.exposure import leads
from parley.process import batches, movement
from parley.process.agreed import most_ahead
from parley.process.keeping import custodian_of
from parley.process.lines import in_turn, person_of
from parley.process.state import Group, Handover, Outcome, State
from parley.words import LineId, Lines, ParticipantName, Refusal, refuse

MOST_AHEAD: Final = 10
"""How many people one side may be ahead at the point where the terms name no number: one group."""
DECLINED: Final = "DECLINED_AT_POINT"
CLAIMED: Final = "said_handed_over"
"""What effects count as while the giver alone says that they were handed over (6)."""
HASH: Final = re.compile(r"[0-9a-f]{64}\Z")


# --- what others ask --------------------------------------------------------------------------------------------------


def counters(state: State, batch: int) -> tuple[ParticipantName, ...]:
    """Return whose books a batch needs: its parties and the neutral, sorted."""
    return tuple(sorted({*movement.concerned(state, batch), state.authority.neutral}))


def books_of(state: State, batch: int) -> Mapping[ParticipantName, Book]:
    """Return the books of a batch that are in, by counter."""
    books = state.handover.books
    return {
        name: _as_known(state, books[key]) for name in counters(state, batch) if (key := f"{batch}/{name}") in books
    }


def _as_known(state: State, book: Book) -> Book:
    """Return a book without those unknown lines that somebody has given since: its counter hands it in anew (1b)."""
    still = [line for line in book.unknown if line not in state.lists.lines]
    return book if len(still) == len(book.unknown) else replace(book, unknown=Lines.among(still))


def unknown_lines(state: State, batch: int) -> Lines:
    """Return the lines that stand in books of a batch and that nobody has given to this day (1b)."""
    return Lines.among({line for book in books_of(state, batch).values() for line in book.unknown})


def not_on_manifest(state: State, batch: int) -> int:
    """Return how many people came without a line: as closed, else the most that any book counts (1b, 3c)."""
    closing = state.handover.closings.get(batch)
    if closing is not None:
        return closing.unlisted
    return max((book.not_on_manifest for book in books_of(state, batch).values()), default=0)


def comparison(state: State, batch: int) -> Comparison:
    """Return on which people of a batch its books agree, and on which they differ (3a)."""
    return compare(
        books_of(state, batch),
        counters(state, batch),
        batches.planned_set(state, batch),
        lambda line: person_of(state, line),
    )


def closed(state: State, batch: int) -> bool:
    """Say whether a batch is closed: its outcomes are in force."""
    return batch in state.handover.closings


def crossed(state: State, batch: int) -> frozenset[LineId]:
    """Return the people in agreed groups of a batch (2)."""
    parties = movement.concerned(state, batch)
    return frozenset(line for _, lines in _agreed_groups(state, batch, parties) for line in lines)


def outcome_of(state: State, line: str) -> Outcome | None:
    """Return what became of a person: the outcome in force, else what 4a gives, else nothing."""
    person = person_of(state, line)
    known = state.handover.outcomes.get(person) or state.handover.outcomes.get(LineId(line))
    if known is not None:
        return known
    for batch in reversed(batches.numbers(state)):
        if not closed(state, batch) and person in batches.planned_set(state, batch):
            return _unclosed(state, batch).get(person)
    return None


def outcomes(state: State) -> Mapping[LineId, Outcome]:
    """Return what became of everybody of whom that can be said, in force and by 4a."""
    found: dict[LineId, Outcome] = {}
    for batch in batches.numbers(state):
        if not closed(state, batch):
            found |= _unclosed(state, batch)
    return {**found, **state.handover.outcomes}


def _unclosed(state: State, batch: int) -> dict[LineId, Outcome]:
    if movement.batch_status(state, batch) not in ("aborted", "frozen"):
        return {}
    over = crossed(state, batch)
    return {
        line: Outcome(code="RECEIVED" if line in over else "DEFERRED", batch=batch)
        for line in batches.planned_set(state, batch)
    }


def unfinished(state: State) -> tuple[int, ...]:
    """Return the batches neither closed nor done with: of aborted ones, those where a convoy had departed (4a)."""
    return tuple(
        batch
        for batch in batches.numbers(state)
        if not closed(state, batch)
        and (movement.batch_status(state, batch) != "aborted" or movement.started(state, batch))
    )


def lead(state: State, batch: int = 0) -> Mapping[ParticipantName, int]:
    """Return how many people each giving party is ahead, in one batch or (0) in all together; 0 for who is not (2b)."""
    plans = {number: batches.plan(state, number) for number in (batches.numbers(state) if batch == 0 else (batch,))}
    planned: dict[ParticipantName, int] = {}
    handed: dict[ParticipantName, int] = {}
    for number, one in plans.items():
        over = _handed_over(state, number)
        for giving, lines in {} if one is None else one.gives.items():
            planned[giving] = planned.get(giving, 0) + len(lines)
            handed[giving] = handed.get(giving, 0) + sum(1 for line in lines if line in over)
    return leads(planned, handed)


def _handed_over(state: State, batch: int) -> frozenset[LineId]:
    if not closed(state, batch):
        return crossed(state, batch)
    tally = state.handover.tallies[batch]
    return frozenset(line for code in DELIVERED for line in tally.get(code, ()))


def received(state: State) -> frozenset[LineId]:
    """Return everybody received: by the outcome in force, or by a group that all signed in a batch not yet closed."""
    over = {line for batch in batches.numbers(state) if not closed(state, batch) for line in crossed(state, batch)}
    return frozenset(over | {line for line, one in state.handover.outcomes.items() if one.code in DELIVERED})


# --- books ------------------------------------------------------------------------------------------------------------


def judge_hand_in_book(state: State, act: Act, deed: acts.HandInBook) -> Refusal | None:
    """Judge point 1: only whether the book can be read."""
    _ = act
    if deed.batch not in state.batches.plans:
        return refuse("handover.no_such_batch", batch=deed.batch)
    if HASH.match(deed.book) is None:
        return refuse("handover.book_without_hash")
    if deed.unlisted < 0:
        return refuse("handover.count_below_zero", count=deed.unlisted)
    for code in sorted(deed.outcomes):
        refusal = _judge_word(code, OUTCOME_CODES)
        if refusal is not None:
            return refusal
    return None


def _judge_word(word: str, allowed: tuple[str, ...]) -> Refusal | None:
    return None if word in allowed else refuse("handover.unknown_word", word=word[:40], allowed=", ".join(allowed))


def _judge_known(state: State, *several: Lines) -> Refusal | None:
    for lines in several:
        for line in lines:
            if line not in state.lists.lines:
                return refuse("handover.unknown_line", line=line)
    return None


def apply_hand_in_book(state: State, act: Act, deed: acts.HandInBook) -> State:
    """Join the book to what this counter handed in before (1a); after closing, show what would have differed (1c)."""
    key = f"{deed.batch}/{act.party}"
    book = _book(state, deed)
    earlier = state.handover.books.get(key)
    joined = join(earlier, book) if earlier is not None else join(book, book)
    after = _with(state, replace(state.handover, books={**state.handover.books, key: joined}))
    same = earlier is not None and replace(joined, hashes=earlier.hashes) == earlier
    if not closed(state, deed.batch) or same:
        return after
    return after.alarm("handover.book_after_closing", act.position, party=act.party, batch=deed.batch)


def _book(state: State, deed: acts.HandInBook) -> Book:
    """Return the book as it is kept: known lines by code, the others apart (1b)."""
    known, unknown = dict[str, Lines](), set[LineId]()
    for code, lines in deed.outcomes.items():
        strange = {line for line in lines if line not in state.lists.lines}
        unknown |= strange
        kept = Lines.among(line for line in lines if line not in strange) if strange else lines
        if kept.ranges:
            known[code] = kept
    return Book(outcomes=known, unlisted=deed.unlisted, unknown=Lines.among(unknown), hashes=frozenset({deed.book}))


def _with(state: State, handover: Handover) -> State:
    return replace(state, handover=handover)


# --- groups -----------------------------------------------------------------------------------------------------------


def _agreed_groups(state: State, batch: int, parties: tuple[ParticipantName, ...]) -> Iterator[tuple[str, Lines]]:
    """Yield the groups of a batch for which all its parties signed the same lines, by their keys."""
    for key, group in state.handover.groups.items():
        if key.startswith(f"{batch}/") and parties and all(name in group.signed for name in parties):
            wanted = {group.signed[name] for name in parties}
            if len(wanted) == 1:
                yield key, next(iter(wanted))


def judge_agree_group(state: State, act: Act, deed: acts.AgreeGroup) -> Refusal | None:
    """Judge point 2."""
    match movement.batch_status(state, deed.batch):
        case "unknown":
            return refuse("handover.no_such_batch", batch=deed.batch)
        case "closed":
            return refuse("handover.batch_closed", batch=deed.batch)
        case "aborted":
            return refuse("handover.batch_aborted", batch=deed.batch)
        case "frozen":
            return refuse("handover.batch_frozen", batch=deed.batch)
    if deed.group < 1:
        return refuse("handover.group_number", group=deed.group)
    if not deed.lines.ranges:
        return refuse("handover.nobody_named")
    return in_turn(state, act, deed, (_judge_present, _judge_group_open, _judge_exposure))


def _judge_present(state: State, act: Act, deed: acts.AgreeGroup) -> Refusal | None:
    """Refuse people who did not board, or whose convoy has not arrived (2a)."""
    _ = act
    carried_by = {
        line: vehicle.by for vehicle in movement.vehicles(state, deed.batch) for line in vehicle.boarded or ()
    }
    for line in deed.lines:
        if line not in carried_by:
            return refuse("handover.not_on_manifest", line=line, batch=deed.batch)
        if movement.convoy(state, deed.batch, carried_by[line]).arrived is None:
            return refuse("handover.not_arrived", party=carried_by[line], batch=deed.batch)
    return None


def _judge_group_open(state: State, act: Act, deed: acts.AgreeGroup) -> Refusal | None:
    key = f"{deed.batch}/{deed.group}"
    elsewhere: dict[LineId, str] = {}
    for name, lines in _agreed_groups(state, deed.batch, movement.concerned(state, deed.batch)):
        if name == key:
            return refuse("handover.group_agreed", group=deed.group)
        elsewhere |= dict.fromkeys(lines, name.partition("/")[2])
    for line in deed.lines:
        if line in elsewhere:
            return refuse("handover.in_another_group", line=line, group=elsewhere[line])
    group = state.handover.groups.get(key, Group())
    if group.signed.get(act.party) == deed.lines:
        return refuse("handover.group_signed", group=deed.group, party=act.party)
    return None


def _judge_exposure(state: State, act: Act, deed: acts.AgreeGroup) -> Refusal | None:
    """Refuse a group after which one side would be too far ahead (2b)."""
    _ = act
    planned = batches.plan(state, deed.batch)
    assert planned is not None
    over = crossed(state, deed.batch) | frozenset(deed.lines)
    handed = {giving: sum(1 for line in lines if line in over) for giving, lines in planned.gives.items()}
    ahead = leads({giving: len(lines) for giving, lines in planned.gives.items()}, handed)
    most = most_ahead(state) or MOST_AHEAD
    for giving in sorted(ahead):
        if ahead[giving] > most:
            return refuse("handover.exposure_limit", party=giving, lead=ahead[giving], most=most)
    return None


def apply_agree_group(state: State, act: Act, deed: acts.AgreeGroup) -> State:
    """Enter the signature; the group is agreed when all parties of the batch signed the same lines."""
    key = f"{deed.batch}/{deed.group}"
    group = state.handover.groups.get(key, Group())
    signed = replace(group, signed={**group.signed, act.party: deed.lines})
    return _with(state, replace(state.handover, groups={**state.handover.groups, key: signed}))


# --- closing ----------------------------------------------------------------------------------------------------------


def judge_close_batch(state: State, act: Act, deed: acts.CloseBatch) -> Refusal | None:
    """Judge points 3 to 3d."""
    if deed.batch not in state.batches.plans:
        return refuse("handover.no_such_batch", batch=deed.batch)
    if closed(state, deed.batch):
        return refuse("handover.batch_closed", batch=deed.batch)
    books = books_of(state, deed.batch)
    for name in counters(state, deed.batch):
        if name not in books:
            return refuse("handover.book_missing", batch=deed.batch, counter=name)
    checks = (_judge_naming, _judge_differences, _judge_unlisted)
    refusal = in_turn(state, act, deed, checks)
    if refusal is not None:
        return refusal
    stated = state.handover.stated.get(f"{deed.batch}/{act.party}")
    if stated is not None and _same(state, stated, deed):
        return refuse("handover.closing_signed", batch=deed.batch, party=act.party)
    return None


def _judge_naming(state: State, act: Act, deed: acts.CloseBatch) -> Refusal | None:
    """Refuse a difference with a wrong word, with nobody in it, or a line named twice."""
    _ = act
    named: set[LineId] = set()
    for difference in deed.differences:
        refusal = _judge_word(difference.outcome, OUTCOME_CODES) or _judge_word(difference.cause, DIFFERENCE_CAUSES)
        if refusal is not None:
            return refusal
        if not difference.lines.ranges:
            return refuse("handover.nobody_named")
        refusal = _judge_known(state, difference.lines)
        if refusal is not None:
            return refusal
        for line in difference.lines:
            if person_of(state, line) in named:
                return refuse("handover.named_twice", line=line)
            named.add(person_of(state, line))
    return None


def _judge_differences(state: State, act: Act, deed: acts.CloseBatch) -> Refusal | None:
    """Refuse unless just the lines on which the books differ are named (3a), refusals as the neutral saw them (3b)."""
    _ = act
    differing = comparison(state, deed.batch).differing
    named = {line: outcome for line, (outcome, _) in _named(state, deed).items()}
    for line in sorted(named):
        if line not in differing:
            return refuse("handover.no_difference", line=line)
        if named[line] == DECLINED and DECLINED not in differing[line].get(state.authority.neutral, ()):
            return refuse("handover.declined_without_neutral", line=line)
    unnamed = Lines.among(differing.keys() - named.keys())
    if unnamed.ranges:
        return refuse("handover.difference_unnamed", count=len(unnamed), line=next(iter(unnamed)))
    return None


def _judge_unlisted(state: State, act: Act, deed: acts.CloseBatch) -> Refusal | None:
    """Refuse a number of people without a line that no book gives, or a difference in it without a cause (3c)."""
    _ = act
    numbers = {book.not_on_manifest for book in books_of(state, deed.batch).values()}
    if deed.unlisted not in numbers:
        return refuse("handover.unlisted_mismatch", said=deed.unlisted, least=min(numbers), most=max(numbers))
    if deed.unlisted_cause and deed.unlisted_cause not in DIFFERENCE_CAUSES:
        return _judge_word(deed.unlisted_cause, DIFFERENCE_CAUSES)
    if len(numbers) > 1 and deed.unlisted_cause not in DIFFERENCE_CAUSES:
        return refuse("handover.unlisted_unexplained", least=min(numbers), most=max(numbers))
    return None


def _named(state: State, deed: acts.CloseBatch) -> dict[LineId, tuple[str, str]]:
    """Return the outcome and the cause that a closing names, by person."""
    return {
        person_of(state, line): (difference.outcome, difference.cause)
        for difference in deed.differences
        for line in difference.lines
    }


def _same(state: State, one: acts.CloseBatch, other: acts.CloseBatch) -> bool:
    """Say whether two closings name the same, in whatever order."""
    unlisted = (one.unlisted, one.unlisted_cause) == (other.unlisted, other.unlisted_cause)
    return unlisted and _named(state, one) == _named(state, other)


def apply_close_batch(state: State, act: Act, deed: acts.CloseBatch) -> State:
    """Enter the signed closing; with the last equal one the batch is closed and its outcomes are in force (3, 4)."""
    stated = {**state.handover.stated, f"{deed.batch}/{act.party}": deed}
    after = _with(state, replace(state.handover, stated=stated))
    for name in counters(state, deed.batch):
        signed = stated.get(f"{deed.batch}/{name}")
        if signed is None or not _same(state, signed, deed):
            return after
    return _close(after, act, deed)


def _close(state: State, act: Act, deed: acts.CloseBatch) -> State:
    result = comparison(state, deed.batch)
    settled = {**result.agreed, **{line: outcome for line, (outcome, _) in _named(state, deed).items()}}
    planned = {person_of(state, line) for line in batches.planned_set(state, deed.batch)}
    before = state.handover.outcomes
    delivered_before = {line for line in settled if line in before and before[line].code in DELIVERED}
    entered = {
        line: Outcome(code=code, batch=deed.batch, said_by=act.id)
        for line, code in settled.items()
        if line not in delivered_before and (line in planned or line not in before or code in DELIVERED)  # 4
    }
    after = _with(
        state,
        replace(
            state.handover,
            closings={**state.handover.closings, deed.batch: deed},
            tallies={**state.handover.tallies, deed.batch: counted(settled)},
            outcomes={**before, **entered},
        ),
    )
    if delivered_before:
        after = after.alarm("handover.delivered_before", act.position, batch=deed.batch, count=len(delivered_before))
    lacking = {line for line in crossed(state, deed.batch) if settled.get(line) not in DELIVERED}
    if lacking:  # both sides signed that these crossed, and the books closed on something else
        after = after.alarm("handover.group_without_receipt", act.position, batch=deed.batch, count=len(lacking))
    return after


# --- identity and effects ---------------------------------------------------------------------------------------------


def judge_confirm_identity(state: State, act: Act, deed: acts.ConfirmIdentity) -> Refusal | None:
    """Judge point 5."""
    if not deed.confirmed.ranges and not deed.not_confirmed.ranges:
        return refuse("handover.nobody_named")
    refusal = _judge_known(state, deed.confirmed, deed.not_confirmed)
    if refusal is not None:
        return refusal
    doubted, here = {person_of(state, line) for line in deed.not_confirmed}, received(state)
    for line in (*deed.confirmed, *deed.not_confirmed):
        person = person_of(state, line)
        if person not in here:
            return refuse("handover.not_received", line=line)
        custodian = custodian_of(state, person)
        if custodian is not None and custodian != act.party:
            return refuse("handover.in_custody", line=line, custodian=custodian)
        if custodian is None and state.lists.lines[person].receiver != act.party:
            return refuse("handover.not_the_receiver", line=line)
    for line in deed.confirmed:
        if person_of(state, line) in doubted:
            return refuse("handover.named_twice", line=line)
    return None


def apply_confirm_identity(state: State, act: Act, deed: acts.ConfirmIdentity) -> State:
    """Enter the receiver's last word on who these people are."""
    identity = {
        **state.handover.identity,
        **{person_of(state, line): True for line in deed.confirmed},
        **{person_of(state, line): False for line in deed.not_confirmed},
    }
    after = _with(state, replace(state.handover, identity=identity))
    if not deed.not_confirmed.ranges:
        return after
    return after.alarm("handover.identity_doubted", act.position, party=act.party, count=len(deed.not_confirmed))


def judge_hand_over_effects(state: State, act: Act, deed: acts.HandOverEffects) -> Refusal | None:
    """Judge point 6."""
    if not deed.lines.ranges:
        return refuse("handover.nobody_named")
    refusal = _judge_word(deed.state, EFFECTS) or _judge_known(state, deed.lines)
    if refusal is not None:
        return refusal
    if deed.packets < 1:
        return refuse("handover.no_packets")
    for line in deed.lines:
        known = state.lists.lines[line]
        if act.party not in (known.holder, known.receiver):
            return refuse("handover.not_your_line", line=line)
        if state.handover.effects.get(person_of(state, line)) == "handed_over":
            return refuse("handover.effects_settled", line=line)
    return None


def apply_hand_over_effects(state: State, act: Act, deed: acts.HandOverEffects) -> State:
    """Enter whose effects are owed, said to be handed over (the giver's word) or handed over (the receiver's)."""
    effects = dict(state.handover.effects)
    for line in deed.lines:
        giver_alone = deed.state == "handed_over" and state.lists.lines[line].holder == act.party
        effects[person_of(state, line)] = CLAIMED if giver_alone else deed.state
    return _with(state, replace(state.handover, effects=effects))
