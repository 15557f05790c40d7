"""Puts the check-in page together: file by file for a desk that serves it, or as one file that is carried on a stick.

The page has no build step: a browser runs its modules as they lie in ``page/``. The single file holds the same modules, each
wrapped into a function, because a page opened from a stick may not fetch modules. The wrapping knows only the few forms of
``import`` and ``export`` that the page uses, and says so where it meets another.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from parley.acts import LANGUAGES, OUTCOME_CODES
from parley.briefings import phrases
from parley.handover.errors import CODES
from parley.handover.pack import look

PAGE: Final = resources.files("parley").joinpath("web", "checkin", "page")
KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the served page may do: run and fetch what its own desk brought, and nothing else."""

_ONLY_CARRIED: Final = frozenset({"js/main_carried.js", "js/eye_carried.js"})
_IMPORT: Final = re.compile(r'^import \{ ([^}]+) \} from "(\.{1,2}/[^"]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (async function|function|class|const) (\w+)", re.MULTILINE)


def files() -> dict[str, bytes]:
    """Return every file of the installed page by its path, the list in the service worker filled in."""
    found = {
        path: file.read_bytes()
        for path, file in sorted(_walk(PAGE, ""))
        if path not in _ONLY_CARRIED and not path.startswith("vendor/jsqr/") and _kind(path)
    }
    found["js/words/shared.js"] = shared_words().encode()
    whole = sha256(b"".join(path.encode() + b"\n" + sha256(content).digest() for path, content in found.items()))
    kept = json.dumps(["./", *(path for path in found if path not in {"worker.js", "index.html"})])
    worker = found["worker.js"].decode().replace("{{version}}", whole.hexdigest()[:16]).replace("{{files}}", kept)
    return found | {"worker.js": worker.encode()}


def kind(path: str) -> str:
    """Return the content type of one of the page's files."""
    return _kind(path) or "application/octet-stream"


def single_file(pack: bytes) -> bytes:
    """Return the one HTML file that does the same from a stick, with this pack in it (still locked with its PIN).

    Raises PackBroken for what is no pack.
    """
    look(pack)
    eye = PAGE.joinpath("vendor", "jsqr", "jsQR.js").read_text(encoding="utf-8")
    script = _wrapped("js/main_carried.js")
    style = PAGE.joinpath("page.css").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; script-src {_pinned(eye)} {_pinned(script)}; style-src {_pinned(style)}; img-src data:; "
        "media-src blob:; base-uri 'none'; form-action 'none'"
    )
    assert b"<" not in pack, "a pack is base64 and canonical JSON of numbers and base64"
    parts = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n',
        '<meta name="color-scheme" content="light dark">\n',
        f'<title>Check-in</title>\n<style>{style}</style>\n</head>\n<body>\n<div id="app"></div>\n',
        f'<script type="text/plain" id="pack">{pack.decode()}</script>\n',
        f"<script>{eye}</script>\n<script>{script}</script>\n</body>\n</html>\n",
    )
    return "".join(parts).encode()


def shared_words() -> str:
    """Return the module of the outcomes' and causes' words in each language: those that every room of the house uses."""
    words: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        said = {code: phrases.word(code, language) for code in OUTCOME_CODES}
        for code in CODES:
            if code.startswith(("pack.", "enrol.", "book.")):
                said[code] = " ".join(phrases.sentence(code, {}, language))
        words[language] = said
    body = json.dumps(words, ensure_ascii=False, indent=2, sort_keys=True)
    return f"// Words that the page shares with the rest of the house; made of the phrases.\n\nexport const shared = {body};\n"


def _walk(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for one in folder.iterdir():
        here = f"{path}{one.name}"
        found += _walk(one, f"{here}/") if one.is_dir() else [(here, one)]
    return found


def _kind(path: str) -> str | None:
    return next((kind for ending, kind in KINDS.items() if path.endswith(ending)), None)


def _pinned(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _wrapped(start: str) -> str:
    """Return one script of the module and all it needs, each module a function that runs once, what it needs first."""
    done: dict[str, str] = {}
    _wrap(start, done, ())
    return f'"use strict";\n(() => {{\nconst parts = {{}};\n{"".join(done.values())}}})();\n'


def _wrap(path: str, done: dict[str, str], above: tuple[str, ...]) -> None:
    if path in done:
        return
    assert path not in above, f"{path} needs itself, by way of {' and '.join(above)}"
    text = (
        shared_words() if path == "js/words/shared.js" else PAGE.joinpath(*path.split("/")).read_text(encoding="utf-8")
    )
    for _, source in _IMPORT.findall(text):
        _wrap(_beside(path, source), done, (*above, path))
    names = [name for _, name in _EXPORT.findall(text)]
    body = _IMPORT.sub(
        lambda one: f'const {{ {one[1].replace(" as ", ": ")} }} = parts["{_beside(path, one[2])}"];\n', text
    )
    body = _EXPORT.sub(r"\1 \2", body)
    assert not re.search(r"^(import|export)\b|\bimport\(|import\.meta", body, re.MULTILINE), (
        f"{path}: a form not known here"
    )
    assert "</script" not in body, path
    done[path] = f'parts["{path}"] = (() => {{\n{body}return {{ {", ".join(names)} }};\n}})();\n'


def _beside(path: str, source: str) -> str:
    """Return the path of what a module calls ``./x.js`` or ``../x.js``."""
    steps = path.split("/")[:-1]
    for step in source.split("/"):
        if step == "..":
            steps.pop()
        elif step != ".":
            steps.append(step)
    return "/".join(steps)
