"""The communiqué and the principals' briefing: only what the record holds, in four languages, alike on every copy."""

import re
from hashlib import sha256

import pytest

from parley.acts import LANGUAGES, PublishCommunique
from parley.briefings.brief import Brief, brief, losses, side_numbers
from parley.briefings.communique import Communique, communique, draft, other_texts
from parley.briefings.statements import Compared, compared, in_words
from parley.briefings.waiting import waits
from parley.process.state import State
from parley.scenario.player import play
from parley.words import ActId, ParticipantName, Refusal

NORTH, SOUTH, NEUTRAL = (ParticipantName(name) for name in ("north", "south", "neutral"))
DONE = """
given families 4 for 4
neutral proposes the number sheet: south 4 people inside handed_over; north 4 people inside handed_over;
  north 4 people inside agreed
north and south agree to the number sheet
"""
SHORT = """
given groups 3 for 3
north, south and neutral hand in the book for batch 1: RECEIVED N1-N2, S1-S3; NOT_PRESENTED N3
north, south and neutral close batch 1
"""


def played(text: str) -> State:
    (report,) = play(text)
    assert report.ok, report.surprises
    return report.table.state


def sheet_of(state: State) -> ActId:
    return list(state.publication.sheets)[-1]


def built(state: State) -> Communique:
    found = communique(state, sheet_of(state))
    assert isinstance(found, Communique)
    return found


def test_a_communique_says_each_number_with_its_meaning_in_each_language() -> None:
    texts = built(played(DONE)).texts
    assert set(texts) == set(LANGUAGES)
    assert "north gives: 4 people; handed over; inside the formula." in texts["en"]
    assert "Передає north: 4 особи; передано; у межах формули." in texts["uk"]
    assert "Передаёт north: 4 человека; передано; в рамках формулы." in texts["ru"]
    assert "4 أشخاص" in texts["ar"]
    for text in texts.values():
        assert not re.search("[\u0660-\u0669\u06f0-\u06f9]", text)


def test_neither_side_stands_first_but_by_its_name() -> None:
    for text in built(played(DONE)).texts.values():
        sides = re.findall(r"north|south", text)
        assert sides == sorted(sides)


def test_the_deed_carries_the_hashes_of_the_very_texts() -> None:
    state = played(DONE)
    found = built(state)
    for language, text in found.texts.items():
        assert found.deed().texts[language] == sha256(text.encode()).hexdigest()
    assert other_texts(state, found.deed()) == ()


def test_attack_a_communique_whose_text_is_another_one() -> None:
    state = played(DONE)
    deed = built(state).deed()
    forged = PublishCommunique(sheet=deed.sheet, status=deed.status, texts={**deed.texts, "ru": deed.texts["uk"]})
    assert other_texts(state, forged) == ("ru",)
    renamed = PublishCommunique(sheet=deed.sheet, status="victory", texts=deed.texts)
    assert other_texts(state, renamed) == LANGUAGES
    assert other_texts(state, PublishCommunique(sheet=ActId("f" * 64), status="agreed", texts={"en": deed.texts["en"]}))


def test_two_copies_build_the_same_texts() -> None:
    assert built(played(DONE)).texts == built(played(DONE)).texts


def test_sides_are_called_as_each_language_calls_them() -> None:
    state = played(DONE)
    found = communique(state, sheet_of(state), languages=("en", "uk"), names={"uk": {NORTH: "Північ"}})
    assert isinstance(found, Communique)
    assert "Передає Північ: 4 особи" in found.texts["uk"]
    assert "north gives: 4 people" in found.texts["en"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "given terms\nneutral proposes the number sheet: north 3 people inside agreed\n",
            "publication.sheet_not_agreed",
        ),
        (DONE + "south sets an embargo until 2030-01-01T00:00:00Z\n", "publication.embargo"),
        (
            SHORT
            + "neutral proposes the number sheet: north 2 people inside handed_over\n"
            + "north and south agree to the number sheet\n",
            "publication.family_first",
        ),
    ],
)
def test_without_agreement_embargo_or_families_there_is_no_text(text: str, code: str) -> None:
    state = played(text)
    found = communique(state, sheet_of(state))
    assert isinstance(found, Refusal)
    assert found.code == code


def test_a_draft_says_that_it_is_one_and_has_another_hash() -> None:
    state = played(DONE)
    sketched = draft(state, sheet_of(state))
    assert isinstance(sketched, Communique)
    assert all(text.splitlines()[0].strip() for text in sketched.texts.values())
    assert sketched.texts["en"].startswith("DRAFT")
    assert sketched.texts["uk"].startswith("ПРОЄКТ")
    assert not set(sketched.digests.values()) & set(built(state).digests.values())
    assert isinstance(draft(state, ActId("f" * 64)), Refusal)


def test_agreed_without_a_date_says_so() -> None:
    state = played(
        "given terms 1,000 for 1,000\n"
        "neutral proposes the number sheet: north 1,000 people inside agreed; south 1,000 people inside agreed\n"
        "north and south agree to the number sheet\n"
    )
    texts = built(state).texts
    assert "No date has been agreed." in texts["en"]
    assert "1,000 people; agreed" in texts["en"]
    assert "Дату не погоджено." in texts["uk"]
    assert "1\u00a0000 осіб" in texts["uk"]
    assert "Дата не согласована." in texts["ru"]


# --- the briefing ----------------------------------------------------------------------------------------------------


def line(one: Brief, number: int, language: str = "en") -> str:
    return next(text for text in one.texts[language].splitlines() if text.startswith(f"{number}. "))


def test_a_briefing_has_six_lines_in_each_language_and_names_nobody() -> None:
    one = brief(played(SHORT), NORTH)
    for text in one.texts.values():
        assert re.findall(r"^([0-9])\. ", text, flags=re.MULTILINE) == list("123456")
        assert not re.search(r"\b[NS][0-9]+\b", text)


def test_the_same_record_gives_the_same_briefing_and_another_record_another_one() -> None:
    assert brief(played(SHORT), NORTH).digest == brief(played(SHORT), NORTH).digest
    later = played(SHORT + "south confirms the identity of N1\n")
    assert brief(later, NORTH).digest != brief(played(SHORT), NORTH).digest
    assert brief(played(SHORT), SOUTH).digest != brief(played(SHORT), NORTH).digest


def test_the_first_line_counts_agreed_listed_ready_cleared_and_delivered() -> None:
    state = played(SHORT)
    assert side_numbers(state, NORTH) == {
        "agreed": 3,
        "verified": 0,
        "final": 3,
        "ready": 0,
        "cleared": 0,
        "delivered": 2,
    }
    assert "north: agreed 3, verified 0, on the final list 3, declared ready 0, cleared 0, handed over 2" in line(
        brief(state, NORTH), 1
    )


def test_the_second_line_says_who_is_waited_for_and_since_when() -> None:
    state = played("given lists\nnorth signs the final list from north to south: N1-N3\n")
    assert [(one.on, one.what) for one in waits(state)] == [(SOUTH, "final_list")]
    assert "south, to sign a final list, since 2025-05-16T09:00:00Z" in line(brief(state, NORTH), 2)


def test_whoever_suspended_is_waited_for() -> None:
    state = played("given batches 4 for 4 in 2 batches\nsouth suspends the exchange because of security\n")
    assert (SOUTH, "resume") in {(one.on, one.what) for one in waits(state)}


def test_after_the_point_books_closings_identities_families_and_papers_are_waited_for() -> None:
    state = played("given groups 3 for 3\nnorth hands in the book for batch 1: RECEIVED N1-N3, S1-S3\n")
    assert {(one.on, one.what) for one in waits(state)} >= {(SOUTH, "book"), (NEUTRAL, "book")}
    state = played("given books 3 for 3\nnorth closes batch 1\n")
    assert {(one.on, one.what) for one in waits(state)} >= {(SOUTH, "closing"), (NEUTRAL, "closing")}
    state = played(
        SHORT + "neutral proposes the joint record: north 1 as NOT_PRESENTED\nnorth signs the joint record\n"
    )
    open_now = {(one.on, one.what, one.count) for one in waits(state)}
    assert {(SOUTH, "identity", 2), (NORTH, "identity", 3), (NORTH, "debts", 1)} <= open_now
    assert {(SOUTH, "joint_record", 0), (NEUTRAL, "joint_record", 0)} <= open_now


def test_the_third_line_names_the_largest_losses_of_the_joint_record_or_of_the_outcomes() -> None:
    assert losses(played(SHORT)) == ((NORTH, "NOT_PRESENTED", 1),)
    state = played(
        SHORT
        + "neutral proposes the joint record: north 1 as unexplained\nnorth, south and neutral sign the joint record\n"
    )
    assert losses(state) == ((NORTH, "unexplained", 1),)
    assert "не з'ясовано" in line(brief(state, NORTH), 3, "uk")


def test_refused_names_count_as_losses_before_anything_is_handed_over() -> None:
    state = played(
        "given terms\n"
        "north hands in a request list for south: N1-N4\n"
        "south acknowledges the request list\n"
        "south replies HELD_WILL_RELEASE to N1; NOT_HELD to N2-N3; IN_SEARCH to N4\n"
    )
    assert losses(state) == ((SOUTH, "NOT_HELD", 2), (SOUTH, "IN_SEARCH", 1))


def test_the_fourth_line_says_no_date_agreed_until_all_have_accepted() -> None:
    proposed = (
        "given final lists\n"
        'south proposes a date from 2025-05-23T06:00:00Z to 2025-05-23T18:00:00Z at "the bridge", '
        "answer by 2025-05-20T00:00:00Z\n"
    )
    assert line(brief(played(proposed), NORTH), 4) == "4. No date agreed."
    accepted = played(proposed + "north accepts the date\n")
    assert "2025-05-23T06:00:00Z" in line(brief(accepted, NORTH), 4)


def test_the_fifth_line_holds_what_both_sides_said_since_the_last_briefing() -> None:
    first = played(SHORT + 'north records what south said in "evening news": north 3 people inside handed_over\n')
    assert "not supported by the record (record: 2)" in line(brief(first, NORTH), 5)
    assert "evening news" in line(brief(first, SOUTH), 5)
    assert "No public statement" in line(brief(first, NORTH, since=first.count), 5)


def said_of_the_date(*more: str) -> tuple[Compared, ...]:
    return compared(played("given terms\n" + "\n".join(more)))


LEAK = 'north records what south said in "wire": by an unnamed source; through "Northern Wire"; about date; a date was agreed'
OPENLY = 'records what {} said in "briefing": openly by chief_negotiator; {} date was agreed'


def test_an_unnamed_source_is_named_as_one_with_its_outlet_and_confirms_nothing() -> None:
    (one, again) = said_of_the_date(LEAK, LEAK)
    assert one.confirmed_by == again.confirmed_by == ()
    told = in_words(one, "en")
    assert "unnamed source, through Northern Wire, wire, of the item date" in told
    assert "confirmed" not in told


def test_what_one_side_confirms_openly_and_what_both_confirm_are_told_apart() -> None:
    (one, _) = said_of_the_date(LEAK, "neutral " + OPENLY.format("south", "a"))
    assert one.confirmed_by == (SOUTH,)
    assert "confirmed openly by south alone" in in_words(one, "en")
    one, *_ = said_of_the_date(LEAK, "north " + OPENLY.format("south", "a"), "south " + OPENLY.format("north", "a"))
    assert one.confirmed_by == (NORTH, SOUTH)
    assert "confirmed openly by north, south" in in_words(one, "en")
    assert "відкрито підтверджено: north, south" in in_words(one, "uk")


def test_what_a_named_voice_denies_is_contradicted_by_that_side() -> None:
    (one, denial) = said_of_the_date(LEAK, "north " + OPENLY.format("south", "no"))
    assert (one.confirmed_by, one.contradicted_by) == ((), (SOUTH,))
    assert denial.contradicted_by == ()
    assert "contradicted openly by south" in in_words(one, "en")


def test_attack_an_outlet_whose_name_turns_the_direction_of_writing() -> None:
    (one,) = said_of_the_date(LEAK.replace("Northern Wire", "Wire\u202e(erif)"))
    assert "\u202e" not in in_words(one, "en") + in_words(one, "ar")


def test_the_sixth_line_says_what_changed_since_the_last_briefing() -> None:
    before, after = played("given terms 3 for 3"), played(SHORT)
    assert line(brief(before, NORTH), 6) == "6. This is the first briefing."
    told = line(brief(after, NORTH, before=before), 6)
    assert f"Changed since act {before.count}: north, on the final list: 0 → 3" in told
    assert "north, handed over: 0 → 2" in told
    assert "Nothing in these lines changed" in line(brief(after, NORTH, before=after), 6)


def test_a_side_that_speaks_often_does_not_crowd_the_other_off_the_page() -> None:
    often = "".join(f'north records what south said in "evening {number}": north 3 people\n' for number in range(5))
    told = line(
        brief(played('given terms\nsouth records what north said in "once": north 3 people\n' + often), NORTH), 5
    )
    assert "once" in told
    assert "evening 4" in told
    assert "evening 1" not in told
    assert "And 2 more." in told
