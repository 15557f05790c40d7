"""Tells what the law says of one kind of act: who may do it, when, and what it may be refused for.

Nothing is written down twice: the roles and standings come from ``RULES``, the refusals from the source of the functions that
judge, the sentences from the phrases.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType
from typing import Final

from parley import process
from parley.acts import Deed
from parley.briefings.phrases import entries
from parley.process import RULE_OF, Rule

LAW: Final = process.__name__


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one function of the law refuses with, and which other functions of the law it asks."""

    codes: tuple[str, ...]
    asks: tuple[FunctionType, ...]


def refusals_of(rule: Rule) -> tuple[str, ...]:
    """Return the codes that the judge of a rule can answer with, in the order in which they stand in the source."""
    found: dict[str, None] = {}
    known = set(entries())
    seen: set[FunctionType] = set()
    queue = [rule.judge]
    while queue:
        function = queue.pop(0)
        if not isinstance(function, FunctionType) or function in seen:
            continue
        seen.add(function)
        here = _look(function)
        found.update(dict.fromkeys(here.codes))
        queue = [*here.asks, *queue]
    return tuple(code for code in found if code in known) or tuple(found)


@cache
def _look(function: FunctionType) -> _Seen:
    module = sys.modules[function.__module__]
    tree = _functions(module).get(function.__name__)
    if tree is None:
        return _Seen((), ())
    codes: list[str] = []
    asks: list[FunctionType] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in entries():
            codes.append(node.value)
        named = _named(node, module)
        codes += [one for one in named if isinstance(one, str) and one in entries()]
        asks += [one for one in named if isinstance(one, FunctionType) and _judges(one)]
    return _Seen(tuple(codes), tuple(asks))


def _named(node: ast.AST, module: ModuleType) -> list[object]:
    """Return what a node names, directly or through a module; of a table of checks or of codes, what stands in it."""
    value: object = None
    if isinstance(node, ast.Name):
        value = getattr(module, node.id, None)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        value = getattr(getattr(module, node.value.id, None), node.attr, None)
    return list(value.values()) if isinstance(value, Mapping) else [value]


def _judges(function: FunctionType) -> bool:
    """Say whether a function belongs to the law and may answer with a refusal."""
    return function.__module__.startswith(LAW) and "Refusal" in str(function.__annotations__.get("return", ""))


@cache
def _functions(module: ModuleType) -> Mapping[str, ast.FunctionDef]:
    tree = ast.parse(inspect.getsource(module))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def help_of(deed: type[Deed]) -> str:
    """Return the help of a deed's command: what it does, who may, when, and each refusal with its sentence."""
    rule = RULE_OF[deed]
    about = " ".join((inspect.getdoc(deed) or "").split())
    lines = [
        f"{about}",
        "",
        "\b",
        f"Stage: {rule.stage}. Who: {', '.join(rule.by)}. While the case is: {rule.standings}.",
        "",
        "\b",
        "May be refused, beside what mandate and standing forbid:",
    ]
    known = entries()
    for code in refusals_of(rule):
        said = known.get(code, {}).get("en", "")
        lines.append(f"  {code}: {said}" if said else f"  {code}")
    return "\n".join(lines)


def about(deed: type[Deed]) -> str:
    """Return what a deed does in one line: the first sentence of its description."""
    return " ".join((inspect.getdoc(deed) or "").split("\n\n")[0].split())
