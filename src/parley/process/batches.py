"""The law of batches."""

from __future__ import annotations

from dataclasses import replace

from collections.abc import Iterable, Mapping

from parley import acts
from parley.acts import Act, BatchPlan
from parley.process.state import State
from parley.words import LineId, Lines, ParticipantName, Refusal, refuse


def plan(state: State, number: int) -> BatchPlan | None:
    """Return the plan in force of one batch, substitutions accepted since included; nothing where none is agreed."""
    planned = state.batches.plans.get(number)
    if planned is None:
        return None
    return substituted(planned, state.lists.replaced[state.batches.replaced_before :])


def substituted(planned: BatchPlan, replaced: Iterable[tuple[LineId, LineId]]) -> BatchPlan:
    """Return a plan after lines were replaced, one after the other."""
    pairs = tuple(replaced)
    return BatchPlan(planned.batch, {giving: _replace(lines, pairs) for giving, lines in planned.gives.items()})


def _replace(lines: Lines, pairs: tuple[tuple[LineId, LineId], ...]) -> Lines:
    if not pairs:
        return lines
    people = set(lines)
    for out, into in pairs:
        if out in people:
            people.remove(out)
            people.add(into)
    return Lines.among(people)


def numbers(state: State) -> tuple[int, ...]:
    """Return the numbers of the batches in force, in order."""
    return tuple(sorted(state.batches.plans))


def batch_of(state: State, line: str) -> int | None:
    """Return the batch that a person is planned for; of several (owed again after one), the last."""
    found = [number for number in numbers(state) if LineId(line) in planned_set(state, number)]
    return found[-1] if found else None


def planned_set(state: State, number: int, giving: ParticipantName | None = None) -> frozenset[LineId]:
    """Return the people planned for a batch, of one giving party or of all, as a set to look lines up in."""
    planned = plan(state, number)
    gives: Mapping[ParticipantName, Lines] = {} if planned is None else planned.gives
    return frozenset(line for name, lines in gives.items() if giving in (None, name) for line in lines)


def begun(state: State, number: int) -> bool:
    """Say whether a batch has begun: a manifest, a convoy, a book or its closing is on record, or it was aborted."""
    return (
        number in state.standing.aborted_batches
        or number in state.handover.closings
        or any(vehicle.batch == number for vehicle in state.movement.vehicles.values())
        or any(key.startswith(f"{number}/") for key in (*state.movement.convoys, *state.handover.books))
    )


def judge_commit_seed(state: State, act: Act, deed: acts.CommitSeed) -> Refusal | None:
    raise NotImplementedError


def apply_commit_seed(state: State, act: Act, deed: acts.CommitSeed) -> State:
    raise NotImplementedError


def judge_reveal_seed(state: State, act: Act, deed: acts.RevealSeed) -> Refusal | None:
    raise NotImplementedError


def apply_reveal_seed(state: State, act: Act, deed: acts.RevealSeed) -> State:
    raise NotImplementedError


def judge_compose_batches(state: State, act: Act, deed: acts.ComposeBatches) -> Refusal | None:
    raise NotImplementedError


def apply_compose_batches(state: State, act: Act, deed: acts.ComposeBatches) -> State:
    raise NotImplementedError


def judge_agree_batches(state: State, act: Act, deed: acts.AgreeBatches) -> Refusal | None:
    raise NotImplementedError


def apply_agree_batches(state: State, act: Act, deed: acts.AgreeBatches) -> State:
    raise NotImplementedError
