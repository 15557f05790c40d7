"""Runs one command: finds its noun, lets it work, and turns whatever comes out into an answer and an exit code."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import typer
from typer.core import TyperGroup

import parley
from parley.cli import NOUNS, overview
from parley.cli.answer import (
    BROKEN,
    DONE,
    IN_USE,
    INTERRUPTED,
    MISTAKE,
    NOT_GENUINE,
    WRONG_USE,
    Answer,
    broken,
    refused,
    sentence_of,
    show,
)
from parley.cli.errors import CliBroken, WrongUse, WrongValue
from parley.cli.settings import Settings, read_settings
from parley.desk.errors import NotUnderstood
from parley.store import InUse
from parley.words import Broken, Refusal

CLICK_SAYS_NO: Final = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What Typer raises for wrong use; newer versions carry their own copy of click, so it is looked up, not imported."""
_UNFIT: Final = re.compile(r"Invalid value for '?([^':]+)'?: Input should be (.*)", re.DOTALL)
_KINDS: Final = {
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a valid boolean": "yes or no",
    "greater than": "a larger number",
    "less than": "a smaller number",
}
"""How a library begins to say which kind of value it wants, and how we say it."""
NOT_GENUINE_CODES: Final = frozenset({"verify.not_genuine", "verify.other_roots"})


class Nouns(TyperGroup):
    """The nouns, each loaded when it is named."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer's own context
        """Return every noun."""
        return list(NOUNS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Return the command of a noun; raises WrongUse for a word that is none."""
        if cmd_name not in NOUNS:
            raise WrongUse("cli.usage", detail=f"no such noun: {cmd_name[:40]}{_near(cmd_name)}")
        module = f"parley.cli.{NOUNS[cmd_name][0]}"
        if importlib.util.find_spec(module) is None:
            raise CliBroken("cli.not_here")
        app = getattr(importlib.import_module(module), "APPS", {}).get(cmd_name)
        app = app if app is not None else importlib.import_module(module).app
        command = _plain(typer.main.get_command(app))
        command.name = cmd_name
        return command


def _in_our_words(detail: str) -> str:
    """Return what a library says of a value that is not of its kind, without the library's own terms."""
    found = _UNFIT.match(detail)
    if found is None:
        return detail
    what = next((ours for theirs, ours in _KINDS.items() if found[2].startswith(theirs)), "something else")
    return f"{found[1]} takes {what}"


def _plain(command: Any) -> Any:  # noqa: ANN401 - typer's own command
    """Take the marks of the sources' own notation out of the help: a terminal shows them as they stand."""
    for name in ("help", "short_help", "epilog"):
        if getattr(command, name, None):
            setattr(command, name, getattr(command, name).replace("``", ""))
    for inner in getattr(command, "commands", {}).values():
        _plain(inner)
    return command


def _near(word: str) -> str:
    import difflib

    found = difflib.get_close_matches(word, NOUNS, n=3)
    return f" (did you mean {', '.join(found)}?)" if found else ""


root = typer.Typer(cls=Nouns, add_completion=False, no_args_is_help=True, rich_markup_mode=None)


@root.callback()
def _root() -> None:
    """Run a negotiated prisoner exchange between two parties who do not trust each other."""


def run(arguments: Sequence[str]) -> int:
    """Do what the command line says, print the answer and return the exit code; never raises."""
    _speak_utf8()
    settings = Settings(json="--json" in arguments, environment=os.environ)
    try:
        settings, rest = read_settings(arguments, os.environ)
        if rest in ([], ["--help"]):
            print(overview())
            return DONE
        answer = _do(rest, settings)
    except KeyboardInterrupt:
        answer = broken(CliBroken("cli.interrupted"), settings.language, INTERRUPTED)
    except Exception as mistake:  # noqa: BLE001 - whatever it is, no stack trace reaches an officer
        answer = _answer_to(mistake, settings, arguments)
    try:
        show(answer, as_json=settings.json)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return answer.exit


def _speak_utf8() -> None:
    """Write UTF-8 whatever the terminal says: names come in every script, and a question mark is worse than a box."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _do(rest: list[str], settings: Settings) -> Answer:
    command = typer.main.get_command(root)
    # A return value is the answer; None or a number comes from --help.
    found = command.main(rest, prog_name="parley", standalone_mode=False, obj=settings)
    if found == INTERRUPTED:
        raise KeyboardInterrupt
    return found if isinstance(found, Answer) else Answer()


def _answer_to(mistake: Exception, settings: Settings, arguments: Sequence[str]) -> Answer:
    language = settings.language
    match mistake:
        case WrongValue():
            why, after = sentence_of(mistake.cause, language)
            said = CliBroken(
                "cli.value", option=mistake.option, detail=" ".join(filter(None, (why, after))).rstrip(".")
            )
            return broken(said, language, WRONG_USE, understood=mistake.cause.code)
        case WrongUse() | NotUnderstood():
            return broken(mistake, language, WRONG_USE)
        case InUse():
            answer = broken(mistake, language, IN_USE)
            holder = "{owner}, program {pid} on {host}, since {since}".format_map(mistake.facts)
            return replace(answer, says=[*answer.says, f"  {holder}"])
        case Broken():
            return broken(mistake, language, NOT_GENUINE if mistake.code in NOT_GENUINE_CODES else BROKEN)
        case Refused():
            return refused(mistake.refusal, language)
        case typer.Exit():
            return Answer(exit=mistake.exit_code)
        case typer.Abort():
            return broken(CliBroken("cli.interrupted"), language, INTERRUPTED)
    if type(mistake).__name__ == "NoArgsIsHelpError":  # a noun alone asks what can be done with it
        return Answer(says=[cast("Any", mistake).format_message()], code="help")
    if isinstance(mistake, CLICK_SAYS_NO):
        detail = _in_our_words(cast("Any", mistake).format_message()).rstrip(".")
        return broken(WrongUse("cli.usage", detail=detail), language, WRONG_USE)
    if settings.crash_report is not None:
        _report(mistake, settings, arguments)
    return broken(CliBroken("cli.mistake"), language, MISTAKE, kind=type(mistake).__name__)


class Refused(Exception):
    """The rules said no somewhere below a command."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the refusal."""
        self.refusal = refusal
        super().__init__(refusal.code)


def _report(mistake: Exception, settings: Settings, arguments: Sequence[str]) -> None:
    """Write where it happened: files, lines and functions; no message, no value, no argument but the noun and its verb."""
    assert settings.crash_report is not None
    frames = traceback.extract_tb(mistake.__traceback__)
    words = [word for word in arguments if word in NOUNS][:1]
    lines = [
        f"parley {parley.__version__}, Python {sys.version.split()[0]}, {sys.platform}",
        f"noun: {' '.join(words)}",
        f"kind: {type(mistake).__name__}",
        *(f"{Path(one.filename).name} line {one.lineno} in {one.name}" for one in frames),
    ]
    try:
        settings.crash_report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError:
        return
