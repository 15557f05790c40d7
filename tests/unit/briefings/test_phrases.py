"""Every sentence of the house exists in four languages, says the same things in each, and no opponent can bend it."""

import re
import unicodedata
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.acts import COUNT_POINTS, LANGUAGES, OUTCOME_CODES, REPLY_CODES, SCOPES, STATUS_WORDS, UNITS
from parley.briefings import phrases
from parley.desk.errors import CODES as DESK_CODES
from parley.process.reconciliation import CAUSES
from parley.record.errors import CODES as RECORD_CODES
from parley.store.base import CODES as STORE_CODES
from parley.words import Lines, LinesBroken, refuse

SOURCE = Path(phrases.__file__).parents[2]
ALPHABET = {"ar": "ARABIC", "en": "LATIN", "ru": "CYRILLIC", "uk": "CYRILLIC"}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def codes_in(*rooms: str) -> set[str]:
    """Every code that these rooms give literally to a refusal or to something broken."""
    files = [file for room in rooms for file in (SOURCE / room).rglob("*.py")]
    found = (
        re.findall(r'(?:refuse|Refusal|[A-Z]\w*Broken)\(\s*"([a-z_]+\.[a-z_]+)"', file.read_text()) for file in files
    )
    return {code for codes in found for code in codes}


@pytest.mark.parametrize("code", sorted({*RECORD_CODES, *STORE_CODES, *codes_in("process", "record", "store")}))
def test_every_no_of_the_law_the_record_and_the_store_has_its_two_sentences(code: str) -> None:
    for language in LANGUAGES:
        why, what_next = phrases.sentence(code, {}, language)
        assert why.strip()
        assert what_next.strip()


def test_malformed_lines_and_bodies_have_their_sentences_too() -> None:
    for code in ("lines.malformed", "lines.too_many", "form.malformed", "form.unknown_kind"):
        assert code in phrases.codes()
    with pytest.raises(LinesBroken) as broken:
        Lines.of("N3-N1")
    assert "N3-N1" in phrases.explain(broken.value, "uk").why


@pytest.mark.parametrize("code", sorted(phrases.entries()))
def test_a_phrase_is_whole_in_every_language_and_leaves_the_same_blanks(code: str) -> None:
    entry = phrases.entries()[code]
    endings = {name.partition("_")[2] for name in entry}
    if endings <= {"", "next"}:
        assert entry.keys() == {f"{language}{'_' if one else ''}{one}" for language in LANGUAGES for one in endings}
        named = [
            {name for ending in endings for name in blanks(entry[f"{language}_{ending}" if ending else language])}
            for language in LANGUAGES
        ]
        assert all(one == named[0] for one in named)
    else:
        assert entry.keys() == {f"{language}_{form}" for language in LANGUAGES for form in phrases.PLURALS[language]}


@pytest.mark.parametrize("code", sorted(phrases.codes()))
def test_a_sentence_is_in_the_script_of_its_language(code: str) -> None:
    for language, script in ALPHABET.items():
        for text in phrases.sentence(code, {}, language):
            own = sum(1 for one in text if one.isalpha() and unicodedata.name(one).startswith(script))
            assert own > 0


@pytest.mark.parametrize(
    "word", [*OUTCOME_CODES, *REPLY_CODES, *sorted(CAUSES), *UNITS, *SCOPES, *COUNT_POINTS, *STATUS_WORDS]
)
def test_every_word_that_a_briefing_can_show_is_known(word: str) -> None:
    for language in LANGUAGES:
        assert phrases.word(word, language) != word or language == "en"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["0 people", "1 person", "2 people", "5 people", "11 people", "21 people", "1,000 people"]),
        ("uk", ["0 осіб", "1 особа", "2 особи", "5 осіб", "11 осіб", "21 особа", "1\u00a0000 осіб"]),
        ("ru", ["0 человек", "1 человек", "2 человека", "5 человек", "11 человек", "21 человек", "1\u00a0000 человек"]),
        ("ar", ["0 أشخاص", "شخص واحد", "شخصان", "5 أشخاص", "11 شخصًا", "21 شخصًا", "1,000 شخص"]),
    ],
)
def test_people_are_counted_as_each_language_counts(language: str, said: list[str]) -> None:
    assert [phrases.counted("unit.person", count, language) for count in (0, 1, 2, 5, 11, 21, 1000)] == said


def test_hundreds_and_teens_take_their_own_forms() -> None:
    assert phrases.counted("unit.body", 112, "ru") == "112 тел"
    assert phrases.counted("unit.body", 1212, "uk") == "1\u00a0212 тіл"
    assert phrases.counted("unit.container", 1231, "uk") == "1\u00a0231 контейнер з останками"
    assert phrases.counted("unit.person", 103, "ar") == "103 أشخاص"
    assert phrases.counted("unit.person", 100, "ar") == "100 شخص"


def test_a_code_of_the_record_is_shown_as_a_word_of_the_reader() -> None:
    facts: dict[str, str | int] = {"side": "north", "outcome": "NOT_PRESENTED", "stated": 1, "supported": 0}
    assert "не доставлен к пункту" in phrases.sentence("reconciliation.count_not_supported", facts, "ru").why


def test_a_missing_fact_shows_as_an_ellipsis_and_breaks_nothing() -> None:
    assert "…" in phrases.sentence("contact.too_few_officers", {}, "en").why


# Whatever somebody writes where a fact is shown: braces, escapes of terminals, changes of direction.
@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_attack_a_fact_that_would_bend_the_sentence_around_it(text: str, language: str) -> None:
    why, _ = phrases.explain(refuse("contact.unknown_role", role=text), language)
    control = {one for one in why if unicodedata.category(one) in {"Cc", "Cf", "Cs"}}
    assert control <= (set(phrases.ISOLATE) if language == "ar" else set())
    bare, _ = phrases.explain(refuse("contact.unknown_role", role="@"), language)
    before, _, after = bare.partition("@")
    assert why.startswith(before)
    assert why.endswith(after)


def test_every_alarm_of_the_law_has_its_sentence() -> None:
    files = (SOURCE / "process").glob("*.py")
    raised = {code for file in files for code in re.findall(r'alarm\(\s*"([a-z_.]+)"', file.read_text())}
    assert raised
    for code in raised:
        for language in LANGUAGES:
            assert phrases.phrase(f"alarm.{code}", language)


def test_every_broken_thing_of_a_desk_has_its_two_sentences() -> None:
    assert set(DESK_CODES) <= phrases.codes()
