"""What a clause says in words has all its numbers, in every language, and no opponent's text can disturb the sentence."""

from __future__ import annotations

import re

import pytest

from parley.briefings.clause_words import clause_in_words
from parley.clauses import Category, Clause, Conditional, Criterion, Deadline, FixedNumbers, NamedSlot
from parley.scenario.clause_sentences import PHRASES, Phrase, Speaker, read_clause
from parley.words import Day, ParticipantName

NORTH, SOUTH = ParticipantName("north"), ParticipantName("south")
LANGUAGES = ("en", "uk", "ru", "ar")
IN_A_WORD = {("ar", "1"): ("واحد",), ("ar", "2"): ("شخصان", "يومان")}
"""Numbers that a language says in a word of its own."""


def clause(said: str) -> Clause:
    return read_clause(said, "c1", Speaker(NORTH, (NORTH, SOUTH)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.example[:40])
def test_every_number_and_every_side_of_a_clause_is_said(phrase: Phrase, language: str) -> None:
    said = re.sub(r"(?<=[0-9])[,\u00a0](?=[0-9]{3})", "", clause_in_words(clause(phrase.example), language))
    for number in re.findall(r"[0-9]+", re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", phrase.example)):
        assert any(form in said for form in (number, *IN_A_WORD.get((language, number), ())))
    for side in (NORTH, SOUTH):
        if re.search(rf"\b{side}\b", phrase.example):
            assert side in said


@pytest.mark.parametrize(
    ("said", "language", "words"),
    [
        ("306 for 74", "en", "Fixed numbers: north gives 306 people, south gives 74 people."),
        ("306 for 74", "uk", "Сталі числа: north — 306 осіб, south — 74 особи."),
        ("306 for 74", "ru", "Фиксированные числа: north — 306 человек, south — 74 человека."),
        ("306 for 74", "ar", "أعداد ثابتة: \u2068north\u2069: 306 أشخاص، \u2068south\u2069: 74 شخصًا."),
        ("1 for 2", "ar", "أعداد ثابتة: \u2068north\u2069: شخص واحد، \u2068south\u2069: شخصان."),
        (
            "north 41, south 115 a day, without carrying over",
            "en",
            "Each day: north gives 41 people, south gives 115 people. Who is missing on one day is not added to the next.",
        ),
        (
            "issue_manifest 24 hours before batch_opens",
            "uk",
            "Строк, імена в маніфестах: 24 год до події «початок партії».",
        ),
    ],
)
def test_clauses_read_as_an_officer_would_write_them(said: str, language: str, words: str) -> None:
    assert clause_in_words(clause(said), language) == words


def test_neither_side_stands_first_because_it_spoke() -> None:
    mine = FixedNumbers(clause="c1", gives={NORTH: 1, SOUTH: 2})
    theirs = FixedNumbers(clause="c1", gives={SOUTH: 2, NORTH: 1})
    for language in LANGUAGES:
        assert clause_in_words(mine, language) == clause_in_words(theirs, language)


def test_a_clause_that_the_law_would_refuse_can_still_be_shown() -> None:
    empty = Category(clause="c1", category="young", criteria=())
    assert clause_in_words(empty, "en") == ("Category “young” means: ; judged on …; captured before …; certified by ….")
    unheard = Category(
        clause="c1", category="young", criteria=(Criterion("age", "resembles", "25"),), reference=Day("2025-06-02")
    )
    assert "2025-06-02" in clause_in_words(unheard, "ar")
    assert clause_in_words(Conditional(clause="c1", question="fate", branches=()), "en")
    assert clause_in_words(Deadline(clause="c1", act="smile", anchor="breakfast", hours=3), "en") == (
        "Time limit, smile: 3 hours after breakfast."
    )


def test_attack_a_slot_name_that_turns_the_sentence_round_or_fills_another_blank() -> None:
    turned = NamedSlot(clause="c1", giving=NORTH, slot="\u202eesrever\n@giving@ {giving}")
    for language in LANGUAGES:
        said = clause_in_words(turned, language)
        assert "\u202e" not in said
        assert "\n" not in said
        assert "{giving}" in said
