"""Who may sign what: small logs, each put to the package and to the checker, which share no line of code."""

import importlib.util
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from parley.desk.errors import DeskBroken
from parley.desk.ledger import Ledger
from parley.desk.verify import check_piece, parse_roots, verify_bundle
from parley.record.bundle import read
from parley.record.envelope import read_act
from parley.record.keys import SigningKey
from parley.words import Broken
from tests.vectors.renew_authority import renew
from tests.vectors.vectorfile import SPEC, Vector, read_vectors

CHECKER = Path(__file__).resolve().parents[2] / "checker" / "check.py"
VECTORS = read_vectors(SPEC / "authority")
NAMES = ("north/root-1", "north/desk", "north/officer-1")


def named(vector: Vector) -> str:
    return vector.name


def by_name(name: str) -> Vector:
    return next(one for one in VECTORS if one.name == name)


def void_of(vector: Vector) -> dict[int, str]:
    """Positions of void acts and why: a code of 9.3, or a dash for whatever 9.4 asks; "open" may be left open."""
    found = (one.split(" ") for one in vector.every("void"))
    return {int(position): why for position, why in found}


@pytest.mark.parametrize("vector", VECTORS, ids=named)
def test_package(vector: Vector) -> None:
    roots = parse_roots("\n".join(vector.every("roots")))
    if vector.expect != "ok":
        with pytest.raises(DeskBroken) as told:
            verify_bundle(io.BytesIO(vector.body), roots)
        assert told.value.code == "verify.not_genuine"
        assert told.value.facts == {"where": vector.one("where"), "cause": vector.expect}
        return
    found = verify_bundle(io.BytesIO(vector.body), roots)
    assert found.size - 1 == int(vector.one("last"))
    assert ", ".join(found.cosigned) == vector.one("cosigned")
    void = {position: refusal.code for position, refusal in found.lacking}
    assert void.keys() == void_of(vector).keys()
    assert all(why in ("-", "open", void[position].partition(".")[2]) for position, why in void_of(vector).items())


@pytest.mark.parametrize("vector", VECTORS, ids=named)
def test_ledger_agrees(vector: Vector) -> None:
    """A desk that takes the acts one by one stops at the same act, and holds the same acts void for want of authority."""
    ledger = Ledger()
    stopped = None
    for note in read(vector.body).acts:
        try:
            ledger.take(read_act(note))
        except Broken:
            stopped = f"act {ledger.size}"
            break
    if vector.expect == "ok":
        assert stopped is None
        assert void_of(vector).keys() <= ledger.state.void.keys(), "and perhaps others, by other rules"
        found = verify_bundle(io.BytesIO(vector.body), parse_roots("\n".join(vector.every("roots"))))
        assert found.authority == ledger.state.authority
    elif vector.one("where").startswith("act") and vector.expect != "desk.foreign_founding":
        assert stopped == vector.one("where")


@pytest.mark.parametrize("vector", VECTORS, ids=named)
def test_checker(vector: Vector, tmp_path: Path) -> None:
    (tmp_path / "bundle").write_bytes(vector.body)
    (tmp_path / "roots").write_text("\n".join(vector.every("roots")) + "\n")
    command = [sys.executable, str(CHECKER), str(tmp_path / "bundle"), str(tmp_path / "roots")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if vector.expect != "ok":
        assert done.returncode == 1, done.stdout + done.stderr
        where = vector.one("where").split(" ")[0]
        wanted = f"not genuine: {vector.one('where') if where == 'act' else 'checkpoint'}: "
        assert done.stderr.startswith(wanted)
        return
    assert done.returncode == 0, done.stderr
    genuine, without, *_ = done.stdout.splitlines()
    assert genuine.startswith(f"genuine up to act {vector.one('last')}, cosigned by {vector.one('cosigned')};")
    void = {int(position): why for position, why in re.findall(r"([0-9]+) \(([^()]*)\)", without)}
    judged = {position: why for position, why in void_of(vector).items() if why != "open"}
    assert void.keys() == judged.keys()
    assert all(why in ("-", void[position].replace(" ", "_")) for position, why in judged.items())


def test_vectors_are_what_their_maker_writes() -> None:
    assert renew() == {path.name: path.read_bytes() for path in (SPEC / "authority").iterdir()}


def test_pieces_are_checked_alike_in_other_processes() -> None:
    """What travels between processes survives it."""
    import pickle

    from parley.desk.verify import _pieces, _Verification

    vector = by_name("mandate_allowed")
    run = _Verification(parse_roots("\n".join(vector.every("roots"))), None, 1)
    seen = []
    run._join = lambda piece, found: seen.append((piece, found))  # type: ignore[method-assign]
    for notes in _pieces(read(vector.body).acts):
        run._begin(0, notes)
    ((piece, found),) = seen
    again = pickle.loads(pickle.dumps(check_piece(pickle.loads(pickle.dumps(piece)))))  # noqa: S301 - our own
    assert again == found


def test_a_mandate_adds_its_keys_to_the_known_ones_and_rebuilds_none() -> None:
    """Fifteen hundred mandates would else cost the checker the square of their keys."""
    spec = importlib.util.spec_from_file_location("checker_of_keys", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    checker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checker)
    log = checker.Log({})
    vkeys = {
        name: SigningKey.from_seed(name, bytes([number]) * 32).verify_key.vkey for number, name in enumerate(NAMES, 1)
    }
    log.size, log.clock = 1, "2025-05-01T00:00:00Z"
    log.people = {
        "north": {"role": "party", "threshold": 1, "keys": [checker.read_key(vkeys[one]) for one in NAMES[:2]]}
    }
    before = log.known
    body = {
        "officers": [vkeys[NAMES[2]]], "grants": [], "not_before": "2025", "until": "2026", "most_persons": 0, "batches": []
    }  # fmt: skip
    said = {"party": "north", "kind": "issue_mandate", "mandate": "root", "body": body}
    log.judge(said, "a" * 64, log.people["north"], {NAMES[0]})
    assert log.known is before
    assert NAMES[2] in log.known
