"""An exchange from the first session to the signed joint record, done by clicking at three desks in a real browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.web.conftest import play
from tests.web.hands import browser
from tests.web.three_desks import Officer, serving, settle

COLUMNS = "line,surname,given_names,birth_date,number,category"


def people(letters: str, first: int, count: int) -> str:
    rows = [
        f"{letters}{n},{name},Practice,19{70 + n}-0{n % 9 + 1}-11,P{letters}{n:04},soldier"
        for n, name in zip(range(first, first + count), ("Abenko", "Bedrov", "Cenko"), strict=False)
    ]
    return "\n".join([COLUMNS, *rows]) + "\n"


def after(clock: str, **span: float) -> str:
    return (datetime.fromisoformat(clock) + timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Table:
    """Everybody who clicks: the neutral, and at each party's desk an officer in each role."""

    neutral: Officer
    talkers: dict[str, Officer]
    offices: dict[str, Officer]
    points: dict[str, Officer]
    families: dict[str, Officer]

    @property
    def desks(self) -> tuple[Officer, ...]:
        return self.neutral, *self.offices.values()

    @property
    def everybody(self) -> tuple[Officer, ...]:
        return (*self.desks, *self.talkers.values(), *self.points.values(), *self.families.values())

    def settle(self) -> None:
        settle(*self.desks)


def talk_and_agree(table: Table) -> None:
    who = "north: head of delegation; south: head of delegation, adviser"
    table.neutral.does(
        "open_session", place="the palace", host="host", form="direct", press="open_then_closed", delegations=who
    )
    table.settle()
    table.talkers["north"].does("raise_item", item="cease_fire", title="A cease-fire")
    table.settle()
    table.talkers["north"].does("state_position", position="asks", text="We ask for a cease-fire.")
    table.settle()
    table.talkers["south"].does("answer_position", answer="consider")
    table.settle()
    table.neutral.does("close_session", minutes="110")
    table.talkers["north"].does(
        "propose_terms", clauses="2 for 2; nobody goes unless declared ready", text="Two for two."
    )
    table.settle()
    table.talkers["south"].does("agree_terms")
    table.settle()


def hand_in(table: Table) -> None:
    table.offices["north"].hands_in("offer", people("N", 1, 2))
    table.offices["south"].hands_in("offer", people("S", 1, 2))
    table.settle()
    for name in ("north", "south"):
        table.offices[name].does("acknowledge_list")
    table.settle()


def see_and_sign(table: Table) -> None:
    day = table.neutral.clock()[:10]
    until = after(table.neutral.clock(), days=60)[:10]
    table.neutral.does("record_interview", lines="N1-N2,S1-S2", day=day, language="uk", text="notes")
    table.neutral.does("declare_readiness", ready="N1-N2,S1-S2", valid_until=until)
    table.settle()
    for giving, receiving, lines in (("north", "south", "N1-N2"), ("south", "north", "S1-S2")):
        for name in ("north", "south"):
            table.offices[name].does("sign_final_list", giving=giving, receiving=receiving, lines=lines)
    table.settle()
    table.offices["north"].does("compose_batches", batches="1: north N1-N2 + south S1-S2")
    table.settle()
    for name in ("north", "south"):
        table.offices[name].does("agree_batches")
    table.settle()


def drive_and_cross(table: Table) -> None:
    clock = table.neutral.clock()
    window = {
        "opens": after(clock, minutes=15),
        "closes": after(clock, days=2),
        "answer_by": after(clock, minutes=10),
    }
    table.neutral.does("propose_date_and_place", batch="1", place="bridge", **window)
    table.settle()
    for name in ("north", "south"):
        table.talkers[name].does("answer_date_and_place", answer="accept")
    table.settle()
    for name in ("north", "south"):
        table.offices[name].does(
            "notify_route", means="road", vehicles="1", abort_at=after(clock, days=1), text="the north road"
        )
    table.settle()
    for one in (table.offices["north"], table.offices["south"], table.neutral, table.neutral):
        one.does("acknowledge_route")
    for name, lines in (("north", "N1-N2"), ("south", "S1-S2")):
        table.offices[name].does("issue_manifest", vehicle="bus-1", lines=lines)
        table.offices[name].does("embark", vehicle="bus-1", boarded=lines)
    table.settle()
    for name in ("north", "south"):
        table.offices[name].does("depart")
        table.offices[name].does("arrive", count="2")
    table.settle()
    for name in ("north", "south"):
        table.points[name].does("agree_group", lines="N1,S1")
    table.settle()
    tally = "line,outcome\nN1,RECEIVED\nN2,RECEIVED\nS1,RECEIVED\nS2,NOT_PRESENTED\n"
    for one in (table.points["north"], table.points["south"], table.neutral):
        one.does("hand_in_book", tally=tally)
    table.settle()
    for one in (table.points["north"], table.points["south"], table.neutral):
        one.does("close_batch")
    table.settle()
    table.points["south"].does("confirm_identity", confirmed="N1-N2")
    table.points["north"].does("confirm_identity", confirmed="S1")
    table.settle()
    table.families["south"].does("notify_family", lines="N1-N2")
    table.families["north"].does("notify_family", lines="S1")
    table.settle()


def reconcile(table: Table) -> None:
    table.neutral.does("propose_joint_record", explained="south NOT_PRESENTED 1")
    table.settle()
    table.offices["north"].does("sign_joint_record", reservation="cause", text="We do not accept the cause.")
    table.offices["south"].does("sign_joint_record")
    table.neutral.does("sign_joint_record")
    table.settle()


@pytest.mark.slow
def test_an_exchange_by_clicking_at_three_desks(tmp_path: Path, database: str) -> None:
    exchange = play(tmp_path / "exchange", "contact")
    with serving(exchange, database=database) as at, browser() as chromium:

        def officers(role: str) -> dict[str, Officer]:
            return {name: Officer(chromium, at[name], role) for name in ("north", "south")}

        table = Table(
            neutral=Officer(chromium, at["neutral"], "intermediary"),
            talkers=officers("delegation"),
            offices=officers("exchange_office"),
            points=officers("handover_officer"),
            families=officers("family_desk"),
        )
        table.settle()
        for step in (talk_and_agree, hand_in, see_and_sign, drive_and_cross, reconcile):
            step(table)
        for one in table.desks:
            one.page.goto(f"{one.address}/record/replay")
        assert len({one.page.locator("p.code bdi").inner_text() for one in table.desks}) == 1
        south = table.offices["south"].page
        south.goto(f"{at['south']}/reconciliation")
        assert south.locator("main").inner_text().count("Signed by") == 3
        south.goto(f"{at['south']}/record?void=yes")
        assert "Without effect" not in south.locator("tbody").inner_text()
        assert not [one.mistakes for one in table.everybody if one.mistakes]
