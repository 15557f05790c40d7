"""How fast is a whole exchange folded from its acts, and what do the fingerprints of the state cost?

The exchange is invented, and large: both sides ask for and offer the same number of people, answer line by line in small
acts, the neutral proposes matches and both accept, interviews and papers are recorded, readiness is declared, items are
raised and answered at the table, and the neutral enters the time after every twentieth act. Acts are made without signatures
(``bench/verify.py`` measures those); each is judged and applied by the law, and none may be void.

Twice: the fold alone, and with a fingerprint of the state after every hundredth act, as desks make one at each checkpoint.
"""

import argparse
import json
import platform
import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from parley import acts
from parley.acts import Act, Deed, Enrolled, Grant, Pair, Reply, Sealed
from parley.desk.table import full_grants
from parley.process import step
from parley.process.digest import Fingerprint, fingerprint
from parley.process.state import State
from parley.record.keys import SigningKey
from parley.words import ActId, Day, Digest, Lines, Moment, ParticipantName

ROLES = {"north": ("party", "N"), "south": ("party", "S"), "neutral": ("neutral", "X")}
OTHER = {"north": "south", "south": "north"}
CLOCK_EVERY, DIGEST_EVERY, IN_ONE_ACT = 20, 100, 1
OFFERS_FROM = 500_000
DAY, UNTIL = Day("2025-05-16"), Day("2025-06-15")


def key(name: str) -> str:
    return SigningKey.from_seed(name, sha256(name.encode()).digest()).verify_key.vkey


def counted(*what: object) -> Digest:
    return Digest(sha256(repr(what).encode()).hexdigest())


@dataclass
class Maker:
    """Acts in the making; ids are counted hashes."""

    position: int = 0
    seqs: dict[str, int] = field(default_factory=dict)
    mandates: dict[str, ActId] = field(default_factory=dict)

    def act(self, party: str, deed: Deed, *to: str, signers: Iterable[str] = (), mandate: str = "") -> Act:
        self.seqs[party] = self.seqs.get(party, 0) + 1
        sealed = (Sealed(counted("blob", self.position), counted("commit", self.position), 4096, to),) if to else ()
        made = Act(
            id=ActId(counted("act", self.position)),
            position=self.position,
            party=ParticipantName(party),
            seq=self.seqs[party],
            mandate=mandate or self.mandates[party],
            signers=frozenset(signers or (f"{party}/officer-1", f"{party}/officer-2")),
            deed=deed,
            sealed=sealed,
        )
        self.position += 1
        return made

    def clock(self) -> Act:
        minutes = self.position // CLOCK_EVERY % 1400
        now = (
            Moment(f"2025-05-16T{minutes // 60:02}:{minutes % 60:02}:00Z")
            if minutes
            else Moment("2025-05-16T00:00:00Z")
        )
        now = max(now, self.now)
        self.now = now
        return self.act("neutral", acts.RecordClock(now=now), signers=("neutral/desk",), mandate="desk")

    now: Moment = Moment("2025-05-16T00:00:00Z")


def founding(maker: Maker) -> Iterator[Act]:
    rings = {name: tuple(f"{name}/root-{number}" for number in (1, 2, 3)) for name in ROLES}
    enrolled = tuple(
        Enrolled(ParticipantName(name), role, letters, tuple(map(key, rings[name])), 2, key(f"{name}/desk"))
        for name, (role, letters) in ROLES.items()
    )
    deed = acts.FoundCase(origin="bench/log", participants=enrolled, rules=1, practice=True)
    yield maker.act("neutral", deed, signers=[one for ring in rings.values() for one in ring], mandate="root")
    yield maker.clock()
    for name, (role, _) in ROLES.items():
        mandate = acts.IssueMandate(
            officers=tuple(key(f"{name}/officer-{number}") for number in (1, 2)),
            grants=tuple(Grant(one.kinds, one.officers_needed) for one in full_grants(role)),
            not_before=Moment("2025-05-01T00:00:00Z"),
            until=Moment("2026-05-01T00:00:00Z"),
        )
        made = maker.act(name, mandate, signers=rings[name][:2], mandate="root")
        maker.mandates[name] = made.id
        yield made


def lists(maker: Maker, people: int) -> Iterator[Act]:
    for party, other in OTHER.items():
        for purpose, first in (("request", 1), ("offer", OFFERS_FROM + 1)):
            letters = ROLES[party][1]
            lines = Lines.of(f"{letters}{first}-{letters}{first + people - 1}")
            group = acts.LineGroup(lines=lines, category="soldier")
            deed = acts.HandInList(purpose=purpose, counterpart=ParticipantName(other), version=1, groups=(group,))
            made = maker.act(party, deed, f"{other}/lists", "neutral/lists")
            yield made
            yield maker.act(other, acts.AcknowledgeList(list=made.id, count=people))


def about(people: int) -> Iterator[tuple[str, str, int, int]]:
    """Yield holder, other, and so many people at a time, by number."""
    for first in range(1, people + 1, IN_ONE_ACT):
        for holder, other in OTHER.items():
            yield holder, other, first, min(first + IN_ONE_ACT - 1, people)


def span(party: str, first: int, last: int) -> Lines:
    letters = ROLES[party][1]
    return Lines.of(f"{letters}{first}-{letters}{last}" if last > first else f"{letters}{first}")


def steps(maker: Maker, people: int) -> Iterator[Act]:
    """Yield the acts line by line: replies, matches, interviews, papers, readiness, and talks in between."""
    for number, (holder, other, first, last) in enumerate(about(people)):
        requested = span(other, first, last)
        yield maker.act(holder, acts.ReplyToLines(replies=(Reply(lines=requested, code="HELD_WILL_RELEASE"),)))
        if number % 10 == 0:
            item = f"item-{number}"
            yield maker.act(other, acts.RaiseItem(item=item, title="a point of order"))
            stated = maker.act(other, acts.StatePosition(item=item, position="asks"))
            yield stated
            yield maker.act(holder, acts.AnswerPosition(item=item, position=stated.id, answer="consider"))
    for holder, other, first, last in about(people):
        pairs = tuple(
            Pair(f"{ROLES[other][1]}{one}", f"{ROLES[holder][1]}{OFFERS_FROM + one}") for one in range(first, last + 1)
        )
        yield maker.act("neutral", acts.ProposeMatch(pairs=pairs, grade="sure"))
        yield maker.act(holder, acts.AcceptMatch(pairs=pairs))
        yield maker.act(other, acts.AcceptMatch(pairs=pairs))
    for holder, _, first, last in about(people):
        offered = span(holder, OFFERS_FROM + first, OFFERS_FROM + last)
        papers = ("neutral/papers",)
        interview = acts.RecordInterview(lines=offered, day=DAY, alone=True, language="en")
        yield maker.act("neutral", interview, *papers)
        yield maker.act(holder, acts.CertifyMedically(lines=offered, day=DAY, valid_until=UNTIL), *papers)
        yield maker.act("neutral", acts.DeclareReadiness(ready=offered, not_ready=Lines(), valid_until=UNTIL))


def exchange(count: int, people: int) -> list[Act]:
    """Return so many acts of an exchange of so many people a side."""
    maker = Maker()
    made = list(founding(maker))
    present = tuple(acts.Delegation(ParticipantName(name), ("head",)) for name in OTHER)
    opening = acts.OpenSession(
        place="the bridge house", host="the host", form="direct", press="closed", delegations=present
    )
    made.append(maker.act("neutral", opening))
    made += lists(maker, people)
    for one in steps(maker, people):
        made.append(one)
        if len(made) % CLOCK_EVERY == 0:
            made.append(maker.clock())
        if len(made) >= count:
            return made[:count]
    raise SystemExit(f"{people} people a side give {len(made)} acts only")


def fold(log: list[Act], *, digests: bool) -> tuple[float, State, str]:
    """Return the seconds that the fold takes, the state at the end, and its fingerprint if one was asked for."""
    state, last = State(), None
    start = time.perf_counter()
    for act in log:
        state = step(state, act)
        if digests and state.count % DIGEST_EVERY == 0:
            last = fingerprint(state, last)
    taken = time.perf_counter() - start
    return taken, state, last.digest if isinstance(last, Fingerprint) else ""


def main() -> None:
    """Read the options, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--acts", type=int, default=50_000)
    options.add_argument("--people", type=int, default=0, help="a side (else as many as the acts need)")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    people = chosen.people or max(40, chosen.acts * IN_ONE_ACT // 14)
    log = exchange(chosen.acts, people)
    made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    rows: dict[str, dict[str, float]] = {}
    for name, digests in (("fold alone", False), (f"and a fingerprint every {DIGEST_EVERY} acts", True)):
        taken, state, _ = fold(log, digests=digests)
        if state.void:
            position, void = next(iter(state.void.items()))
            raise SystemExit(f"act {position} ({void.kind}) is void: {void.code} {dict(void.facts)}")
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
        rows[name] = {"seconds": round(taken, 2), "acts_per_second": round(len(log) / taken), "memory_mb": round(most)}
    if chosen.json:
        print(
            json.dumps(
                {"acts": len(log), "people_a_side": people, "memory_of_acts_mb": round(made), "rows": rows}, indent=1
            )
        )
        return
    print(f"{len(log):,} acts, {people:,} people a side, none void; Python {platform.python_version()}, one core\n")
    print("| what | seconds | acts a second | most memory |")
    print("|---|---:|---:|---:|")
    for name, row in rows.items():
        print(f"| {name} | {row['seconds']:.2f} | {row['acts_per_second']:,.0f} | {row['memory_mb']:.0f} MB |")
    print(f"\nThe acts themselves take {made:.0f} MB of the memory.")


if __name__ == "__main__":
    main()
