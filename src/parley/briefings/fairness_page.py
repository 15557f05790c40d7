"""Writes the page that shows how lists came about, without a name: the policy in words, what was reached, tables and pictures.

Self-contained: no script, nothing fetched; pictures are SVG inside the page, each with its numbers in words beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from parley.briefings.fairness_pictures import cell, chances_picture, composition_picture, lead_picture
from parley.briefings.phrases import RIGHT_TO_LEFT, phrase
from parley.briefings.policy_words import policy_lines
from parley.composing.draw import Drawn
from parley.composing.policy import Policy
from parley.composing.report import FEWEST, Report, Share
from parley.composing.vehicles import NAME as FEWEST_VEHICLES

_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#111;background:#fff}"
    "table{border-collapse:collapse;margin:1em 0}th,td{border:1px solid #999;padding:.2em .6em;text-align:start}"
    "th{background:#eee}td.n{text-align:end}bdi{unicode-bidi:isolate}svg{max-width:100%;height:auto}code{word-break:break-all}"
)


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
        yield composition_picture(found.sizes[side], classes)
        batches = [str(batch) for batch in range(1, len(found.sizes[side]) + 1)]
        yield _table(["", *batches], [[name, *(cell(one) for one in row)] for name, row in classes.items()])
    yield _heading("fair.chances", language)
    yield from (f"<p><strong>{escape(line)}</strong></p>" for line in apart_lines(found.apart, language))
    yield chances_picture(found.chances)
    yield _heading("fair.lead", language)
    yield lead_picture(found.lead)
    yield _table(["", "", "+"], [[one.side, str(one.load), str(one.lead)] for one in found.lead])
    for what, shares in found.shares.items():
        yield _heading("fair.shares", language, what=what)
        yield _shares(shares, language)
    yield _heading("fair.removed", language)
    yield _table(["", ""], [[reason, cell(count)] for reason, count in found.removed])
    yield "</body>\n</html>"


def apart_lines(apart: float, language: str) -> list[str]:
    """Return how far the chances are from the fairest, where that is not proven to be nought."""
    return [phrase("fair.apart", language, apart=f"{apart:.6f}")] if apart else []


def vehicles_line(value: int, bound: int, language: str) -> str:
    """Return how many vehicles and opened places the last stage found, and how far that is from what is proven."""
    gap = f"{100 * (bound - value) / max(1, -value):.1f}"
    return phrase("fair.vehicles", language, name=FEWEST_VEHICLES, value=-value, bound=-bound, gap=gap)


def _heading(code: str, language: str, **facts: str) -> str:
    return f"<h2>{escape(phrase(code, language, **facts))}</h2>"


def _stage(name: str, value: int, bound: int, language: str) -> str:
    if name == FEWEST_VEHICLES:
        return f"<li>{escape(vehicles_line(value, bound, language))}</li>"
    return f"<li><bdi>{escape(name)}</bdi>: {value} ({escape(proof_words(value, bound, language))})</li>"


def proof_words(value: int, bound: int, language: str) -> str:
    """Return whether a stage is proven, or what is still possible."""
    return phrase("fair.proven", language) if value == bound else phrase("fair.bound", language, bound=bound)


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
    return _table(header, [[one.what, cell(one.eligible), cell(one.going)] for one in shares])
