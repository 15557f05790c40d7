"""Offers about lists: handing in, replies, objections, final lists, substitutions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers.meant import NOBODYS, Offer, few, giving_side, newest, next_line, other_party
from parley.process import agreed, lines, lists
from parley.process.state import State
from parley.words import LineId, Lines, ParticipantName


def _hand_in_list(state: State, who: ParticipantName) -> Deed:
    other = other_party(state, who)
    missing = [one for one in acts.LIST_PURPOSES if lists.latest_version(state, who, other, one) is None]
    purpose = missing[0] if missing else acts.LIST_PURPOSES[0]
    previous = lists.latest_version(state, who, other, purpose)
    kept = previous.lines.ranges if previous is not None else ()
    group = acts.LineGroup(lines=Lines.of(*kept, next_line(state, who)), category="soldiers")
    version = previous.version + 1 if previous is not None else 1
    return acts.HandInList(purpose=purpose, counterpart=other, version=version, groups=(group,))


def _addressed(state: State, who: ParticipantName, purpose: str = "") -> list[Any]:
    found = [state.lists.versions[key] for key in state.lists.latest.values()]
    return sorted((one for one in found if one.counterpart == who and purpose in ("", one.purpose)), key=_position)


def _position(one: Any) -> int:  # noqa: ANN401 - whatever knows its place in the log
    return int(one.position)


def _acknowledge_list(state: State, who: ParticipantName) -> Deed:
    """Offer the newest version of a list, never one that it took the place of; of several lists the first still to do."""
    found = _addressed(state, who)
    fresh = [one for one in found if who not in one.acknowledged_by] or found[-1:]
    return acts.AcknowledgeList(list=fresh[0].id if fresh else NOBODYS, count=len(fresh[0].lines) if fresh else 0)


def _unanswered(state: State, who: ParticipantName) -> Iterator[LineId]:
    for line, one in state.lists.lines.items():
        if one.holder == who and one.purpose == "request" and one.reply is None and not one.dropped:
            yield line


def _reply(state: State, who: ParticipantName) -> Deed:
    held = list(_unanswered(state, who)) or [line for line, one in state.lists.lines.items() if one.holder == who][:1]
    return acts.ReplyToLines(replies=(acts.Reply(lines=few(held, 0), code="HELD_WILL_RELEASE"),))


def _object_to_lines(state: State, who: ParticipantName) -> Deed:
    fixed = lists.frozen_set(state, other_party(state, who))
    mine = [line for line, one in state.lists.lines.items() if one.receiver == who and line not in fixed]
    denied = [line for line in mine if lists.reply_of(state, line) not in ("", *lines.RELEASING)]
    return acts.ObjectToLines(lines=few(denied or mine), ground="held_by_evidence", evidence="none")


def _final_reply(state: State, who: ParticipantName) -> Deed:
    found = _addressed(state, who, "request")
    fresh = [one.id for one in found if not one.answered]
    return acts.GiveFinalReply(list=newest(fresh or [one.id for one in found]))


def _sign_final_list(state: State, who: ParticipantName) -> Deed:
    """Offer what another party signed and this one did not; else one's own people who may go, as many as are owed."""
    for final in state.lists.finals.values():
        theirs = [signed for name, signed in final.signed.items() if name != who]
        if theirs and final.signed.get(who) != theirs[-1] and final.frozen is None:
            return acts.SignFinalList(giving=final.giving, receiving=final.receiving, lines=theirs[-1])
    parties = state.authority.parties
    open_ones = [one for one in parties if lines.frozen(state, one) is None and not _signed(state, who, one)]
    giving = who if who in open_ones or not open_ones else open_ones[0]
    going = [line for line in lines.giving_lines(state, giving) if lists.reply_of(state, line) in lines.RELEASING]
    least, most = agreed.owed(state).get(giving, (0, None))
    wanted = max(least, 1) if most is None else most
    return acts.SignFinalList(giving=giving, receiving=other_party(state, giving), lines=few(going, wanted))


def _signed(state: State, who: ParticipantName, giving: ParticipantName) -> bool:
    return any(final.giving == giving and who in final.signed for final in state.lists.finals.values())


def _request_substitution(state: State, who: ParticipantName) -> Deed:
    giving = giving_side(state, who)
    going = lines.frozen(state, giving) or Lines()
    placed = lists.frozen_set(state, giving)
    spare = [line for line in lines.giving_lines(state, giving) if line not in placed]
    return acts.RequestSubstitution(out=few(going), into=few(spare), reason="not_ready")


def _answer_substitution(state: State, who: ParticipantName) -> Deed:
    waiting = [key for key, one in state.lists.substitutions.items() if not one.answer]
    fresh = [key for key in waiting if state.lists.substitutions[key].asked_by != who]
    return acts.AnswerSubstitution(request=newest(fresh or waiting or state.lists.substitutions), answer="accept")


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.HandInList: _hand_in_list,
    acts.AcknowledgeList: _acknowledge_list,
    acts.ReplyToLines: _reply,
    acts.ObjectToLines: _object_to_lines,
    acts.GiveFinalReply: _final_reply,
    acts.SignFinalList: _sign_final_list,
    acts.RequestSubstitution: _request_substitution,
    acts.AnswerSubstitution: _answer_substitution,
}
