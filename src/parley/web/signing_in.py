"""Who may come in: passwords (argon2), six-digit codes (TOTP), sign-ins that end, invitations that hold once.

A sign-in ends after half an hour without a page, and after ten hours at the latest. Someone who tries passwords waits longer
after each failure; whether a name exists takes equally long to find out as not.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from parley.store.office.access import Officer, SignedIn
from parley.web.served import Served

IDLE: Final = 30 * 60
LONGEST: Final = 10 * 60 * 60
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 200
INVITED_FOR: Final = 3 * 24 * 60 * 60
NOTE_EVERY: Final = 60
STEP: Final = 30
FREE_FAILURES: Final = 3
LONGEST_WAIT: Final = 15 * 60

_HASHER: Final = PasswordHasher()
_AT_ONCE: Final = threading.BoundedSemaphore(2)  # each password takes 64 MiB while it is checked
_NOBODYS: Final = _HASHER.hash(secrets.token_urlsafe(16))


def cookie_of(served: Served) -> str:
    """Return the name of the sign-in cookie: browsers share cookies among all ports of a machine, so it names the desk."""
    return f"parley_{served.name}_in"


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """Return the argon2 hash of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def password_fits(officer: Officer | None, password: str) -> bool:
    """Say whether a password is this officer's; nobody's password takes as long to be wrong."""
    kept = officer.password if officer is not None and officer.password else _NOBODYS
    with _AT_ONCE:
        try:
            _HASHER.verify(kept, password[:LONGEST_PASSWORD])
        except (Argon2Error, InvalidHashError):
            return False
    return kept != _NOBODYS


def new_seed() -> str:
    """Return a fresh seed for six-digit codes."""
    return pyotp.random_base32()


def code_counter(seed: str, code: str, now: int) -> int:
    """Return which half-minute a six-digit code belongs to, this one or its neighbours; 0 where it fits none."""
    digits = "".join(code.split())
    for counter in (now // STEP, now // STEP - 1, now // STEP + 1):
        if seed and secrets.compare_digest(pyotp.HOTP(seed).at(counter).encode(), digits.encode()[:6]):
            return counter if len(digits) == 6 else 0
    return 0


def try_to_sign_in(served: Served, name: str, password: str, code: str) -> Officer | None:
    """Return the officer who proved to be one; None, whatever was wrong."""
    now = served.seconds()
    officer = served.officers.find(name)
    fits = password_fits(officer, password)
    if officer is None or not officer.active or officer.blocked_until > now:
        return None
    counter = code_counter(officer.seed, code, now)
    if not fits or not counter or not served.officers.use_code(officer.number, counter):
        beyond = officer.failures + 1 - FREE_FAILURES
        wait = min(2**beyond, LONGEST_WAIT) if beyond > 0 else 0
        served.officers.fail(officer.number, now + wait)
        return None
    return officer


def sign_in(served: Served, officer: Officer) -> str:
    """Begin a sign-in and return its token, of which only a digest is kept."""
    token = secrets.token_urlsafe(32)
    served.officers.end_all(before=served.seconds() - IDLE)
    served.officers.sign_in(officer.number, digest_of(token), served.seconds())
    return token


def who_is(served: Served, token: str) -> SignedIn | None:
    """Return whose sign-in a token is, unless it has ended."""
    if not token:
        return None
    found = served.officers.signed_in(digest_of(token))
    if found is None or not found.officer.active:
        return None
    now = served.seconds()
    if now - found.seen > IDLE or now - found.began > LONGEST:
        served.officers.sign_out(found.number)
        return None
    if now - found.seen > NOTE_EVERY:
        served.officers.seen(found.number, now)
    return found


def invite(served: Served, name: str, *, roles: Iterable[str], key: str) -> str:
    """Add an officer, or invite one anew, and return the token with which a password is chosen; raises OfficeBroken."""
    officer = served.officers.add(name, roles=roles, key=key)
    return invite_again(served, officer.number)


def invite_again(served: Served, number: int) -> str:
    """Return a fresh token for an officer who is known; the old password holds until a new one is chosen."""
    token = secrets.token_urlsafe(24)
    served.officers.invite(number, digest_of(token), served.seconds() + INVITED_FOR)
    return token


def provisioning(served: Served, officer: Officer, seed: str) -> str:
    """Return the address that an authenticator program reads from the square code."""
    return pyotp.TOTP(seed).provisioning_uri(name=officer.name, issuer_name=f"Parley {served.name}")
