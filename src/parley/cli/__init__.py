"""The command line: one word for each thing of the house, and nothing decided here.

``parley NOUN COMMAND …``; each noun has a file of its own. Version and the list of nouns are answered without loading anything
else. Exit codes: 0 done, 1 refused by the rules, 2 wrong use, 3 something is not what it claims to be, 4 in use by another
program, 5 checked and not genuine, 70 a mistake of Parley's, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Final

import parley

NOUNS: Final[Mapping[str, tuple[str, str]]] = {
    "serve": ("serve", "Open a desk's pages in the browser."),
    "desk": ("desk", "Make a desk in a folder; see whose it is."),
    "case": ("case", "Found a case at one table: draft, sign, enter; its roots; its rules; another neutral."),
    "mandate": ("mandate", "Issue and revoke officers' mandates."),
    "keys": ("keys", "Publish the keys to seal to, rotate root keys, change a passphrase."),
    "clock": ("clock", "Enter the neutral's time."),
    "fork": ("fork", "Report two acts with one number; choose the branch that goes on."),
    "talks": ("talks", "Sessions, agenda, positions and answers."),
    "terms": ("terms", "Propose, agree, withdraw, amend; date and place; facts; opened rows."),
    "look": ("register", "Say what is in files of people; store nothing."),
    "register": ("register", "The office's people: look, import, find, show, history, undo, export, doubles."),
    "list": ("lists", "Hand in, open, acknowledge, reply, object, sign; substitutions; single rows."),
    "verify": ("verify", "Interviews, papers, readiness, identity questions, matches."),
    "match": ("match", "The same people in two files of people, and why."),
    "batches": ("batches", "Seeds, compositions, agreement."),
    "movement": ("movement", "Route, guarantees, manifests, boarding, departure, arrival."),
    "handover": ("handover", "Books, groups, closing a batch, identity, effects."),
    "remains": ("remains", "Containers, laboratory results, splitting and joining."),
    "reconcile": ("reconcile", "Joint records, debts, corrections."),
    "numbers": ("numbers", "Number sheets, embargo, communiqué."),
    "brief": ("brief", "The principals' one page: made, frozen as PDF with a hash, compared."),
    "statement": ("statement", "Record what a side said in public."),
    "family": ("family", "Record that families were notified."),
    "suspend": ("standing", "Suspend the exchange."),
    "resume": ("standing", "Lift one's own suspension."),
    "abort": ("standing", "Abort one batch, or the exchange."),
    "close": ("standing", "Close the case."),
    "condition": ("condition", "Set a condition, or say how it ended."),
    "erase": ("erase", "Take people out of a sealed list, and confirm that the old file is destroyed."),
    "say": ("say", "Do any act by a sentence of the scenario language."),
    "whatnow": ("whatnow", "What may be done here now, and why not everything else."),
    "log": ("record", "The acts in the order of the log."),
    "replay": ("record", "How things stood after any act."),
    "receipt": ("record", "The proof that an act stands in the log."),
    "words": ("record", "The root of the log as eight words, to compare by voice."),
    "bundle": ("bundle", "Carry the record: export to a file, import from one."),
    "sync": ("sync", "Carry bundles to the neutral's desk and back, over a line or through a shared folder."),
    "check": ("check", "Check a bundle against root keys taken from elsewhere."),
    "restore": ("restore", "Forbid signing after a backup was put back, and lift the ban."),
    "doctor": ("doctor", "Look after this desk: libraries, disk, record, keys, clock, space."),
    "compose": (
        "compose",
        "Compose batches under a policy, or a panel under quotas, with a lottery that anybody can check.",
    ),
    "draw": ("compose", "Draw from a committed lottery, by revealed seeds, dice or a public beacon."),
    "explain": ("compose", "Why a person goes or does not, and what it would cost."),
    "swap": ("compose", "Ask which rules would break if two people changed places."),
    "play": ("play", "Play a scenario among practice desks."),
    "demo": ("demo", "Play a whole exchange, with two parties and a neutral."),
}
"""Each noun with the module of this room that holds it, and what it is for."""


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says, print the answer, and return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments in (["--version"], ["-V"]):
        print(f"parley {parley.__version__}")
        return 0
    if arguments in ([], ["--help"], ["-h"], ["help"]):
        print(overview())
        return 0
    from parley.cli.frame import run

    return run(arguments)


def overview() -> str:
    """Return the page that ``parley --help`` shows."""
    from parley.cli.settings import OPTIONS

    width = max(len(name) for name in NOUNS)
    nouns = [f"  {name:<{width}}  {about}" for name, (_, about) in NOUNS.items()]
    wide = max(len(one.shown) for one in OPTIONS)
    options = [f"  {one.shown:<{wide}}  {one.about}" for one in OPTIONS]
    return "\n".join(
        [
            "parley: a negotiated prisoner exchange between two parties who do not trust each other.",
            "",
            "Usage: parley NOUN COMMAND [options]     parley NOUN --help     parley NOUN COMMAND --help",
            "",
            *nouns,
            "",
            "Everywhere:",
            *options,
            "",
            "Exit codes: 0 done, 1 refused by the rules, 2 wrong use, 3 broken input, 4 in use, 5 not genuine,",
            "            70 a mistake of Parley's, 130 interrupted.",
        ]
    )
