"""Bodies of acts as plain JSON: what is written is read back, and what has another form is never half understood."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.acts import BY_KIND, Act, AgreeTerms, Deed, HandInList, LineGroup
from parley.desk.ledger import to_act
from parley.forms import MOST_ITEMS, MOST_TEXT, FormBroken, from_body, plain, to_body
from parley.process import step
from parley.record.envelope import Envelope, Seen, SignedAct
from parley.scenario.grammar import ScenarioBroken
from parley.scenario.player import play
from parley.scenario.tables import LawTable
from parley.scenario.verbs import VERBS
from parley.words import ActId, Digest, Lines, Moment, ParticipantName

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "N1", "N1-N3", "north", "2025-05-23"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["lines", "code", "x"]), inner),
    max_leaves=8,
)


def deeds() -> tuple[Deed, ...]:
    """Return one deed of every verb, as its example makes it against the usual batches."""
    made: list[Deed] = []
    for verb in VERBS:
        try:
            (report,) = play(f"given batches\n{verb.example} ! logged.anyway", anyway=True)
        except ScenarioBroken:
            continue
        assert isinstance(report.table, LawTable)
        made.append(report.table.log[-1].deed)
    return tuple({deed.kind: deed for deed in made}.values())


DEEDS = deeds()


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.kind)
def test_what_is_written_is_read_back(deed: Deed) -> None:
    body = json.loads(json.dumps(to_body(deed)))
    assert from_body(deed.kind, body) == deed
    assert json.loads(json.dumps(plain(deed)))["kind"] == deed.kind


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.kind)
def test_a_field_too_many_makes_the_whole_body_malformed(deed: Deed) -> None:
    with pytest.raises(FormBroken, match=r"form\.malformed"):
        from_body(deed.kind, {**to_body(deed), "and": 1})


@pytest.mark.parametrize(
    "groups",
    [
        None,
        {},
        [{"lines": ["N1"]}],
        [{"lines": "N1", "category": "military"}],
        [{"lines": ["N2", "N1"], "category": "military"}],
        [{"lines": ["N1", "N2"], "category": "military"}],
        [{"lines": ["n1"], "category": "military"}],
        [{"lines": ["N1-N900000"], "category": "military"}],
        [{"lines": ["N1"], "category": 1}],
        [{"lines": ["N1"], "category": "x" * (MOST_TEXT + 1)}],
        [{"lines": ["N1"], "category": "military"}] * (MOST_ITEMS + 1),
    ],
)
def test_lists_of_another_form_are_malformed(groups: Any) -> None:
    deed = HandInList(
        purpose="offer",
        counterpart=ParticipantName("south"),
        version=1,
        groups=(LineGroup(lines=Lines.of("N1"), category="military"),),
    )
    with pytest.raises(FormBroken, match=r"form\.malformed"):
        from_body(deed.kind, {**to_body(deed), "groups": groups})


@pytest.mark.parametrize("wrong", [True, 7, None, ["x"]])
def test_truth_is_no_number_and_a_number_is_no_text(wrong: Any) -> None:
    with pytest.raises(FormBroken, match=r"form\.malformed"):
        from_body("agree_terms", {"terms": wrong})


@given(st.sampled_from(sorted(BY_KIND)), st.dictionaries(st.text(max_size=12), JSON, max_size=5))
def test_any_body_is_a_deed_or_malformed(kind: str, body: dict[str, Any]) -> None:
    try:
        deed = from_body(kind, body)
    except FormBroken:
        return
    assert from_body(kind, to_body(deed)) == deed


def signed(kind: str, body: dict[str, Any]) -> Act:
    envelope = Envelope(
        answers=(),
        body=body,
        case="practice-1",
        kind=kind,
        mandate="",
        party=ParticipantName("north"),
        prev=ActId("0" * 64),
        sealed=(),
        seen=Seen(root=Digest(""), size=0, state=Digest("")),
        seq=2,
        time=Moment("2025-05-16T09:00:00Z"),
    )
    return to_act(SignedAct(ActId("a" * 64), envelope, b"", (), b""), 0)


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("win_the_war", {}, "form.unknown_kind"),
        ("agree_terms", {"terms": 7}, "form.malformed"),
        ("agree_terms", {}, "form.malformed"),
    ],
)
def test_attack_a_genuine_act_with_a_body_that_is_none_is_void(kind: str, body: dict[str, Any], code: str) -> None:
    (report,) = play("given terms")
    state = report.table.state
    act = replace(signed(kind, body), position=state.count)
    after = step(state, act)
    assert after.void[act.position].code == code
    assert after.terms == state.terms


def test_a_value_without_a_plain_form_is_our_own_mistake() -> None:
    with pytest.raises(TypeError):
        plain(1.5)
    assert plain(AgreeTerms(terms=ActId("x"))) == {"kind": "agree_terms", "terms": "x"}
