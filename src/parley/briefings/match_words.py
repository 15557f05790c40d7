"""Says in the reader's language why two records may be one person, and draws it: what speaks for it, what against, in bits."""

from __future__ import annotations

from html import escape
from typing import Final

from parley.briefings.phrases import RIGHT_TO_LEFT, Written, joined, phrase
from parley.registers.explaining import Explanation, Step

_TOLD: Final = 3
"""How many particulars a sentence names on each side."""
_WIDTH: Final = 960
_ROW: Final = 46
_MARGIN: Final = 12
_MOST_WORDS: Final = 110
_STYLE: Final = (
    "text{font:15px sans-serif;fill:#111}.for{fill:#1b5e8c}.against{fill:#a63d00}.sum{fill:#444}line{stroke:#888}"
)


def match_sentence(explained: Explanation, language: str) -> Written:
    """Return the one sentence that says how likely two records are one person, what speaks most for it, and what against."""
    if explained.veto:
        given = next(one for one in explained.steps if one.field == "given")
        return phrase(
            "match.veto",
            language,
            first=explained.id_a,
            second=explained.id_b,
            given_a=given.written_a,
            given_b=given.written_b,
        )
    ranked = sorted(explained.steps, key=lambda one: -abs(one.bits))
    return phrase(
        "match.sentence",
        language,
        first=explained.id_a,
        second=explained.id_b,
        zone=phrase(f"match.zone.{explained.zone}", language),
        percent=_percent(explained.probability),
        for_it=_some([one for one in ranked if one.bits > 0], language),
        against_it=_some([one for one in ranked if one.bits < 0], language),
    )


def match_lines(explained: Explanation, language: str) -> list[str]:
    """Return the explanation line by line, for a terminal: the sentence, each particular with its bits, the rivals."""
    lines: list[str] = [match_sentence(explained, language)]
    lines += [f"  {bits:+6.1f}  {words}" for words, bits in _rows(explained, language)]
    lines.append(Written(f"  {explained.total:+6.1f}  {phrase('match.total', language)}"))
    for one in explained.rivals:
        code = "match.double" if one.same_person else "match.rival"
        lines.append(phrase(code, language, first=one.id_a, second=one.id_b, percent=_percent(one.probability)))
    return lines


def waterfall(explained: Explanation, language: str) -> str:
    """Return the explanation as a picture (SVG): each particular's bits from where the one before ended; nothing is fetched."""
    rows = [*_rows(explained, language)]
    sums = [0.0]
    for _, bits in rows:
        sums.append(sums[-1] + bits)
    low, high = min(0.0, *sums), max(0.0, *sums)
    scale = (_WIDTH - 2 * _MARGIN - 60) / max(high - low, 1.0)

    def across(bits: float) -> float:
        return round(_MARGIN + (bits - low) * scale, 1)

    height = _ROW * (len(rows) + 2)
    right_to_left = language in RIGHT_TO_LEFT
    direction, edge = ("rtl", _WIDTH - _MARGIN) if right_to_left else ("ltr", _MARGIN)
    said = escape(match_sentence(explained, language))
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" lang="{language}">',
        f'<g direction="{direction}"><title>{said}</title><style>{_STYLE}</style>',
        f'<line x1="{across(0)}" y1="0" x2="{across(0)}" y2="{height - _ROW}"/>',
    ]
    for place, (words, bits) in enumerate(rows):
        begin, end = sums[place], sums[place + 1]
        kind = "for" if bits >= 0 else "against"
        out += _bar(place, words, edge, across(min(begin, end)), across(max(begin, end)), bits, kind)
    total = explained.total
    together = phrase("match.total", language)
    out += _bar(len(rows), together, edge, across(min(0, total)), across(max(0, total)), total, "sum")
    return "".join([*out, "</g></svg>\n"])


def _bar(place: int, words: str, edge: int, left: float, right: float, bits: float, kind: str) -> list[str]:
    """Return a line of words from where its language begins to read, and under it the bar with its bits."""
    top = place * _ROW
    said = words if len(words) <= _MOST_WORDS else f"{words[: _MOST_WORDS - 1]}…"
    # The sign stands beside the bar, so that no colour alone carries a meaning.
    return [
        f'<text x="{edge}" y="{top + 18}">{escape(said)}</text>',
        f'<rect class="{kind}" x="{left}" y="{top + 24}" width="{max(round(right - left, 1), 1)}" height="16"/>',
        f'<text x="{right + 6}" y="{top + 38}" direction="ltr" unicode-bidi="bidi-override">{bits:+.1f}</text>',
    ]


def _rows(explained: Explanation, language: str) -> list[tuple[Written, float]]:
    rows = [(phrase("match.prior", language), explained.prior)]
    rows += [(_particular(one, language), one.bits) for one in explained.steps]
    if explained.other:
        other = phrase(f"match.kind.{explained.other}", language)
        rows.append((phrase("match.others", language, other=other), explained.others))
    elif explained.others:
        rows.append((phrase("match.others", language, other="…"), explained.others))
    if explained.competition:
        rows.append((phrase("match.competition", language), explained.competition))
    return rows


def _particular(step: Step, language: str) -> Written:
    said = phrase(
        "match.particular",
        language,
        field=phrase(f"match.field.{step.field}", language),
        level=phrase(f"match.level.{step.level}", language),
        a=step.written_a,
        b=step.written_b,
    )
    if step.agreed is None or step.written_a == step.written_b:
        return said
    if step.agreed.name:
        return joined([said, phrase("match.one_name", language, a=step.written_a, b=step.written_b)], language)
    reading = phrase(
        "match.reading",
        language,
        a=step.written_a,
        b=step.written_b,
        scheme_a=step.agreed.scheme_a,
        scheme_b=step.agreed.scheme_b,
        reading=step.agreed.reading,
    )
    return joined([said, reading], language)


def _some(steps: list[Step], language: str) -> Written:
    if not steps:
        return phrase("match.nothing", language)
    return joined([_particular(one, language) for one in steps[:_TOLD]], language)


def _percent(probability: float) -> str:
    return f"{min(max(100 * probability, 0.01), 99.99):.2f}" if 0 < probability < 1 else f"{100 * probability:.0f}"
