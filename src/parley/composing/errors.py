"""Everything that can be wrong with a policy, a pool of people or a lottery, each with its code and place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parley.words import Broken, Fact

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "policy.not_toml": "This policy is no TOML; mend line {line}.",
        "policy.unknown_key": "The policy has a key that means nothing here; remove {key} (line {line}), or mend its spelling.",
        "policy.missing": "The policy does not say {key}; add it (line {line}).",
        "policy.wrong_kind": "The value of {key} is of the wrong kind; give {wanted} (line {line}).",
        "policy.float": "{key} holds a broken number; give a whole one (line {line}).",
        "policy.out_of_range": "The value of {key} is outside what is possible; give {wanted} (line {line}).",
        "policy.predicate": "The condition in {key} is not understood at character {at}; see the words of a condition.",
        "policy.unknown_field": "{key} asks for a column that the pool does not have; name one of its columns (line {line}).",
        "policy.names_a_person": "{key} names a person; only [[named]] may, by a code (line {line}).",
        "policy.contradiction": "{key} asks for more than it allows; mend its numbers (line {line}).",
        "pool.unreadable": "This pool is no table that can be read here; save it as .csv in UTF-8.",
        "pool.no_rows": "There is nobody in the pool; check the file.",
        "pool.column_unknown": "Column {column} is not known here; remove it, or declare it under [pool] in the policy.",
        "pool.column_missing": "Column {column} is missing; add it.",
        "pool.column_double": "Column {column} stands there twice; remove one.",
        "pool.code_malformed": "The code in row {row} is malformed; write letters, digits and hyphens.",
        "pool.code_double": "The code in row {row} stands in an earlier row too; give each person one row.",
        "pool.value_wrong": "Row {row} holds something else than {wanted} in column {column}; mend it.",
        "pool.side_unknown": "Row {row} names a side that the policy does not have; mend it.",
        "pool.site_unknown": "Row {row} names a place that the policy does not have; mend one of the two.",
        "pool.date_in_future": "Row {row} has a date in column {column} after the policy's date; mend it.",
        "pool.veto_without_reason": "Row {row} is vetoed without a reason code; give one.",
        "pool.named_missing": "A person named in the policy is not in the pool; check entry {entry} of [[named]].",
        "panel.file_malformed": "{file} cannot be read in row {row}; give the columns {wanted}.",
        "panel.quota_contradiction": "The quotas of {category} cannot hold together; mend the numbers in row {row}.",
        "panel.unknown_feature": "Row {row} holds a feature that no quota names, in {column}; add the quota or mend the row.",
        "panel.seats": "As many seats cannot be filled: {seats} of {people} people; give another number.",
        "composing.infeasible": "No lists fulfil the policy; see which clauses cannot hold together: {clauses}.",
        "composing.unproven": "The work allowed ran out before {stage} was proven best; allow more work.",
        "composing.failed_recheck": "A list broke {row} when each row was checked again; nothing was written, report it.",
        "composing.lead_too_large": "A convoy would put one side {lead} ahead, more than the {most} agreed; use smaller convoys.",
        "composing.other_lines": "The pool and the final lists hold other people, as {line} shows; take the right pool.",
        "composing.other_policy": "This is not the policy that the composition names; take the agreed one.",
        "composing.redo_differs": "Redoing the draw gives other people in batch {batch}; do not agree, and compare the pools.",
        "composing.moved_on": "The record has moved on since this was composed; compose again.",
        "composing.no_such_code": "Nobody in the pool has this code; check it.",
        "composing.not_swappable": "These two cannot change places: {row} would be broken; choose others.",
        "draw.files_missing": "{file} is missing or no file of a lottery; compose first.",
        "draw.changed": "{file} is not the file that was committed to; fetch the committed one.",
        "draw.reveal_wrong": "The seed of {name} is not what was committed to; ask for the right one.",
        "draw.too_few": "The draw needs a committed seed from everybody; {name} is missing.",
        "draw.beacon_wrong": "The beacon's file is of round {found}, not of the round named beforehand; fetch round {wanted}.",
        "draw.dice_wrong": "Dice are numbers from 1 to 6, at least {least} of them; throw and read them again.",
    }
)
"""Every way composing can say no, with one English sentence that ends in the next step."""


class ComposingBroken(Broken):
    """A policy, pool or lottery is not what it must be; facts name file, line, row and column, never a person."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)
