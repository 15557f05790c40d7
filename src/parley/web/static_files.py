"""Hands out the few files that every page needs: one style sheet and a little script, each by a name that carries its hash."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse

from parley.web.screens import Screen, refuse_page

HERE: Final = Path(__file__).parent / "static"
KINDS: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@cache
def _files() -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in HERE.iterdir() if one.suffix in KINDS}


@cache
def stamp() -> str:
    """Return a short hash over all the files, so that a browser never keeps an old one."""
    return sha256(b"".join(data for _, data in sorted(_files().items()))).hexdigest()[:12]


def static(request: HttpRequest, mark: str, name: str) -> HttpResponse:
    """Return one file; the browser may keep it for good."""
    _ = mark
    data = _files().get(name)
    if data is None:
        return refuse_page(request, "web.not_found", 404)
    response = HttpResponse(data, content_type=KINDS[Path(name).suffix])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


SCREENS: Final = (Screen(name="static", path="static/<slug:mark>/<str:name>", view=static),)
