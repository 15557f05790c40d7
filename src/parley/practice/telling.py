"""The end of the practice exchange: debts, the joint record with a reservation, the numbers, the communiqué."""

from __future__ import annotations

from parley import acts
from parley.briefings.brief import brief
from parley.briefings.communique import communique
from parley.briefings.numbers import number_sheet
from parley.practice.exchange import Exchange
from parley.process import reconciliation as law
from parley.words import Lines, Moment, ParticipantName, Refusal


def reconcile(exchange: Exchange) -> None:
    """Put off what is owed, propose the joint record with every loss named, sign it, one side under reservation."""
    exchange.go_on_to("2025-05-26T10:00:00+00:00")
    state = exchange.desks["neutral"].state
    debts = law.open_debts(state)
    for giving in exchange.parties:
        owed = Lines.among(line for line, debt in debts.items() if debt.giving == giving)
        if len(owed):
            exchange.do(exchange.other(giving), acts.CarryDebtsOver(lines=owed, to_batch=0))
            exchange.tell(f"{giving} still owes {len(owed)}: put off to a later exchange, by name of line", 0, 0)
    exchange.carry()
    state = exchange.desks["neutral"].state
    counts = {name: dict(codes) for name, codes in law.outcome_counts(state).items()}
    agreed = {name: law.agreed_number(state, name) for name in state.authority.parties}
    explained = tuple(
        acts.Explained(name, code, count)
        for name, codes in sorted(counts.items())
        for code, count in sorted(codes.items())
        if code not in acts.DELIVERED
    )
    record = exchange.do(
        "neutral", acts.ProposeJointRecord(batches=(), agreed=agreed, counts=counts, explained=explained)
    )
    exchange.carry()
    for name in exchange.desks:
        reservation = "composition" if name == "north" else ""
        exchange.do(name, acts.SignJointRecord(record=record, reservation=reservation))
    exchange.carry()
    for name in state.authority.parties:
        delivered = law.delivered_number(counts[name])
        exchange.tell(
            f"joint record: {name} agreed {agreed[name]:,}, delivered {delivered:,}, the rest explained", 0, 0
        )


def publish(exchange: Exchange) -> None:
    """Agree on the number sheet, keep the embargo, set both sides' words beside the record, publish in four languages."""
    state = exchange.desks["neutral"].state
    sheet = exchange.do("neutral", acts.ProposeNumberSheet(figures=number_sheet(state)))
    exchange.carry()
    exchange.all_do(exchange.parties, acts.AgreeNumberSheet(sheet=sheet))
    embargo = Moment("2025-05-26T15:00:00Z")
    exchange.do("south", acts.SetEmbargo(until=embargo))
    exchange.carry()
    exchange.go_on_to("2025-05-26T15:30:00+00:00")
    for speaker, change in (("north", 0), ("south", 17)):
        given = law.delivered_number(law.outcome_counts(state)[ParticipantName(speaker)])
        figure = acts.Figure(
            unit="person",
            side=ParticipantName(speaker),
            scope="inside",
            count_point="handed_over",
            batch=0,
            value=given + change,
        )
        said = acts.RecordPublicStatement(
            speaker=ParticipantName(speaker), said=exchange.clock.now(), source="press_conference", figures=(figure,)
        )
        exchange.do("neutral", said)
    exchange.carry()
    built = communique(exchange.desks["neutral"].state, sheet)
    assert not isinstance(built, Refusal), built
    exchange.do("neutral", built.deed())
    exchange.carry()
    for language, text in built.texts.items():
        (exchange.folder / f"communique.{language}.txt").write_text(text, encoding="utf-8")
    for reader in exchange.parties:
        page = brief(exchange.desks[reader].state, ParticipantName(reader), languages=("en",))
        (exchange.folder / reader / "brief.en.txt").write_text(page.texts["en"], encoding="utf-8")
    exchange.tell(f"communiqué in {', '.join(built.texts)}, from numbers both sides agreed to", 0, 0)
