"""Passkeys: an officer's own device proves who sits before it, where the pages are reached by a name and not by a number.

A passkey asks its device for a finger, a face or a number, so it stands for password and six-digit code together. Browsers offer
them on ``localhost`` and under names with TLS, never on ``127.0.0.1``. The device keeps the secret; here stands its public half.
"""

from __future__ import annotations

import json
import secrets
from ipaddress import ip_address
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from parley.store.office.access import Passkey
from parley.web.doors import let_in
from parley.web.screens import Screen, officer_of, page, refuse_page, served_of
from parley.web.served import Served

LIVES: Final = 5 * 60
MOST: Final = 500
MOST_ANSWER: Final = 16 * 1024


def by_name(request: HttpRequest) -> bool:
    """Say whether the pages were reached by a name, under which browsers offer passkeys."""
    try:
        ip_address(_host(request).strip("[]"))
    except ValueError:
        return True
    return False


def _host(request: HttpRequest) -> str:
    return str(request.get_host()).removesuffix(f":{request.get_port()}")


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _give_out(served: Served, challenge: bytes, officer: int) -> str:
    now, name = served.seconds(), secrets.token_urlsafe(16)
    with served.lock:
        for old in [one for one, (_, _, until) in served.challenges.items() if until < now]:
            del served.challenges[old]
        while len(served.challenges) >= MOST:
            del served.challenges[next(iter(served.challenges))]
        served.challenges[name] = (challenge, officer, now + LIVES)
    return name


def _take_back(served: Served, name: str, officer: int) -> bytes | None:
    """Return a challenge that was given out to this officer; each holds once."""
    with served.lock:
        challenge, whose, until = served.challenges.pop(name, (b"", -1, 0))
    return challenge if whose == officer and until >= served.seconds() else None


def account(request: HttpRequest) -> HttpResponse:
    """Show an officer's own sign-in: roles, key, passkeys; and forget the passkeys of a device that was lost."""
    served, officer = served_of(request), officer_of(request)
    if request.method == "POST" and request.POST.get("what") == "forget":
        served.officers.forget_passkeys(officer.number)
    context = {"passkeys": len(served.officers.passkeys(officer.number)), "by_name": by_name(request), "who": officer}
    return page(request, "account.html", context)


def offer(request: HttpRequest) -> HttpResponse:
    """Give out what a device needs to make a passkey for the officer who is signed in."""
    served, officer = served_of(request), officer_of(request)
    if request.method != "POST":
        return refuse_page(request, "web.bad_request", 405)
    options = generate_registration_options(
        rp_id=_host(request),
        rp_name=f"Parley {served.name}",
        user_name=officer.name,
        user_id=f"{served.name}/{officer.number}".encode(),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=one.credential) for one in served.officers.passkeys(officer.number)
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    name = _give_out(served, options.challenge, officer.number)
    return JsonResponse({"name": name, "options": json.loads(options_to_json(options))})


def keep(request: HttpRequest) -> HttpResponse:
    """Keep the public half of a passkey that a device made."""
    if request.method != "POST":
        return refuse_page(request, "web.bad_request", 405)
    served, officer = served_of(request), officer_of(request)
    challenge = _take_back(served, request.POST.get("name", ""), officer.number)
    answer = request.POST.get("answer", "")
    if challenge is None or not 0 < len(answer) <= MOST_ANSWER:
        return JsonResponse({"ok": False}, status=403)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return JsonResponse({"ok": False}, status=403)
    if served.officers.by_passkey(made.credential_id) is not None:
        return JsonResponse({"ok": False}, status=403)
    passkey = Passkey(credential=made.credential_id, public_key=made.credential_public_key, uses=made.sign_count)
    served.officers.add_passkey(officer.number, passkey)
    return JsonResponse({"ok": True, "go": reverse("account")})


def options(request: HttpRequest) -> HttpResponse:
    """Give out a challenge to whoever wants to come in; it names nobody."""
    served = served_of(request)
    if request.method != "POST":
        return refuse_page(request, "web.bad_request", 405)
    made = generate_authentication_options(rp_id=_host(request), user_verification=UserVerificationRequirement.REQUIRED)
    return JsonResponse({"name": _give_out(served, made.challenge, 0), "options": json.loads(options_to_json(made))})


def come_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in whose device signed the challenge with a passkey that is known here."""
    if request.method != "POST":
        return refuse_page(request, "web.bad_request", 405)
    served = served_of(request)
    challenge = _take_back(served, request.POST.get("name", ""), 0)
    answer = request.POST.get("answer", "")
    refused = JsonResponse({"ok": False}, status=403)
    if challenge is None or not 0 < len(answer) <= MOST_ANSWER:
        return refused
    try:
        found = served.officers.by_passkey(base64url_to_bytes(str(json.loads(answer)["rawId"])))
        if found is None or not found[0].active:
            return refused
        officer, passkey = found
        done = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.uses,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return refused
    served.officers.used_passkey(passkey.credential, done.new_sign_count)
    response = let_in(served, officer)
    kept = JsonResponse({"ok": True, "go": reverse("home")})
    kept.cookies = response.cookies
    return kept


SCREENS: Final = (
    Screen(name="account", path="account", view=account, menu="desk"),
    Screen(name="passkey_offer", path="account/passkey/offer", view=offer),
    Screen(name="passkey_keep", path="account/passkey/keep", view=keep),
    Screen(name="passkey_options", path="sign-in/passkey/options", view=options),
    Screen(name="passkey_in", path="sign-in/passkey", view=come_in),
)
