"""The generated pages say what the code says now."""

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def test_no_generated_page_is_stale() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}Renew them with: make docs"


def test_every_command_of_the_command_line_has_its_place_on_the_page() -> None:
    from parley.cli import NOUNS

    page = (HOUSE / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert [noun for noun in NOUNS if f"\n## {noun}\n" not in page] == []


def test_every_act_has_its_place_on_the_page() -> None:
    from parley.process import RULES

    page = (HOUSE / "docs/reference/acts.md").read_text(encoding="utf-8")
    assert [rule.deed.kind for rule in RULES if f"\n### `{rule.deed.kind}`\n" not in page] == []
