"""The people table of one office: its first page, searches, filters and far pages, on a register of invented people.

A register is filled, then each question is asked some times over; the table says the median and the slowest answer in
milliseconds, with the people of the page read as the page reads them. ``--people 100000`` is what an office must bear.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from parley.practice.people import invent
from parley.registers.claims import Draft, Source, draft
from parley.store.office import open_office
from parley.store.office.browse import Browse
from parley.words import Moment

PAGE = 200
DAY = "2025-05-20"


def people(count: int) -> Iterator[Sequence[Draft]]:
    """Invent people, each with what a list says of somebody; one in fifty is claimed twice, differently."""
    source = Source(kind="holder_list", name="bench", evidence="list")
    second = Source(kind="family", evidence="statement")
    for number, one in enumerate(invent(count, civilians=count // 8, power="north", holder="south", seed=1)):
        fields = one.own
        found = [draft(name, text, source) for name, text in fields.items()]
        if number % 50 == 0:
            found.append(draft("birth_date", "1950-01-01", second))
        yield found


def main(arguments: Sequence[str]) -> int:
    """Fill, ask, tell."""
    parser = argparse.ArgumentParser(description="Time the people table.")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument(
        "--database", default="", help="postgresql://…/database#schema, else a file that is thrown away"
    )
    parser.add_argument("--times", type=int, default=7)
    said = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        office = open_office(said.database or str(Path(folder) / "office.sqlite"))
        began = time.perf_counter()
        entry = office.add(people(said.people), what="bench", who="bench", at=Moment("2025-05-20T09:00:00Z"))
        print(f"{entry.people:,} people, {entry.claims:,} claims, filled in {time.perf_counter() - began:.0f} s")
        looked = office.browsing()
        surname = next(
            one.said.written
            for one in next(office.dossiers([next(iter(looked.stretch(Browse(), most=1).people))])).claims
            if one.said.field == "surname"
        )
        far = looked.stretch(Browse(sort="name"), most=said.people * 9 // 10).after
        asked = {
            "first page": (Browse(day=DAY), None),
            "first page by name": (Browse(day=DAY, sort="name"), None),
            "page by name, far behind": (Browse(day=DAY, sort="name"), far),
            "search a surname": (Browse(day=DAY, text=surname), None),
            "search a part of it": (Browse(day=DAY, text=surname[1:6]), None),
            "search a number": (Browse(day=DAY, text=f"N{100_000 + said.people // 2}"), None),
            "search what is nowhere": (Browse(day=DAY, text="qqqq"), None),
            "search two words, by name": (Browse(day=DAY, text=f"{surname[:4]} a", sort="name"), None),
            "civilians by name": (Browse(day=DAY, where=(("category", "civilian"),), sort="name"), None),
            "what needs a look": (Browse(day=DAY, doubted=True), None),
            "contradictions": (Browse(day=DAY, contradicted=True), None),
        }
        print(f"{'':28}{'people':>8}{'median ms':>12}{'slowest ms':>12}")
        for name, (browse, after) in asked.items():
            spent, found = [], 0
            for _ in range(said.times):
                began = time.perf_counter()
                page = looked.stretch(browse, after=after, most=PAGE)
                found = len(list(office.dossiers(page.people)))
                spent.append(1000 * (time.perf_counter() - began))
            print(f"{name:28}{found:>8}{statistics.median(spent):>12.0f}{max(spent):>12.0f}")
        spent = []
        for _ in range(said.times):
            began = time.perf_counter()
            for field in ("power", "category"):
                looked.values(field, intermediary=False, day=DAY)
            looked.count(Browse(day=DAY), 0)
            spent.append(1000 * (time.perf_counter() - began))
        print(f"{'choices and count':28}{'':>8}{statistics.median(spent):>12.0f}{max(spent):>12.0f}")
        office.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
