"""Surname, given name and father's name are told apart by what the words are, not by where they stand."""

from itertools import permutations

import pytest

from parley.registers.name_parts import NameParts, parts_of, parts_of_columns


def told(parts: NameParts) -> tuple[str, str, str]:
    return parts.surname, parts.given, parts.father


@pytest.mark.parametrize(
    "words",
    [
        ("Мельник", "Іван", "Петрович"),
        ("Кузнецова", "Ольга", "Сергеевна"),
        ("Shevchenko", "Mykola", "Ivanovych"),
        ("Szewczenko", "Andrij", "Wasylowycz"),
        ("Антоненко-Давидович", "Борис", "Дмитрович"),
    ],
)
def test_a_full_name_is_divided_alike_in_any_order(words: tuple[str, str, str]) -> None:
    for order in permutations(words):
        assert told(parts_of(" ".join(order))) == words
    assert parts_of(" ".join(words)).certainty == "certain"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Шевченко І.П.", ("Шевченко", "І.", "П.")),
        ("І. П. Шевченко", ("Шевченко", "І.", "П.")),
        ("Ігнатий Д.", ("Ігнатий", "Д.", "")),
        ("Мельник, Іван Петрович", ("Мельник", "Іван", "Петрович")),
        ("Ivan MELNYK", ("MELNYK", "Ivan", "")),
        ("Олег", ("", "Олег", "")),
        ("Бойко", ("Бойко", "", "")),
        ("Попович Іван", ("Попович", "Іван", "")),
        ("Роман Іван Богданович", ("Роман", "Іван", "Богданович")),
        ("Іваненко Петренко Олег Іванович", ("Іваненко Петренко", "Олег", "Іванович")),
        ("Мамедов Рашид Ахмед оглы", ("Мамедов", "Рашид", "Ахмед оглы")),
        ("محمد بن علي حسن", ("حسن", "محمد", "بن علي")),
        ("Ali Hassan Omar", ("Omar", "Ali", "Hassan")),
        ("", ("", "", "")),
        (" ,; ", ("", "", "")),
    ],
)
def test_a_name_in_one_field_is_divided(written: str, parts: tuple[str, str, str]) -> None:
    assert told(parts_of(written)) == parts


def test_two_words_that_are_both_given_names_are_divided_by_a_guess_that_says_so() -> None:
    assert parts_of("Іван Роман").certainty == "guess"
    assert parts_of("Гнат Лука").certainty == "guess"


def test_exchanged_columns_are_put_right() -> None:
    assert told(parts_of_columns("Іван", "Мельник", "Петрович")) == ("Мельник", "Іван", "Петрович")
    assert told(parts_of_columns("Мельник", "Петрович", "Іван")) == ("Мельник", "Іван", "Петрович")


def test_columns_are_believed_where_the_table_of_names_does_not_contradict() -> None:
    assert told(parts_of_columns("Роман", "Тарас", "Іванович")) == ("Роман", "Тарас", "Іванович")
    assert told(parts_of_columns("Тарас", "Роман", "Іванович")) == ("Тарас", "Роман", "Іванович")
    assert told(parts_of_columns("Гнатюк", "Аврелій", "")) == ("Гнатюк", "Аврелій", "")


def test_a_whole_name_in_the_surname_column_is_divided() -> None:
    assert told(parts_of_columns("Мельник Іван Петрович", "", "")) == ("Мельник", "Іван", "Петрович")
