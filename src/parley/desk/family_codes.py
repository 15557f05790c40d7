"""Reference codes for families: five plain words and a date, kept at one desk, and never what should be said by voice.

A code stands for one person's line, or for nobody's yet. Kept is only a keyed hash of it, beside the line, the word and the day:
no name, no relative, and whoever copies the file cannot read a code out of it. There is no word for death, wounds or illness,
because such news is given by a trained person who calls; and ``returned`` may be said only of somebody whose identity the
receiving side has confirmed and whose family the record says was notified (``parley.process.publication``, point 9).

The file only grows: one line of JSON for each thing done.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from parley.process import lines as people
from parley.process.state import State
from parley.words import LINE, Broken, Day, Fact, LineId, Refusal, refuse

WORDS: Final = ("received", "searching", "reported", "confirmed", "returned")
"""What a family may read: the request is here; somebody looks; somebody said something; a neutral confirmed it; home."""
FILE: Final = "families.jsonl"
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters of a code: none that is mistaken for another when it is read out over a telephone."""
LETTERS: Final = 12
LONGEST_TYPED: Final = 64
MOST_CONTACT: Final = 120
CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "family.unknown_code": "No such code was given out here, or it was taken back; look at the letter it was sent with.",
        "family.unknown_word": "{word} is none of the five words: received, searching, reported, confirmed, returned.",
        "family.not_notified": "The record does not say that this family was notified; notify it by voice first.",
        "family.by_voice_only": "This is told by voice alone, never by a code; let a trained person call.",
        "family.unknown_line": "The record has no line {line}; make the code without one, or look in the lists.",
        "family.contact_too_long": "Whom to call is said in at most {most} characters.",
        "family.damaged": "The file of family codes is damaged at its line {line}; put it back from its backup.",
    }
)
"""Every way in which a code can be no code, and what to do."""


class FamilyBroken(Broken):
    """A code or the file of codes is not what it should be; facts hold no code."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a family reads: the word and since which day."""

    word: str
    since: Day
    line: str = ""


class FamilyCodes:
    """The codes of one desk; may be read from several threads while one writes."""

    def __init__(self, folder: Path, randomness: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Read the file, or begin one with a secret of its own; raises FamilyBroken."""
        self._path = folder / FILE
        self._randomness = randomness
        self._secret = b""
        self._known: dict[str, Status] = {}
        self.contact = ""
        if self._path.exists():
            self._load()
        else:
            self._secret = randomness(32)
            self._write({"secret": self._secret.hex()})

    def _load(self) -> None:
        for number, text in enumerate(self._path.read_bytes().splitlines(), start=1):
            try:
                said = json.loads(text)
                self._take(said)
            except (ValueError, KeyError, TypeError, AttributeError):
                raise FamilyBroken("family.damaged", line=number) from None
        if not self._secret:
            raise FamilyBroken("family.damaged", line=1)

    def _take(self, said: Mapping[str, Any]) -> None:
        if "secret" in said:
            self._secret = bytes.fromhex(said["secret"])
        elif "contact" in said:
            self.contact = str(said["contact"])[:MOST_CONTACT]
        elif said["word"]:
            if said["word"] not in WORDS:
                raise ValueError
            self._known[said["key"]] = Status(word=said["word"], since=Day(str(said["since"])), line=str(said["line"]))
        else:
            self._known.pop(said["key"], None)

    def _write(self, said: Mapping[str, Any]) -> None:
        line = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self._take(said)

    def _key(self, code: str) -> str:
        return hmac.digest(self._secret, plain_code(code).encode(), "sha256").hex()

    # --- what a family asks ---

    def ask(self, code: str) -> Status | None:
        """Return what a code says; nothing for one that was never given. Both take one hash and one look."""
        return self._known.get(self._key(code))

    # --- what the family desk does ---

    @property
    def given(self) -> tuple[Status, ...]:
        """What stands under every code, by line; codes themselves nobody can list."""
        return tuple(sorted(self._known.values(), key=lambda one: (one.line, one.since)))

    def make(self, state: State, line: str, today: Day) -> str | Refusal:
        """Return a fresh code for a person's line, or for nobody's yet (an empty line), with the first word."""
        refusal = _judge_line(state, line)
        if refusal is not None:
            return refusal
        letters = "".join(ALPHABET[byte % 32] for byte in self._randomness(LETTERS))
        self._write({"key": self._key(letters), "line": line, "since": today, "word": WORDS[0]})
        return "-".join(letters[at : at + 4] for at in range(0, LETTERS, 4))

    def revoke(self, code: str) -> None:
        """Take a code back: from now on it is as unknown as any; raises FamilyBroken."""
        if self.ask(code) is None:
            raise FamilyBroken("family.unknown_code")
        self._write({"key": self._key(code), "line": "", "since": "", "word": ""})

    def set(self, state: State, code: str, word: str, today: Day) -> Refusal | None:
        """Let a code say another word from today on, or say why it may not; raises FamilyBroken for no code."""
        kept = self.ask(code)
        if kept is None:
            raise FamilyBroken("family.unknown_code")
        refusal = judge(state, kept.line, word)
        if refusal is None:
            self._write({"key": self._key(code), "line": kept.line, "since": today, "word": word})
        return refusal

    def set_contact(self, text: str) -> Refusal | None:
        """Say whom families call."""
        if len(text) > MOST_CONTACT:
            return refuse("family.contact_too_long", most=MOST_CONTACT)
        self._write({"contact": text})
        return None


def plain_code(code: str) -> str:
    """Return a code as it is kept: capital letters, no spaces or hyphens, letters that look like digits as digits."""
    plain = "".join(one for one in code[:LONGEST_TYPED].upper() if one.isalnum())
    return plain.translate(str.maketrans("OIL", "011"))


def judge(state: State, line: str, word: str) -> Refusal | None:
    """Say why a family may not read a word of a person now, or nothing."""
    if word not in WORDS:
        return refuse("family.unknown_word", word=word[:40])
    person = people.person_of(state, line) if line else LineId("")
    if line and any(one.person and people.person_of(state, one.person) == person for one in state.remains.values()):
        return refuse("family.by_voice_only")
    if word == WORDS[-1] and person not in state.publication.notified:
        return refuse("family.not_notified")
    return None


def _judge_line(state: State, line: str) -> Refusal | None:
    if line and (LINE.match(line) is None or LineId(line) not in state.lists.lines):
        return refuse("family.unknown_line", line=line[:20])
    return None
