"""The papers of the point: the same bytes everywhere, tagged, right in three scripts, and a QR code that a scanner reads."""

import io

import pytest
import segno
import typst
import zxingcpp
from pypdf import PdfReader

from parley.acts import LANGUAGES
from parley.briefings.paper_words import paper_words
from parley.briefings.phrases import RIGHT_TO_LEFT
from parley.handover import papers
from parley.handover.errors import PaperBroken
from parley.handover.manifest import tag
from tests.vectors.renew_checkin import PACK


def made(kind: str, language: str = "en", vehicle: str = "") -> bytes:
    return papers.paper(kind, PACK, paper_words(language), language, vehicle=vehicle, rtl=language in RIGHT_TO_LEFT)


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("kind", papers.PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_pack_gives_the_same_bytes_on_a4_and_tagged(kind: str, language: str) -> None:
    one = made(kind, language)
    assert one == made(kind, language)
    assert papers.digest(one) == papers.digest(made(kind, language))
    read = PdfReader(io.BytesIO(one))
    root = read.root_object
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert str(root["/Lang"]).split("-")[0] == language
    assert [round(float(side)) for side in read.pages[0].mediabox[2:]] == [595, 842]


def test_a_card_says_the_line_the_names_and_the_seat() -> None:
    said = words(made("cards"))
    for text in (
        "N17",
        "Їжакевич Лев",
        "Ґалаґан Зоя",
        "Salim Haddad",
        "bus-2",
        "Wheelchair",
        tag(PACK.case, 1, PACK.people[0].line, 2),
    ):
        assert text in said
    assert tag(PACK.case, 1, PACK.people[0].line, 2) in said
    assert "1985" not in said


def test_arabic_is_shaped_and_runs_from_right_to_left() -> None:
    said = words(made("manifest", "ar"))
    assert "حداد" in said
    assert "كشف" in said
    assert "\ufffd" not in said


def test_a_manifest_names_its_hash_and_nobody_of_another_vehicle() -> None:
    said = words(made("manifest", vehicle="bus-2"))
    assert "N170" in said
    assert "N16" not in said.split()
    listed = papers.manifest_of(PACK, "north", "bus-2", [one for one in PACK.people if one.vehicle == "bus-2"])
    assert listed.digest() in said


def test_the_medical_tag_is_for_those_who_are_carried() -> None:
    said = words(made("medical"))
    assert "S4" in said
    assert "Stretcher" in said
    assert "N16" not in said
    with pytest.raises(PaperBroken, match=r"paper\.nobody"):
        papers.paper("cards", PACK, paper_words("en"), "en", vehicle="bus-9")


@pytest.mark.parametrize("line", [one.line for one in PACK.people])
def test_a_scanner_reads_the_printed_code(line: str) -> None:
    text = tag(PACK.case, PACK.batch, next(one.line for one in PACK.people if one.line == line), PACK.version)
    source = (
        b'#set page(width: 30mm, height: 30mm, margin: 0mm)\n#image(bytes(sys.inputs.code), format: "svg", width: 30mm)'
    )
    picture = typst.compile(source, format="pdf", sys_inputs={"code": papers.qr_svg(text).decode()})
    assert picture
    dots = segno.make_qr(text, error="m", mask=papers.MASK, boost_error=False)
    import numpy as np

    grid = np.array(
        [[0 if dark else 255 for dark in row] for row in dots.matrix_iter(scale=4, border=4)], dtype=np.uint8
    )
    assert [one.text for one in zxingcpp.read_barcodes(grid)] == [text]
    # The drawing is the matrix: every dark module of the code, and no other, lies in one of its runs.
    drawn = set()
    for run in papers.qr_svg(text).decode().split('d="M')[1].split('"')[0].split("M"):
        at, rest = run.split("h")
        x, y = (int(one) for one in at.split())
        drawn |= {(x + step, y) for step in range(int(rest.split("v")[0]))}
    dark = {(x, y) for y, row in enumerate(dots.matrix_iter(border=4)) for x, on in enumerate(row) if on}
    assert drawn == dark


def test_a_code_is_at_least_18_millimetres_wide_on_paper() -> None:
    modules = segno.make_qr(tag(PACK.case, 99, PACK.people[0].line, 99), error="m", mask=papers.MASK).symbol_size(
        border=0
    )[0]
    assert 30 * modules / (modules + 2 * papers.QUIET) >= 18
