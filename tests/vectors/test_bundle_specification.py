"""The examples of spec/bundle.md are what the program reads and writes, and its numbers are the program's."""

import re
from pathlib import Path

from parley.record.agefile import MOST_HEADER, MOST_STANZAS
from parley.record.bundle import CAPS, MOST_RECORDS
from parley.record.commitment import (
    MOST_PATH,
    MOST_ROW,
    MOST_ROWS,
    ErasedRow,
    commit_rows,
    pack_row_proof,
    pack_rows,
    unpack_row_proof,
    unpack_rows,
    verify_row,
)
from parley.record.errors import CODES
from parley.record.keyfile import MOST_WORK, WORK_FACTOR, unpack_keys
from parley.record.seal import LARGEST_CLASS, SMALLEST_CLASS

TEXT = (Path(__file__).resolve().parents[2] / "spec" / "bundle.md").read_text()
EXAMPLES = re.findall(r"```\n(.*?)```\n", TEXT, re.DOTALL)


def example(beginning: str) -> str:
    (found,) = [text for text in EXAMPLES if text.startswith(beginning)]
    return str(found)


def test_the_list_of_the_specification_has_the_root_it_states() -> None:
    rows = unpack_rows(example("exchange.rows/1").encode())
    assert pack_rows(rows) == example("exchange.rows/1").encode()
    assert commit_rows(rows).root in TEXT
    assert [isinstance(row, ErasedRow) for row in rows] == [False, True, False]


def test_the_opened_row_of_the_specification_holds_against_that_root() -> None:
    root = commit_rows(unpack_rows(example("exchange.rows/1").encode())).root
    proof = unpack_row_proof(example("exchange.row/1").encode())
    assert verify_row(root, proof)
    assert pack_row_proof(proof) == example("exchange.row/1").encode()


def test_the_key_line_of_the_specification_is_read() -> None:
    line = example("PARLEY-KEY").splitlines(keepends=True)[0]
    assert unpack_keys(line.encode()).signing[0].seed == bytes(32)


def test_every_code_in_the_specification_exists_and_none_of_the_bundle_is_missing() -> None:
    named = set(re.findall(r"`((?:bundle|seal|commitment|keyfile)\.[a-z_]+)`", TEXT))
    assert named <= CODES.keys()
    assert {code for code in CODES if code.startswith("bundle.")} <= named


def test_every_limit_in_the_specification_is_the_program_s() -> None:
    for number in (*CAPS.values(), MOST_RECORDS, MOST_ROWS, MOST_ROW, SMALLEST_CLASS, LARGEST_CLASS):
        assert f"{number:,}" in TEXT, number
    assert f"At most {MOST_STANZAS} stanzas, and at most {MOST_HEADER // 1024} KiB" in TEXT
    assert f"at most {MOST_PATH} hashes" in TEXT
    assert f"work factor {WORK_FACTOR} when written, 1 to {MOST_WORK} when read" in TEXT
