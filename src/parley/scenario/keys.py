"""Practice keys: made from their names, known to everybody, and therefore good for nothing but practice."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from parley.record.keys import SigningKey


@lru_cache(maxsize=10_000)
def practice_key(name: str) -> SigningKey:
    """Return the practice key of this name (``north/officer-1``), always the same; raises KeyBroken for a bad name."""
    return SigningKey.from_seed(name, sha256(f"parley practice key {name}".encode()).digest())
