"""The principals' briefing, typed: made, frozen as paper, compared; and what was changed afterwards is found out."""

import json
from pathlib import Path

import pytest

from parley.briefings.frozen import BriefBroken, read_frozen
from tests.cli.office import Office


def frozen(office: Office, *more: str) -> Path:
    folder = office.place / "frozen"
    folder.mkdir(exist_ok=True)
    said = office.ask("north", "brief", "freeze", str(folder), *more)
    return folder / f"brief-{said['position']}.json"


def say(office: Office) -> None:
    office.ask(
        "north",
        *(
            "statement",
            "add",
            "--speaker",
            "south",
            "--said",
            "2025-05-16T18:00:00Z",
            "--source",
            "evening news",
            "--outlet",
            "Southern Wire",
        ),
        *("--named", "no", "--date-agreed", "yes", "--item", "date"),
    )
    office.post()


def test_the_page_is_made_in_the_language_asked(office: Office) -> None:
    said = office.do("north", "brief", "make", "--language", "uk")
    assert said.exit == 0
    assert "4. Дату не погоджено." in said.out
    assert set(office.ask("north", "brief", "make")["texts"]) == {"ar", "en", "ru", "uk"}


def test_freezing_twice_gives_equal_bytes_of_every_paper(office: Office) -> None:
    first = {one.name: one.read_bytes() for one in frozen(office).parent.iterdir()}
    again = {one.name: one.read_bytes() for one in frozen(office).parent.iterdir()}
    assert first == again
    assert len([name for name in first if name.endswith(".pdf")]) == 4
    assert all(data.startswith(b"%PDF") for name, data in first.items() if name.endswith(".pdf"))


def test_the_next_briefing_says_what_was_said_since_the_last_one_frozen(office: Office) -> None:
    earlier = frozen(office)
    say(office)
    told = office.do("north", "brief", "make").out
    assert "unnamed source, through Southern Wire, evening news, of the item date" in told
    assert "that a date was agreed: not supported by the record" in told
    later = frozen(office)
    assert office.do("north", "brief", "compare", str(earlier), str(later)).exit == 0
    assert (
        office.ask("north", "brief", "compare", str(later), str(earlier))["to"]
        > read_frozen(earlier.read_bytes()).since
    )


def test_the_same_briefing_is_made_at_the_other_desks(office: Office) -> None:
    at_north = frozen(office, "--since", "0")
    assert office.ask("neutral", "brief", "compare", str(at_north))["changes"] == []


def test_attack_a_word_of_a_frozen_briefing_is_changed(office: Office) -> None:
    path = frozen(office)
    path.write_text(path.read_text().replace("No date agreed", "A date agreed"))
    assert office.do("north", "brief", "compare", str(path), "--json").json["code"] == "brief.malformed"


def test_attack_a_word_is_changed_and_the_hash_made_to_fit(office: Office) -> None:
    path = frozen(office)
    said = json.loads(path.read_text())
    said["texts"]["en"] = said["texts"]["en"].replace("No date agreed", "A date agreed")
    path.write_bytes(signed_anew(said))
    assert office.refused("north", "brief", "compare", str(path)) == "brief.other_words"
    said["state"] = "0" * 64
    path.write_bytes(signed_anew(said))
    assert office.refused("north", "brief", "compare", str(path)) == "brief.other_record"


def signed_anew(said: dict[str, object]) -> bytes:
    """Write a changed briefing with the hash that its words now have, as somebody would who wants to be believed."""
    from parley.briefings.brief import Brief
    from parley.words import Digest, Moment, ParticipantName

    made = Brief(
        reader=ParticipantName("north"),
        position=0,
        clock=Moment(""),
        state=Digest(""),
        texts=dict(said["texts"]),  # type: ignore[call-overload]
    )
    return json.dumps({**said, "digest": made.digest}, sort_keys=True, separators=(",", ":")).encode() + b"\n"


@pytest.mark.parametrize("data", [b"", b"\n", b"{}\n", b"[" * 5000 + b"\n", b"null\n", b'{"texts":1}\n', b"\xff\n"])
def test_anything_else_is_no_briefing(data: bytes) -> None:
    with pytest.raises(BriefBroken):
        read_frozen(data)


def test_a_reader_is_a_participant(office: Office) -> None:
    assert office.do("north", "brief", "make", "--for", "west", "--json").exit == 2
