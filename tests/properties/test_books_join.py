"""Books of several counters join in any order: whoever joins whatever arrived, however often, holds the same books."""

from functools import reduce
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from parley.acts import OUTCOME_CODES
from parley.handover.books import MOST_UNKNOWN, Book, Books, compare, counted, join, join_all
from parley.words import Digest, LineId, Lines, ParticipantName

COUNTERS = tuple(ParticipantName(name) for name in ("neutral", "north", "south"))
LINE_IDS = st.integers(1, 12).map(lambda number: LineId(f"N{number}"))
HASHES = st.frozensets(st.sampled_from([Digest(letter * 64) for letter in "abc"]), max_size=2)
CODES = st.sampled_from(OUTCOME_CODES[:4])


@st.composite
def books(draw: st.DrawFn) -> Book:
    written = draw(st.lists(st.tuples(LINE_IDS, CODES), max_size=15))
    outcomes = {code: Lines.among(line for line, said in written if said == code) for code in {c for _, c in written}}
    unknown = Lines.among(draw(st.frozensets(st.integers(90, 99).map(lambda number: LineId(f"N{number}")))))
    return Book(outcomes=outcomes, unlisted=draw(st.integers(0, 4)), unknown=unknown, hashes=draw(HASHES))


def several() -> st.SearchStrategy[Books]:
    return st.dictionaries(st.sampled_from(COUNTERS), books(), max_size=3)


@given(books(), books(), books())
def test_joining_books_is_commutative_associative_and_idempotent(a: Book, b: Book, c: Book) -> None:
    assert join(a, b) == join(b, a)
    assert join(a, join(b, c)) == join(join(a, b), c)
    assert join(join(a, b), b) == join(a, b)


@given(st.lists(several(), min_size=1, max_size=4))
def test_collections_of_books_join_in_any_order(parts: list[Books]) -> None:
    results = [reduce(join_all, order) for order in permutations(parts)]
    assert all(result == results[0] for result in results)


@given(books(), books())
def test_nothing_that_anybody_wrote_is_lost_and_nothing_is_added(a: Book, b: Book) -> None:
    one, other, both = a.by_line(), b.by_line(), join(a, b).by_line()
    assert both == {line: one.get(line, frozenset()) | other.get(line, frozenset()) for line in {*one, *other}}


@given(several(), st.frozensets(LINE_IDS))
def test_every_line_is_either_agreed_by_all_or_shown_as_a_difference(kept: Books, expected: frozenset[LineId]) -> None:
    result = compare(kept, COUNTERS, expected, lambda line: line)
    assert not result.agreed.keys() & result.differing.keys()
    assert result.agreed.keys() | result.differing.keys() == expected | {
        line for book in kept.values() for line in book.by_line()
    }
    for line, code in result.agreed.items():
        assert all(kept[name].by_line()[line] == {code} for name in COUNTERS)


@given(several())
def test_a_line_written_twice_with_different_codes_is_never_agreed(kept: Books) -> None:
    result = compare(kept, COUNTERS, (), lambda line: line)
    for book in kept.values():
        doubles = {line for line, codes in book.by_line().items() if len(codes) > 1}
        assert not doubles & result.agreed.keys()


@given(st.dictionaries(LINE_IDS, CODES))
def test_counting_by_outcome_keeps_every_line_once(outcomes: dict[LineId, str]) -> None:
    tally = counted(outcomes)
    assert {line: code for code, lines in tally.items() for line in lines} == outcomes


def test_two_lines_of_one_person_are_one_in_the_comparison() -> None:
    kept = {
        ParticipantName("north"): Book(outcomes={"RECEIVED": Lines.of("N1")}),
        ParticipantName("south"): Book(outcomes={"RECEIVED": Lines.of("S1")}),
    }
    result = compare(kept, kept, [LineId("N1")], lambda _: LineId("N1"))
    assert result.agreed == {"N1": "RECEIVED"}
    assert not result.differing


def test_attack_books_full_of_lines_that_nobody_gave_keep_the_first_of_them_and_join_in_any_order() -> None:
    parts = [Book(outcomes={}, unknown=Lines.of(f"X{start}-X{start + 199_999}")) for start in (1, 150_000, 400_000)]
    kept = [reduce(join, order, Book(outcomes={})) for order in permutations(parts)]
    assert all(one == kept[0] for one in kept)
    assert kept[0].unknown == Lines.of(f"X1-X{MOST_UNKNOWN}")


def test_attack_two_books_that_name_every_line_of_the_largest_case_join() -> None:
    every = Lines.of("N1-N100000", "S1-S100000")
    one = Book(outcomes={"RECEIVED": every})
    other = Book(outcomes={"RECEIVED": Lines.of("N1-N100000", "S1-S99999")})
    assert join(one, other).outcomes["RECEIVED"] == every
