"""The README: its demo runs as written, its commands are those of the Makefile, its map is that of the house."""

import re
import sys
from pathlib import Path

from tests.architecture.floors import FLOORS
from tests.docs.blocks import HOUSE, blocks_of, missing, run

PAGE = HOUSE / "README.md"
MADE = re.compile(r"(?<!\w)make ([a-z-]+)")
FLOOR = re.compile(r"^\| ([1-8]) \| ([^|]+) \|", re.MULTILINE)


def test_the_small_demo_and_what_follows_go_as_written(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/bin").symlink_to(Path(sys.executable).parent)
    blocks = [block for block in blocks_of(PAGE) if "make " not in block.commands]
    printed = run(blocks, tmp_path, start=tmp_path)
    assert [lost for block, said in zip(blocks, printed, strict=True) for lost in missing(block, said)] == []


def test_every_make_command_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (HOUSE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = re.compile(r"`([^`\n]*)`|^(make .*)$", re.MULTILINE)
    for page in (PAGE, HOUSE / "CHANGES.md", HOUSE / "SECURITY.md", *(HOUSE / "docs").glob("*/*.md")):
        quoted = " ; ".join("".join(found) for found in code.findall(page.read_text(encoding="utf-8")))
        assert set(MADE.findall(quoted)) - targets == set(), page.name


def test_the_map_shows_every_room_on_its_floor() -> None:
    shown = {
        room.strip("/").removesuffix(".py"): int(floor)
        for floor, rooms in FLOOR.findall(PAGE.read_text(encoding="utf-8"))
        for room in re.findall(r"`([^`]+)`", rooms)
    }
    built = {room: floor for room, floor in FLOORS.items() if _stands(room)}
    assert shown == built


def _stands(room: str) -> bool:
    return (HOUSE / "src/parley" / room).is_dir() or (HOUSE / "src/parley" / f"{room}.py").is_file()
