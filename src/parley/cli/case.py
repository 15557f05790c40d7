"""The founding of a case, and what root keys of several participants sign together: draft, sign at one table, enter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from parley import acts
from parley.acts import FoundCase, SucceedNeutral
from parley.briefings.rulebook import about, help_of
from parley.cli.act import ActCommand, Given, add_act, noun, read_deed, signed_answer
from parley.cli.answer import Answer, Table, refused
from parley.cli.at_desk import (
    DESK_KEY,
    confirm,
    key_file,
    now,
    passphrases,
    read_file,
    reading,
    settings_of,
    working,
    write_file,
)
from parley.cli.errors import CliBroken
from parley.cli.values import Reader
from parley.desk import Desk
from parley.desk.errors import DeskBroken
from parley.desk.folder import founding_text, load_keys, read_enrolment, read_folder
from parley.desk.ledger import to_act
from parley.desk.shown import shown_deed
from parley.forms import from_body, plain
from parley.process import judge
from parley.process.contact import RULES_VERSION
from parley.process.state import State
from parley.record.envelope import CASE, SignedAct, read_act
from parley.record.errors import NoteBroken
from parley.record.keys import SigningKey, VerifyKey
from parley.record.note import SignatureLine, assemble, parse
from parley.record.note import sign as sign_note
from parley.words import ActId, Digest, Refusal


def _last_three_signed(reader: Reader, said: Given) -> Mapping[str, Any]:
    """Return where a succession begins: the last checkpoint that every party has cosigned, and its root."""
    desk = reader.desk
    size = desk.three_signed
    found: dict[str, Any] = {}
    if "size" not in said and size:
        found |= {"size": size, "root": Digest(desk.ledger.tree.root(size).hex())}
    return found


COMMANDS = (
    ActCommand(name="found", deed=acts.FoundCase),
    ActCommand(name="upgrade", deed=acts.UpgradeRules),
    ActCommand(name="succeed", deed=acts.SucceedNeutral, fill=_last_three_signed),
)
app = noun("Found a case at one table: draft, sign, enter; its roots; its rules; another neutral.")
Out = Annotated[str, typer.Option("--out", help="the new file, to be signed at the table")]


@app.command(
    "found", help=help_of(acts.FoundCase), short_help="Draft the founding act from everybody's enrolment.json."
)
def found(
    context: typer.Context,
    case: Annotated[str, typer.Option(help="the case's name: small letters, digits, . _ -")],
    enrolment: Annotated[list[str], typer.Option(help="each participant's enrolment.json")],
    out: Out,
    origin: Annotated[str, typer.Option(help="the log's name (else the case and the neutral: c1/neutral)")] = "",
    practice: Annotated[bool, typer.Option(help="a practice case; every paper says so")] = False,
) -> Answer:
    """Draft the founding act; every root key of every participant then signs it with ``case sign``.

    What the law would refuse however many signed it is refused here, before anybody comes to a table.
    """
    settings = settings_of(context)
    everybody = [read_enrolment(read_file(Path(one)))[0] for one in enrolment]
    neutral = next((one.name for one in everybody if one.role == "neutral"), "neutral")
    if CASE.fullmatch(case) is None:
        raise CliBroken("cli.case_name")
    text = founding_text(
        case, everybody, origin=origin or f"{case}/{neutral}", rules=RULES_VERSION, practice=practice, time=now()
    )
    signed_by_all = {VerifyKey.parse(vkey).name for one in everybody for vkey in one.roots}
    refusal = judge(State(), replace(to_act(_read_unsigned(text), 0), signers=frozenset(signed_by_all)))
    if refusal is not None:
        return refused(refusal, settings.language)
    if not settings.dry_run:
        write_file(Path(out), text.encode())
    table = Table(
        ("participant", "role", "lines", "roots"),
        [(o.name, o.role, o.letters, f"{o.threshold} of {len(o.roots)}") for o in everybody],
    )
    says: list[str | Table] = [
        f"The founding act of case {case}:",
        table,
        "Now each participant signs it: parley case sign FILE",
    ]
    data = {"case": case, "participants": [plain(one) for one in everybody]}
    return Answer(says=says, data=data, code="dry_run" if settings.dry_run else "done")


def _multi(command: ActCommand) -> None:
    """Add a command that drafts an act which root keys of several participants sign."""
    name, deed = command.name, command.deed
    drafting = typer.Typer()
    add_act(drafting, command)
    made = drafting.registered_commands[0]
    assert made.callback is not None
    parameters = made.callback.__signature__.parameters.values()  # type: ignore[attr-defined]

    def run(context: typer.Context, out: str, **given: list[str] | None) -> Answer:
        settings = settings_of(context)
        said = {key: tuple(values) for key, values in given.items() if values}
        with reading(settings) as desk:
            drafted = read_deed(Reader(desk), command, said)
            text = desk.text_for(drafted)
            shown = shown_deed(desk, drafted)
        if not settings.dry_run:
            write_file(Path(out), text.encode())
        says = [*shown, "Now the root keys sign it: parley case sign FILE; then parley case enter FILE at this desk."]
        return Answer(says=says, data={"kind": deed.kind}, code="dry_run" if settings.dry_run else "done")

    import inspect

    kept = [one for one in parameters if one.name not in ("text", "paper", "rooms")]
    written = inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, annotation=Out)
    run.__signature__ = inspect.Signature([*kept, written])  # type: ignore[attr-defined]
    run.__annotations__ = {}
    app.command(name, help=help_of(deed), short_help=f"Draft: {about(deed)}")(run)


for _command in COMMANDS[1:]:
    _multi(_command)


@app.command("sign", short_help="Add this participant's root signatures to a draft.")
def sign(context: typer.Context, file: Annotated[str, typer.Argument(help="the draft")]) -> Answer:
    """Add this participant's root signatures to a draft, after showing what it says.

    The draft must hold this desk's own keys if it founds a case: nobody signs away its own place. With --as, only these root
    keys sign; a founding act needs them all.
    """
    settings = settings_of(context)
    folder, path = read_folder(settings.desk), Path(file)
    text, lines = _draft(path)
    names = [key_file(one) for one in settings.signers or [one for one in folder.key_names if one.startswith("root-")]]
    if not names:
        raise DeskBroken("desk.no_key", key="root-1")
    _check_mine(text, folder.path)
    says = _draft_in_words(text)
    if settings.dry_run:
        return Answer(says=[*says, "Nothing was signed."], code="dry_run", data={"keys": names})
    confirm(settings, [*says, f"  signs        {', '.join(names)}"])
    ask = passphrases(settings)
    keys = [key for one in names for key in load_keys(folder.path / "keys" / f"{one}.age", ask(one)).signing]
    known = {(line.name, line.hash4) for line in lines}
    fresh = parse(sign_note(text, keys)).signatures
    signed = assemble(text, [*lines, *(one for one in fresh if (one.name, one.hash4) not in known)])
    write_file(path, signed, replace=True)
    everybody = [one.name for one in parse(signed).signatures]
    return Answer(says=[*says, f"Signed by {', '.join(everybody)}."], data={"signed": everybody})


def _draft(path: Path) -> tuple[str, tuple[SignatureLine, ...]]:
    """Return the text of a draft and the signatures it has already; raises CliBroken."""
    data = read_file(path)
    try:
        note = parse(data)
    except NoteBroken:
        try:
            return data.decode(), ()
        except UnicodeDecodeError:
            raise CliBroken("cli.not_text", file=path.name) from None
    return note.text, note.signatures


def _read_unsigned(text: str) -> SignedAct:
    """Read the text of a draft by signing it with a key of nobody; raises what reading an act raises."""
    return read_act(sign_note(text, [SigningKey.from_seed("nobody/draft", bytes(range(32)))]))


def _check_mine(text: str, folder: Path) -> None:
    """Refuse to sign a founding act that does not hold this desk's own keys, as its own enrolment states them."""
    act = to_act(_read_unsigned(text), 0)
    if isinstance(act.deed, FoundCase):
        mine = read_enrolment(read_file(folder / "enrolment.json"))[0]
        if mine not in act.deed.participants:
            raise DeskBroken("desk.foreign_founding")


def _draft_in_words(text: str) -> list[str]:
    said = _read_unsigned(text).envelope
    deed = from_body(said.kind, dict(said.body))  # type: ignore[arg-type]
    lines = [f"{about(type(deed))} Case {said.case}, by {said.party}, {said.time}."]
    if isinstance(deed, FoundCase):
        lines += [
            f"  {one.name:<12} {one.role}, lines {one.letters}, {one.threshold} of {len(one.roots)} root keys"
            for one in deed.participants
        ]
        lines.append(f"  log          {deed.origin}, rules {deed.rules}{', practice' if deed.practice else ''}")
    return lines


@app.command(
    "enter", short_help="Enter a signed draft: the founding act at the neutral's desk, others at their author's."
)
def enter(context: typer.Context, file: Annotated[str, typer.Argument(help="the signed draft")]) -> Answer:
    """Enter a signed draft: the founding act begins the log at the neutral's desk, a succession goes on at the successor's.

    Any other act enters at its author's desk.
    """
    settings = settings_of(context)
    note = read_file(Path(file))
    says = _draft_in_words(_draft(Path(file))[0])
    with working(settings, keys=(DESK_KEY,)) as (desk, _folder, _ask):
        signed = read_act(note)
        founding = signed.envelope.kind == FoundCase.kind
        if founding and desk.size:
            raise DeskBroken("desk.exists")
        if founding and signed.envelope.party != desk.name:
            raise DeskBroken("desk.not_neutral")
        refusal = judge(desk.ahead, to_act(signed, desk.ahead.count)) if founding else None
        if settings.dry_run and refusal is None:
            return Answer(says=[*says, "Nothing was entered."], code="dry_run")
        result = refusal or (desk.enter_founding(note) if founding else _enter_later(desk, note, signed))
        if isinstance(result, Refusal):
            return refused(result, settings.language)
        return signed_answer(desk, result, {"kind": signed.envelope.kind}, says)


def _enter_later(desk: Desk, note: bytes, signed: SignedAct) -> ActId | Refusal:
    """Enter an act that many root keys signed: a succession at the successor's desk, anything else at its author's."""
    named = signed.envelope.body.get("neutral")
    if signed.envelope.kind == SucceedNeutral.kind and isinstance(named, Mapping) and named.get("name") == desk.name:
        return desk.take_over(note)
    return desk.submit(note)


@app.command("roots", short_help="The root keys that this case was founded with, for a checker.")
def roots(
    context: typer.Context, out: Annotated[str, typer.Option("--out", help="a new file (else printed)")] = ""
) -> Answer:
    """Print the root keys that this case was founded with: one line for each participant, for ``parley check --roots``.

    Hand them over apart from any bundle: on paper, by another messenger, read out by voice.
    """
    settings = settings_of(context)
    with reading(settings) as desk:
        if not desk.size:
            raise DeskBroken("desk.no_case")
        founding = to_act(desk.act_at(0), 0).deed
    if not isinstance(founding, FoundCase):
        raise DeskBroken("desk.no_case")
    lines = [" ".join((one.name, one.role, str(one.threshold), *one.roots)) for one in founding.participants]
    if out and not settings.dry_run:
        write_file(Path(out), ("\n".join(lines) + "\n").encode())
    return Answer(says=lines if not out else [f"{len(lines)} participants."], data={"roots": lines})
