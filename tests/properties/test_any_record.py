"""What holds of any record: it replays to the same state, and what was refused might as well never have been sent.

The records are all scenes of the rules and of the examples, with every refused act signed all the same, and random acts after a
case that has come to its batches.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.acts import Act, ChooseBranch
from parley.forms import from_body, to_body
from parley.process import replay, states, step
from parley.process.digest import fingerprint
from parley.process.state import State
from parley.scenario.player import play
from parley.scenario.tables import LawTable
from tests.properties.onward import EVERYBODY, any_deed, next_step, planned, said

CHECKOUT = Path(__file__).parents[2]
FILES = sorted([*(CHECKOUT / "tests/spec").glob("*.scn"), *(CHECKOUT / "examples").glob("*.scn")])
each_file = pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in FILES])

Log = Sequence[Act]


@cache
def logs(file: Path) -> tuple[Log, ...]:
    """The logs of the scenes of a file, refused acts included."""
    found = []
    for report in play(file.read_text(encoding="utf-8"), anyway=True):
        assert isinstance(report.table, LawTable)
        found.append(tuple(report.table.log))
    return tuple(found)


@st.composite
def random_log(draw: st.DrawFn) -> Log:
    """Draw acts after ``planned()``: sensible next steps, and among them whatever has the right types."""
    state, log = planned(), []
    for _ in range(draw(st.integers(1, 25))):
        if draw(st.integers(0, 2)):
            who, deed = draw(next_step(state))
        else:
            who, deed = draw(st.sampled_from(EVERYBODY)), draw(any_deed(state))
        act = said(state, who, deed, sealed=draw(st.booleans()))
        log.append(act)
        state = step(state, act)
    return tuple(log)


def digest(state: State) -> str:
    return fingerprint(state).digest


# --- refused acts ---


def without_what_was_refused(log: Log, state: State) -> Log:
    """Drop the void acts; the others keep their places, so that only gaps are left.

    A void act that root keys named as the end of their chain stays: refused or not, it is a link of its author's chain.
    """
    named = {act.deed.head for act in log if isinstance(act.deed, ChooseBranch)}
    return tuple(act for act in log if act.position not in state.void or act.id in named)


def substance(state: State) -> State:
    """Take away what tells of the acts themselves: how many, which void, and the end of each author's chain."""
    return replace(state, count=0, void={}, authority=replace(state.authority, heads={}))


def check_refused_acts_change_nothing(log: Log, start: State) -> None:
    whole = replay(log, start)
    fewer = replay(without_what_was_refused(log, whole), start)
    assert substance(fewer) == substance(whole)
    assert digest(substance(fewer)) == digest(substance(whole))


@each_file
def test_a_scene_without_its_refused_acts_comes_to_the_same(file: Path) -> None:
    for log in logs(file):
        check_refused_acts_change_nothing(log, State())


@given(random_log())
def test_any_acts_without_the_refused_ones_come_to_the_same(log: Log) -> None:
    check_refused_acts_change_nothing(log, planned())


# --- replaying ---


def read_back(act: Act) -> Act:
    """Return the act as another desk reads it from the record, keys of every mapping in their one order."""
    line = json.dumps(to_body(act.deed), sort_keys=True)
    return replace(act, deed=from_body(act.deed.kind, json.loads(line)))


@each_file
def test_every_desk_that_reads_the_record_derives_the_state_that_its_author_did(file: Path) -> None:
    for log in logs(file):
        ours = [digest(state) for _, state in states(log)]
        theirs = [digest(state) for _, state in states(map(read_back, log))]
        assert ours == theirs


@given(random_log(), st.data())
def test_any_record_replays_alike_in_one_go_or_resumed_anywhere(log: Log, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(log)))
    resumed = replay(log[place:], replay(log[:place], planned()))
    assert resumed == replay(log, planned())
    assert digest(resumed) == digest(replay(map(read_back, log), planned()))


@given(random_log())
def test_a_fingerprint_made_from_an_earlier_one_is_the_one_made_afresh(log: Log) -> None:
    last = fingerprint(planned())
    for _, state in states(log, planned()):
        last = fingerprint(state, last)
        assert last.digest == digest(state)


# --- the order in which a mapping was filled ---


def shuffled(value: Any, dice: random.Random) -> Any:
    """Return the same value with every mapping in it filled in another order."""
    if isinstance(value, Mapping):
        items = [(key, shuffled(inner, dice)) for key, inner in value.items()]
        dice.shuffle(items)
        return dict(items)
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(shuffled(inner, dice) for inner in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        changed = {name: new for name, old in parts.items() if (new := shuffled(old, dice)) is not old}
        return replace(value, **changed)
    return value


def last_states(files: Iterable[Path]) -> list[State]:
    return [replay(log) for file in files for log in logs(file)[:6]]


@given(st.sampled_from(last_states(FILES)), st.integers(0, 2**32))
def test_the_fingerprint_of_a_state_does_not_depend_on_the_order_of_its_mappings(state: State, seed: int) -> None:
    assert digest(shuffled(state, random.Random(seed))) == digest(state)


@given(random_log(), st.integers(0, 2**32))
def test_the_law_goes_on_alike_from_a_state_whose_mappings_were_filled_otherwise(log: Log, seed: int) -> None:
    place = len(log) // 2
    before = replay(log[:place], planned())
    assert digest(replay(log[place:], shuffled(before, random.Random(seed)))) == digest(replay(log, planned()))
