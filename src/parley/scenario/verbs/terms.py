"""How the acts of the stage `terms` are said in a scenario."""

from __future__ import annotations

from typing import Final

from parley import acts
from parley.acts import Deed
from parley.process.state import State
from parley.process.terms import open_versions
from parley.scenario.clause_sentences import Speaker, Wording, read_terms
from parley.scenario.grammar import Paper, ScenarioBroken, Verb, Words
from parley.words import ActId, Digest, LineId, ParticipantName

NOBODYS: Final = ActId("0" * 64)
"""An act that is not there: what "the terms" are where there are none."""


def _propose(words: Words, state: State, who: ParticipantName) -> Deed:
    clauses, wording = read_terms(words["terms"], Speaker.of(state, who))
    return acts.ProposeTerms(
        clauses=clauses,
        unit=wording.unit,
        count_point=wording.count_point,
        languages=wording.languages,
        prevailing=wording.prevailing,
        effect=wording.effect,
    )


def _propose_numbers(words: Words, state: State, who: ParticipantName) -> Deed:
    return _propose({"terms": f"{words['mine']} for {words['theirs']}"}, state, who)


def _texts(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    """Enclose one practice text for each language, sealed to a room of every party."""
    _, wording = read_terms(words.get("terms", ""), Speaker.of(state, who))
    return _enclose(wording, state)


def _enclose(wording: Wording, state: State) -> tuple[Paper, ...]:
    if not wording.enclosed or not wording.languages:
        return ()
    rows = tuple(f"{language}: practice text of the terms" for language in wording.languages)
    rooms = wording.rooms or tuple(_room(state, party) for party in state.authority.parties)
    return (Paper(rows=rows, to=rooms),)


def _room(state: State, party: ParticipantName) -> str:
    """Return the room of a party to which texts of terms are sealed: the one for papers if it has one, else any."""
    rooms = sorted(room for room in state.encryption_keys if room.startswith(f"{party}/"))
    wanted = f"{party}/papers"
    return wanted if wanted in rooms or not rooms else rooms[0]


def _last(state: State, mine: ParticipantName | None = None) -> ActId:
    """Return the terms last proposed and still open (behind which one stands), else those in force, else nobody's."""
    found = [one.id for one in open_versions(state) if mine is None or mine in one.agreed_by]
    return found[-1] if found else state.terms.in_force or NOBODYS


def _agree(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = who
    return acts.AgreeTerms(terms=words.get("terms") or _last(state))


def _withdraw(words: Words, state: State, who: ParticipantName) -> Deed:
    return acts.WithdrawTerms(terms=words.get("terms") or _last(state, who))


def _amend(words: Words, state: State, who: ParticipantName) -> Deed:
    clauses, _ = read_terms(words["clauses"], Speaker.of(state, who))
    return acts.AmendTerms(terms=words.get("terms", state.terms.in_force or NOBODYS), clauses=clauses)


def _amended_texts(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    return _texts({"terms": words["clauses"]}, state, who)


def _propose_date(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.ProposeDateAndPlace(
        batch=words.get("batch", 0),
        opens=words["opens"],
        closes=words["closes"],
        place=words["place"],
        answer_by=words["answer_by"],
    )


def _answer_date(words: Words, state: State, who: ParticipantName) -> Deed:
    return acts.AnswerDateAndPlace(proposal=_date_meant(words, state, who), answer=words["answer"])


def _accept_date(words: Words, state: State, who: ParticipantName) -> Deed:
    return acts.AnswerDateAndPlace(proposal=_date_meant(words, state, who), answer="accept")


def _decline_date(words: Words, state: State, who: ParticipantName) -> Deed:
    return acts.AnswerDateAndPlace(proposal=_date_meant(words, state, who), answer="decline")


def _date_meant(words: Words, state: State, who: ParticipantName) -> ActId:
    """Return the date proposal meant: the one named, else the last for the batch that the speaker has not answered."""
    if "proposal" in words:
        return ActId(words["proposal"])
    found = [one for one in state.terms.dates.values() if "batch" not in words or one.says.batch == words["batch"]]
    found.sort(key=lambda one: one.touched)
    fresh = [one for one in found if who not in one.accepted_by and not one.superseded]
    return (fresh or found)[-1].id if found else NOBODYS


def _establish(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.EstablishFact(clause=words["clause"], branch=words["branch"])


def _attest(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = who
    line = state.lists.lines.get(LineId(words["line"]))
    list_ = words.get("list") or (line.list if line is not None else None)
    version = state.lists.versions.get(list_) if list_ is not None else None
    if "list" in words and version is None:
        raise ScenarioBroken("scenario.not_a_list")
    root = version.commit if version is not None else Digest("0" * 64)
    return acts.AttestRow(line=words["line"], clause=words["clause"], root=root, finding=words["finding"])


VERBS: tuple[Verb, ...] = (
    Verb(
        "proposes terms: {terms:rest}",
        _propose,
        acts.ProposeTerms,
        "north proposes terms: 1,000 for 1,000; no date",
        sealed=_texts,
    ),
    Verb(
        "proposes {mine:int} for {theirs:int}",
        _propose_numbers,
        acts.ProposeTerms,
        "north proposes 3 for 3",
        sealed=_texts,
    ),
    Verb("agrees to the terms [{terms:label}]", _agree, acts.AgreeTerms, "south agrees to the terms"),
    Verb("withdraws the terms [{terms:label}]", _withdraw, acts.WithdrawTerms, "north withdraws the terms"),
    Verb(
        "amends the terms [{terms:label}]: {clauses:rest}",
        _amend,
        acts.AmendTerms,
        "south amends the terms: 4 for 4",
        sealed=_amended_texts,
    ),
    Verb(
        "proposes a date from {opens:moment} to {closes:moment} at {place:text}, answer by {answer_by:moment} "
        "[, batch {batch:int}]",
        _propose_date,
        acts.ProposeDateAndPlace,
        'north proposes a date from 2025-05-23T08:00:00Z to 2025-05-23T18:00:00Z at "the bridge", '
        "answer by 2025-05-20T12:00:00Z, batch 1",
    ),
    Verb(
        "accepts the date [{proposal:label}] [of batch {batch:int}]",
        _accept_date,
        acts.AnswerDateAndPlace,
        "south accepts the date",
    ),
    Verb(
        "declines the date [{proposal:label}] [of batch {batch:int}]",
        _decline_date,
        acts.AnswerDateAndPlace,
        "south declines the date of batch 1",
    ),
    Verb(
        "answers the date [{proposal:label}] with {answer}",
        _answer_date,
        acts.AnswerDateAndPlace,
        "south answers the date with accept",
    ),
    Verb(
        "establishes on {clause}: {branch}",
        _establish,
        acts.EstablishFact,
        "neutral establishes on c2: alive",
    ),
    Verb(
        "attests row {line} on {clause}: {finding} [, opened from {list:label}]",
        _attest,
        acts.AttestRow,
        "neutral attests row N1 on c2: fits",
    ),
)
