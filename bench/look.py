"""How long does it take to look through a list of 100,000 people, and how much memory?

The list is invented: twelve columns, most names in Ukrainian, a tenth of the dates written so that they cannot be read for sure,
one row in fifty a double. It is written as .xlsx and as .csv by one program, and each is looked through by another, so that its
memory is its own. The time is the whole command's, from the start of Python to the page written.
"""

import argparse
import csv
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

SURNAMES = [
    a + b
    for a in ("Лис", "Дуб", "Клен", "Граб", "В'яз", "Сосн", "Яв", "Ліщ", "Терн", "Верб")
    for b in ("енко", "ук", "ський", "ич", "ак")
]
GIVEN = ["Іван", "Петро", "Олена", "Марія", "Тарас", "Сергій", "Микола", "Ольга", "Андрій", "Софія", "Ivan", "Olena"]
HEAD = [
    "№", "Прізвище", "Ім'я", "По батькові", "Дата народження", "Звання", "Частина", "Особистий номер",
    "Місце народження", "Дата полону", "Місце полону", "Категорія",
]  # fmt: skip
ROUNDS = 3


def people(count: int, seed: int) -> Iterator[list[str]]:
    chance = random.Random(seed)
    before: list[str] = []
    for number in range(1, count + 1):
        day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1960, 2004)
        born = f"{day:02d}.{month:02d}.{year}"
        if chance.random() < 0.1:
            born = chance.choice(
                [
                    f"{day}/{month}/{year}",
                    f"{year}",
                    f"{month:02d}.{year}",
                    "31117",
                    f"{day:02d}.{month:02d}.{year % 100:02d}",
                    "?",
                ]
            )
        names = [
            chance.choice(SURNAMES) + chance.choice("абвгд"),
            chance.choice(GIVEN),
            chance.choice(GIVEN) + "ович",
            born,
        ]
        if before and chance.random() < 0.02:
            names = before
        before = names
        capture = f"{day:02d}.{month:02d}.2022"
        yield [
            str(number),
            *names,
            "солдат",
            f"А{chance.randint(1000, 4999)}",
            str(chance.randint(10**6, 10**7)),
            "Місто",
            capture,
            "Село",
            "pow",
        ]


def write(folder: Path, count: int, seed: int) -> None:
    rows = [HEAD, *people(count, seed)]
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    book = xlsxwriter.Workbook(str(folder / "list.xlsx"), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    # Most programs keep each text once and let the cells point at it; the writer in constant memory does not.
    book = xlsxwriter.Workbook(str(folder / "shared.xlsx"))
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()


def looked(path: Path) -> tuple[float, float, int]:
    """Seconds and MiB of one look, and the rows that it counted."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "parley", "look", str(path), "--json", "--report", str(path.with_suffix(".html"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        said = json.loads(running.stdout.read())
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0
    return time.perf_counter() - begun, usage.ru_maxrss / 1024, said["files"][0]["sheets"][0]["rows"]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--write", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.write:
        write(Path(given.write), given.rows, given.seed)
        return
    found = []
    with tempfile.TemporaryDirectory() as folder:
        # Written elsewhere: a program starts with the largest size that its parent ever had.
        writer = ["--write", folder, "--rows", str(given.rows), "--seed", str(given.seed)]
        subprocess.run([sys.executable, __file__, *writer], check=True)
        for path in sorted(Path(folder).iterdir()):
            runs = [looked(path) for _ in range(ROUNDS)]
            assert {rows for _, _, rows in runs} == {given.rows}
            found.append(
                {
                    "file": path.name,
                    "bytes": path.stat().st_size,
                    "rows": given.rows,
                    "seconds": round(min(seconds for seconds, _, _ in runs), 2),
                    "slowest": round(max(seconds for seconds, _, _ in runs), 2),
                    "MiB": round(max(memory for _, memory, _ in runs)),
                }
            )
    if given.json:
        print(json.dumps(found))
        return
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, {ROUNDS} looks each")
    print(f"{'file':<14}{'rows':>9}{'MB':>8}{'best s':>9}{'worst s':>9}{'MiB':>7}")
    for one in found:
        print(
            f"{one['file']:<14}{one['rows']:>9}{int(one['bytes']) / 1e6:>8.1f}"
            f"{one['seconds']:>9}{one['slowest']:>9}{one['MiB']:>7}"
        )


if __name__ == "__main__":
    main()
