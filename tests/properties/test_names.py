"""Whatever text stands in a name's place, it is read without failing, and reading is blind to what a reader cannot see."""

from hypothesis import given
from hypothesis import strategies as st

from parley.registers.given_names import father_of, given_name_ids
from parley.registers.name_parts import parts_of, parts_of_columns
from parley.registers.readings import consonants, readings, same_reading, similarity, skeletons
from parley.registers.romanisations import TITLES
from parley.registers.scripts import findings, mended

UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c"
ANY = st.text(st.characters(), max_size=40)
NASTY = st.text("аоеіїйёьъ'’ьABCaeopxh03516 -.,;" + UNSEEN + "محمدالשלםŁżšéßﷺⅣΩ中\u0301\u0306\U0001d400", max_size=25)
TEXTS = ANY | NASTY
WORDS = st.text("абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэъё", min_size=1, max_size=14)
LATIN = st.text("abcdefghijklmnopqrstuvwxyzłżšöü'", min_size=1, max_size=14)
ARABIC = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=1, max_size=10)
NAMES = WORDS | LATIN | ARABIC


@given(TEXTS)
def test_any_text_is_read_without_failing(text: str) -> None:
    found = readings(text)
    assert len({one.skeleton for one in found}) == len(found)
    assert all(one.skeleton.isascii() and one.skeleton.islower() and one.scheme in TITLES for one in found)
    assert given_name_ids(text) is not None
    assert father_of(text) is None or isinstance(father_of(text), str)
    assert all(0 <= one.at < len(text) and text[one.at] == one.written for one in findings(text))


@given(TEXTS)
def test_mending_twice_is_mending_once(text: str) -> None:
    assert mended(mended(text)) == mended(text)


@given(TEXTS)
def test_a_mended_name_reads_as_the_written_one(text: str) -> None:
    assert readings(mended(text)) == readings(text)


@given(NAMES, st.lists(st.tuples(st.integers(0, 14), st.sampled_from(UNSEEN)), max_size=4))
def test_attack_unseen_and_direction_signs_inside_a_name_change_no_reading(
    name: str, signs: list[tuple[int, str]]
) -> None:
    disturbed = name
    for at, sign in signs:
        disturbed = disturbed[:at] + sign + disturbed[at:]
    assert readings(disturbed) == readings(name)
    assert len(findings(disturbed)) >= len(signs)


@given(WORDS)
def test_letters_of_either_case_read_alike(name: str) -> None:
    assert skeletons(name) == skeletons(name.upper())


@given(TEXTS, TEXTS)
def test_likeness_is_a_share_and_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1 + 1e-9
    assert abs(similarity(one, other) - similarity(other, one)) < 1e-9


@given(NAMES, NAMES)
def test_agreement_holds_from_both_sides(one: str, other: str) -> None:
    assert (same_reading(one, other) is None) == (same_reading(other, one) is None)


@given(NAMES)
def test_a_name_is_wholly_like_itself(name: str) -> None:
    if readings(name):
        assert same_reading(name, name) is not None
    if readings(name) and (consonants(name) or name[0] not in "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"):
        assert similarity(name, name) > 1 - 1e-9


@given(TEXTS)
def test_dividing_a_name_loses_no_letter_of_its_first_words_and_makes_up_none(text: str) -> None:
    parts = parts_of(text)
    for word in (parts.surname, parts.given, parts.father):
        assert all(letter in text or letter in " ." for letter in word)


@given(TEXTS, TEXTS, TEXTS)
def test_columns_of_any_text_are_divided_without_failing(surname: str, name: str, father: str) -> None:
    parts = parts_of_columns(surname, name, father)
    assert parts.certainty in {"certain", "likely", "guess"}
