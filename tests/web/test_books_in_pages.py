"""A counter's book, filled in on a page: a slip of the pen is found before anybody signs it."""

from pathlib import Path

from tests.web.conftest import come_in, desk_of


def test_one_person_under_two_outcomes_is_found_before_the_signature(at_the_end: Path, tmp_path: Path) -> None:
    with desk_of(at_the_end, "neutral", tmp_path) as served:
        client = come_in("intermediary")
        line = min(served.desk.state.lists.lines)
        said = {"p_batch": "1", "p_book": "ab" * 32}
        slip = client.post("/act/hand_in_book", {**said, "p_outcomes": f"RECEIVED {line}; NOT_PRESENTED {line}"})
        assert slip.status_code == 409
        assert "desk.book_contradicts" in slip.content.decode()
        assert not served.planned
        sound = client.post("/act/hand_in_book", {**said, "p_outcomes": f"RECEIVED {line}"})
        assert sound.status_code == 302
