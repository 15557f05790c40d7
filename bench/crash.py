"""Does a store keep what it confirmed when the program is killed, its log is cut off, or the disk turns a bit over?

A child process appends acts, each in a change of its own with a checkpoint, a sealed blob and two facts, and tells
its parent after each confirmed change. The parent kills it (SIGKILL) at a random moment, also while it opens. Then:

- killed: every confirmed act is there, nothing is half there, and at most one change more than was confirmed.
- cut: after the kill the -wal file is cut off at a random byte, as by a disk that gave back less than it took. The
  store must hold a whole prefix, say ``restored`` if a confirmed change is missing, or refuse to open.
- flipped: after the kill one random bit is turned over in a copy of the store's files. It must refuse, or give back
  exactly what was written (or a prefix with ``restored``, where the bit was in the -wal file).

Run with ``--kills 10000`` for the full number. A killed process is not a power cut: the disk's own promise to have
flushed is taken on trust. Ends with 1 if anything was lost, half kept, or wrong without a word.
"""

import argparse
import hashlib
import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from parley.store import RESTORED, Change, InUse, Store, StoreBroken, open_store

NEW_STORE_AFTER = 400  # acts; a longer log would only make each look slower
KINDS = ("killed", "cut", "flipped")


def note_at(position: int) -> bytes:
    """Return the note that stands at a position: always the same, of 100 to 3,000 bytes."""
    filler = hashlib.sha256(b"%d" % position).hexdigest() * (1 + position * 7 % 45)
    return f'exchange.act/1\n{{"body":"{filler}","seq":{position}}}\n\n— north/officer-1 {filler[:44]}\n'.encode()


def blob_at(position: int) -> bytes:
    """Return the sealed bytes that come with the act at a position: 64 bytes to 20 KB."""
    return hashlib.sha256(b"blob %d" % position).digest() * (2 + position * 13 % 640)


def digest_at(position: int) -> str:
    return hashlib.sha256(blob_at(position)).hexdigest()


def change_at(position: int) -> Change:
    """Return the change that adds the act at a position: it also forgets every third blob, three acts later."""
    forgotten = (digest_at(position - 3),) if position >= 3 and position % 3 == 0 else ()
    return Change(
        start=position,
        acts=(note_at(position),),
        checkpoints=((position + 1, b"checkpoint %d" % (position + 1)),),
        blobs=((digest_at(position), blob_at(position)),),
        forget=forgotten,
        facts={"head": b"%d" % (position + 1), f"outbox/{position}": b"wait", f"outbox/{position - 5}": None},
    )


def append_until_killed(where: str, tell: int) -> None:
    """Append for ever, telling the size after each confirmed change as one line."""
    store = open_store(where, "crash, child")
    os.write(tell, b"%d\n" % store.size)
    while True:
        store.write(change_at(store.size))
        os.write(tell, b"%d\n" % store.size)


def what_is_wrong(store: Store) -> str | None:
    """Return what a store holds that no whole number of changes can have left, None if all is in order."""
    size = store.size
    if list(store.acts()) != [note_at(position) for position in range(size)]:
        return "acts"
    if store.checkpoint() != (b"checkpoint %d" % size if size else None):
        return "checkpoint"
    facts = {name: value for name, value in store.facts().items() if name != RESTORED}
    waiting = {f"outbox/{position}": b"wait" for position in range(max(0, size - 5), size)}
    if facts != (waiting | {"head": b"%d" % size} if size else {}):
        return "facts"
    for position in range(size):
        gone = position % 3 == 0 and position + 3 < size
        if store.blob(digest_at(position)) != (None if gone else blob_at(position)):
            return "blobs"
    return None


def run_and_kill(where: str, moment: float) -> int:
    """Kill a child ``moment`` seconds after its first word (after its start if negative); return what it confirmed."""
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(hear)
            append_until_killed(where, tell)
        finally:
            os._exit(1)  # reached only when the store refused: the parent sees too few confirmed changes
    os.close(tell)
    said = b""
    try:
        if moment > 0:
            select.select([hear], [], [], 10)
        time.sleep(abs(moment))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while part := os.read(hear, 65536):
            said += part
    finally:
        os.close(hear)
    lines = said.split(b"\n")[:-1]
    return int(lines[-1]) if lines else 0


def open_soon(where: str) -> Store:
    """Open a store whose holder was killed: a server needs a moment to notice."""
    for _ in range(200):
        try:
            return open_store(where, "crash, parent")
        except InUse:
            time.sleep(0.02)
    return open_store(where, "crash, parent")


def look(where: str, confirmed: int, kind: str, found: Counter[str]) -> int | None:
    """Open a store after a mishap, count what was found, return its size or None where it refused to open."""
    try:
        store = open_soon(where)
    except StoreBroken as broken:
        found["refused"] += 1
        found["wrong"] += kind == "killed"
        found[f"code {broken.code}"] += 1
        return None
    try:
        wrong = what_is_wrong(store)
        size = store.size
        flagged = RESTORED in store.facts()
        if flagged:
            store.write(Change(start=size, facts={RESTORED: None}))
    except StoreBroken as broken:
        found["refused"] += 1
        found["wrong"] += kind == "killed"
        found[f"code {broken.code}"] += 1
        return None
    finally:
        store.close()
    if wrong is not None:
        found["wrong"] += 1
        found[f"wrong {wrong}"] += 1
    found["flagged"] += flagged
    found["intact"] += size >= confirmed and wrong is None
    if size < confirmed:
        found["lost, flagged" if flagged else "lost, silent"] += confirmed - size
    found["one more"] += size == confirmed + 1
    if size > confirmed + 1:
        found["wrong"] += 1
    return size


def cut_off(path: Path, chance: random.Random) -> None:
    """Cut the -wal file off at a random byte."""
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and (length := wal.stat().st_size):
        os.truncate(wal, chance.randrange(length))


def flip_one_bit(path: Path, chance: random.Random) -> None:
    """Turn one bit over in the store or its -wal file, each byte of both alike likely."""
    files = [file for file in (path, path.with_name(path.name + "-wal")) if file.exists()]
    total = sum(file.stat().st_size for file in files)
    if total == 0:  # killed before it had written anything
        return
    at = chance.randrange(total)
    for file in files:
        length = file.stat().st_size
        if at < length:
            with file.open("r+b") as handle:
                handle.seek(at)
                byte = handle.read(1)[0]
                handle.seek(at)
                handle.write(bytes([byte ^ 1 << chance.randrange(8)]))
            return
        at -= length


def crash_files(folder: Path, kills: int, seed: int, kinds: tuple[str, ...]) -> dict[str, Counter[str]]:
    """Kill ``kills`` children on stores in files, each kind of mishap in turn; return what was found for each kind."""
    chance = random.Random(seed)
    found: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    known, path = 0, folder / "0.sqlite"
    for number in range(kills):
        kind = kinds[number % len(kinds)]
        count = found[kind]
        count["times"] += 1
        # Below zero: from the start of the child, so that some are killed while opening.
        confirmed = max(known, run_and_kill(str(path), chance.uniform(-0.004, 0.025)))
        count["confirmed"] += confirmed - known
        if kind == "flipped":
            copies = folder / "copy"
            copies.mkdir()
            for file in folder.glob(path.name + "*"):
                shutil.copy(file, copies / file.name)
            flip_one_bit(copies / path.name, chance)
            look(str(copies / path.name), confirmed, kind, count)
            shutil.rmtree(copies)
            size = look(str(path), confirmed, "killed", Counter())
            assert size is not None
        else:
            if kind == "cut":
                cut_off(path, chance)
            size = look(str(path), confirmed, kind, count)
        known = size or 0
        if size is None or size > NEW_STORE_AFTER:
            for file in folder.glob(path.name + "*"):
                file.unlink()
            known, path = 0, folder / f"{number + 1}.sqlite"
    return found


def crash_server(where: str, kills: int, seed: int) -> dict[str, Counter[str]]:
    """Kill ``kills`` children of a server's store (a schema made for this, one for each few hundred acts)."""
    chance = random.Random(seed)
    count: Counter[str] = Counter()
    known, part = 0, 0
    for _ in range(kills):
        count["times"] += 1
        schema = f"{where}#crash_{seed}_{os.getpid()}_{part}"
        # The size is looked at in between, so a child that could not open is never taken for one that lost acts.
        confirmed = max(known, run_and_kill(schema, chance.uniform(-0.02, 0.08)))
        count["confirmed"] += confirmed - known
        size = look(schema, confirmed, "killed", count)
        known = size or 0
        if size is None or size > NEW_STORE_AFTER:
            known, part = 0, part + 1
    return {"killed": count}


def show(found: dict[str, Counter[str]], seconds: float) -> None:
    columns = (
        "times",
        "confirmed",
        "intact",
        "one more",
        "refused",
        "flagged",
        "lost, flagged",
        "lost, silent",
        "wrong",
    )
    print("| mishap | " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * len(columns))
    for kind, count in found.items():
        print(f"| {kind} | " + " | ".join(f"{count[column]:,}" for column in columns) + " |")
    for kind, count in found.items():
        codes = ", ".join(
            f"{name} {times}" for name, times in sorted(count.items()) if name.startswith(("code", "wrong "))
        )
        if codes:
            print(f"{kind}: {codes}")
    print(f"{seconds:.0f} s")


def main() -> int:
    """Read the options, run, print the table; 1 if anything was lost or wrong without a word."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    options.add_argument("--where", help="a PostgreSQL server (postgresql://…) instead of files; mishap: killed")
    options.add_argument("--folder", type=Path, help="where to make the files (a temporary folder)")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    began = time.monotonic()
    if chosen.where:
        found = crash_server(chosen.where, chosen.kills, chosen.seed)
    else:
        with tempfile.TemporaryDirectory(dir=chosen.folder, prefix="parley-crash-") as folder:
            found = crash_files(Path(folder), chosen.kills, chosen.seed, tuple(chosen.kinds))
    if chosen.json:
        print(json.dumps({"seed": chosen.seed, "found": found}, indent=1, sort_keys=True))
    else:
        show(found, time.monotonic() - began)
    silent = sum(count["lost, silent"] + count["wrong"] for count in found.values())
    return 1 if silent or found.get("killed", Counter())["lost, flagged"] else 0


if __name__ == "__main__":
    sys.exit(main())
