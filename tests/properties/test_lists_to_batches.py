"""Whatever anybody sends from the first list to the last plan, the law answers, and nobody is lost or counted twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from parley import acts
from parley.acts import Act, BatchPlan, Deed, Dropped, LineGroup, Pair, Reply, Sealed
from parley.briefings import phrases
from parley.clauses import FixedNumbers, Tranches
from parley.forms import from_body, plain, to_body
from parley.process import batches, judge, lists, step, verification
from parley.process.lines import VANISHED, same_person
from parley.process.state import State
from parley.scenario.grammar import Paper
from parley.scenario.tables import LawTable, Settings, choose_signers
from parley.words import ActId, Day, Digest, LineId, Lines, ParticipantName, Refusal

NORTH, SOUTH, NEUTRAL = (ParticipantName(name) for name in ("north", "south", "neutral"))
EVERYBODY: Final = (NORTH, SOUTH, NEUTRAL)
LETTERS: Final = {NORTH: "N", SOUTH: "S", NEUTRAL: "U"}
NOTHING: Final = ActId("0" * 64)
STAGES: Final = ("lists", "verification", "batches")


def other(who: ParticipantName) -> ParticipantName:
    return SOUTH if who == NORTH else NORTH


def digest(text: str) -> Digest:
    return Digest(sha256(text.encode()).hexdigest())


def code_of(refusal: Refusal | None) -> str:
    return "" if refusal is None else refusal.code


def agreed_table(people: int = 3, most_ahead: int = 0) -> LawTable:
    """Return a table at which so many a side are agreed, level in sum if a largest lead is named."""
    table = LawTable(Settings())
    clauses: list[Any] = [FixedNumbers(clause="c1", gives={NORTH: people, SOUTH: people})]
    if most_ahead:
        clauses.append(Tranches(clause="c2", sizes=(), parity="cumulative", most_ahead=most_ahead))
    deed = acts.ProposeTerms(
        clauses=tuple(clauses), unit="person", count_point="handed_over", languages=("en",), prevailing="en"
    )
    assert table.do(NORTH, deed, sealed=(Paper(rows=("terms",), to=("south/papers",)),)) is None
    assert table.do(SOUTH, acts.AgreeTerms(terms=table.last)) is None
    return table


def offered(table: LawTable, count: int) -> None:
    """Have both sides offer so many people."""
    for who in (NORTH, SOUTH):
        assert hand_in(table, who, "offer", Lines.of(f"{LETTERS[who]}1-{LETTERS[who]}{count}")) is None


def hand_in(
    table: LawTable, who: ParticipantName, purpose: str, lines: Lines, dropped: tuple[Dropped, ...] = ()
) -> object:
    known = lists.latest_version(table.state, who, other(who), purpose)
    deed = acts.HandInList(
        purpose=purpose,
        counterpart=other(who),
        version=1 if known is None else known.version + 1,
        groups=(LineGroup(lines=lines, category="soldiers"),) if lines.ranges else (),
        dropped=dropped,
    )
    return table.do(who, deed, sealed=(Paper(rows=("a list",), to=(f"{other(who)}/lists",)),))


def frozen_table(people: int = 6, offers: int = 12, most_ahead: int = 0) -> LawTable:
    table = agreed_table(people, most_ahead=most_ahead)
    offered(table, offers)
    for giving in (NORTH, SOUTH):
        chosen = Lines.of(f"{LETTERS[giving]}1-{LETTERS[giving]}{people}")
        for who in (NORTH, SOUTH):
            deed = acts.SignFinalList(giving=giving, receiving=other(giving), lines=chosen)
            assert table.do(who, deed) is None
    return table


# --- anything that has the form of an act ----------------------------------------------------------------------------

people = st.integers(1, 8)
one_line = st.builds(lambda letter, number: LineId(f"{letter}{number}"), st.sampled_from("NNSSX"), people)
some_lines = st.frozensets(one_line, max_size=5).map(Lines.among)
words = st.sampled_from(
    ["", "soldiers", "Petrenko", "request", "offer", "sure", "accept", "decline", "not_ready", "dead", "c1", "captain"]
)
days = st.sampled_from([Day("2025-05-01"), Day("2025-05-16"), Day("2025-06-30"), Day("9999-12-31")])
anybody = st.sampled_from([*EVERYBODY, ParticipantName("east"), ParticipantName("")])
numbers = st.sampled_from([-1, 0, 1, 2, 3, 2**53 - 1])
pairs = st.lists(st.builds(Pair, st.builds(str, one_line), st.builds(str, one_line)), max_size=3).map(tuple)
replies = st.builds(
    Reply,
    lines=some_lines,
    code=st.sampled_from(acts.REPLY_CODES) | words,
    reason=st.sampled_from(acts.WITHHELD_REASONS) | words,
    certificate=st.booleans(),
    line=st.builds(str, one_line) | words,
    day=st.none() | days,
    to=words,
)
plans = st.builds(BatchPlan, numbers, st.dictionaries(anybody, some_lines, max_size=3))
SEEDS: Final = tuple(digest(word) for word in ("apple", "birch", "cedar"))


def any_deed(state: State) -> st.SearchStrategy[Deed]:
    """Draw a deed of these stages that has the right types and need not make any sense."""
    ids = st.sampled_from(
        [
            NOTHING,
            *state.lists.versions,
            *state.lists.substitutions,
            *state.verification.questions,
            *state.batches.compositions,
        ]
    )
    groups = st.builds(LineGroup, lines=some_lines, category=words, grade=words, part=words)
    drops = st.builds(Dropped, some_lines, st.sampled_from(acts.DROP_REASONS) | words)
    return st.one_of(
        st.builds(
            acts.HandInList,
            purpose=words,
            counterpart=anybody,
            version=numbers,
            groups=st.lists(groups, max_size=2).map(tuple),
            dropped=st.lists(drops, max_size=2).map(tuple),
        ),
        st.builds(acts.AcknowledgeList, list=ids, count=numbers),
        st.builds(acts.ReplyToLines, replies=st.lists(replies, max_size=2).map(tuple)),
        st.builds(
            acts.ObjectToLines,
            lines=some_lines,
            ground=st.sampled_from(acts.OBJECTION_GROUNDS) | words,
            evidence=st.sampled_from(acts.EVIDENCE_CLASSES) | words,
        ),
        st.builds(acts.GiveFinalReply, list=ids),
        st.builds(
            acts.SignFinalList, giving=anybody, receiving=anybody, lines=some_lines, under_reservation=st.booleans()
        ),
        st.builds(acts.RequestSubstitution, out=some_lines, into=some_lines, reason=words),
        st.builds(acts.AnswerSubstitution, request=ids, answer=words),
        st.builds(acts.RecordInterview, lines=some_lines, day=days, alone=st.booleans(), language=words),
        st.builds(acts.CertifyMedically, lines=some_lines, day=days, valid_until=days),
        st.builds(acts.ClearLegally, lines=some_lines, day=days, valid_until=days),
        st.builds(acts.DeclareReadiness, ready=some_lines, not_ready=some_lines, valid_until=days),
        st.builds(acts.AskIdentityQuestion, lines=some_lines),
        st.builds(acts.AnswerIdentityQuestion, question=ids, answered=st.booleans()),
        st.builds(acts.ProposeMatch, pairs=pairs, grade=words),
        st.builds(acts.AcceptMatch, pairs=pairs),
        st.builds(acts.DisputeMatch, pairs=pairs, ground=st.sampled_from(acts.DISPUTE_GROUNDS) | words),
        st.builds(acts.CommitSeed, commitment=st.sampled_from(["", "x", *map(batches.commitment_of, SEEDS)])),
        st.builds(acts.RevealSeed, seed=st.sampled_from(["", "Ω" * 64, *SEEDS])),
        st.builds(
            acts.ComposeBatches,
            batches=st.lists(plans, max_size=3).map(tuple),
            policy=st.sampled_from(["", "x", "a" * 64]),
            drawn=st.booleans(),
        ),
        st.builds(acts.AgreeBatches, composition=ids),
    )


def any_sealed(mark: str) -> st.SearchStrategy[tuple[Sealed, ...]]:
    rooms = st.sampled_from(
        [("south/lists",), ("north/lists",), ("neutral/papers",), ("north/papers", "south/papers"), ()]
    )
    made = st.builds(lambda to: Sealed(digest(f"blob {mark}"), digest(f"commit {mark}"), 16384, to), rooms)
    return st.lists(made, max_size=2).map(tuple)


def said(state: State, who: ParticipantName, deed: Deed, sealed: tuple[Sealed, ...] = ()) -> Act:
    mandate, signers = choose_signers(state.authority, who, deed, None)
    return Act(
        id=ActId(digest(f"act {state.count} {who}")),
        position=state.count,
        party=who,
        seq=state.count,
        mandate=mandate,
        signers=frozenset(signers),
        deed=deed,
        sealed=sealed,
    )


# --- sensible next steps ---------------------------------------------------------------------------------------------


@st.composite
def sensible(draw: st.DrawFn, state: State) -> tuple[ParticipantName, Deed]:
    """Draw what a side might well do next; some of it comes too late or too early, as in life."""
    who = draw(st.sampled_from([NORTH, SOUTH]))
    mine = sorted(lists.giving_lines(state, who))
    what = draw(st.integers(0, 7))
    if what == 0:
        purpose = draw(st.sampled_from(["request", "offer"]))
        known = lists.latest_version(state, who, other(who), purpose)
        start = 1 if purpose == "offer" else 51
        kept = draw(st.frozensets(st.integers(start, start + 8), min_size=1))
        group = LineGroup(lines=Lines.among(LineId(f"{LETTERS[who]}{n}") for n in kept), category="soldiers")
        version = 1 if known is None else known.version + 1
        return who, acts.HandInList(purpose=purpose, counterpart=other(who), version=version, groups=(group,))
    if what == 1 and mine:
        lines = draw(st.frozensets(st.sampled_from(mine), min_size=1))
        code = draw(st.sampled_from(["HELD_WILL_RELEASE", "HELD_WILL_RELEASE", "NOT_HELD", "PERSON_DECLINES"]))
        return who, acts.ReplyToLines(replies=(Reply(lines=Lines.among(lines), code=code),))
    if what == 2:
        return who, draw(_signature(state))
    requested = [line for line, one in sorted(state.lists.lines.items()) if one.purpose == "request"]
    offers = [line for line, one in sorted(state.lists.lines.items()) if one.purpose == "offer"]
    if what == 3:
        first = draw(st.sampled_from(requested))
        fitting = [line for line in offers if state.lists.lines[line].holder == state.lists.lines[first].holder]
        return NEUTRAL, acts.ProposeMatch(pairs=(Pair(first, draw(st.sampled_from(fitting or offers))),), grade="sure")
    if what in (4, 5) and state.verification.matches:
        match = draw(st.sampled_from(sorted(state.verification.matches.values(), key=verification_key)))
        if what == 5 and draw(st.booleans()):
            return who, acts.DisputeMatch(pairs=(match.pair,), ground="laboratory")
        return who, acts.AcceptMatch(pairs=(match.pair,))
    waiting = [key for key, one in state.lists.substitutions.items() if not one.answer]
    if what == 6 and waiting:
        return who, acts.AnswerSubstitution(request=waiting[0], answer="accept")
    fixed = sorted(lists.frozen_set(state, who))
    spare = [line for line in mine if line not in fixed]
    if fixed and spare:
        out, into = draw(st.sampled_from(fixed)), draw(st.sampled_from(spare))
        return who, acts.RequestSubstitution(out=Lines.of(out), into=Lines.of(into), reason="not_ready")
    return who, draw(_signature(state))


@st.composite
def _signature(draw: st.DrawFn, state: State) -> acts.SignFinalList:
    """Draw a signature: to what another has signed, if anything, else to three people."""
    giving = draw(st.sampled_from([NORTH, SOUTH]))
    signed = [
        lines for final in state.lists.finals.values() if final.giving == giving for lines in final.signed.values()
    ]
    able = [
        line for line in sorted(lists.giving_lines(state, giving)) if lists.reply_of(state, line) == "HELD_WILL_RELEASE"
    ]
    chosen = signed[-1] if signed else Lines.among(able[:3])
    return acts.SignFinalList(giving=giving, receiving=other(giving), lines=chosen)


def verification_key(match: Any) -> str:
    return verification.match_key(match.pair)


def usual(deed: Deed, position: int) -> tuple[Sealed, ...]:
    if isinstance(deed, acts.HandInList):
        room = (f"{deed.counterpart}/lists",)
        return (Sealed(digest(f"blob {position}"), digest(f"commit {position}"), 16384, room),)
    return ()


def holds(state: State) -> None:
    """Assert what no order of acts may ever break."""
    known = state.lists.lines
    for line, one in known.items():
        assert line.startswith(LETTERS[one.author])
        if one.joined is not None:
            back = known[one.joined]
            assert back.joined == line
            assert not one.dropped
            assert not back.dropped
            assert {one.purpose, back.purpose} == {"request", "offer"}
            assert (one.holder, one.receiver) == (back.holder, back.receiver)
        assert lists.person_of(state, lists.person_of(state, line)) == lists.person_of(state, line)
    for party in (NORTH, SOUTH):
        persons = Counter(lists.person_of(state, line) for line in lists.giving_lines(state, party))
        assert all(count == 1 for count in persons.values())
        fixed = lists.frozen_set(state, party)
        assert all(known[line].holder == party and not known[line].dropped for line in fixed)
        assert sum(len(same_person(state, line)) for line in fixed) == len(
            {one for line in fixed for one in same_person(state, line)}
        )
    planned = [line for number in batches.numbers(state) for line in batches.planned_set(state, number)]
    assert len(planned) == len(set(planned))
    assert set(planned) <= lists.frozen_set(state, NORTH) | lists.frozen_set(state, SOUTH)
    for who, seed in state.batches.seeds.items():
        assert batches.commitment_of(seed) == state.batches.commitments[who]
    plain(state)


@settings(max_examples=60)
@given(st.data())
def test_whatever_is_sent_is_answered_and_what_is_refused_changes_nothing(data: st.DataObject) -> None:
    state = frozen_table(3, 6).state
    for _ in range(data.draw(st.integers(1, 8))):
        who = data.draw(st.sampled_from(EVERYBODY))
        deed = data.draw(any_deed(state))
        act = said(state, who, deed, data.draw(any_sealed(str(state.count))))
        refusal = judge(state, act)
        after = step(state, act)
        if refusal is None:
            holds(after)
        else:
            assert refusal.code.split(".")[0] in (*STAGES, "process", "terms")
            for language in acts.LANGUAGES:
                assert phrases.explain(refusal, language).why
            unchanged = replace(after, void=state.void, count=state.count, authority=state.authority)
            assert unchanged == state
        state = after


@given(any_deed(State()))
def test_a_deed_reads_back_as_it_was_written(deed: Deed) -> None:
    assert from_body(deed.kind, to_body(deed)) == deed


@settings(max_examples=60)
@given(st.data())
def test_nobody_is_lost_joined_wrongly_or_counted_twice_whatever_the_sides_do(data: st.DataObject) -> None:
    table = agreed_table(3)
    offered(table, 6)
    for party in (NORTH, SOUTH):
        assert hand_in(table, party, "request", Lines.of(f"{LETTERS[party]}51-{LETTERS[party]}54")) is None
    state = table.state
    for _ in range(data.draw(st.integers(10, 40))):
        who, deed = data.draw(sensible(state))
        state = step(state, said(state, who, deed, usual(deed, state.count)))
        holds(state)


# --- lists -----------------------------------------------------------------------------------------------------------


@given(
    st.frozensets(st.integers(1, 30), min_size=1),
    st.frozensets(st.integers(1, 30), min_size=1),
    st.frozensets(st.integers(1, 30)),
)
def test_every_line_of_a_version_is_kept_dropped_with_a_reason_or_seen_to_vanish(
    first: frozenset[int], second: frozenset[int], named: frozenset[int]
) -> None:
    table = agreed_table()
    before, after = (Lines.among(LineId(f"N{n}") for n in numbers) for numbers in (first, second))
    dropped = Lines.among(LineId(f"N{n}") for n in (first - second) & named)
    vanished = {LineId(f"N{n}") for n in first - second - named}
    assert hand_in(table, NORTH, "request", before) is None
    drops = (Dropped(dropped, "returned"),) if dropped.ranges else ()
    assert hand_in(table, NORTH, "request", after, drops) is None
    known = table.state.lists.lines
    assert {line for line, one in known.items() if one.dropped == VANISHED} == vanished
    assert {line for line, one in known.items() if one.dropped == "returned"} == set(dropped)
    alarms = [alarm for alarm in table.state.alarms if alarm.code == "lists.lines_vanished"]
    assert [alarm.facts["count"] for alarm in alarms] == ([len(vanished)] if vanished else [])


@given(st.permutations([0, 1, 2, 3]))
def test_answers_of_both_sides_to_lists_and_matches_come_to_the_same_in_any_order(order: list[int]) -> None:
    table = agreed_table()
    for who in (NORTH, SOUTH):
        letter = LETTERS[who]
        assert hand_in(table, who, "offer", Lines.of(f"{letter}1-{letter}3")) is None
        assert hand_in(table, who, "request", Lines.of(f"{letter}51-{letter}53")) is None
    pair = Pair("N51", "S1")
    assert table.do(NEUTRAL, acts.ProposeMatch(pairs=(pair,), grade="sure")) is None
    answers: list[tuple[ParticipantName, Deed]] = [
        (NORTH, acts.AcceptMatch(pairs=(pair,))),
        (SOUTH, acts.AcceptMatch(pairs=(pair,))),
        (NORTH, acts.ReplyToLines(replies=(Reply(lines=Lines.of("S51-S52"), code="NOT_HELD"),))),
        (SOUTH, acts.ReplyToLines(replies=(Reply(lines=Lines.of("N51-N53"), code="HELD_WILL_RELEASE"),))),
    ]
    for number in order:
        who, deed = answers[number]
        assert table.do(who, deed) is None
    state = table.state
    assert lists.person_of(state, "N51") == "S1"
    assert [lists.reply_of(state, line) for line in ("N51", "S51", "S53")] == ["HELD_WILL_RELEASE", "NOT_HELD", ""]


# --- substitutions and plans -----------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8), st.integers(0, 8))
def test_substitutions_keep_the_number_and_reach_the_plans_whenever_these_were_made(
    swaps: list[tuple[int, int]], planned_after: int
) -> None:
    table = frozen_table(6, 12)
    composition = NOTHING
    for number in range(9):
        if number == planned_after:
            fixed = list(lists.frozen(table.state, NORTH) or ())
            deed = acts.ComposeBatches(
                batches=(
                    BatchPlan(1, {NORTH: Lines.among(fixed[:2])}),
                    BatchPlan(2, {NORTH: Lines.among(fixed[2:])}),
                ),
                policy=Digest(""),
            )
            assert table.do(NORTH, deed) is None
            composition = table.last
            assert table.do(NORTH, acts.AgreeBatches(composition=composition)) is None
        if number < len(swaps):
            fixed = sorted(lists.frozen_set(table.state, NORTH))
            spare = sorted(set(lists.giving_lines(table.state, NORTH)) - set(fixed))
            out, into = fixed[swaps[number][0]], spare[swaps[number][1]]
            ask = acts.RequestSubstitution(out=Lines.of(out), into=Lines.of(into), reason="by_agreement")
            assert table.do(NORTH, ask) is None
            assert table.do(SOUTH, acts.AnswerSubstitution(request=table.last, answer="accept")) is None
        assert len(lists.frozen_set(table.state, NORTH)) == 6
        holds(table.state)
    assert table.do(SOUTH, acts.AgreeBatches(composition=composition)) is None
    holds(table.state)
    both = [batches.planned_set(table.state, number) for number in (1, 2)]
    assert [len(one) for one in both] == [2, 4]
    assert both[0] | both[1] == lists.frozen_set(table.state, NORTH)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5), st.integers(1, 4))
def test_no_plan_that_passes_lets_one_side_lead_by_more_than_agreed(sizes: list[tuple[int, int]], most: int) -> None:
    table = frozen_table(20, 20, most_ahead=most)
    plans, sums, leads = [], [0, 0], []
    for number, (north, south) in enumerate(sizes, 1):
        gives = {}
        for place, (who, count) in enumerate(((NORTH, north), (SOUTH, south))):
            first = sums[place] + 1
            gives[who] = Lines.among(LineId(f"{LETTERS[who]}{n}") for n in range(first, first + count))
            sums[place] += count
        leads.append(abs(sums[0] - sums[1]))
        plans.append(BatchPlan(number, gives))
    refusal = table.do(NORTH, acts.ComposeBatches(batches=tuple(plans), policy=Digest("")))
    if any(north + south == 0 for north, south in sizes):
        assert code_of(refusal) == "lists.empty"
    elif max(leads) > most:
        assert code_of(refusal) == "batches.lead_too_large"
    else:
        assert refusal is None


@given(st.permutations([NORTH, SOUTH, NEUTRAL]), st.permutations([NORTH, SOUTH, NEUTRAL]))
def test_attack_a_seed_changed_after_the_others_were_seen(
    committing: list[ParticipantName], revealing: list[ParticipantName]
) -> None:
    table = agreed_table()
    seeds = dict(zip(EVERYBODY, SEEDS, strict=True))
    for who in committing:
        refusal = table.do(revealing[0], acts.RevealSeed(seed=seeds[revealing[0]]))
        assert code_of(refusal) == "batches.not_all_committed"
        assert table.do(who, acts.CommitSeed(commitment=batches.commitment_of(seeds[who]))) is None
    for who in revealing:
        assert batches.seeds_of(table.state) is None
        refusal = table.do(who, acts.RevealSeed(seed=digest("better for me")))
        assert code_of(refusal) == "batches.not_what_was_committed"
        assert table.do(who, acts.RevealSeed(seed=seeds[who])) is None
    assert batches.seeds_of(table.state) == dict(sorted(seeds.items()))


def test_a_commitment_is_the_hash_of_the_bytes_that_the_digits_stand_for() -> None:
    seed = "00" * 31 + "ff"
    assert batches.commitment_of(seed) == sha256(bytes(31) + b"\xff").hexdigest()
    assert batches.commitment_of(seed) != sha256(seed.encode()).hexdigest()
