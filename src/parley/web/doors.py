"""The doors of a desk: choosing a language, the first start, invitations, signing in and out."""

from __future__ import annotations

import secrets
from typing import Final

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from parley.acts import LANGUAGES
from parley.store.office import OfficeBroken
from parley.store.office.access import Officer
from parley.web import signing_in
from parley.web.guards import LANGUAGE_COOKIE
from parley.web.roles import NEUTRAL_ROLES, PARTY_ROLES
from parley.web.screens import Screen, officer_of, page, refuse_page, served_of
from parley.web.served import Served
from parley.web.showing import OWN_NAMES

YEAR: Final = 365 * 24 * 60 * 60
PRACTICE_KEYS: Final = {
    "principal": "officer-2",
    "registrar": "officer-2",
    "handover_officer": "officer-2",
    "auditor": "",
    "keeper": "",
}
"""In a practice exchange: who signs with the second officer's key, and who signs nothing; everybody else has the first."""


def language(request: HttpRequest) -> HttpResponse:
    """Let the person choose a language; before that no page has any."""
    said = request.POST.get("language", "")
    if request.method == "POST" and said in LANGUAGES:
        back = request.POST.get("back", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
        response = redirect(back if safe else reverse("home"))
        response.set_cookie(LANGUAGE_COOKIE, said, max_age=YEAR, samesite="Strict", httponly=True)
        return response
    back = request.GET.get("back", "/")
    return page(request, "language.html", {"languages": sorted(OWN_NAMES.items()), "back": back, "bare": True})


def choose_first(request: HttpRequest) -> HttpResponse | None:
    """Return the way to the choice of a language for somebody who has not made it."""
    if request.chosen:
        return None
    from urllib.parse import urlencode

    return redirect(f"{reverse('language')}?{urlencode({'back': request.get_full_path()})}")


def roles_here(served: Served) -> tuple[str, ...]:
    """Return the roles that there are at this desk."""
    return NEUTRAL_ROLES if served.folder.role == "neutral" else PARTY_ROLES


# --- signing in ---


def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name, password and six-digit code; a practice desk also lets anybody in, in any role."""
    if (first := choose_first(request)) is not None:
        return first
    served, failed = served_of(request), False
    if request.officer is not None:
        return redirect(reverse("home"))
    if request.method == "POST":
        said = {name: request.POST.get(name, "") for name in ("name", "password", "code")}
        officer = signing_in.try_to_sign_in(served, said["name"], said["password"], said["code"])
        if officer is not None:
            return let_in(served, officer)
        failed = True
    roles = roles_here(served) if served.folder.practice else ()
    passkeys = request.get_host().partition(":")[0] not in {"127.0.0.1", "[::1]"}
    context = {
        "failed": failed,
        "practice_roles": roles,
        "passkeys": passkeys,
        "nobody": not served.officers.everybody(),
    }
    return page(request, "sign_in.html", context, status=403 if failed else 200)


def let_in(served: Served, officer: Officer) -> HttpResponse:
    """Give somebody who proved to be an officer the sign-in cookie."""
    response = redirect(reverse("home"))
    secure = any(host not in {"127.0.0.1", "localhost"} for host in served.hosts)
    response.set_cookie(
        signing_in.cookie_of(served),
        signing_in.sign_in(served, officer),
        samesite="Strict",
        httponly=True,
        secure=secure,
    )
    return response


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the sign-in."""
    served = served_of(request)
    response = redirect(reverse("sign_in"))
    if request.method == "POST":
        served.officers.sign_out(request.signed_in.number)
        response.delete_cookie(signing_in.cookie_of(served), samesite="Strict")
    return response


def practice_in(request: HttpRequest, role: str) -> HttpResponse:
    """Let anybody into a practice desk in any role: nobody in it exists."""
    served = served_of(request)
    if not served.folder.practice or role not in roles_here(served):
        return refuse_page(request, "web.not_found", 404)
    if request.method != "POST":
        return redirect(reverse("sign_in"))
    name = f"practice-{role}"
    officer = served.officers.find(name)
    if officer is None:
        officer = served.officers.add(name, roles=[role], key=PRACTICE_KEYS.get(role, "officer-1"))
        served.officers.change(officer.number, active=True)
        officer = served.officers.by_number(officer.number)
        assert officer is not None
    return let_in(served, officer)


# --- the first start, and invitations ---


def start(request: HttpRequest) -> HttpResponse:
    """Make the first officer, a keeper, for whoever has the token that the terminal shows."""
    if (first := choose_first(request)) is not None:
        return first
    served = served_of(request)
    token = request.POST.get("token", "") or request.GET.get("token", "")
    known = served.start_token and secrets.compare_digest(token.encode(), served.start_token.encode())
    if not known or served.officers.everybody():
        return refuse_page(request, "web.no_start", 403)
    if request.method == "POST" and (name := request.POST.get("name", "").strip()):
        roles = [role for role in request.POST.getlist("roles") if role in roles_here(served)]
        fresh = signing_in.invite(served, name, roles={*roles, "keeper"}, key=request.POST.get("key", ""))
        served.start_token = ""
        return redirect(f"{reverse('invitation')}?token={fresh}")
    keys = [one for one in served.folder.key_names if one.startswith("officer-")]
    return page(request, "start.html", {"token": token, "roles": roles_here(served), "keys": keys})


def invitation(request: HttpRequest) -> HttpResponse:
    """Let an invited officer choose a password and set up the six-digit codes."""
    if (first := choose_first(request)) is not None:
        return first
    served = served_of(request)
    token = request.POST.get("token", "") or request.GET.get("token", "")
    digest = signing_in.digest_of(token)
    officer = served.officers.invited(digest, served.seconds())
    if officer is None:
        return refuse_page(request, "web.no_invitation", 403)
    seed = officer.seed
    if request.method == "GET" or not seed:  # a fresh seed for each look: who saw an earlier one has nothing
        seed = signing_in.new_seed()
        served.officers.change(officer.number, seed=seed, active=False)
    problem = ""
    if request.method == "POST":
        password, code = request.POST.get("password", ""), request.POST.get("code", "")
        counter = signing_in.code_counter(seed, code, served.seconds())
        problem = (
            "short"
            if not signing_in.SHORTEST_PASSWORD <= len(password) <= signing_in.LONGEST_PASSWORD
            else "twice"
            if password != request.POST.get("again", "")
            else ""
            if counter
            else "code"
        )
        if not problem and served.officers.accept(digest):
            served.officers.end_all(officer.number)
            served.officers.change(
                officer.number,
                password=signing_in.hash_password(password),
                active=True,
                code_used=counter,
                failures=0,
                blocked_until=0,
            )
            return let_in(served, officer)
    square = segno.make(signing_in.provisioning(served, officer, seed), micro=False).svg_data_uri(scale=4, border=4)
    context = {"token": token, "seed": seed, "square": square, "who": officer, "problem": problem}
    return page(request, "invitation.html", context, status=400 if problem else 200)


# --- the officers of this desk ---


def officers(request: HttpRequest) -> HttpResponse:
    """Show who may sign in, and invite officers; names here are those of the desk's own staff."""
    served, link, problem = served_of(request), "", None
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        roles = [role for role in request.POST.getlist("roles") if role in roles_here(served)]
        if name and roles:
            try:
                token = signing_in.invite(served, name, roles=roles, key=request.POST.get("key", ""))
                link = request.build_absolute_uri(f"{reverse('invitation')}?token={token}")
            except OfficeBroken as known:
                problem = known
    keys = [one for one in served.folder.key_names if one.startswith("officer-")]
    context = {
        "officers": served.officers.everybody(),
        "roles": roles_here(served),
        "keys": keys,
        "link": link,
        "problem": problem,
    }
    return page(request, "officers.html", context)


def officer_change(request: HttpRequest, number: int) -> HttpResponse:
    """Lock an officer out, let one in again, or invite one anew."""
    served, link = served_of(request), ""
    officer = served.officers.by_number(number)
    if officer is None:
        return refuse_page(request, "web.not_found", 404)
    if request.method != "POST":
        return redirect(reverse("officers"))
    what = request.POST.get("what", "")
    if what == "out" and officer.number != officer_of(request).number:
        served.officers.change(number, active=False)
        served.officers.end_all(number)
    elif what == "in" and officer.password:
        served.officers.change(number, active=True)
    elif what == "again":
        link = request.build_absolute_uri(f"{reverse('invitation')}?token={signing_in.invite_again(served, number)}")
    keys = [one for one in served.folder.key_names if one.startswith("officer-")]
    context = {"officers": served.officers.everybody(), "roles": roles_here(served), "keys": keys, "link": link}
    return page(request, "officers.html", context)


SCREENS: Final = (
    Screen(name="language", path="language", view=language),
    Screen(name="sign_in", path="sign-in", view=sign_in),
    Screen(name="sign_out", path="sign-out", view=sign_out),
    Screen(name="practice_in", path="practice/<slug:role>", view=practice_in),
    Screen(name="start", path="start", view=start),
    Screen(name="invitation", path="invitation", view=invitation),
    Screen(name="officers", path="officers", view=officers, menu="desk"),
    Screen(name="officer_change", path="officers/<int:number>", view=officer_change),
)
