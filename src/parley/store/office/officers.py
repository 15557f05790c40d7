"""Keeps who may sign in at a desk's pages, who is signed in, and who looked at what.

Nothing here decides whether somebody may come in: it keeps hashes, times and roles, and hands out plain values. Times are
whole seconds since 1970, given by whoever asks; secrets arrive hashed, but for the seed of the six-digit codes, which a desk
needs as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import connections
from django.db.models import F
from django.db.utils import IntegrityError

from parley.store.office.access import Access, Officer, Passkey, SignedIn
from parley.store.office.base import OfficeBroken
from parley.store.office.models import AccessRow, InvitationRow, OfficerRow, PasskeyRow, SignInRow, ViewRow

MOST_NAME: Final = 60
MOST_ACCESSES: Final = 500


class Officers:
    """The officers of one desk, behind one of Django's connections."""

    def __init__(self, alias: str) -> None:
        self._alias = alias

    def close(self) -> None:
        """Let go of the database."""
        connections[self._alias].close()

    def _all(self, table: Any) -> Any:  # noqa: ANN401 - Django's managers have no types
        return table.objects.using(self._alias)

    # -- who

    def add(self, name: str, *, roles: Iterable[str], key: str = "") -> Officer:
        """Add an officer who cannot sign in yet; raises OfficeBroken ``office.officer_known``."""
        try:
            row = OfficerRow(name=name[:MOST_NAME], roles=" ".join(sorted(set(roles))), key=key)
            row.save(using=self._alias, force_insert=True)
        except IntegrityError:
            raise OfficeBroken("office.officer_known") from None
        return _officer(row, 0)

    def find(self, name: str) -> Officer | None:
        """Return an officer by name, or nobody."""
        return self._one(self._all(OfficerRow).filter(name=name[:MOST_NAME]).first())

    def by_number(self, number: int) -> Officer | None:
        """Return an officer by number, or nobody."""
        return self._one(self._all(OfficerRow).filter(pk=number).first())

    def everybody(self) -> tuple[Officer, ...]:
        """Return all officers by name."""
        return tuple(_officer(row, row.passkeys.count()) for row in self._all(OfficerRow).order_by("name"))

    def _one(self, row: Any) -> Officer | None:  # noqa: ANN401
        return None if row is None else _officer(row, row.passkeys.count())

    def change(self, number: int, **what: Any) -> None:  # noqa: ANN401
        """Change some of what is kept of an officer, by field; ``roles`` as a set."""
        if "roles" in what:
            what["roles"] = " ".join(sorted(set(what["roles"])))
        self._all(OfficerRow).filter(pk=number).update(**what)

    def use_code(self, number: int, counter: int) -> bool:
        """Note that a six-digit code was used; False where this one, or a later one, was used before."""
        found = self._all(OfficerRow).filter(pk=number, code_used__lt=counter)
        return bool(found.update(code_used=counter, failures=0, blocked_until=0))

    def fail(self, number: int, blocked_until: int) -> None:
        """Count a failed sign-in."""
        self._all(OfficerRow).filter(pk=number).update(failures=F("failures") + 1, blocked_until=blocked_until)

    # -- invitations

    def invite(self, number: int, digest: str, until: int) -> None:
        """Keep the digest of an invitation's token; earlier ones of the same officer hold no longer."""
        self._all(InvitationRow).filter(officer_id=number).delete()
        InvitationRow(officer_id=number, digest=digest, until=until).save(using=self._alias, force_insert=True)

    def invited(self, digest: str, now: int) -> Officer | None:
        """Return whom an invitation is for, while it holds."""
        row = self._all(InvitationRow).filter(digest=digest, until__gt=now).select_related("officer").first()
        return None if row is None else _officer(row.officer, 0)

    def accept(self, digest: str) -> bool:
        """Use an invitation up; False where somebody used it before."""
        return bool(self._all(InvitationRow).filter(digest=digest).delete()[0])

    # -- sign-ins

    def sign_in(self, number: int, digest: str, now: int) -> None:
        """Keep a new sign-in by the digest of its token."""
        SignInRow(officer_id=number, digest=digest, began=now, seen=now).save(using=self._alias, force_insert=True)

    def signed_in(self, digest: str) -> SignedIn | None:
        """Return a sign-in that has not ended."""
        row = self._all(SignInRow).filter(digest=digest).select_related("officer").first()
        if row is None:
            return None
        return SignedIn(number=row.pk, officer=_officer(row.officer, 0), began=row.began, seen=row.seen)

    def seen(self, number: int, now: int) -> None:
        """Note that a sign-in was used just now."""
        self._all(SignInRow).filter(pk=number).update(seen=now)

    def sign_out(self, number: int) -> None:
        """End one sign-in."""
        self._all(SignInRow).filter(pk=number).delete()

    def end_all(self, officer: int = 0, *, before: int = 0) -> None:
        """End all sign-ins of one officer, or all that were last seen before a time."""
        rows = self._all(SignInRow)
        (rows.filter(officer_id=officer) if officer else rows.filter(seen__lt=before)).delete()

    # -- passkeys

    def add_passkey(self, officer: int, passkey: Passkey) -> None:
        """Keep a passkey."""
        PasskeyRow(
            officer_id=officer,
            credential=passkey.credential.hex(),
            public_key=passkey.public_key.hex(),
            uses=passkey.uses,
        ).save(using=self._alias, force_insert=True)

    def passkeys(self, officer: int) -> tuple[Passkey, ...]:
        """Return an officer's passkeys."""
        rows = self._all(PasskeyRow).filter(officer_id=officer).order_by("pk")
        return tuple(
            Passkey(credential=bytes.fromhex(one.credential), public_key=bytes.fromhex(one.public_key), uses=one.uses)
            for one in rows
        )

    def by_passkey(self, credential: bytes) -> tuple[Officer, Passkey] | None:
        """Return whose passkey this is, with its public half."""
        row = self._all(PasskeyRow).filter(credential=credential.hex()).select_related("officer").first()
        if row is None:
            return None
        passkey = Passkey(credential=credential, public_key=bytes.fromhex(row.public_key), uses=row.uses)
        return _officer(row.officer, 1), passkey

    def forget_passkeys(self, officer: int) -> None:
        """Forget all passkeys of an officer."""
        self._all(PasskeyRow).filter(officer_id=officer).delete()

    def used_passkey(self, credential: bytes, uses: int) -> None:
        """Note how often a passkey says that it was used."""
        self._all(PasskeyRow).filter(credential=credential.hex()).update(uses=uses)

    # -- views of the register

    def views(self, officer: int) -> tuple[tuple[int, str, str], ...]:
        """Return the views that an officer keeps, by name: number, name, what it asks."""
        rows = self._all(ViewRow).filter(officer_id=officer).order_by("name")
        return tuple((one.pk, one.name, one.asked) for one in rows)

    def keep_view(self, officer: int, name: str, asked: str) -> None:
        """Keep a view under a name, in the place of one of the same name."""
        self._all(ViewRow).update_or_create(officer_id=officer, name=name[:MOST_NAME], defaults={"asked": asked[:1000]})

    def drop_view(self, officer: int, number: int) -> None:
        """Forget one of an officer's own views."""
        self._all(ViewRow).filter(officer_id=officer, pk=number).delete()

    # -- who looked at what

    def note(self, access: Access) -> None:
        """Keep one access."""
        AccessRow(at=access.at, who=access.who, what=access.what[:200], status=access.status).save(
            using=self._alias, force_insert=True
        )

    def accesses(self, *, who: str = "", most: int = MOST_ACCESSES) -> tuple[Access, ...]:
        """Return the newest accesses, newest first."""
        rows = self._all(AccessRow).order_by("-pk")
        rows = rows.filter(who=who) if who else rows
        return tuple(Access(at=one.at, who=one.who, what=one.what, status=one.status) for one in rows[:most])


def _officer(row: Any, passkeys: int) -> Officer:  # noqa: ANN401
    return Officer(
        number=row.pk,
        name=row.name,
        roles=frozenset(row.roles.split()),
        key=row.key,
        password=row.password,
        seed=row.seed,
        code_used=row.code_used,
        failures=row.failures,
        blocked_until=row.blocked_until,
        active=row.active,
        passkeys=passkeys,
    )
