"""Plays a scenario: each sentence in turn, what was expected of it and how it went.

A sentence goes as expected when its act is allowed and no refusal stands behind ``!``, or when it is refused with
exactly the code that does. Playing stops at a sentence that nobody can understand; it goes on after one that went
otherwise than expected, so that one run shows everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.acts import RecordClock
from parley.briefings.account import Account, account
from parley.scenario.expectations import check
from parley.scenario.grammar import ScenarioBroken, Sentence, Verb, Words, choose, match, resolve
from parley.scenario.macros import Given
from parley.scenario.papers import usual_papers
from parley.scenario.script import Said, Scene, read_script, read_sentence
from parley.scenario.tables import LawTable, Table, TableFactory, neutral_seat
from parley.scenario.verbs import VERBS
from parley.words import ActId, Broken, ParticipantName

ALLOWED: Final = "allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Went:
    """How one sentence went: ``expected`` and ``got`` are ``allowed``, a refusal code, or a value of the account."""

    number: int
    text: str
    expected: str
    got: str

    @property
    def ok(self) -> bool:
        """Say whether it went as expected."""
        return self.expected == self.got


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a scene went: each sentence, and what the record adds up to at its end."""

    title: str
    lines: tuple[Went, ...]
    account: Account
    table: Table

    @property
    def ok(self) -> bool:
        """Say whether everything went as expected."""
        return all(line.ok for line in self.lines)

    @property
    def surprises(self) -> tuple[Went, ...]:
        """Return the sentences that did not go as expected."""
        return tuple(line for line in self.lines if not line.ok)


def play(text: str, table_factory: TableFactory = LawTable, *, anyway: bool = False) -> tuple[Report, ...]:
    """Play every scene of a scenario file; raises ScenarioBroken, with the line number, for what cannot be understood.

    With ``anyway`` each act that is expected to be refused is signed and logged all the same: it must be void with the
    same refusal, and everything after it must go as if it had never been.
    """
    return tuple(play_scene(scene, table_factory, anyway=anyway) for scene in read_script(text))


def play_scene(scene: Scene, table_factory: TableFactory = LawTable, *, anyway: bool = False) -> Report:
    """Play one scene at a table of its own; raises ScenarioBroken."""
    playing = _Playing(scene, table_factory(scene.settings), anyway=anyway)
    for said in scene.sentences:
        try:
            playing.say(said)
        except ScenarioBroken as broken:
            raise ScenarioBroken(broken.code, **{"line": said.number, **broken.facts}) from broken
    return Report(
        title=scene.title, lines=tuple(playing.lines), account=account(playing.table.state), table=playing.table
    )


class _Playing:
    """The middle of a scene: table, labels given so far, macros used so far, lines of the report."""

    def __init__(self, scene: Scene, table: Table, *, anyway: bool) -> None:
        self.scene = scene
        self.table = table
        self.anyway = anyway
        self.labels: dict[str, ActId] = {}
        self.given = Given(scene.settings)
        self.lines: list[Went] = []

    def say(self, said: Said) -> None:
        """Play one sentence and note how it went."""
        word, _, rest = said.what.partition(" ") if not said.who else ("", "", "")
        if word == "note":
            self._note(said, ALLOWED)
        elif word == "given":
            for sentence in self.given.expand(rest.strip(), self.table.state.authority.clock):
                self.say(read_sentence(sentence, self.scene.settings, said.number))
        elif word == "expect":
            self._expect(said, rest.strip())
        elif word == "clock":
            self._clock(said)
        else:
            self._act(said)

    def _note(self, said: Said, got: str, *, expected: str = "") -> None:
        wanted = expected or said.refused or ALLOWED
        self.lines.append(Went(number=said.number, text=said.text, expected=wanted, got=got))

    def _expect(self, said: Said, rest: str) -> None:
        if self.anyway and rest.startswith("void"):
            return
        wanted, got = check(self.table.state, rest)
        self._note(said, got, expected=wanted)

    def _clock(self, said: Said) -> None:
        found = match("clock {now:moment}", Sentence.of(said.what))
        if found is None:
            raise ScenarioBroken("scenario.part_not_understood", text=said.what[:80], near="clock {now:moment}")
        who = neutral_seat(self.scene.settings)
        refusal = self.table.do(who, RecordClock(now=found[0]["now"]), anyway=said.anyway)
        self._note(said, ALLOWED if refusal is None else refusal.code)

    def _act(self, said: Said) -> None:
        verb, found = choose(VERBS, Sentence.of(said.what))
        for who in said.who:
            self._one_act(said, who, verb, resolve(found, self.labels))
        if said.label:
            self.labels[said.label] = self.table.last

    def _one_act(self, said: Said, who: ParticipantName, verb: Verb, words: Words) -> None:
        state = self.table.state
        try:
            deed = verb.make(words, state, who)
            sealed = usual_papers(deed, state, who) if verb.sealed is None else verb.sealed(words, state, who)
        except ScenarioBroken:
            raise
        except (Broken, KeyError, IndexError, StopIteration, ValueError) as missing:
            raise ScenarioBroken("scenario.makes_no_sense", text=said.text[:80]) from missing
        anyway = said.anyway or (self.anyway and bool(said.refused))
        refusal = self.table.do(who, deed, signers=said.signers, anyway=anyway, sealed=sealed)
        self._note(said, ALLOWED if refusal is None else refusal.code)


def verbs_by_kind() -> Mapping[str, tuple[Verb, ...]]:
    """Return the verbs of each kind of deed."""
    kinds: dict[str, tuple[Verb, ...]] = {}
    for verb in VERBS:
        kinds[verb.deed.kind] = (*kinds.get(verb.deed.kind, ()), verb)
    return kinds
