"""The law of publication: which numbers may be said, when, and that families hear before the press does.

1.  A figure on a number sheet names its unit, the side that gives, its scope (inside the formula, outside it, both)
    and its count point, and the batch or 0 for all; it may name a part outside the formula. Only so do two sides speak
    of one thing (domain 3.6, F37, requirement 13). No sheet names a figure twice.
2.  Its value is the one that the record supports (``parley.process.figures``); where the record can tell none, none
    may be named. Both proposing and agreeing are judged by the record as it then stands.
3.  A sheet is agreed when all parties have agreed to it; proposing is not agreeing. The neutral may propose, because
    it holds no position in it, and has no vote.
4.  Every party and the neutral may set an embargo of its own, and later shorten, lengthen or lift its own (a time that
    has passed lifts it). In force is the latest of all: what one asks to be kept back, nobody publishes jointly.
5.  A communiqué is built from one agreed sheet whose figures all still hold, after every embargo, once per sheet. It
    exists in known languages only, and in all authentic languages of the terms; each text is fixed by its hash.
    Whether the hashed texts are those that the sheet gives is checked at each desk (``parley.briefings.communique``).
6.  Its status word (proposed, agreed, signed, executed) goes no further than the record has come (domain F23). What was
    aborted, in whole or in one batch, was not executed, whatever part of it was.
7.  Terms may say when numbers may be published: never, after the agreement, after each batch, after completion, and so
    many hours later. The number agreed itself falls under the item ``terms``, all that was counted since under
    ``numbers``.
8.  Press never before family (domain F44): a communiqué that counts people handed over waits until the families of all
    of them were notified. Whose identity the receiving side has looked into and not confirmed is not waited for.
9.  Families are notified by the receiving side, of people delivered whose identity it has confirmed by its own second
    look (domain F45, F53), once. Of the dead, when a laboratory of the receiving side has confirmed who they are.
    Where no next of kin are known, its bureau enters the notice when it has done its duty (GC III art. 122).
10. What anybody says in public is recorded with speaker, time and source, and is never refused for its content: a
    false number on record, beside what the record supports, does more than a refusal. What was left unsaid stays
    empty. Only words that are no words of the record are refused, because no copy could set them beside anything.
10a. What the record supports of it is judged when it is recorded and kept so (``parley.process.claims``): true words do
    not become false because the record went on.
10b. In what office somebody spoke and of which item are codes, so that no name slips in; the outlet is a short text. An
    unnamed source is recorded as one, and confirms nothing that a side has not said itself (``parley.briefings``).
11. Recording a statement does not make it the recorder's; who said it and who recorded it are two fields.
12. Statements, confirmations and notices go on after the case is closed. Sheets and communiqués do not: what is said
    later is a correction (law of reconciliation) or one side's own statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from parley import acts
from parley.acts import COUNT_POINTS, LANGUAGES, SCOPES, STATUS_WORDS, UNITS, Act, Figure
from parley.process import agreed, batches, claims, dates, figures, handover, lines, terms
from parley.process.state import NumberSheet, State, Statement
from parley.words import ActId, LineId, Moment, ParticipantName, Refusal, first_of, refuse

MOST_FIGURES: Final = 200
"""Figures on one sheet; each costs a count over the record."""
MOST_SAID: Final = 40
"""Figures in one statement; one that left everything unsaid costs a count for each of some hundred meanings."""
MOST_SOURCE: Final = 500
MOST_OUTLET: Final = 120
AFTER_HANDOVER: Final = frozenset({"handed_over", "confirmed"})
HASH: Final = re.compile(r"[0-9a-f]{64}\Z")


# --- what the record gives -------------------------------------------------------------------------------------------


def embargo(state: State) -> Moment | None:
    """Return until when nothing may be published jointly: the latest embargo of anybody (4)."""
    return max(state.publication.embargoes.values(), default=None)


def agreed_by_all(state: State, sheet: NumberSheet) -> bool:
    """Say whether all parties have agreed to a sheet (3)."""
    return set(state.authority.parties) <= set(sheet.agreed_by)


def agreed_sheet(state: State) -> NumberSheet | None:
    """Return the number sheet last proposed of those that all parties agreed to."""
    found = [sheet for sheet in state.publication.sheets.values() if agreed_by_all(state, sheet)]
    return found[-1] if found else None


def status_reached(state: State) -> str:
    """Return the furthest status word the record allows, or nothing before any proposal (6)."""
    if complete(state) and state.handover.closings.keys() >= set(batches.numbers(state)) and not state.standing.aborted:
        return "executed"
    owed = agreed.owed(state)
    if owed and all(lines.frozen(state, party) is not None or most == 0 for party, (_, most) in owed.items()):
        return "signed"
    if agreed.in_force(state) is not None:
        return "agreed"
    return "proposed" if terms.open_versions(state) else ""


def complete(state: State) -> bool:
    """Say whether nothing is to come: batches closed or aborted, all on final lists in one of them, or all aborted."""
    numbers = batches.numbers(state)
    if handover.unfinished(state):
        return False
    if state.standing.aborted or not numbers:
        return bool(state.standing.aborted)
    planned = {line for number in numbers for line in batches.planned_set(state, number)}
    return all(planned >= lines.frozen_set(state, party) for party in state.authority.parties)


def waiting_families(state: State, sheet: NumberSheet) -> frozenset[LineId]:
    """Return the people counted on a sheet as handed over whose families were not notified yet (8)."""
    waiting: set[LineId] = set()
    for figure in sheet.figures:
        if figure.unit == "person" and figure.count_point in AFTER_HANDOVER:
            waiting.update(figures.people_of(state, figure))
    identity, notified = state.handover.identity, state.publication.notified
    return frozenset(line for line in waiting if line not in notified and identity.get(line) is not False)


def may_publish(state: State, sheet_id: ActId, status: str) -> Refusal | None:
    """Say why no communiqué may be published from a sheet now with this status word, or nothing (5 to 8)."""
    sheet = state.publication.sheets.get(sheet_id)
    if sheet is None:
        return refuse("publication.unknown_sheet")
    if not agreed_by_all(state, sheet):
        return refuse("publication.sheet_not_agreed", agreed=len(sheet.agreed_by))
    until = embargo(state)
    if until is not None and state.authority.clock < until:
        return refuse("publication.embargo", until=until, now=state.authority.clock)
    if status not in STATUS_WORDS:
        return refuse("publication.unknown_status", status=status[:40])
    reached = status_reached(state)
    if not reached or STATUS_WORDS.index(status) > STATUS_WORDS.index(reached):
        return refuse("publication.status_not_reached", status=status, reached=reached or "none")
    refusal = _first_flaw(state, sheet)
    if refusal is None:
        refusal = first_of(*(_held_back_by_terms(state, figure) for figure in sheet.figures))
    if refusal is not None:
        return refusal
    waiting = waiting_families(state, sheet)
    return refuse("publication.family_first", waiting=len(waiting)) if waiting else None


# --- number sheets ---------------------------------------------------------------------------------------------------


def judge_propose_number_sheet(state: State, act: Act, deed: acts.ProposeNumberSheet) -> Refusal | None:
    """Judge points 1 and 2."""
    if not deed.figures:
        return refuse("publication.no_figures")
    if len(deed.figures) > MOST_FIGURES:
        return refuse("publication.too_many_figures", most=MOST_FIGURES)
    seen: set[Figure] = set()
    counted: figures.Tallies = {}
    for number, figure in enumerate(deed.figures, start=1):
        refusal = _flaw_in_words(number, figure)
        if refusal is None:
            refusal = _left_unsaid(state, number, figure)
        if refusal is None:
            refusal = _flaw_in_value(state, figure, counted)
        if refusal is not None:
            return refusal
        if figure in seen:
            return refuse("publication.figure_twice", number=number)
        seen.add(figure)
    return None


def apply_propose_number_sheet(state: State, act: Act, deed: acts.ProposeNumberSheet) -> State:
    """Put the sheet before the parties."""
    sheet = NumberSheet(id=act.id, proposed_by=act.party, figures=deed.figures)
    return _with(state, sheets={**state.publication.sheets, act.id: sheet})


def judge_agree_number_sheet(state: State, act: Act, deed: acts.AgreeNumberSheet) -> Refusal | None:
    """Judge points 2 and 3."""
    sheet = state.publication.sheets.get(deed.sheet)
    if sheet is None:
        return refuse("publication.unknown_sheet")
    if act.party in sheet.agreed_by:
        return refuse("publication.agreed_already", party=act.party)
    return _first_flaw(state, sheet)


def apply_agree_number_sheet(state: State, act: Act, deed: acts.AgreeNumberSheet) -> State:
    """Enter the agreement."""
    sheet = state.publication.sheets[deed.sheet]
    agreed_now = replace(sheet, agreed_by=(*sheet.agreed_by, act.party))
    return _with(state, sheets={**state.publication.sheets, deed.sheet: agreed_now})


def _flaw_in_words(number: int, figure: Figure) -> Refusal | None:
    """Return why a figure is none of the record's: an unknown word, a number below zero; empty words pass."""
    for word, known in ((figure.unit, UNITS), (figure.scope, SCOPES), (figure.count_point, COUNT_POINTS)):
        if word and word not in known:
            return refuse("publication.unknown_word", number=number, word=word[:40])
    if figure.value < 0 or figure.batch < 0:
        return refuse("publication.below_zero", number=number)
    return None


def _flaw_in_whose(state: State, number: int, figure: Figure) -> Refusal | None:
    """Return why a side or part is no word of the record; empty ones pass, other text could name anybody (10)."""
    if figure.side and figure.side not in state.authority.participants:
        return refuse("publication.unknown_word", number=number, word=figure.side[:40])
    if figure.part and not lines.is_code(figure.part):
        return refuse("publication.unknown_word", number=number, word=figure.part[:40])
    return None


def _left_unsaid(state: State, number: int, figure: Figure) -> Refusal | None:
    """Return what a figure leaves unsaid that a sheet must say (1)."""
    if figure.side not in state.authority.parties:
        return refuse("publication.figure_without_side", number=number)
    if not figure.unit:
        return refuse("publication.figure_without_unit", number=number)
    if not figure.scope:
        return refuse("publication.figure_without_scope", number=number)
    if not figure.count_point:
        return refuse("publication.figure_without_count_point", number=number)
    if figure.batch and figure.batch not in batches.numbers(state):
        return refuse("publication.unknown_batch", number=number, batch=figure.batch)
    if figure.part and figure.part not in agreed.parts_outside(state):
        return refuse("publication.unknown_part", number=number, part=figure.part[:40])
    return None


def _first_flaw(state: State, sheet: NumberSheet) -> Refusal | None:
    """Return why the first figure that may not be named now may not be; counting costs, so it stops there."""
    counted: figures.Tallies = {}
    flaws = (_flaw_in_value(state, figure, counted) for figure in sheet.figures)
    return next((flaw for flaw in flaws if flaw is not None), None)


def _flaw_in_value(state: State, figure: Figure, counted: figures.Tallies) -> Refusal | None:
    """Return why a complete figure may not be named now (2)."""
    value = figures.supported(state, figure, counted)
    if value is None:
        return refuse(
            "publication.figure_cannot_be_told",
            side=figure.side,
            unit=figure.unit,
            count_point=figure.count_point,
        )
    if value != figure.value:
        return refuse(
            "publication.figure_not_supported",
            side=figure.side,
            unit=figure.unit,
            count_point=figure.count_point,
            stated=figure.value,
            supported=value,
        )
    return None


# --- embargo and communiqué ------------------------------------------------------------------------------------------


def judge_set_embargo(state: State, act: Act, deed: acts.SetEmbargo) -> Refusal | None:
    """Judge point 4."""
    own = state.publication.embargoes.get(act.party)
    running = own is not None and own > state.authority.clock
    if deed.until == own or (deed.until <= state.authority.clock and not running):
        return refuse("publication.embargo_without_effect", until=deed.until, now=state.authority.clock)
    return None


def apply_set_embargo(state: State, act: Act, deed: acts.SetEmbargo) -> State:
    """Put this participant's embargo in the place of its own earlier one."""
    return _with(state, embargoes={**state.publication.embargoes, act.party: deed.until})


def judge_publish_communique(state: State, act: Act, deed: acts.PublishCommunique) -> Refusal | None:
    """Judge points 5 to 8."""
    refusal = may_publish(state, deed.sheet, deed.status)
    if refusal is not None:
        return refusal
    if deed.sheet in state.publication.communiques.values():
        return refuse("publication.published_already")
    strange = sorted(deed.texts.keys() - set(LANGUAGES))
    if strange:
        return refuse("publication.unknown_language", language=strange[0][:20])
    says = agreed.in_force(state)
    wanted = set(says.languages if says is not None else ()) & set(LANGUAGES)
    missing = sorted(wanted - deed.texts.keys())
    if missing or not deed.texts:
        return refuse("publication.language_missing", language=missing[0] if missing else LANGUAGES[0])
    for language, digest in sorted(deed.texts.items()):
        if HASH.match(digest) is None:
            return refuse("publication.hash_malformed", language=language)
    return None


def apply_publish_communique(state: State, act: Act, deed: acts.PublishCommunique) -> State:
    """Enter the communiqué with its sheet."""
    return _with(state, communiques={**state.publication.communiques, act.id: deed.sheet})


def _held_back_by_terms(state: State, figure: Figure) -> Refusal | None:
    """Return what the terms say against publishing a figure now (7)."""
    item = "terms" if figure.count_point == "agreed" and not figure.batch else "numbers"
    clause = agreed.publicity(state).get(item)
    if clause is None:
        return None
    if clause.rule == "never":
        return refuse("publication.never_by_the_terms", item=item, clause=clause.clause)
    event = _event(state, clause.rule, figure.batch)
    free = None if event is None else dates.hours_after(event, clause.hours)
    if free is None or state.authority.clock < free:
        return refuse("publication.not_yet_by_the_terms", item=item, clause=clause.clause, rule=clause.rule)
    return None


def _event(state: State, rule: str, batch: int) -> Moment | None:
    """Return when the event happened from which publicity runs; nothing where it has not."""
    if rule == "after_agreement":
        return dates.event_time(state, "terms_agreed")
    if rule == "after_completion" and not complete(state):
        return None
    numbers = (batch,) if rule == "after_each_batch" and batch else tuple(state.handover.closings)
    times = [dates.event_time(state, "batch_closed", batch=number) for number in numbers]
    if rule == "after_completion":
        times += [state.times.get(kind) for kind in ("abort_batch", "abort_exchange")]
    return max((time for time in times if time is not None), default=None)


# --- statements and families -----------------------------------------------------------------------------------------


def judge_record_public_statement(state: State, act: Act, deed: acts.RecordPublicStatement) -> Refusal | None:
    """Judge points 10 and 10b."""
    if deed.speaker not in state.authority.participants:
        return refuse("publication.unknown_speaker", speaker=deed.speaker[:40])
    if not deed.source.strip() or len(deed.source) > MOST_SOURCE:
        return refuse("publication.source_missing", most=MOST_SOURCE)
    if len(deed.outlet) > MOST_OUTLET:
        return refuse("publication.outlet_too_long", most=MOST_OUTLET)
    for word in (deed.voice, deed.item):
        if word and not lines.is_code(word):
            return refuse("publication.not_a_code", word=word[:40])
    if len(deed.figures) > MOST_SAID:
        return refuse("publication.too_many_figures", most=MOST_SAID)
    flaws = (
        _flaw_in_words(number, figure) or _flaw_in_whose(state, number, figure)
        for number, figure in enumerate(deed.figures, start=1)
    )
    return next((flaw for flaw in flaws if flaw is not None), None)


def apply_record_public_statement(state: State, act: Act, deed: acts.RecordPublicStatement) -> State:
    """Enter the statement as it was made, with what the record supports of it now (10a)."""
    judged = claims.judged(state, deed)
    statement = Statement(id=act.id, position=act.position, recorded_by=act.party, says=deed, claims=judged)
    return _with(state, statements=(*state.publication.statements, statement))


def judge_notify_family(state: State, act: Act, deed: acts.NotifyFamily) -> Refusal | None:
    """Judge point 9."""
    if not deed.lines.ranges:
        return refuse("publication.nobody_named")
    buried = frozenset(_dead_identified_by(state, act.party))
    for line in deed.lines:
        person = lines.person_of(state, line)
        known = state.lists.lines.get(person)
        if known is None:
            return refuse("publication.unknown_line", line=line)
        if known.receiver != act.party:
            return refuse("publication.not_the_receiver", line=line, receiver=known.receiver)
        if state.handover.identity.get(person) is not True and person not in buried:
            return refuse("publication.identity_not_confirmed", line=line)
        if person in state.publication.notified:
            return refuse("publication.notified_already", line=line)
    return None


def apply_notify_family(state: State, act: Act, deed: acts.NotifyFamily) -> State:
    """Enter whose families were notified."""
    people = frozenset(lines.person_of(state, line) for line in deed.lines)
    return _with(state, notified=state.publication.notified | people)


def _dead_identified_by(state: State, receiver: ParticipantName) -> Iterator[LineId]:
    """Yield whom a laboratory confirmed in a container; only the side that receives may enter its results."""
    for container in state.remains.values():
        if container.giving != receiver and container.finding == "confirmed":
            yield lines.person_of(state, container.person)


def _with(state: State, **changes: object) -> State:
    return replace(state, publication=replace(state.publication, **changes))  # type: ignore[arg-type]
