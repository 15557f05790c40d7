"""The fingerprint of a state: two programs that derived different states find out as soon as they speak.

The digest is SHA-256 over one line of JSON (keys sorted, no spaces, ASCII only) that holds the digest of every section, each
made in the same way, so that a section that did not change need not be written out again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from parley.forms import Json, plain
from parley.process.state import SECTIONS, State
from parley.words import Digest


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The digest of a state, with each section's value and digest, so that the next one can reuse what stayed the same."""

    digest: Digest
    sections: Mapping[str, tuple[object, str]]


def fingerprint(state: State, before: Fingerprint | None = None) -> Fingerprint:
    """Return the fingerprint of a state; ``before`` may be the fingerprint of any other state and only saves time."""
    known = before.sections if before is not None else {}
    sections: dict[str, tuple[object, str]] = {}
    for name in SECTIONS:
        value = getattr(state, name)
        kept = known.get(name)
        same = kept is not None and kept[0] is value
        sections[name] = kept if kept is not None and same else (value, sha256(_line(plain(value))).hexdigest())
    table: dict[str, Json] = {name: digest for name, (_, digest) in sections.items()}
    return Fingerprint(Digest(sha256(_line(table)).hexdigest()), sections)


def _line(value: Json) -> bytes:
    """Write a value on one line; sections may be longer than the record allows for an act."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
