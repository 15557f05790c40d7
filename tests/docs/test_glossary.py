"""Every word of the glossary is the field's own, and lives where the glossary says."""

import re
from pathlib import Path

import pytest

from tests.docs.blocks import HOUSE

PAGE = HOUSE / "docs/glossary.md"
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)


def rows_of(text: str, *, least: int) -> list[list[str]]:
    """Return the rows of a page's tables that have so many cells, without headers and rules."""
    rows = [[cell.strip() for cell in row.split(" | ")] for row in ROW.findall(text)]
    return [row for row in rows if len(row) >= least and row[0] != "English" and not row[0].startswith("---")]


PLACES = [(row[0], row[-1].strip("`")) for row in rows_of(PAGE.read_text(encoding="utf-8"), least=3)]


def test_there_are_words() -> None:
    assert len(PLACES) > 90


@pytest.mark.parametrize(("word", "place"), PLACES, ids=[word for word, _ in PLACES])
def test_a_word_lives_where_the_glossary_says(word: str, place: str) -> None:
    file, _, name = place.partition(":")
    assert (HOUSE / file).is_file(), f"{word}: no file {file}"
    text = (HOUSE / file).read_text(encoding="utf-8")
    found = re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text)
    assert found is not None, f"{word}: {file} does not name {name}"


def test_no_word_stands_there_twice() -> None:
    words = [word for word, _ in PLACES]
    assert [word for word in words if words.count(word) > 1] == []


def test_every_word_of_the_field_is_there_in_three_languages(shared: Path) -> None:
    domain = (shared / "domain.md").read_text(encoding="utf-8")
    chapter = domain[domain.index("## 9. Glossary") : domain.index("## 10.")]
    wanted = {
        tuple(row[:3]) for row in rows_of(chapter.replace(" | |\n", " | - |\n"), least=3) if "(use this)" not in row[0]
    }
    here = {tuple(row[:3]) for row in rows_of(PAGE.read_text(encoding="utf-8"), least=5)}
    assert len(wanted) > 70
    assert wanted - here == set()
