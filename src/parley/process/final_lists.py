"""The law of final lists: who goes is what all parties signed; after that only a substitution changes it.

Part of the law of lists; ``parley.process.lists`` holds what comes before the signature.

1.  A final list says whom one party gives to another. It is signed under terms in force, by any party; it is *frozen*
    when all parties have signed the same lines. Until then each may sign other lines instead of its own earlier ones.
    The neutral signs only where the terms leave it the choice (``parley.process.keeping``, 3).
1a. Where the terms make the sides' lists the source of who is held, those lists must have been handed in by every
    party, so that nobody signs away people whom the other has not yet had to name (domain 2.5).
2.  Each line is of a person whom the giver is said to hold for the receiver, and is on its list still.
2a. A person named by both sides counts once, by the holder's offer line (DESIGN 7.4).
2b. The holder's reply allows it: it will release, or only a legal step is pending. Where the holder said that the
    person declines or cannot travel, the neutral's finding "ready" is needed: the holder does not speak for a person
    (F16).
2c. Its category is one the terms name, if they name any; if the terms weigh people, its grade is in the table; a part
    is one of the terms (``keeping`` 1). A row that the neutral has opened and found not to fit stays out.
2d. Objections are not judged again: who signs a list with a disputed line has settled the dispute, or signs under
    reservation.
3.  In the formula the list has no fewer and no more people than the terms say, and no more of a category or an
    outside part than they name. Where they name tranches, a list that fills the first tranches exactly may be signed
    before the rest. Below a floor it may be signed too: what is missing stays owed (``keeping`` 8).
3b. Places kept for a pool, a choice or one person are filled by these; both sides' lists are level at the agreed rates
    by class and by weight. What each clause asks is in ``parley.process.keeping`` (2 to 7).
3a. How many people the signer may dispose of at all is a limit of its mandate (``parley.process.authority``).
4.  A signature may be under reservation. It binds all the same; a later one for the same lines lifts or adds it
    (E18).
5.  Once frozen, a list may only grow, by new signatures of all to a longer list that the terms allow.
6.  Any other change is a substitution: so many out, as many in, with a reason in fixed words, asked by the giving or
    the receiving party and answered by the other. "Not ready" is one word for every private cause (DESIGN 7.2).
6a. Parity is kept: out and in are equal in number within each part, each category that the terms count, and each
    weight; and nobody takes a place that is kept for one person.
6b. Nobody is replaced who has boarded or whose handover has an outcome, nor while another request about them is open.
6c. Who comes in meets points 2 to 2c, when asked and again when accepted. Sorted by number, the first in takes the
    place of the first out of its kind, in the batches too.
6d. A death or refusal without a replacement takes nobody off: it becomes an outcome at the handover, and a debt
    (F13).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate

from parley import acts
from parley.acts import Act
from parley.clauses import Bounds, FixedNumbers, GeneralAllForAll
from parley.process import agreed, keeping
from parley.process.lines import CLAIMED, RELEASING, declared_ready, final_key, frozen_set, in_turn, judge_known
from parley.process.state import FinalList, Line, State, Substitution
from parley.words import LineId, Lines, ParticipantName, Refusal, refuse, split_line

Kind = tuple[str, str, int, str]
"""What parity counts of a line: part, category (where the terms count by it), weight, and the named place it fills."""


# --- sign ------------------------------------------------------------------------------------------------------------


def judge_sign_final_list(state: State, act: Act, deed: acts.SignFinalList) -> Refusal | None:
    """Judge points 1 to 5 in their order."""
    checks = (_judge_parties, _judge_sources, _judge_growth, _judge_lines, _judge_counts, _judge_parts, _judge_keeping)
    return in_turn(state, act, deed, checks)


def _judge_parties(state: State, act: Act, deed: acts.SignFinalList) -> Refusal | None:
    if agreed.in_force(state) is None:  # 1
        return refuse("terms.none_in_force")
    for field, name in (("giving", deed.giving), ("receiving", deed.receiving)):
        if name not in state.authority.parties:
            return refuse("lists.unknown_party", field=field)
    if deed.giving == deed.receiving:
        return refuse("lists.unknown_party", field="receiving")
    if act.party not in state.authority.parties and not keeping.chooses(state, act.party, deed.giving):
        return refuse("lists.nothing_to_choose", giving=deed.giving)
    return judge_known(state, deed.lines)


def _judge_sources(state: State, act: Act, deed: acts.SignFinalList) -> Refusal | None:
    sources = {clause.source_of_held for clause in agreed.clauses(state, GeneralAllForAll)}
    wanted = ["offer"] if sources & {"holders_lists", "both_lists"} else []
    wanted += ["request"] if "both_lists" in sources else []
    there = {(version.author, version.purpose) for version in state.lists.versions.values()}
    for party in state.authority.parties:
        for purpose in wanted:
            if (party, purpose) not in there:  # 1a
                return refuse("lists.list_missing", party=party, purpose=purpose)
    return None


def _judge_growth(state: State, act: Act, deed: acts.SignFinalList) -> Refusal | None:
    final = state.lists.finals.get(final_key(deed.giving, deed.receiving))
    if final is None:
        return None
    if final.frozen is not None:
        missing = set(final.frozen) - set(deed.lines)
        if missing:  # 5
            return refuse("lists.late_after_freeze", line=min(missing, key=split_line))
    if final.signed.get(act.party) == deed.lines and (act.party in final.reservations) == deed.under_reservation:  # 4
        return refuse("lists.signed_already")
    return None


def _judge_lines(state: State, act: Act, deed: acts.SignFinalList) -> Refusal | None:
    final = state.lists.finals.get(final_key(deed.giving, deed.receiving))
    settled = set((final.frozen if final is not None else None) or ())
    for line in deed.lines:
        if line not in settled:
            refusal = judge_place(state, line, deed.giving, deed.receiving)
            if refusal is not None:
                return refusal
    return None


def judge_place(state: State, line: LineId, giving: ParticipantName, receiving: ParticipantName) -> Refusal | None:
    """Say why this line, known and on its list, may not stand on the final list of these two parties (2 to 2c)."""
    known = state.lists.lines[line]
    if (known.holder, known.receiver) != (giving, receiving):  # 2
        return refuse("lists.not_of_this_holder", line=line, giving=giving, receiving=receiving)
    if known.purpose == "request" and known.joined is not None:  # 2a
        return refuse("lists.use_joined_line", line=line, use=known.joined)
    refusal = _judge_reply(state, line, known)
    return _judge_scope(state, line, known) if refusal is None else refusal


def _judge_reply(state: State, line: LineId, known: Line) -> Refusal | None:
    if known.reply is None:
        return None if known.purpose == "offer" else refuse("lists.not_answered", line=line)
    code = known.reply.code
    if code in RELEASING:
        return None
    if code in CLAIMED and declared_ready(state, line):  # 2b
        return None
    return refuse("lists.reply_forbids", line=line, reply=code)


def _judge_scope(state: State, line: LineId, known: Line) -> Refusal | None:
    refusal = keeping.judge_part(state, line)  # 2c
    if refusal is not None:
        return refusal
    if agreed.in_formula(state, line):
        scope = agreed.scope(state)
        if scope is not None and known.category not in scope:
            return refuse("lists.out_of_scope", line=line, category=known.category)
        table = agreed.weights(state)
        if table is not None and known.grade not in table:
            return refuse("lists.no_weight", line=line)
    if keeping.misfit(state, line):
        return refuse("lists.out_of_scope", line=line, category=known.category)
    return None


def _judge_counts(state: State, act: Act, deed: acts.SignFinalList) -> Refusal | None:
    """Judge the number in the formula, together with what the giver's other final lists hold (3)."""
    inside = sum(1 for line in deed.lines if agreed.in_formula(state, line))
    inside += sum(
        1
        for final in state.lists.finals.values()
        if final.giving == deed.giving and final.receiving != deed.receiving
        for line in final.frozen or ()
        if agreed.in_formula(state, line)
    )
    least, most = agreed.formula(state, deed.giving)
    if most is not None and inside > most:
        return refuse("lists.more_than_agreed", giving=deed.giving, most=most, listed=inside)
    if act.party not in state.authority.parties:  # who only chooses has no list to fill (3b)
        return None
    least -= keeping.places_of_the_dead(state, deed.giving)
    sizes = [(agreed.tranche(state, number + 1) or {}) for number in range(agreed.batches_named(state))]
    steps = set(accumulate(one.get(deed.giving, 0) for one in sizes))
    outside_only = inside == 0 and least > 0  # a part outside the formula may be signed before the formula's own list
    floor = agreed.clauses(state, Bounds)
    if inside < least and inside not in steps and not outside_only and not floor:
        return refuse("lists.fewer_than_agreed", giving=deed.giving, least=least, listed=inside)
    return None


def _judge_parts(state: State, act: Act, deed: acts.SignFinalList) -> Refusal | None:
    known = [state.lists.lines[line] for line in deed.lines]
    categories = Counter(state.lists.lines[line].category for line in deed.lines if agreed.in_formula(state, line))
    for clause in agreed.clauses(state, FixedNumbers):
        most = clause.gives.get(deed.giving, 0)
        if clause.category and categories[clause.category] > most:  # 3
            return refuse("lists.more_than_agreed", giving=deed.giving, most=most, listed=categories[clause.category])
    outside = agreed.parts_outside(state)
    parts = Counter(one.part for one in known if one.part in outside)
    for part, listed in sorted(parts.items()):
        most = outside[part].gives.get(deed.giving, 0)
        if listed > most:
            return refuse("lists.more_than_agreed", giving=deed.giving, most=most, listed=listed)
    return None


def _judge_keeping(state: State, act: Act, deed: acts.SignFinalList) -> Refusal | None:
    """Judge whose places, whose choice, which rates (3b)."""
    giving, receiving, lines = deed.giving, deed.receiving, deed.lines
    refusal = keeping.judge_places(state, act.party, giving, receiving, lines)
    if act.party not in state.authority.parties:
        return refusal
    if refusal is None:
        refusal = keeping.judge_named_places(state, giving, receiving, lines)
    return keeping.judge_rates_of_lists(state, giving, receiving, lines) if refusal is None else refusal


def apply_sign_final_list(state: State, act: Act, deed: acts.SignFinalList) -> State:
    """Enter the signature; freeze the list when all parties have signed the same lines."""
    key = final_key(deed.giving, deed.receiving)
    final = state.lists.finals.get(key) or FinalList(giving=deed.giving, receiving=deed.receiving)
    signed = {**final.signed, act.party: deed.lines}
    others = tuple(party for party in final.reservations if party != act.party)
    agreed_by_all = all(signed.get(party) == deed.lines for party in state.authority.parties)
    final = replace(
        final,
        signed=signed,
        reservations=tuple(sorted((*others, act.party))) if deed.under_reservation else others,
        frozen=deed.lines if agreed_by_all else final.frozen,  # 1
    )
    return _with_final(state, final)


def _with_final(state: State, final: FinalList) -> State:
    key = final_key(final.giving, final.receiving)
    return replace(state, lists=replace(state.lists, finals={**state.lists.finals, key: final}))


# --- substitute ------------------------------------------------------------------------------------------------------


def judge_request_substitution(state: State, act: Act, deed: acts.RequestSubstitution) -> Refusal | None:
    """Judge points 6 to 6c."""
    if deed.reason not in acts.SUBSTITUTION_REASONS:
        return refuse("lists.unknown_word", field="reason")
    if not deed.out.ranges or not deed.into.ranges:
        return refuse("lists.empty")
    final = _final_with(state, deed.out)
    if isinstance(final, Refusal):
        return final
    if act.party not in (final.giving, final.receiving):
        return refuse("lists.not_your_list", giving=final.giving, receiving=final.receiving)
    pending = [one for one in state.lists.substitutions.values() if not one.answer]
    taken = {line for one in pending for lines in (one.out, one.into) for line in lines}
    for line in (*deed.out, *deed.into):
        if line in taken:  # 6b
            return refuse("lists.substitution_open", line=line)
    return _judge_exchange(state, final, deed.out, deed.into)


def _final_with(state: State, out: Lines) -> FinalList | Refusal:
    """Return the one frozen list that holds all these lines, or why there is none."""
    first = next(iter(out))
    known = state.lists.lines.get(first)
    if known is None:
        return refuse("lists.unknown_line", line=first)
    final = state.lists.finals.get(final_key(known.holder, known.receiver))
    if final is None or final.frozen is None:
        return refuse("lists.not_frozen")
    people = set(final.frozen)
    for line in out:
        if line not in people:
            return refuse("lists.not_on_final_list", line=line)
    return final


def _judge_exchange(state: State, final: FinalList, out: Lines, into: Lines) -> Refusal | None:
    moving = _moving(state)
    for line in out:
        if line in moving:  # 6b
            return refuse("lists.already_moving", line=line)
    refusal = judge_known(state, into)
    if refusal is not None:
        return refusal
    people = frozen_set(state, final.giving)
    for line in into:
        if line in people:
            return refuse("lists.on_final_list_already", line=line)
        refusal = judge_place(state, line, final.giving, final.receiving)  # 6c
        if refusal is not None:
            return refusal
    if Counter(_kind(state, line) for line in out) != Counter(_kind(state, line) for line in into):  # 6a
        return refuse("lists.substitution_unequal", out=len(out), into=len(into))
    return None


def _moving(state: State) -> frozenset[LineId]:
    boarded = {line for vehicle in state.movement.vehicles.values() for line in vehicle.boarded or ()}
    return frozenset(boarded | state.handover.outcomes.keys())


def _kind(state: State, line: LineId) -> Kind:
    known = state.lists.lines[line]
    counted = {clause.category for clause in agreed.clauses(state, FixedNumbers)} | set(agreed.categories(state))
    counted |= {rate.category for rate in agreed.rates(state)}
    table = agreed.weights(state) or {}
    category = known.category if known.category in counted else ""
    return known.part, category, table.get(known.grade, 1), keeping.place_of(state, line)


def apply_request_substitution(state: State, act: Act, deed: acts.RequestSubstitution) -> State:
    """Enter the request; nothing changes before the other side accepts."""
    final = _final_with(state, deed.out)
    assert isinstance(final, FinalList)
    request = Substitution(
        id=act.id,
        giving=final.giving,
        receiving=final.receiving,
        asked_by=act.party,
        out=deed.out,
        into=deed.into,
        reason=deed.reason,
    )
    return _with_request(state, request)


def _with_request(state: State, request: Substitution) -> State:
    requests = {**state.lists.substitutions, request.id: request}
    return replace(state, lists=replace(state.lists, substitutions=requests))


def judge_answer_substitution(state: State, act: Act, deed: acts.AnswerSubstitution) -> Refusal | None:
    """Judge point 6, and 6b and 6c again where the answer is to accept."""
    if deed.answer not in acts.SUBSTITUTION_ANSWERS:
        return refuse("lists.unknown_word", field="answer")
    request = state.lists.substitutions.get(deed.request)
    if request is None:
        return refuse("lists.no_such_request")
    if request.answer:
        return refuse("lists.answered_already")
    other = request.receiving if request.asked_by == request.giving else request.giving
    if act.party != other:  # 6
        return refuse("lists.answer_by_wrong_party", other=other)
    if deed.answer == "decline":
        return None
    final = _final_with(state, request.out)
    return final if isinstance(final, Refusal) else _judge_exchange(state, final, request.out, request.into)


def apply_answer_substitution(state: State, act: Act, deed: acts.AnswerSubstitution) -> State:
    """Enter the answer; an accepted substitution changes the frozen list, and the batches with it."""
    request = replace(state.lists.substitutions[deed.request], answer=deed.answer)
    after = _with_request(state, request)
    if deed.answer == "decline":
        return after
    final = after.lists.finals[final_key(request.giving, request.receiving)]
    new = Lines.among((set(final.frozen or ()) - set(request.out)) | set(request.into))
    signed = {party: new if lines == final.frozen else lines for party, lines in final.signed.items()}
    after = _with_final(after, replace(final, frozen=new, signed=signed))
    replaced = (*after.lists.replaced, *_pairs(state, request.out, request.into))
    return replace(after, lists=replace(after.lists, replaced=replaced))


def _pairs(state: State, out: Lines, into: Lines) -> Iterable[tuple[LineId, LineId]]:
    """Pair who goes out with who comes in, kind by kind, each sorted by number (6c)."""
    for kind in sorted({_kind(state, line) for line in out}):
        left = [line for line in out if _kind(state, line) == kind]
        right = [line for line in into if _kind(state, line) == kind]
        yield from zip(left, right, strict=True)
