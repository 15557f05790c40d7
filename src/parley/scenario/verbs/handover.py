"""How the acts of the stage `handover` are said in a scenario."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

from parley import acts
from parley.acts import Deed, Difference
from parley.process.state import State
from parley.scenario.grammar import Verb, Words, fit, parts_of
from parley.words import Digest, Lines, ParticipantName

NAMING: Final = "naming {lines:lines} as {outcome} because of {cause}"
COUNTING: Final = "counting {unlisted:int} without a line [because of {cause}]"


def _hand_in_book(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state
    outcomes: dict[str, Lines] = words["outcomes"]
    written = "; ".join(f"{code} {outcomes[code]}" for code in sorted(outcomes))
    practice = sha256(f"{who} {words['batch']} {written} {words.get('unlisted', 0)}".encode()).hexdigest()
    return acts.HandInBook(
        batch=words["batch"],
        book=Digest(words.get("hash", practice)),
        outcomes=outcomes,
        unlisted=words.get("unlisted", 0),
    )


def _agree_group(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.AgreeGroup(batch=words["batch"], group=words["group"], lines=words["lines"])


def _close_batch(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    differences: list[Difference] = []
    counted: dict[str, Any] = {}
    for part in parts_of(words.get("differences", "")):
        which, said = fit(part, NAMING, COUNTING)
        if which == 0:
            differences.append(Difference(said["lines"], said["outcome"], said["cause"]))
        else:
            counted = {"unlisted": said["unlisted"], "unlisted_cause": said.get("cause", "")}
    return acts.CloseBatch(batch=words["batch"], differences=tuple(differences), **counted)


def _confirm(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.ConfirmIdentity(confirmed=words["confirmed"], not_confirmed=words.get("not_confirmed", Lines()))


def _effects(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    lines: Lines = words["lines"]
    return acts.HandOverEffects(
        lines=lines, packets=words.get("packets", max(len(lines), 1)), state=words.get("state", "handed_over")
    )


VERBS: tuple[Verb, ...] = (
    Verb(
        "hands in the book for batch {batch:int}: {outcomes:codes} [, with {unlisted:int} without a line] "
        "[, under the hash {hash:text}]",
        _hand_in_book,
        acts.HandInBook,
        "neutral hands in the book for batch 1: RECEIVED N1-N2; NOT_PRESENTED N3, with 1 without a line",
    ),
    Verb(
        "agrees that group {group:int} of batch {batch:int} crossed: {lines:lines}",
        _agree_group,
        acts.AgreeGroup,
        "north and south agree that group 1 of batch 1 crossed: N1-N2, S1-S2",
    ),
    Verb(
        "closes batch {batch:int} [, {differences:rest}]",
        _close_batch,
        acts.CloseBatch,
        "north, south and neutral close batch 1, naming N3 as NOT_PRESENTED because of turned_back; "
        "counting 1 without a line because of counted_twice",
    ),
    Verb(
        "confirms the identity of {confirmed:lines} [but not of {not_confirmed:lines}]",
        _confirm,
        acts.ConfirmIdentity,
        "south confirms the identity of N1 but not of N2",
    ),
    Verb(
        "hands over the effects of {lines:lines} [in {packets:int} packets]",
        _effects,
        acts.HandOverEffects,
        "north hands over the effects of N1-N2 in 3 packets",
    ),
    Verb(
        "records the effects of {lines:lines} as {state} [in {packets:int} packets]",
        _effects,
        acts.HandOverEffects,
        "south records the effects of N1-N2 as owed",
    ),
)
