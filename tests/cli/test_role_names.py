"""Keys of officers are named by role: a person's name would stay in the record for good."""

from parley.cli.mandate import named_otherwise


def test_a_key_named_after_a_person_is_pointed_at() -> None:
    names = ["north/officer-1", "north/office-12", "north/petrenko", "north/officer-petrenko", "east/office-"]
    assert named_otherwise(names) == ("east/office-", "north/officer-petrenko", "north/petrenko")
