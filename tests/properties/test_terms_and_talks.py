"""Whatever anybody sends, the law of talks and terms answers; and what it lets into force, all parties stand behind."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parley import acts, clauses
from parley.acts import Act, Deed, Sealed
from parley.briefings import phrases
from parley.briefings.clause_words import SAID, clause_in_words
from parley.clauses import CLAUSES, Clause
from parley.forms import from_body, to_body
from parley.process import judge, step, talks, terms
from parley.process.clauses_law import SENSE, judge_clauses
from parley.process.state import State
from parley.scenario.clause_sentences import PHRASES, Phrase, Speaker, read_clause, read_terms
from parley.scenario.grammar import ScenarioBroken
from parley.scenario.tables import LawTable, Settings, choose_signers
from parley.scenario.verbs.talks import VERBS as TALKS_VERBS
from parley.scenario.verbs.terms import VERBS as TERMS_VERBS
from parley.words import ActId, Day, Digest, Lines, Moment, ParticipantName

NORTH, SOUTH, NEUTRAL = ParticipantName("north"), ParticipantName("south"), ParticipantName("neutral")
PARTIES = (NORTH, SOUTH)
EVERYBODY = frozenset({NORTH, SOUTH, NEUTRAL})
LANGUAGES = ("en", "uk", "ru", "ar")
TEXTS = (Sealed(Digest("a" * 64), Digest("b" * 64), 16384, ("north/papers", "south/papers")),)

# --- anything that has the form of an act ----------------------------------------------------------------------------

words = st.one_of(
    st.sampled_from(
        [
            "",
            "c1",
            "c2",
            "north",
            "south",
            "neutral",
            "west",
            "person",
            "body",
            "young",
            "age",
            "under",
            "25",
            "each",
            "alive",
            "dead",
            "accept",
            "decline",
            "agree",
            "direct",
            "closed",
            "asks",
            "prisoners",
            "handed_over",
            "terms_agreed",
            "batch_opens",
            "2025-02-31",
            "en",
        ]
    ),
    st.text(max_size=8).filter(lambda one: "…" not in one),  # the sign of a word that is missing, below
)
numbers = st.one_of(st.integers(-3, 12), st.sampled_from([10**6, 10**6 + 1, 2**53 - 1, -(2**53) + 1]))
days = st.sampled_from(["2025-05-23", "2025-02-31", "0000-01-01", "9999-12-31"]).map(Day)
moments = st.sampled_from(
    [
        "2025-05-16T09:00:00Z",
        "2025-05-20T12:00:00Z",
        "2025-05-23T08:00:00Z",
        "2025-02-31T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ]
).map(Moment)


def anything_like(hint: Any) -> st.SearchStrategy[Any]:
    """Make values of a declared type as ``parley.forms`` would let them in from a stranger."""
    named: Mapping[Any, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: numbers,
        str: words,
        Day: days,
        Moment: moments,
        ActId: st.sampled_from([ActId("0" * 64), ActId("1" * 64)]),
        Digest: st.just(Digest("c" * 64)),
        Lines: st.sampled_from([Lines(), Lines.of("N1-N3")]),
        Clause: st.sampled_from(CLAUSES).flatmap(anything_of),
    }
    if hint in named:
        return named[hint]
    if hasattr(hint, "__supertype__"):
        return anything_like(hint.__supertype__)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return anything_of(hint)
    inner = get_args(hint)
    if type(None) in inner:
        return st.none() | anything_like(next(one for one in inner if one is not type(None)))
    if get_origin(hint) is tuple:
        return st.lists(anything_like(inner[0]), max_size=4).map(tuple)
    return st.dictionaries(anything_like(inner[0]), anything_like(inner[1]), max_size=3)


def anything_of(kind: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: anything_like(hints[field.name]) for field in dataclasses.fields(kind)})


any_clauses = st.lists(anything_like(Clause), max_size=5).map(tuple)
DEEDS = tuple({verb.deed: None for verb in (*TALKS_VERBS, *TERMS_VERBS)})
any_deed = st.sampled_from(DEEDS).flatmap(anything_of)


@cache
def founded() -> State:
    return LawTable(Settings()).state


def act(state: State, who: ParticipantName, deed: Deed, sealed: tuple[Sealed, ...] = TEXTS) -> Act:
    mandate, signers = choose_signers(state.authority, who, deed, None)
    return Act(
        id=ActId(f"{state.count:064x}"),
        position=state.count,
        party=who,
        seq=state.count + 1,
        mandate=mandate,
        signers=frozenset(signers),
        deed=deed,
        sealed=sealed,
    )


def after(state: State, *deeds: tuple[ParticipantName, Deed]) -> State:
    for who, deed in deeds:
        state = step(state, act(state, who, deed))
    return state


def proposal(*said: Clause) -> acts.ProposeTerms:
    return acts.ProposeTerms(
        clauses=said, unit="person", count_point="handed_over", languages=("en",), prevailing="", effect=None
    )


def numbers_for(mine: int, theirs: int) -> clauses.FixedNumbers:
    return clauses.FixedNumbers(clause="c1", gives={NORTH: mine, SOUTH: theirs})


# --- the sense of clauses --------------------------------------------------------------------------------------------


def test_every_pattern_is_judged_said_in_words_and_said_in_scenarios() -> None:
    assert set(SENSE) == set(SAID) == set(CLAUSES)
    by = Speaker(NORTH, PARTIES)
    assert {type(read_clause(phrase.example, "c1", by)) for phrase in PHRASES} == set(CLAUSES)


@given(any_clauses)
def test_clauses_of_any_kind_get_an_answer_that_officers_can_read(proposed: tuple[Clause, ...]) -> None:
    refusal = judge_clauses(proposed, PARTIES, NEUTRAL)
    if refusal is not None:
        for language in LANGUAGES:
            why = phrases.explain(refusal, language)
            assert why.why
            assert "…" not in why.why + why.next


DEFINED = (
    "category young means age under 25 on 2025-06-02, captured before 2025-06-01, certified by neutral",
    "category wounded means health is serious on 2025-06-02, captured before 2025-06-01, certified by medical",
)
sensible = st.lists(st.sampled_from([phrase.example for phrase in PHRASES]), min_size=1, max_size=4, unique=True).map(
    lambda said: read_terms("; ".join(dict.fromkeys((*said, *DEFINED))), Speaker(NORTH, PARTIES))[0]
)


@given(sensible)
def test_clauses_that_make_sense_can_be_owed_and_read_in_every_language(proposed: tuple[Clause, ...]) -> None:
    assume(judge_clauses(proposed, PARTIES, NEUTRAL) is None)
    state = after(founded(), (NORTH, proposal(*proposed)))
    state = after(state, (SOUTH, acts.AgreeTerms(terms=next(iter(state.terms.versions)))))
    for least, most in terms.owed(state).values():
        assert least >= 0
        assert most is None or most >= least
    for clause in proposed:
        for language in LANGUAGES:
            assert clause_in_words(clause, language).strip()


@given(any_clauses)
def test_even_clauses_that_make_no_sense_can_be_shown(proposed: tuple[Clause, ...]) -> None:
    for clause in proposed:
        for language in LANGUAGES:
            assert "\n" not in clause_in_words(clause, language)


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.example[:40])
def test_each_example_survives_the_record(phrase: Phrase) -> None:
    clause = read_clause(phrase.example, "c1", Speaker(NORTH, PARTIES))
    deed = proposal(clause)
    assert from_body("propose_terms", to_body(deed)) == deed


# --- whatever an opponent sends --------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(sorted(EVERYBODY)), any_deed, st.booleans()), max_size=8))
def test_any_act_is_judged_and_a_void_one_changes_nothing_else(
    sent: list[tuple[ParticipantName, Deed, bool]],
) -> None:
    state = after(founded(), (NORTH, proposal(numbers_for(3, 3))))
    state = after(state, (SOUTH, acts.AgreeTerms(terms=next(iter(state.terms.versions)))))
    for who, deed, enclosed in sent:
        said = act(state, who, deed, TEXTS if enclosed else ())
        refusal = judge(state, said)
        later = step(state, said)
        if refusal is not None:
            assert refusal.code in phrases.codes()
            as_before = dataclasses.replace(later, void=state.void, count=state.count, authority=state.authority)
            assert as_before == state
            assert later.void[said.position].code == refusal.code
        state = later
        in_force = state.terms.in_force
        assert in_force is None or set(state.terms.versions[in_force].agreed_by) == set(PARTIES)


@given(st.lists(st.sampled_from(["propose", "agree", "withdraw", "amend"]), max_size=12), st.data())
def test_what_is_in_force_all_parties_stand_behind(moves: list[str], data: st.DataObject) -> None:
    state = founded()
    for number, move in enumerate(moves):
        who = data.draw(st.sampled_from(PARTIES))
        known = list(state.terms.versions) or [ActId("0" * 64)]
        named = data.draw(st.sampled_from(known))
        deeds: Mapping[str, Deed] = {
            "propose": proposal(numbers_for(number + 1, 3)),
            "agree": acts.AgreeTerms(terms=named),
            "withdraw": acts.WithdrawTerms(terms=named),
            "amend": acts.AmendTerms(terms=named, clauses=(numbers_for(number + 1, 4),)),
        }
        state = after(state, (who, deeds[move]))
        open_ = terms.open_versions(state)
        for party in PARTIES:
            assert sum(1 for one in open_ if party in one.agreed_by) <= 1
        if state.terms.in_force is not None:
            version = state.terms.versions[state.terms.in_force]
            assert version.agreed
            assert not version.closed
            assert set(version.agreed_by) == set(PARTIES)
        assert all(one.amends in (None, state.terms.in_force) for one in open_)


def test_an_agreement_and_a_new_proposal_that_cross_have_one_outcome_in_both_orders() -> None:
    state = after(founded(), (NORTH, proposal(numbers_for(3, 3))))
    first = next(iter(state.terms.versions))
    agrees = (SOUTH, acts.AgreeTerms(terms=first))
    proposes = (NORTH, proposal(numbers_for(2, 3)))
    for order in ((agrees, proposes), (proposes, agrees)):
        crossed = after(state, *order)
        assert terms.in_force(crossed) is None
        assert [one.says.clauses for one in terms.open_versions(crossed)] == [(numbers_for(2, 3),)]


def test_attack_signature_of_one_party_alone_brings_nothing_into_force() -> None:
    state = after(founded(), (NORTH, proposal(numbers_for(3, 3))))
    first = next(iter(state.terms.versions))
    for _ in range(3):
        state = after(state, (NORTH, acts.AgreeTerms(terms=first)))
    assert terms.in_force(state) is None


@given(st.lists(st.tuples(st.sampled_from([*PARTIES, NEUTRAL]), st.integers(0, 3)), max_size=12))
def test_a_date_is_agreed_only_when_every_party_accepted_it_in_time(moves: list[tuple[ParticipantName, int]]) -> None:
    state = after(founded(), (NORTH, proposal(numbers_for(3, 3))))
    state = after(state, (SOUTH, acts.AgreeTerms(terms=next(iter(state.terms.versions)))))
    answer_by = Moment("2025-05-20T12:00:00Z")
    for who, move in moves:
        last = list(state.terms.dates)[-1:] or [ActId("0" * 64)]
        deeds: tuple[Deed, ...] = (
            acts.ProposeDateAndPlace(
                batch=0,
                opens=Moment("2025-05-23T08:00:00Z"),
                closes=Moment("2025-05-23T18:00:00Z"),
                place="the bridge",
                answer_by=answer_by,
            ),
            acts.AnswerDateAndPlace(proposal=last[0], answer="accept"),
            acts.AnswerDateAndPlace(proposal=last[0], answer="decline"),
            acts.RecordClock(now=Moment("2025-05-20T12:00:01Z")),
        )
        before, late = terms.date_status(state, 0), state.authority.clock > answer_by
        state = after(state, (who, deeds[move]))
        status = terms.date_status(state, 0)
        agreed = terms.date_of(state, 0)
        assert (status == "agreed") == (agreed is not None)
        assert agreed is None or set(agreed.accepted_by) == set(PARTIES)
        assert not (late and status == "agreed" and before != "agreed")


# --- deadlines -------------------------------------------------------------------------------------------------------


def test_deadlines_run_from_the_agreement_and_an_amendment_does_not_restart_them() -> None:
    limit = clauses.Deadline(clause="c2", act="hand_in_list", anchor="terms_agreed", hours=168)
    state = after(founded(), (NORTH, proposal(numbers_for(3, 3), limit)))
    assert terms.deadline(state, "hand_in_list") is None
    state = after(state, (SOUTH, acts.AgreeTerms(terms=next(iter(state.terms.versions)))))
    assert terms.deadline(state, "hand_in_list") == "2025-05-23T09:00:00Z"
    state = after(state, (NEUTRAL, acts.RecordClock(now=Moment("2025-05-20T09:00:00Z"))))
    in_force = state.terms.in_force
    assert in_force is not None
    state = after(state, (NORTH, acts.AmendTerms(terms=in_force, clauses=(numbers_for(4, 4), limit))))
    state = after(state, (SOUTH, acts.AgreeTerms(terms=terms.open_versions(state)[0].id)))
    assert terms.owed(state)[NORTH] == (4, 4)
    assert terms.deadline(state, "hand_in_list") == "2025-05-23T09:00:00Z"
    assert not terms.overdue(state, "hand_in_list")
    state = after(state, (NEUTRAL, acts.RecordClock(now=Moment("2025-05-23T09:00:01Z"))))
    assert terms.overdue(state, "hand_in_list")


# --- hostile scenarios -----------------------------------------------------------------------------------------------

vocabulary = st.sampled_from(
    [
        *{word for phrase in PHRASES for word in phrase.example.replace(",", " , ").replace(":", " : ").split()},
        "c1 =",
        ";",
        "-1",
        "1,000",
        "2025-02-31",
        '"',
    ]
)


@settings(max_examples=200)
@given(st.lists(vocabulary, max_size=14).map(" ".join) | st.text(max_size=60))
def test_terms_said_in_any_words_are_read_or_named_as_not_understood(said: str) -> None:
    with contextlib.suppress(ScenarioBroken):
        read, _ = read_terms(said, Speaker(NORTH, PARTIES))
        judge_clauses(read, PARTIES, NEUTRAL)


# --- talks -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(PARTIES), st.booleans(), st.integers(0, 3)), max_size=14))
def test_an_item_is_settled_only_by_the_others_agreement_to_words_that_stand(
    moves: list[tuple[ParticipantName, bool, int]],
) -> None:
    meeting = acts.OpenSession(
        place="the palace",
        host="the host",
        form="direct",
        press="closed",
        delegations=tuple(acts.Delegation(party, ("head of delegation",)) for party in PARTIES),
    )
    state = after(founded(), (NORTH, meeting), (NORTH, acts.RaiseItem(item="prisoners", title="Prisoners")))
    stated: list[ActId] = [ActId("0" * 64)]
    for who, states, answer in moves:
        if states:
            state = after(state, (who, acts.StatePosition(item="prisoners", position="offers")))
            item = state.talks.items["prisoners"]
            stated += [item.positions[who].id] if who in item.positions else []
        else:
            said = acts.POSITION_ANSWERS[answer]
            deed = acts.AnswerPosition(item="prisoners", position=stated[answer % len(stated)], answer=said)
            state = after(state, (who, deed))
        positions = state.talks.items["prisoners"].positions
        assert all(party not in position.answers for party, position in positions.items())
        agreed = any("agree" in position.answers.values() for position in positions.values())
        assert talks.settled(state, "prisoners") == agreed


@given(any_clauses)
def test_attack_senseless_clauses_under_a_limited_mandate_get_an_answer_too(proposed: tuple[Clause, ...]) -> None:
    state = founded()
    mandates = {key: dataclasses.replace(one, most_persons=5) for key, one in state.authority.mandates.items()}
    state = dataclasses.replace(state, authority=dataclasses.replace(state.authority, mandates=mandates))
    refusal = judge(state, act(state, NORTH, proposal(*proposed)))
    assert refusal is None or refusal.code in phrases.codes()
