"""The three days of the practice exchange: dates, routes, buses, groups at the crossing, three counts, what was lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from parley import acts
from parley.briefings.paper_words import paper_words
from parley.desk.point import printed_manifests
from parley.handover.papers import digest
from parley.practice.counting import Point
from parley.practice.exchange import GROUP, SEATS_OF_A_BUS, Exchange
from parley.words import LineId, Lines, Moment, ParticipantName

LOSSES: Final[Mapping[tuple[int, str], tuple[str, ...]]] = {
    (1, "south"): ("NOT_PRESENTED", "MEDICAL_DIVERSION"),
    (1, "north"): ("DECLINED_AT_POINT",),
    (2, "south"): ("IDENTITY_NOT_CONFIRMED",),
    (3, "north"): ("NOT_PRESENTED",),
}
"""By stage and giving side, what goes wrong for one person each; only where a stage has room for it."""
AT_BOARDING: Final = frozenset({"NOT_PRESENTED", "MEDICAL_DIVERSION"})


def handover(exchange: Exchange) -> None:
    """Carry out every stage on its own day."""
    for stage in range(1, len(exchange.sizes) + 1):
        _stage(exchange, stage)


def _stage(exchange: Exchange, stage: int) -> None:
    day = f"2025-05-{22 + stage}"
    plan = {
        name: list(exchange.desks[name].state.batches.plans[stage].gives[ParticipantName(name)])
        for name in exchange.parties
    }
    lost = {name: dict(zip(plan[name][-2:], LOSSES.get((stage, name), ()), strict=False)) for name in exchange.parties}
    _agree_on_date(exchange, stage, day)
    _routes(exchange, stage, day)
    for name in exchange.parties:
        _board(exchange, stage, name, plan[name], lost[name])
    exchange.carry()
    point = Point(exchange, stage)
    for name in exchange.parties:
        _print(exchange, stage, name, point)
    exchange.carry()
    _drive(exchange, stage, day, {name: len(plan[name]) - _stayed(lost[name]) for name in exchange.parties})
    _cross(exchange, stage, plan, lost, point)
    _count(exchange, lost, point)
    _close(exchange, stage, plan, point)
    _look_again(exchange, plan, lost)


def _stayed(lost: Mapping[LineId, str]) -> int:
    return sum(1 for code in lost.values() if code in AT_BOARDING)


def _agree_on_date(exchange: Exchange, stage: int, day: str) -> None:
    exchange.go_on_to(f"2025-05-{21 + stage}T18:00:00+00:00")
    proposal = exchange.do(
        "neutral",
        acts.ProposeDateAndPlace(
            batch=stage,
            opens=Moment(f"{day}T08:00:00Z"),
            closes=Moment(f"{day}T20:00:00Z"),
            place="crossing A",
            answer_by=Moment(f"2025-05-{21 + stage}T22:00:00Z"),
        ),
    )
    exchange.carry()
    exchange.all_do(exchange.parties, acts.AnswerDateAndPlace(proposal=proposal, answer="accept"))
    exchange.carry()
    exchange.tell(f"stage {stage}: date and place agreed by both", 0, 0)


def _routes(exchange: Exchange, stage: int, day: str) -> None:
    """Notify, acknowledge, guarantee: each convoy by the other side and the neutral."""
    opens, closes = Moment(f"{day}T06:00:00Z"), Moment(f"{day}T20:00:00Z")
    for name in exchange.parties:
        other = exchange.other(name)
        buses = -(-exchange.sizes[stage - 1] // SEATS_OF_A_BUS)
        notice = exchange.do(
            name,
            acts.NotifyRoute(
                batch=stage,
                means="road",
                vehicles=buses,
                abort_at=Moment(f"{day}T15:30:00Z"),
                asks=("safety", "silence"),
            ),
            sealed=[exchange.text("the road of the convoy", f"{other}/papers", "neutral/papers")],
        )
        exchange.carry()
        exchange.all_do((other, "neutral"), acts.AcknowledgeRoute(notice=notice))
        exchange.do(other, acts.GuaranteeSafety(batch=stage, opens=opens, closes=closes))
        exchange.do(other, acts.DeclareSilenceWindow(batch=stage, opens=opens, closes=closes))
    exchange.carry()


def _board(exchange: Exchange, stage: int, name: str, lines: Sequence[LineId], lost: Mapping[LineId, str]) -> None:
    """Issue each bus's manifest and record who boarded; why somebody did not is for the neutral alone to read."""
    for number, start in enumerate(range(0, len(lines), SEATS_OF_A_BUS), start=1):
        riders = lines[start : start + SEATS_OF_A_BUS]
        vehicle = f"bus-{number}"
        exchange.do(name, acts.IssueManifest(batch=stage, vehicle=vehicle, lines=Lines.among(riders)))
        gone = [line for line in riders if lost.get(line) in AT_BOARDING]
        missing = {"NOT_PRESENTED": Lines.among(gone)} if gone else {}
        why = [exchange.text("why they did not board", "neutral/papers")] if gone else []
        boarded = Lines.among(line for line in riders if line not in gone)
        embark = acts.Embark(batch=stage, vehicle=vehicle, boarded=boarded, missing=missing)
        exchange.do(name, embark, sealed=why)


def _print(exchange: Exchange, stage: int, name: str, point: Point) -> None:
    """Print the manifests of a side's buses and put their hashes on record."""
    desk, now = exchange.desks[name], exchange.clock.now()
    made = printed_manifests(desk, stage, now, paper_words("en"), "en")
    papers = {vehicle: digest(content) for vehicle, content in made.items()}
    for vehicle, content in made.items():
        point.save(f"{name}-{vehicle}.pdf", content)
    exchange.do(name, acts.PrintManifests(batch=stage, papers=papers))


def _drive(exchange: Exchange, stage: int, day: str, riders: Mapping[str, int]) -> None:
    exchange.go_on_to(f"{day}T08:30:00+00:00")
    for name in exchange.parties:
        exchange.do(name, acts.Depart(batch=stage, count=riders[name]))
    exchange.carry()
    exchange.go_on_to(f"{day}T11:00:00+00:00")
    for name in exchange.parties:
        exchange.do(name, acts.Arrive(batch=stage, count=riders[name]))
    exchange.carry()


def _cross(
    exchange: Exchange,
    stage: int,
    plan: Mapping[str, list[LineId]],
    lost: Mapping[str, Mapping[LineId, str]],
    point: Point,
) -> None:
    """Let people cross in small groups, as many from each side as the other; devices scan them, both sides sign each group."""
    across = {name: [line for line in plan[name] if line not in lost[name]] for name in exchange.parties}
    half = GROUP // 2
    steps = -(-max(len(lines) for lines in across.values()) // half)
    for step in range(steps):
        group = Lines.among(line for lines in across.values() for line in lines[step * half : (step + 1) * half])
        point.cross(step + 1, group)
        exchange.all_do(exchange.parties, acts.AgreeGroup(batch=stage, group=step + 1, lines=group))
        if step % 10 == 9 or step + 1 == steps:
            exchange.carry()
            exchange.tell(f"stage {stage}: groups across", step + 1, steps)


def _count(exchange: Exchange, lost: Mapping[str, Mapping[LineId, str]], point: Point) -> None:
    """Hand in three books, each joined from that counter's own devices."""
    point.not_over({line: code for codes in lost.values() for line, code in codes.items()})
    point.bring_home()
    exchange.carry()


def _close(exchange: Exchange, stage: int, plan: Mapping[str, list[LineId]], point: Point) -> None:
    """Close the stage: every line on which the books differ is named with what explains it, and all three sign the same."""
    found = point.reckon()
    assert not found.undecided.ranges, found.undecided
    exchange.all_do(exchange.desks, acts.CloseBatch(batch=stage, differences=found.closing))
    exchange.carry()
    people = sum(len(lines) for lines in plan.values())
    counts = f"{people:,} people accounted for by three counters, {len(found.differing)} counted differently"
    why = ", ".join(f"{len(one.lines)} {one.cause.replace('_', ' ')}" for one in found.closing)
    exchange.tell(f"stage {stage}: {counts}{f' ({why})' if why else ''}", 0, 0)


def _look_again(exchange: Exchange, plan: Mapping[str, list[LineId]], lost: Mapping[str, Mapping[LineId, str]]) -> None:
    """After arrival: the receiving side confirms who came, families are told, sealed packets are handed over."""
    exchange.clock.pass_(hours=6)
    for giving in exchange.parties:
        receiving = exchange.other(giving)
        came = Lines.among(line for line in plan[giving] if line not in lost[giving])
        exchange.do(receiving, acts.ConfirmIdentity(confirmed=came))
        exchange.carry()
        exchange.do(receiving, acts.NotifyFamily(lines=came))
        exchange.do(receiving, acts.HandOverEffects(lines=came, packets=len(came), state="handed_over"))
    exchange.carry()
