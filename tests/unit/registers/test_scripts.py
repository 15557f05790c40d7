"""What a reader cannot see in a name is found and named, and mended for comparison only."""

import pytest

from parley.registers.scripts import findings, mended, script_of


@pytest.mark.parametrize(
    ("word", "script"),
    [
        ("Мельник", "cyrillic"),
        ("Melnyk", "latin"),
        ("Müller", "latin"),
        ("محمد", "arabic"),
        ("דוד", "hebrew"),
        ("Мельnyk", "mixed"),
        ("გიორგი", "other"),
        ("17", "none"),
        ("", "none"),
    ],
)
def test_each_word_is_known_by_its_script(word: str, script: str) -> None:
    assert script_of(word) == script


def test_latin_letters_inside_a_cyrillic_word_are_found_and_replaced() -> None:
    written = "М\u043eр\u043eз".replace("р", "p").replace("М", "M")
    assert [(one.code, one.at, one.written, one.meant) for one in findings(written)] == [
        ("lookalike", 0, "M", "М"),
        ("lookalike", 2, "p", "р"),
    ]
    assert mended(written) == "Мороз"


def test_cyrillic_letters_inside_a_latin_word_are_found_and_replaced() -> None:
    assert mended("Kov\u0430lenk\u043e") == "Kovalenko"


def test_a_word_with_a_letter_that_has_no_lookalike_is_left_as_it_is() -> None:
    assert mended("Серhій") == "Серhій"
    assert findings("Серhій") == ()


def test_figures_read_for_letters_are_mended_inside_a_word_only() -> None:
    assert mended("М0роз") == "Мороз"
    assert mended("5") == "5"
    assert [one.code for one in findings("Мор0з")] == ["digit"]


def test_attack_direction_signs_and_unseen_characters_change_no_comparison() -> None:
    written = "\u202eМель\u200bник\u2069"
    assert [(one.code, one.at) for one in findings(written)] == [("direction", 0), ("unseen", 5), ("direction", 9)]
    assert mended(written) == "Мельник"


def test_every_apostrophe_is_one_apostrophe() -> None:
    assert {mended(f"Дем{sign}ян") for sign in "'’ʼ`´"} == {"Дем'ян"}


def test_presentation_forms_and_marks_typed_apart_are_composed() -> None:
    assert mended("и\u0306") == "й"
    assert mended("\ufee3\ufea4\ufee4\ufeaa") == "محمد"
