"""The checker stands alone, stays readable in an evening, and reads the record's own vectors as the package does."""

import ast
import importlib.util
import os
import random
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from parley.process.authority import DESK_KINDS, ROOT_KINDS
from tests.vectors.renew_authority import SUSPEND, begun, root_lines, roots
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
    """Every line counts, and none is so long that it hides something."""
    lines = CHECKER.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 130


MOST_LINES = 250


def test_knows_who_may_sign_which_kinds() -> None:
    assert checker().ROOT_KINDS == ROOT_KINDS
    assert checker().DESK_KINDS == DESK_KINDS


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
            module.read_act(vector.body)
    except (ValueError, RecursionError):
        return False
    return True


@pytest.mark.parametrize("vector", RECORD, ids=named)
def test_record(vector: Vector) -> None:
    assert reads(vector) == (vector.expect == "ok")


OF_THE_FILE = (
    "no bundle",
    "bundle is malformed",
    "bundle holds too much",
    "bundle is torn",
    "missing, or of another log",
)


@pytest.mark.parametrize("vector", BUNDLES, ids=named)
def test_bundle(vector: Vector, tmp_path: Path) -> None:
    """Those that do not begin with act 0 are refused here too: a checker begins at the founding."""
    (tmp_path / "bundle").write_bytes(vector.body)
    begins = vector.expect == "ok" and vector.one("start") == "0"
    (*_, (flaw, raw, _message, _signature)) = checker().Log({}).read(str(tmp_path / "bundle"))
    assert raw == b""
    if begins and vector.one("stop") != "0":
        assert not any(one in flaw for one in OF_THE_FILE)
    elif begins:
        assert flaw.endswith("missing, or of another log")
    else:
        assert any(one in flaw for one in OF_THE_FILE)


# --- what a person gives it, and what an attacker does ---


def run(*words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, words)], capture_output=True, text=True, check=False, env={**os.environ, **more}
    )


def given(folder: Path, bundle: bytes | None = None) -> tuple[Path, Path]:
    (folder / "bundle").write_bytes(begun().bundle() if bundle is None else bundle)
    (folder / "roots").write_text("\n".join(root_lines()) + "\n")
    return folder / "bundle", folder / "roots"


def one_sentence(done: subprocess.CompletedProcess[str], code: int, beginning: str) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith(beginning)
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_says_what_it_found_in_words(tmp_path: Path) -> None:
    done = run(CHECKER, *given(tmp_path))
    assert done.returncode == 0
    assert done.stderr == ""
    genuine, void, rest = done.stdout.splitlines()
    assert genuine.startswith("genuine up to act 1, cosigned by north, south, neutral; root ")
    assert void == "acts without authority (no effect): 0"
    assert rest.endswith("acts after the checkpoint: 0; waiting acts: 0; receipts: 0; sealed files: 0")
    assert not set("{}[]'") & set(done.stdout)


@pytest.mark.parametrize("words", [(), ("bundle",), ("bundle", "roots", "more")])
def test_used_wrongly(words: tuple[str, ...]) -> None:
    one_sentence(run(CHECKER, *words), 2, "Is a record genuine? python check.py BUNDLE ROOTS, ")


def test_bundle_missing_or_a_folder(tmp_path: Path) -> None:
    _, roots = given(tmp_path)
    one_sentence(run(CHECKER, tmp_path / "none", roots), 2, f"the bundle {tmp_path}/none cannot be read")
    one_sentence(run(CHECKER, tmp_path, roots), 2, f"the bundle {tmp_path} cannot be read")


def test_root_keys_missing(tmp_path: Path) -> None:
    bundle, _ = given(tmp_path)
    one_sentence(run(CHECKER, bundle, tmp_path / "none"), 2, f"{tmp_path}/none cannot be read as lines ")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda _: b"\xff\x00garbage",
        lambda _: b"north party\n",
        lambda lines: lines[0].replace(" 2 ", " two ").encode(),
        lambda lines: lines[0].replace(" 2 ", f" {'9' * 5_000} ").encode(),
        lambda lines: lines[0].rpartition(" ")[0].encode() + b" north/root-3+00000000+AAAA",
        lambda lines: "\n".join([*lines, lines[0]]).encode(),
    ],
    ids=["empty", "bytes", "short", "no_number", "huge_number", "no_key", "twice"],
)
def test_root_keys_that_are_garbage(spoil: Callable[[list[str]], bytes], tmp_path: Path) -> None:
    bundle, roots = given(tmp_path)
    roots.write_bytes(spoil(root_lines()))
    one_sentence(run(CHECKER, bundle, roots), 2, f"{roots} cannot be read as lines ")


def test_pynacl_missing(tmp_path: Path) -> None:
    (tmp_path / "nacl").mkdir()
    (tmp_path / "nacl" / "__init__.py").write_text("raise ImportError\n")
    done = run(CHECKER, *given(tmp_path), PYTHONPATH=str(tmp_path))
    one_sentence(done, 2, "The checker verifies signatures with PyNaCl, and it is not installed")


def act(line: bytes) -> bytes:
    """A log of one act with this line and a signature line in its form."""
    note = b"exchange.act/1\n" + line + b"\n\n\xe2\x80\x94 north/desk " + b"A" * 91 + b"=\n"
    return b"exchange.bundle/1 c1/neutral 0 1\nact %d\n" % len(note) + note


@pytest.mark.parametrize(
    ("bundle", "told"),
    [
        (b"", "act 0: this is no bundle"),
        (b"\x00" * 100_000, "act 0: this is no bundle"),
        (b"exchange.bundle/1 c1/neutral 0 " + b"9" * 200, "act 0: this is no bundle"),
        (b"exchange.bundle/1 c1/neutral 0 9999999999999999\n", "act 0: missing"),
        (b"exchange.bundle/1 c1/neutral 0 1\nact 99999999\n", "act 0: the bundle holds too much"),
        (b"exchange.bundle/1 c1/neutral 0 0\nblob 67190800\nx", "checkpoint: the bundle is torn"),
        (b"exchange.bundle/1 c1/neutral 0 1\nact 70000\nx", "act 0: the bundle is torn"),
        (act(b"[" * 60_000), "act 0: line is nested too deep"),
        (act(b'{"a":' * 10_000 + b"1" + b"}" * 10_000), "act 0: line is nested too deep"),
        (act(b'"' + b"\\" * 60_000), "act 0: line is not canonical"),
        (act(b'{"seq":' + b"9" * 60_000 + b"}"), "act 0: line is not canonical"),
        (act(b'{"seq":9007199254740992}'), "act 0: number is too large"),
        (act(b'{"seq":NaN}'), "act 0: line is not canonical"),
        (act(b'{"seq":1e5}'), "act 0: line is not canonical"),
        (act(b"\xff"), "act 0: "),
        (act(b"{}"), "act 0: act is not in its form"),
    ],
)
def test_hostile_bundles_are_answered_in_a_sentence(bundle: bytes, told: str, tmp_path: Path) -> None:
    one_sentence(run(CHECKER, *given(tmp_path, bundle)), 1, f"not genuine: {told}")


def test_the_first_flaw_is_told_and_no_later_one(tmp_path: Path) -> None:
    """A spoiled signature is found by another process, while the act after it that breaks its chain is read here."""
    story = begun()
    story.empower()
    story.notes[2] = story.notes[2].replace(b'"officers_needed":1', b'"officers_needed":2')
    story.heads["south"] = (5, "ab" * 32)
    story.says("south", SUSPEND, "root", roots("south"))
    one_sentence(run(CHECKER, *given(tmp_path, story.bundle())), 1, "not genuine: act 2: not signed by north/root-1")


def test_a_torn_bundle_is_not_genuine_wherever_it_is_torn(tmp_path: Path) -> None:
    data = begun().bundle()
    dice = random.Random(5)
    for end in sorted({0, 1, 40, len(data) - 1, *(dice.randrange(len(data)) for _ in range(40))}):
        (tmp_path / "bundle").write_bytes(data[:end])
        (*_, last) = checker().Log(roots_given()).read(str(tmp_path / "bundle"))
        assert last[1] == b"", f"torn at byte {end}"


def roots_given() -> dict[str, tuple[str, int, set[str]]]:
    lines = [line.split() for line in root_lines()]
    return {name: (role, int(least), set(keys)) for name, role, least, *keys in lines}
