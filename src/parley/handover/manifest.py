"""The manifest of one vehicle as data: who rides on it, by line only, and the tag that each person carries.

A manifest is printed and scanned where there is no network (domain F40, 3.5). It holds no name: a tag says the case,
the batch and the line, and ends in check letters, so that a line typed by hand from a torn paper is either right or
refused. A tag is no secret and proves nothing; it only spares writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from parley.words import LINE, Broken, Digest, LineId, Lines, ParticipantName

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which a tired reader takes for something else."""
ALIKE: Final = str.maketrans("ILO", "110")
CASE_LENGTH: Final = 5
CHECK_LENGTH: Final = 4
TAG: Final = re.compile(
    r"P1:([0-9A-Z]{5}):([1-9][0-9]{0,5})(?:\.([1-9][0-9]{0,5}))?:([A-Z]{1,3}[1-9][0-9]{0,6}):([0-9A-Z]{4})\Z"
)
MOST_TEXT: Final = 64
WHITE: Final = " \t\r\n"
_CAPITALS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
GROUP: Final = 10


class ManifestBroken(Broken):
    """A tag is none (``manifest.not_a_tag``), is mistyped (``manifest.mistyped``) or of another case or batch.

    The last two are ``manifest.another_case`` and ``manifest.another_batch``.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Which lines ride on one vehicle: ``case`` is the log's name in the founding act."""

    case: str
    batch: int
    giving: ParticipantName
    vehicle: str
    lines: Lines

    def text(self) -> str:
        """Return the manifest in its one written form, the same bytes on every machine."""
        head = f"parley.manifest/1\n{self.case}\nbatch {self.batch}\n{self.giving} {self.vehicle}\n"
        return head + "".join(f"{line}\n" for line in self.lines) + f"{len(self.lines)}\n"

    def digest(self) -> Digest:
        """Return the SHA-256 of the written form, to be printed at the foot of each sheet."""
        return Digest(sha256(self.text().encode()).hexdigest())

    def tags(self) -> tuple[tuple[LineId, str], ...]:
        """Return each line with its tag, in order."""
        return tuple((line, tag(self.case, self.batch, line)) for line in self.lines)

    def groups(self, size: int = GROUP) -> tuple[Lines, ...]:
        """Return the lines in groups for the crossing, ten at a time unless said otherwise (domain 2.6)."""
        lines = tuple(self.lines)
        return tuple(Lines.among(lines[start : start + size]) for start in range(0, len(lines), max(size, 1)))


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says that was printed for this case: ``version`` is that of its pack, 0 where it names none."""

    batch: int
    version: int
    line: LineId


def tag(case: str, batch: int, line: LineId, version: int = 0) -> str:
    """Return what the QR code on a person's tag says: ``P1:7Q2XK:1.2:N17:4F0Z``; fits QR's alphanumeric mode.

    ``version`` is that of the pack with which it is printed; 0 leaves it out (spec/checkin.md 2).
    """
    edition = f"{batch}.{version}" if version else f"{batch}"
    return f"P1:{short(case, CASE_LENGTH)}:{edition}:{line}:{_check(case, edition, line)}"


def read_card(text: str, case: str) -> Card:
    """Return what a card says, scanned or typed in small letters; raises ManifestBroken."""
    found = TAG.match(capitals(text)) if len(text) <= MOST_TEXT else None
    if found is None or LINE.match(found[4]) is None:
        raise ManifestBroken("manifest.not_a_tag")
    if found[1].translate(ALIKE) != short(case, CASE_LENGTH):
        raise ManifestBroken("manifest.another_case")
    line, version = LineId(found[4]), int(found[3] or 0)
    edition = f"{int(found[2])}.{version}" if version else f"{int(found[2])}"
    if found[5].translate(ALIKE) != _check(case, edition, line):
        raise ManifestBroken("manifest.mistyped", line=line)
    return Card(int(found[2]), version, line)


def capitals(text: str) -> str:
    """Return what was typed or scanned without white space at its ends, a-z as capitals; other letters stay as they are."""
    return text.strip(WHITE).translate(_CAPITALS)


def read_tag(text: str, case: str, batch: int) -> LineId:
    """Return the line a tag names, scanned or typed in small letters; raises ManifestBroken."""
    card = read_card(text, case)
    if card.batch != batch:
        raise ManifestBroken("manifest.another_batch", said=card.batch, wanted=batch)
    return card.line


def of_vehicles(
    case: str, batch: int, giving: ParticipantName, vehicles: Iterable[tuple[str, Lines]]
) -> tuple[Manifest, ...]:
    """Return the manifests of one convoy, by vehicle name."""
    return tuple(
        Manifest(case=case, batch=batch, giving=giving, vehicle=name, lines=lines) for name, lines in sorted(vehicles)
    )


def _check(case: str, edition: str, line: LineId) -> str:
    """Return the letters that catch a tag mistyped."""
    return short(f"{case}\n{edition}\n{line}", CHECK_LENGTH)


def short(text: str, length: int) -> str:
    """Return the first letters of the SHA-256 of a text, five bits a letter."""
    return letters(sha256(f"parley.tag/1\n{text}".encode()).digest()[:5], length)


def letters(raw: bytes, length: int) -> str:
    """Return bytes as letters, five bits each, the highest first; zero bits fill the last."""
    bits = len(raw) * 8
    number = int.from_bytes(raw) << max(5 * length - bits, 0)
    top = max(bits, 5 * length)
    return "".join(LETTERS[(number >> (top - 5 * place - 5)) & 31] for place in range(length))
