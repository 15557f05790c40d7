"""Every copy derives the same state: in this Python, in every other that is at hand, and as it was when last written down."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.record.keys import SigningKey
from parley.record.keys import verify as verified_by_the_library

BENCH = Path(__file__).parents[2] / "bench/states.py"


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_states", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


states = loaded()


@pytest.fixture(scope="module")
def acts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file: Path = tmp_path_factory.mktemp("states") / "acts.jsonl"
    states.write_acts(file)
    return file


@pytest.fixture(scope="module")
def here(acts: Path) -> dict[str, Any]:
    found: dict[str, Any] = states.fold(acts)
    return found


def frozen() -> dict[str, str]:
    lines = (line.partition(": ") for line in states.FROZEN.read_text(encoding="utf-8").splitlines())
    return {name: value for name, _, value in lines if value}


def test_the_states_are_those_that_were_written_down(here: dict[str, Any]) -> None:
    if here["given"] != frozen()["given"]:
        pytest.skip("the scenes have changed since bench/states.txt was written; `python bench/states.py --renew`")
    assert here["states"] == frozen()["states"]
    assert str(here["void"]) == frozen()["void"]


@pytest.mark.slow
def test_what_was_written_down_is_about_the_scenes_of_today(here: dict[str, Any]) -> None:
    assert here["given"] == frozen()["given"], "`python bench/states.py --renew`"


def test_the_scenes_hold_enough_to_tell_a_difference(here: dict[str, Any]) -> None:
    assert here["acts"] > 5_000
    assert here["void"] > 300


# Sets of texts and their order inside one process depend on a random seed: the state must not.
@pytest.mark.slow
def test_another_hash_seed_and_a_fresh_process_derive_the_same_states(acts: Path, here: dict[str, Any]) -> None:
    assert states.ask(states.python_command(sys.executable, acts))["states"] == here["states"]


@pytest.mark.slow
def test_other_versions_of_python_derive_the_same_states(acts: Path, here: dict[str, Any]) -> None:
    others = list(states.other_pythons())
    if not others:
        pytest.skip("no other Python from 3.11 on is at hand here")
    for one in others:
        assert states.ask(states.python_command(one, acts))["states"] == here["states"], one


@pytest.mark.slow
def test_python_in_webassembly_derives_the_same_states(acts: Path, here: dict[str, Any]) -> None:
    folder = os.environ.get("PARLEY_PYODIDE", "")
    if not folder or shutil.which("node") is None:
        pytest.skip("needs node, and PARLEY_PYODIDE naming the unpacked npm package pyodide")
    assert states.ask(states.pyodide_command(Path(folder), acts))["states"] == here["states"]


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 63), st.integers(0, 255))
def test_the_stand_in_for_pynacl_judges_signatures_alike(seed: bytes, text: bytes, place: int, flip: int) -> None:
    key = SigningKey.from_seed("north/officer-1", seed)
    signature = key.sign(text)
    assert states.verifies(key.verify_key.raw, text, signature)
    spoiled = signature[:place] + bytes([signature[place] ^ flip]) + signature[place + 1 :]
    assert states.verifies(key.verify_key.raw, text, spoiled) == verified_by_the_library(key.verify_key, text, spoiled)
