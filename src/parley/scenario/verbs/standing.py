"""How the acts of the stage `standing` are said in a scenario."""

from __future__ import annotations

from parley.scenario.grammar import Verb

VERBS: tuple[Verb, ...] = ()
