"""How the acts of the stage `remains` are said in a scenario."""

from __future__ import annotations

from parley import acts
from parley.acts import Deed
from parley.process.state import State
from parley.scenario.grammar import Verb, Words, fit, parts_of
from parley.words import ParticipantName


def _record(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    labels = [fit(part, "labelled {container} as {line}")[1] for part in parts_of(words.get("labels", ""))]
    return acts.RecordContainer(
        batch=words.get("batch", 0),
        containers=words["containers"],
        giving=words["giving"],
        labelled={label["container"]: label["line"] for label in labels},
    )


def _result(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.RecordLaboratoryResult(
        container=words["container"], finding=words["finding"], line=words.get("line", "")
    )


def _split(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.SplitContainer(container=words["container"], into=words["into"])


def _join(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.JoinContainers(containers=words["containers"], into=words["into"])


VERBS: tuple[Verb, ...] = (
    Verb(
        "records containers {containers:lines} of {giving} [for batch {batch:int}] [, {labels:rest}]",
        _record,
        acts.RecordContainer,
        "north records containers S101-S104 of south for batch 1, labelled S101 as N5; labelled S102 as N6",
    ),
    Verb(
        "records the laboratory result of {container}: {finding} [{line}]",
        _result,
        acts.RecordLaboratoryResult,
        "north records the laboratory result of S101: another_person N7",
    ),
    Verb(
        "splits {container} into {into:lines}",
        _split,
        acts.SplitContainer,
        "north splits S101 into S201-S202",
    ),
    Verb(
        "joins {containers:lines} into {into}",
        _join,
        acts.JoinContainers,
        "north joins S103, S104 into S203",
    ),
)
