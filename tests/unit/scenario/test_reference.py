"""The page from which an outsider writes a scenario: fresh, short, and its examples play."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from parley.scenario.player import play
from parley.scenario.reference import MARKER, main, renewed

CHECKOUT = Path(__file__).resolve().parents[3]
PAGE = CHECKOUT / "spec" / "scenario.md"
PHRASES = CHECKOUT / "src/parley/briefings/phrases/scenario.toml"


def test_the_tables_are_fresh() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page, "renew it: python -m parley.scenario.reference spec/scenario.md"


def test_a_stale_page_is_noticed_and_renewed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Prose\n\n{MARKER}\n\nold tables\n", encoding="utf-8")
    assert main(["--check", str(page)]) == 1
    assert main([str(page)]) == 0
    assert main(["--check", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith("# Prose\n")


@pytest.mark.parametrize("example", re.findall(r"```scenario\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
def test_the_examples_of_the_page_play(example: str) -> None:
    for report in play(example):
        assert report.ok, report.surprises


def test_the_prose_stays_under_five_pages() -> None:
    prose = PAGE.read_text(encoding="utf-8").partition(MARKER)[0]
    assert len(prose.split()) < 2_500


def test_every_scenario_code_is_said_in_four_languages() -> None:
    codes: set[str] = set()
    for file in (CHECKOUT / "src/parley/scenario").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                codes |= set(re.findall(r"\Ascenario\.[a-z_]+\Z", node.value))
    phrases = {
        f"scenario.{name}": one for name, one in tomllib.loads(PHRASES.read_text(encoding="utf-8"))["scenario"].items()
    }
    assert codes == phrases.keys()
    keys = {f"{language}{part}" for language in ("en", "uk", "ru", "ar") for part in ("", "_next")}
    assert all(one.keys() == keys for one in phrases.values())
