"""How long composing takes: batches from large pools under a whole policy, and fair lotteries of panels.

``bench/compose.py`` prints the table; ``--sizes 5000,20000`` names pools (people a side), ``--panels DIR`` the folder of panels
(else ../shared/data/panels), ``--peer PYTHON`` a Python that has sortition-algorithms, to be measured beside ours on the panels.
Pools are invented from a fixed seed: 12 places of detention, 45 seats, families, vetoes, 30 named exchanges, points to balance.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from parley.composing.batches import build, compose
from parley.composing.certificate import prove
from parley.composing.draw import Drawn, draw, draw_json, lists_csv, reserve_csv, revealed
from parley.composing.lottery import leximin
from parley.composing.panel import publish_panel, read_panel
from parley.composing.policy import read_policy
from parley.composing.pool import read_pool
from parley.composing.published import certificate_json, digest, groups_csv, lottery_json, packed, read_lottery
from parley.composing.recheck import recheck
from parley.composing.vehicles import NAME as FEWEST_VEHICLES

SITES = 12
CHECKER = Path(__file__).resolve().parents[1] / "checker/draw.py"
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
    vehicles = next((one for one in found.stages if one.name == FEWEST_VEHICLES), None)
    if vehicles is not None:
        stages += f"  gap {100 * (vehicles.bound - vehicles.value) / -vehicles.value:.2f} %"
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


def face(size: int) -> str:
    """Share the chances over every list that the stages leave equally good, families, places and batches inside."""
    dice = random.Random(size)
    data, named = pool_csv(size, dice)
    policy = read_policy(policy_toml(named, dice))
    model = build(read_pool(data, policy), policy)
    staged = compose(model)
    start = time.perf_counter()
    lottery = leximin(staged.program, staged.values)
    shared = time.perf_counter()
    heights = prove(staged.program, lottery)
    end = time.perf_counter()
    chances = lottery.chances(staged.program)
    off = max(abs(float(chances[lot] - one.bound)) for one in heights for lot in one.lots)
    return (
        f"lottery on the full face, {size:,} a side: {len(staged.program.lots):,} lots, {len(lottery.lists)} lists, "
        f"{len(heights)} heights, {len(lottery.cuts)} cuts; shared {shared - start:.1f} s, proven {end - shared:.1f} s, "
        f"farthest from its bound {off:.1e}"
    )


def draws(folder: Path, times: int) -> str:
    """Draw again and again, with the independent script as the judge of each draw and of each kind of tampering."""
    tables = [(folder / "sa_fixture_22" / name).read_bytes() for name in ("categories.csv", "respondents.csv")]
    published = publish_panel(tables[0], tables[1], 22)
    text = lottery_json(published)
    files = {
        "categories.csv": tables[0],
        "respondents.csv": tables[1],
        "lottery.json": text,
        "groups.csv": groups_csv(published.units),
        "certificate.json": certificate_json(published.lottery, digest(text), (), {}),
    }
    right, caught, tried = 0, 0, 0
    for turn in range(times):
        seeds = {name: digest(f"{name} {turn}".encode()) for name in ("north", "south", "neutral")}
        promised = {name: digest(bytes.fromhex(seed)) for name, seed in seeds.items()}
        drawn = draw(published, digest(text), revealed(promised, seeds))
        whole = {**files, **outcome(drawn)}
        right += checked(whole)
        for changed in tampered(whole):
            tried += 1
            caught += not checked(changed)
    return f"draws checked by checker/draw.py: {right} of {times} verified; {caught} of {tried} altered sets of files rejected"


def outcome(drawn: Drawn) -> dict[str, bytes]:
    """Return the files of a draw."""
    return {"draw.json": draw_json(drawn), "lists.csv": lists_csv(drawn), "reserve.csv": reserve_csv(drawn)}


def tampered(files: dict[str, bytes]) -> Iterator[dict[str, bytes]]:
    """Yield the files altered in each way: order, lists, weights (committed to again), certificate, seed."""
    head, first, *others = files["lists.csv"].splitlines()
    yield {**files, "lists.csv": b"\n".join([head, *others, first]) + b"\n"}
    spare = files["reserve.csv"].splitlines()[1].split(b",")[0]
    other = b",".join([spare, *first.split(b",")[1:]])
    yield {**files, "lists.csv": b"\n".join([head, other, *others]) + b"\n"}
    said, proof, told = (json.loads(files[f"{name}.json"]) for name in ("lottery", "certificate", "draw"))
    said["lists"][0]["weight"] += 10**10
    said["lists"][1]["weight"] -= 10**10
    text = packed(said)
    again = packed({**proof, "lottery": digest(text)})
    chance = revealed(told["chance"]["commitments"], told["chance"]["reveals"])
    drawn = draw(read_lottery(text, files["groups.csv"], again), digest(text), chance)
    yield {**files, "lottery.json": text, "certificate.json": again, **outcome(drawn)}
    proof["levels"][0]["row_duals"][0][1] += 10**9
    yield {**files, "certificate.json": packed(proof)}
    told["chance"]["reveals"]["south"] = "00" * 32
    yield {**files, "draw.json": packed(told)}


def checked(files: dict[str, bytes]) -> bool:
    """Ask the independent script."""
    with tempfile.TemporaryDirectory() as place:
        for name, data in files.items():
            (Path(place) / name).write_bytes(data)
        words = [sys.executable, "-S", "-E", str(CHECKER), place]
        words += [f"{place}/respondents.csv", f"{place}/categories.csv"]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0


PEER = """
import sys, time
from pathlib import Path
from sortition_algorithms import adapters, settings
from sortition_algorithms.committee_generation import find_distribution_leximin, find_distribution_maximin
folder, seats, way = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
people = (folder / "respondents.csv").read_text().splitlines()
rows = ["nationbuilder_id," + people[0], *(f"p{n},{row}" for n, row in enumerate(people[1:]))]
quotas = (folder / "categories.csv").read_text().replace("category,feature,min,max", "feature,value,min,max", 1)
source = adapters.CSVStringDataSource(quotas, "\\n".join(rows))
chosen = settings.Settings(id_column="nationbuilder_id", columns_to_keep=[], check_same_address=False)
data = adapters.SelectionData(source)
features, _ = data.load_features()
pool, _ = data.load_people(chosen, features)
find = {"leximin": find_distribution_leximin, "maximin": find_distribution_maximin}[way]
start = time.perf_counter()
lists, weights, _ = find(features, pool, seats, [])
took = time.perf_counter() - start
chances = {}
for one, weight in zip(lists, weights):
    for who in one:
        chances[who] = chances.get(who, 0) + weight
print(f"{took:.2f} s  least chance {min(chances.get(f'p{n}', 0) for n in range(len(people) - 1)):.9f}")
"""


def peer(python: str, folder: Path, seats: int, limit: int) -> str:
    """Have sortition-algorithms share the same panel's chances, both ways that it knows; it runs in a Python of its own."""
    found: list[str] = []
    for way in ("maximin", "leximin"):
        words = [python, "-c", PEER, str(folder), str(seats), way]
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            found.append(f"{way} not in {limit} s")
            continue
        said = done.stdout.splitlines()[-1:] if not done.returncode else done.stderr.strip().splitlines()[-1:]
        found.append(f"{way} {(said or ['nothing'])[0][:110]}")
    return "                   peer: " + "; ".join(found)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="5000,20000,100000")
    parser.add_argument("--panels", type=Path, default=Path(__file__).resolve().parents[2] / "shared/data/panels")
    parser.add_argument("--nodes", type=int, default=2000, help="work of the vehicle stage at 20,000; 0: leave it out")
    parser.add_argument("--face", type=int, default=20_000, help="people a side of the full lottery; 0: leave it out")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--peer", default="")
    parser.add_argument("--peer-limit", type=int, default=150)
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, highspy {version('highspy')}, numpy {version('numpy')}, one thread\n")
    for size in filter(None, given.sizes.split(",")):
        print(batches(int(size)), flush=True)
    if given.sizes:
        print(batches(20_000, stretchers=200), "(200 stretchers)", flush=True)
    if given.nodes:
        print(batches(20_000, nodes=given.nodes), flush=True)
    if given.face:
        print(face(given.face), flush=True)
    if given.panels.is_dir():
        for name, seats in PANELS:
            print(panel(given.panels, name, seats), flush=True)
            if given.peer:
                print(peer(given.peer, given.panels / name, seats, given.peer_limit), flush=True)
        if given.draws:
            print(draws(given.panels, given.draws), flush=True)


if __name__ == "__main__":
    main()
