"""The checker stands alone, stays readable in an evening, and reads the record's own vectors as the package does."""

import ast
import importlib.util
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from parley.acts import BY_KIND
from parley.forms import from_body
from parley.process.authority import DESK_KINDS, ROOT_KINDS
from tests.vectors.vectorfile import SPEC, Vector, read_vectors

CHECKER = Path(__file__).resolve().parents[2] / "checker" / "check.py"
ALLOWED = sys.stdlib_module_names | {"nacl"}
RECORD = [one for one in read_vectors(SPEC / "record") if one.name.startswith(("act_", "canonical_", "note_"))]
BUNDLES = read_vectors(SPEC / "bundle")


@cache
def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("checker_alone", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def named(vector: Vector) -> str:
    return vector.name


def test_imports_the_standard_library_and_one_crypto_library() -> None:
    tree = ast.parse(CHECKER.read_text(encoding="utf-8"))
    found = {
        one.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names
    }
    found |= {(node.module or ".").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not found - ALLOWED
    assert "__import__" not in CHECKER.read_text(encoding="utf-8")


def test_runs_where_nothing_of_ours_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "parley.py").write_text("raise ImportError('the checker stands alone')\n")
    done = subprocess.run(
        [sys.executable, str(CHECKER)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2


def test_can_be_read_in_an_evening() -> None:
    """Lines that hold code: not blank, not a comment, not prose."""
    text = CHECKER.read_text(encoding="utf-8")
    places = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, places) and ast.get_docstring(node)]
    prose = {line for node in nodes for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)}
    lines = [line.strip() for number, line in enumerate(text.splitlines(), 1) if number not in prose]
    assert len([line for line in lines if line and not line.startswith("#")]) <= MOST_LINES


MOST_LINES = 360


def test_knows_the_kinds_that_a_mandate_may_grant() -> None:
    assert checker().GRANTABLE == BY_KIND.keys() - ROOT_KINDS
    assert checker().BODIES.keys() == ROOT_KINDS | DESK_KINDS
    listed = (SPEC.parent / "record.md").read_text(encoding="utf-8").partition("**9.6 Other kinds.**")[2]
    assert {one.strip("`.\n ") for one in listed.split(",")} == BY_KIND.keys() - ROOT_KINDS - DESK_KINDS
    assert from_body  # the forms of both are held against each other by the vectors of authority


def reads(vector: Vector) -> bool:
    module = checker()
    try:
        if vector.name.startswith("canonical_"):
            module.need(len(vector.body) <= 65_536, "too long")
            module.read_line(vector.body)
        elif vector.name.startswith("note_"):
            module.need(not any(one < 32 and one != 10 for one in vector.body), "control character")
            module.read_note(vector.body)[0].decode()
        else:
            module.read_act(vector.body, {})
    except (ValueError, RecursionError):
        return False
    return True


@pytest.mark.parametrize("vector", RECORD, ids=named)
def test_record(vector: Vector) -> None:
    assert reads(vector) == (vector.expect == "ok")


@pytest.mark.parametrize("vector", BUNDLES, ids=named)
def test_bundle(vector: Vector, tmp_path: Path) -> None:
    """Those that do not begin with act 0 are refused here too: a checker begins at the founding."""
    (tmp_path / "bundle").write_bytes(vector.body)
    begins = vector.body.startswith(b"exchange.bundle/1 ") and vector.expect == "ok" and vector.one("start") == "0"
    try:
        found = [kind for kind, _ in checker().records(str(tmp_path / "bundle"))]
    except ValueError:
        assert not begins
    else:
        assert begins
        assert len(found) - 1 == len(vector.every("record"))
