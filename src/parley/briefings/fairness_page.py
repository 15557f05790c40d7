"""Writes the page that shows how lists came about, without a name: the policy in words, what was reached, tables and pictures.

Self-contained: no script, nothing fetched; pictures are SVG inside the page, each with its numbers in words beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from parley.briefings.phrases import RIGHT_TO_LEFT, phrase
from parley.briefings.policy_words import policy_lines
from parley.composing.draw import Drawn
from parley.composing.policy import Policy
from parley.composing.report import FEWEST, Report, Share
from parley.composing.vehicles import NAME as FEWEST_VEHICLES
from parley.composing.waves import Wave

_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#111;background:#fff}"
    "table{border-collapse:collapse;margin:1em 0}th,td{border:1px solid #999;padding:.2em .6em;text-align:start}"
    "th{background:#eee}td.n{text-align:end}bdi{unicode-bidi:isolate}svg{max-width:100%;height:auto}code{word-break:break-all}"
)
_HIDDEN: Final = "<5"
_WIDE: Final = 640
_BAR: Final = 22
MOST_LABELS: Final = 10
"""So many convoys can carry their numbers in the picture; more would write over one another, and the table has them."""


def fairness_page(policy: Policy, found: Report, drawn: Drawn, language: str) -> str:
    """Return the page as HTML, the same for the same input."""
    return "\n".join(_parts(policy, found, drawn, language)) + "\n"


def _parts(policy: Policy, found: Report, drawn: Drawn, language: str) -> Iterator[str]:
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    title = escape(phrase("fair.title", language))
    policy_header = "default-src 'none'; style-src 'unsafe-inline'"
    yield f'<!doctype html>\n<html lang="{language}" dir="{direction}">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy_header}">'
    yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>"
    said = phrase("fair.draw", language, number=drawn.chosen, kind=drawn.chance.kind, commitment=drawn.commitment)
    if drawn.chance.kind == "none":
        yield f"<p><strong>{escape(phrase('fair.provisional', language))}</strong></p>"
    yield f"<p>{escape(said)}</p>"
    yield f"<p>{escape(phrase('fair.check', language))}</p>"
    yield f"<p>{escape(phrase('fair.hidden', language, fewest=FEWEST))}</p>"
    yield _heading("fair.policy", language)
    yield "<ol>" + "".join(f"<li>{escape(line)}</li>" for line in policy_lines(policy, language, codes=False)) + "</ol>"
    yield _heading("fair.stages", language)
    yield "<ul>" + "".join(_stage(*stage, language) for stage in found.stages) + "</ul>"
    for side, classes in found.composition.items():
        yield _heading("fair.composition", language, side=side)
        yield _composition(found.sizes[side], classes)
        batches = [str(batch) for batch in range(1, len(found.sizes[side]) + 1)]
        yield _table(["", *batches], [[name, *(_cell(one) for one in row)] for name, row in classes.items()])
    yield _heading("fair.chances", language)
    yield _chances([(f"{one.numerator}/{one.denominator}", float(one), count) for one, count in found.chances])
    yield _heading("fair.lead", language)
    yield _lead(found.lead)
    yield _table(["", "", "+"], [[one.side, str(one.load), str(one.lead)] for one in found.lead])
    for what, shares in found.shares.items():
        yield _heading("fair.shares", language, what=what)
        yield _shares(shares, language)
    yield _heading("fair.removed", language)
    yield _table(["", ""], [[reason, _cell(count)] for reason, count in found.removed])
    yield "</body>\n</html>"


def vehicles_line(value: int, bound: int, language: str) -> str:
    """Return how many vehicles and opened places the last stage found, and how far that is from what is proven."""
    gap = f"{100 * (bound - value) / max(1, -value):.1f}"
    return phrase("fair.vehicles", language, name=FEWEST_VEHICLES, value=-value, bound=-bound, gap=gap)


def _heading(code: str, language: str, **facts: str) -> str:
    return f"<h2>{escape(phrase(code, language, **facts))}</h2>"


def _stage(name: str, value: int, bound: int, language: str) -> str:
    if name == FEWEST_VEHICLES:
        return f"<li>{escape(vehicles_line(value, bound, language))}</li>"
    proof = phrase("fair.proven", language) if value == bound else phrase("fair.bound", language, bound=bound)
    return f"<li><bdi>{escape(name)}</bdi>: {value} ({escape(proof)})</li>"


def _cell(count: int | None) -> str:
    return _HIDDEN if count is None else str(count)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join(
        "<tr>"
        + "".join(f"<td{' class=n' if at else ''}><bdi>{escape(cell)}</bdi></td>" for at, cell in enumerate(row))
        + "</tr>"
        for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _shares(shares: Sequence[Share], language: str) -> str:
    header = [phrase(f"fair.{name}", language) for name in ("what", "eligible", "going")]
    return _table(header, [[one.what, _cell(one.eligible), _cell(one.going)] for one in shares])


# --- pictures: bars with the number at their end; a hidden cell is hatched, and no colour carries a meaning ---


def _svg(height: int, parts: Sequence[str], label: str) -> str:
    style = (
        "<style>text{font:13px sans-serif}.bar{fill:#4a6a8a}.none{fill:#fff;stroke:#4a6a8a;stroke-dasharray:3}</style>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {height}" width="{_WIDE}" height="{height}" '
        f'role="img" aria-label="{escape(label)}" direction="ltr">{style}{"".join(parts)}</svg>'
    )


def _bars(rows: Sequence[tuple[str, int | None]]) -> str:
    most = max((count or 0 for _, count in rows), default=0) or 1
    parts: list[str] = []
    for at, (name, count) in enumerate(rows):
        top = at * _BAR
        length = 8 if count is None else round(300 * count / most)
        kind = "none" if count is None else "bar"
        parts.append(f'<text x="0" y="{top + 16}">{escape(name)}</text>')
        parts.append(f'<rect class="{kind}" x="270" y="{top + 4}" width="{length}" height="{_BAR - 8}"/>')
        parts.append(f'<text x="{276 + length}" y="{top + 16}">{escape(_cell(count))}</text>')
    return _svg(_BAR * max(1, len(rows)), parts, ", ".join(f"{name}: {_cell(count)}" for name, count in rows))


def _composition(sizes: Sequence[int], classes: Mapping[str, Sequence[int | None]]) -> str:
    rows: list[tuple[str, int | None]] = []
    for at, size in enumerate(sizes):
        rows.append((f"{at + 1}", size))
        rows += [(f"{at + 1} · {name}"[:40], counts[at]) for name, counts in classes.items()]
    return _bars(rows)


def _chances(chances: Sequence[tuple[str, float, int | None]]) -> str:
    return _bars([(f"{value:.4f} ({fraction})"[:40], count) for fraction, value, count in chances])


def _lead(lead: Sequence[Wave]) -> str:
    """Bars above the line where the first side is ahead, below it where the other is; side, load and lead stand at each."""
    most = max((abs(one.lead) for one in lead), default=0) or 1
    width = (_WIDE - 20) / max(1, len(lead))
    first = min((one.side for one in lead), default="")
    parts = [f'<line x1="0" x2="{_WIDE}" y1="80" y2="80" stroke="#111"/>']
    shown = len(lead) <= MOST_LABELS
    for at, one in enumerate(lead):
        ahead = one.lead if one.side == first else -one.lead
        height = round(50 * abs(ahead) / most)
        left, top = 10 + at * width, 80 - height if ahead > 0 else 80
        parts.append(
            f'<rect class="bar" x="{left:.1f}" y="{top}" width="{max(1.0, width - 2):.1f}" height="{height}"/>'
        )
        if shown:
            parts.append(f'<text x="{left:.1f}" y="{top - 4 if ahead > 0 else top + height + 14}">{abs(ahead)}</text>')
            parts.append(f'<text x="{left:.1f}" y="154">{escape(one.side[:8])} {one.load}</text>')
    return _svg(162, parts, ", ".join(f"{one.side} {one.load}: {one.lead}" for one in lead))
