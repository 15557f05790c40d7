"""The first part of the practice exchange: desks and mandates, the session of talks, the terms with no date."""

from __future__ import annotations

from typing import Final

from parley import acts
from parley.clauses import Category, Clause, Criterion, FixedNumbers, Publicity, Readiness, Tranches
from parley.desk import Attachment
from parley.desk.folder import founding_text, make_folder, open_folder, read_enrolment
from parley.desk.table import LAST_DAY, THRESHOLD, USUAL, full_grants
from parley.practice.exchange import GROUP, PASSPHRASE, SCRYPT, Exchange
from parley.process.contact import RULES_VERSION
from parley.record.note import sign
from parley.words import Day, Moment, ParticipantName, Refusal

AGENDA: Final = (
    ("exchange", "exchange of prisoners in equal numbers", "north", "offers", "agree"),
    ("cease_fire", "unconditional cease-fire", "north", "asks", "consider"),
    ("leaders", "meeting of the leaders", "north", "asks", "consider"),
    ("territory", "withdrawal from territory", "south", "asks", "decline"),
    ("next_round", "next round when positions are written down", "south", "offers", "reserve"),
)
"""Item, title, who states a position, which, and what the other answers."""


def contact(exchange: Exchange) -> None:
    """Make the desks, found the case, issue mandates, publish keys."""
    for seat in USUAL:
        exchange.tell(f"a desk for {seat.name}: its own folder, keys and record", 0, 0)
        folder = make_folder(
            exchange.folder / seat.name,
            name=seat.name,
            role=seat.role,
            letters=seat.letters,
            passphrase=lambda _: PASSPHRASE,
            practice=True,
            work_factor=SCRYPT,
        )
        exchange.desks[seat.name] = open_folder(
            folder, unlock_with=lambda _: PASSPHRASE, files=folder.key_names, now=exchange.clock.now
        )
    enrolled = [read_enrolment((exchange.folder / seat.name / "enrolment.json").read_bytes()) for seat in USUAL]
    text = founding_text(
        "practice-reference",
        [one for one, _, _ in enrolled],
        origin="neutral/practice-reference",
        rules=RULES_VERSION,
        practice=True,
        time=exchange.clock.now(),
    )
    desks = exchange.desks.values()
    roots = [key for desk in desks for name, key in sorted(desk.keys.signers.items()) if "/root-" in name]
    exchange.desks["neutral"].enter_founding(sign(text, roots))
    exchange.carry()
    for one, officers, _ in enrolled:
        mandate = acts.IssueMandate(
            officers=officers,
            grants=full_grants(one.role),
            not_before=Moment("2025-05-15T00:00:00Z"),
            until=LAST_DAY,
            most_persons=exchange.per_side if one.role == "party" else 0,
        )
        at_the_table = [f"{one.name}/root-{number}" for number in range(1, THRESHOLD + 1)]
        assert not isinstance(exchange.desks[one.name].sign(mandate, signers=at_the_table), Refusal)
    exchange.carry()
    for one, _, rooms in enrolled:
        exchange.do(one.name, acts.PublishEncryptionKeys(keys=rooms))
    exchange.carry()
    exchange.tell("the case is founded by every root key; officers have mandates; keys to seal to are published", 0, 0)


def talks(exchange: Exchange) -> None:
    """Hold the first session: items agreed, considered, reserved and declined, and no date."""
    exchange.go_on_to("2025-05-16T10:00:00+00:00")
    mandates = {one.party: one.id for one in exchange.desks["neutral"].state.authority.mandates.values()}
    delegations = tuple(
        acts.Delegation(ParticipantName(name), ("head of delegation", "deputy head"), mandates[ParticipantName(name)])
        for name in exchange.parties
    )
    session = acts.OpenSession(
        place="Istanbul",
        host="foreign minister of the host state",
        form="direct",
        press="open_then_closed",
        delegations=delegations,
    )
    exchange.do("neutral", session)
    exchange.carry()
    for item, title, author, position, answer in AGENDA:
        other = exchange.other(author)
        exchange.do("neutral", acts.RaiseItem(item=item, title=title))
        exchange.carry()
        words = exchange.text(title, f"{other}/papers", "neutral/papers")
        stated = exchange.do(author, acts.StatePosition(item=item, position=position), sealed=[words])
        exchange.carry()
        exchange.do(other, acts.AnswerPosition(item=item, position=stated, answer=answer))
        exchange.carry()
        exchange.tell(f"{title}: {author} {position}, {other} answers: {answer}", 0, 0)
    exchange.clock.pass_(minutes=110)
    exchange.do("neutral", acts.CloseSession(minutes=110))
    exchange.carry()


def terms(exchange: Exchange) -> None:
    """Agree on the numbers, the stages and what the words mean, with no date."""
    proposal = acts.ProposeTerms(
        clauses=_clauses(exchange), unit="person", count_point="handed_over", languages=("en",), prevailing="en"
    )
    proposed = exchange.do("north", proposal, sealed=[_prose(exchange)])
    exchange.carry()
    exchange.do("south", acts.AgreeTerms(terms=proposed))
    exchange.carry()
    exchange.tell(f"{exchange.per_side:,} for {exchange.per_side:,} agreed by both; no date agreed", 0, 0)


def _prose(exchange: Exchange) -> Attachment:
    words = f"Each side gives {exchange.per_side} people in {len(exchange.sizes)} stages, in the near future."
    return exchange.text(words, "north/papers", "south/papers", "neutral/papers")


def _clauses(exchange: Exchange) -> tuple[Clause, ...]:
    both = [ParticipantName(name) for name in exchange.parties]
    return (
        FixedNumbers(clause="c1", gives=dict.fromkeys(both, exchange.per_side)),
        _category("c2", "soldier", "prisoner_of_war"),
        _category("c3", "civilian", "civilian"),
        Tranches(
            clause="c4",
            sizes=tuple(dict.fromkeys(both, size) for size in exchange.sizes),
            parity="each",
            most_ahead=GROUP,
        ),
        Readiness(clause="c5"),
        Publicity(clause="c6", item="numbers", rule="after_completion", hours=0),
    )


def _category(clause: str, name: str, status: str) -> Category:
    return Category(
        clause=clause,
        category=name,
        criteria=(Criterion("status", "is", status),),
        reference=Day("2025-05-16"),
        cut_off=Day("2025-05-16"),
        certifier="neutral",
    )
