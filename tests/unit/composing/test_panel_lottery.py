"""A panel's lottery: fair chances, legal lists, the same bytes, and a checker that sees every kind of tampering."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.composing.certificate import measured, prove
from parley.composing.draw import (
    Chance,
    beacon,
    dice,
    draw,
    draw_json,
    lists_csv,
    reserve_csv,
    revealed,
    rfc3797,
    seed_of,
    undrawn,
    uniform,
)
from parley.composing.errors import ComposingBroken
from parley.composing.lottery import WEIGHT, leximin
from parley.composing.panel import publish_panel, read_panel
from parley.composing.program import Lot, Program, Row
from parley.composing.published import certificate_json, digest, groups_csv, lottery_json, packed, read_lottery

Json = dict[str, Any]
CHECKER = Path(__file__).resolve().parents[3] / "checker/draw.py"
CATEGORIES = b"category,feature,min,max\ntown,hill,1,2\ntown,shore,1,2\nage,young,1,1\nage,old,2,2\n"
RESPONDENTS = (
    b"town,age\nhill,young\nhill,old\nhill,old\nshore,old\nshore,old\n"
    b"shore,old\nshore,young\nshore,young\nhill,old\nhill,young\n"
)
SEEDS = {"north": "11" * 32, "south": "22" * 32, "neutral": "33" * 32}
PROMISED = {name: hashlib.sha256(bytes.fromhex(seed)).hexdigest() for name, seed in SEEDS.items()}


def write(folder: Path, categories: bytes, respondents: bytes, seats: int, chance: Chance) -> Path:
    """Compose, draw and write a panel as the command line does."""
    published = publish_panel(categories, respondents, seats)
    committed = lottery_json(published)
    drawn = draw(published, digest(committed), chance)
    files = {
        "categories.csv": categories,
        "respondents.csv": respondents,
        "lottery.json": committed,
        "groups.csv": groups_csv(published.units),
        "certificate.json": certificate_json(published.lottery, digest(committed), (), {}),
        "draw.json": draw_json(drawn),
        "lists.csv": lists_csv(drawn),
        "reserve.csv": reserve_csv(drawn),
    }
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return write(tmp_path / "panel", CATEGORIES, RESPONDENTS, 3, revealed(PROMISED, SEEDS))


def checked(folder: Path) -> tuple[int, str]:
    inputs = [str(folder / name) for name in ("respondents.csv", "categories.csv")]
    found = subprocess.run(
        [sys.executable, "-S", "-E", str(CHECKER), str(folder), *inputs], capture_output=True, text=True, check=False
    )
    return found.returncode, found.stdout


def test_an_untouched_lottery_is_verified_without_a_solver(made: Path) -> None:
    assert checked(made) == (0, checked(made)[1])
    assert checked(made)[1].startswith("VERIFIED")


def test_the_checker_is_short_and_needs_nothing_but_python() -> None:
    lines = CHECKER.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names


def recommit(folder: Path, change: Callable[[Json], None]) -> None:
    """Change the lottery and commit to it again, as an attacker would who does it before the draw."""
    said = json.loads((folder / "lottery.json").read_bytes())
    change(said)
    data = json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    (folder / "lottery.json").write_bytes(data)
    proof = json.loads((folder / "certificate.json").read_bytes())
    proof["lottery"] = digest(data)
    (folder / "certificate.json").write_text(json.dumps(proof))
    redraw(folder)


def redraw(folder: Path) -> None:
    names = ("lottery.json", "groups.csv", "certificate.json")
    published = read_lottery(*((folder / name).read_bytes() for name in names))
    drawn = draw(published, digest((folder / "lottery.json").read_bytes()), revealed(PROMISED, SEEDS))
    for name, data in (
        ("draw.json", draw_json(drawn)),
        ("lists.csv", lists_csv(drawn)),
        ("reserve.csv", reserve_csv(drawn)),
    ):
        (folder / name).write_bytes(data)


def shift(said: Json) -> None:
    said["lists"][0]["weight"] -= 10**9
    said["lists"][1]["weight"] += 10**9


def drop_a_list(said: Json) -> None:
    said["lists"][0]["weight"] += said["lists"].pop()["weight"]


def swap_a_place(said: Json) -> None:
    values = said["lists"][0]["values"]
    values[0][1] += 1


def negative_weight(said: Json) -> None:
    said["lists"][0]["weight"] += said["lists"][1]["weight"] * 2
    said["lists"][1]["weight"] *= -1


def loosen_a_quota(said: Json) -> None:
    said["rows"][1]["high"] += 1


def count_another_lot(said: Json) -> None:
    said["lots"][0]["columns"] = said["lots"][1]["columns"]


@pytest.mark.parametrize(
    "change",
    [shift, drop_a_list, swap_a_place, negative_weight, loosen_a_quota, count_another_lot],
    ids=lambda one: one.__name__,
)
def test_a_lottery_altered_before_the_draw_and_committed_again(made: Path, change: Callable[[Json], None]) -> None:
    recommit(made, change)
    assert checked(made)[0] == 5


@pytest.mark.parametrize("change", [shift, drop_a_list], ids=lambda one: one.__name__)
def test_a_lottery_altered_after_its_commitment(made: Path, change: Callable[[Json], None]) -> None:
    said = json.loads((made / "lottery.json").read_bytes())
    change(said)
    (made / "lottery.json").write_text(json.dumps(said))
    code, why = checked(made)
    assert code == 5
    assert "not the committed file" in why


def test_lists_in_another_order_after_the_commitment(made: Path) -> None:
    said = json.loads((made / "lottery.json").read_bytes())
    said["lists"].reverse()
    (made / "lottery.json").write_text(json.dumps(said, sort_keys=True, separators=(",", ":")))
    assert checked(made)[0] == 5


def change_proof(folder: Path, change: Callable[[Json], None]) -> tuple[int, str]:
    proof = json.loads((folder / "certificate.json").read_bytes())
    change(proof)
    (folder / "certificate.json").write_text(json.dumps(proof))
    return checked(folder)


def test_a_certificate_with_another_multiplier(made: Path) -> None:
    assert change_proof(made, lambda proof: proof["levels"][0]["row_duals"].clear())[0] == 5


def test_a_certificate_without_its_last_level(made: Path) -> None:
    assert change_proof(made, lambda proof: proof["levels"].pop())[0] == 5


def test_a_certificate_with_a_lot_moved_to_a_lower_level(made: Path) -> None:
    def move(proof: Json) -> None:
        proof["levels"][0]["lots"].append(proof["levels"][-1]["lots"].pop())

    assert change_proof(made, move)[0] == 5


def test_a_certificate_that_counts_a_settled_lot_again_by_a_negative_number(made: Path) -> None:
    def again(proof: Json) -> None:
        proof["levels"][-1]["lot_duals"].append([-1, 10**13])

    assert change_proof(made, again)[0] == 5


def test_a_certificate_with_a_broken_number(made: Path) -> None:
    def half(proof: Json) -> None:
        proof["levels"][0]["lot_duals"][0][1] += 0.5

    assert change_proof(made, half)[0] == 5


def test_an_invented_cut_is_never_taken_as_verified(made: Path) -> None:
    cut = {"name": "cut 1", "terms": [[0, 1]], "low": None, "high": 0}
    assert change_proof(made, lambda proof: proof["cuts"].append(cut))[0] == 4


def change_draw(folder: Path, change: Callable[[Json], None]) -> tuple[int, str]:
    told = json.loads((folder / "draw.json").read_bytes())
    change(told)
    (folder / "draw.json").write_text(json.dumps(told))
    return checked(folder)


def test_a_seed_that_is_not_what_was_committed_to(made: Path) -> None:
    assert change_draw(made, lambda told: told["chance"]["reveals"].update(north="44" * 32))[0] == 5


def test_a_seed_written_over(made: Path) -> None:
    assert change_draw(made, lambda told: told.update(seed="44" * 32))[0] == 5


def test_a_seed_of_one_side_alone(made: Path) -> None:
    def alone(told: Json) -> None:
        told["chance"]["reveals"] = {"north": SEEDS["north"]}
        told["chance"]["commitments"] = {"north": PROMISED["north"]}

    assert change_draw(made, alone)[0] == 5


def test_another_list_than_the_drawn_one(made: Path) -> None:
    assert change_draw(made, lambda told: told.update(list=told["list"] + 1))[0] == 5


@pytest.mark.parametrize("name", ["lists.csv", "reserve.csv"])
def test_people_in_another_order(made: Path, name: str) -> None:
    lines = (made / name).read_text().splitlines()
    (made / name).write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    assert checked(made)[0] == 5


def test_a_name_moved_from_the_reserve_to_the_list(made: Path) -> None:
    first, second = ((made / name).read_text().splitlines() for name in ("lists.csv", "reserve.csv"))
    code = second[1].split(",")[0]
    first[1] = ",".join([code, *first[1].split(",")[1:]])
    (made / "lists.csv").write_text("\n".join(first) + "\n")
    assert checked(made)[0] == 5


@pytest.mark.parametrize("name", ["respondents.csv", "categories.csv", "groups.csv"])
def test_a_table_changed_after_the_commitment(made: Path, name: str) -> None:
    (made / name).write_bytes((made / name).read_bytes().replace(b"1", b"2", 1).replace(b"hill", b"shore", 1))
    assert checked(made)[0] == 5


def test_people_moved_between_groups_before_the_commitment(made: Path) -> None:
    lines = (made / "groups.csv").read_text().splitlines()
    cells = [line.split(",") for line in lines]
    cells[1][2], cells[-1][2] = cells[-1][2], cells[1][2]
    data = (
        "\n".join([",".join(cells[0]), *(",".join(one) for one in sorted(cells[1:], key=lambda one: int(one[2])))])
        + "\n"
    )
    (made / "groups.csv").write_text(data)
    recommit(made, lambda said: said["files"].update({"groups.csv": digest(data.encode())}))
    code, why = checked(made)
    assert code == 5
    assert "not those of the tables" in why


# --- fairness ---


def test_the_worst_off_get_all_that_the_quotas_allow() -> None:
    panel = read_panel(CATEGORIES, RESPONDENTS, 3)
    found = leximin(panel.program)
    heights = prove(panel.program, found)
    chances = found.chances(panel.program)
    assert min(chances) == pytest.approx(1 / 4, abs=1e-9)
    assert sum(chance * lot.members for chance, lot in zip(chances, panel.program.lots, strict=True)) == 3
    assert [float(one.bound) for one in heights] == sorted(float(one.bound) for one in heights)


@pytest.mark.parametrize(
    ("name", "seats", "least"),
    [
        ("example_small_20", 20, Fraction(1, 10)),
        ("sa_fixture_22", 22, Fraction(1, 11)),
        ("syn_hd_30", 30, Fraction(5504587, 10**8)),
        ("syn_sf_a_35", 35, Fraction(9615384, 10**9)),
    ],
)
def test_the_known_panels_reach_their_proven_chances(shared: Path, name: str, seats: int, least: Fraction) -> None:
    folder = shared / "data/panels" / name
    program = read_panel(
        (folder / "categories.csv").read_bytes(), (folder / "respondents.csv").read_bytes(), seats
    ).program
    found = leximin(program)
    chances = found.chances(program)
    assert abs(min(chances) - least) < Fraction(1, 10**7)
    for one in prove(program, found):
        assert all(abs(chances[lot] - one.bound) <= Fraction(1, 10**6) for lot in one.lots)
    assert not any(program.broken_row(one) for one in found.lists)
    assert sum(found.weights) == WEIGHT


@st.composite
def panels(pick: st.DrawFn) -> tuple[bytes, bytes, int]:
    people = pick(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), min_size=4, max_size=24))
    seats = pick(st.integers(2, max(2, len(people) // 2)))
    chosen = people[:seats]
    rows = ["category,feature,min,max"]
    for column, features in enumerate(("abc", "xy")):
        for feature in features:
            count = sum(one[column] == feature for one in chosen)
            rows.append(
                f"c{column},{feature},{max(0, count - pick(st.integers(0, 1)))},{count + pick(st.integers(0, 1))}"
            )
    table = "c0,c1\n" + "".join(",".join(one) + "\n" for one in people)
    return ("\n".join(rows) + "\n").encode(), table.encode(), seats


@given(panels())
@settings(max_examples=40)
def test_any_panel_that_can_be_filled_gets_legal_lists_whole_chances_and_the_same_bytes(
    case: tuple[bytes, bytes, int],
) -> None:
    published = publish_panel(*case)
    again = publish_panel(*case)
    assert lottery_json(published) == lottery_json(again)
    program, lottery = published.program, published.lottery
    assert not any(program.broken_row(one) for one in lottery.lists)
    assert sum(lottery.weights) == WEIGHT
    chances = lottery.chances(program)
    assert sum(chance * lot.members for chance, lot in zip(chances, program.lots, strict=True)) == case[2]
    prove(program, lottery)
    names = (
        lottery_json(published),
        groups_csv(published.units),
        certificate_json(lottery, digest(lottery_json(published)), (), {}),
    )
    assert lottery_json(read_lottery(*names)) == names[0]


def test_where_no_lottery_reaches_the_relaxed_chances_a_cut_is_found() -> None:
    # three people who exclude one another two by two: halves satisfy every rule, whole people cannot
    rows = [Row(f"not {one} and {other}", ((one, 1), (other, 1)), None, 1) for one, other in ((0, 1), (1, 2), (0, 2))]
    program = Program((1, 1, 1), tuple(rows), tuple(Lot(1, (at,)) for at in range(3)))
    found = leximin(program)
    assert [float(one) for one in found.chances(program)] == pytest.approx([1 / 3] * 3)
    assert found.cuts
    prove(program, found)


# --- the draw ---


def test_the_vector_of_rfc_3797(shared: Path) -> None:
    folder = shared / "vectors/rfc3797"
    names = (folder / "ref.names").read_text().split()
    sources = [
        [int(one) for one in line.split()]
        for line in (folder / "ref.seeds").read_text().splitlines()
        if not line.startswith("#")
    ]
    lines = (folder / "ref.results").read_text().splitlines()[1:]
    wanted = [int(line.split("->")[1].split("<-")[0]) for line in lines]
    assert list(rfc3797(sources, len(names), len(wanted))) == wanted


def test_a_number_below_a_limit_is_never_biased_by_the_remainder() -> None:
    counts = [0] * 3
    for turn in range(3000):
        counts[uniform(seed_of("", undrawn()), str(turn), 3)] += 1
    assert min(counts) > 900


def test_a_copied_or_missing_seed_stops_the_draw() -> None:
    with pytest.raises(ComposingBroken, match=r"draw\.too_few"):
        revealed(PROMISED, {name: seed for name, seed in SEEDS.items() if name != "south"})
    with pytest.raises(ComposingBroken, match=r"draw\.reveal_wrong"):
        revealed(PROMISED, {**SEEDS, "south": SEEDS["north"]})


def test_few_or_impossible_dice_are_refused() -> None:
    with pytest.raises(ComposingBroken, match=r"draw\.dice_wrong"):
        dice([3] * 49)
    with pytest.raises(ComposingBroken, match=r"draw\.dice_wrong"):
        dice([3] * 50 + [7])
    assert dice([1, 2, 3, 4, 5] * 10).kind == "dice"


def test_a_beacon_of_another_round_than_was_named() -> None:
    data = json.dumps({"round": 7, "randomness": "ab" * 32}).encode()
    assert beacon(data, 7).said["trusted"] == "taken on trust"
    with pytest.raises(ComposingBroken, match=r"draw\.beacon_wrong"):
        beacon(data, 8)
    for bad in (b"", b"[]", b'{"round":7}', b'{"round":7,"randomness":"short"}'):
        with pytest.raises(ComposingBroken, match=r"draw\.files_missing"):
            beacon(bad, 7)


def test_every_kind_of_chance_is_verified_by_the_checker(tmp_path: Path) -> None:
    data = json.dumps({"round": 7, "randomness": "ab" * 32}).encode()
    for chance in (undrawn(), dice([1, 2, 3, 4, 5, 6] * 10), beacon(data, 7)):
        folder = write(tmp_path / chance.kind, CATEGORIES, RESPONDENTS, 3, chance)
        assert checked(folder)[0] == 0


# --- bad tables ---


@pytest.mark.parametrize(
    ("code", "categories", "respondents", "seats"),
    [
        ("panel.seats", CATEGORIES, RESPONDENTS, 99),
        ("panel.seats", CATEGORIES, RESPONDENTS, 0),
        ("panel.quota_contradiction", CATEGORIES.replace(b"hill,1,2", b"hill,3,2"), RESPONDENTS, 3),
        ("panel.file_malformed", CATEGORIES.replace(b"hill,1,2", b"hill,1.0,2"), RESPONDENTS, 3),
        ("panel.file_malformed", b"\xff\xfe", RESPONDENTS, 3),
        ("panel.file_malformed", CATEGORIES, RESPONDENTS + b"hill\n", 3),
        ("panel.unknown_feature", CATEGORIES, RESPONDENTS + b"moon,old\n", 3),
        ("pool.column_missing", CATEGORIES + b"trade,smith,1,1\n", RESPONDENTS, 3),
        ("pool.column_double", CATEGORIES, b"town,town\nhill,hill\n", 1),
        ("pool.no_rows", CATEGORIES, b"town,age\n", 1),
        ("composing.infeasible", CATEGORIES.replace(b"old,2,2", b"old,3,3"), RESPONDENTS, 3),
    ],
)
def test_a_bad_table_is_refused_with_its_place(code: str, categories: bytes, respondents: bytes, seats: int) -> None:
    with pytest.raises(ComposingBroken) as caught:
        publish_panel(categories, respondents, seats)
    assert caught.value.code == code


@given(st.binary(max_size=200), st.binary(max_size=200), st.integers(-1, 5))
@settings(max_examples=60)
def test_no_bytes_do_more_than_be_refused(categories: bytes, respondents: bytes, seats: int) -> None:
    with suppress(ComposingBroken):
        publish_panel(b"category,feature,min,max\n" + categories, respondents, seats)


def test_where_the_lists_allowed_do_not_reach_the_fairest_chances_the_files_say_how_far_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One list stands for a whole lottery: legal, drawn and replayed as ever, and never called the fairest."""
    monkeypatch.setattr("parley.composing.lottery.MOST_LISTS", 1)
    monkeypatch.setattr("parley.composing.lottery.MOST_PRICED", 0)
    made = write(tmp_path / "made", CATEGORIES, RESPONDENTS, 3, undrawn())
    proof = json.loads((made / "certificate.json").read_text())
    assert WEIGHT // 10 < proof["apart"] <= WEIGHT
    code, why = checked(made)
    assert code == 4
    assert "NOT proven the fairest" in why
    published = publish_panel(CATEGORIES, RESPONDENTS, 3)
    assert measured(published.program, published.lottery) == published.lottery
    heights = prove(published.program, published.lottery)
    chances = published.lottery.chances(published.program)
    far = max(abs(chances[lot] - one.bound) for one in heights for lot in one.lots)
    assert far <= Fraction(published.lottery.apart, WEIGHT) < far + Fraction(2, WEIGHT)
    (made / "certificate.json").write_bytes(packed({**proof, "apart": proof["apart"] // 2}))
    code, why = checked(made)
    assert code == 5
    assert "off its proven height" in why


def test_the_same_panel_with_the_lists_it_needs_is_proven() -> None:
    assert publish_panel(CATEGORIES, RESPONDENTS, 3).lottery.apart == 0
