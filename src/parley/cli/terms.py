"""Terms on the command line; clauses are said in the words of the scenario language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parley import acts
from parley.cli.act import ActCommand, Given, noun
from parley.cli.errors import WrongValue
from parley.cli.values import Reader
from parley.scenario.asked import said_with_terms


def _terms(reader: Reader, said: Given) -> Mapping[str, Any]:
    try:
        return said_with_terms(reader, said)
    except WrongValue as wrong:
        raise WrongValue("--clause", wrong.cause) from wrong


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
