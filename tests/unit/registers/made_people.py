"""Makes two small lists of invented people, written by two offices that slip as offices do, with the truth beside them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from parley.registers.comparable import COLUMNS

Row = dict[str, str]

GIVEN = (
    ("Олександр", "Александр", "Oleksandr"),
    ("Сергій", "Сергей", "Serhii"),
    ("Микола", "Николай", "Mykola"),
    ("Андрій", "Андрей", "Andrii"),
    ("Дмитро", "Дмитрий", "Dmytro"),
    ("Василь", "Василий", "Vasyl"),
    ("Петро", "Петр", "Petro"),
    ("Юрій", "Юрий", "Yurii"),
)
FATHERS = (
    ("Олександрович", "Александрович", "Oleksandrovych"),
    ("Іванович", "Иванович", "Ivanovych"),
    ("Миколайович", "Николаевич", "Mykolaiovych"),
    ("Петрович", "Петрович", "Petrovych"),
    ("Васильович", "Васильевич", "Vasylovych"),
)
LATIN = {
    "Бор": "Bor",
    "Вер": "Ver",
    "Гай": "Hai",
    "Дуб": "Dub",
    "Зор": "Zor",
    "Кам": "Kam",
    "Лоз": "Loz",
    "Мел": "Mel",
    "Нив": "Nyv",
    "Ост": "Ost",
    "Пал": "Pal",
    "Руд": "Rud",
    "Сад": "Sad",
    "Тур": "Tur",
    "Хом": "Khom",
    "Чум": "Chum",
}
ROOTS = tuple(LATIN)
ENDS = (("енко", "енко", "enko"), ("чук", "чук", "chuk"), ("івський", "ивский", "ivskyi"), ("ак", "ак", "ak"))
PLACES = (("Верхня Гора", "Верхня Гора", "Verkhnia Hora"), ("Нижній Брід", "Нижний Брод", "Nyzhnii Brid"))


def made(people: int, seed: int) -> tuple[list[Row], list[Row], set[tuple[str, str]]]:
    """Return two lists and the pairs that are one person; every second person of the first stands on the second, too."""
    chance = random.Random(seed)
    a, b, truth = [], [], set()
    for number in range(people):
        root, end = chance.choice(ROOTS) + chance.choice("аоуи"), chance.choice(ENDS)
        given, father, place = chance.choice(GIVEN), chance.choice(FATHERS), chance.choice(PLACES)
        birth = f"{chance.randrange(1965, 2004)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        unit, event = chance.randrange(1, 150), f"2024-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        a.append(_row(f"A{number}", (root + end[0], given[0], father[0]), birth, f"{unit} ОБ", place[0], event))
        if number % 2 == 0:
            tongue = chance.choice((1, 1, 2))
            latin = LATIN[root[:-1]] + {"а": "a", "о": "o", "у": "u", "и": "y"}[root[-1]]
            surname = (latin if tongue == 2 else root) + end[tongue]
            slip = chance.random()
            written = "" if slip < 0.1 else birth[:4] if slip < 0.2 else birth
            name = (surname, given[tongue], "" if chance.random() < 0.2 else father[tongue])
            b.append(_row(f"B{number}", name, written, f"{unit} об", place[tongue], event))
            truth.add((f"A{number}", f"B{number}"))
        else:
            stranger = (chance.choice(ROOTS) + "инов", chance.choice(GIVEN)[1], chance.choice(FATHERS)[1])
            b.append(_row(f"B{number}", stranger, "19" + birth[2:4] + "-01-02", "", "", ""))
    chance.shuffle(b)
    return a, b, truth


def _row(number: str, name: Sequence[str], birth: str, unit: str, place: str, event: str) -> Row:
    row = dict.fromkeys(COLUMNS, "")
    surname, given, father = name
    row |= {"rec_id": number, "full_name": " ".join(filter(None, name)), "surname": surname, "given": given}
    return row | {
        "patronymic": father,
        "dob": birth,
        "sex": "M",
        "unit": unit,
        "birthplace": place,
        "event_date": event,
    }


def columns_of(rows: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Return rows as columns by name."""
    return {name: [row.get(name, "") for row in rows] for name in ("rec_id", *COLUMNS)}
