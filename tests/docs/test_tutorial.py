"""The tutorial, run from its first block to its last, exactly as a reader would type it."""

from pathlib import Path

from tests.docs.blocks import HOUSE, blocks_of, missing, run

PAGE = HOUSE / "docs/tutorial/fifteen-minutes.md"


def test_fifteen_minutes_go_as_written(tmp_path: Path) -> None:
    blocks = blocks_of(PAGE)
    printed = run(blocks, tmp_path)
    for number, (block, said) in enumerate(zip(blocks, printed, strict=True), start=1):
        assert missing(block, said) == [], f"block {number} printed otherwise:\n{said}"


def test_no_passphrase_but_that_of_practice_stands_in_the_tutorial() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("passphrase for practice") == 1
    assert "PARLEY_PASSPHRASE" not in page
