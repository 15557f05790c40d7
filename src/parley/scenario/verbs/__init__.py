"""Every verb of the scenario language, stage by stage."""

from __future__ import annotations

from typing import Final

from parley.scenario.grammar import Verb
from parley.scenario.verbs import (
    batches,
    contact,
    handover,
    lists,
    movement,
    publication,
    reconciliation,
    remains,
    standing,
    talks,
    terms,
    verification,
)

STAGES: Final = (
    contact,
    talks,
    terms,
    lists,
    verification,
    batches,
    movement,
    handover,
    remains,
    reconciliation,
    publication,
    standing,
)


def stages() -> dict[str, tuple[Verb, ...]]:
    """Return the verbs by the name of their stage, in the order of the law."""
    return {stage.__name__.rpartition(".")[2]: stage.VERBS for stage in STAGES}


VERBS: Final[tuple[Verb, ...]] = tuple(verb for stage in STAGES for verb in stage.VERBS)
"""All verbs; each kind of deed has at least one."""
