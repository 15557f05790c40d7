"""How the acts of publication are said in a scenario: numbers, embargo, communiqué, statements, notices to families."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from parley.acts import (
    LANGUAGES,
    AgreeNumberSheet,
    Deed,
    Figure,
    NotifyFamily,
    ProposeNumberSheet,
    PublishCommunique,
    RecordPublicStatement,
    SetEmbargo,
)
from parley.briefings import numbers
from parley.briefings.communique import Communique, communique
from parley.process.state import State
from parley.scenario.grammar import Verb, Words, fit, parts_of
from parley.scenario.verbs.reconciliation import last_of
from parley.words import Digest, ParticipantName

UNITS: Final = {
    "people": "person",
    "persons": "person",
    "bodies": "body",
    "containers": "container",
    "families": "family",
    "lists": "list",
    "sessions": "session",
}
"""Units may be said in the plural."""
UNSAID: Final = "unsaid"
"""Stands for what a speaker left out of a figure, or said in a way that names no single side."""
PLACES: Final = "[in batch {batch:int}] [in part {part}]"
FIGURE: Final = "{side} {value:int} {unit} {scope} {point} " + PLACES
SHORT: Final = (
    "{side} {value:int} [{unit:person|people|persons|body|bodies|container|containers|families|lists|sessions}] "
    "[{scope:inside|outside|both}] "
    "[{point:agreed|listed|final|embarked|departed|arrived|handed_over|confirmed|laboratory}] " + PLACES
)
CLAIMS: Final = ("a date was agreed", "no date was agreed", "a list was received", "no list was received")
PRESS: Final = ("openly by {voice}", "by an unnamed source", "through {outlet:text}", "about {item}")
"""What may be said of a statement beside its claims: whose voice, through which outlet, of which item."""


def _figure(said: Words) -> Figure:
    unit: str = said.get("unit", "")
    return Figure(
        unit=UNITS.get(unit, unit).replace(UNSAID, ""),
        side=ParticipantName(said["side"].replace(UNSAID, "")),
        scope=said.get("scope", "").replace(UNSAID, ""),
        count_point=said.get("point", "").replace(UNSAID, ""),
        batch=said.get("batch", 0),
        value=said["value"],
        part=said.get("part", ""),
    )


def _propose(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    figures = tuple(_figure(fit(part, FIGURE)[1]) for part in parts_of(words["figures"]))
    return ProposeNumberSheet(figures=figures)


def _propose_all(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = words, who
    return ProposeNumberSheet(figures=numbers.number_sheet(state))


def _propose_none(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = words, state, who
    return ProposeNumberSheet(figures=())


def _agree(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = who
    return AgreeNumberSheet(sheet=words.get("sheet", last_of(state.publication.sheets)))


def _embargo(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = who
    return SetEmbargo(until=words.get("until", state.authority.clock))


def _publish(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = who
    sheet = words.get("sheet", last_of(state.publication.sheets))
    languages = parts_of(words["languages"].replace(" and ", ","), ",") if "languages" in words else LANGUAGES
    spoken = [one for one in languages if one in LANGUAGES]
    built = communique(state, sheet, status=words["status"], languages=spoken)
    known = dict(built.digests) if isinstance(built, Communique) else {}
    texts = {one: known.get(one, Digest(sha256(f"practice {one}".encode()).hexdigest())) for one in languages}
    if "hash" in words:
        texts = dict.fromkeys(texts, Digest(words["hash"]))
    return PublishCommunique(sheet=sheet, status=words["status"], texts=texts)


def _record(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = who
    figures: list[Figure] = []
    date_agreed: bool | None = None
    list_received: bool | None = None
    named: bool | None = None
    press: dict[str, str] = {}
    for part in parts_of(words.get("claims", "")):
        which, said = fit(part, *CLAIMS, *PRESS, SHORT, FIGURE)
        if which < 2:
            date_agreed = which == 0
        elif which < 4:
            list_received = which == 2
        elif which < 8:
            named = which == 4 if which < 6 else named
            press.update({name: str(value) for name, value in said.items()})
        else:
            figures.append(_figure(said))
    return RecordPublicStatement(
        speaker=ParticipantName(words["speaker"]),
        said=words.get("said", state.authority.clock),
        source=words["source"],
        figures=tuple(figures),
        date_agreed=date_agreed,
        list_received=list_received,
        named=named,
        voice=press.get("voice", ""),
        outlet=press.get("outlet", ""),
        item=press.get("item", ""),
    )


def _notify(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return NotifyFamily(lines=words["lines"])


VERBS: tuple[Verb, ...] = (
    Verb(
        "proposes the number sheet: {figures:rest}",
        _propose,
        ProposeNumberSheet,
        "north proposes the number sheet: north 3 people inside agreed; south 2 people inside handed_over in batch 1",
    ),
    Verb(
        "proposes every number of the record",
        _propose_all,
        ProposeNumberSheet,
        "neutral proposes every number of the record",
    ),
    Verb(
        "proposes an empty number sheet",
        _propose_none,
        ProposeNumberSheet,
        "north proposes an empty number sheet",
    ),
    Verb(
        "agrees to the number sheet [{sheet:label}]",
        _agree,
        AgreeNumberSheet,
        "north and south agree to the number sheet",
    ),
    Verb(
        "sets an embargo until {until:moment}",
        _embargo,
        SetEmbargo,
        "south sets an embargo until 2025-05-26T18:00:00Z",
    ),
    Verb(
        "lifts its embargo",
        _embargo,
        SetEmbargo,
        "south lifts its embargo",
    ),
    Verb(
        "publishes the communique as {status} [of {sheet:label}] [under the hash {hash:text}] [in {languages:rest}]",
        _publish,
        PublishCommunique,
        "neutral publishes the communique as executed in en, uk, ru, ar",
    ),
    Verb(
        "records what {speaker} said [at {said:moment}] in {source:text} [: {claims:rest}]",
        _record,
        RecordPublicStatement,
        'north records what south said in "press service, evening": south 3 people; no date was agreed',
    ),
    Verb(
        "notifies the families of {lines:lines}",
        _notify,
        NotifyFamily,
        "south notifies the families of N1-N2",
    ),
)
