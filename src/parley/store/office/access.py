"""Who may sign in at a desk's pages, who is signed in, and who looked at what: as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Somebody who may sign in: roles, the signing key that is theirs (or none), and what proves who they are."""

    number: int
    name: str
    roles: frozenset[str]
    key: str
    password: str
    seed: str
    code_used: int
    failures: int
    blocked_until: int
    active: bool
    passkeys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """One sign-in that has not ended: whose, since when, last seen when."""

    number: int
    officer: Officer
    began: int
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One page that somebody asked for: when, who, what, and how it was answered."""

    at: int
    who: str
    what: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey's public half: its id, its key, and how often it was used."""

    credential: bytes
    public_key: bytes
    uses: int
