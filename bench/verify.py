"""What does verifying a record cost beside the signatures alone, and how much memory does a long one take?

Acts of about 800 bytes are made in pieces by eight officers, each continuing the chain of its party; then every piece is

- checked for its signatures alone, with bytes and keys at hand: the floor;
- read and verified: note, canonical form, fields, id, signature, leaf, and the root at the end.

Only the two are timed, in turns, so that a machine which slows down slows both. ``--acts`` sets how many, ``--json``
prints the numbers.
"""

import argparse
import json
import platform
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from nacl.bindings import crypto_sign_open

from parley.record.envelope import Envelope, Seen, read_act, sign_act
from parley.record.keys import SigningKey
from parley.record.log import Frontier, leaf_hash
from parley.record.verdict import check_signatures
from parley.words import ActId, Digest, Moment, ParticipantName

PIECE = 2_000
OFFICERS = [SigningKey.from_seed(f"north/officer-{number}", bytes([number]) * 32) for number in range(1, 9)]
KEYS = {(key.verify_key.name, key.verify_key.hash4): key.verify_key for key in OFFICERS}
RAW = {key.verify_key.name: key.verify_key.raw for key in OFFICERS}


def pieces(acts: int) -> Iterator[list[bytes]]:
    """Make the notes of one long chain, a piece at a time."""
    prev, mandate = ActId(""), sha256(b"mandate").hexdigest()
    piece: list[bytes] = []
    for seq in range(1, acts + 1):
        said = Envelope(
            answers=(ActId(mandate),) if seq % 3 == 0 else (),
            body={"codes": {f"N{seq}": "HELD_WILL_RELEASE"}, "lines": [f"N{seq}-N{seq + 40}"], "version": seq % 9},
            case="c1",
            kind="reply_to_lines",
            mandate=mandate,
            party=ParticipantName("north"),
            prev=prev,
            sealed=(),
            seen=Seen(Digest(mandate), seq, Digest(mandate)),
            seq=seq,
            time=Moment("2025-05-22T09:00:00Z"),
        )
        note = sign_act(said, [OFFICERS[seq % len(OFFICERS)]])
        prev = ActId(sha256(note[: note.rfind(b"\n\n") + 1]).hexdigest())
        piece.append(note)
        if len(piece) == PIECE or seq == acts:
            yield piece
            piece = []


@dataclass
class Measured:
    """Seconds for signatures alone and for everything, the acts and their bytes, and the root at the end."""

    acts: int = 0
    size: int = 0
    bare: float = 0.0
    whole: float = 0.0
    root: str = ""


def measure(acts: int) -> Measured:
    """Verify a log of so many acts both ways."""
    found, frontier = Measured(), Frontier()
    for piece in pieces(acts):
        read = [read_act(note) for note in piece]
        ready = [(act.signatures[0].signature + act.message, RAW[act.signatures[0].name]) for act in read]
        del read
        start = time.perf_counter()
        for signed, raw in ready:
            crypto_sign_open(signed, raw)
        middle = time.perf_counter()
        for note in piece:
            verdict = check_signatures(read_act(note), KEYS)
            if verdict.spoiled or verdict.unknown or not verdict.signed:
                raise SystemExit("an act that was just signed does not verify")
            frontier.append_hash(leaf_hash(note))
        found.whole += time.perf_counter() - middle
        found.bare += middle - start
        found.acts += len(piece)
        found.size += sum(map(len, piece))
    found.root = frontier.root().hex()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--acts", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.acts)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if asked.json:
        print(json.dumps(vars(found) | {"memory_mib": memory}))
        return
    each = found.size // found.acts
    print(f"{found.acts:,} acts of {each} bytes, Python {platform.python_version()}, one core\n")
    print("| what | acts a second | microseconds each | beside bare |")
    print("|---|---:|---:|---:|")
    for what, seconds in (("signatures alone", found.bare), ("everything", found.whole)):
        rate, one = found.acts / seconds, seconds / found.acts * 1e6
        print(f"| {what} | {rate:,.0f} | {one:.1f} | {seconds / found.bare:.2f} |")
    print(f"\nMost memory: {memory} MiB. Root: {found.root[:16]}")


if __name__ == "__main__":
    main()
