"""Checks a published lottery and its draw with nothing but Python: ``python3 draw.py FOLDER [INPUT …]``; rules in spec/draw.md.

Exit 0: lists legal, chances the fairest possible, these people drawn; 5: not so; 4: so, but for cuts that need a solver, or
for chances that are said to be so far from the fairest.
"""

import csv
import hashlib
import json
import sys
from collections import defaultdict
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

Json = dict[str, Any]
TOTAL, WITHIN, LEAST_SHARE = 10**12, Fraction(1, 10**6), Fraction(1, 10**7)


def need(holds: object, what: str) -> None:
    if not holds:
        raise ValueError(what)


def sha(data: str | bytes) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text("utf-8-sig").splitlines()))


def chances_of(said: Json) -> list[Fraction]:
    places = [0] * len(said["lots"])
    for number, one in enumerate(said["lists"]):
        x, weight = defaultdict(int, one["values"]), one["weight"]
        need(weight > 0, f"list {number}: its weight is not positive")
        need(all(0 <= v <= said["uppers"][at] for at, v in x.items()), f"list {number}: a column's limit")
        for row in said["rows"]:
            found = sum(x[at] * coefficient for at, coefficient in row["terms"])
            low, high = (found if row[side] is None else row[side] for side in ("low", "high"))
            need(low <= found <= high, f"list {number} breaks {row['name']}")
        places = [p + weight * sum(x[c] for c in lot["columns"]) for p, lot in zip(places, said["lots"], strict=True)]
    need(sum(one["weight"] for one in said["lists"]) == TOTAL, "the weights do not add up")
    return [Fraction(count, TOTAL * lot["members"]) for count, lot in zip(places, said["lots"], strict=True)]


def prove(said: Json, proof: Json, chances: list[Fraction]) -> None:
    """Check that each level is as high as its multipliers allow: nobody can raise all that rise with it (weak duality)."""
    rows, settled, apart = said["rows"] + proof["cuts"], dict[int, Fraction](), Fraction(proof.get("apart", 0), TOTAL)
    for level in proof["levels"]:
        worth, shares, bound = [0] * len(said["uppers"]), dict.fromkeys(level["lots"], 0), Fraction(0)
        for at, dual in level["lot_duals"]:
            need(at >= 0 <= dual, "certificate: a negative multiplier or lot")
            for column in said["lots"][at]["columns"]:
                worth[column] += dual
            bound -= settled.get(at, 0) * dual * said["lots"][at]["members"]
            shares |= {} if at in settled else {at: dual * said["lots"][at]["members"]}
        for at, dual in level["row_duals"]:
            bound += dual * rows[at]["high" if dual > 0 else "low"]  # an open side is None: a TypeError
            for column, coefficient in rows[at]["terms"]:
                worth[column] -= dual * coefficient
        bound += sum(upper * max(0, left) for upper, left in zip(said["uppers"], worth, strict=True))
        shared = sum(shares.values())
        need(shared and not settled.keys() & {*level["lots"]}, "certificate: a level that proves nothing")
        for at in level["lots"]:
            need(at >= 0 and shares[at] >= LEAST_SHARE * shared, "certificate: a lot without proof")
            need(abs(chances[at] - bound / shared) <= max(WITHIN, apart), "a chance is off its proven height")
        settled |= dict.fromkeys(level["lots"], bound / shared if apart else min(chances[at] for at in level["lots"]))
    need(len(settled) == len(chances), "certificate: a lot on no level")


def seed_of(commitment: str, chance: Json) -> str:
    if chance["kind"] != "reveals":
        text = {"beacon": "beacon {round} {randomness}", "dice": "dice {throws}", "none": "none"}[chance["kind"]]
        return sha(f"parley.draw/1\n{commitment}\n" + text.format_map(chance))
    seeds, promised = chance["reveals"], chance["commitments"]
    need(seeds.keys() == promised.keys() and len(seeds) > 1, "seed: not everybody revealed")
    need(all(sha(bytes.fromhex(seeds[one])) == promised[one] for one in seeds), "seed: not what was committed to")
    return sha("\n".join(["parley.draw/1", commitment, *(f"{name} {seed}" for name, seed in sorted(seeds.items()))]))


def draw(said: Json, units: list[dict[str, list[str]]], seed: str) -> tuple[int, list[list[str]], list[list[str]]]:
    turn, size = 0, 1 << 256
    while (left := int(sha(f"{seed}\nlist\n{turn}"), 16)) >= size - size % TOTAL:
        turn += 1
    number = sum(end <= left % TOTAL for end in accumulate(one["weight"] for one in said["lists"]))
    x = defaultdict(int, said["lists"][number]["values"])
    people = {unit: codes for group in units for unit, codes in group.items()}
    rank = {unit: (sha(f"{seed}\nperson\n{unit}"), unit) for unit in people}
    going, reserve = [], []
    for one in said["classes"]:
        lot_of: dict[str, int] = {}
        for lot in one["lots"]:
            order, places = sorted(units[lot], key=rank.__getitem__), sum(x[c] for c in said["lots"][lot]["columns"])
            lot_of |= dict.fromkeys(order[:places], lot)
            reserve += [(lot, at, unit) for at, unit in enumerate(order[places:], start=1)]
        queue = iter(sorted(lot_of, key=rank.__getitem__))
        for batch, column in one["batches"]:
            going += [(batch, unit, lot_of[unit]) for _, unit in zip(range(x[column]), queue, strict=False)]
    lists = [[code, str(batch), str(lot)] for batch, unit, lot in sorted(going) for code in people[unit]]
    return number, lists, [[code, str(lot), str(at)] for lot, at, unit in sorted(reserve) for code in people[unit]]


def panel(people: list[list[str]], quotas: list[list[str]], seats: int) -> Json:
    lots = defaultdict(list)
    for number, one in enumerate(people[1:], start=1):
        lots[tuple(one)].append(f"P{number}")
    rows = [{"name": "seats", "terms": [[at, 1] for at in range(len(lots))], "low": seats, "high": seats}]
    for category, feature, low, high in quotas[1:]:
        terms = [[at, 1] for at, kind in enumerate(lots) if kind[people[0].index(category)] == feature]
        rows.append({"name": f"{category}={feature}", "terms": terms, "low": int(low), "high": int(high)})
    classes = [{"batches": [[1, at]], "lots": [at]} for at in range(len(lots))]
    made = [{"columns": [at], "members": len(one)} for at, one in enumerate(lots.values())]
    return {"units": [*lots.values()], "rows": rows, "lots": made, "classes": classes}


def check(folder: Path, inputs: dict[str, Path]) -> tuple[str, int]:
    texts = [(folder / f"{name}.json").read_text("utf-8") for name in ("lottery", "certificate", "draw")]
    said, proof, told = (json.loads(text, parse_float=int, parse_constant=int) for text in texts)  # whole numbers alone
    need(told["commitment"] == proof["lottery"] == sha(texts[0]), "lottery.json is not the committed file")
    for name, path in {"groups.csv": folder / "groups.csv", **inputs}.items():
        need(said["files"].get(name) == sha(path.read_bytes()), f"{name} changed after the commitment")
    units: list[dict[str, list[str]]] = [defaultdict(list) for _ in said["lots"]]
    for code, unit, lot in table(folder / "groups.csv")[1:]:
        units[int(lot)][unit].append(code)
    need([len(one) for one in units] == [one["members"] for one in said["lots"]], "groups.csv: members miscounted")
    if {"respondents.csv", "categories.csv"} <= inputs.keys():
        made = panel(table(inputs["respondents.csv"]), table(inputs["categories.csv"]), said["rows"][0]["low"])
        found = {**said, "units": [list(group) for group in units]}
        need(all(found[key] == value for key, value in made.items()), "groups or quotas are not those of the tables")
    prove(said, proof, chances := chances_of(said))
    number, lists, reserve = draw(said, units, seed := seed_of(told["commitment"], told["chance"]))
    need((seed, number) == (told["seed"], told["list"]), "the seed or the list's number is another")
    need(table(folder / "lists.csv")[1:] == lists, "lists.csv: other people, or another order")
    need(table(folder / "reserve.csv")[1:] == reserve, "reserve.csv: other people, or another order")
    trust = f", {len(proof['cuts'])} cuts on trust" if proof["cuts"] else ""
    if proof.get("apart"):
        trust += f", NOT proven the fairest: chances up to {proof['apart'] / TOTAL:.6f} from their bounds"
    return f"VERIFIED: list {number} drawn, smallest chance {float(min(chances)):.9f}{trust}", 4 if trust else 0


if __name__ == "__main__":
    try:
        sentence, code = check(Path(sys.argv[1]), {Path(one).name: Path(one) for one in sys.argv[2:]})
    except (ValueError, LookupError, TypeError, AttributeError, OSError, RecursionError) as wrong:
        sentence, code = f"NOT VERIFIED: {wrong}", 5
    print(sentence)
    sys.exit(code)
