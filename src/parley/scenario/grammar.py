"""How a sentence of a scenario is read: words on one side, a template with blanks on the other.

A *verb* is one way to say one deed. Its template is a row of words with blanks:

    hands in a {purpose:request|offer} list for {counterpart}: {groups:rest}
    agrees to the terms [{terms:label}]

===================  ==========================================  ===========================
blank                takes                                       gives
===================  ==========================================  ===========================
``{x}``              one word                                    ``str``
``{x:a|b|c}``        one of these words                          ``str``
``{x:int}``          ``1000`` or ``1,000``                       ``int``
``{x:text}``         ``"words in quotes"``                       ``str``
``{x:lines}``        ``N1-N3, N7`` or ``nobody``                 ``parley.words.Lines``
``{x:day}``          ``2025-05-23``                              ``Day``
``{x:moment}``       ``2025-05-23T08:00:00Z``                    ``Moment``
``{x:label}``        ``[first]``, a label given to a sentence    ``ActId``
``{x:names}``        ``north``, ``north, south and east``        ``tuple[ParticipantName, …]``
``{x:counts}``       ``north 390, south 307`` (also ``and``)     ``dict[ParticipantName, int]``
``{x:codes}``        ``RECEIVED N1-N3; DEFERRED N4``             ``dict[str, Lines]``
``{x:rest}``         everything up to the end of the sentence    ``str``, to be read by the verb
===================  ==========================================  ===========================

Words outside blanks stand for themselves, a part in square brackets may be absent. The first word is the verb in the
singular; ``north and south agree`` is understood too. Each blank takes as much as it can and gives nothing back, so
reading a hostile sentence costs no more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from typing import Any, Final

from parley.acts import Deed
from parley.process.state import State
from parley.words import DAY, LINE, MOMENT, ActId, Broken, Day, Lines, LinesBroken, Moment, ParticipantName

Words = Mapping[str, Any]
"""What the blanks of a template were filled with; an optional part that was absent leaves no entry."""

MOST_LENGTH: Final = 20_000
"""Characters of one sentence."""
MOST_TOKENS: Final = 4_000
SIMILAR: Final = 3
"""How many templates a "did you mean" names."""


class ScenarioBroken(Broken):
    """A scenario cannot be read or makes no sense: ``scenario.…`` with the line number, where known, in ``line``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What travels sealed with a deed in a practice scenario: rows of text (of a list: line first), and rooms."""

    rows: tuple[str, ...]
    to: tuple[str, ...]
    file: str = ""
    """A name for the file: two papers of one name and the same rows are the same file, sent twice."""
    keeps: str = ""
    """The commitment of an earlier list, if this is that list sealed again without some of its rows."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One way to say one deed: its template, what makes the deed of the words, and a whole sentence as an example.

    ``make`` gets the words, the latest known state (for defaults such as "the last proposal") and who speaks; it raises
    ScenarioBroken where the words make no sense. ``sealed`` may say what is sealed with it; without it the table seals
    practice rows of its own with the deeds that need them.
    """

    template: str
    make: Callable[[Words, State, ParticipantName], Deed]
    deed: type[Deed]
    example: str
    sealed: Callable[[Words, State, ParticipantName], tuple[Paper, ...]] | None = None


# --- tokens ----------------------------------------------------------------------------------------------------------

_TOKEN: Final = re.compile(
    r"""
    "(?P<text>[^"]*)"
  | \[(?P<label>[A-Za-z][A-Za-z0-9_-]*)\]
  | (?P<number>[0-9]{1,3}(?:,[0-9]{3})+)(?![0-9A-Za-z-]|,[0-9])
  | (?P<time>[0-9][0-9T-]*(?::[0-9]+)+Z?)
  | (?P<mark>[(),:;])
  | (?P<word>[^\s"(),:;\[\]]+)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, time, quoted text, label or punctuation mark, and where it begins in the sentence."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence cut into tokens."""

    text: str
    tokens: tuple[Token, ...]

    @staticmethod
    def of(text: str) -> Sentence:
        """Cut a sentence into tokens; raises ScenarioBroken (``scenario.too_long``, ``scenario.unreadable``)."""
        if len(text) > MOST_LENGTH:
            raise ScenarioBroken("scenario.too_long", most=MOST_LENGTH)
        tokens: list[Token] = []
        at = 0
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            found = _TOKEN.match(text, at)
            if found is None:
                raise ScenarioBroken("scenario.unreadable", near=text[at : at + 20])
            assert found.lastgroup is not None
            tokens.append(Token(found.lastgroup, found[found.lastgroup], at))
            if len(tokens) > MOST_TOKENS:
                raise ScenarioBroken("scenario.too_long", most=MOST_TOKENS)
            at = found.end()
        return Sentence(text, tuple(tokens))

    def after(self, position: int) -> str:
        """Return the raw text from a token on; empty past the end."""
        return self.text[self.tokens[position].at :].strip() if position < len(self.tokens) else ""


# --- templates -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str


@dataclass(frozen=True, slots=True)
class _Blank:
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Maybe:
    parts: tuple[_Part, ...]


_Part = _Literal | _Blank | _Maybe
_TEMPLATE: Final = re.compile(r"\s*(?:\{([a-z_]+)(?::([^{}]+))?\}|([\[\]])|([(),:;])|([^\s\[\]{}(),:;]+))")


@cache
def compile_template(template: str) -> tuple[_Part, ...]:
    """Return the parts of a template, its first word brought to its stem."""
    stack: list[list[_Part]] = [[]]
    at = 0
    template = template.strip()
    while at < len(template):
        found = _TEMPLATE.match(template, at)
        assert found is not None, f"template cannot be read: {template!r}"
        name, kind, bracket, mark, word = found.groups()
        if name is not None:
            kind = kind or "word"
            assert kind in _TAKERS or "|" in kind, f"unknown kind of blank in {template!r}: {kind}"
            stack[-1].append(_Blank(name, kind))
        elif bracket == "[":
            stack.append([])
        elif bracket == "]":
            inner = tuple(stack.pop())
            stack[-1].append(_Maybe(inner))
        else:
            stack[-1].append(_Literal(mark or word))
        at = found.end()
    assert len(stack) == 1, f"brackets do not close in {template!r}"
    parts = stack[0]
    assert parts, "a template has words"
    first = parts[0]
    return (_Literal(stem(first.text)), *parts[1:]) if isinstance(first, _Literal) else tuple(parts)


_IRREGULAR: Final = {"has": "have", "is": "be", "are": "be", "does": "do", "goes": "go"}


def stem(word: str) -> str:
    """Return a verb's form without the singular's ending: ``agrees`` and ``agree`` are one."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "sses", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


# --- blanks ----------------------------------------------------------------------------------------------------------

Taken = tuple[Any, int]
"""A value, and the position of the first token that was not used for it."""


def _is(tokens: Sequence[Token], at: int, *texts: str) -> bool:
    return at < len(tokens) and tokens[at].kind in ("mark", "word") and tokens[at].text in texts


def _take_word(tokens: Sequence[Token], at: int) -> Taken | None:
    return (tokens[at].text, at + 1) if tokens[at].kind == "word" else None


def _take_int(tokens: Sequence[Token], at: int) -> Taken | None:
    token = tokens[at]
    if token.kind == "number":
        return int(token.text.replace(",", "")), at + 1
    if token.kind == "word" and re.fullmatch(r"-?[0-9]{1,15}", token.text):
        return int(token.text), at + 1
    return None


def _take_text(tokens: Sequence[Token], at: int) -> Taken | None:
    return (tokens[at].text, at + 1) if tokens[at].kind == "text" else None


def _take_day(tokens: Sequence[Token], at: int) -> Taken | None:
    return (Day(tokens[at].text), at + 1) if DAY.match(tokens[at].text) else None


def _take_moment(tokens: Sequence[Token], at: int) -> Taken | None:
    return (Moment(tokens[at].text), at + 1) if MOMENT.match(tokens[at].text) else None


def _take_label(tokens: Sequence[Token], at: int) -> Taken | None:
    return (LabelRef(tokens[at].text), at + 1) if tokens[at].kind == "label" else None


def _is_range(text: str) -> bool:
    first, dash, last = text.partition("-")
    return LINE.match(first) is not None and (not dash or LINE.match(last) is not None)


def _take_lines(tokens: Sequence[Token], at: int) -> Taken | None:
    if _is(tokens, at, "nobody", "none"):
        return Lines(), at + 1
    ranges: list[str] = []
    end = at
    while end < len(tokens) and tokens[end].kind == "word" and _is_range(tokens[end].text):
        ranges.append(tokens[end].text)
        at = end + 1
        end = at + 1 if _is(tokens, at, ",", "and") else at
        if end == at:
            break
    if not ranges:
        return None
    try:
        return Lines.of(*ranges), at
    except LinesBroken as broken:
        raise ScenarioBroken("scenario.bad_lines", text=", ".join(ranges)[:60]) from broken


def _take_names(tokens: Sequence[Token], at: int) -> Taken | None:
    names: list[ParticipantName] = []
    end = at
    while end < len(tokens) and tokens[end].kind == "word" and re.fullmatch(r"[a-z][a-z0-9_-]*", tokens[end].text):
        names.append(ParticipantName(tokens[end].text))
        at = end + 1
        end = at + 1 if _is(tokens, at, ",", "and") else at
        if end == at:
            break
    return (tuple(names), at) if names else None


def _take_counts(tokens: Sequence[Token], at: int) -> Taken | None:
    counts: dict[ParticipantName, int] = {}
    end = at
    while end + 1 < len(tokens) and tokens[end].kind == "word":
        number = _take_int(tokens, end + 1)
        if number is None:
            break
        counts[ParticipantName(tokens[end].text)] = number[0]
        at = end + 2
        end = at + 1 if _is(tokens, at, ",", "and") else at
        if end == at:
            break
    return (counts, at) if counts else None


def _take_codes(tokens: Sequence[Token], at: int) -> Taken | None:
    codes: dict[str, Lines] = {}
    end = at
    while end + 1 < len(tokens) and tokens[end].kind == "word" and not _is_range(tokens[end].text):
        lines = _take_lines(tokens, end + 1)
        if lines is None:
            break
        if tokens[end].text in codes:
            raise ScenarioBroken("scenario.said_twice", word=tokens[end].text[:40])
        codes[tokens[end].text] = lines[0]
        at = lines[1]
        end = at + 1 if _is(tokens, at, ";") else at
        if end == at:
            break
    return (codes, at) if codes else None


_TAKERS: Final[Mapping[str, Callable[[Sequence[Token], int], Taken | None]]] = {
    "word": _take_word,
    "int": _take_int,
    "text": _take_text,
    "day": _take_day,
    "moment": _take_moment,
    "label": _take_label,
    "lines": _take_lines,
    "names": _take_names,
    "counts": _take_counts,
    "codes": _take_codes,
    "rest": lambda _tokens, at: (None, at),
}


@dataclass(frozen=True, slots=True)
class LabelRef:
    """A label as written in a sentence, before it is known which act carries it."""

    label: str


# --- matching --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reading:
    """One way to read a sentence so far: the words filled, the next token, how many literal words agreed."""

    words: dict[str, Any] = field(default_factory=dict)
    at: int = 0
    agreed: int = 0


def _read(parts: Sequence[_Part], sentence: Sentence, reading: _Reading) -> Iterator[_Reading]:
    if not parts:
        yield reading
        return
    part, others = parts[0], parts[1:]
    if isinstance(part, _Maybe):
        for inner in _read(part.parts, sentence, reading):
            yield from _read(others, sentence, inner)
        yield from _read(others, sentence, reading)
        return
    taken = _take(part, sentence, reading.at)
    if taken is None:
        return
    value, at = taken
    if isinstance(part, _Literal):
        yield from _read(others, sentence, _Reading(reading.words, at, reading.agreed + 1))
    else:
        yield from _read(others, sentence, _Reading({**reading.words, part.name: value}, at, reading.agreed))


def _take(part: _Literal | _Blank, sentence: Sentence, at: int) -> Taken | None:
    tokens = sentence.tokens
    if isinstance(part, _Blank) and part.kind == "rest":
        return sentence.after(at), len(tokens)
    if at >= len(tokens):
        return None
    if isinstance(part, _Literal):
        token = tokens[at]
        word = stem(token.text) if at == 0 else token.text
        return (None, at + 1) if token.kind in ("word", "mark", "number") and word == part.text else None
    if "|" in part.kind:
        token = tokens[at]
        return (token.text, at + 1) if token.kind == "word" and token.text in part.kind.split("|") else None
    return _TAKERS[part.kind](tokens, at)


def match(template: str, sentence: Sentence) -> tuple[dict[str, Any], int] | None:
    """Read a sentence by one template: the words of its blanks and how many literal words agreed; None if it fits not.

    Labels come as ``LabelRef``; see ``resolve``. Raises ScenarioBroken where a blank holds nonsense (``N3-N1``).
    """
    best: _Reading | None = None
    for reading in _read(compile_template(template), sentence, _Reading()):
        if reading.at == len(sentence.tokens) and (best is None or reading.agreed > best.agreed):
            best = reading
    return None if best is None else (best.words, best.agreed)


def resolve(words: Words, labels: Mapping[str, ActId]) -> Words:
    """Return the words with each label replaced by its act's id; raises ScenarioBroken ``scenario.unknown_label``."""
    out: dict[str, Any] = {}
    for name, value in words.items():
        if isinstance(value, LabelRef):
            if value.label not in labels:
                raise ScenarioBroken("scenario.unknown_label", label=value.label[:40])
            out[name] = labels[value.label]
        else:
            out[name] = value
    return out


def choose(verbs: Sequence[Verb], sentence: Sentence) -> tuple[Verb, Words]:
    """Find the verb that says this sentence; the one with most literal words wins.

    Raises ScenarioBroken ``scenario.not_understood`` with the nearest templates in ``near``.
    """
    best: tuple[int, Verb, Words] | None = None
    flaw: ScenarioBroken | None = None
    for verb in verbs:
        try:
            found = match(verb.template, sentence)
        except ScenarioBroken as broken:
            flaw = broken
            continue
        if found is not None and (best is None or found[1] > best[0]):
            best = (found[1], verb, found[0])
    if best is not None:
        return best[1], best[2]
    if flaw is not None:
        raise flaw
    raise ScenarioBroken("scenario.not_understood", text=sentence.text[:80], near=nearest(verbs, sentence))


def nearest(verbs: Sequence[Verb], sentence: Sentence) -> str:
    """Return the templates most like a sentence that no template fits, one after the other, for "did you mean"."""
    said = [stem(token.text) if place == 0 else token.text for place, token in enumerate(sentence.tokens[:12])]

    def likeness(template: str) -> float:
        words = [part.text for part in compile_template(template) if isinstance(part, _Literal)]
        first = SequenceMatcher(None, words[0], said[0]).ratio() if said else 0.0
        return first + SequenceMatcher(None, words, said).ratio()

    ranked = sorted({verb.template for verb in verbs}, key=lambda template: (-likeness(template), template))
    return " / ".join(ranked[:SIMILAR])


# --- for verbs that read a rest themselves ---------------------------------------------------------------------------


def parts_of(rest: str, mark: str = ";") -> tuple[str, ...]:
    """Cut a rest at a mark (``;`` or ``,``) outside quotes; empty parts are left out."""
    parts: list[str] = []
    start, quoted = 0, False
    for place, letter in enumerate(rest):
        if letter == '"':
            quoted = not quoted
        elif letter == mark and not quoted:
            parts.append(rest[start:place].strip())
            start = place + 1
    parts.append(rest[start:].strip())
    return tuple(part for part in parts if part)


def fit(text: str, *templates: str) -> tuple[int, Words]:
    """Read a part of a sentence by the first template that fits: its number in the row, and the words.

    Raises ScenarioBroken ``scenario.part_not_understood`` naming the templates.
    """
    sentence = Sentence.of(text)
    for number, template in enumerate(templates):
        found = match(template, sentence)
        if found is not None:
            return number, found[0]
    raise ScenarioBroken("scenario.part_not_understood", text=text[:80], near=" / ".join(templates)[:400])
