"""How a sentence of the scenario language is read by a template."""

import pytest

from parley.acts import AgreeTerms, Deed
from parley.process.state import State
from parley.scenario.grammar import ScenarioBroken, Sentence, Verb, Words, choose, fit, match, parts_of, resolve, stem
from parley.words import ActId, Lines, ParticipantName


def words(template: str, sentence: str) -> dict[str, object] | None:
    found = match(template, Sentence.of(sentence))
    return None if found is None else found[0]


@pytest.mark.parametrize(
    ("template", "sentence", "read"),
    [
        ("agrees to the terms", "agree to the terms", {}),
        ("agrees to the terms", "agrees to the terms", {}),
        ("carries {lines:lines} over", "carry N1 over", {"lines": Lines.of("N1")}),
        ("has {n:int} people", "have 1,000 people", {"n": 1000}),
        ("boards {lines:lines}", "boards N1-N3, N7 and S2", {"lines": Lines.of("N1-N3", "N7", "S2")}),
        ("boards {lines:lines}", "boards nobody", {"lines": Lines()}),
        ("says {text:text}", 'says "a, b: (c)!"', {"text": "a, b: (c)!"}),
        ("opens at {at:moment}", "opens at 2025-05-23T08:00:00Z", {"at": "2025-05-23T08:00:00Z"}),
        ("opens on {day:day}", "opens on 2025-05-23", {"day": "2025-05-23"}),
        ("meets {who:names}", "meets north, south and east", {"who": ("north", "south", "east")}),
        ("gives {n:counts}", "gives north 390 and south 1,307", {"n": {"north": 390, "south": 1307}}),
        (
            "counts {c:codes}",
            "counts RECEIVED N1-N2, N4; DEFERRED N3",
            {"c": {"RECEIVED": Lines.of("N1-N2", "N4"), "DEFERRED": Lines.of("N3")}},
        ),
        ("states: {rest:rest}", 'states: anything "at all"; more', {"rest": 'anything "at all"; more'}),
        ("puts {x:a|b}", "puts b", {"x": "b"}),
        ("does this [for batch {batch:int}]", "does this", {}),
        ("does this [for batch {batch:int}]", "does this for batch 2", {"batch": 2}),
    ],
)
def test_blanks_take_what_they_say(template: str, sentence: str, read: dict[str, object]) -> None:
    assert words(template, sentence) == read


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("agrees to the terms", "agrees to the terms now"),
        ("agrees to the terms", "agrees to"),
        ("puts {x:a|b}", "puts c"),
        ("has {n:int} people", "has many people"),
        ("opens on {day:day}", "opens on 2025-13-40"),
        ("boards {lines:lines}", "boards n1"),
    ],
)
def test_what_does_not_fit_is_not_read(template: str, sentence: str) -> None:
    assert words(template, sentence) is None


def test_backward_ranges_are_named_as_such() -> None:
    with pytest.raises(ScenarioBroken, match=r"scenario\.bad_lines"):
        words("boards {lines:lines}", "boards N3-N1")


def test_one_code_is_not_said_twice() -> None:
    with pytest.raises(ScenarioBroken, match=r"scenario\.said_twice"):
        words("counts {c:codes}", "counts RECEIVED N1; RECEIVED N2")


def test_labels_become_the_ids_of_their_acts() -> None:
    read = words("agrees to the terms [{terms:label}]", "agrees to the terms [first]")
    assert read is not None
    assert resolve(read, {"first": ActId("a" * 64)}) == {"terms": "a" * 64}
    with pytest.raises(ScenarioBroken, match=r"scenario\.unknown_label"):
        resolve(read, {})


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("agrees", "agree"),
        ("carries", "carry"),
        ("discusses", "discuss"),
        ("goes", "go"),
        ("has", "have"),
        ("sign", "sign"),
    ],
)
def test_verbs_are_understood_in_singular_and_plural(word: str, stemmed: str) -> None:
    assert stem(word) == stem(stemmed) == stemmed


def _agree(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = words, state, who
    return AgreeTerms(terms=ActId("0" * 64))


def test_the_more_literal_template_wins() -> None:
    general = Verb("agrees to {what:rest}", _agree, AgreeTerms, "")
    special = Verb("agrees to the terms", _agree, AgreeTerms, "")
    for verbs in ((general, special), (special, general)):
        assert choose(verbs, Sentence.of("agrees to the terms"))[0] is special


def test_a_slip_names_the_nearest_sentences() -> None:
    verbs = (Verb("agrees to the terms", _agree, AgreeTerms, ""), Verb("closes batch {n:int}", _agree, AgreeTerms, ""))
    with pytest.raises(ScenarioBroken) as caught:
        choose(verbs, Sentence.of("agres with the terms"))
    assert caught.value.code == "scenario.not_understood"
    assert str(caught.value.facts["near"]).startswith("agrees to the terms")


def test_parts_are_cut_outside_quotes() -> None:
    assert parts_of('one; "two; three" four;') == ("one", '"two; three" four')


def test_a_part_is_read_by_the_first_template_that_fits() -> None:
    assert fit("N1-N3 military", "{lines:lines}", "{lines:lines} {category}")[0] == 1
    with pytest.raises(ScenarioBroken, match=r"scenario\.part_not_understood"):
        fit("nothing of the kind", "{n:int}")


def test_attack_a_sentence_of_endless_length_is_refused() -> None:
    with pytest.raises(ScenarioBroken, match=r"scenario\.too_long"):
        Sentence.of("x" * 20_001)
    with pytest.raises(ScenarioBroken, match=r"scenario\.too_long"):
        Sentence.of(", " * 5_000)
