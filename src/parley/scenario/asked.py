"""What is asked of an officer for each kind of act: its fixed words, what the record already says, what may be left unsaid.

Nothing about a single act is decided here. What an officer leaves unsaid is taken from the state where there is one plain
meaning (the open proposal, the next version), never where it is a choice. The command line and the pages ask alike.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING
from typing import Any, Final, get_type_hints

from parley import acts
from parley.acts import Deed
from parley.desk.errors import WrongValue
from parley.desk.offers import NOBODYS, offers
from parley.desk.opened import open_list
from parley.desk.shown import fields_of
from parley.process import reconciliation
from parley.scenario.clause_sentences import read_terms
from parley.scenario.grammar import ScenarioBroken
from parley.scenario.particulars import Reader
from parley.words import ActId, Lines

CHOICES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("open_session", "form"): acts.SESSION_FORMS,
    ("open_session", "press"): acts.PRESS,
    ("state_position", "position"): acts.POSITIONS,
    ("answer_position", "answer"): acts.POSITION_ANSWERS,
    ("object_to_participant", "ground"): acts.DELEGATION_OBJECTIONS,
    ("propose_terms", "unit"): acts.UNITS,
    ("propose_terms", "count_point"): acts.COUNT_POINTS,
    ("answer_date_and_place", "answer"): acts.DATE_ANSWERS,
    ("attest_row", "finding"): acts.FINDINGS,
    ("hand_in_list", "purpose"): acts.LIST_PURPOSES,
    ("object_to_lines", "ground"): acts.OBJECTION_GROUNDS,
    ("object_to_lines", "evidence"): acts.EVIDENCE_CLASSES,
    ("request_substitution", "reason"): acts.SUBSTITUTION_REASONS,
    ("answer_substitution", "answer"): acts.SUBSTITUTION_ANSWERS,
    ("propose_match", "grade"): acts.MATCH_GRADES,
    ("dispute_match", "ground"): acts.DISPUTE_GROUNDS,
    ("notify_route", "means"): acts.MEANS,
    ("notify_route", "asks"): acts.ROUTE_ASKS,
    ("report_incident", "incident"): acts.INCIDENTS,
    ("close_batch", "unlisted_cause"): acts.DIFFERENCE_CAUSES,
    ("hand_over_effects", "state"): acts.EFFECTS,
    ("record_laboratory_result", "finding"): acts.LABORATORY_FINDINGS,
    ("sign_joint_record", "reservation"): acts.RESERVATIONS,
    ("correct", "outcome"): acts.OUTCOME_CODES,
    ("correct", "reason"): acts.CORRECTION_REASONS,
    ("publish_communique", "status"): acts.STATUS_WORDS,
    ("suspend", "reason"): acts.SUSPENSION_REASONS,
    ("abort_batch", "reason"): acts.ABORT_REASONS,
    ("abort_exchange", "reason"): acts.ABORT_REASONS,
    ("lift_condition", "how"): acts.LIFTINGS,
    ("erase", "ground"): acts.ERASURE_GROUNDS,
}
"""The fixed words of a particular, for the help; whether a word is one of them is for the law to say."""

PLAIN_MEANING: Final[Mapping[str, frozenset[str]]] = {
    "agree_terms": frozenset({"terms"}),
    "withdraw_terms": frozenset({"terms"}),
    "amend_terms": frozenset({"terms"}),
    "answer_date_and_place": frozenset({"proposal"}),
    "answer_position": frozenset({"item", "position"}),
    "state_position": frozenset({"item"}),
    "object_to_participant": frozenset({"participant"}),
    "report_fork": frozenset({"participant"}),
    "choose_branch": frozenset({"head"}),
    "revoke_mandate": frozenset({"mandate"}),
    "hand_in_list": frozenset({"counterpart", "version"}),
    "acknowledge_list": frozenset({"list"}),
    "give_final_reply": frozenset({"list"}),
    "sign_final_list": frozenset({"giving", "receiving"}),
    "answer_substitution": frozenset({"request"}),
    "answer_identity_question": frozenset({"question"}),
    "agree_batches": frozenset({"composition"}),
    "acknowledge_route": frozenset({"notice"}),
    "notify_route": frozenset({"batch"}),
    "guarantee_safety": frozenset({"batch"}),
    "declare_silence_window": frozenset({"batch"}),
    "issue_manifest": frozenset({"batch"}),
    "print_manifests": frozenset({"batch"}),
    "embark": frozenset({"batch"}),
    "depart": frozenset({"batch", "count"}),
    "report_incident": frozenset({"batch"}),
    "arrive": frozenset({"batch"}),
    "hand_in_book": frozenset({"batch"}),
    "agree_group": frozenset({"batch", "group"}),
    "close_batch": frozenset({"batch"}),
    "propose_joint_record": frozenset({"agreed", "counts"}),
    "sign_joint_record": frozenset({"record"}),
    "agree_number_sheet": frozenset({"sheet"}),
    "publish_communique": frozenset({"sheet", "status"}),
    "record_public_statement": frozenset({"speaker"}),
    "resume": frozenset({"suspension"}),
    "erase": frozenset({"list"}),
    "confirm_erasure": frozenset({"erasure"}),
    "set_condition": frozenset({"condition"}),
    "upgrade_rules": frozenset({"rules"}),
}
"""Particulars with one plain meaning in the state: which proposal, which batch. Choices are never taken for granted."""

UNSAID: Final[Mapping[tuple[str, str], Any]] = {
    ("propose_joint_record", "batches"): (),
    ("compose_batches", "policy"): "",
    ("embark", "missing"): {},
    ("record_container", "labelled"): {},
    ("set_condition", "about"): Lines(),
    ("set_condition", "custodian"): "",
    ("set_condition", "notice"): False,
    ("declare_readiness", "not_ready"): Lines(),
    ("record_interview", "alone"): True,
    ("answer_identity_question", "answered"): True,
}
"""What a particular is when nobody says it: nothing, nobody, or the usual case."""

MOST_PAPER: Final = 16 * 1024 * 1024
"""Bytes of the largest paper that travels with an act."""
PIECE: Final = 40 * 1024


Said = Mapping[str, Sequence[str]]


def said_with_terms(reader: Reader, said: Said) -> Mapping[str, Any]:
    """Return the clauses, and what was said with them: unit, count point, languages, what prevails, day of effect.

    Raises WrongValue.
    """
    if "clauses" not in said:
        return {}
    try:
        clauses, wording = read_terms("; ".join(said["clauses"]), reader.speaker)
    except ScenarioBroken as broken:
        raise WrongValue("clauses", broken) from broken
    spoken = {
        "unit": wording.unit,
        "count_point": wording.count_point,
        "languages": wording.languages,
        "prevailing": wording.prevailing,
        "effect": wording.effect,
    }
    return {"clauses": clauses, **{name: value for name, value in spoken.items() if name not in said}}


def rows_of_list(reader: Reader, said: Said) -> Mapping[str, Any]:
    """Return the number of rows that the file really holds, so that nobody acknowledges a list unopened."""
    if "count" in said:
        return {}
    meant = (
        reader.read("list", ActId, said["list"])
        if "list" in said
        else offers(reader.state, reader.desk.name)["acknowledge_list"].list  # type: ignore[attr-defined]
    )
    return {} if meant == NOBODYS else {"count": len(open_list(reader.desk, meant))}


def numbers_of_record(reader: Reader, said: Said) -> Mapping[str, Any]:
    """Return the agreed and counted numbers of the batches that a joint record names; left out, those of the exchange.

    Raises WrongValue.
    """
    if "batches" not in said:
        return {}
    state, numbers = reader.state, reader.read("batches", tuple[int, ...], said["batches"])
    numbers = tuple(sorted(set(numbers)))
    named = {party: reconciliation.agreed_number(state, party, numbers) for party in state.authority.parties}
    found = {"batches": numbers, "agreed": named, "counts": reconciliation.outcome_counts(state, numbers)}
    return {name: value for name, value in found.items() if name == "batches" or name not in said}


FILLS: Final[Mapping[str, Callable[[Reader, Said], Mapping[str, Any]]]] = {
    "propose_terms": said_with_terms,
    "acknowledge_list": rows_of_list,
    "propose_joint_record": numbers_of_record,
}
"""Particulars that follow from others in a way of their own, by kind of act."""


class NothingMeant(Exception):
    """A particular was left unsaid, and nothing stands in the record that it could mean."""

    def __init__(self, name: str) -> None:
        """Keep the particular's name as the officer knows it."""
        self.name = name
        super().__init__(name)


class LeftOut(Exception):
    """Particulars that have to be said were left unsaid."""

    def __init__(self, names: Sequence[str]) -> None:
        """Keep the particulars' names as the officer knows them."""
        self.names = tuple(names)
        super().__init__(*names)


def default_of(deed: type[Deed], name: str) -> Any:  # noqa: ANN401
    """Return what a particular is when nobody says it, or MISSING where it has to be said."""
    found = next(one for one in fields_of(deed) if one.name == name)
    if found.default is not MISSING:
        return found.default
    if found.default_factory is not MISSING:
        return found.default_factory()
    return UNSAID.get((deed.kind, name), MISSING)


def make_deed(
    reader: Reader,
    deed: type[Deed],
    said: Mapping[str, Sequence[str]],
    *,
    given: Mapping[str, Any],
    name_of: Callable[[str], str],
) -> Deed:
    """Return the deed that was said: what was typed, what was ``given`` ready made, what the record says of the rest.

    Raises WrongValue, NothingMeant, LeftOut; ``name_of`` returns what the officer knows a particular by.
    """
    hints, plain = get_type_hints(deed), PLAIN_MEANING.get(deed.kind, frozenset())
    values: dict[str, Any] = dict(given)
    offered = offers(reader.state, reader.desk.name)[deed.kind] if plain else None
    missing: list[str] = []
    for one in fields_of(deed):
        name = one.name
        if name in said and name not in values:
            values[name] = reader.read(name_of(name), hints[name], said[name])
        elif name not in values:
            found = getattr(offered, name) if name in plain else default_of(deed, name)
            if found == NOBODYS:
                raise NothingMeant(name_of(name))
            if found is MISSING:
                missing.append(name_of(name))
            values[name] = found
    if missing:
        raise LeftOut(missing)
    return deed(**values)


def paper_rows(text: Mapping[str, str], files: Iterable[tuple[str, bytes]]) -> list[tuple[str, dict[str, Any]]]:
    """Return the rows of what travels sealed with an act: texts by language in one row, each file in pieces."""
    rows: list[tuple[str, dict[str, Any]]] = [("T1", dict(text))] if text else []
    for name, data in files:
        rows += [
            (f"P{len(rows) + place + 1}", {"name": name, "base64": b64encode(data[at : at + PIECE]).decode()})
            for place, at in enumerate(range(0, max(len(data), 1), PIECE))
        ]
    return rows
