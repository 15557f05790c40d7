"""Replies and objections as a screen: what is open first, narrowed, and chosen lines carried into the form of the act."""

from pathlib import Path

import pytest

from parley.web.served import Served
from tests.web.conftest import come_in, desk_of
from tests.web.test_people_in_pages import text_of


def test_lines_show_their_replies_and_narrow_by_code_and_side(at_the_end: Path, tmp_path: Path) -> None:
    with desk_of(at_the_end, "north", tmp_path) as served:
        lines = served.desk.ahead.lists.lines
        client = come_in("exchange_office")
        asked = [
            line
            for line, one in lines.items()
            if one.purpose == "request" and one.holder == "north" and not one.dropped
        ]
        page = text_of(client, "/replies")
        assert all(f'<bdi dir="ltr">{line}</bdi>' in page for line in asked)
        dead = [line for line in asked if (reply := lines[line].reply) is not None and reply.code == "DEAD"]
        page = text_of(client, "/replies?side=of_us&code=DEAD")
        assert [line for line in asked if f">{line}<" in page] == dead
        assert "aria-current" in text_of(client, "/replies?side=by_us")
        assert text_of(client, "/replies?side=nonsense&code=%3Cb%3E&page=-7").count("<b>") == 0


def test_chosen_lines_go_into_the_form_of_the_act(north: Served) -> None:
    client = come_in("exchange_office")
    reply = client.post("/replies", {"act": "reply_to_lines", "code": "IN_SEARCH", "line": ["S1", "S2", "S4", "x<"]})
    assert reply.headers["Location"] == "/act/reply_to_lines?p_replies=IN_SEARCH+to+S1-S2%2CS4"
    form = text_of(client, str(reply.headers["Location"]))
    assert "IN_SEARCH to S1-S2,S4" in form
    objection = client.post(
        "/replies", {"act": "object_to_lines", "ground": "seen_alive", "evidence": "witness", "line": "S7"}
    )
    assert objection.headers["Location"] == "/act/object_to_lines?p_lines=S7&p_ground=seen_alive&p_evidence=witness"
    assert client.post("/replies", {"act": "close", "line": "S7"}).status_code == 400
    assert not north.planned


def test_only_who_works_with_lists_sees_replies_and_the_watching_choose_nothing(
    at_the_end: Path, tmp_path: Path
) -> None:
    with desk_of(at_the_end, "north", tmp_path):
        for role in ("press", "principal", "family_desk", "convoy_leader"):
            assert come_in(role).get("/replies").status_code == 403
        assert 'name="line"' in text_of(come_in("exchange_office"), "/replies")
        assert 'name="line"' not in text_of(come_in("auditor"), "/replies")


@pytest.mark.parametrize("language", ["en", "uk", "ru", "ar"])
def test_the_neutral_sees_the_lines_of_everybody_in_every_language(
    at_the_end: Path, tmp_path: Path, language: str
) -> None:
    with desk_of(at_the_end, "neutral", tmp_path) as served:
        page = text_of(come_in("intermediary", language), "/replies")
        assert str(len([1 for one in served.desk.ahead.lists.lines.values() if not one.dropped])) in page
        assert "replies." not in page
