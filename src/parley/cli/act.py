"""Makes a command of any kind of act: its particulars become options, its law becomes the help.

Nothing about a single act is decided here. What an officer leaves unsaid is taken from the state where there is one plain
meaning (the open proposal, the next version), never where it is a choice. What will be signed is shown before it is signed.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Final, get_type_hints

import typer

from parley.acts import Close, Deed
from parley.briefings.phrases import phrase
from parley.briefings.rulebook import about, help_of
from parley.cli.answer import DONE, Answer, refused
from parley.cli.at_desk import confirm, read_file, read_words, settings_of, unlock_for, working
from parley.cli.errors import WrongUse, WrongValue
from parley.cli.settings import Settings
from parley.cli.values import FILE, Reader, shown_type
from parley.desk import Attachment, Desk
from parley.desk.consequences import alarms_of
from parley.desk.enclosing import rooms_for
from parley.desk.shown import fields_of, shown_deed
from parley.forms import FormBroken, from_body, plain
from parley.record.commitment import salt_rows
from parley.record.errors import CanonicalBroken
from parley.scenario.asked import (
    CHOICES,
    MOST_PAPER,
    PLAIN_MEANING,
    LeftOut,
    NothingMeant,
    default_of,
    make_deed,
    paper_rows,
)
from parley.words import ActId, Refusal

Given = Mapping[str, Sequence[str]]
"""What was typed: by field, each value that was given for it."""
Fill = Callable[[Reader, Given], Mapping[str, Any]]
"""Particulars that follow from others in a way of their own: ``terms propose --clause`` says the unit too."""
Check = Callable[[Desk, Any], Sequence[str]]
"""What the desk itself looks at before its officer signs; returns what to say beside the act, raises Broken."""

OTHER_NAMES: Final[Mapping[str, str]] = {
    "language": "spoken",
    "clauses": "clause",
    "groups": "group-of-lines",
    "replies": "reply",
    "pairs": "pair",
    "delegations": "delegation",
    "grants": "grant",
    "figures": "figure",
    "differences": "difference",
    "participants": "enrolment",
    "notes": "note",
}
"""Options that are called otherwise than their field: in the singular where they are repeated, and never like a setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActCommand:
    """A command that does one kind of act: its name, the deed, and what is special about it, if anything.

    ``fill`` may say particulars in a way of its own, ``check`` looks at sealed content before an allowed act is signed;
    ``keys`` are needed for these, beside those that sign.
    """

    name: str
    deed: type[Deed]
    fill: Fill | None = None
    leave_out: frozenset[str] = field(default_factory=frozenset)
    keys: tuple[str, ...] = ()
    check: Check | None = None


def option_of(name: str) -> str:
    """Return the option for a field."""
    return "--" + OTHER_NAMES.get(name, name).replace("_", "-")


def add_act(app: typer.Typer, command: ActCommand) -> None:
    """Add the command of one act to a noun."""
    deed = command.deed
    hints = get_type_hints(deed)
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    names = [one.name for one in fields_of(deed) if one.name not in command.leave_out]
    parameters = [context, *(_parameter(deed, name, hints[name]) for name in names), *_PAPERS]

    def run(context: typer.Context, **given: list[str] | None) -> Answer:
        said = {name: tuple(values) for name, values in given.items() if values}
        return do(settings_of(context), command, said)

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {}
    app.command(command.name, help=help_of(deed), short_help=about(deed))(run)


def _parameter(deed: type[Deed], name: str, hint: Any) -> inspect.Parameter:  # noqa: ANN401
    choices = CHOICES.get((deed.kind, name))
    written = " | ".join(choices) if choices else shown_type(hint)
    taken = name in PLAIN_MEANING.get(deed.kind, ())
    default = default_of(deed, name)
    says = [written] if written else []
    says += ["taken from the record if left out"] if taken else []
    says += ["may be left out"] if default is not MISSING and not taken else []
    option = typer.Option(option_of(name), help="; ".join(says), show_default=False, metavar="VALUE")
    annotation = Annotated[list[str] | None, option]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _paper_parameter(name: str, option: str, says: str) -> inspect.Parameter:
    made = typer.Option(option, help=says, show_default=False, metavar="VALUE")
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[list[str] | None, made]
    )


_PAPERS: Final = (
    _paper_parameter("text", "--text", "words that travel sealed: `words`, `uk=words`, or `uk=@FILE`"),
    _paper_parameter("paper", "--paper", "a file that travels sealed with the act"),
    _paper_parameter("rooms", "--seal-to", "rooms to seal to, south/papers,neutral/papers (else who has to read it)"),
    _paper_parameter("body", "--body", "a file with the whole body as JSON, instead of the options"),
)


# --- from words to a deed ---------------------------------------------------------------------------------------------


def do(settings: Settings, command: ActCommand, said: Given) -> Answer:
    """Read the particulars, judge, show, ask, sign; the answer says what became of it."""
    with working(settings, keys=command.keys) as (desk, folder, ask):
        deed = read_deed(Reader(desk, folder), command, said)
        enclosed = papers_of(desk, deed, said)
        signers = unlock_for(desk, folder, ask, deed.kind, settings)
        checked = command.check is not None and desk.judge(deed, signers=signers, attachments=enclosed) is None
        notes = command.check(desk, deed) if command.check is not None and checked else ()
        return sign_deed(desk, settings, deed, signers=signers, attachments=enclosed, notes=notes)


def read_deed(reader: Reader, command: ActCommand, said: Given) -> Deed:
    """Return the deed that was typed; raises WrongUse, WrongValue."""
    if "body" in said:
        return _from_file(command.deed.kind, said["body"][-1])
    given = command.fill(reader, said) if command.fill is not None else {}
    try:
        return make_deed(reader, command.deed, said, given=given, name_of=option_of)
    except NothingMeant as nothing:
        raise WrongUse("cli.nothing_meant", missing=nothing.name) from None
    except LeftOut as left:
        raise WrongUse("cli.missing", missing=", ".join(left.names)) from None


def _from_file(kind: str, name: str) -> Deed:
    try:
        body = json.loads(read_words(Path(name)))
        return from_body(kind, body if isinstance(body, dict) else {"": ""})
    except FormBroken as broken:
        raise WrongValue("--body", broken) from broken
    except (ValueError, RecursionError):
        raise WrongValue("--body", CanonicalBroken("json.malformed")) from None


def papers_of(desk: Desk, deed: Deed, said: Given) -> tuple[Attachment, ...]:
    """Return what travels sealed with a deed: texts and files, one attachment for all of them; raises WrongUse."""
    text: dict[str, str] = {}
    for one in said.get("text", ()):
        name, equals, value = one.partition("=")
        language = name if equals and len(name) <= 8 and name.isascii() and name.isalpha() else ""
        words = value if language else one
        text[language or "text"] = read_words(Path(words[1:])) if words.startswith(FILE) else words
    files = [(Path(path).name, read_file(Path(path))) for path in said.get("paper", ())]
    if any(len(data) > MOST_PAPER for _, data in files):
        raise WrongUse("cli.usage", detail="a paper has at most 16 MiB")
    rows = paper_rows(text, files)
    if not rows:
        return ()
    named = tuple(room.strip() for one in said.get("rooms", ()) for room in one.split(",") if room.strip())
    rooms = named or rooms_for(desk.ahead, desk.name, deed)
    if not rooms:
        raise WrongUse("cli.usage", detail="nothing travels sealed with this act; name rooms with --seal-to")
    return (Attachment(salt_rows(rows, desk.randomness), rooms),)


# --- signing ----------------------------------------------------------------------------------------------------------


def sign_deed(
    desk: Desk,
    settings: Settings,
    deed: Deed,
    *,
    signers: Sequence[str] | None,
    attachments: Sequence[Attachment] = (),
    before: Callable[[], None] | None = None,
    answers: Sequence[str] = (),
    notes: Sequence[str] = (),
    asked: bool = False,
) -> Answer:
    """Judge a deed; if it is allowed show it, ask, and sign it. ``before`` is done between the yes and the signature.

    ``asked``: somebody said yes already.
    """
    refusal = desk.judge(deed, signers=signers, attachments=attachments)
    if refusal is not None:
        return refused(refusal, settings.language, kind=deed.kind)
    alarms = alarms_of(desk, deed, signers=signers, attachments=attachments)
    shown = [*shown_deed(desk, deed), *(f"  sealed to    {', '.join(one.to)}" for one in attachments), *notes]
    shown += [f"  ALARM        {phrase(f'alarm.{one.code}', settings.language, **one.facts)}" for one in alarms]
    data: dict[str, Any] = {"kind": deed.kind, "deed": plain(deed), "sealed_to": [list(one.to) for one in attachments]}
    data |= {"alarms": [{"code": one.code, "facts": dict(one.facts)} for one in alarms]} if alarms else {}
    if settings.dry_run:
        return Answer(says=[*shown, "This would be allowed. Nothing was signed or written."], data=data, code="dry_run")
    confirm(
        replace(settings, yes=settings.yes or asked),
        [*shown, f"  signs        {', '.join(signers or (f'{desk.name}/desk',))}"],
    )
    if before is not None:
        before()
    result = desk.sign(deed, signers=signers, attachments=attachments, answers=answers)
    if isinstance(result, Refusal):
        return refused(result, settings.language, kind=deed.kind)
    return signed_answer(desk, result, data, shown)


def signed_answer(desk: Desk, act: ActId, data: Mapping[str, Any], shown: Sequence[str] = ()) -> Answer:
    """Return the answer to a signature: in the log, or waiting for its receipt."""
    position = desk.ledger.positions.get(act)
    where = (
        f"It is act {position} of the log."
        if position is not None
        else ("It waits for its receipt: export a bundle to the neutral, then import the neutral's.")
    )
    says = [*shown, f"Signed: {act}", where]
    says += [phrase("closing.keys_left", "en")] if data.get("kind") == Close.kind else []
    return Answer(says=says, data={**data, "act": act, "position": position}, exit=DONE)


def noun(sentence: str, commands: Sequence[ActCommand] = ()) -> typer.Typer:
    """Return the Typer application of a noun with its acts."""
    app = typer.Typer(help=sentence, no_args_is_help=True, rich_markup_mode=None, add_completion=False)
    app.callback(help=sentence)(_nothing)  # so that a noun with a single command is still a noun
    for command in commands:
        add_act(app, command)
    return app


def _nothing() -> None:
    """Do nothing before a command."""


def single(command: ActCommand) -> typer.Typer:
    """Return the Typer application of a noun that is one act."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    add_act(app, command)
    return app
