"""What three books come to, what explains a difference, and what a rehearsal lacks: go or no-go."""

from typing import Any

import pytest

from parley.handover.answers import Known
from parley.handover.drill import ITEMS, findings, go
from parley.handover.entries import Entry
from parley.handover.joining import Aside, Joined, Shown
from parley.handover.reckoning import book_of, reckon
from parley.words import LineId, Lines, Moment, ParticipantName
from tests.vectors.renew_checkin import GATE_1, GATE_2, NEUTRAL, NORTH, NORTH_GATE, PACK, SOUTH, key, seen

SOUTH_GATE = key("south/gate-1", 31)
PLAN = {NORTH: Lines.of("N16-N17"), SOUTH: Lines.of("S4-S5")}
COUNTERS = (NEUTRAL, NORTH, SOUTH)
GATES = {"neutral": GATE_1, "north": NORTH_GATE, "south": SOUTH_GATE}


def holding(*entries: Entry, shown: tuple[Shown, ...] = ()) -> Joined:
    known: tuple[Known, ...] = tuple((one.id(), one) for one in entries)
    return Joined(accepted=known, aside=(), shown=shown)


def wrote(line: str, **by: str) -> list[Entry]:
    """Return entries on a line by the counters named, with their outcomes."""
    return [seen(GATES[who], line, outcome=code) for who, code in by.items()]


ALIKE = dict.fromkeys(COUNTERS, "RECEIVED")


def test_what_all_saw_alike_is_delivered_not_delivered_or_extra() -> None:
    gone = dict.fromkeys(COUNTERS, "NOT_PRESENTED")
    strange = dict.fromkeys(COUNTERS, "NOT_ON_MANIFEST")
    found = reckon(
        holding(*wrote("N16", **ALIKE), *wrote("N17", **gone), *wrote("S4", **ALIKE), *wrote("N99", **strange)),
        PLAN,
        COUNTERS,
    )
    assert {side: str(lines) for side, lines in found.delivered.items()} == {"north": "N16", "south": "S4"}
    assert {code: str(lines) for code, lines in found.not_delivered.items()} == {
        "NOT_PRESENTED": "N17",
        "NOT_ON_MANIFEST": "N99",
    }
    assert (str(found.extra), str(found.unseen)) == ("N99", "S5")
    assert [(one.line, one.outcome, one.cause) for one in found.differing] == [("S5", "", "unexplained")]
    assert (str(found.unexplained), str(found.undecided), found.closing) == ("S5", "S5", ())
    assert found.leads == {"north": 0, "south": 0}


@pytest.mark.parametrize(
    ("by", "outcome", "cause"),
    [
        ({"neutral": "RECEIVED", "north": "RECEIVED"}, "RECEIVED", "missed_at_the_count"),
        ({"neutral": "RECEIVED", "north": "RECEIVED", "south": "NOT_PRESENTED"}, "RECEIVED", "missed_at_the_count"),
        ({"neutral": "RECEIVED", "north": "DECLINED_AT_POINT", "south": "RECEIVED"}, "RECEIVED", "refusal_claimed"),
        ({"neutral": "NOT_PRESENTED", "north": "DECLINED_AT_POINT"}, "", "refusal_claimed"),
        ({"neutral": "DECLINED_AT_POINT", "north": "NOT_PRESENTED", "south": "DEFERRED"}, "", "unexplained"),
        ({"north": "DECLINED_AT_POINT"}, "", "refusal_claimed"),  # only the neutral hears a refusal
        ({"north": "DECLINED_AT_POINT", "south": "DECLINED_AT_POINT"}, "", "refusal_claimed"),
        ({"neutral": "DECLINED_AT_POINT", "north": "RECEIVED", "south": "RECEIVED"}, "", "refusal_claimed"),
        ({"north": "RECEIVED"}, "RECEIVED", "unexplained"),  # what one alone says explains nothing
        (
            {"neutral": "RECEIVED", "north": "RECEIVED", "south": "IDENTITY_NOT_CONFIRMED"},
            "RECEIVED",
            "identity_in_doubt",
        ),
        ({"neutral": "RECEIVED", "north": "RECEIVED", "south": "REJECTED_BY_RECEIVER"}, "RECEIVED", "turned_back"),
        ({"neutral": "RECEIVED", "north": "MEDICAL_DIVERSION", "south": "DEFERRED"}, "", "unexplained"),
    ],
)
def test_a_difference_is_explained_by_the_books_or_named_as_unexplained(
    by: dict[str, str], outcome: str, cause: str
) -> None:
    found = reckon(holding(*wrote("N16", **by)), {NORTH: Lines.of("N16")}, COUNTERS, neutral=NEUTRAL)
    (one,) = found.differing
    assert (one.line, one.outcome, one.cause) == ("N16", outcome, cause)
    assert bool(found.unexplained.ranges) == (cause == "unexplained")
    assert [(str(each.lines), each.outcome, each.cause) for each in found.closing] == (
        [("N16", outcome, cause)] if outcome else []
    )


def test_a_silent_counter_whose_device_was_lost_or_has_gaps_explains_the_silence() -> None:
    entries = wrote("N16", neutral="RECEIVED", north="RECEIVED")
    assert reckon(holding(*entries), PLAN, COUNTERS, lost=("south/gate-1",)).differing[0].cause == "device_failed"
    gap = Shown("book.gap", (("device", "south/gate-1"), ("first", 1), ("last", 2)))
    assert reckon(holding(*entries, shown=(gap,)), PLAN, COUNTERS).differing[0].cause == "device_failed"


def test_missing_numbers_explain_as_many_silences_as_numbers_are_missing_and_a_fork_none() -> None:
    entries = [*wrote("N16", neutral="RECEIVED", north="RECEIVED"), *wrote("N17", neutral="RECEIVED", north="RECEIVED")]
    one = Shown("book.gap", (("device", "south/gate-1"), ("first", 4), ("last", 4)))
    fork = Shown("book.fork", (("device", "south/gate-1"), ("number", 4)))
    for shown in ((one,), (fork,)):
        found = reckon(holding(*entries, shown=shown), {NORTH: PLAN[NORTH]}, COUNTERS).differing
        assert [each.cause for each in found] == ["missed_at_the_count"] * 2


def test_a_line_that_nobody_gave_is_a_person_without_a_line() -> None:
    entries = [*wrote("N16", **ALIKE), *wrote("N999", **ALIKE)]
    found = reckon(holding(*entries), {NORTH: Lines.of("N16")}, COUNTERS, is_given=lambda line: line != "N999")
    assert (str(found.unknown), found.differing, str(found.extra)) == ("N999", (), "")
    assert found.unlisted == {"neutral": 1, "north": 1, "south": 1}


def test_two_outcomes_in_one_book_are_an_entry_in_error_until_two_officers_correct_it() -> None:
    wrong = seen(GATE_1, "N16", outcome="NOT_PRESENTED")
    rest = wrote("N16", **ALIKE)
    assert reckon(holding(wrong, *rest), {NORTH: Lines.of("N16")}, COUNTERS).differing[0].cause == "entered_in_error"
    right = seen(GATE_1, "N16", number=2, corrects=wrong.id(), note="the next in line", second="neutral/officer-4")
    assert not reckon(holding(wrong, right, *rest), {NORTH: Lines.of("N16")}, COUNTERS).differing


def test_two_lines_of_one_person_are_one_person() -> None:
    person = {LineId("S90"): LineId("N16")}
    entries = [*wrote("N16", neutral="RECEIVED", north="RECEIVED"), *wrote("S90", south="RECEIVED")]
    found = reckon(holding(*entries), {NORTH: Lines.of("N16")}, COUNTERS, person_of=lambda line: person.get(line, line))
    assert (str(found.delivered[NORTH]), found.differing, str(found.extra)) == ("N16", (), "")


def test_groups_have_both_receipts_when_both_parties_say_the_same_lines() -> None:
    both = [seen(gate, "N16", group=1) for gate in (NORTH_GATE, SOUTH_GATE)]
    half = [seen(NORTH_GATE, "N17", group=2)]
    found = reckon(holding(*both, *half), PLAN, COUNTERS)
    assert (found.receipted, found.half_receipted) == ((1,), (2,))
    assert found.leads == {"north": 2, "south": 0}


def test_a_book_for_the_law_keeps_every_outcome_and_counts_those_without_a_line() -> None:
    entries = [seen(GATE_1, "N16"), seen(GATE_1, "", outcome="NOT_ON_MANIFEST", note="a man without papers")]
    tally = holding(*entries).tallies()[NEUTRAL]
    book = book_of(tally)
    assert ({code: str(lines) for code, lines in book.outcomes.items()}, book.unlisted) == ({"RECEIVED": "N16"}, 1)


# --- the rehearsal ---


def rehearsed(**said: Any) -> list[Entry]:
    """Return entries of two devices that lack nothing; ``said`` spoils all of them."""
    out = []
    for gate in (GATE_1, GATE_2):
        for number, words in enumerate((("ok",), ("already_here",), ("not_on_manifest",), ("ok",), ("hold",)), start=1):
            told: dict[str, Any] = {"number": number, "answers": words, "how": "typed" if number == 3 else "camera"}
            out.append(seen(gate, "N16", **(told | said)))
    return out


def lacking(*entries: Entry, now: str = "2025-05-23T12:00:00Z", **other: Any) -> set[str]:
    joined = Joined(
        accepted=tuple((one.id(), one) for one in entries), aside=other.pop("aside", ()), shown=other.pop("shown", ())
    )
    clocks = other.pop("clocks", {"neutral/gate-1": 0, "neutral/gate-2": -12})
    devices = other.pop("devices", ("neutral/gate-1", "neutral/gate-2"))
    found = findings(PACK, joined, devices, Moment(now), clocks=clocks, **other)
    assert [one.item for one in found] == list(ITEMS)
    assert go(found) == (not {one.item for one in found if not one.right})
    return {one.item for one in found if not one.right}


def test_a_rehearsal_that_showed_everything_is_a_go() -> None:
    assert lacking(*rehearsed()) == set()


def test_each_thing_that_was_not_shown_is_on_the_list() -> None:
    assert lacking(*rehearsed(), now="2025-05-25T12:00:00Z") == {"pack_in_date"}
    assert lacking(*rehearsed(pack=1)) == {"pack_on_every_device"}
    assert lacking(*rehearsed(offline=False)) == {"network_was_cut"}
    assert lacking(*rehearsed(how="typed")) == {"camera_or_gun"}
    assert lacking(*rehearsed(how="gun")) == {"typed_once"}
    assert lacking(*rehearsed(answers=("ok",))) == {"unknown_shown", "doubled_shown"}
    assert lacking(*rehearsed(station="asked")) == {"people_over"}
    assert lacking(*rehearsed(), aside=(Aside("book.signature", b"x"),)) == {"devices_known"}
    assert lacking(*rehearsed(), shown=(Shown("book.gap", (("device", "x"),)),)) == {"books_whole"}
    assert lacking(*rehearsed(), clocks={"neutral/gate-1": 7200, "neutral/gate-2": 0}) == {"clocks_near"}
    assert lacking(*rehearsed(), clocks={"neutral/gate-1": 0}) == {"clocks_near"}  # the other's was not measured
    assert lacking(*rehearsed(), devices=("neutral/gate-1", "neutral/gate-3")) == {
        "clocks_near",
        "every_device_scanned",
        "camera_or_gun",
    }
    assert "devices_two" in lacking(*rehearsed(), devices=("neutral/gate-1",))
    assert lacking(devices=()) >= {"devices_two", "network_was_cut", "people_over"}
    assert ParticipantName("neutral") == PACK.counter
