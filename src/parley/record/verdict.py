"""What became of the signatures under an act: who signed, whose key nobody knows, whose signature is spoiled.

A verdict is no yes or no, and cannot be used as one: whether those who signed were enough is a question of the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parley.record.envelope import SignedAct
from parley.record.keys import VerifyKey, verify


@dataclass(frozen=True, slots=True)
class Verdict:
    """Names whose signature holds, names of unknown keys, names whose signature does not fit."""

    signed: frozenset[str]
    unknown: tuple[str, ...]
    spoiled: tuple[str, ...]

    def missing(self, expected: Iterable[str]) -> frozenset[str]:
        """Return those of the expected names whose signature does not stand."""
        return frozenset(expected) - self.signed

    def __bool__(self) -> bool:
        """Refuse to be read as yes or no."""
        message = "a verdict is not a truth value; look at who signed, who is unknown and what is spoiled"
        raise TypeError(message)


def check_signatures(act: SignedAct, keys: Mapping[tuple[str, bytes], VerifyKey]) -> Verdict:
    """Verify each signature line with the key of its name and check number, if there is one in ``keys``."""
    signed: list[str] = []
    unknown: list[str] = []
    spoiled: list[str] = []
    for line in act.signatures:
        key = keys.get((line.name, line.hash4))
        if key is None:
            unknown.append(line.name)
        elif verify(key, act.message, line.signature):
            signed.append(line.name)
        else:
            spoiled.append(line.name)
    return Verdict(frozenset(signed), tuple(unknown), tuple(spoiled))
