"""Finds every refusal code that the law can give, by reading the source of the law."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from parley.process import ALWAYS, RULES

CHECKOUT = Path(__file__).resolve().parents[2]
ROOMS = ("src/parley/process", "src/parley/desk/ledger.py", "src/parley/forms.py")
SAYING = ("refuse", "Refusal", "FormBroken")
"""What makes a refusal of a code."""


def _files() -> Iterator[Path]:
    for room in ROOMS:
        path = CHECKOUT / room
        yield from sorted(path.rglob("*.py")) if path.is_dir() else (path,)


def _codes(tree: ast.AST) -> Iterator[str]:
    """Yield what is given to ``refuse`` or ``Refusal``, also out of a table of the module."""
    tables = {
        target.id: value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(value := node.value, ast.Dict)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING and node.args:
            yield from _texts(node.args[0], tables)


def _texts(node: ast.expr, tables: Mapping[str, ast.Dict]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, tables)
        yield from _texts(node.orelse, tables)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        for value in tables[node.value.id].values:
            yield from _texts(value, tables)
    elif isinstance(node, ast.JoinedStr):
        # process.{standing}: one code for each standing in which something is not allowed
        yield from (f"process.{standing}" for standing in ALWAYS if any(standing not in rule.when for rule in RULES))


@cache
def _found() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in _files():
        for code in _codes(ast.parse(file.read_text(encoding="utf-8"))):
            found.setdefault(code, str(file.relative_to(CHECKOUT)))
    return found


def codes_in_source() -> frozenset[str]:
    """Return every refusal code of the law."""
    return frozenset(_found())


def source_of(code: str) -> str:
    """Return the file in which a code stands."""
    return _found()[code]
