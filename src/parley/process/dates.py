"""When something is due, and whether a date has been agreed: both by the neutral's clock and never by a side's word.

"They did not come" is only true of a date that all had accepted (domain F21, F41). Law of dates and deadlines:

1.  A date and place is a proposal for one batch, or for the whole exchange (batch 0). A party or the neutral may make
    it, while terms are in force: without terms there is nothing to fix a date for.
1a. Its window opens before it closes, and the answer is due before it opens and after now. The place is named.
1b. A batch number is 1 or more, and not beyond the tranches if the terms name them.
1c. A new proposal for a batch supersedes its author's own earlier open one, never one that is agreed.
1d. Nobody proposes again what it has proposed already and what is still open, nor a time and place that are agreed.
2.  A party that proposes has accepted. It is agreed when all parties have accepted; before that nothing is agreed,
    and ``date_status`` says so: none proposed, open, declined, expired. "No date agreed" is a state that shows.
2a. One decline is enough to decline. A declined, expired or superseded proposal cannot be accepted any more.
2b. While it is open a party may still decline what it accepted; once agreed it may not: a change of date is a new
    proposal, and the agreed one holds until all accept the new one. Who accepts another's date lets its own open one
    for it go.
2c. An answer is in time until ``answer_by`` itself, in the neutral's time at the act's place in the log.
3.  A deadline counts hours from a named event. The event's time is the neutral's clock when the act took effect
    (``times``).
3a. An amendment does not restart clocks counted from the agreement; new terms do.
3b. Hours before an event (negative) are counted from the agreed opening of a batch, or from the day of effect.
3c. What an incentive has earned in days puts off the closing of batches.
4.  A deadline that has passed refuses nothing: a late list is better than none. It raises an alarm, once per act, and
    what was not answered by then is "no reply by deadline": derived, never said by anybody.
5.  Undoing terms lets every open and agreed date go with them: a date of terms that do not hold would mislead.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from parley import acts
from parley.acts import DATE_ANSWERS, Act
from parley.clauses import Deadline
from parley.process.agreed import batches_named, clauses, days_earned, in_force
from parley.process.state import DateProposal, State
from parley.words import ActId, Moment, Refusal, refuse

MOST_BATCHES: Final = 1_000
MOST_PLACE: Final = 200
NOT_OPEN: Final = {
    "agreed": "terms.date_agreed",
    "declined": "terms.date_declined",
    "expired": "terms.date_expired",
    "superseded": "terms.date_superseded",
}
"""Why a proposed date cannot be answered any more, by what became of it."""


def judge_propose_date_and_place(state: State, act: Act, deed: acts.ProposeDateAndPlace) -> Refusal | None:
    """Say why this date may not be proposed, or nothing (1 to 1b, 1d)."""
    if in_force(state) is None:
        return refuse("terms.none_in_force")
    most = batches_named(state) or MOST_BATCHES
    if not 0 <= deed.batch <= most:
        return refuse("terms.batch_unknown", batch=deed.batch, most=most)
    if not deed.place.strip() or len(deed.place) > MOST_PLACE:
        return refuse("terms.place_missing", most=MOST_PLACE)
    for moment in (deed.opens, deed.closes, deed.answer_by):
        if hours_after(moment, 0) is None:
            return refuse("terms.impossible_day", day=moment)
    if not deed.answer_by <= deed.opens < deed.closes:
        return refuse("terms.window_unclear", opens=deed.opens, closes=deed.closes, answer_by=deed.answer_by)
    if deed.answer_by <= state.authority.clock:
        return refuse("terms.answer_time_passed", answer_by=deed.answer_by, now=state.authority.clock)
    return refuse("terms.date_proposed_already", batch=deed.batch) if _said_already(state, act, deed) else None


def _said_already(state: State, act: Act, deed: acts.ProposeDateAndPlace) -> bool:
    """Say whether this party's own open proposal, or the date agreed for this very batch, says the same (1d)."""
    if any(
        one.says == deed and one.proposed_by == act.party and _status(state, one) == "open"
        for one in state.terms.dates.values()
    ):
        return True
    agreed = date_of(state, deed.batch)
    return agreed is not None and replace(agreed.says, answer_by=deed.answer_by) == deed


def apply_propose_date_and_place(state: State, act: Act, deed: acts.ProposeDateAndPlace) -> State:
    """Enter the proposal; its author's earlier open one for the batch is superseded (1c)."""
    cleared = _let_go(state, act, deed.batch)
    accepted = (act.party,) if act.party in state.authority.parties else ()  # 2: the neutral has nothing to accept
    proposal = DateProposal(id=act.id, proposed_by=act.party, says=deed, touched=act.position, accepted_by=accepted)
    return replace(cleared, terms=replace(cleared.terms, dates={**cleared.terms.dates, act.id: proposal}))


def judge_answer_date_and_place(state: State, act: Act, deed: acts.AnswerDateAndPlace) -> Refusal | None:
    """Say why this answer is not allowed, or nothing (2a, 2b, 2c)."""
    if deed.answer not in DATE_ANSWERS:
        return refuse("terms.unknown_word", word=deed.answer[:40], allowed=", ".join(DATE_ANSWERS))
    found = state.terms.dates.get(deed.proposal)
    if found is None:
        return refuse("terms.unknown_date", date=deed.proposal[:8])
    status = _status(state, found)
    if status != "open":
        return refuse(NOT_OPEN[status], batch=found.says.batch, place=found.says.place, opens=found.says.opens)
    if deed.answer == "accept" and act.party in found.accepted_by:
        return refuse("terms.date_answered", batch=found.says.batch)
    return None


def apply_answer_date_and_place(state: State, act: Act, deed: acts.AnswerDateAndPlace) -> State:
    """Note the answer; who accepts another's date lets its own open one go (2b)."""
    found = state.terms.dates[deed.proposal]
    if deed.answer == "accept":
        state = _let_go(state, act, found.says.batch)
        found = replace(found, touched=act.position, accepted_by=(*found.accepted_by, act.party))
    else:
        kept = tuple(party for party in found.accepted_by if party != act.party)
        found = replace(found, touched=act.position, accepted_by=kept, declined_by=(*found.declined_by, act.party))
    return replace(state, terms=replace(state.terms, dates={**state.terms.dates, deed.proposal: found}))


def _let_go(state: State, act: Act, batch: int) -> State:
    dates = {
        key: replace(one, superseded=True)
        if one.proposed_by == act.party and one.says.batch == batch and _status(state, one) == "open"
        else one
        for key, one in state.terms.dates.items()
    }
    return replace(state, terms=replace(state.terms, dates=dates))


def _status(state: State, one: DateProposal) -> str:
    if one.superseded:
        return "superseded"
    if one.declined_by:
        return "declined"
    if set(state.authority.parties) <= set(one.accepted_by):
        return "agreed"
    return "expired" if state.authority.clock > one.says.answer_by else "open"


def date_of(state: State, batch: int) -> DateProposal | None:
    """Return the date agreed for a batch, else that for the whole exchange (0), else nothing: no date agreed."""
    agreed = [one for one in state.terms.dates.values() if _status(state, one) == "agreed"]
    for wanted in (batch, 0):
        of_batch = [one for one in agreed if one.says.batch == wanted]
        if of_batch:
            return max(of_batch, key=lambda one: one.touched)
    return None


def date_status(state: State, batch: int) -> str:
    """Return ``none proposed``, ``open``, ``agreed``, ``declined`` or ``expired`` for a batch."""
    if date_of(state, batch) is not None:
        return "agreed"
    about = [one for one in state.terms.dates.values() if one.says.batch in (batch, 0) and not one.superseded]
    if not about:
        return "none proposed"
    if any(_status(state, one) == "open" for one in about):
        return "open"
    return _status(state, max(about, key=lambda one: one.touched))


def hours_after(moment: Moment, hours: int) -> Moment | None:
    """Return the moment so many hours later, or nothing where the calendar has no such moment."""
    try:
        later = datetime.fromisoformat(moment) + timedelta(hours=hours)
    except (ValueError, OverflowError):
        return None
    return Moment(later.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20))


def deadline(state: State, act: str, *, list_: ActId | None = None, batch: int = 0) -> Moment | None:
    """Return until when a kind of act is due, the earliest where several clauses say so; nothing where none does.

    ``list_`` names the list for limits counted from its handing in, ``batch`` the batch for those counted from a batch.
    """
    found: list[Moment] = []
    for clause in clauses(state, Deadline):
        if clause.act != act:  # asked of every act: what the others need is not looked up
            continue
        start = event_time(state, clause.anchor, list_=list_, batch=batch)
        earned = days_earned(state) * 24 if act == "close_batch" else 0  # 3c
        due = hours_after(start, clause.hours + earned) if start else None
        if due is not None:
            found.append(due)
    return min(found, default=None)


def overdue(state: State, act: str, *, list_: ActId | None = None, batch: int = 0) -> bool:
    """Say whether the time for a kind of act has passed by the neutral's clock: "no reply by deadline" is this (4)."""
    due = deadline(state, act, list_=list_, batch=batch)
    return due is not None and state.authority.clock > due


def event_time(state: State, anchor: str, *, list_: ActId | None = None, batch: int = 0) -> Moment | None:
    """Return when a named event happened in the neutral's time, or will by agreement; nothing where it has not (3)."""
    parties = state.authority.parties
    if anchor == "terms_agreed" and state.terms.in_force is not None:
        return state.terms.versions[state.terms.in_force].agreed_at or None  # 3a
    if anchor == "effect_day":
        says = in_force(state)
        return Moment(f"{says.effect}T00:00:00Z") if says is not None and says.effect else None
    if anchor == "list_handed_in":
        version = None if list_ is None else state.lists.versions.get(list_)
        return None if version is None else version.handed_in or None
    if anchor == "batch_opens":
        return _opening(state, batch)  # 3b
    names = {
        "replies_closed": [f"give_final_reply/{party}" for party in parties],
        "final_lists_signed": [f"sign_final_list/{party}" for party in parties],
        "batches_agreed": ["agree_batches"],
        "batch_closed": [f"close_batch/{party}/{batch}" for party in parties],
    }.get(anchor, ())
    times = [state.times.get(name, Moment("")) for name in names]
    return max(times) if times and all(times) else None


def _opening(state: State, batch: int) -> Moment | None:
    """Return when a batch opens; for what concerns all batches (0), when the first of them does."""
    agreed = date_of(state, batch)
    if agreed is not None:
        return agreed.says.opens
    opens = [one.says.opens for one in state.terms.dates.values() if _status(state, one) == "agreed"]
    return min(opens, default=None) if batch == 0 else None


def note_time(before: State, after: State, act: Act) -> State:
    """Return the state with the time at which an allowed act took effect, and an alarm if that was too late (3, 4)."""
    clock, kind, batch = after.authority.clock, act.deed.kind, getattr(act.deed, "batch", None)
    names = [kind, f"{kind}/{act.party}"]
    if isinstance(batch, int) and 0 <= batch <= MOST_BATCHES:
        names.append(f"{kind}/{act.party}/{batch}")
    after = replace(after, times={**after.times, **dict.fromkeys(names, clock)})
    due = deadline(before, kind, list_=_list_meant(before, act), batch=batch if isinstance(batch, int) else 0)
    if due is not None and clock > due:
        return after.alarm("terms.deadline_passed", act.position, party=act.party, kind=kind, due=due, now=clock)
    return after


def _list_meant(state: State, act: Act) -> ActId | None:
    named = getattr(act.deed, "list", None)
    if isinstance(named, str):
        return ActId(named)
    replies = getattr(act.deed, "replies", ())
    lines = replies[0].lines if replies else getattr(act.deed, "lines", ())
    first = next(iter(lines), None)
    line = state.lists.lines.get(first) if first is not None else None
    return line.list if line is not None else None
