"""Do all Pythons derive the same states from the same acts? Folds every scenario's acts and prints one digest.

``python bench/states.py`` writes the acts of all scenes in ``examples`` and ``tests/spec`` (also those that are refused, signed
all the same) to a file, folds them here and with every other Python it is told of or can find, and compares. The others run
this same script as ``--fold FILE`` over the plain source, with nothing installed: folding needs no library but one that
verifies signatures (a proof of forking is the only act for which the law does), and where PyNaCl is not there, a plain-Python
Ed25519 from RFC 8032 stands in for it. That stand-in is slow and not constant-time; it lives in this script alone.

``--python FILE`` names another interpreter, ``--pyodide FOLDER`` the unpacked npm package ``pyodide`` (needs ``node``);
``--renew`` writes what was found to ``states.txt`` beside this script.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import types
from collections.abc import Iterable, Iterator
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
FROZEN = HERE / "states.txt"
PLAYED = ("examples", "tests/spec")
OLDEST = (3, 11)


# --- writing the acts (needs the whole house) ---


def scenes() -> Iterator[list[dict[str, Any]]]:
    """Yield the acts of every scene as plain JSON, refused ones included."""
    from parley.forms import to_body
    from parley.scenario.player import play
    from parley.scenario.tables import LawTable

    for folder in PLAYED:
        for file in sorted((HERE.parent / folder).glob("*.scn")):
            for report in play(file.read_text(encoding="utf-8"), anyway=True):
                assert isinstance(report.table, LawTable)
                yield [
                    {
                        "answers": list(act.answers),
                        "body": to_body(act.deed),
                        "id": act.id,
                        "kind": act.deed.kind,
                        "mandate": act.mandate,
                        "party": act.party,
                        "sealed": [[one.blob, one.commit, one.size, list(one.to)] for one in act.sealed],
                        "seq": act.seq,
                        "signers": sorted(act.signers),
                    }
                    for act in report.table.log
                ]


def write_acts(file: Path) -> None:
    """Write one scene a line."""
    lines = (json.dumps(scene, sort_keys=True, ensure_ascii=True, separators=(",", ":")) for scene in scenes())
    file.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")


# --- folding them (needs the law alone) ---


def fold(file: Path) -> dict[str, Any]:
    """Fold every scene and return the digest over the state after each act, and over each refusal, beside the counts."""
    stand_in_where_needed()
    from parley.acts import Act, Sealed
    from parley.forms import from_body
    from parley.process import step
    from parley.process.digest import fingerprint
    from parley.process.state import State

    whole, acts, void, played = sha256(), 0, 0, 0
    text = file.read_bytes()
    for line in text.splitlines():
        state, last = State(), None
        played += 1
        for said in json.loads(line):
            act: Any = Act(
                id=said["id"],
                position=state.count,
                party=said["party"],
                seq=said["seq"],
                mandate=said["mandate"],
                signers=frozenset(said["signers"]),
                deed=from_body(said["kind"], said["body"]),
                answers=tuple(said["answers"]),
                sealed=tuple(Sealed(blob, commit, size, tuple(to)) for blob, commit, size, to in said["sealed"]),
            )
            state = step(state, act)
            last = fingerprint(state, last)
            whole.update(bytes.fromhex(last.digest))
            acts += 1
        void += len(state.void)
    return {
        "scenes": played,
        "acts": acts,
        "void": void,
        "given": sha256(text).hexdigest(),
        "states": whole.hexdigest(),
    }


def stand_in_where_needed() -> None:
    """Put the plain-Python verification in PyNaCl's place if it is not installed."""
    if str(SOURCE) not in sys.path:
        sys.path.insert(0, str(SOURCE))
    try:
        import nacl.bindings  # noqa: F401
    except ImportError:
        package, bindings, exceptions = (
            types.ModuleType(name) for name in ("nacl", "nacl.bindings", "nacl.exceptions")
        )
        vars(exceptions).update(BadSignatureError=type("BadSignatureError", (Exception,), {}))

        def crypto_sign_open(signed: bytes, key: bytes) -> bytes:
            if not verifies(key, signed[64:], signed[:64]):
                raise vars(exceptions)["BadSignatureError"]
            return signed[64:]

        def never(*_: object) -> None:
            raise AssertionError("the law signs nothing")

        vars(bindings).update(crypto_sign_open=crypto_sign_open, crypto_sign=never, crypto_sign_seed_keypair=never)
        sys.modules.update({"nacl": package, "nacl.bindings": bindings, "nacl.exceptions": exceptions})


# Ed25519 as RFC 8032 section 5.1 defines it, points in extended coordinates (section 5.1.4).
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]


def added(one: Point, other: Point) -> Point:
    """Add two points."""
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, point: Point) -> Point:
    """Add a point to itself so many times."""
    total = (0, 1, 1, 0)
    while number:
        total = added(total, point) if number & 1 else total
        point, number = added(point, point), number >> 1
    return total


def point_of(data: bytes) -> Point | None:
    """Return the point of 32 bytes, or None (section 5.1.3)."""
    y, sign = int.from_bytes(data, "little") & ((1 << 255) - 1), data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (not x and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def verifies(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature holds (section 5.1.7, without the cofactor, as libsodium checks it)."""
    base, a, r = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")), point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if base is None or a is None or r is None or s >= ORDER:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, base), added(r, times(challenge, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# --- asking other Pythons ---


def other_pythons() -> Iterator[str]:
    """Yield interpreters of other supported versions: those in the path, and those that pyenv keeps in the home folder."""
    named = [shutil.which(f"python3.{minor}") for minor in range(OLDEST[1], 20)]
    kept = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3"))
    seen = {sys.version_info[:2]}
    for one in (*filter(None, named), *map(str, kept)):
        asked = subprocess.run(
            [one, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, check=False
        )
        major, minor = map(int, asked.stdout.split()) if not asked.returncode else (0, 0)
        version = (major, minor)
        if version >= OLDEST and version not in seen:
            seen.add(version)
            yield one


def ask(command: Iterable[str]) -> dict[str, Any]:
    """Have another Python fold the same file; raises CalledProcessError if it cannot."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([*command], capture_output=True, check=True, env={**bare, "PYTHONHASHSEED": "7"})
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def python_command(interpreter: str, file: Path) -> list[str]:
    """Return how another CPython is asked."""
    return [interpreter, "-B", str(Path(__file__).resolve()), "--fold", str(file)]


def pyodide_command(folder: Path, file: Path) -> list[str]:
    """Return how Pyodide is asked, through node."""
    return ["node", str(HERE / "states.mjs"), str(folder.resolve()), str(HERE.parent), str(file)]


def name_of_this() -> str:
    """Return what this Python calls itself, and whether signatures are verified by PyNaCl or by the stand-in."""
    verified = "PyNaCl" if getattr(sys.modules.get("nacl"), "__file__", None) else "RFC 8032 in plain Python"
    return f"{platform.python_implementation()} {platform.python_version()} on {sys.platform}, {verified}"


def main() -> int:
    """Fold here and elsewhere, print a table, and say by the exit code whether all agree."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument(
        "--fold", type=Path, metavar="FILE", help="only fold this file of acts and print one line of JSON"
    )
    asked.add_argument("--python", action="append", default=[], metavar="FILE", help="another interpreter to ask")
    asked.add_argument("--pyodide", type=Path, metavar="FOLDER", help="the unpacked npm package pyodide")
    asked.add_argument("--renew", action="store_true", help="write the result to states.txt")
    said = asked.parse_args()
    if said.fold is not None:
        found = fold(said.fold)
        print(json.dumps({**found, "python": name_of_this()}))
        return 0
    sys.path.insert(0, str(SOURCE))
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "acts.jsonl"
        write_acts(file)
        results = [{**fold(file), "python": name_of_this()}]
        results += [ask(python_command(one, file)) for one in said.python or other_pythons()]
        if said.pyodide is not None:
            results.append(ask(pyodide_command(said.pyodide, file)))
    first = results[0]
    alike = all(one["states"] == first["states"] for one in results)
    lines = [
        "python bench/states.py --pyodide …",
        "",
        *(f"{name}: {first[name]}" for name in ("scenes", "acts", "void", "given", "states")),
        "",
        "The state after every act was the same in:" if alike else "THE STATES DIFFER:",
        *(f"- {one['python']}" + ("" if alike else f": {one['states']}") for one in results),
    ]
    print("\n".join(lines))
    if said.renew and alike:
        FROZEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if alike else 1


if __name__ == "__main__":
    sys.exit(main())
