"""A given name is known in two languages, in short forms and in patronymics."""

import tomllib
from importlib.resources import files

import pytest

from parley.registers.given_names import father_of, given_name_id, given_name_ids, has_patronymic_ending

TABLE = tomllib.loads(files("parley.registers").joinpath("given_names.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("forms", "name"),
    [
        ("Микола Николай МИКОЛА Коля Mykola Nikolai Nikolaï Nikolaj Nicholas", "mykola"),
        ("Сергій Сергей Серёга Serhii Sergei Sergej Sergueï", "serhii"),
        ("Ганна Анна Anna Hanna", "anna"),
        ("Олена Елена Olena Elena", "olena"),
        ("محمد Магомед Mohammed Muhammad", "mahomed"),
        ("В'ячеслав В’ячеслав Вячеслав Viacheslav Vyacheslav", "viacheslav"),
    ],
)
def test_forms_of_one_name_share_its_id(forms: str, name: str) -> None:
    assert {given_name_id(form) for form in forms.split()} == {name}


def test_a_short_form_of_two_names_names_none_of_them() -> None:
    assert given_name_ids("Саша") == {"oleksandr", "oleksandra"}
    assert given_name_id("Саша") is None


def test_a_surname_is_no_given_name() -> None:
    assert [given_name_id(word) for word in ("Шевченко", "Kovalchuk", "", "12", "І.")] == [None] * 5


def test_the_table_is_large_enough_to_serve() -> None:
    assert sum(map(len, TABLE.values())) >= 250


@pytest.mark.parametrize("group", ["male", "female"])
def test_every_full_form_in_the_table_leads_back_to_its_name(group: str) -> None:
    lost = [
        (name, form)
        for name, forms in TABLE[group].items()
        for form in (forms["uk"], forms["ru"])
        if name not in given_name_ids(form)
    ]
    assert not lost


@pytest.mark.parametrize(
    ("patronymics", "father"),
    [
        ("Миколайович Николаевич Миколаївна Николаевна Mykolaiovych Nikolaevich Mykolajiwna", "mykola"),
        ("Сергійович Сергеевич Сергіївна Сергеевна Serhiiovych", "serhii"),
        ("Ілліч Ильич Іллівна Ильинична", "illia"),
        ("Лукич Лукична", "luka"),
        ("Якович Яковлевич Яківна Яковлевна", "yakiv"),
        ("Львович Львівна", "lev"),
        ("Дмитрович Дмитриевич Дмитрівна", "dmytro"),
        ("Никитич Микитович Никитична", "mykyta"),
        ("Михайлович Михайловна Mychajlowytsch Mykhailivna", "mykhailo"),
    ],
)
def test_a_patronymic_tells_the_fathers_name(patronymics: str, father: str) -> None:
    assert {father_of(one) for one in patronymics.split()} == {father}


def test_a_surname_that_ends_like_a_patronymic_tells_no_father() -> None:
    assert father_of("Попович") is None
    assert has_patronymic_ending("Попович")
    assert not has_patronymic_ending("Мельник")


def test_a_name_the_table_knows_is_found_in_its_regular_patronymic() -> None:
    regular = (
        "Олег",
        "Богдан",
        "Віктор",
        "Максим",
        "Роман",
        "Тарас",
        "Степан",
        "Захар",
        "Антон",
        "Остап",
        "Руслан",
        "Тимур",
    )
    assert all(father_of(f"{form}ович") == given_name_id(form) for form in regular)
