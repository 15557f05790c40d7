"""Writes the page that says what is in a file of people: self-contained, nothing fetched, nothing of the cells but headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from parley.briefings.phrases import RIGHT_TO_LEFT, number, phrase
from parley.registers.encodings import Encoding
from parley.registers.profile import CERTAINTIES, ColumnProfile, SheetProfile, shown
from parley.registers.sheets import Place

_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#111;background:#fff}"
    "table{border-collapse:collapse;margin:1em 0}th,td{border:1px solid #999;padding:.2em .6em;text-align:start;"
    "vertical-align:top}th{background:#eee}td.n{text-align:end}bdi{unicode-bidi:isolate}"
)
"""Plain and dark on light; no colour carries a meaning."""


def look_lines(profiles: Sequence[SheetProfile], encoding: Encoding | None, language: str) -> list[str]:
    """Return what a profile says, line by line, for a terminal."""
    lines = [_encoding(encoding, language)] if encoding is not None else []
    for one in profiles:
        lines.append(phrase("look.sheet", language, number=one.number, name=one.name[:60]))
        lines.append("  " + _rows(one, language))
        lines += [f"  {text}" for text in _about(one, language)]
        lines += [
            f"  {column.letters}  {column.heading[:40] or '-'}  →  {column.field or '-'}"
            f"  {number(column.filled, language)}/{number(one.rows, language)}"
            + "".join(f"; {text}" for text in _odd(column, language))
            for column in one.columns
        ]
    return lines


def look_page(name: str, profiles: Sequence[SheetProfile], encoding: Encoding | None, language: str) -> str:
    """Return the page as HTML with its own policy: no script, no image, no address."""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    title = _text(phrase("look.title", language))
    parts = [
        f'<!doctype html>\n<html lang="{language}" dir="{direction}">\n<head>\n<meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f"<h1>{title}</h1>\n<p>{_bdi(name)}</p>\n<p>{_text(phrase('look.nothing_stored', language))}</p>",
    ]
    if encoding is not None:
        parts.append(f"<p>{_text(_encoding(encoding, language))}</p>")
    for one in profiles:
        parts.append(f"<h2>{_text(phrase('look.sheet', language, number=one.number, name=one.name[:60]))}</h2>")
        parts.append(_list([_rows(one, language), *_about(one, language)]))
        parts.append(_columns(one, language))
        parts.append(_dates(one, language))
        if one.doubles:
            parts.append(_list(", ".join(str(row) for row in group[:20]) for group in one.doubles))
    return "\n".join([*filter(None, parts), "</body>\n</html>\n"])


def _encoding(encoding: Encoding, language: str) -> str:
    return phrase("look.encoding", language, name=encoding.name, how=encoding.known_by)


def _rows(one: SheetProfile, language: str) -> str:
    if not one.header.row:
        return phrase("look.no_header", language)
    return phrase("look.rows", language, rows=number(one.rows, language), header=one.header.row)


def _about(one: SheetProfile, language: str) -> list[str]:
    """What holds for the whole sheet."""
    said: list[str] = []
    for note in one.notes.by_kind.values():
        text = phrase(f"look.note.{note.kind}", language, count=number(note.count, language))
        said.append(f"{text} ({_places(note.places)})" if note.kind != "encoding" else text)
    if one.double_groups:
        groups, rows = number(one.double_groups, language), number(one.double_rows, language)
        said.append(phrase("look.doubles", language, groups=groups, rows=rows))
    for field, count in sorted(one.without_minimum.items()):
        said.append(phrase("look.minimum", language, field=field, count=number(count, language)))
    return said


def _odd(column: ColumnProfile, language: str) -> list[str]:
    """What is to be looked at in one column."""
    said = [
        f"{phrase(f'look.{one}', language)} {number(column.dates[one], language)}"
        for one in CERTAINTIES
        if column.dates[one]
    ]
    if column.day_first or column.month_first:
        day, month = number(column.day_first, language), number(column.month_first, language)
        said.append(phrase("look.day_first", language, day=day, month=month))
    for what in ("mixed", "unseen"):
        count = getattr(column, what)
        if count:
            text = phrase(f"look.{what}", language, count=number(count, language))
            said.append(f"{text} ({_places(column.places[what])})")
    return said


def _places(places: Iterable[Place]) -> str:
    shown_places = [shown(place) for place in places]
    return ", ".join(shown_places[:5]) + (" …" if len(shown_places) > 5 else "")


def _columns(one: SheetProfile, language: str) -> str:
    heads = ("column", "heading", "field", "filled", "oddities")
    rows = [
        (
            column.letters,
            column.heading,
            column.field,
            number(column.filled, language),
            "; ".join(_odd(column, language)),
        )
        for column in one.columns
    ]
    return _table([phrase(f"look.{head}", language) for head in heads], rows) if rows else ""


def _dates(one: SheetProfile, language: str) -> str:
    columns = [column for column in one.columns if column.dates]
    if not columns:
        return ""
    heads = [phrase("look.dates", language), *(column.letters for column in columns)]
    rows = [
        (phrase(f"look.{kind}", language), *(number(column.dates[kind], language) for column in columns))
        for kind in CERTAINTIES
    ]
    return _table(heads, rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{_text(one)}</th>' for one in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{_bdi(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _list(texts: Iterable[str]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{_text(one)}</li>" for one in texts) + "\n</ul>"


def _text(text: str) -> str:
    return escape("".join(sign for sign in text if sign.isprintable()))


def _bdi(text: str) -> str:
    return f"<bdi>{_text(text)}</bdi>"
