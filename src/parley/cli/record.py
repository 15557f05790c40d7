"""The record on the command line: the acts in order, how things stood after any of them, receipts, the root as words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from parley.briefings.account import Account, account
from parley.briefings.phrases import phrase
from parley.cli.answer import NOT_GENUINE, Answer, Table
from parley.cli.at_desk import act_meant, reading, settings_of, write_file
from parley.cli.errors import WrongUse
from parley.desk import Desk
from parley.desk.awaited import awaited
from parley.desk.errors import DeskBroken
from parley.desk.ledger import reload
from parley.desk.succession import to_do_again
from parley.forms import plain
from parley.process.digest import fingerprint
from parley.record.checkpoint import root_words, words_match
from parley.record.envelope import SignedAct, read_act
from parley.words import ActId

COMMANDS = ()


def _single() -> typer.Typer:
    return typer.Typer(rich_markup_mode=None, add_completion=False)


APPS = {"log": _single(), "replay": _single(), "receipt": _single(), "words": _single()}


@APPS["log"].command("log")
def log(
    context: typer.Context,
    void: Annotated[bool, typer.Option("--void", help="only acts without effect")] = False,
    party: Annotated[str, typer.Option(help="only acts of one participant")] = "",
    kind: Annotated[str, typer.Option(help="only acts of one kind")] = "",
    first: Annotated[int, typer.Option("--from", help="from this number on")] = 0,
    superseded: Annotated[
        bool, typer.Option("--superseded", help="own acts that a new neutral's log does not hold: to be done again")
    ] = False,
) -> Answer:
    """List the acts in the order of the log: number, the neutral's time, by whom, what, signed by whom, allowed or void.

    Acts that are signed here and wait for their receipt stand at the end, without a number.
    """
    settings = settings_of(context)
    with reading(settings) as desk:
        every = map(_unlogged, to_do_again(desk)) if superseded else _entries(desk)
        found = [
            one
            for one in every
            if (not void or one["void"])
            and party in ("", one["party"])
            and kind in ("", one["kind"])
            and (one["n"] is None or one["n"] >= first)
        ]
        size = desk.size
    rows = [
        (
            "" if one["n"] is None else one["n"],
            one["clock"],
            one["party"],
            one["kind"],
            _signed_by(one["party"], one["signers"]),
            _standing(one, "again" if superseded else "waits"),
            str(one["act"])[:12],
        )
        for one in found
    ]
    table = Table(("n", "clock", "party", "kind", "signed by", "", "act"), rows)
    return Answer(says=[table, f"{len(found)} of {size} acts."], data={"acts": found, "size": size})


def _signed_by(party: str, signers: Iterable[str]) -> str:
    """Return the signers' names: one's own by key alone, those of others in full, so that no two look alike."""
    return ", ".join(name.removeprefix(f"{party}/") for name in signers)


def _standing(one: dict[str, Any], unlogged: str) -> str:
    said = one["void"] or (unlogged if one["n"] is None else "ok")
    return f"{said}, file awaited" if one["awaited"] else said


def _unlogged(signed: SignedAct) -> dict[str, Any]:
    return {
        "n": None,
        "clock": "",
        "party": signed.envelope.party,
        "kind": signed.envelope.kind,
        "signers": [line.name for line in signed.signatures],
        "void": "",
        "awaited": False,
        "act": signed.id,
    }


def _entries(desk: Desk) -> Iterator[dict[str, Any]]:
    clock, missing = "", set(awaited(desk).values())
    for position, note in enumerate(desk.store.acts()):
        signed = read_act(note)
        void = desk.state.void.get(position)
        if signed.envelope.kind == "record_clock" and void is None:
            clock = str(signed.envelope.body.get("now", clock))
        yield {
            "n": position,
            "clock": clock,
            "party": signed.envelope.party,
            "kind": signed.envelope.kind,
            "signers": [line.name for line in signed.signatures],
            "void": void.code if void is not None else "",
            "awaited": signed.id in missing,
            "act": signed.id,
        }
    yield from map(_unlogged, desk.waiting)


@APPS["replay"].command("replay")
def replay(
    context: typer.Context,
    at: Annotated[int | None, typer.Option("--at", help="after which act, from 0 (else after the last)")] = None,
    full: Annotated[bool, typer.Option("--full", help="with --json: the whole state, not only the account")] = False,
) -> Answer:
    """Fold the log again up to an act, and tell how things stood then: what was agreed, listed, handed over, owed.

    The digest is that of the state; two desks with the same log show the same.
    """
    settings = settings_of(context)
    with reading(settings) as desk:
        last = desk.size - 1 if at is None else at
        if not 0 <= last < desk.size:
            raise WrongUse("cli.no_such_act", text="the last" if at is None else str(at))
        ledger = reload(desk.store.acts(0, last + 1))
        act = desk.act_at(last)
    told = account(ledger.state)
    digest = fingerprint(ledger.state, None).digest
    said: dict[str, Any] = {"at": last, "act": act.id, "digest": digest, "account": plain(told)}
    if full:
        said["state"] = plain(ledger.state)
    says: list[str | Table] = [f"After act {last}: {act.envelope.kind} by {act.envelope.party}."]
    return Answer(says=[*says, *in_words(told, settings.language), f"Digest of the state: {digest}"], data=said)


SIDE_COLUMNS: Final = (
    "side",
    "agreed",
    "listed",
    "asked_for",
    "final",
    "embarked",
    "delivered",
    "outside",
    "confirmed",
    "owed",
)
BATCH_COLUMNS: Final = ("batch", "status", "date", "delivered_of_planned")


def _heading(name: str, language: str) -> str:
    return phrase(f"heading.{name}", language)


def in_words(told: Account, language: str = "en") -> list[str | Table]:
    """Return an account as lines and tables."""
    says: list[str | Table] = [
        f"The case is {told.standing}{', practice' if told.practice else ''}; as far as: {told.reached}; {told.date}.",
        f"The neutral's clock: {told.clock or 'not yet entered'}. Joint record: {told.joint_record}.",
    ]
    columns = tuple(_heading(one, language) for one in SIDE_COLUMNS)
    rows = [
        (
            name,
            _range(one.agreed_least, one.agreed_most),
            one.listed,
            one.requested,
            one.final,
            one.embarked,
            one.inside.delivered,
            one.outside.delivered,
            one.confirmed,
            one.debts.open + one.debts.carried,
        )
        for name, one in told.sides.items()
    ]
    says += [Table(columns, rows)]
    batches = [
        (
            number,
            one.status,
            one.date,
            ", ".join(f"{name} {side.delivered_inside}/{side.planned}" for name, side in one.sides.items()),
        )
        for number, one in told.batches.items()
    ]
    says += [Table(tuple(_heading(one, language) for one in BATCH_COLUMNS), batches)] if batches else []
    says += [
        f"Batch {number}: {one.not_on_manifest} not on the manifest"
        f"{f'; lines in books that nobody gave: {one.unknown_lines}' if one.unknown_lines else ''}."
        for number, one in told.batches.items()
        if one.not_on_manifest or one.unknown_lines
    ]
    says += [
        f"Batch {number}: {phrase('web.containers_missed', language, who=who, names=names)}"
        for number, one in told.batches.items()
        for who, names in one.containers_missed.items()
    ]
    says += _losses(told)
    says += [
        f"Condition {name}: {one.status}; about {one.about}, custodian {one.custodian or 'none'}, review {one.review}."
        for name, one in told.conditions.items()
    ]
    says += [
        f"Agenda, {name}: {'; '.join(f'{who} {answer}' for who, answer in item.items())}."
        for name, item in told.items.items()
    ]
    for said in told.statements:
        claims = "; ".join(
            f"{one.about}: said {one.said}, record {one.record or 'none'}, {one.verdict}"
            f"{f', now {one.now}' if one.now != one.verdict else ''}"
            for one in said.claims
        )
        now = f", now {said.now}" if said.now != said.verdict else ""
        says.append(
            f"Said in public by {said.speaker} at {said.said}; beside the record as it stood when recorded: "
            f"{said.verdict}{now}{f' ({claims})' if claims else ''}."
        )
    says += [f"Alarm at act {one.position}: {one.code} {_facts(one.facts)}" for one in told.alarms]
    says += [f"Void: {len(told.void)} acts without effect (parley log --void)."] if told.void else []
    return says


def _losses(told: Account) -> list[str]:
    """Return, per side, how its people were answered for, what became of them, and what nobody explains."""
    says: list[str] = []
    for name, one in told.sides.items():
        answers = ", ".join(f"{code} {count:,}" for code, count in sorted(one.replied.items()) if count)
        codes = ", ".join(f"{code} {count:,}" for code, count in sorted(one.inside.outcomes.items()) if count)
        outside = ", ".join(f"{code} {count:,}" for code, count in sorted(one.outside.outcomes.items()) if count)
        says += [f"{name} replied: {answers}."] if answers else []
        says += [f"{name} handed over, inside the formula: {codes}."] if codes else []
        says += [f"{name} handed over, outside the formula: {outside}."] if outside else []
        if one.explained or one.unexplained:
            why = ", ".join(f"{cause} {count:,}" for cause, count in sorted(one.explained.items()))
            says.append(
                f"{name}, difference {one.difference:,}: {why or 'no cause named'}; unexplained {one.unexplained:,}."
            )
        if one.debts.open or one.debts.carried:
            still, later = one.debts.open, one.debts.carried
            says.append(f"{name} owes {still + later:,}: {still:,} now, {later:,} carried over.")
    return says


def _range(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


def _facts(facts: object) -> str:
    return " ".join(f"{name}={value}" for name, value in dict(facts).items())  # type: ignore[call-overload]


@APPS["receipt"].command("receipt")
def receipt(
    context: typer.Context,
    act: Annotated[str, typer.Argument(help="the act's number in the log, or the first digits of its id")],
    out: Annotated[str, typer.Option("--out", help="a new file (else printed)")] = "",
) -> Answer:
    """Give the proof that an act stands in the log: its place, the path to the root, the signed checkpoint."""
    settings = settings_of(context)
    with reading(settings) as desk:
        meant = act_meant(desk, act)
        proof = desk.receipt(meant)
        position = desk.ledger.positions[ActId(meant)]
    if out and not settings.dry_run:
        write_file(Path(out), proof)
    says = [f"Act {position} stands in the log."] if out else proof.decode().splitlines()
    return Answer(says=says, data={"act": meant, "position": position, "receipt": proof.decode()})


@APPS["words"].command("words")
def words(
    context: typer.Context,
    heard: Annotated[list[str] | None, typer.Argument(help="eight words heard from another desk, to compare")] = None,
    size: Annotated[int, typer.Option(help="after how many acts (else as many as the last checkpoint has)")] = 0,
) -> Answer:
    """Say the root of the log as eight words, to be read out by voice; with eight words, compare them.

    Both desks name the same number of acts; equal words mean equal logs up to there.
    """
    settings = settings_of(context)
    with reading(settings) as desk:
        point = desk.checkpoint
        count = size or (point.size if point is not None else 0)
        if not 0 < count <= desk.size:
            raise DeskBroken("desk.no_such_act", act=count)
        root = desk.ledger.tree.root(count)
    said = list(root_words(root))
    data = {"size": count, "words": said, "root": root.hex()}
    if not heard:
        return Answer(says=[f"After {count} acts:", f"  {' '.join(said)}"], data=data)
    same = words_match([part for one in heard for part in one.split()], root)
    says = ["The same log." if same else f"ANOTHER LOG: here it reads {' '.join(said)}. Keep both records as evidence."]
    return Answer(
        says=says,
        data={**data, "same": same},
        code="done" if same else "desk.split_view",
        exit=0 if same else NOT_GENUINE,
    )
