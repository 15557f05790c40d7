"""Two plain files are matched as they are; what is wrong with a file is said with its row, and practice truth is never read."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parley.acts import LANGUAGES
from parley.briefings import phrases
from parley.briefings.match_words import match_lines, match_sentence, waterfall
from parley.registers.explaining import Explanation, explain
from parley.registers.levels import FIELDS
from parley.registers.match_files import CODES, HEADER, MatchBroken, as_csv, match_lists, matches, read_list
from parley.registers.weights import OTHERS
from parley.registers.zones import ZONES
from tests.unit.registers.made_people import Row, made


def written(path: Path, rows: list[Row], header: list[str] | None = None) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, header or list(rows[0]), extrasaction="ignore")
        out.writeheader()
        out.writerows(rows)
    return path


def answer(folder: Path, a: list[Row], b: list[Row]) -> bytes:
    first, second = written(folder / "a.csv", a), written(folder / "b.csv", b)
    found = match_lists(read_list(first, "A"), read_list(second, "B"))
    return b"".join(as_csv(matches(found, "all")))


def test_the_answer_has_its_five_columns_sorted_by_the_ids(tmp_path: Path) -> None:
    a, b, _ = made(80, 1)
    rows = list(csv.reader(answer(tmp_path, a, b).decode().splitlines()))
    assert tuple(rows[0]) == HEADER
    assert [row[:2] for row in rows[1:]] == sorted(row[:2] for row in rows[1:])
    assert {row[3] for row in rows[1:]} <= set(ZONES)
    assert all(0 <= float(row[2]) <= 1 for row in rows[1:])


def test_who_is_who_stands_in_a_practice_file_and_is_never_read(tmp_path: Path) -> None:
    a, b, truth = made(80, 2)
    before = answer(tmp_path, a, b)
    told = {other: one for one, other in truth}
    honest = [{**row, "person_id": row["rec_id"], "corruptions": "none", "colour": "blue"} for row in a]
    lying = [{**row, "person_id": told.get(row["rec_id"], "x")[::-1], "corruptions": "typo"} for row in b]
    assert answer(tmp_path, honest, lying) == before


def test_the_same_list_as_parquet_gives_the_same_answer(tmp_path: Path) -> None:
    a, b, _ = made(60, 3)
    plain = answer(tmp_path, a, b)
    lists = []
    for name, rows in (("a", a), ("b", b)):
        table = {column: [row[column] or None for row in rows] for column in rows[0]}
        pq.write_table(pa.table({**table, "person_id": [7] * len(rows)}), tmp_path / f"{name}.parquet")
        lists.append(read_list(tmp_path / f"{name}.parquet", name.upper()))
    assert b"".join(as_csv(matches(match_lists(*lists), "all"))) == plain


@pytest.mark.parametrize(
    ("ids", "code", "row"),
    [
        (["A1", ""], "matches.id_missing", 2),
        (["A1", "A2", "A1"], "matches.id_twice", 3),
        (["A1", "A\u202e2"], "matches.id_unclear", 2),
        (["A1", "A\u200b2"], "matches.id_unclear", 2),
        (["A" * 201], "matches.id_unclear", 1),
    ],
)
def test_a_record_without_a_plain_id_of_its_own_is_named_by_its_row(
    tmp_path: Path, ids: list[str], code: str, row: int
) -> None:
    path = written(tmp_path / "a.csv", [{"rec_id": one, "surname": "Турак"} for one in ids])
    with pytest.raises(MatchBroken) as broken:
        read_list(path, "A")
    assert broken.value.code == code
    assert broken.value.facts == {"file": "A", "row": row}


def test_a_file_without_ids_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [{"surname": "Турак", "given": "Петро"}])
    with pytest.raises(MatchBroken) as broken:
        read_list(path, "A")
    assert broken.value.code == "matches.no_ids"
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(MatchBroken) as broken:
        read_list(tmp_path / "a.parquet", "A")
    assert broken.value.code == "matches.unreadable"
    (tmp_path / "a.doc").write_bytes(b"x")
    with pytest.raises(MatchBroken):
        read_list(tmp_path / "a.doc", "A")


def test_an_empty_file_and_one_with_a_header_only_hold_nobody(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_text("rec_id,surname\n", encoding="utf-8")
    first, second = read_list(tmp_path / "a.csv", "A"), read_list(tmp_path / "b.csv", "B")
    assert first.ids == second.ids == ()
    assert b"".join(as_csv(matches(match_lists(first, second), "all"))).decode() == ",".join(HEADER) + "\n"


def explained(tmp_path: Path, *, twin: bool = False) -> Explanation:
    a, b, truth = made(120, 4)
    latin = {row["rec_id"] for row in b if row["surname"].isascii()}
    one, other = sorted(pair for pair in truth if pair[1] in latin)[3]
    if twin:
        row = next(row for row in b if row["rec_id"] == other)
        row["given"] = "Bohdan"
        row["full_name"] = f"{row['surname']} Bohdan"
    first = read_list(written(tmp_path / "a.csv", a), "A")
    second = read_list(written(tmp_path / "b.csv", b), "B")
    found = match_lists(first, second)
    return explain(found, first.columns, second.columns, first.ids.index(one), second.ids.index(other))


def test_the_bits_of_an_explanation_add_up(tmp_path: Path) -> None:
    why = explained(tmp_path)
    total = why.prior + sum(one.bits for one in why.steps) + why.others + why.competition
    # The order of names that was kept is worth next to nothing and is not told.
    assert total == pytest.approx(why.total, abs=0.2)
    assert why.zone == "propose"
    assert json.loads(json.dumps(why.as_data()))["id_a"] == why.id_a


def test_an_explanation_names_both_writings_and_the_reading_that_agrees(tmp_path: Path) -> None:
    why = explained(tmp_path)
    read = next(one for one in why.steps if one.agreed and one.agreed.reading and one.written_a != one.written_b)
    assert read.agreed is not None
    assert read.agreed.scheme_a
    for language in LANGUAGES:
        lines = "\n".join(match_lines(why, language))
        assert why.id_a in lines
        assert read.written_a in lines
        assert read.written_b in lines
        assert read.agreed.reading in lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_is_one_svg_that_fetches_nothing(tmp_path: Path, language: str) -> None:
    picture = waterfall(explained(tmp_path), language)
    assert picture.startswith("<svg")
    assert picture.endswith("</svg>\n")
    assert "href" not in picture
    assert "<script" not in picture
    edge = 948 if language == "ar" else 12  # words begin where the language begins to read, above the bars
    assert f'<text x="{edge}" y="18">' in picture


@pytest.mark.parametrize("language", LANGUAGES)
def test_brothers_are_said_to_be_brothers(tmp_path: Path, language: str) -> None:
    why = explained(tmp_path, twin=True)
    assert why.veto
    assert why.zone == "reject"
    assert "Bohdan" in match_sentence(why, language)


def test_every_level_field_kind_zone_and_refusal_has_its_words() -> None:
    known = phrases.entries()
    said = {f"match.field.{field.name}" for field in FIELDS}
    said |= {f"match.level.{level}" for field in FIELDS for level in field.levels[1:]}
    said |= {f"match.kind.{kind}" for kind in OTHERS} | {f"match.zone.{zone}" for zone in ZONES}
    assert said <= known.keys()
    assert set(CODES) <= phrases.codes()
