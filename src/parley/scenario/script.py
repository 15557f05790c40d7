"""How a scenario file is cut into scenes and sentences, before anything is played.

A file is lines. ``#`` begins a remark, ``## title`` a new scene, an indented line goes on with the sentence before it.
Settings stand at the top of the file (for all scenes) or of a scene. Everything else is a sentence: an act of somebody,
or one of ``clock``, ``given``, ``expect`` and ``note``. Nothing in a file is ever executed, and a file has its limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from parley.desk.table import Seat
from parley.scenario.grammar import ScenarioBroken, Sentence
from parley.scenario.tables import Settings
from parley.words import MOMENT, Moment, ParticipantName

MOST_CHARACTERS: Final = 1_000_000
MOST_LINES: Final = 20_000
MOST_SEATS: Final = 12

ROLE_WORDS: Final = ("party", "neutral", "custodian", "witness", "auditor")
SETTINGS: Final = ("participants", "case", "practice", "start", "played")
OTHER_WORDS: Final = ("clock", "given", "expect", "note")

_REFUSED: Final = re.compile(r"\s!\s*([a-z][a-z0-9_]*\.[a-z0-9_.]+)\s*\Z")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,30}\Z")
_CASE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One sentence: where it stands, who speaks (nobody for ``clock``, ``given``, ``expect``, ``note``), what is said.

    ``signers`` are the key names in brackets, None for the usual ones; ``refused`` is the code after ``!``.
    """

    number: int
    text: str
    what: str
    who: tuple[ParticipantName, ...] = ()
    label: str = ""
    signers: tuple[str, ...] | None = None
    anyway: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A small scenario: its title, its settings, its sentences."""

    title: str
    number: int
    settings: Settings
    sentences: tuple[Said, ...]


def read_script(text: str) -> tuple[Scene, ...]:
    """Cut a file into scenes; raises ScenarioBroken with the line number in ``line``."""
    if len(text) > MOST_CHARACTERS:
        raise ScenarioBroken("scenario.too_long", most=MOST_CHARACTERS)
    reading = _Reading()
    for number, line in _sentences(text):
        try:
            reading.take(number, line)
        except ScenarioBroken as broken:
            raise ScenarioBroken(broken.code, **{**broken.facts, "line": number}) from broken
    reading.end_scene()
    return tuple(reading.scenes)


class _Reading:
    """The middle of a file: scenes that are whole, and the one being read."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self.common = Settings()
        self._begin("", 1)

    def _begin(self, title: str, number: int) -> None:
        self.title, self.number, self.settings = title, number, self.common
        self.said: list[Said] = []

    def take(self, number: int, line: str) -> None:
        """Take one line: a title, a setting or a sentence."""
        word = line.split(maxsplit=1)[0]
        if line.startswith("##"):
            if not self.scenes and not self.title and not self.said:
                self.common = self.settings
            self.end_scene()
            self._begin(line.lstrip("#").strip(), number)
        elif word not in SETTINGS:
            self.said.append(read_sentence(line, self.settings, number))
        elif self.said:
            raise ScenarioBroken("scenario.setting_too_late", word=word)
        else:
            self.settings = _set(self.settings, line)

    def end_scene(self) -> None:
        """Keep the scene if it says anything."""
        if self.said:
            said = tuple(self.said)
            self.scenes.append(Scene(title=self.title, number=self.number, settings=self.settings, sentences=said))


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield each sentence with the number of its first line; remarks are left out, indented lines are joined on."""
    held, start = "", 0
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise ScenarioBroken("scenario.too_long", most=MOST_LINES)
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip() if raw.startswith("##") else _without_remark(raw).rstrip()
        if line.strip() and line[0] in " \t" and held:
            held = f"{held} {line.strip()}"
            continue
        if held:
            yield start, held
        held, start = line.strip(), number
    if held:
        yield start, held


def _without_remark(line: str) -> str:
    quoted = False
    for place, letter in enumerate(line):
        if letter == '"':
            quoted = not quoted
        elif letter == "#" and not quoted and (place == 0 or line[place - 1] in " \t"):
            return line[:place]
    return line


def _set(settings: Settings, line: str) -> Settings:
    word, _, rest = line.partition(" ")
    rest = rest.strip()
    if word == "participants":
        return replace(settings, seats=_seats(rest))
    if word == "case" and _CASE.match(rest):
        return replace(settings, case=rest)
    if word == "practice" and rest in ("", "on", "off"):
        return replace(settings, practice=rest != "off")
    if word == "start" and rest == "from nothing":
        return replace(settings, empowered=False)
    if word == "start" and MOMENT.match(rest):
        return replace(settings, start=Moment(rest))
    if line == "played against the law alone":
        return replace(settings, law_only=True)
    raise ScenarioBroken("scenario.bad_setting", text=line[:80])


def _seats(rest: str) -> tuple[Seat, ...]:
    """Read ``north N, neutral X, ministry M custodian``: name, letters of its lines, role where it is no party."""
    seats: list[Seat] = []
    for one in rest.split(","):
        words = one.split()
        name = words[0] if words else ""
        role = words.pop() if len(words) > 1 and words[-1] in ROLE_WORDS else ""
        letters = words[1] if len(words) > 1 else "X" if name == "neutral" else name[:1].upper()
        if not _NAME.match(name) or len(words) > 2 or name in (*SETTINGS, *OTHER_WORDS, "and", "anyway"):
            raise ScenarioBroken("scenario.bad_setting", text=one.strip()[:80])
        seats.append(Seat(name, role or ("neutral" if name == "neutral" else "party"), letters))
    if len(seats) > MOST_SEATS or len({seat.name for seat in seats}) < len(seats):
        raise ScenarioBroken("scenario.bad_setting", text=rest[:80])
    return tuple(seats)


def read_sentence(line: str, settings: Settings, number: int = 0) -> Said:
    """Read who speaks, who signs, and what refusal is expected; the rest is for a verb. Raises ScenarioBroken."""
    refused = _REFUSED.search(line)
    body = line[: refused.start()] if refused is not None else line
    sentence = Sentence.of(body)
    tokens = sentence.tokens
    if not tokens:
        raise ScenarioBroken("scenario.unreadable", near=line[:20])
    at, label = (1, tokens[0].text) if tokens[0].kind == "label" else (0, "")
    said = Said(number=number, text=line, what="", label=label, refused="" if refused is None else refused[1])
    if at < len(tokens) and tokens[at].text in OTHER_WORDS:
        return replace(said, what=sentence.after(at))
    who, at = _who(sentence, at, settings)
    signers, at = _signers(sentence, at)
    anyway = at < len(tokens) and tokens[at].text == "anyway"
    what = sentence.after(at + 1 if anyway else at)
    if not what:
        raise ScenarioBroken("scenario.nothing_said", text=line[:80])
    return replace(said, who=who, signers=signers, anyway=anyway, what=what)


def _who(sentence: Sentence, at: int, settings: Settings) -> tuple[tuple[ParticipantName, ...], int]:
    """Return who speaks: one name of the table, or several joined by commas and "and"."""
    names = {seat.name for seat in settings.seats}
    tokens = sentence.tokens
    who: list[ParticipantName] = []
    while at < len(tokens) and tokens[at].kind == "word" and tokens[at].text in names:
        who.append(ParticipantName(tokens[at].text))
        at += 1
        if at + 1 < len(tokens) and tokens[at].text in (",", "and") and tokens[at + 1].text in names:
            at += 1
            continue
        break
    if not who:
        raise ScenarioBroken("scenario.nobody_there", who=tokens[at].text[:40] if at < len(tokens) else "")
    return tuple(who), at


def _signers(sentence: Sentence, at: int) -> tuple[tuple[str, ...] | None, int]:
    """Return the keys named in brackets after the speaker: ``(officer-1, officer-2)``, ``(one officer only)``."""
    tokens = sentence.tokens
    if at >= len(tokens) or tokens[at].text != "(":
        return None, at
    end = next((place for place in range(at, len(tokens)) if tokens[place].text == ")"), None)
    if end is None:
        raise ScenarioBroken("scenario.unreadable", near=sentence.after(at)[:20])
    inside = [token.text for token in tokens[at + 1 : end] if token.text not in (",", "and")]
    if inside == ["one", "officer", "only"]:
        inside = ["officer-1"]
    return tuple(inside), end + 1
