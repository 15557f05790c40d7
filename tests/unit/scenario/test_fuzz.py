"""Attack: scenario files made to hurt whoever plays them. Whatever they hold is played or refused with a code."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from parley.scenario.grammar import ScenarioBroken, Sentence
from parley.scenario.player import play
from parley.scenario.script import read_script
from parley.scenario.verbs import VERBS

VOCABULARY = sorted({word for verb in VERBS for word in (*verb.template.split(), *verb.example.split())})
WORDS = st.sampled_from(
    [*VOCABULARY, "north", "south", "neutral", "and", "!", "anyway", "[x]", '"', "#", "##", "given"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
EXAMPLES = st.sampled_from([verb.example for verb in VERBS])


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ScenarioBroken):
        read_script(text)


@given(st.text(max_size=200))
def test_any_sentence_is_cut_into_tokens_that_stand_in_it(text: str) -> None:
    try:
        sentence = Sentence.of(text)
    except ScenarioBroken:
        return
    assert all(token.text in text for token in sentence.tokens)
    assert [token.at for token in sentence.tokens] == sorted(token.at for token in sentence.tokens)


@settings(max_examples=60)
@given(st.lists(st.one_of(SENTENCES, EXAMPLES), min_size=1, max_size=6).map("\n".join))
def test_any_words_are_played_or_refused(text: str) -> None:
    with suppress(ScenarioBroken):
        play(text)


@settings(max_examples=60)
@given(st.lists(EXAMPLES, min_size=1, max_size=8), st.booleans())
def test_acts_out_of_any_order_are_judged_and_never_break_the_law(sentences: list[str], anyway: bool) -> None:
    text = "\n".join(f"{'given batches' if place == 0 else ''}\n{one}" for place, one in enumerate(sentences))
    with suppress(ScenarioBroken):
        play(text, anyway=anyway)
