"""Terms on the command line; clauses are said in the words of the scenario language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parley import acts
from parley.cli.act import ActCommand, Given, noun
from parley.cli.errors import WrongValue
from parley.cli.values import Reader
from parley.scenario.clause_sentences import read_terms
from parley.scenario.grammar import ScenarioBroken


def _terms(reader: Reader, said: Given) -> Mapping[str, Any]:
    """Return the clauses, and what was said with them: unit, count point, languages, what prevails, day of effect."""
    if "clauses" not in said:
        return {}
    try:
        clauses, wording = read_terms("; ".join(said["clauses"]), reader.speaker)
    except ScenarioBroken as broken:
        raise WrongValue("--clause", broken) from broken
    spoken = {
        "unit": wording.unit,
        "count_point": wording.count_point,
        "languages": wording.languages,
        "prevailing": wording.prevailing,
        "effect": wording.effect,
    }
    return {"clauses": clauses, **{name: value for name, value in spoken.items() if name not in said}}


COMMANDS = (
    ActCommand(name="propose", deed=acts.ProposeTerms, fill=_terms),
    ActCommand(name="agree", deed=acts.AgreeTerms),
    ActCommand(name="withdraw", deed=acts.WithdrawTerms),
    ActCommand(name="amend", deed=acts.AmendTerms),
    ActCommand(name="date", deed=acts.ProposeDateAndPlace),
    ActCommand(name="answer-date", deed=acts.AnswerDateAndPlace),
    ActCommand(name="establish", deed=acts.EstablishFact),
    ActCommand(name="attest", deed=acts.AttestRow),
)
app = noun("Propose, agree, withdraw, amend; date and place; facts; opened rows.", COMMANDS)
