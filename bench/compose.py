"""How long composing takes: batches from large pools under a whole policy, and fair lotteries of panels.

``bench/compose.py`` prints the table; ``--sizes 5000,20000`` names pools (people a side), ``--panels DIR`` the folder of panels
(else ../shared/data/panels), ``--peer PYTHON`` a Python that has sortition-algorithms, to be measured beside ours on the panels.
Pools are invented from a fixed seed: 12 places of detention, 45 seats, families, vetoes, 30 named exchanges, points to balance.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

from parley.composing.batches import build, compose
from parley.composing.lottery import leximin
from parley.composing.panel import read_panel
from parley.composing.policy import read_policy
from parley.composing.pool import read_pool
from parley.composing.recheck import recheck

SITES = 12
PANELS = (("example_small_20", 20), ("sa_fixture_22", 22), ("syn_hd_30", 30), ("syn_sf_a_35", 35))


def pool_csv(size: int, dice: random.Random) -> tuple[bytes, list[tuple[str, str]]]:
    """Return a pool of so many people a side, and named pairs."""
    lines = ["code,side,site,birth_date,sex,medical,rank,civilian,months,family,veto_by,veto_reason"]
    singles: dict[str, list[str]] = {}
    for side, letter in (("north", "N"), ("south", "S")):
        weights = [dice.gammavariate(2, 1) for _ in range(SITES)]
        free: list[str] = []
        families = int(0.03 * size)
        number, family = 0, 0
        left = 0
        for number in range(1, size + 1):
            if number <= families and not left:
                family, left = family + 1, 2 if dice.random() < 0.85 else 3
            inside = f"F{family}" if left else ""
            left = max(0, left - 1)
            code = f"{letter}-{number:06d}"
            site = dice.choices(range(SITES), weights)[0] + 1
            young, civilian = dice.random() < 0.18, dice.random() < 0.06
            rank = "private" if civilian else dice.choices(("private", "nco", "captain", "colonel"), (75, 18, 6, 1))[0]
            months = min(54, max(1, int(dice.gammavariate(2.2, 9)) + 1))
            vetoed = dice.random() < 0.02 and not inside
            if not vetoed and not inside:
                free.append(code)
            cells = (
                code,
                side,
                f"{letter}S{site}",
                f"{dice.randint(2001, 2006) if young else dice.randint(1965, 1999)}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}",
                "f" if dice.random() < 0.03 else "m",
                "urgent" if dice.random() < 0.04 else "",
                rank,
                "yes" if civilian else "no",
                str(months),
                inside,
                side if vetoed else "",
                "proceedings" if vetoed else "",
            )
            lines.append(",".join(cells))
        singles[side] = free
    named = list(zip(singles["north"][-30:], singles["south"][-30:], strict=True))
    return "\n".join(lines).encode() + b"\n", named


def policy_toml(named: list[tuple[str, str]], dice: random.Random, *, stretchers: int = 60, nodes: int = 0) -> bytes:
    """Return the policy of the measured pools."""
    parts = [
        "date = 2025-05-22",
        "[exchange]",
        'sides = ["north", "south"]',
        "batches = [390, 307, 303]",
        "max_lead = 45",
        "[pool]",
        'numbers = ["months"]',
        '[[priority]]\nname = "seriously wounded or sick"\nwhen = "medical == \'urgent\'"\nearliest = true',
        '[[priority]]\nname = "longest held"\nscore = "months"',
        '[[quota]]\nname = "under 25"\nwhen = "age < 25"\nmin = 400\nbatch_percent_min = 30',
        '[[quota]]\nname = "women"\nwhen = "sex == \'f\'"\nmin = 30',
        '[[quota]]\nname = "civilians"\nwhen = "civilian == \'yes\'"\nmin = 50\nmax = 100',
        "[[quota]]\nname = \"officers\"\nwhen = \"rank in ('captain', 'colonel')\"\nmin = 50\nmax = 80",
        '[[quota]]\nname = "long held"\nwhen = "months > 36"\nmin = 300',
        '[points]\ncolumn = "rank"\nbalance = 20\n[points.of]\nprivate = 1\nnco = 2\ncaptain = 6\ncolonel = 15',
        "[transport]\nseats = 45\nfleet = 12\nmax_sites = 8",
        f"stretchers = {stretchers}\nstretcher_when = \"medical == 'urgent'\"",
    ]
    for letter in "NS":
        for site in range(1, SITES + 1):
            closed = [dice.randint(1, 3)] if dice.random() < 0.5 else []
            parts.append(f'[[site]]\nname = "{letter}S{site}"\nclosed = {closed}')
    parts += [f'[[named]]\nnorth = "{one}"\nsouth = "{other}"' for one, other in named]
    parts.append(f"[lottery]\nvehicle_nodes = {nodes}")
    return "\n".join(parts).encode() + b"\n"


def batches(size: int, stretchers: int = 60, nodes: int = 0) -> str:
    """Compose one pool and return its line of the table."""
    dice = random.Random(size)
    data, named = pool_csv(size, dice)
    text = policy_toml(named, dice, stretchers=stretchers, nodes=nodes)
    start = time.perf_counter()
    policy = read_policy(text)
    pool = read_pool(data, policy)
    read = time.perf_counter()
    model = build(pool, policy)
    built = time.perf_counter()
    found = compose(model)
    solved = time.perf_counter()
    recheck(model, found.values)
    end = time.perf_counter()
    stages = "  ".join(
        f"{one.name}: {one.value}" + ("" if one.proven else f" of at most {one.bound}") for one in found.stages
    )
    groups = sum(one.side == "north" for one in model.groups), sum(one.side == "south" for one in model.groups)
    return (
        f"{size:>8,} a side  groups {groups[0]}/{groups[1]}  columns {len(model.program.uppers):>6,}  read {read - start:5.2f}"
        f"  build {built - read:5.2f}  solve {solved - built:6.2f}  recheck {end - solved:5.2f}  all {end - start:6.2f} s\n"
        f"          {stages}"
    )


def panel(folder: Path, name: str, seats: int) -> str:
    """Share one panel's chances and return its line."""
    categories, respondents = ((folder / name / table).read_bytes() for table in ("categories.csv", "respondents.csv"))
    start = time.perf_counter()
    program = read_panel(categories, respondents, seats).program
    found = leximin(program)
    took = time.perf_counter() - start
    chances = found.chances(program)
    off = max(abs(float(chances[lot]) - one.height) for one in found.levels for lot in one.lots)
    return f"{name:<18} {took:6.2f} s  least chance {float(min(chances)):.9f}  farthest from its bound {off:.1e}"


PEER = """
import json, sys, time
from pathlib import Path
from sortition_algorithms import *
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="5000,20000,100000")
    parser.add_argument("--panels", type=Path, default=Path(__file__).resolve().parents[2] / "shared/data/panels")
    parser.add_argument("--nodes", type=int, default=0)
    given = parser.parse_args()
    for size in filter(None, given.sizes.split(",")):
        print(batches(int(size), nodes=given.nodes), flush=True)
    if given.panels.is_dir():
        for name, seats in PANELS:
            print(panel(given.panels, name, seats), flush=True)


if __name__ == "__main__":
    main()
