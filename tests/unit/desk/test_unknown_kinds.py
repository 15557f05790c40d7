"""No desk writes a mandate for a kind of act that does not exist; the law, which every checker shares, would let it pass."""

from dataclasses import replace

from parley.acts import Grant, IssueMandate
from parley.desk.table import full_grants, sit_down
from parley.words import Moment, Refusal


def test_a_mandate_for_a_kind_that_does_not_exist_is_not_written() -> None:
    north = sit_down(now=lambda: Moment("2025-05-16T09:00:00Z"))["north"]
    (mandate,) = (one for one in north.state.authority.mandates.values() if one.party == "north")
    deed = IssueMandate(
        officers=tuple(mandate.officers.values()),
        grants=(*full_grants("party"), Grant(("suspend", "win_the_war"), 1)),
        not_before=mandate.not_before,
        until=mandate.until,
    )
    slip = Refusal("contact.kind_not_grantable", {"kind": "win_the_war"})
    assert north.judge(deed) == slip
    assert north.sign(deed) == slip
    assert north.judge(replace(deed, grants=full_grants("party"))) is None
