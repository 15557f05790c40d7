"""How fast can acts be kept, one flushed commit for each, against what the same disk can flush at all?

Three rates are measured in turns, so that a disk which slows down slows all of them:

- the disk's own: overwrite one page of 4 KiB in a file of full length and call ``fdatasync``, as often as it goes;
- the disk's own for as many bytes as one commit of the store writes (counted on the -wal file);
- the store: one change with one act of about 700 bytes, a checkpoint and two facts, confirmed before the next begins.

And once each: many acts in one change, opening the store with all its acts, reading them all. ``--where postgresql://…``
adds a server, whose disk may be another one. ``--json`` prints the numbers, ``--acts`` sets how many appends in all.
"""

import argparse
import hashlib
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from parley.store import Change, Store, open_store

ROUNDS = 10
PAGE = 4096
IN_ONE_CHANGE = 100


def note_at(position: int) -> bytes:
    """Return an act of about 700 bytes."""
    filler = "".join(hashlib.sha256(b"%d %d" % (position, part)).hexdigest() for part in range(8))
    return f'exchange.act/1\n{{"body":"{filler}","seq":{position}}}\n\n— north/officer-1 {filler[:92]}\n'.encode()


def change_at(position: int, acts: int = 1) -> Change:
    """Return what a neutral keeps for an act: the act, the new checkpoint, its head and a receipt to be sent."""
    end = position + acts
    return Change(
        start=position,
        acts=tuple(note_at(seq) for seq in range(position, end)),
        checkpoints=((end, note_at(end)[:300]),),
        facts={"head": b"%d" % end, f"outbox/{position}": b"wait", f"outbox/{position - acts}": None},
    )


class Disk:
    """A file of full length whose pages are overwritten and flushed."""

    def __init__(self, folder: Path, size: int) -> None:
        self._page = os.urandom(size)
        self._handle = os.open(folder / f"flushed-{size}", os.O_RDWR | os.O_CREAT, 0o600)
        self._places = max(1, (8 << 20) // size)
        for place in range(self._places):
            os.pwrite(self._handle, self._page, place * size)
        os.fsync(self._handle)
        self._next = 0

    def flush_one(self) -> None:
        os.pwrite(self._handle, self._page, self._next * len(self._page))
        os.fdatasync(self._handle)
        self._next = (self._next + 1) % self._places

    def close(self) -> None:
        os.close(self._handle)


def times_of(work: Callable[[], None], count: int) -> list[float]:
    """Return the seconds that each of ``count`` calls took."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken


def append(store: Store, acts: int = 1) -> None:
    store.write(change_at(store.size, acts))


def read_all(store: Store) -> None:
    for _ in store.acts():
        pass


def bytes_of_a_commit(folder: Path) -> int:
    """Return how many bytes a typical commit adds to the -wal file, in whole pages."""
    path = folder / "sample.sqlite"
    store = open_store(str(path), "bench")
    for _ in range(50):
        append(store)
    wal = path.with_name(path.name + "-wal")
    before = wal.stat().st_size
    for _ in range(50):
        append(store)
    added = (wal.stat().st_size - before) / 50
    store.close()
    return max(PAGE, round(added / PAGE) * PAGE)


def summary(taken: list[float], acts: int = 1) -> dict[str, float]:
    """Return the rate over all, and the median and 99th percentile of one call in milliseconds."""
    ordered = sorted(taken)
    return {
        "acts_per_second": round(acts * len(taken) / sum(taken), 1),
        "median_ms": round(statistics.median(ordered) * 1000, 3),
        "p99_ms": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000, 3),
    }


def measure(folder: Path, acts: int, where: str | None) -> dict[str, dict[str, float]]:
    """Return the figures of each row of the table."""
    commit_size = bytes_of_a_commit(folder)
    disks = {
        "disk, 4 KiB": Disk(folder, PAGE),
        f"disk, {commit_size // 1024} KiB as a commit": Disk(folder, commit_size),
    }
    path = str(folder / "case.sqlite")
    stores = {"memory": open_store("memory:", "bench"), "SQLite, 1 act a commit": open_store(path, "bench")}
    if where:
        stores["PostgreSQL, 1 act a commit"] = open_store(f"{where}#bench_{os.getpid()}", "bench")
    taken: dict[str, list[float]] = {name: [] for name in (*disks, *stores)}
    for _ in range(ROUNDS):
        for name, disk in disks.items():
            taken[name] += times_of(disk.flush_one, acts // ROUNDS)
        for name, store in stores.items():
            taken[name] += times_of(partial(append, store), acts // ROUNDS)
    rows = {name: summary(times) for name, times in taken.items()}
    for name, store in stores.items():
        if name != "memory":
            many = times_of(partial(append, store, IN_ONE_CHANGE), 50)
            rows[name.replace("1 act", f"{IN_ONE_CHANGE} acts")] = summary(many, IN_ONE_CHANGE)
    for disk in disks.values():
        disk.close()
    for store in stores.values():
        store.close()
    kept: list[Store] = []
    opening = times_of(lambda: kept.append(open_store(path, "bench")), 1)
    rows["SQLite, opening with its checks"] = summary(opening, kept[0].size)
    rows["SQLite, reading all acts"] = summary(times_of(partial(read_all, kept[0]), 1), kept[0].size)
    kept[0].close()
    return rows


def show(rows: dict[str, dict[str, float]]) -> None:
    """Print the table; the last column is the share of the disk's own rate for as many bytes."""
    disk = next(figures["acts_per_second"] for name, figures in rows.items() if name.endswith("as a commit"))
    print("| what | a second | median ms | 99 % ms | share of the disk's own |")
    print("|---|---:|---:|---:|---:|")
    for name, figures in rows.items():
        share = f"{figures['acts_per_second'] / disk:.0%}" if "1 act a" in name or name.startswith("disk") else ""
        print(
            f"| {name} | {figures['acts_per_second']:,.0f} | {figures['median_ms']} | {figures['p99_ms']} | {share} |"
        )


def main() -> None:
    """Read the options, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--acts", type=int, default=5000)
    options.add_argument("--where", help="also a PostgreSQL server (postgresql://…)")
    options.add_argument("--folder", type=Path, help="a folder on the disk to be measured (a temporary one)")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix="parley-append-") as folder:
        rows = measure(Path(folder), chosen.acts, chosen.where)
    if chosen.json:
        print(json.dumps({"python": platform.python_version(), "system": platform.system(), "rows": rows}, indent=1))
    else:
        show(rows)


if __name__ == "__main__":
    main()
