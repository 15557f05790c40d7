"""What stands around every page: the headers, who asks and in which language, the access log, and words for troubles."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse

from parley.acts import LANGUAGES
from parley.store.office.access import Access
from parley.web.screens import page, refuse_page
from parley.web.signing_in import cookie_of, who_is
from parley.words import Broken

Next = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE: Final = "parley_language"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_UNLOGGED: Final = frozenset({"static", "events"})
log = logging.getLogger("parley.web")


def headers(get_response: Next) -> Next:
    """Put the headers on every answer: a strict policy of content, no frame, no guessing, nothing kept by the browser."""

    def around(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()  # a foreign name for this machine is how another site's page would reach it
        except DisallowedHost:
            response: HttpResponse = HttpResponse("400", status=400, content_type="text/plain")
        else:
            response = get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return around


def who_asks(get_response: Next) -> Next:
    """Find out who asks and in which language; note every page that somebody who is signed in asked for."""

    def around(request: HttpRequest) -> HttpResponse:
        served = request.served = settings.PARLEY
        said = request.COOKIES.get(LANGUAGE_COOKIE, "")
        request.chosen = said in LANGUAGES
        request.language = said if request.chosen else "en"
        request.signed_in = who_is(served, request.COOKIES.get(cookie_of(served), ""))
        request.officer = request.signed_in.officer if request.signed_in is not None else None
        response = get_response(request)
        screen = getattr(getattr(request, "screen", None), "name", "")
        if request.officer is not None and screen not in _UNLOGGED:
            what = f"{request.method} {request.path}"
            served.officers.note(
                Access(at=served.seconds(), who=request.officer.name, what=what, status=response.status_code)
            )
        return response

    return around


def troubles(get_response: Next) -> Callable[[HttpRequest], HttpResponse]:
    """Say in words what went wrong below a view; no trace of the program reaches a page."""

    def around(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, trouble: Exception) -> HttpResponse | None:
        if isinstance(trouble, Broken):
            return page(request, "no.html", {"broken": trouble}, status=409)
        if isinstance(trouble, Http404):
            return refuse_page(request, "web.not_found", 404)
        if isinstance(trouble, RequestDataTooBig | TooManyFilesSent):
            return refuse_page(request, "web.too_large", 413)
        if isinstance(trouble, SuspiciousOperation):
            return refuse_page(request, "web.bad_request", 400)
        note_mistake(trouble)
        return refuse_page(request, "web.mistake", 500)

    around.process_exception = process_exception  # type: ignore[attr-defined]
    return around


def note_mistake(trouble: BaseException) -> None:
    """Write down where a mistake of ours happened: files, lines, functions; no message and no value."""
    frames = traceback.extract_tb(trouble.__traceback__)
    places = "; ".join(f"{Path(one.filename).name} line {one.lineno} in {one.name}" for one in frames[-6:])
    log.error("mistake %s at %s", type(trouble).__name__, places)


def _dressed(request: HttpRequest) -> HttpRequest:
    """Give a request that never reached the other guards what a page needs."""
    if not hasattr(request, "served"):
        request.served, request.officer, request.signed_in = settings.PARLEY, None, None
        said = request.COOKIES.get(LANGUAGE_COOKIE, "")
        request.chosen, request.language = said in LANGUAGES, said if said in LANGUAGES else "en"
    return request


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from a page of this desk."""
    _ = reason
    return refuse_page(_dressed(request), "web.forged", 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ANN401
    """Answer an address that is none."""
    _ = exception
    return refuse_page(_dressed(request), "web.not_found", 404)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ANN401
    """Answer a request that makes no sense."""
    large = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    return refuse_page(_dressed(request), "web.too_large" if large else "web.bad_request", 413 if large else 400)


def mistake(request: HttpRequest) -> HttpResponse:
    """Answer where we contradicted ourselves."""
    return refuse_page(_dressed(request), "web.mistake", 500)
