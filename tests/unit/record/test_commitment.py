"""Commitments: a promise that shows nothing, of which one row can be opened and nothing can be changed."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import pytest

from parley.record.canonical import Json
from parley.record.commitment import (
    MOST_ROW,
    MOST_ROWS,
    ErasedRow,
    Row,
    RowProof,
    commit,
    commit_rows,
    erase_rows,
    pack_row_proof,
    pack_rows,
    salt_rows,
    shown_row,
    unpack_row_proof,
    unpack_rows,
    verify_row,
)
from parley.record.errors import CODES, CommitmentBroken
from parley.words import LineId

LIST: list[tuple[str, Mapping[str, Json]]] = [
    ("N1", {"name": "Olena Hai", "born": "1985"}),
    ("N2", {"name": "Тарас Гай", "born": "1990-04"}),
    ("N3", {"name": "Iryna Hai"}),
    ("N7", {"name": "Petro Hai", "notes": [1, True, None, {"a": "b"}]}),
    ("N8", {}),
]


def numbered(count: int) -> bytes:
    """A source of salts that can be foretold; a real one must not."""
    numbered.drawn += 1  # type: ignore[attr-defined]
    return sha256(b"salt %d" % numbered.drawn).digest()[:count]  # type: ignore[attr-defined]


numbered.drawn = 0  # type: ignore[attr-defined]
ROWS = salt_rows(LIST, numbered)


def code_of(broken: pytest.ExceptionInfo[CommitmentBroken]) -> str:
    assert broken.value.code in CODES
    return broken.value.code


def test_leaf_and_root_are_what_the_specification_says() -> None:
    salts = [bytes(32), b"\x01" * 32]
    leaves = [sha256(b"\x00" + salt + row).digest() for salt, row in zip(salts, [b"a", b"b"], strict=True)]
    assert commit([b"a"], salts[:1]).root == leaves[0].hex()
    assert commit([b"a", b"b"], salts).root == sha256(b"\x01" + leaves[0] + leaves[1]).hexdigest()


def test_the_committed_row_is_the_canonical_line_with_its_id() -> None:
    assert ROWS[1].committed == '{"line":"N2","row":{"born":"1990-04","name":"Тарас Гай"}}'.encode()


def test_the_same_list_with_fresh_salts_has_another_root() -> None:
    assert commit_rows(salt_rows(LIST)).root != commit_rows(salt_rows(LIST)).root


def test_attack_guessing_a_name_without_its_salt() -> None:
    root = commit_rows(ROWS[:1]).root
    row = ROWS[0].committed
    guesses = [sha256(prefix + row).hexdigest() for prefix in (b"", b"\x00", b"\x00" + bytes(32))]
    assert root not in guesses


def test_each_row_can_be_opened_alone() -> None:
    commitment = commit_rows(ROWS)
    for index, (line, values) in enumerate(LIST):
        proof = commitment.prove_row(index)
        assert verify_row(commitment.root, proof)
        assert commitment.prove_line(line) == proof
        assert shown_row(proof) == (line, values)


def test_an_opened_row_shows_nothing_of_the_others() -> None:
    shown = pack_row_proof(commit_rows(ROWS).prove_line("N1")).decode()
    for _, values in LIST[1:4]:
        assert str(values["name"]) not in shown
    for row in ROWS[1:]:
        assert row.salt.hex() not in shown


def changes(proof: RowProof) -> list[RowProof]:
    other = sha256(b"other").digest()
    return [
        replace(proof, index=proof.index + 1),
        replace(proof, index=proof.index - 1),
        replace(proof, total=proof.total - 1),
        replace(proof, total=proof.total * 2),
        replace(proof, row=proof.row + b" "),
        replace(proof, row=proof.row.replace(b"N3", b"N4")),
        replace(proof, salt=other),
        replace(proof, salt=proof.salt + b"\x00"),
        replace(proof, salt=proof.salt[:-1], row=proof.salt[-1:] + proof.row),
        replace(proof, path=proof.path[:-1]),
        replace(proof, path=(*proof.path, other)),
        replace(proof, path=(other, *proof.path[1:])),
        replace(proof, path=proof.path[::-1]),
        replace(proof, path=(proof.path[0][:-1], *proof.path[1:])),
        replace(proof, path=(*proof.path, *[other] * 60)),
        replace(proof, total=MOST_ROWS + 1),
        replace(proof, index=-1),
        replace(proof, index=10**30, total=10**31),
    ]


def test_attack_row_opened_with_anything_changed() -> None:
    commitment = commit_rows(ROWS)
    proof = commitment.prove_line("N3")
    for changed in changes(proof):
        assert not verify_row(commitment.root, changed), changed
    for root in ("", "0" * 64, commitment.root.upper(), commitment.root + "0", "g" * 64):
        assert not verify_row(root, proof)


def test_a_row_proof_does_not_prove_how_many_rows_there_are() -> None:
    """Stated so that nobody relies on it: the number of lines is the act's statement, the root does not hold it."""
    commitment = commit_rows(ROWS)
    assert verify_row(commitment.root, replace(commitment.prove_line("N3"), total=6))


def test_attack_node_of_the_tree_opened_as_a_row() -> None:
    """A node's hash begins with 0x01, a leaf's with 0x00: no pair of leaves can be passed off as one row."""
    commitment = commit_rows(ROWS[:2])
    leaves = [sha256(b"\x00" + row.salt + row.committed).digest() for row in ROWS[:2]]
    assert not verify_row(commitment.root, RowProof(index=0, total=1, row=leaves[1], salt=leaves[0], path=()))


def test_attack_row_shown_under_the_id_of_another_line() -> None:
    commitment = commit_rows(ROWS)
    moved = replace(commitment.prove_line("N3"), row=ROWS[2].committed.replace(b'"N3"', b'"N2"'))
    assert not verify_row(commitment.root, moved)


def test_attack_list_changed_after_it_was_committed() -> None:
    root = commit_rows(ROWS).root
    assert commit_rows(ROWS[::-1]).root != root
    assert commit_rows(ROWS[:-1]).root != root
    assert commit_rows([*ROWS, salt_rows([("N9", {})])[0]]).root != root
    for index, row in enumerate(ROWS):
        for changed in (replace(row, line=LineId("N99")), replace(row, values={"x": 1}), replace(row, salt=b"z" * 32)):
            assert commit_rows([*ROWS[:index], changed, *ROWS[index + 1 :]]).root != root


def test_a_proof_travels_as_two_lines() -> None:
    proof = commit_rows(ROWS).prove_line("N2")
    data = pack_row_proof(proof)
    assert data.startswith(b'exchange.row/1\n{"index":1,"path":["')
    assert data.count(b"\n") == 2
    assert unpack_row_proof(data) == proof


PROOF = pack_row_proof(commit_rows(ROWS).prove_line("N2"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"exchange.row/1\n",
        b"exchange.row/1\n{}\n",
        b"exchange.row/1\n[]\n",
        PROOF[:-1],
        PROOF + b"\n",
        PROOF.replace(b"row/1", b"row/2"),
        PROOF.replace(b'"index":1', b'"index":true'),
        PROOF.replace(b'"index":1', b'"index":-1'),
        PROOF.replace(b'"index":1', b'"index":"1"'),
        PROOF.replace(b'"index":1', b'"extra":0,"index":1'),
        PROOF.replace(b'"path":["', b'"path":[1,"'),
        PROOF.replace(b'"path":["', b'"path":["' + b'ab","' * 1),
        PROOF.replace(b'"path":["', b'"path":["' + (b"0" * 64 + b'","') * 18),
        PROOF.replace(b'"line":"N2"', b'"line":"n2"'),
        PROOF.replace(b'"line":"N2"', b'"line":"N2","more":1'),
        PROOF.replace(b'"row":{"line"', b'"row":{"Line"'),
        PROOF.replace(b'"salt":"', b'"salt":"A'),
        PROOF.replace(b"exchange", b"\xff"),
    ],
)
def test_a_proof_that_is_not_in_its_form_is_refused(data: bytes) -> None:
    with pytest.raises(CommitmentBroken) as broken:
        unpack_row_proof(data)
    assert code_of(broken) == "commitment.proof"


def test_a_proof_of_something_else_than_a_list_is_not_written() -> None:
    with pytest.raises(CommitmentBroken) as broken:
        pack_row_proof(commit([b"free text"], [bytes(32)]).prove_row(0))
    assert code_of(broken) == "commitment.proof"


def test_the_file_holds_rows_and_salts_and_comes_back() -> None:
    data = pack_rows(ROWS)
    first, second = data.decode().split("\n")[:2]
    assert first == "exchange.rows/1"
    assert second == f'{{"line":"N1","row":{{"born":"1985","name":"Olena Hai"}},"salt":"{ROWS[0].salt.hex()}"}}'
    assert unpack_rows(data) == ROWS


def test_an_erased_line_is_gone_and_the_root_stays() -> None:
    root = commit_rows(ROWS).root
    left = erase_rows(ROWS, ["N2", "N8"])
    assert commit_rows(left).root == root
    data = pack_rows(left)
    assert "Тарас" not in data.decode()
    assert ROWS[1].salt.hex().encode() not in data
    assert unpack_rows(data) == left
    assert [isinstance(row, ErasedRow) for row in left] == [False, True, False, False, True]
    assert verify_row(root, commit_rows(left).prove_line("N3"))
    with pytest.raises(CommitmentBroken) as broken:
        commit_rows(left).prove_line("N2")
    assert code_of(broken) == "commitment.erased"


def test_erasing_again_changes_nothing_and_everything_can_be_erased() -> None:
    every = [row.line for row in ROWS]
    empty = erase_rows(ROWS, every)
    assert erase_rows(empty, every) == empty
    assert commit_rows(unpack_rows(pack_rows(empty))).root == commit_rows(ROWS).root


def test_a_line_that_is_not_in_the_list_is_named() -> None:
    with pytest.raises(CommitmentBroken) as broken:
        erase_rows(ROWS, ["N2", "N99"])
    assert (code_of(broken), broken.value.facts) == ("commitment.no_such_line", {"line": "N99"})
    with pytest.raises(CommitmentBroken) as broken:
        commit_rows(ROWS).prove_line("N99")
    assert code_of(broken) == "commitment.no_such_line"
    with pytest.raises(CommitmentBroken) as broken:
        commit_rows(ROWS).prove_row(5)
    assert code_of(broken) == "commitment.index"


def test_attack_one_salt_for_two_rows() -> None:
    """Whoever is shown one of the two rows could test guesses at the other."""
    doubled = [*ROWS[:2], replace(ROWS[2], salt=ROWS[0].salt)]
    with pytest.raises(CommitmentBroken) as broken:
        commit_rows(doubled)
    assert code_of(broken) == "commitment.salts"
    with pytest.raises(CommitmentBroken) as broken:
        unpack_rows(pack_rows(doubled))
    assert code_of(broken) == "commitment.salts"
    for salts in ([bytes(32)], [bytes(32), bytes(31)], [bytes(32), bytes(32)]):
        with pytest.raises(CommitmentBroken) as broken:
            commit([b"a", b"b"], salts)
        assert code_of(broken) == "commitment.salts"


def test_attack_one_line_twice_with_different_content() -> None:
    again: tuple[Row | ErasedRow, ...] = (replace(ROWS[0], salt=b"z" * 32), ErasedRow(LineId("N1"), bytes(32)))
    for doubled in ([*ROWS, one] for one in again):
        with pytest.raises(CommitmentBroken) as broken:
            commit_rows(doubled)
        assert code_of(broken) == "commitment.duplicate_line"
        with pytest.raises(CommitmentBroken) as broken:
            pack_rows(doubled)
        assert code_of(broken) == "commitment.duplicate_line"
    lines = pack_rows(ROWS[:1]).split(b"\n")
    twice = b"\n".join([lines[0], lines[1], lines[1].replace(b'"salt":"', b'"salt":"0')[:-3] + b'"}', b""])
    with pytest.raises(CommitmentBroken) as broken:
        unpack_rows(twice)
    assert code_of(broken) == "commitment.duplicate_line"


def test_an_empty_list_and_one_too_long_are_refused() -> None:
    for attempt in (commit_rows, pack_rows):
        with pytest.raises(CommitmentBroken) as broken:
            attempt([])
        assert code_of(broken) == "commitment.no_rows"
    with pytest.raises(CommitmentBroken) as broken:
        unpack_rows(b"exchange.rows/1\n")
    assert code_of(broken) == "commitment.no_rows"
    with pytest.raises(CommitmentBroken) as broken:
        unpack_rows(b"exchange.rows/1\n" + b"\n" * (MOST_ROWS + 1))
    assert code_of(broken) == "commitment.too_many_rows"
    with pytest.raises(CommitmentBroken) as broken:
        commit([b""] * (MOST_ROWS + 1), [bytes(32)] * (MOST_ROWS + 1))
    assert code_of(broken) == "commitment.too_many_rows"


def nested(levels: int) -> Json:
    value: Json = 1
    for _ in range(levels):
        value = [value]
    return value


def test_whatever_can_be_sealed_can_be_proven() -> None:
    """At the very limits of length and depth a row still fits the line of its proof."""
    length = MOST_ROW - len(b'{"line":"N1","row":{"x":""}}')
    longest = salt_rows([("N1", {"x": "a" * length}), ("N2", {"x": nested(29)})])
    assert len(longest[0].committed) == MOST_ROW
    assert unpack_rows(pack_rows(longest)) == longest
    commitment = commit_rows(longest)
    for line in ("N1", "N2"):
        proof = commitment.prove_line(line)
        assert unpack_row_proof(pack_row_proof(proof)) == proof
    deepest = replace(commitment.prove_line("N1"), path=(bytes(32),) * 18, index=MOST_ROWS - 1, total=MOST_ROWS)
    assert unpack_row_proof(pack_row_proof(deepest)) == deepest
    for values in ({"x": "a" * (length + 1)}, {"x": nested(30)}):
        with pytest.raises(CommitmentBroken) as broken:
            pack_rows(salt_rows([("N1", values)]))
        assert code_of(broken) == "commitment.row"


@pytest.mark.parametrize(
    ("line", "values"), [("", {}), ("n1", {}), ("N0", {}), ("N1", {"x": 1.5}), ("N1", {"ä": 1}), ("N1", {"x": "\n"})]
)
def test_a_row_that_the_record_cannot_write_is_refused(line: str, values: dict[str, Json]) -> None:
    with pytest.raises(CommitmentBroken) as broken:
        commit_rows([Row(line=LineId(line), values=values, salt=bytes(32))])
    assert code_of(broken) == "commitment.row"


HEAD = b"exchange.rows/1\n"
SALT = b"0" * 64


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "commitment.header"),
        (b"exchange.rows/2\n", "commitment.header"),
        (b"exchange.rows/1", "commitment.header"),
        (HEAD + b"{}\n", "commitment.row"),
        (HEAD + b"\n", "commitment.row"),
        (HEAD + b'{"line":"N1","row":{},"salt":"' + SALT + b'"}', "commitment.row"),
        (HEAD + b'{"line":"N1","row":{},"salt":"' + SALT + b'"}\r\n', "commitment.row"),
        (HEAD + b'{"line":"N1","row":{},"salt":"' + SALT + b'"} \n', "commitment.row"),
        (HEAD + b'{"line":"N1","row":{},"salt":"' + SALT[1:] + b'"}\n', "commitment.row"),
        (HEAD + b'{"line":"N1","row":{},"salt":"' + b"A" * 64 + b'"}\n', "commitment.row"),
        (HEAD + b'{"line":"N1","row":[],"salt":"' + SALT + b'"}\n', "commitment.row"),
        (HEAD + b'{"line":"N 1","row":{},"salt":"' + SALT + b'"}\n', "commitment.row"),
        (HEAD + b'{"leaf":"' + SALT + b'","line":"N1","row":{},"salt":"' + SALT + b'"}\n', "commitment.row"),
        (HEAD + b'{"leaf":"' + SALT + b'","line":"N1","salt":"' + SALT + b'"}\n', "commitment.row"),
        (HEAD + b'{"leaf":"' + SALT + b'"}\n', "commitment.row"),
        (HEAD + b'{"line":"N1","row":{},"salt":"' + SALT + b'"},{}\n', "commitment.row"),
        (HEAD + b'{"line":"N1","row":{"a":1.5},"salt":"' + SALT + b'"}\n', "commitment.row"),
        (HEAD + b"[" * 70_000 + b"\n", "commitment.row"),
        (HEAD + b'{"line":"N1","row":{},"salt":"' + SALT + b'"}\n\x80' + bytes(100), "commitment.row"),
    ],
)
def test_a_file_of_rows_that_is_not_in_its_form_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(CommitmentBroken) as broken:
        unpack_rows(data)
    assert code_of(broken) == code


def test_a_bad_row_is_named_by_number_and_never_shown() -> None:
    data = pack_rows(ROWS).replace(b'"Iryna Hai"}', b'"Iryna Hai" }')
    with pytest.raises(CommitmentBroken) as broken:
        unpack_rows(data)
    assert broken.value.facts == {"row": 3}
    assert "Iryna" not in str(broken.value)


def test_salts_are_not_shown_by_printing_rows() -> None:
    assert ROWS[0].salt.hex() not in repr(ROWS[0])
    assert repr(ROWS[0].salt) not in repr(ROWS[0])
