"""How often does the right name stand first among 10,000, across scripts, and how fast are lists of names read?

Pairs of single names in Latin and in Russian or Arabic letters, taken from an encyclopaedia (NETransliteration-COLING2018,
CC0); they are noisy: alternative readings, and now and then another person's name, count as pairs. Each file is split in two
halves by a checksum of the Latin name. The rules were written with the errors of ``built`` in view; ``held out`` was only
measured. Of each half 10,000 distinct Latin names are drawn, and 2,000 names that are paired with one of them are looked up;
any Latin name paired with it anywhere in the file is right, and of several names at the top each counts for its share.

- peer: anyascii and Levenshtein's ratio (rapidfuzz), the commonest way; needs ``pip install anyascii``, for this bench only;
- Parley: ``parley.registers.readings.similarities``.

Speed: 600,000 words of 200,000 made-up people, a third of the words misspelt, one processor.
"""

import argparse
import json
import platform
import random
import re
import resource
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from parley.registers.given_names import father_of, given_name_id
from parley.registers.name_parts import parts_of
from parley.registers.readings import NORMALISER, fold_many, similarities

NAMES = Path(__file__).resolve().parents[2] / "shared" / "data" / "names"
WANTED = {"wd_russian_64": 0.83, "wd_arabic_64": 0.60}
HALVES = ("built", "held out")
Table = NDArray[np.float32]
Way = Callable[[Sequence[str], Sequence[str]], Table]


def read(path: Path) -> list[tuple[str, str]]:
    """Return the pairs (Latin, other script) of a file."""
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(latin, letters.replace(" ", "")) for latin, letters, _ in lines]


def draw(pairs: list[tuple[str, str]], half: int, size: int, asked: int) -> tuple[list[str], list[str]]:
    """Return the Latin names to look among, and the names to look up, of one half."""
    own = [pair for pair in pairs if zlib.crc32(pair[0].encode()) % 2 == half]
    random.Random(1).shuffle(own)
    among = set(list(dict.fromkeys(latin for latin, _ in own))[:size])
    queries = list(dict.fromkeys(other for latin, other in own if latin in among))
    random.Random(2).shuffle(queries)
    return sorted(among), queries[:asked]


def found(way: Way, among: list[str], queries: list[str], right: dict[str, set[str]]) -> tuple[float, float]:
    """Return the share of names whose right name stands first, and among the first five."""
    place = {name: at for at, name in enumerate(among)}
    table = way(queries, among)
    first = five = 0.0
    for query, row in zip(queries, table, strict=True):
        good = {place[name] for name in right[query] if name in place}
        top = set(np.flatnonzero(row >= row.max() - 1e-6).tolist())
        first += len(top & good) / len(top)
        five += bool(good & set(np.argsort(-row, kind="stable")[:5].tolist()))
    return first / len(queries), five / len(queries)


def peer() -> Way | None:
    try:
        anyascii = import_module("anyascii").anyascii  # by name: it is not among the tools that are installed for work
    except ImportError:
        return None

    def plain(names: Sequence[str]) -> list[str]:
        return [re.sub("[^a-z]", "", anyascii(name).lower()) for name in names]

    def table(left: Sequence[str], right: Sequence[str]) -> Table:
        return cdist(plain(left), plain(right), scorer=Levenshtein.normalized_similarity, dtype=np.float32)

    return table


def made_up(people: int) -> tuple[list[str], list[str]]:
    """Return the words of so many people's names, three each, and the whole names; a third of the words are misspelt."""
    draw_from, letters = random.Random(7), "абвгдежзийклмнопрстуфхцчшщьюяії"
    roots = [
        "Мельн",
        "Шевч",
        "Ковал",
        "Бондар",
        "Ткач",
        "Кравч",
        "Олійн",
        "Лис",
        "Мороз",
        "Павл",
        "Савч",
        "Руд",
        "Клим",
        "Гонч",
        "Поном",
        "Вас",
        "Левч",
        "Харч",
        "Сидор",
        "Карп",
    ]
    ends = ["енко", "ук", "юк", "ський", "ик", "ець", "ов", "ін", "ич", "ак"]
    given = [
        "Іван",
        "Сергій",
        "Микола",
        "Олександр",
        "Володимир",
        "Андрій",
        "Serhii",
        "Mykola",
        "Alexander",
        "Николай",
        "Юрій",
        "Дмитро",
        "Петро",
        "Олег",
    ]
    fathers = [
        "Іванович",
        "Сергійович",
        "Миколайович",
        "Олександрович",
        "Андреевич",
        "Петрович",
        "Ivanovych",
        "Mykolaiovych",
    ]
    words, wholes = [], []
    for _ in range(people):
        own = [draw_from.choice(roots) + draw_from.choice(letters) + draw_from.choice(ends)]
        own += [draw_from.choice(given), draw_from.choice(fathers)]
        for at, word in enumerate(own):
            if draw_from.random() < 0.33:
                place = draw_from.randrange(1, len(word))
                own[at] = word[:place] + draw_from.choice(letters) + word[place + 1 :]
        words += own
        wholes.append(" ".join(own))
    return words, wholes


def speed(people: int) -> dict[str, float]:
    words, wholes = made_up(people)
    start = time.process_time()
    fold_many(words)
    folded = time.process_time()
    once = set(words)
    for word in once:
        given_name_id(word)
        father_of(word)
    named = time.process_time()
    some = wholes[: people // 10]
    for whole in some:
        parts_of(whole)
    return {
        "people": people,
        "words": len(words),
        "distinct": len(once),
        "reading_seconds": folded - start,
        "names_seconds": named - folded,
        "dividing_us": (time.process_time() - named) / max(1, len(some)) * 1e6,
    }


def measure(size: int, asked: int, people: int) -> dict[str, object]:
    lists = []
    ways: dict[str, Way | None] = {"peer": peer(), "Parley": similarities}
    for name in WANTED:
        if not (NAMES / name).is_file():
            continue
        pairs = read(NAMES / name)
        right: dict[str, set[str]] = defaultdict(set)
        for latin, other in pairs:
            right[other].add(latin)
        for half, title in enumerate(HALVES):
            among, queries = draw(pairs, half, size, asked)
            for way, table in ways.items():
                if table is None:
                    continue
                start = time.process_time()
                first, five = found(table, among, queries, right)
                seconds = time.process_time() - start
                lists.append(
                    {"list": name, "half": title, "way": way, "among": len(among), "asked": len(queries)}
                    | {"first": first, "five": five, "seconds": seconds}
                )
    return {"normaliser": NORMALISER, "lists": lists, "speed": speed(people)}


def table(measured: dict[str, object]) -> Iterator[str]:
    """Yield the lines of the table."""
    lists, fast = measured["lists"], measured["speed"]
    assert isinstance(lists, list)
    assert isinstance(fast, dict)
    yield f"Normaliser {measured['normaliser']}; Python {platform.python_version()}"
    yield ""
    yield "| list | half | way | among | looked up | first | wanted | in five | seconds |"
    yield "|---|---|---|---:|---:|---:|---:|---:|---:|"
    for one in lists:
        wanted = f"{WANTED[one['list']]:.2f}" if one["way"] == "Parley" else ""
        yield (
            f"| {one['list']} | {one['half']} | {one['way']} | {one['among']:,} | {one['asked']:,} | {one['first']:.3f} "
            f"| {wanted} | {one['five']:.3f} | {one['seconds']:.1f} |"
        )
    if not lists:
        yield "(no lists: they lie in ../shared/data/names, which is not there)"
    yield ""
    yield (
        f"{fast['words']:,} words of {fast['people']:,} people, {fast['distinct']:,} distinct: read in "
        f"{fast['reading_seconds']:.1f} s (wanted: 8), given names and fathers in {fast['names_seconds']:.1f} s more; "
        f"a whole name divided in {fast['dividing_us']:.0f} µs; most memory "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    )


def main() -> None:
    """Read the options, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--among", type=int, default=10_000)
    options.add_argument("--asked", type=int, default=2_000)
    options.add_argument("--people", type=int, default=200_000)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    measured = measure(chosen.among, chosen.asked, chosen.people)
    print(json.dumps(measured, indent=1) if chosen.json else "\n".join(table(measured)))


if __name__ == "__main__":
    main()
