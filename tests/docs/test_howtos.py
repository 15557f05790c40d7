"""The how-tos name commands, options, codes and files that exist; their blocks are run where a page can be run alone."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from parley.briefings.phrases import codes
from parley.cli import NOUNS
from parley.cli.frame import root
from parley.cli.settings import OPTIONS
from tests.docs.blocks import HOUSE, blocks_of, missing, run

PAGES = sorted([*(HOUSE / "docs").glob("*/*.md"), *HOUSE.glob("*.md"), *(HOUSE / "docs").glob("*.md")])
WRITTEN = [page for page in PAGES if page.parent.name not in ("reference", "decisions")]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
CALL = re.compile(r"(?:^|`|[a-z]+ = )parley ([^`\n#|]+)", re.MULTILINE)
CODE = re.compile(r"`([a-z]+\.[a-z_]+)`")
VALUED = {one.name for one in OPTIONS if one.takes}
PLAIN = {one.name for one in OPTIONS if not one.takes} | {"--help", "--version"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    dead = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert dead == []


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists_with_its_options(page: Path) -> None:
    wrong = [call for call in CALL.findall(page.read_text(encoding="utf-8")) if not _known(call.split())]
    assert wrong == []


def _known(words: list[str]) -> bool:
    """Say whether a call names a noun, a command of it where it has commands, and options that these have."""
    words = _without_settings(words)
    if not words or words[0] in ("…", "NOUN", "--help"):
        return True
    if words[0] not in NOUNS:
        return False
    command: Any = typer.main.get_command(root)
    command = command.get_command(None, words[0])
    rest = words[1:]
    while getattr(command, "commands", None) and rest and not rest[0].startswith("-"):
        if rest[0] not in command.commands:
            return False
        command, rest = command.commands[rest[0]], rest[1:]
    known = {name for one in command.params for name in one.opts} | {"--help"}
    return all(word.split("=")[0] in known for word in rest if word.startswith("--"))


def _without_settings(words: list[str]) -> list[str]:
    left: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in VALUED:
            skip = True
        elif word not in PLAIN:
            left.append(word)
    return left


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_every_code_that_a_page_names_can_be_met(page: Path) -> None:
    named = set(CODE.findall(page.read_text(encoding="utf-8")))
    endings = {"md", "py", "txt", "csv", "scn", "toml", "json", "age", "db", "sqlite", "bundle", "cause"}
    rooms = {code.split(".")[0] for code in codes()}
    wrong = {one for one in named if one.split(".")[1] not in endings and one.split(".")[0] in rooms} - set(codes())
    assert wrong == set()


def test_the_scenario_of_the_how_to_plays_as_written(tmp_path: Path) -> None:
    blocks = blocks_of(HOUSE / "docs/howto/write-a-scenario.md")
    place = [f"cd '{tmp_path}'\n{block.commands}" for block in blocks]
    printed = run([type(block)(text, block.refused) for block, text in zip(blocks, place, strict=True)], tmp_path)
    assert missing(type(blocks[0])("", False, ("Everything went as written.",)), printed[-1]) == []


def test_a_messy_list_is_read_as_the_page_says(tmp_path: Path) -> None:
    blocks = blocks_of(HOUSE / "docs/howto/read-a-messy-list.md")
    printed = run(blocks, tmp_path, start=tmp_path)
    assert [missing(block, said) for block, said in zip(blocks, printed, strict=True)] == [[] for _ in blocks]


def test_two_lists_are_matched_as_the_page_says(tmp_path: Path) -> None:
    blocks = blocks_of(HOUSE / "docs/howto/match-two-lists.md")
    printed = run(blocks, tmp_path, start=tmp_path)
    assert [missing(block, said) for block, said in zip(blocks, printed, strict=True)] == [[] for _ in blocks]


def test_batches_are_composed_under_a_policy_as_the_page_says(tmp_path: Path) -> None:
    blocks = blocks_of(HOUSE / "docs/howto/compose-under-a-policy.md")
    printed = run(blocks, tmp_path)
    assert [missing(block, said) for block, said in zip(blocks, printed, strict=True)] == [[] for _ in blocks]


def test_a_draw_is_redone_by_hand_as_the_specification_says(tmp_path: Path) -> None:
    blocks = blocks_of(HOUSE / "spec/draw.md")
    printed = run(blocks, tmp_path)
    assert [missing(block, said) for block, said in zip(blocks, printed, strict=True)] == [[] for _ in blocks]


def test_people_are_checked_across_as_the_page_says(tmp_path: Path) -> None:
    blocks = blocks_of(HOUSE / "docs/howto/check-people-across.md")
    printed = run(blocks, tmp_path)
    assert [missing(block, said) for block, said in zip(blocks, printed, strict=True)] == [[] for _ in blocks]
