"""How long the papers of a handover take: 1,000 people in 20 vehicles, names in three scripts.

``bench/papers.py`` prints one row for each paper and one for manifests and cards together, wall seconds, the fonts cold in the
first. ``--people 1000`` says how many. The people are invented.
"""

from __future__ import annotations

import argparse
import time

from parley.briefings.paper_words import paper_words
from parley.handover.pack import TAGS, Pack, Traveller
from parley.handover.papers import PAPERS, paper
from parley.words import LineId, Moment, ParticipantName

SEATS = 50
NAMES = (("Коваль Остап", "Koval Ostap"), ("Їжакевич Лев Ґалаґанович",), ("سليم حداد", "Salim Haddad"), ("Ёлкин Пётр",))


def pack_of(people: int) -> Pack:
    """Return a pack of so many invented people, half from each side."""
    parties = (ParticipantName("north"), ParticipantName("south"))
    half = people // 2
    carried = tuple(
        Traveller(
            born=f"19{60 + number % 40}-0{1 + number % 9}-1{number % 10}",
            giving=giving,
            line=LineId(f"{letter}{number}"),
            names=NAMES[number % len(NAMES)],
            seat=(number - 1) % SEATS + 1,
            tag=TAGS[1 + number % 3] if number % 20 == 0 else "",
            vehicle=f"bus-{(number - 1) // SEATS + 1}",
        )
        for giving, letter, count in ((parties[0], "N", half), (parties[1], "S", people - half))
        for number in range(1, count + 1)
    )
    return Pack(
        batch=1,
        case="neutral/log",
        counter=ParticipantName("neutral"),
        expires=Moment("2025-05-24T06:00:00Z"),
        hold=10,
        issued=Moment("2025-05-23T05:00:00Z"),
        last="crossed",
        parties=parties,
        stations=("asked", "crossed"),
        version=1,
        people=carried,
    )


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=1000)
    given = arguments.parse_args()
    pack, words = pack_of(given.people), paper_words("uk")
    took: dict[str, float] = {}
    print(f"{'paper':12} {'seconds':>8} {'KiB':>8}")
    for kind in PAPERS:
        start = time.perf_counter()
        made = paper(kind, pack, words, "uk")
        took[kind] = time.perf_counter() - start
        print(f"{kind:12} {took[kind]:8.2f} {len(made) / 1024:8.0f}")
    print(f"manifests and cards of {given.people} people: {took['manifest'] + took['cards']:.2f} s")


if __name__ == "__main__":
    main()
