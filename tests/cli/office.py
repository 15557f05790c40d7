"""Three offices with a stick between them: each command is typed at one desk, and its answer is read as a program would."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from parley.cli import main
from parley.registers.sheet import Person, write_people

PASSPHRASE = "correct horse"
SEATS = (("north", "party", "N"), ("south", "party", "S"), ("neutral", "neutral", "X"))
UNTIL = "2100-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a command gave back: exit code, and what it printed to either stream."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object of an answer."""
        (line,) = self.out.splitlines()
        found = json.loads(line)
        assert isinstance(found, dict)
        return found


def typed(*words: str, environment: dict[str, str] | None = None) -> Typed:
    """Run a command in this process as if it had been typed."""
    out, err = io.StringIO(), io.StringIO()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    with (
        mock.patch.dict(os.environ, {**kept, **(environment or {})}, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main(words)
    return Typed(code, out.getvalue(), err.getvalue())


class Office:
    """The folders of three desks and a stick; ``do`` types a command at one of them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.stick = place / "stick"
        self.secret = place / "passphrase"
        self._sheets = 0

    def desk(self, name: str) -> Path:
        return self.place / name

    def do(self, who: str, *words: str) -> Typed:
        """Type a command at a desk, with the passphrase and a yes at hand."""
        return typed("--desk", str(self.desk(who)), "--passphrase-file", str(self.secret), "--yes", *words)

    def ask(self, who: str, *words: str) -> dict[str, Any]:
        """Type a command that must go well, and return its JSON."""
        found = self.do(who, *words, "--json")
        assert found.exit == 0, (words, found)
        assert found.json["ok"] is True
        return found.json

    def refused(self, who: str, *words: str) -> str:
        """Type a command that the rules must refuse, and return the code."""
        found = self.do(who, *words, "--json")
        assert found.exit == 1, (words, found)
        assert found.json["why"], found
        return str(found.json["code"])

    def found(self) -> None:
        """Make the desks and found the case; nobody has a mandate yet."""
        self.stick.mkdir()
        self.secret.write_text(PASSPHRASE + "\n")
        enrolments: list[str] = []
        for name, role, letters in SEATS:
            self.desk(name).mkdir()
            self.ask(name, *f"desk init --name {name} --role {role} --letters {letters} --practice --work 10".split())
            enrolments += ["--enrolment", str(self.desk(name) / "enrolment.json")]
        draft = str(self.stick / "founding")
        self.ask("north", "case", "found", "--case", "practice-1", "--practice", *enrolments, "--out", draft)
        for name, _, _ in SEATS:
            self.ask(name, "case", "sign", draft)
        self.ask("neutral", "case", "enter", draft)
        self.post()

    def empower(self) -> None:
        """Issue mandates and publish keys."""
        for name, _, _ in SEATS:
            self.ask(name, "mandate", "issue", "--until", UNTIL)
        self.post()
        for name, _, _ in SEATS:
            self.ask(name, "keys", "publish")
        self.post()

    def carry(self, giver: str, taker: str) -> dict[str, Any]:
        """Carry one bundle on the stick."""
        file = self.stick / "parley.bundle"
        file.unlink(missing_ok=True)
        self.ask(giver, "bundle", "export", str(file), "--to", taker)
        return self.ask(taker, "bundle", "import", str(file))

    def post(self, *, cosigned: bool = False) -> None:
        """Carry bundles until everything has its receipt; ``cosigned``: until everybody knows that all have cosigned."""
        for _ in range(3 if cosigned else 1):
            for name in ("north", "south"):
                if self.ask(name, "desk", "show")["acts"]:
                    self.carry(name, "neutral")
            for name in ("north", "south"):
                self.carry("neutral", name)

    def sheet(self, people: list[Person]) -> str:
        """Write a spreadsheet of people and return its name."""
        self._sheets += 1
        path = self.place / f"sheet-{self._sheets}.xlsx"
        write_people(path, people)
        return str(path)

    def copy(self, place: Path) -> Office:
        """Return the same office in another place."""
        shutil.copytree(self.place, place)
        return Office(place)


def invented(letters: str, first: int, count: int, category: str = "soldiers") -> list[Person]:
    """Return invented people on lines of one author."""
    return [
        Person(f"{letters}{number}", {"surname": f"Invented-{letters}-{number}", "category": category})
        for number in range(first, first + count)
    ]


def chunks(text: str) -> Iterator[str]:
    """Yield the words of a command line written as one text."""
    yield from text.split()
