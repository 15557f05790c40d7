"""The joint communiqué: one text in each language, built from an agreed number sheet and from nothing else.

What may be published, and when, is law (``parley.process.publication``): without an agreed sheet, before an embargo has
passed, or before the families were notified, there is no text but a draft, which says so in its first line. The same
sheet, status and place in the record give the same text everywhere, so its hash in the act proves what was published.
Sides stand in the order of their names; digits are Western in every language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from parley.acts import LANGUAGES, STATUS_WORDS, Figure, PublishCommunique
from parley.briefings import numbers, phrases
from parley.process import batches, dates, publication
from parley.process.state import NumberSheet, State
from parley.words import ActId, Digest, ParticipantName, Refusal, refuse

SHEET_DIGITS: Final = 16
"""How much of the number sheet's id stands in the text: enough to find it in the record."""

Names = Mapping[str, Mapping[ParticipantName, str]]
"""How each side is called in each language; a side without an entry keeps its name in the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Communique:
    """A communiqué: the sheet it was built from, its status word, and its text in each language."""

    sheet: ActId
    status: str
    texts: Mapping[str, str]

    @property
    def digests(self) -> Mapping[str, Digest]:
        """The SHA-256 of each text, over its UTF-8 bytes."""
        return {language: Digest(sha256(text.encode()).hexdigest()) for language, text in self.texts.items()}

    def deed(self) -> PublishCommunique:
        """Return the deed that publishes these very texts."""
        return PublishCommunique(sheet=self.sheet, status=self.status, texts=self.digests)


def communique(
    state: State,
    sheet: ActId,
    *,
    status: str = "",
    languages: Sequence[str] = LANGUAGES,
    names: Names | None = None,
) -> Communique | Refusal:
    """Return the texts that may be published now, or why none may; without a status, the furthest the record allows."""
    status = status or publication.status_reached(state)
    refusal = publication.may_publish(state, sheet, status)
    if refusal is not None:
        return refusal
    return _built(state, state.publication.sheets[sheet], status, languages, names or {})


def draft(
    state: State,
    sheet: ActId,
    *,
    status: str = "",
    languages: Sequence[str] = LANGUAGES,
    names: Names | None = None,
) -> Communique | Refusal:
    """Return the texts to prepare while embargo or families are waited for; only a sheet that all agreed to has any."""
    found = state.publication.sheets.get(sheet)
    if found is None:
        return refuse("publication.unknown_sheet")
    if not publication.agreed_by_all(state, found):
        return refuse("publication.sheet_not_agreed", agreed=len(found.agreed_by))
    built = _built(state, found, status or publication.status_reached(state), languages, names or {})
    marked = {
        language: f"{phrases.phrase('communique.draft', language)}\n\n{text}" for language, text in built.texts.items()
    }
    return Communique(sheet=sheet, status=built.status, texts=marked)


def other_texts(state: State, deed: PublishCommunique, names: Names | None = None) -> tuple[str, ...]:
    """Return the languages in which a communiqué's hash is not that of the text its sheet gives; none is as it must be.

    A desk asks this before its officer signs, because the law holds only the hashes.
    """
    sheet = state.publication.sheets.get(deed.sheet)
    if sheet is None or deed.status not in STATUS_WORDS:
        return tuple(sorted(deed.texts))
    known = [language for language in deed.texts if language in LANGUAGES]
    built = _built(state, sheet, deed.status, known, names or {}).digests
    return tuple(sorted(language for language, digest in deed.texts.items() if built.get(language) != digest))


def texts_of(state: State, deed: PublishCommunique) -> Mapping[str, str]:
    """Return the texts that a communiqué's sheet gave at its place in the record; none where its sheet is not known."""
    sheet = state.publication.sheets.get(deed.sheet)
    if sheet is None or deed.status not in STATUS_WORDS:
        return {}
    return _built(state, sheet, deed.status, [one for one in deed.texts if one in LANGUAGES], {}).texts


def _built(state: State, sheet: NumberSheet, status: str, languages: Sequence[str], names: Names) -> Communique:
    no_date = status in {"agreed", "signed"} and not _date_agreed(state)
    banner = "communique.practice" if state.authority.practice else ""
    texts = {
        language: (f"{phrases.phrase(banner, language)}\n\n" if banner else "")
        + _text(sheet, status, language, names.get(language, {}), no_date=no_date)
        for language in languages
    }
    return Communique(sheet=sheet.id, status=status, texts=texts)


def _date_agreed(state: State) -> bool:
    return any(dates.date_of(state, batch) is not None for batch in (0, *batches.numbers(state)))


def _text(
    sheet: NumberSheet, status: str, language: str, names: Mapping[ParticipantName, str], *, no_date: bool
) -> str:
    lines = [phrases.phrase("communique.title", language), ""]
    lines.append(phrases.phrase(f"communique.status.{status}", language))
    if no_date:
        lines.append(phrases.phrase("communique.no_date", language))
    for batch in sorted({figure.batch for figure in sheet.figures}):
        heading = "communique.batch" if batch else "communique.whole"
        lines += ["", phrases.phrase(heading, language, batch=batch)]
        lines += [
            f"- {numbers.in_words(figure, language, names.get(figure.side, ''))}"
            for figure in _in_order(sheet.figures)
            if figure.batch == batch
        ]
    lines += ["", phrases.phrase("communique.method", language)]
    lines += [phrases.phrase("communique.sheet", language, sheet=sheet.id[:SHEET_DIGITS]), ""]
    return "\n".join(lines)


def _in_order(figures: Sequence[Figure]) -> list[Figure]:
    """Return figures with the sides in the order of their names: nobody stands first by choice."""
    return sorted(figures, key=lambda one: one.side)
