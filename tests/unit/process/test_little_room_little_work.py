"""What an opponent could slip into the record beside the rules, and what it could make every copy work on for hours."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from parley import acts, words
from parley.acts import Deed, Sealed
from parley.clauses import Deadline, Incentive
from parley.process import agreed, claims, figures, handover, judge, keeping, standing, step
from parley.process.dates import note_time
from parley.process.state import Condition, Erasure, State
from parley.words import ActId, Digest, LineId, Lines, ParticipantName
from tests.properties.onward import EVERYBODY, NEUTRAL, NORTH, SOUTH, name_of, people, planned, said


def code_of(state: State, who: ParticipantName, deed: Deed, *sealed: Sealed) -> str:
    refusal = judge(state, replace(said(state, who, deed), sealed=sealed))
    return "" if refusal is None else refusal.code


def sealed_for(room: str) -> Sealed:
    return Sealed(Digest("a" * 64), Digest("c" * 64), 16384, (room,))


def test_why_somebody_is_not_ready_sent_to_the_holder_with_the_declaration() -> None:
    deed = acts.DeclareReadiness(ready=Lines(), not_ready=Lines.of("N1"), valid_until=words.Day("2025-06-01"))
    assert code_of(planned(), NEUTRAL, deed, sealed_for("north/papers")) == "verification.sealed_to_others"
    assert code_of(planned(), NEUTRAL, deed) == ""


def test_a_cause_in_free_words_where_the_books_do_not_differ() -> None:
    state = planned()
    everybody = Lines.of(*people(NORTH, 1).ranges, *people(SOUTH, 1).ranges)
    for who in EVERYBODY:
        book = acts.HandInBook(batch=1, book=Digest("d" * 64), outcomes={"RECEIVED": everybody})
        state = step(state, said(state, who, book))
    told = acts.CloseBatch(batch=1, unlisted_cause="the son of somebody known")
    assert code_of(state, NORTH, told) == "handover.unknown_word"
    assert code_of(state, NORTH, acts.CloseBatch(batch=1)) == ""


def test_a_person_described_in_the_part_of_a_public_figure() -> None:
    def statement(part: str) -> acts.RecordPublicStatement:
        figure = acts.Figure(unit="person", side=NORTH, scope="", count_point="", batch=0, value=1, part=part)
        return acts.RecordPublicStatement(
            speaker=NORTH, said=words.Moment("2025-05-23T07:00:00Z"), source="radio", figures=(figure,)
        )

    assert code_of(planned(), SOUTH, statement("The Baker of the Village")) == "publication.unknown_word"
    assert code_of(planned(), SOUTH, statement("c2")) == ""


def test_the_last_confirmation_of_an_erasure_reads_each_list_once(monkeypatch: pytest.MonkeyPatch) -> None:
    state = planned()
    erasure = Erasure(
        by=NORTH, list=name_of(NORTH), lines=people(NORTH), ground="purpose_ended", files=(), held_by=EVERYBODY,
        confirmed_by=(NEUTRAL, SOUTH),
    )  # fmt: skip
    state = replace(state, standing=replace(state.standing, erasures={ActId("e"): erasure}))
    read: list[Iterable[str]] = []
    expand = words.expand

    def noted(ranges: Iterable[str]) -> Iterator[LineId]:
        read.append(ranges)
        return expand(ranges)

    monkeypatch.setattr(words, "expand", noted)
    deed = acts.ConfirmErasure(erasure=ActId("e"))
    after = standing.apply_confirm_erasure(state, said(state, NORTH, deed), deed)
    assert after.standing.erased == frozenset(LineId(line) for line in people(NORTH))
    assert len(read) <= 8  # not once for each of the lines


def test_time_limits_of_other_acts_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    state = planned()
    (version,) = state.terms.versions.values()
    clauses = (
        *version.says.clauses,
        *(Deadline(clause=f"d{n}", act="close_batch", anchor="batch_opens", hours=1) for n in range(50)),
        Incentive(clause="i1", giving=NORTH, each=1, days=1, most_days=5),
    )
    version = replace(version, says=replace(version.says, clauses=clauses))
    state = replace(state, terms=replace(state.terms, versions={version.id: version}))
    counted: list[State] = []
    delivered = agreed.delivered

    def noted(asked: State, giving: ParticipantName) -> int:
        counted.append(asked)
        return delivered(asked, giving)

    monkeypatch.setattr(agreed, "delivered", noted)
    deed = acts.Suspend(reason="weather")
    note_time(state, state, said(state, NORTH, deed))
    assert not counted


def test_a_statement_of_many_figures_counts_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each figure leaves all unsaid and names a part of its own: some hundred meanings each, and never a count for each."""
    asked: list[LineId] = []
    part_of = figures.part_of

    def counted(state: State, line: LineId) -> str:
        asked.append(line)
        return part_of(state, line)

    monkeypatch.setattr(figures, "part_of", counted)
    said_in_public = acts.RecordPublicStatement(
        speaker=NORTH,
        said=words.Moment("2025-05-23T07:00:00Z"),
        source="radio",
        figures=tuple(
            acts.Figure(
                unit="", side=ParticipantName(""), scope="", count_point="", batch=0, value=number, part=f"c{number}"
            )
            for number in range(1, 41)
        ),
    )
    state = planned()
    assert len(claims.judged(state, said_in_public)) == 40
    assert len(asked) <= len(EVERYBODY) * len(acts.COUNT_POINTS) * len(state.lists.lines)


def test_open_conditions_about_many_cost_nothing_where_no_terms_speak_of_a_stay() -> None:
    endless = acts.SetCondition(
        condition="c",
        about=None,  # type: ignore[arg-type]
        custodian=NEUTRAL,
        review=words.Day("2026-01-01"),
        notice=False,
    )
    state = planned()
    conditions = {"c": Condition(by=NORTH, says=endless)}
    state = replace(state, standing=replace(state.standing, conditions=conditions))
    assert keeping.judge_stays(state, people(NORTH, 1)) is None  # reading whom it is about would fail


def test_a_line_that_was_unknown_when_the_book_came_in_and_was_given_later() -> None:
    state = planned()
    book = acts.HandInBook(batch=1, book=Digest("d" * 64), outcomes={"RECEIVED": Lines.of("N900")})
    state = step(state, said(state, NORTH, book))
    assert handover.unknown_lines(state, 1) == Lines.of("N900")
    assert handover.not_on_manifest(state, 1) == 1
    given = {**state.lists.lines, LineId("N900"): next(iter(state.lists.lines.values()))}
    state = replace(state, lists=replace(state.lists, lines=given))
    assert handover.unknown_lines(state, 1) == Lines()
    assert handover.not_on_manifest(state, 1) == 0
