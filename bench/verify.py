"""What does verifying a whole record cost, beside the bare verification of the same signatures, and how much memory?

A log of so many acts is made by real signing, once, into a temporary folder: a founding act, mandates, clock entries of the
neutral, and acts of three participants under mandates, one in eight of them signed by two officers, with answers and with
checkpoints seen; packed as a bundle with a checkpoint that the two others have cosigned. Bodies hold a few ranges of lines,
an act is some 800 bytes. Then, each in processes of its own and all processors at work:

- bare: every signature of a tenth of the log, keys and bytes at hand, nothing but ``crypto_sign_open`` of PyNaCl;
- package: ``parley.desk.verify.verify_bundle``;
- checker: ``checker/check.py``.

A ratio is the processor time of all processes together for each signature, by that of the bare ones: what one core would
take. Bare is measured before, between and after, and its spread printed, so that noise can be told from cost.
Memory is the largest sum, over all processes at one time, of what each has for itself (PSS, sampled fifty times a second).
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from nacl.bindings import crypto_sign_open

from parley.acts import Enrolled, FoundCase, Grant, IssueMandate, RecordClock
from parley.desk.table import full_grants
from parley.desk.verify import parse_roots, verify_bundle
from parley.forms import to_body
from parley.record.bundle import read_stream, write_header, write_record
from parley.record.checkpoint import cosign, make
from parley.record.envelope import Envelope, Seen, read_act, sign_act
from parley.record.keys import SigningKey
from parley.record.log import Tree, leaf_hash
from parley.words import ActId, Digest, Moment, ParticipantName

ROLES = {"north": ("party", "N"), "south": ("party", "S"), "neutral": ("neutral", "X")}
CLOCK_EVERY, SEEN_EVERY, TWO_OFFICERS_EVERY, ANSWER_EVERY = 50, 100, 8, 3
WANTED = {"package": 1.5, "checker": 2.2}
CHECKER = Path(__file__).resolve().parents[1] / "checker" / "check.py"


def key(name: str) -> SigningKey:
    return SigningKey.from_seed(name, sha256(name.encode()).digest())


def moment(seconds: int) -> Moment:
    return Moment(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_747_386_000 + seconds)))


@dataclass
class Maker:
    """A log being made: chains, tree and mandates."""

    tree: Tree = field(default_factory=Tree)
    heads: dict[str, tuple[int, ActId]] = field(default_factory=dict)
    mandates: dict[str, ActId] = field(default_factory=dict)
    seen: Seen = field(default_factory=lambda: Seen(Digest(""), 0, Digest("")))

    def sign(
        self,
        party: str,
        kind: str,
        body: Mapping[str, object],
        mandate: str,
        signers: list[SigningKey],
        *,
        answer: bool = False,
    ) -> bytes:
        seq, prev = self.heads.get(party, (0, ActId("")))
        other = self.heads.get("south" if party == "north" else "north")
        said = Envelope(
            answers=(other[1],) if answer and other else (),
            body=body,  # type: ignore[arg-type]
            case="bench",
            kind=kind,
            mandate=mandate,
            party=ParticipantName(party),
            prev=prev,
            sealed=(),
            seen=self.seen,
            seq=seq + 1,
            time=moment(self.tree.size),
        )
        note = sign_act(said, signers)
        self.heads[party] = (seq + 1, ActId(sha256(note[: note.rfind(b"\n\n") + 1]).hexdigest()))
        self.tree.append_hash(leaf_hash(note))
        if self.tree.size % SEEN_EVERY == 0:
            size = self.tree.size - 1
            self.seen = Seen(Digest(self.tree.root(size).hex()), size, Digest(sha256(b"state %d" % size).hexdigest()))
        return note

    def founding(self) -> Iterator[bytes]:
        enrolled = tuple(
            Enrolled(
                ParticipantName(name),
                role,
                letters,
                tuple(key(f"{name}/root-{number}").verify_key.vkey for number in (1, 2, 3)),
                2,
                key(f"{name}/desk").verify_key.vkey,
            )
            for name, (role, letters) in ROLES.items()
        )
        roots = {name: [key(f"{name}/root-{number}") for number in (1, 2, 3)] for name in ROLES}
        founding = FoundCase(origin="bench/log", participants=enrolled, rules=1, practice=True)
        yield self.sign(
            "neutral", founding.kind, to_body(founding), "root", [one for ring in roots.values() for one in ring]
        )
        for name, (role, _) in ROLES.items():
            mandate = IssueMandate(
                officers=tuple(one.verify_key.vkey for one in officers(name)),
                grants=(*full_grants(role), Grant(("reply_to_lines",), 1)),
                not_before=moment(-86_400),
                until=moment(86_400 * 10_000),
            )
            yield self.sign(name, mandate.kind, to_body(mandate), "root", roots[name][:2])
            self.mandates[name] = self.heads[name][1]

    def acts(self, count: int) -> Iterator[bytes]:
        yield from self.founding()
        rings = {name: officers(name) for name in ROLES}
        desk = key("neutral/desk")
        for number in range(self.tree.size, count):
            if number % CLOCK_EVERY == 4:
                clock = RecordClock(now=moment(number))
                yield self.sign("neutral", clock.kind, to_body(clock), "desk", [desk])
                continue
            party = ("north", "south", "north", "south", "neutral")[number % 5]
            ring = rings[party]
            first = number % len(ring)
            signers = [ring[first]] if number % TWO_OFFICERS_EVERY else [ring[first], ring[first - 1]]
            lines = [f"N{number}-N{number + 40}", f"N{number + 60}", f"N{number + 80}-N{number + 99}"]
            body: dict[str, object] = {"list": self.mandates[party], "replies": [{"code": "IN_SEARCH", "lines": lines}]}
            yield self.sign(
                party, "reply_to_lines", body, self.mandates[party], signers, answer=number % ANSWER_EVERY == 0
            )


def officers(name: str) -> list[SigningKey]:
    return [key(f"{name}/officer-{number}") for number in range(1, 5)]


def make_log(path: Path, roots: Path, acts: int) -> None:
    """Write the bundle and the root keys."""
    maker = Maker()
    with path.open("wb") as file:
        file.write(write_header("bench/log", 0, acts))
        for note in maker.acts(acts):
            file.write(write_record("act", note))
        point = make("bench/log", acts, maker.tree.root(), key("neutral/desk"))
        for name in ("north", "south"):
            point = cosign(point, key(f"{name}/desk"), 1_747_386_000)
        file.write(write_record("checkpoint", point.note))
    lines = [
        " ".join((name, role, "2", *(key(f"{name}/root-{number}").verify_key.vkey for number in (1, 2, 3))))
        for name, (role, _) in ROLES.items()
    ]
    roots.write_text("\n".join(lines) + "\n")


# --- measuring ---


def known() -> dict[str, bytes]:
    names = [f"{name}/{place}" for name in ROLES for place in ("desk", "root-1", "root-2", "root-3")]
    names += [one.verify_key.name for name in ROLES for one in officers(name)]
    return {name: key(name).verify_key.raw for name in names}


def bare(path: str, begin: int, step: int) -> tuple[int, float]:
    """Verify the signatures of every ``step``-th act from ``begin`` on; return how many, and their processor time."""
    raw = known()
    count, taken = 0, 0.0
    with Path(path).open("rb") as file:
        notes = (record.data for record in read_stream(file) if record.position is not None)
        chosen = islice(notes, begin, None, step)
        while piece := list(islice(chosen, 2_000)):
            read = [read_act(note) for note in piece]
            ready = [(line.signature + act.message, raw[line.name]) for act in read for line in act.signatures]
            start = time.process_time()
            for signed, public in ready:
                crypto_sign_open(signed, public)
            taken += time.process_time() - start
            count += len(ready)
    return count, taken


def measure_bare(path: Path, cores: int) -> tuple[int, float]:
    """Return the signatures of the whole log (an estimate from the tenth), and microseconds for one, all cores at work."""
    with get_context("spawn").Pool(cores) as pool:
        found = pool.starmap(bare, [(str(path), number, 10 * cores) for number in range(cores)])
    count, taken = (sum(column) for column in zip(*found, strict=True))
    return int(count), taken / count * 1e6


def children_of(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [int(one) for one in found] + [deeper for one in found for deeper in children_of(int(one))]


def look_at(pid: int, used: dict[int, int]) -> int:
    """Return the memory in bytes of a process and all below it, shared pages counted once; note their ticks in ``used``."""
    total = 0
    for one in [pid, *children_of(pid)]:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
        used[one] = int(fields[11]) + int(fields[12])
    return total


def run(command: list[str]) -> dict[str, float | str]:
    """Run a program to its end; return seconds by the wall, processor seconds of it and all below it, and peak memory.

    Processor time is that of each process when last looked at: up to a fiftieth of a second of each is missed.
    """
    start, most, used = time.perf_counter(), 0, dict[int, int]()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        while program.poll() is None:
            most = max(most, look_at(program.pid, used))
            time.sleep(0.02)
        said = program.stdout.read() if program.stdout is not None else ""
    wall = time.perf_counter() - start
    if program.returncode:
        raise SystemExit(f"{command} failed: {said}")
    processor = sum(used.values()) / os.sysconf("SC_CLK_TCK")
    return {"wall": wall, "processor": processor, "memory_mb": most / 1e6, "said": said.splitlines()[0]}


def verify_here(path: str, roots: str) -> None:
    found = verify_bundle(Path(path), parse_roots(Path(roots).read_text()))
    print(f"genuine up to act {found.size - 1}, cosigned by {', '.join(found.cosigned)}")


def measure(acts: int, folder: Path) -> dict[str, object]:
    path, roots = folder / "log.bundle", folder / "roots.txt"
    start = time.perf_counter()
    make_log(path, roots, acts)
    making = time.perf_counter() - start
    cores = os.cpu_count() or 1
    programs = {
        "package": [sys.executable, __file__, "--verify", str(path), str(roots)],
        "checker": [sys.executable, str(CHECKER), str(path), str(roots)],
    }
    bares = [measure_bare(path, cores)]
    found: dict[str, dict[str, float | str]] = {}
    for name, command in programs.items():
        found[name] = run(command)
        bares.append(measure_bare(path, cores))
    with path.open("rb") as file:
        signatures = sum(
            data.count(b"\n\xe2\x80\x94 ") for data in (r.data for r in read_stream(file) if r.position is not None)
        )
    return {
        "acts": acts,
        "signatures": signatures,
        "bytes": path.stat().st_size,
        "cores": cores,
        "making_seconds": making,
        "bare_us": [one for _, one in bares],
        "programs": found,
    }


def table(found: dict[str, object]) -> Iterator[str]:
    """Yield the lines of the table."""
    bares, acts, signatures = found["bare_us"], found["acts"], found["signatures"]
    assert isinstance(bares, list)
    assert isinstance(acts, int)
    assert isinstance(signatures, int)
    middle = sorted(bares)[len(bares) // 2]
    size, cores = found["bytes"], found["cores"]
    yield f"{acts:,} acts, {signatures:,} signatures, {size:,} bytes; Python {platform.python_version()}, {cores} cores"
    yield ""
    yield "| what | seconds | acts a second | processor µs a signature | beside bare | wanted | most memory |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    yield f"| bare | | | {middle:.1f} | 1.00 | | |"
    programs = found["programs"]
    assert isinstance(programs, dict)
    for place, (name, one) in enumerate(programs.items()):
        each = one["processor"] / signatures * 1e6
        ratio = each / ((bares[place] + bares[place + 1]) / 2)
        yield (
            f"| {name} | {one['wall']:.1f} | {acts / one['wall']:,.0f} | {each:.1f} | {ratio:.2f} | {WANTED[name]} "
            f"| {one['memory_mb']:.0f} MB |"
        )
    yield ""
    turns, making = ", ".join(f"{one:.1f}" for one in bares), found["making_seconds"]
    yield f"Bare, in turns with the others: {turns} µs a signature; making the log took {making:.0f} s."
    for name, one in programs.items():
        yield f"{name}: {one['said']}"


def main() -> None:
    """Read the options, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--acts", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path, help="where the temporary folder is made; about 900 bytes for each act")
    options.add_argument("--json", action="store_true")
    options.add_argument("--verify", nargs=2, metavar=("BUNDLE", "ROOTS"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.verify:
        verify_here(*chosen.verify)
        return
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix="parley-verify-") as folder:
        found = measure(chosen.acts, Path(folder))
    print(json.dumps(found, indent=1) if chosen.json else "\n".join(table(found)))


if __name__ == "__main__":
    main()
