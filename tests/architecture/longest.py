"""Prints the ten longest functions, because they are where the trouble gathers; no number of lines fails a build."""

import sys

from tests.architecture.source import Length, Module, function_lengths, package_modules


def longest(modules: list[Module], count: int = 10) -> list[Length]:
    return function_lengths(modules)[:count]


def table(lengths: list[Length]) -> str:
    lines = ["The longest functions:"]
    lines += [f"{length.lines:5}  {length.module}.{length.function} (line {length.at})" for length in lengths]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table(longest(package_modules())))
