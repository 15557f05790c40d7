"""How the acts of the batches are said in a scenario: seeds, compositions, agreement.

A seed is said by a word: ``north commits to the seed apple``. The seed itself is then the SHA-256 of that word.
"""

from __future__ import annotations

import hashlib
from typing import Final

from parley.acts import AgreeBatches, BatchPlan, CommitSeed, ComposeBatches, Deed, RevealSeed
from parley.process.batches import commitment_of
from parley.process.state import State
from parley.scenario.grammar import ScenarioBroken, Verb, Words, fit, parts_of
from parley.scenario.verbs.terms import NOBODYS
from parley.words import ActId, Digest, Lines, ParticipantName

POLICY: Final = Digest(hashlib.sha256(b"practice policy").hexdigest())
"""The policy that a practice draw names."""


def seed_of(word: str) -> str:
    """Return the practice seed that a word stands for."""
    return hashlib.sha256(word.encode()).hexdigest()


def _commit(words: Words, state: State, who: ParticipantName) -> Deed:
    return CommitSeed(commitment=commitment_of(seed_of(words["seed"])))


def _commit_raw(words: Words, state: State, who: ParticipantName) -> Deed:
    return CommitSeed(commitment=Digest(words["digest"]))


def _reveal(words: Words, state: State, who: ParticipantName) -> Deed:
    return RevealSeed(seed=seed_of(words["seed"]))


def _reveal_raw(words: Words, state: State, who: ParticipantName) -> Deed:
    return RevealSeed(seed=words["text"])


def _compose(words: Words, state: State, who: ParticipantName) -> Deed:
    plans: list[tuple[int, dict[ParticipantName, Lines]]] = []
    for part in parts_of(words["plans"]):
        template = "batch {number:int} {giving} {lines:lines}"
        number, said = fit(
            part if part.startswith("batch ") else f"brings {part}", template, "brings {giving} {lines:lines}"
        )
        if number == 0:
            plans.append((said["number"], {}))
        if not plans or said["giving"] in plans[-1][1]:
            raise ScenarioBroken("scenario.part_not_understood", text=part[:80], near=template)
        plans[-1][1][ParticipantName(said["giving"])] = said["lines"]
    drawn = "drawn" in words
    return ComposeBatches(
        batches=tuple(BatchPlan(batch, gives) for batch, gives in plans),
        policy=Digest(words.get("policy", POLICY if drawn else "")),
        drawn=drawn,
    )


def _agree(words: Words, state: State, who: ParticipantName) -> Deed:
    proposed = (NOBODYS, *state.batches.compositions)
    return AgreeBatches(composition=ActId(words.get("composition", proposed[-1])))


VERBS: tuple[Verb, ...] = (
    Verb("commits to the seed {seed}", _commit, CommitSeed, "north commits to the seed apple"),
    Verb("commits to the digest {digest:text}", _commit_raw, CommitSeed, 'north commits to the digest "ab12"'),
    Verb("reveals the seed {seed}", _reveal, RevealSeed, "north reveals the seed apple"),
    Verb("reveals the digits {text:text}", _reveal_raw, RevealSeed, 'north reveals the digits "ab12"'),
    Verb(
        "composes the batches [{drawn:drawn|taken} by lot] [under the policy {policy:text}]: {plans:rest}",
        _compose,
        ComposeBatches,
        "north composes the batches: batch 1 north N1-N3; south S1-S3; batch 2 north N4; south S4",
    ),
    Verb("agrees to the batches [{composition:label}]", _agree, AgreeBatches, "south agrees to the batches"),
)
