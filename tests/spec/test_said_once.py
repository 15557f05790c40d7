"""Who has agreed, signed or acknowledged does not do so twice: the second time is told, also while the first lies unsent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from parley.acts import Deed
from parley.process import judge
from parley.scenario.grammar import Paper
from parley.scenario.player import play_scene
from parley.scenario.tables import LawTable, full_names
from parley.words import ParticipantName, Refusal
from tests.spec.test_spec import SCENES

SAID_ONCE: Final = frozenset(
    {
        "accept_match",
        "acknowledge_list",
        "acknowledge_route",
        "agree_batches",
        "agree_group",
        "agree_number_sheet",
        "agree_terms",
        "answer_date_and_place",
        "answer_substitution",
        "close",
        "close_batch",
        "commit_seed",
        "compose_batches",
        "confirm_erasure",
        "depart",
        "give_final_reply",
        "propose_date_and_place",
        "reveal_seed",
        "sign_final_list",
        "sign_joint_record",
    }
)


class _Twice(LawTable):
    """A table that asks the law, after every such act, about the very same act once more."""

    again: set[str]
    asked: set[str]

    def do(
        self,
        who: ParticipantName,
        deed: Deed,
        *,
        signers: Sequence[str] | None = None,
        anyway: bool = False,
        sealed: Sequence[Paper] = (),
    ) -> Refusal | None:
        refusal = super().do(who, deed, signers=signers, anyway=anyway, sealed=sealed)
        if refusal is None and deed.kind in SAID_ONCE:
            self.asked.add(deed.kind)
            if judge(self.state, self._act(who, deed, full_names(who, signers), sealed)) is None:
                self.again.add(deed.kind)
        return refusal


def test_what_was_agreed_signed_or_acknowledged_is_not_said_twice() -> None:
    _Twice.again, _Twice.asked = set(), set()
    for _, scene in SCENES:
        play_scene(scene, _Twice)
    assert not _Twice.again
    assert _Twice.asked == SAID_ONCE
