"""The page that a practice exchange begins with: what is being played, and then a link to each of its desks.

A small server of its own, from the standard library alone, so that it answers at once while the exchange is still being played.
It tells what stands in ``serving.json`` in the exchange's folder, and nothing else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from parley.briefings.phrases import RIGHT_TO_LEFT, phrase

TOLD: Final = "serving.json"
LANGUAGES: Final = ("ar", "en", "ru", "uk")
STYLE: Final = Path(__file__).parent / "static" / "parley.css"
HOSTS: Final = frozenset({"localhost", "127.0.0.1"})
POLICY: Final = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; img-src data:"


def page(told: dict[str, Any]) -> str:
    """Return the page; the four languages stand in the order of their codes."""
    desks = {str(name): str(address) for name, address in dict(told.get("desks", {})).items()}
    shown = desks or {str(name): str(address) for name, address in dict(told.get("ready", {})).items()}
    parts = []
    for language in LANGUAGES:
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        links = "".join(
            f'<li><a class="button" href="{escape(address)}">{escape(phrase("web.desk_of", language, who=name))}</a></li>'
            for name, address in shown.items()
        )
        said: str = phrase("web.desks_ready" if desks else "web.being_played", language)
        if not desks and (left := _whole(told, "left")):
            said = f"{said} {phrase('web.time_left', language, seconds=left)}"
        parts.append(
            f'<section class="card" lang="{language}" dir="{direction}"><h2>{escape(phrase("web.practice", language))}</h2>'
            f"<p>{escape(phrase('web.practice_says', language))}</p><p>{escape(said)}</p>"
            f'<ul class="tasks">{links}</ul></section>'
        )
    stage = "" if desks else f'{_bar(told)}<p class="aside"><bdi>{escape(str(told.get("stage", ""))[:300])}</bdi></p>'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Parley</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/parley.css"></head><body>'
        f'<main><h1>Parley</h1>{stage}<div class="side-by-side">{"".join(parts)}</div></main></body></html>'
    )


def _bar(told: dict[str, Any]) -> str:
    share = _whole(told, "share")
    return f'<progress max="100" value="{share}" aria-label="{share} %"></progress>'


def _whole(told: dict[str, Any], name: str) -> int:
    found = told.get(name, 0)
    return found if isinstance(found, int) else 0


def handler(folder: Path) -> type[BaseHTTPRequestHandler]:
    """Return what answers for the exchange in a folder."""

    class Answers(BaseHTTPRequestHandler):
        """Answers two addresses: the page and its style."""

        server_version = "Parley"
        sys_version = ""

        def do_GET(self) -> None:
            """Answer one request."""
            host = (self.headers.get("Host") or "").partition(":")[0]
            told = _told(folder)
            if host not in HOSTS or self.path not in ("/", "/parley.css"):
                self.send_error(404)
                return
            style = self.path == "/parley.css"
            body = STYLE.read_bytes() if style else page(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/css; charset=utf-8" if style else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            if not style and not told.get("desks"):
                self.send_header("Refresh", "2")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Write nothing down."""

    return Answers


def _told(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def main(arguments: Sequence[str]) -> None:
    """Serve ``FOLDER PORT`` until stopped."""
    folder, port = arguments
    try:
        ThreadingHTTPServer(("127.0.0.1", int(port)), handler(Path(folder))).serve_forever()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main(sys.argv[1:])
