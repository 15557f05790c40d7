"""The check-in page follows spec/checkin.md: its own modules run the same vectors as the desk, in a real browser."""

import json
from pathlib import Path

import pytest

from parley.handover.errors import PackBroken
from parley.web.checkin import pages
from tests.web.hands import browser
from tests.web.point import locked, pack_of, running

HERE = Path(__file__).parent
VECTORS = HERE.parents[1] / "spec" / "vectors" / "checkin"
NAMES = ("answers", "books", "cards", "enrolment", "entries", "leads", "packs")


def test_the_page_and_the_desk_answer_alike(tmp_path: Path) -> None:
    files = {name: json.loads((VECTORS / f"{name}.json").read_text("utf-8")) for name in NAMES}
    with running(tmp_path) as point, browser() as chromium:
        page = chromium.new_page()
        page.goto(point.address)
        # Modules are named from the page's own folder, so the runner stands in the page and not beside it.
        script = (HERE / "vectors.js").read_text("utf-8").replace("`./js/", "`/checkin/js/")
        found = page.evaluate(script.split("\n\n", 1)[1], files)
    assert found["wrong"] == []
    assert found["count"] > 200


def test_the_page_speaks_four_languages_without_a_gap() -> None:
    texts = {}
    for language in ("en", "uk", "ru", "ar"):
        text = (pages.PAGE / "js" / "words" / f"{language}.js").read_text("utf-8")
        rows = [line.strip() for line in text.splitlines() if ": " in line and line.startswith("  ")]
        texts[language] = {key.strip('"'): value for key, value in (row.split(": ", 1) for row in rows)}
    for language, words in texts.items():
        assert words.keys() == texts["en"].keys(), language
        for key, value in words.items():
            wanted = {part.split("}")[0] for part in texts["en"][key].split("{")[1:]}
            assert {part.split("}")[0] for part in value.split("{")[1:]} == wanted, (language, key)


def test_the_single_file_holds_the_same_modules_and_fetches_nothing() -> None:
    file = pages.single_file(locked(pack_of(2))).decode()
    assert 'src="' not in file
    assert "connect-src" not in file.split("<title>")[0]
    assert "default-src 'none'" in file
    assert len(file.encode()) < 500_000
    for letter in (b"Dear officer,\n", b"parley.pack/1\n<script>\nAAAA\n"):
        with pytest.raises(PackBroken, match=r"pack\.malformed"):
            pages.single_file(letter)


def test_the_installed_page_keeps_every_file_it_needs() -> None:
    files = pages.files()
    worker = files["worker.js"].decode()
    kept = set(json.loads(worker.split("JSON.parse('")[1].split("')")[0]))
    assert kept - {"./"} == files.keys() - {"worker.js", "index.html"}
    assert all("http" not in text.decode() for name, text in files.items() if name.endswith(".html"))
