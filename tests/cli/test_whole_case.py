"""A whole case between two parties, typed command by command at three desks, with bundles on a stick."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.office import Office, chunks, invented


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(days: float) -> str:
    return in_days(days)[:10]


def talk_and_agree(office: Office) -> None:
    opening = "talks open --form direct --press open_then_closed --host host --place"
    who = "north: head of delegation; south: head of delegation, adviser"
    office.ask("neutral", *chunks(opening), "the palace", "--delegation", who)
    office.post()
    office.ask("north", *["talks", "raise", "--item", "cease_fire", "--title"], "A cease-fire")
    office.post()
    office.ask(
        "north", *["talks", "state", "--item", "cease_fire", "--position", "asks", "--text"], "We ask for a cease-fire."
    )
    office.post()
    office.ask("south", *["talks", "answer", "--answer", "consider"])
    office.ask("neutral", *["talks", "close", "--minutes", "110"])
    office.ask(
        "north",
        "terms",
        "propose",
        "--clause",
        "2 for 2; nobody goes unless declared ready",
        "--text",
        "en=Two for two.",
    )
    office.post()
    assert office.ask("south", "terms", "agree")["deed"]["terms"]
    office.post()


def hand_in_and_reply(office: Office) -> None:
    for name, letters in (("north", "N"), ("south", "S")):
        office.ask(name, "list", "hand-in", office.sheet(invented(letters, 1, 3)), "--purpose", "offer")
        office.ask(name, "list", "hand-in", office.sheet(invented(letters, 11, 3)), "--purpose", "request")
    office.post(cosigned=True)
    for name in ("north", "south"):
        first = office.ask(name, "list", "acknowledge")
        assert first["deed"]["count"] == 3
        office.ask(name, "list", "acknowledge")
    office.ask(
        "south", "list", "reply", "--reply", "HELD_WILL_RELEASE to N11-N12; HELD_WITHHELD to N13 because sentence"
    )
    office.ask("north", "list", "reply", "--reply", "HELD_WILL_RELEASE to S11", "--reply", "NOT_HELD to S12-S13")
    office.post()
    office.ask("north", *["list", "object", "--lines", "N13", "--ground", "held_by_evidence", "--evidence", "witness"])
    office.ask("north", "list", "final-reply")
    office.ask("south", "list", "final-reply")
    office.post()
    office.ask("neutral", *["verify", "match", "--pair", "N11=S1", "--grade", "sure"])
    office.post()
    for name in ("north", "south"):
        office.ask(name, *["verify", "accept-match", "--pair", "N11=S1"])
    office.post()


def see_and_sign(office: Office, *, compose: bool = True) -> None:
    office.ask("neutral", *f"verify interview --lines N1-N2,S1-S2 --day {day(0)} --spoken uk --text notes".split())
    office.ask(
        "neutral", *f"verify medical --lines S1 --day {day(0)} --valid-until {day(60)} --text certificate".split()
    )
    office.ask("neutral", *f"verify readiness --ready N1-N2,S1-S2 --valid-until {day(60)}".split())
    office.post()
    for giving, receiving, lines in (("north", "south", "N1-N2"), ("south", "north", "S1-S2")):
        for name in ("north", "south"):
            office.ask(name, *f"list sign-final --giving {giving} --receiving {receiving} --lines {lines}".split())
    office.post()
    if not compose:
        return
    office.ask("north", "batches", "compose", "--batches", "1: north N1-N2 + south S1-S2")
    office.post()
    for name in ("north", "south"):
        office.ask(name, "batches", "agree")
    office.post()


def drive(office: Office) -> None:
    window = f"--opens {in_days(0.01)} --closes {in_days(2)} --answer-by {in_days(0.005)}".split()
    office.ask("neutral", *["terms", "date", "--batch", "1", "--place", "bridge"], *window)
    office.post()
    for name in ("north", "south"):
        office.ask(name, *["terms", "answer-date", "--answer", "accept"])
    office.post()
    for name in ("north", "south"):
        office.ask(
            name, *f"movement route --means road --vehicles 1 --abort-at {in_days(1)} --text".split(), "the north road"
        )
    office.post()
    assert office.refused("north", "movement", "depart", "--count", "0") == "movement.route_not_acknowledged"
    for name in ("north", "south", "neutral", "neutral"):
        office.ask(name, "movement", "acknowledge")
    for name, lines in (("north", "N1-N2"), ("south", "S1-S2")):
        office.ask(name, *f"movement manifest --vehicle bus-1 --lines {lines}".split())
        office.ask(name, *f"movement embark --vehicle bus-1 --boarded {lines}".split())
    print_manifests(office)
    office.post()
    for name in ("north", "south"):
        assert office.ask(name, "movement", "depart")["deed"]["count"] == 2
        office.ask(name, *["movement", "arrive", "--count", "2"])
    office.post()


def print_manifests(office: Office) -> None:
    """Print a manifest and put its hash on record: who has the file can find it there; a changed one is not found."""
    papers = office.stick / "papers"
    record = ("handover", "manifest", str(papers), "--record")
    assert office.refused("north", *record) == "movement.no_paper"  # the neutral has not logged the manifest yet
    office.post()
    printed = office.ask("north", *record)["deed"]["papers"]
    assert office.ask("north", *record)["deed"]["papers"] == printed  # printed again: the same bytes
    office.post()
    file = papers / "manifest-1-bus-1.pdf"
    found = office.ask("neutral", "handover", "manifest", str(file), "--check")
    assert (found["vehicle"], found["giving"], found["paper"]) == ("bus-1", "north", printed["bus-1"])
    file.write_bytes(file.read_bytes()[:-1] + b" ")
    office.ask("north", "handover", "manifest", str(papers))
    for other in (
        file,
        papers / "manifest-1.pdf",
    ):  # changed, and printed for the vehicles of both sides without a salt
        missed = office.do("neutral", "handover", "manifest", str(other), "--check", "--json")
        assert (missed.exit, missed.json["code"]) == (3, "paper.not_on_record")


def cross(office: Office) -> None:
    for name in ("north", "south"):
        office.ask(name, *["handover", "group", "--lines", "N1,S1"])
    office.post()
    tally = office.place / "tally.csv"
    tally.write_text("line,outcome\nN1,RECEIVED\nN2,RECEIVED\nS1,RECEIVED\nS2,NOT_PRESENTED\n")
    other = office.place / "other.csv"
    other.write_text("line;outcome\nN1;RECEIVED\nN2;RECEIVED\nS1;RECEIVED\nS2;DEFERRED\n")
    office.ask("north", "handover", "tally", str(tally))
    office.ask("south", "handover", "tally", str(other))
    office.ask("neutral", "handover", "tally", str(tally))
    office.post()
    assert list(office.ask("neutral", "handover", "compare", "--batch", "1")["differing"]) == ["S2"]
    assert office.refused("north", "handover", "close") == "handover.difference_unnamed"
    for name in ("north", "south", "neutral"):
        office.ask(name, "handover", "close", "--difference", "S2 as DEFERRED because of entered_in_error")
    office.post()
    office.ask("south", *["handover", "identity", "--confirmed", "N1-N2"])
    office.ask("north", *["handover", "identity", "--confirmed", "S1"])
    office.post()
    office.ask("south", *["family", "notify", "--lines", "N1-N2"])
    office.ask("north", *["family", "notify", "--lines", "S1"])
    office.post()


def reconcile_and_tell(office: Office) -> None:
    office.ask("neutral", "reconcile", "propose", "--explained", "south DEFERRED 1")
    office.post()
    office.ask("north", *["reconcile", "sign", "--reservation", "cause", "--text"], "We do not accept the cause.")
    for name in ("south", "neutral"):
        office.ask(name, "reconcile", "sign")
    office.post()
    office.ask("north", *["reconcile", "carry-over", "--lines", "S2", "--to-batch", "0"])
    figures = "person north inside handed_over 2; person south inside handed_over 1"
    office.ask("neutral", "numbers", "propose", "--figure", figures)
    office.post()
    for name in ("north", "south"):
        office.ask(name, "numbers", "agree")
    office.post()
    forged = office.place / "communique.txt"
    forged.write_text("Two hundred and one.")
    told = office.do("neutral", "numbers", "publish", "--texts", f"en=@{forged}", "--json")
    assert (told.exit, told.json["code"]) == (3, "desk.communique_differs")
    office.ask("neutral", "numbers", "text", "--out", str(office.place))
    text = office.place / "communique.en.txt"
    assert "draft" not in text.read_text().lower()
    office.ask("neutral", "numbers", "publish", "--texts", f"en=@{text}")
    said = f"--speaker south --said {in_days(0)} --source".split()
    office.ask(
        "north", "statement", "add", *said, "a television channel", "--figure", "person south inside handed_over 2"
    )
    office.post()


def test_a_whole_case_from_the_first_session_to_the_closing(empowered: Office, tmp_path: Path) -> None:
    office = empowered.copy(tmp_path / "office")
    for step in (talk_and_agree, hand_in_and_reply, see_and_sign, drive, cross, reconcile_and_tell):
        step(office)
    for name in ("north", "south", "neutral"):
        office.ask(name, *f"close --residual-until {day(400)}".split())
    office.post()
    accounts = [office.ask(name, "replay") for name in ("north", "south", "neutral")]
    assert len({one["digest"] for one in accounts}) == 1
    told = accounts[0]["account"]
    assert told["standing"] == "closed"
    assert told["sides"]["north"]["inside"]["delivered"] == 2
    assert told["sides"]["south"]["inside"]["delivered"] == 1
    assert told["statements"][0]["claims"][0]["verdict"] == "not_supported"
    assert not told["void"]
    assert office.ask("neutral", "log", "--void")["acts"] == []
    assert {one["refused"] for one in office.ask("north", "whatnow", "terms")["may_not"]} == {"process.closed"} | (
        {"process.wrong_role"}
    )
