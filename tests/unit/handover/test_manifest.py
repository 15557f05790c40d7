"""The manifest and the tags people carry: the same bytes everywhere, and no mistyped line passes for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.handover.manifest import Manifest, ManifestBroken, of_vehicles, read_tag, tag
from parley.words import LineId, Lines, ParticipantName

CASE = "parley.example/istanbul-2025"
NORTH = ParticipantName("north")
NUMBERS = st.integers(1, 9_999_999)


def bus(*lines: str) -> Manifest:
    return Manifest(case=CASE, batch=1, giving=NORTH, vehicle="bus-1", lines=Lines.of(*lines))


def test_a_manifest_is_the_same_text_in_whatever_order_its_lines_were_named() -> None:
    assert bus("N3", "N1-N2").text() == bus("N1-N3").text()
    assert bus("N1-N3").text().splitlines() == [
        "parley.manifest/1", CASE, "batch 1", "north bus-1", "N1", "N2", "N3", "3",
    ]  # fmt: skip
    assert bus("N1-N3").digest() != bus("N1-N4").digest()


def test_manifests_of_a_convoy_come_by_vehicle() -> None:
    both = of_vehicles(CASE, 1, NORTH, [("bus-2", Lines.of("N2")), ("bus-1", Lines.of("N1"))])
    assert [one.vehicle for one in both] == ["bus-1", "bus-2"]


def test_groups_of_ten_cover_everybody_once() -> None:
    groups = bus("N1-N23").groups()
    assert [len(group) for group in groups] == [10, 10, 3]
    assert [line for group in groups for line in group] == list(Lines.of("N1-N23"))


def test_every_tag_reads_back_to_its_line_in_capitals_and_in_small_letters() -> None:
    for line, printed in bus("N1-N40").tags():
        assert read_tag(printed, CASE, 1) == line
        assert read_tag(f" {printed.lower()}\n", CASE, 1) == line


def test_a_tag_fits_the_alphanumeric_mode_of_a_qr_code() -> None:
    assert set(tag(CASE, 12, LineId("N170"))) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@given(line=NUMBERS, other=NUMBERS)
def test_a_tag_whose_line_was_changed_is_refused_or_has_the_same_check_by_rare_chance(line: int, other: int) -> None:
    printed = tag(CASE, 1, LineId(f"N{line}"))
    forged = printed.replace(f":N{line}:", f":N{other}:")
    if other != line and tag(CASE, 1, LineId(f"N{other}")) != forged:
        with pytest.raises(ManifestBroken) as caught:
            read_tag(forged, CASE, 1)
        assert caught.value.code == "manifest.mistyped"


def test_a_tag_of_another_case_or_batch_says_so() -> None:
    for text, code in (
        (tag("parley.example/another", 1, LineId("N1")), "manifest.another_case"),
        (tag(CASE, 2, LineId("N1")), "manifest.another_batch"),
        ("N1", "manifest.not_a_tag"),
    ):
        with pytest.raises(ManifestBroken) as caught:
            read_tag(text, CASE, 1)
        assert caught.value.code == code


@given(
    st.text(max_size=80) | st.from_regex(r"P1:[0-9A-Z]{5}:[0-9]{1,7}:[A-Z]{1,4}[0-9]{0,9}:[0-9A-Z]{4}", fullmatch=True)
)
def test_whatever_a_scanner_reads_is_a_line_or_broken(text: str) -> None:
    try:
        line = read_tag(text, CASE, 1)
    except ManifestBroken:
        return
    assert tag(CASE, 1, line)
