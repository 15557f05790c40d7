"""Fills the registers of a practice exchange: each desk's office imports its lists of invented people, as an office does.

A party's office knows whom it seeks and whom it holds; the neutral's knows whom the parties seek. A few claims are added by
hand, so that there is something to judge: a second birth date, a death that somebody denies, a name in other letters, a word
for the neutral alone, and somebody entered a second time after a telephone call. It is done by a program of its own beside
the story, which waits for it only at its end.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from parley.registers.claims import Draft, PersonId, Source, draft
from parley.registers.columns import find_header, map_of
from parley.registers.intake import digest_of, people_of_book
from parley.registers.sheets import open_book
from parley.store.office import Office, Query, open_office
from parley.words import Moment

AT: Final = Moment("2025-05-20T09:30:00Z")
WHO: Final = "office"
LISTS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "north": (("north", "request", "own_unit"), ("north", "offer", "capture_card")),
    "south": (("south", "request", "own_unit"), ("south", "offer", "capture_card")),
    "neutral": (("north", "request", "bureau"), ("south", "request", "bureau")),
}
"""For each desk the lists that its office imports: by whom, which, and who says what stands in it."""
FAMILY: Final = Source(kind="family", dated="2025-04-02", evidence="statement", confidence="possible")
HOLDER: Final = Source(kind="holder", dated="2024-11", evidence="statement", confidence="doubtful")
COMRADE: Final = Source(kind="returned_comrade", dated="2025-03", evidence="witness")
VISIT: Final = Source(
    kind="neutral_visit", dated="2025-05-06", evidence="visit", confidence="certain", intermediary_only=True
)
BY_HAND: Final[tuple[tuple[Draft, ...], ...]] = (
    (
        draft("birth_date", "1979", FAMILY),
        draft("vital", "dead", HOLDER),
        draft("vital", "alive", COMRADE),
        draft("custody", "held", COMRADE),
        draft("full_name", "بدر الدين", FAMILY, language="ar", role="transcribed"),
        draft("note", "asked that nobody be told of the visit", VISIT),
    ),
    (draft("custody", "hospital", HOLDER), draft("birth_date", "03/04/81", FAMILY)),
)
"""What is claimed by hand of the first people of a register."""


ASKED_ABOUT: Final = 3
"""Whose family asks after them under a name in other letters: the person of this number, entered once more."""
LETTERS: Final = str.maketrans(
    "abdefghijklmnoprstuvyz", "абдефґгіжклмнопрстувиз"
)  # as a telephone call is written down: letter by letter


def fill(folder: Path, name: str) -> int:
    """Import the lists of one desk's office, and return how many people its register has."""
    office = open_office(str(folder / name / "office.sqlite"))
    try:
        for author, purpose, kind in LISTS[name]:
            _import(office, folder / author / f"{purpose}-list.xlsx", kind, author)
        for number, claims in enumerate(BY_HAND, start=1):
            office.claim(PersonId(number), claims, who=WHO, at=AT)
        office.add([_called(office)], what="telephone call of a family", who=WHO, at=AT)
        return len(office.find(Query()))
    finally:
        office.close()


def _called(office: Office) -> list[Draft]:
    """Return what a family says of somebody who is here already: the name in other letters, the year, the number."""
    said = {one.said.field: one.said for one in office.show(PersonId(ASKED_ABOUT)).claims}
    names = [
        draft(name, said[name].written.lower().translate(LETTERS).capitalize(), FAMILY)
        for name in ("surname", "given_names", "father_name")
        if name in said
    ]
    rest = [draft(name, said[name].written, FAMILY) for name in ("birth_date", "number") if name in said]
    return [*names, *rest]


def _import(office: Office, path: Path, kind: str, author: str) -> None:
    source = Source(kind=kind, name=f"{path.stem} of {author}", dated="2025-05-19", evidence="list")
    book = open_book(path)
    sheet = book.sheet("")
    said = map_of(str(sheet.number), find_header(sheet.rows()))
    people = people_of_book(book, said, source, file=path.name, digest=digest_of(path))
    office.add(people, what=f"import {path.name}", who=WHO, at=AT)


def begin(folder: Path) -> subprocess.Popen[bytes]:
    """Start the program that fills the registers of an exchange whose lists are written."""
    return subprocess.Popen([sys.executable, "-m", "parley.practice.registering", str(folder)])  # noqa: S603 - ourselves


def main(arguments: Sequence[str]) -> int:
    """Fill the register of every desk that stands in a folder."""
    folder = Path(arguments[0])
    for name in LISTS:
        fill(folder, name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
