"""What a desk finds wrong with what it is given, and what the operator should do next."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parley.words import Broken, Fact

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "desk.no_case": "There is no case on this desk yet; enter the founding act, or import a bundle that holds it.",
        "desk.other_case": "This belongs to another case; nothing was taken. Look for the right desk.",
        "desk.foreign_founding": "The founding act does not hold this desk's own keys; nothing was taken. Ask who made it.",
        "desk.unknown_signer": "An act is signed by a key that nobody enrolled; nothing was taken. Report it to the sender.",
        "desk.spoiled_signature": "A signature does not fit its act; nothing was taken. Ask for the bundle again.",
        "desk.chain_gap": "An act is missing before this one; nothing was taken. Import the earlier bundle first.",
        "desk.chain_fork": "A participant signed two acts with one number; both are kept as proof. Report the fork.",
        "desk.answers_unknown": "An act answers another that is not in the log; nothing was taken. Import the earlier bundle.",
        "desk.split_view": "Two signed histories contradict each other; nothing was taken. Keep the file: it is the proof.",
        "desk.bundle_ahead": "This bundle begins later than the record kept here; import the earlier one first.",
        "desk.no_checkpoint": "These acts have no checkpoint of the neutral, so they have no effect; ask for the whole bundle.",
        "desk.act_not_genuine": "Act {act} of this bundle is not genuine ({cause}); nothing was taken. Ask for it again.",
        "desk.not_closed": "The case is not closed, so nothing was destroyed; have all sign the closing first.",
        "desk.book_contradicts": "The book says two things of {line}: {one} and {other}; write one of them.",
        "desk.book_unknown_line": "Nobody ever gave the line {line}; correct it, or leave it empty for a person without a line.",
        "desk.restored": "This desk was restored from a backup; import the neutral's newest bundle, then confirm.",
        "desk.forked": "This desk's own chain is forked and must not sign; its root keys choose the branch first.",
        "desk.no_key": "No key here can sign this; name officers of a mandate in force, or unlock their keys.",
        "desk.no_such_begun": "Nothing here waits for a further signature under this name; somebody finished or withdrew it.",
        "desk.begun_overtaken": "Another act was signed here meanwhile, so this text has lost its place; begin it again.",
        "desk.not_neutral": "Only the neutral's desk keeps the log; send the bundle there.",
        "desk.not_addressed": "This file is sealed to others; it cannot be opened here.",
        "desk.sealed_until_both": "Both lists must stand in a checkpoint with all cosignatures before one is opened; wait.",
        "desk.blob_missing": "The sealed file has not arrived yet; ask the neutral for the whole bundle.",
        "desk.communique_differs": "The text in {languages} is not what the agreed figures give. Make it anew.",
        "desk.commitment_differs": "The sealed file is not what its act committed to; object to it, and show the neutral.",
        "desk.no_encryption_key": "A recipient has published no key to seal to; ask for its keys first.",
        "desk.rules_unknown": "The case went over to newer rules; this program must not sign. Install the newer version.",
        "desk.no_such_act": "There is no such act in the record; look in the log for its number.",
        "desk.other_count": "The sealed file holds another number of rows; leave the number out, the desk counts them.",
        "desk.rows_outside_terms": "Rows of these lines contradict the terms; take them off, or open them before the neutral.",
        "desk.not_named_successor": "No act names this desk's key as the new neutral; look at who was named.",
        "desk.not_three_signed": "A succession begins at the last checkpoint that every party has cosigned; name that one.",
        "desk.enrolment": "This file is no enrolment; ask for the enrolment.json that desk init writes.",
        "desk.folder": "This folder is no desk, or its settings are damaged; make one with desk init, or restore it.",
        "desk.exists": "There is a desk in this folder already; nothing was changed. Give another folder.",
        "verify.other_roots": "The founding act does not hold these root keys; see whether they belong to this case.",
        "verify.not_genuine": "This is not a genuine record: {where}, {cause}; keep the file and tell who sent it.",
        "verify.roots": "The text of root keys is not in its form; print it anew with case roots, at a desk you trust.",
    }
)
"""Every way a desk can find something broken, with one English sentence that ends in the next step."""


class DeskBroken(Broken):
    """What was given to a desk is not what it claims to be, or the desk itself must not act; facts hold no names."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)


class SplitView(DeskBroken):
    """Two histories, both signed by the neutral (``desk.split_view``); ``proof`` is the checkpoint that contradicts this copy."""

    def __init__(self, proof: bytes, **facts: Fact) -> None:
        """Keep the checkpoint, whose signature was verified."""
        self.proof = proof
        super().__init__("desk.split_view", **facts)


class NotUnderstood(Broken):
    """What somebody typed is not in the form that was asked for, or names an act that is not there."""


class WrongValue(Exception):
    """A particular of an act was not understood; ``option`` says which, ``cause`` why."""

    def __init__(self, option: str, cause: Broken) -> None:
        """Keep the particular and the cause."""
        self.option = option
        self.cause = cause
        super().__init__(option, cause.code)
