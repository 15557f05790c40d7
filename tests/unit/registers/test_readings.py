"""One name in many spellings reads alike, and the reading that made it so has a name."""

import numpy as np
import pytest

from parley.registers.readings import (
    MOST_LETTERS,
    consonants,
    fold_many,
    readings,
    same_reading,
    similarities,
    similarity,
    skeletons,
)
from parley.registers.romanisations import TITLES


@pytest.mark.parametrize(
    ("cyrillic", "latin", "scheme"),
    [
        ("Сергій", "Serhii", "kmu-55"),
        ("Згурський", "Zghurskyi", "kmu-55"),
        ("Єнакієва", "Yenakiieva", "kmu-55"),
        ("Хмельницкий", "Khmelnitskii", "kmu-55"),
        ("Юрьев", "Iurev", "kmu-55"),
        ("Щербань", "Schtscherban", "german"),
        ("Мельничук", "Melnytschuk", "german"),
        ("Хмельницький", "Chmelnyzkyj", "german"),
        ("Щербань", "Chtcherban", "french"),
        ("Ющенко", "Iouchtchenko", "french"),
        ("Щербань", "Szczerban", "polish"),
        ("Жук", "Żuk", "polish"),
        ("Левицький", "Łewyckyj", "polish"),
        ("Щукин", "Shhukin", "gost-7.79"),
        ("Хомцов", "Xomcov", "gost-7.79"),
        ("Щукин", "Ŝukin", "iso-9"),
        ("Чижов", "Čižov", "iso-9"),
    ],
)
def test_a_romanised_name_is_read_back_by_the_scheme_that_made_it(cyrillic: str, latin: str, scheme: str) -> None:
    agreed = same_reading(cyrillic, latin)
    assert agreed is not None
    assert agreed[1].scheme == scheme


@pytest.mark.parametrize(
    ("ukrainian", "russian"),
    [
        ("Ковальов", "Ковалев"),
        ("Ковальов", "Ковалёв"),
        ("Соловйов", "Соловьев"),
        ("Чорний", "Черный"),
        ("Заболотний", "Заболотный"),
        ("Хмельницький", "Хмельницкий"),
        ("Лук'яненко", "Лукьяненко"),
        ("Ґудзь", "Гудзь"),
    ],
)
def test_a_ukrainian_surname_and_its_russian_spelling_read_alike(ukrainian: str, russian: str) -> None:
    assert skeletons(ukrainian) & skeletons(russian)


@pytest.mark.parametrize(
    ("arabic", "latin"), [("محمد", "Mohammed"), ("أحمد", "Ahmed"), ("يوسف", "Yusuf"), ("الشامي", "Shami")]
)
def test_an_arabic_name_agrees_where_only_short_vowels_are_left_out(arabic: str, latin: str) -> None:
    one, other = same_reading(arabic, latin) or pytest.fail("they do not agree")
    assert one.scheme.startswith("arabic")
    assert same_reading(latin, arabic) == (other, one)
    assert consonants(arabic) & consonants(latin)


def test_a_long_vowel_that_was_written_is_not_overlooked() -> None:
    assert same_reading("محمود", "Muhammad") is None


def test_an_arabic_name_meets_its_cyrillic_spelling() -> None:
    assert same_reading("أحمد", "Ахмед") is not None


def test_different_names_do_not_agree() -> None:
    assert same_reading("Іваненко", "Петренко") is None
    assert similarity("Іваненко", "Петренко") < 0.6 < similarity("Коваленко", "Коваленка")


def test_every_scheme_that_a_reading_names_has_a_title() -> None:
    words = [
        "Ковальов",
        "Ковалёв",
        "Мельник",
        "Щур",
        "Serhii",
        "Szczur",
        "Czyżów",
        "Şahin",
        "محمد",
        "الشامي",
        "דוד",
        "Серhій",
    ]
    assert {one.scheme for word in words for one in readings(word)} <= TITLES.keys()


def test_the_word_as_its_language_tells_it_names_the_language() -> None:
    assert [readings(word)[0].scheme for word in ("Сергій", "Быков", "Мороз")] == ["uk", "ru", "cyrillic"]


def test_attack_a_name_of_a_million_letters_is_read_only_in_its_beginning() -> None:
    assert all(len(one.sound) <= 3 * MOST_LETTERS for one in readings("щ" * 1_000_000))
    assert similarity("a" * 1_000_000, "b") == 0


def test_a_word_that_no_table_reads_has_no_reading_and_no_likeness() -> None:
    assert readings("გიორგი") == readings("17") == readings("") == ()
    assert similarity("", "") == similarity("17", "Іван") == 0


def test_many_words_are_folded_as_one_by_one() -> None:
    words = ["Іван", "Ivan", "Іван", "", "يوسف"]
    assert fold_many(words) == [tuple(one.skeleton for one in readings(word)) for word in words]


def test_a_table_of_likenesses_holds_what_each_pair_has() -> None:
    left, right = ["Сергій", "", "محمد", "17"], ["Serhii", "Muhammad", "חיים", "", "أحمد", "Петро"]
    wanted = [[similarity(one, other) for other in right] for one in left]
    np.testing.assert_allclose(similarities(left, right), wanted, atol=1e-6)
    assert similarities([], right).shape == (0, 6)
    assert similarities(["1"], ["2"]).tolist() == [[0.0]]
