"""The middle of the practice exchange: lists as spreadsheets, replies, matches, interviews, final lists, a draw, batches."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Final

from parley import acts
from parley.desk import Attachment
from parley.desk.composing_batches import check_by_redoing, compose_case
from parley.practice.exchange import CHUNK, Exchange
from parley.practice.people import invent
from parley.record.commitment import Row, salt_rows
from parley.registers.matching import Alike, match_people
from parley.registers.sheet import Person, read_people, write_people
from parley.words import Day, Digest, LineId, Lines, ParticipantName

SPARE: Final = 4
"""Of so many people per hundred more than are needed, an offer list is made; the spare ones replace who is not ready."""
NOT_HELD: Final = (
    {"code": "NO_RECORD"},
    {"code": "IN_SEARCH"},
    {"code": "HELD_WITHHELD", "reason": "criminal_proceedings"},
    {"code": "DEAD"},
    {"code": "RELEASED_EARLIER", "day": Day("2024-05-31")},
    {"code": "NOT_HELD"},
    {"code": "TRANSFERRED", "to": "hospital"},
)
"""What the holder answers, in turn, for people who are asked for and not offered."""


def lists(exchange: Exchange) -> None:
    """Hand in four lists as spreadsheets, open them when both sides have committed, reply, and find who stands on two."""
    exchange.go_on_to("2025-05-20T09:00:00+00:00")
    for holder in exchange.parties:
        _write_sheets(exchange, holder)
    for author in exchange.parties:
        for purpose in acts.LIST_PURPOSES:
            _hand_in(exchange, author, purpose)
    exchange.carry()
    for author, purpose in exchange.lists:
        act, people = exchange.lists[author, purpose]
        opened = exchange.desks[exchange.other(author)].open(act)
        exchange.do(exchange.other(author), acts.AcknowledgeList(list=act, count=len(opened)))
        exchange.tell(
            f"{author} {purpose} list: {len(people):,} lines, sealed, committed to by both, opened, acknowledged", 0, 0
        )
    exchange.carry()
    for holder in exchange.parties:
        _reply(exchange, holder)
    exchange.carry()
    for holder in exchange.parties:
        _match(exchange, holder)


def _write_sheets(exchange: Exchange, holder: str) -> None:
    """Write the offer list of one side and the request list of the other, as their offices would, into their folders."""
    other = exchange.other(holder)
    spare = max(8, exchange.per_side * SPARE // 100)
    civilians = exchange.civilians + max(3, spare // 4)
    held = invent(exchange.per_side + spare, civilians=civilians, power=other, holder=holder, seed=exchange.seed)
    sought = [one for number, one in enumerate(held) if number % 10 != 0]  # one in ten was never notified
    many = max(7, exchange.per_side // 12)
    sought += invent(many, civilians=1, power=other, holder=holder, seed=exchange.seed + 1)
    offered = list(held)
    exchange.dice.shuffle(offered)
    exchange.dice.shuffle(sought)
    offer = (one.offered(line) for one, line in zip(offered, _lines(exchange, holder, 10_000), strict=False))
    request = (one.sought(line) for one, line in zip(sought, _lines(exchange, other, 0), strict=False))
    write_people(_sheet(exchange, holder, "offer"), offer)
    write_people(_sheet(exchange, other, "request"), request)


def _sheet(exchange: Exchange, author: str, purpose: str) -> Path:
    return exchange.folder / author / f"{purpose}-list.xlsx"


def _lines(exchange: Exchange, author: str, first: int) -> Iterator[str]:
    letters = exchange.desks[author].state.authority.participants[ParticipantName(author)].letters
    return (f"{letters}{number}" for number in count(first + 1))


def _hand_in(exchange: Exchange, author: str, purpose: str) -> None:
    people = read_people(_sheet(exchange, author, purpose))
    other = exchange.other(author)
    rows = salt_rows((one.line, dict(one.fields)) for one in people)
    groups = tuple(
        acts.LineGroup(
            lines=Lines.among(LineId(one.line) for one in people if one.fields["category"] == category),
            category=category,
        )
        for category in ("civilian", "soldier")
    )
    deed = acts.HandInList(purpose=purpose, counterpart=ParticipantName(other), version=1, groups=groups)
    act = exchange.do(author, deed, sealed=[Attachment(rows, (f"{other}/lists", "neutral/lists"))])
    exchange.lists[author, purpose] = (act, people)


def _as_opened(exchange: Exchange, reader: str, author: str, purpose: str) -> list[Person]:
    """Return a list as a reader's desk opens it: from the sealed file, not from the author's spreadsheet."""
    act, _ = exchange.lists[author, purpose]
    rows = exchange.desks[reader].open(act)
    return [
        Person(row.line, {name: str(value) for name, value in row.values.items()})
        for row in rows
        if isinstance(row, Row)
    ]


def _reply(exchange: Exchange, holder: str) -> None:
    """Answer each line of the other's request list with a code, by comparing with one's own offer list."""
    other = exchange.other(holder)
    act, _ = exchange.lists[other, "request"]
    requested = _as_opened(exchange, holder, other, "request")
    _, offered = exchange.lists[holder, "offer"]
    found = {pair.first for pair in _proposed(match_people(requested, offered))}
    absent = [one.line for one in requested if one.line not in found]
    replies = [acts.Reply(lines=Lines.of(*found), code="HELD_WILL_RELEASE")]
    for number, answer in enumerate(NOT_HELD):
        lines = absent[number :: len(NOT_HELD)]
        if lines:
            replies.append(acts.Reply(lines=Lines.of(*lines), **answer))  # type: ignore[arg-type]
    exchange.do(holder, acts.ReplyToLines(replies=tuple(replies)))
    exchange.do(holder, acts.GiveFinalReply(list=act))
    exchange.tell(f"{holder} replies: {len(found):,} held and to be released, {len(absent):,} with other codes", 0, 0)


def _match(exchange: Exchange, holder: str) -> None:
    """Have the neutral say which request lines and offer lines are one person; both sides judge, and accept."""
    other = exchange.other(holder)
    requested = _as_opened(exchange, "neutral", other, "request")
    offered = _as_opened(exchange, "neutral", holder, "offer")
    alike = match_people(requested, offered)
    pairs = [acts.Pair(one.first, one.second) for one in _proposed(alike)]
    left = len(alike) - len(pairs)
    if left:
        exchange.tell(f"people held by {holder}: {left:,} more pairs that may be one person are left to people", 0, 0)
    for start in range(0, len(pairs), CHUNK):
        chunk = tuple(pairs[start : start + CHUNK])
        exchange.do("neutral", acts.ProposeMatch(pairs=chunk, grade="sure"))
        exchange.carry()
        exchange.all_do(exchange.parties, acts.AcceptMatch(pairs=chunk))
        exchange.carry()
        exchange.tell(f"people held by {holder} found on both lists", min(start + CHUNK, len(pairs)), len(pairs))


def _proposed(found: Sequence[Alike]) -> list[Alike]:
    """The pairs that are proposed, each line once; a line with two such pairs is left to people."""
    sure = [one for one in found if one.zone == "propose"]
    times = Counter(line for one in sure for line in (one.first, one.second))
    return [one for one in sure if times[one.first] == times[one.second] == 1]


def verification(exchange: Exchange) -> None:
    """Interview, examine, clear; who is not ready is replaced; the final lists are signed by both."""
    exchange.go_on_to("2025-05-21T08:00:00+00:00")
    until, day = Day("2025-06-15"), Day("2025-05-21")
    for holder in exchange.parties:
        _, people = exchange.lists[holder, "offer"]
        lines = Lines.among(LineId(one.line) for one in people)
        to_neutral = ("neutral/papers",)
        interview = acts.RecordInterview(lines=lines, day=day, alone=True, language="own")
        exchange.do("neutral", interview, sealed=[exchange.text("what was said", *to_neutral)])
        papers = exchange.text("certificates", *to_neutral)
        exchange.do("neutral", acts.CertifyMedically(lines=lines, day=day, valid_until=until), sealed=[papers])
        papers = exchange.text("clearances", *to_neutral)
        exchange.do(holder, acts.ClearLegally(lines=lines, day=day, valid_until=until), sealed=[papers])
        exchange.carry()
        not_ready = [LineId(one.line) for one in people[:: max(2, len(people) // 3)]][:2]
        ready = [LineId(one.line) for one in people if LineId(one.line) not in not_ready]
        declared = acts.DeclareReadiness(ready=Lines.among(ready), not_ready=Lines.among(not_ready), valid_until=until)
        exchange.do("neutral", declared)
        exchange.carry()
        chosen = _choose(exchange, people, set(ready))
        for signer in exchange.parties:
            final = acts.SignFinalList(
                giving=ParticipantName(holder),
                receiving=ParticipantName(exchange.other(holder)),
                lines=Lines.among(chosen),
            )
            exchange.do(signer, final)
            exchange.carry()
        exchange.tell(f"final list of {holder}: {len(chosen):,} people, ready, signed by both", 0, 0)
    _substitute(exchange)


def _choose(exchange: Exchange, people: Sequence[Person], ready: set[LineId]) -> list[LineId]:
    """Take as many ready people of each category as were agreed, in the order of the list; keep the rest in reserve."""
    holder = "north" if people[0].line.startswith("N") else "south"
    left = {"civilian": exchange.civilians, "soldier": exchange.per_side - exchange.civilians}
    chosen: list[LineId] = []
    spare: list[LineId] = []
    for one in people:
        line, category = LineId(one.line), one.fields["category"]
        if line in ready and left[category]:
            left[category] -= 1
            chosen.append(line)
        elif line in ready and category == "soldier":
            spare.append(line)
    exchange.reserve[holder] = spare
    return chosen


def _substitute(exchange: Exchange) -> None:
    """One soldier of the north's list is not ready after all: the south is asked for a substitution, and accepts."""
    desk = exchange.desks["north"]
    frozen = desk.state.lists.finals
    lines = next(one.frozen for one in frozen.values() if one.giving == "north")
    assert lines is not None
    out = next(line for line in lines if desk.state.lists.lines[line].category == "soldier")
    into = exchange.reserve["north"].pop(0)
    exchange.do("neutral", acts.DeclareReadiness(ready=Lines(), not_ready=Lines.of(out), valid_until=Day("2025-06-15")))
    exchange.carry()
    request = exchange.do("north", acts.RequestSubstitution(out=Lines.of(out), into=Lines.of(into), reason="not_ready"))
    exchange.carry()
    exchange.do("south", acts.AnswerSubstitution(request=request, answer="accept"))
    exchange.carry()
    exchange.tell("one person not ready after the freeze: replaced, asked and accepted", 0, 0)


def batches(exchange: Exchange) -> None:
    """Compose the stages under the policy, drawn by seeds that nobody chose alone; both sides redo it before they agree."""
    exchange.go_on_to("2025-05-22T08:00:00+00:00")
    seeds = {name: secrets.token_bytes(32) for name in exchange.desks}
    for name, seed in seeds.items():
        exchange.do(name, acts.CommitSeed(commitment=Digest(sha256(seed).hexdigest())))
    exchange.carry()
    for name, seed in seeds.items():
        exchange.do(name, acts.RevealSeed(seed=seed.hex()))
    exchange.carry()
    policy = agreed_policy(exchange)
    (exchange.folder / "policy.toml").write_bytes(policy)
    found = compose_case(exchange.desks["south"].state, policy)
    deed = acts.ComposeBatches(batches=found.plans, policy=found.policy, drawn=True)
    composition = exchange.do("south", deed)
    exchange.carry()
    for name in exchange.parties:
        check_by_redoing(exchange.desks[name], composition, policy)
        exchange.do(name, acts.AgreeBatches(composition=composition))
        exchange.carry()
    shown = " / ".join(f"{size:,}" for size in exchange.sizes)
    said = f"{len(found.plans)} stages agreed: {shown} a side, the civilians in the first; drawn, and redone by both"
    exchange.tell(said, 0, 0)


def agreed_policy(exchange: Exchange) -> bytes:
    """Return the agreed policy: so many in each stage, the civilians first, everybody else by lot."""
    return (
        "date = 2025-05-22\n\n"
        "[exchange]\n"
        f"sides = [{', '.join(json.dumps(name) for name in exchange.parties)}]\n"
        f"batches = {list(exchange.sizes)}\n\n"
        "[[priority]]\n"
        'name = "civilians"\n'
        "when = \"civilian == 'yes'\"\n"
        "earliest = true\n"
    ).encode()
