"""What holds for every command: which desk, who signs, in which language, for people or for programs.

These options may stand anywhere on the command line, before or after the noun. What is not said there is taken from the
environment: ``PARLEY_DESK``, ``PARLEY_LANGUAGE``, ``PARLEY_PASSPHRASE_<KEY>``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from parley.acts import LANGUAGES
from parley.cli.errors import WrongUse

MOST_PASSPHRASES: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for this call; ``signers`` is None where nobody was named."""

    desk: Path = Path()
    signers: tuple[str, ...] | None = None
    language: str = "en"
    json: bool = False
    dry_run: bool = False
    passphrase_file: Path | None = None
    yes: bool = False
    crash_report: Path | None = None
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """One option of every command: its name, what it takes (nothing: a switch), its field, what it is for."""

    name: str
    takes: str
    field: str
    about: str

    @property
    def shown(self) -> str:
        """How it is written in the help."""
        return f"{self.name} {self.takes}".strip()


OPTIONS: Final = (
    Option("--desk", "DIR", "desk", "the desk's folder (else PARLEY_DESK, else this folder)"),
    Option("--as", "KEY,KEY", "signers", "who signs: officer-1,officer-2 (else as many as the mandate needs)"),
    Option("--language", "|".join(LANGUAGES), "language", "the language of answers (else PARLEY_LANGUAGE, else en)"),
    Option("--json", "", "json", "answer with one JSON object"),
    Option("--dry-run", "", "dry_run", "judge and say what would be done; sign and write nothing"),
    Option("--passphrase-file", "FILE", "passphrase_file", "one passphrase for all keys, or lines `officer-1 = …`"),
    Option("--yes", "", "yes", "sign without asking once more"),
    Option("--crash-report", "FILE", "crash_report", "if Parley makes a mistake, write where (no data of yours)"),
)
BY_NAME: Final = {one.name: one for one in OPTIONS}


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Take the settings out of the command line and return the rest; raises WrongUse."""
    found: dict[str, Any] = {}
    rest: list[str] = []
    left = list(arguments)
    while left:
        word = left.pop(0)
        if word == "--":
            rest += [word, *left]
            break
        name, equals, value = word.partition("=")
        option = BY_NAME.get(name)
        if option is None:
            rest.append(word)
        elif not option.takes:
            if equals:
                raise WrongUse("cli.usage", detail=f"{name} takes no value")
            found[option.field] = True
        else:
            if not equals and not left:
                raise WrongUse("cli.usage", detail=f"{name} needs a value: {option.takes}")
            found[option.field] = value if equals else left.pop(0)
    found.setdefault("desk", environment.get("PARLEY_DESK", "."))
    found.setdefault("language", environment.get("PARLEY_LANGUAGE", "en"))
    settings = Settings(json=found.get("json", False), environment=environment)
    return _typed(settings, found), rest


def _typed(settings: Settings, found: Mapping[str, Any]) -> Settings:
    language = found["language"]
    if language not in LANGUAGES:
        raise WrongUse("cli.usage", detail=f"--language is one of {', '.join(LANGUAGES)}")
    signers = found.get("signers")
    names = tuple(one.strip() for one in signers.split(",") if one.strip()) if signers is not None else None
    if names is not None and len(set(names)) != len(names):
        raise WrongUse("cli.usage", detail="--as names a key twice")
    return replace(
        settings,
        desk=Path(found["desk"]),
        signers=names,
        language=language,
        dry_run=found.get("dry_run", False),
        passphrase_file=Path(found["passphrase_file"]) if "passphrase_file" in found else None,
        yes=found.get("yes", False),
        crash_report=Path(found["crash_report"]) if "crash_report" in found else None,
    )
