"""Runs the shell blocks of a page exactly as written, in one shell, and compares what it prints with what the page says.

A block opened by three backticks and ``sh`` must succeed; one marked ``sh refused`` must end with another exit code than 0. A
``text`` block behind it holds lines that must be printed by it, in this order; ``…`` in them stands for anything.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(sh|sh refused|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "@@@@ block"


@dataclass(frozen=True, slots=True)
class Block:
    """Commands, whether they must fail, and the lines that must be seen."""

    commands: str
    refused: bool
    shown: tuple[str, ...] = ()


def blocks_of(page: Path) -> list[Block]:
    """Return the blocks of a page in order."""
    found: list[Block] = []
    for kind, body in FENCE.findall(page.read_text(encoding="utf-8")):
        if kind != "text":
            found.append(Block(body, kind == "sh refused"))
        elif found and not found[-1].shown:
            found[-1] = Block(found[-1].commands, found[-1].refused, tuple(body.splitlines()))
    return found


def run(blocks: list[Block], place: Path, *, start: Path = HOUSE) -> list[str]:
    """Run blocks in one shell that starts in the folder of the project, or ``start``; return what each printed, errors too."""
    script = ["set -e"]
    for block in blocks:
        script.append(f"echo '{MARK}'")
        if block.refused:
            script += ["set +e", block.commands.rstrip(), "went=$?", "set -e", "test $went -ne 0"]
        else:
            script.append(block.commands)
    programs = Path(sys.executable).parent
    known = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "TMPDIR": str(place), "COLUMNS": "200"}
    whole = "\n".join(script)
    done = subprocess.run(
        ["bash", "-c", whole],
        cwd=start,
        env=known,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    printed = done.stdout.split(f"{MARK}\n")[1:]
    at = len(printed)
    assert done.returncode == 0, f"block {at} went wrong:\n{blocks[at - 1].commands}\nIt printed:\n{printed[-1]}"
    return printed


def missing(block: Block, printed: str) -> list[str]:
    """Return the shown lines that were not printed in this order."""
    left = printed.splitlines()
    lost: list[str] = []
    for line in block.shown:
        pattern = re.compile(".*".join(re.escape(part.strip()) for part in line.split("…")))
        place = next((at for at, one in enumerate(left) if pattern.search(one)), None)
        if place is None:
            lost.append(line)
        else:
            left = left[place + 1 :]
    return lost
