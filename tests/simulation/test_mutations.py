"""A valid record is mishandled in a hundred thousand ways; none of them passes, here or at the checker.

The attacker has the whole file, keys of its own making, and every key of south: it flips bytes, drops, swaps, doubles, moves
and cuts, forges fields and signs anew. What may pass is the same history, or a shorter one that was genuine at the time and
says that it is shorter: the root of every log that is accepted is one that the neutral signed.
"""

import importlib.util
import io
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from parley.acts import RotateKeys
from parley.desk.errors import DeskBroken
from parley.desk.verify import parse_roots, verify_bundle
from parley.forms import to_body
from parley.record.bundle import Kind, write_header, write_record
from parley.record.checkpoint import cosign, make
from parley.record.envelope import Seen, read_act, sign_act
from parley.record.errors import RecordBroken
from parley.record.keys import Signer, SigningKey
from parley.record.note import SignatureLine, assemble, split
from parley.words import ActId, Digest, Moment
from tests.vectors.renew_authority import SUSPEND, Story, begun, key, keys, root_lines, roots, vkeys

CHECKER = Path(__file__).resolve().parents[2] / "checker" / "check.py"
ROOTS = parse_roots("\n".join(root_lines()))
Records = list[tuple[Kind, bytes]]


@dataclass(frozen=True)
class Valid:
    """A valid bundle: its records, and the root at every size."""

    origin: str
    records: Records
    roots: dict[str, int]
    signed: frozenset[int]

    @property
    def acts(self) -> list[int]:
        return [place for place, (kind, _) in enumerate(self.records) if kind == "act"]


@cache
def valid() -> Valid:
    """Thirty acts of all three, mandates, a rotation and a revocation, answers, and two checkpoints."""
    story = begun()
    mandates = {name: story.empower(name, "officer-1", "officer-2", needed=2) for name in ("north", "south")}
    signers = {name: keys(name, "officer-1", "officer-2") for name in mandates}
    points = []
    for number in range(20):
        name = ("north", "south")[number % 2]
        size = story.tree.size - number % 3
        other = story.heads["south" if name == "north" else "north"][1]
        seen = Seen(Digest(story.tree.root(size).hex()), size, Digest("cd" * 32))
        story.says(name, SUSPEND, mandates[name], signers[name], seen=seen, answers=(ActId(other),))
        if number == 9:
            points.append(checkpoint(story))
        if number == 14:
            new = keys("south", "root-4", "root-5")
            deed = RotateKeys(roots=vkeys(new), threshold=2, desk_key=key("south/desk").verify_key.vkey)
            story.says("south", deed, "root", [*roots("south")[:2], *new])
        if number % 5 == 0:
            story.clock(10 + number // 5)
    points.append(checkpoint(story))
    records: Records = [("act", note) for note in story.notes] + [("checkpoint", note) for note in points]
    roots_at = {story.tree.root(size).hex(): size for size in range(1, story.tree.size + 1)}
    return Valid("c1/neutral", records, roots_at, frozenset(int(note.split(b"\n")[1]) for note in points))


def checkpoint(story: Story) -> bytes:
    point = make("c1/neutral", story.tree.size, story.tree.root(), key("neutral/desk"))
    return cosign(cosign(point, key("north/desk"), 1_747_386_000), key("south/desk"), 1_747_386_000).note


def packed(origin: str, records: Iterable[tuple[Kind, bytes]], stop: int | None = None) -> bytes:
    listed = list(records)
    count = sum(kind == "act" for kind, _ in listed) if stop is None else stop
    return write_header(origin, 0, count) + b"".join(write_record(kind, data) for kind, data in listed)


# --- mutations: each takes dice and returns a file ---

Mutation = Callable[[random.Random], bytes]


def flips_a_bit(dice: random.Random) -> bytes:
    data = bytearray(packed(valid().origin, valid().records))
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def flips_a_letter_of_an_act(dice: random.Random) -> bytes:
    records = list(valid().records)
    place = dice.choice(valid().acts)
    note = bytearray(records[place][1])
    at = dice.randrange(len(note))
    note[at] = dice.choice(b'0123456789abcdefABCDEF+/="{}[]:, \n') if dice.random() < 0.8 else dice.randrange(256)
    records[place] = ("act", bytes(note))
    return packed(valid().origin, records)


def cuts_bytes(dice: random.Random) -> bytes:
    data = packed(valid().origin, valid().records)
    begin = dice.randrange(len(data))
    return data[:begin] + data[begin + dice.choice((1, 2, 10, 100, len(data))) :]


def cuts_the_log_and_says_so(dice: random.Random) -> bytes:
    count = dice.randrange(len(valid().acts))
    rest = [one for one in valid().records if one[0] != "act"]
    kept = valid().records[:count] + (rest if dice.random() < 0.5 else rest[:1])
    return packed(valid().origin, kept)


def drops_an_act(dice: random.Random) -> bytes:
    records = list(valid().records)
    del records[dice.choice(valid().acts)]
    return packed(valid().origin, records)


def swaps_two_acts(dice: random.Random) -> bytes:
    records = list(valid().records)
    one, other = dice.sample(valid().acts, 2)
    records[one], records[other] = records[other], records[one]
    return packed(valid().origin, records)


def doubles_an_act(dice: random.Random) -> bytes:
    records = list(valid().records)
    records.insert(dice.choice(valid().acts), records[dice.choice(valid().acts)])
    return packed(valid().origin, records)


def moves_an_act(dice: random.Random) -> bytes:
    records = list(valid().records)
    records.insert(dice.choice(valid().acts), records.pop(dice.choice(valid().acts)))
    return packed(valid().origin, records)


def changes_signature_lines(dice: random.Random) -> bytes:
    records = list(valid().records)
    place, other = dice.choice(valid().acts), dice.choice(valid().acts)
    text, lines = split(records[place][1])
    theirs = split(records[other][1])[1]
    changed = dice.choice([lines[1:], lines[::-1], (*lines[:1], *theirs[-1:]), theirs])
    return packed(valid().origin, _with(records, place, text, changed))


def _with(records: Records, place: int, text: bytes, lines: Sequence[SignatureLine]) -> Records:
    try:
        records[place] = ("act", assemble(text.decode(), lines))
    except RecordBroken:  # no line left, or one twice: then as raw bytes
        records[place] = ("act", text + b"\n" + b"".join(map(bytes, lines)))
    return records


def forges_a_field(dice: random.Random) -> bytes:
    """Change what an act says and sign it anew, with every key but the author's own."""
    records = list(valid().records)
    place = dice.choice(valid().acts)
    signed = read_act(records[place][1])
    said = signed.envelope
    other = read_act(records[dice.choice(valid().acts)][1]).envelope
    fields: dict[str, Any] = dice.choice(
        [
            {"body": {"reason": "security"}},
            {"body": other.body, "kind": other.kind},
            {"time": Moment("2025-05-16T08:00:01Z")},
            {"mandate": other.mandate},
            {"party": other.party, "seq": other.seq, "prev": other.prev},
            {"answers": ()},
            {"seen": other.seen},
            {"case": "c2"},
            {},
        ]
    )
    records[place] = (
        "act",
        sign_act(replace(said, **fields), _other_keys(dice, [one.name for one in signed.signatures])),
    )
    return packed(valid().origin, records)


def _other_keys(dice: random.Random, names: Sequence[str]) -> list[Signer]:
    made: list[Signer] = [SigningKey.generate(name, dice.randbytes) for name in names]
    souths: list[Signer] = [*keys("south", "officer-1", "officer-2"), *roots("south")]
    return dice.choice(
        [made, souths[:2], souths, [*souths, *(one for one in made if "/root-9" in one.verify_key.name)]]
    )


def enrols_a_stranger(dice: random.Random) -> bytes:
    """Put in an act of one's own: a rotation or a mandate in another's name, or in one's own without receipt."""
    records = list(valid().records)
    place = dice.choice(valid().acts[1:])
    said = read_act(records[place][1]).envelope
    new = [SigningKey.generate(f"{said.party}/root-{number}", dice.randbytes) for number in (7, 8)]
    deed = RotateKeys(
        roots=vkeys(new), threshold=1, desk_key=SigningKey.generate(f"{said.party}/desk-9").verify_key.vkey
    )
    forged = replace(said, body=to_body(deed), kind=deed.kind, mandate="root", answers=())
    signers = dice.choice([new, [*new, *roots("south")[:2]], [*new, *keys("south", "root-4", "root-5")]])
    records[place] = ("act", sign_act(forged, signers))
    return packed(valid().origin, records)


def forges_a_checkpoint(dice: random.Random) -> bytes:
    """Drop some acts and sign a checkpoint that fits what is left, with every key but the neutral's."""
    records = [one for one in valid().records if one[0] == "act"]
    story = Story()
    kept = records[: dice.randrange(1, len(records) + 1)]
    for _, note in kept:
        story.tree.append(note)
    log = dice.choice(
        [SigningKey.generate("neutral/desk", dice.randbytes), key("south/desk"), key("neutral/officer-1")]
    )
    point = make("c1/neutral", story.tree.size, story.tree.root(), log)
    for name in ("north/desk", "south/desk"):
        signer = key(name) if name.startswith("south") else SigningKey.generate(name, dice.randbytes)
        point = cosign(point, signer, 1_747_386_000) if dice.random() < 0.5 else point
    return packed(valid().origin, [*kept, ("checkpoint", point.note)])


def changes_checkpoint_lines(dice: random.Random) -> bytes:
    points = [place for place, (kind, _) in enumerate(valid().records) if kind == "checkpoint"]
    records = list(valid().records)
    place, other = dice.sample(points, 2)
    note, theirs = records[place][1].split(b"\n"), records[other][1].split(b"\n")
    at = dice.randrange(len(note))
    note[at] = dice.choice([theirs[at], b"", note[at] + b" ", note[-2]])
    records[place] = ("checkpoint", b"\n".join(note))
    return packed(valid().origin, records)


def says_another_head_line(dice: random.Random) -> bytes:
    data = packed(valid().origin, valid().records).partition(b"\n")[2]
    count = len(valid().acts)
    start, stop = dice.choice(
        [(0, count - 1), (0, count + 1), (1, count), (0, 0), (1, count + 1), (0, dice.randrange(99))]
    )
    origin = dice.choice(["c1/neutral", "c2/neutral", "c1/envoy"])
    return write_header(origin, start, max(start, stop)) + data


MUTATIONS: tuple[Mutation, ...] = (
    flips_a_bit, flips_a_letter_of_an_act, cuts_bytes, cuts_the_log_and_says_so, drops_an_act, swaps_two_acts,
    doubles_an_act, moves_an_act, changes_signature_lines, forges_a_field, enrols_a_stranger, forges_a_checkpoint,
    changes_checkpoint_lines, says_another_head_line,
)  # fmt: skip


# --- what may be said of them ---


def is_unaltered(root: str, size: int) -> bool:
    """Whether what was accepted is the true history as far as it goes, and as the neutral signed it."""
    return valid().roots.get(root) == size and size in valid().signed


def package_says(data: bytes) -> tuple[str, int] | None:
    """Root and size of what the package accepts, or nothing; anything else that it raises is a mistake of ours."""
    try:
        found = verify_bundle(io.BytesIO(data), ROOTS, workers=1)
    except DeskBroken as broken:
        if broken.code != "verify.not_genuine":
            raise
        return None
    return found.root, found.size


class Inline:
    """In the place of the checker's processes: the same work at once."""

    def __enter__(self) -> "Inline":  # noqa: PYI034
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def imap(self, work: Callable[[Any], Any], jobs: Iterable[Any], _chunk: int) -> Iterable[Any]:
        return map(work, jobs)


@cache
def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("checker_check", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Pool = Inline  # type: ignore[attr-defined]
    return module


def checker_says(data: bytes, path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, int] | None:
    path.write_bytes(data)
    roots_given = {name: (one.role, one.threshold, set(one.vkeys)) for name, one in ROOTS.items()}
    try:
        checker().check(str(path), roots_given)
    except SystemExit as told:
        if not str(told.code).startswith("not genuine: "):
            raise
        return None
    found = re.match(r"genuine up to act ([0-9]+), cosigned by .*; root ([0-9a-f]{64})", capsys.readouterr().out)
    assert found is not None
    return found[2], int(found[1]) + 1


def tried(count: int, seed: int) -> Iterable[tuple[str, bytes]]:
    dice = random.Random(seed)
    for number in range(count):
        mutation = MUTATIONS[number % len(MUTATIONS)]
        yield f"{mutation.__name__}, number {number}, seed {seed}", mutation(dice)


def test_the_valid_record_is_accepted_by_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = packed(valid().origin, valid().records)
    size = len(valid().acts)
    assert package_says(data) == checker_says(data, tmp_path / "bundle", capsys)
    assert package_says(data) is not None
    assert is_unaltered(*package_says(data) or ("", 0))
    assert valid().roots[(package_says(data) or ("", 0))[0]] == size


def test_a_shorter_record_says_that_it_is_shorter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, *_ = sorted(valid().signed)
    point = next(data for kind, data in valid().records if kind == "checkpoint" and int(data.split(b"\n")[1]) == first)
    data = packed(valid().origin, [*valid().records[:first], ("checkpoint", point)])
    found = package_says(data)
    assert found is not None
    assert found[1] == first
    assert found == checker_says(data, tmp_path / "bundle", capsys)


def test_acts_after_a_missing_newest_checkpoint_are_not_said_to_be_covered() -> None:
    first, *_ = sorted(valid().signed)
    records = [one for one in valid().records if one[0] == "act" or int(one[1].split(b"\n")[1]) == first]
    found = verify_bundle(io.BytesIO(packed(valid().origin, records)), ROOTS)
    assert (found.size, found.acts) == (first, len(valid().acts))


def test_mutations_of_a_record_are_not_accepted() -> None:
    assert not [name for name, data in tried(2_800, 1) if (said := package_says(data)) and not is_unaltered(*said)]


def test_mutations_are_not_accepted_by_the_checker_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, data in tried(420, 2):
        said = checker_says(data, tmp_path / "bundle", capsys)
        assert said is None or is_unaltered(*said), name
        assert said == package_says(data), name


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_thousand_mutations_of_a_record_are_not_accepted(seed: int) -> None:
    assert not [
        name for name, data in tried(10_000, 100 + seed) if (said := package_says(data)) and not is_unaltered(*said)
    ]


@pytest.mark.slow
def test_five_thousand_mutations_at_the_checker(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, data in tried(5_000, 3):
        assert checker_says(data, tmp_path / "bundle", capsys) == package_says(data), name
