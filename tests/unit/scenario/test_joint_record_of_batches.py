"""A joint record of some batches takes its agreed and counted numbers from these batches, not from the whole exchange."""

from parley.desk import Desk
from parley.scenario.asked import numbers_of_record
from parley.scenario.particulars import Reader
from parley.scenario.player import play
from parley.scenario.tables import DeskTable

TEXT = """given departure of batch 1 4 for 4 in 2 batches
north and south arrive for batch 1
north, south and neutral hand in the book for batch 1: RECEIVED N1, S1-S2; NOT_PRESENTED N2
north, south and neutral close batch 1
"""


def desk() -> Desk:
    (report,) = play(TEXT, DeskTable)
    assert report.ok, report.surprises
    assert isinstance(report.table, DeskTable)
    return report.table.desks["north"]


def test_agreed_counts_the_person_who_is_explained_too() -> None:
    said = numbers_of_record(Reader(desk()), {"batches": ("1",)})
    assert said == {
        "batches": (1,),
        "agreed": {"north": 2, "south": 2},
        "counts": {"north": {"NOT_PRESENTED": 1, "RECEIVED": 1}, "south": {"RECEIVED": 2}},
    }


def test_what_is_typed_is_taken_as_typed() -> None:
    said = numbers_of_record(Reader(desk()), {"batches": ("1",), "agreed": ("north 2, south 2",)})
    assert "agreed" not in said
    assert numbers_of_record(Reader(desk()), {}) == {}
