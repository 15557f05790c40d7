"""The check-in page in a real browser: a day at the point with the network cut, the server killed, and bad cards shown."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from parley.handover import joining
from parley.web.checkin import pages
from tests.web.hands import LANGUAGES, Hands, browser
from tests.web.point import CASE, DESK, PIN, Point, at, camera_file, card, joined, locked, pack_of, running

Opener = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    film = camera_file(tmp_path_factory.mktemp("camera") / "card.y4m", card("N3"))
    with browser(film) as started:
        yield started


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opener]:
    contexts: list[BrowserContext] = []

    def open_context() -> BrowserContext:
        contexts.append(
            chromium.new_context(locale="en-GB", permissions=["camera"], viewport={"width": 412, "height": 800})
        )
        return contexts[-1]

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def point(tmp_path: Path) -> Iterator[Point]:
    with running(tmp_path) as found:
        yield found


def certificates(point: Point) -> bytes:
    return b"".join(line + b"\n" for line in point.lines() if not line.startswith(b'{"entry"'))


def test_a_day_without_a_network(point: Point, opened: Opener) -> None:
    context = opened()
    hands = Hands(context, point.address)
    hands.ready(point.code("gate-1"))
    assert hands.types("N1") == "ok"
    hands.wait_confirmed(1)
    hands.page.wait_for_function("() => navigator.serviceWorker.controller")

    point.kill()
    context.set_offline(True)
    hands.page.reload()
    hands.unlock()
    assert hands.net() == "No network. Keep going."
    hands.page.click("text=Camera on")
    assert hands.answer() == "ok"
    hands.page.click("text=Camera off")
    assert "N3" in hands.page.inner_text("#answer")
    assert "saved here" in hands.page.inner_text("#answer .written")
    assert hands.types(card("N3")) == "already_here"
    assert hands.types("N999") == "not_on_manifest"
    assert hands.counts() == (3, 0, 1)

    hands.page.close()
    hands.open()
    hands.unlock()
    assert hands.types(card("S2")) == "ok"
    assert hands.counts() == (4, 0, 1)

    point.start()
    context.set_offline(False)
    hands.wait_confirmed(5)
    assert hands.net() == "The desk is in reach."
    assert [row["number"] for row in hands.entries()] == [1, 2, 3, 4, 5]
    book = point.receiving.book.read_bytes()
    found = joined(book)
    assert not found.aside
    assert [one.line for _, one in found.accepted] == ["N1", "N3", "N3", "N999", "S2"]
    assert [one.how for _, one in found.accepted] == ["typed", "camera", "typed", "typed", "typed"]
    assert [one.offline for _, one in found.accepted] == [False, True, True, True, True]
    assert {one.word for one in found.shown} == {"book.double", "book.second_missing"}
    assert joined(book, hands.book()).accepted == found.accepted
    assert not hands.mistakes


DEVICES = """() => new Promise((done) => {
    const asked = indexedDB.open("parley-checkin");
    asked.onsuccess = () => {
        const all = asked.result.transaction("devices").objectStore("devices").getAll();
        all.onsuccess = () => done(all.result.map(Object.keys));
    };
})"""


def test_the_single_file_from_a_stick(tmp_path: Path, opened: Opener) -> None:
    stick = tmp_path / "stick.html"
    stick.write_bytes(pages.single_file(locked(pack_of(1000))))
    assert stick.stat().st_size < 1_000_000
    context = opened()
    context.set_offline(True)
    hands = Hands(context, stick.as_uri())
    hands.unlock()
    hands.page.click("summary")
    hands.page.fill("#name", "neutral/stick-1")
    hands.page.click("text=Go on without a code")
    hands.post()
    assert hands.net() == "No network. Keep going."
    hands.page.click("text=Camera on")
    assert hands.answer() == "ok"
    hands.page.click("text=Camera off")
    assert hands.types("s12") == "ok"
    hands.page.close()
    hands.open()
    hands.unlock()
    assert hands.types("S12") == "already_here"
    assert hands.counts() == (3, 0, 0)
    # Every file on a machine shares one storage, so the device's key lies there under the PIN alone.
    assert "privateKey" not in hands.page.evaluate(DEVICES)[0]
    # Its desk never met it, so the entries wait aside until people vouch for the device; they are all there.
    found = joined(hands.book())
    assert [one.word for one in found.aside] == ["book.unknown_device"] * 3
    assert not hands.mistakes


def test_cards_that_are_not_as_they_should_be(tmp_path: Path, opened: Opener) -> None:
    with running(tmp_path, pack_of(version=3)) as point:
        hands = Hands(opened(), point.address)
        hands.ready(point.code("gate-1"))
        right = card("N1", version=3)
        assert hands.types("https://example.org/menu") == "not_a_card"
        assert hands.types("x" * 3000) == "not_a_card"
        assert hands.types(card("N1", version=3, case="east/log")) == "other_case"
        assert hands.types(right[:-1] + ("A" if right[-1] != "A" else "B")) == "mistyped"
        assert hands.types(card("N1", batch=2, version=3)) == "other_batch"
        assert hands.types(card("N4", version=2)) == "older_card"
        assert hands.types(card("N5", version=4)) == "newer_card"
        assert hands.types("<img src=x onerror=alert(1)>") == "not_a_card"
        assert len(hands.entries()) == 8
        assert not hands.mistakes


def test_a_pack_that_was_changed_or_is_another_desk_s(tmp_path: Path, opened: Opener) -> None:
    pack = locked(pack_of())
    broken = pack[:-20] + (b"A" if pack[-20:-19] != b"A" else b"B") + pack[-19:]
    cases = ((broken, PIN, "changed"), (pack, "wrong pin", "PIN"), (pack[:300], PIN, ""))
    for number, (file, pin, word) in enumerate(cases):
        stick = tmp_path / f"stick-{number}.html"
        stick.write_bytes(
            pages.single_file(pack).replace(pack, file)
        )  # spoilt on the stick: no desk writes half a pack
        hands = Hands(opened(), stick.as_uri())
        hands.page.fill("#pin", pin)
        hands.page.click("form button.main")
        hands.page.wait_for_selector("main .alarm")
        assert word in hands.page.inner_text("main .alarm")
        assert hands.page.locator("#pin").is_visible()


def test_an_enrolment_code_is_good_once(point: Point, opened: Opener) -> None:
    code = point.code("gate-1")
    Hands(opened(), point.address).enrol(code)
    thief = Hands(opened(), point.address)
    thief.page.fill("#code", code)
    thief.page.click("form button.main")
    thief.page.wait_for_selector("main .alarm")
    assert "used already" in thief.page.inner_text("main .alarm")
    thief.page.fill("#code", code[:-1] + ("A" if code[-1] != "A" else "B"))
    thief.page.click("form button.main")
    thief.page.wait_for_function("() => document.querySelector('main .alarm').textContent.includes('letter')")


def test_two_devices_scan_one_person(point: Point, opened: Opener) -> None:
    one, other = Hands(opened(), point.address), Hands(opened(), point.address)
    one.ready(point.code("gate-1"))
    other.ready(point.code("gate-2"))
    assert one.types("N1") == "ok"
    one.wait_confirmed(1)
    other.page.wait_for_function("() => document.querySelector('.figures .count').textContent.includes('1 of')")
    assert other.types("N1") == "on_other_device"
    other.wait_confirmed(1)
    found = joined(point.receiving.book.read_bytes())
    assert [one.line for _, one in found.accepted] == ["N1", "N1"]
    assert "book.double" in {one.word for one in found.shown}


def test_two_tabs_do_not_fork_the_book(point: Point, opened: Opener) -> None:
    context = opened()
    first = Hands(context, point.address)
    first.ready(point.code("gate-1"))
    second = Hands(context, point.address)
    second.unlock()
    for number in range(1, 6):
        for tab in (first, second):
            tab.page.fill("#reference", f"N{number}")
            tab.page.eval_on_selector("main form", "form => form.requestSubmit()")
    first.page.wait_for_function("() => document.querySelector('.counts').textContent.match(/10/)")
    numbers = [row["number"] for row in first.entries()]
    assert numbers == list(range(1, 11))
    chain = [row["entry"]["prev"] for row in first.entries()]
    assert chain == ["", *[row["id"] for row in first.entries()][:-1]]


def test_uploads_replayed_and_broken_off_change_nothing(point: Point, opened: Opener) -> None:
    hands = Hands(opened(), point.address)
    hands.ready(point.code("gate-1"))
    hands.types("N1")
    hands.wait_confirmed(1)
    before = point.receiving.book.read_bytes()
    lines = before.splitlines()[1:]
    entry = next(line for line in lines if line.startswith(b'{"entry"'))
    forged = entry.replace(b'"line":"N1"', b'"line":"N2"')
    answer = point.receiving.exchange(b"no asking\n" + b"\n".join([*lines, *lines, forged, b"{}", entry[:100]]))
    assert point.receiving.book.read_bytes() == before
    assert answer["aside"] == ["book.malformed", "book.signature", "book.half_line"]
    assert answer["confirmed"] == [hands.entries()[0]["id"]] * 2
    assert answer["others"] == []
    kept = point.receiving.aside.read_bytes()
    assert forged in kept
    assert entry[:100] in kept
    point.kill()
    point.start()
    assert point.receiving.exchange(b"\n" + entry + b"\n")["confirmed"] == [hands.entries()[0]["id"]]
    assert point.receiving.book.read_bytes() == before


def test_a_mistake_is_followed_not_undone(point: Point, opened: Opener) -> None:
    hands = Hands(opened(), point.address)
    hands.ready(point.code("gate-1"))
    hands.types("N1")
    hands.page.click("text=Another outcome")
    hands.page.select_option("#outcome", "DECLINED_AT_POINT")
    assert hands.page.locator("main .warn").is_visible()
    hands.page.fill("#note", "said it twice, alone")
    hands.page.fill("#second", "officer-9")
    assert not hands.page.locator("main .warn").is_visible()
    hands.page.click("form button.main")
    hands.page.wait_for_selector("#reference")
    assert hands.types("N1") == "other_outcome"
    hands.types("N2")
    hands.page.click("text=Scanned by mistake")
    hands.page.click("form button.main")
    hands.page.wait_for_selector("#reference")
    assert hands.types("N2") == "ok"
    hands.wait_confirmed(6)
    found = joined(point.receiving.book.read_bytes())
    tally = found.tallies()[pack_of().counter]
    assert tally.outcomes == {"N1": ("DECLINED_AT_POINT",), "N2": ("RECEIVED",)}


def test_groups_of_ten_and_the_agreed_lead(tmp_path: Path, opened: Opener) -> None:
    with running(tmp_path, pack_of(40, hold=11)) as point:
        hands = Hands(opened(), point.address)
        hands.ready(point.code("gate-1"))
        words = [hands.types(f"N{number}") for number in range(1, 13)]
        assert words == ["ok"] * 11 + ["hold"]
        assert [row["entry"]["group"] for row in hands.entries()] == [1] * 10 + [2] * 2
        assert hands.types("S1") == "ok"
        hands.page.fill("#group", "7")  # said by mouth between two devices that cannot hear each other
        hands.page.press("#group", "Tab")
        assert hands.types("N20") in ("ok", "hold")
        assert hands.entries()[-1]["entry"]["group"] == 7
        hands.go("groups")
        assert hands.page.locator("tbody tr").count() == 3


def test_a_person_on_another_vehicle_and_one_asked(opened: Opener, tmp_path: Path) -> None:
    with running(tmp_path / "embarking", pack_of(stations=("embarked", "asked", "crossed"))) as other:
        hands = Hands(opened(), other.address)
        hands.ready(other.code("bus-1"), "embarked", "bus-1")
        assert hands.types("N1") == "ok"
        assert hands.types("N2") == "wrong_vehicle"
        hands.page.click("text=Change the posting")
        hands.post("asked")
        assert hands.types("N1") == "ok"  # and walks away: no answer is written
        assert hands.types("N2") == "ok"
        hands.page.click("main button:text-is('Yes')")
        hands.page.wait_for_selector("#answer[data-answer=own_will]")
        asked = [row["entry"] for row in hands.entries() if row["entry"]["station"] == "asked"]
        assert [(one["line"], one["answers"]) for one in asked] == [
            ("N1", ["ok"]),
            ("N2", ["ok"]),
            ("N2", ["own_will"]),
        ]
        hands.wait_confirmed(5)
        shown = joined(other.receiving.book.read_bytes()).shown
        assert [(one.word, dict(one.about)["line"]) for one in shown] == [("book.unanswered", "N1")]
        assert hands.types("N1") == "already_here"
        hands.page.click("main button:text-is('No')")
        hands.page.wait_for_selector("#outcome")
        assert hands.page.input_value("#outcome") == "DECLINED_AT_POINT"


def test_paper_typed_back(point: Point, opened: Opener) -> None:
    hands = Hands(opened(), point.address)
    hands.ready(point.code("gate-1"))
    hands.go("paper")
    hands.page.fill("#second", "officer-9")
    rows = hands.page.locator("tbody tr")
    rows.nth(0).locator("input").first.fill("N1")
    rows.nth(1).locator("input").first.fill("S4")
    rows.nth(1).locator("select").select_option("NOT_PRESENTED")
    rows.nth(2).locator("input").nth(1).fill("a man without a card")
    rows.nth(2).locator("select").select_option("NOT_ON_MANIFEST")
    rows.nth(3).locator("input").first.fill("N 2")  # no line: it must not count as nobody
    rows.nth(4).locator("input").nth(1).fill("somebody received, the line unread")
    hands.page.click("form button.main")
    hands.page.wait_for_selector("main [role=alert]")
    assert [rows.nth(place).locator("input").first.input_value() for place in (0, 3)] == ["", "N 2"]
    assert rows.nth(3).locator("input").first.get_attribute("aria-invalid") == "true"
    entries = [row["entry"] for row in hands.entries()]
    assert [(one["line"], one["outcome"], one["how"]) for one in entries] == [
        ("N1", "RECEIVED", "paper"),
        ("S4", "NOT_PRESENTED", "paper"),
        ("", "NOT_ON_MANIFEST", "paper"),
    ]
    hands.page.click("form button.main")
    assert len(hands.entries()) == 3


def test_a_barcode_reader_types_faster_than_a_hand(point: Point, opened: Opener) -> None:
    hands = Hands(opened(), point.address)
    hands.ready(point.code("gate-1"))
    hands.page.locator("h1").evaluate("one => one.focus()")
    hands.page.keyboard.type(card("N1"))
    hands.page.keyboard.press("Enter")
    assert hands.answer() == "ok"
    assert hands.entries()[0]["entry"]["how"] == "gun"
    hands.page.keyboard.type(card("N2"), delay=60)
    hands.page.keyboard.press("Enter")
    hands.page.wait_for_function("() => document.querySelector('#answer').textContent.includes('N2')")
    assert hands.entries()[1]["entry"]["how"] == "typed"


FULL = """() => {
    const { add, put, delete: drop } = IDBObjectStore.prototype;
    const full = () => { throw new DOMException("", "QuotaExceededError"); };
    let room = 0;
    window.fill = (left) => (room = left);
    IDBObjectStore.prototype.add = function (...row) { return room > 0 ? add.apply(this, row) : full(); };
    IDBObjectStore.prototype.put = function (row) {
        return room > 0 || row.name !== "ballast" ? put.apply(this, arguments) : full();
    };
    IDBObjectStore.prototype.delete = function (key) {
        if (room === 0 && key === "ballast") room = 1;
        return drop.call(this, key);
    };
}"""


def test_storage_says_that_it_is_nearly_full_and_when_it_is(point: Point, opened: Opener) -> None:
    """The browser's own quota cannot be set for a page that is open, so its storage refuses as a full one does."""
    hands = Hands(opened(), point.address)
    hands.ready(point.code("gate-1"))
    hands.types("N1")
    hands.page.evaluate(FULL)
    # Full: what the page held back takes the entry; it says how it stands while thousands still fit.
    assert hands.types("N2") == "ok"
    hands.page.evaluate("fill(0)")
    hands.page.fill("#reference", "N3")
    hands.page.keyboard.press("Enter")
    hands.page.wait_for_selector(".answer.stop")
    assert "NOT SAVED" in hands.page.inner_text("#answer")
    hands.page.wait_for_function(
        "() => document.querySelector('.strip').textContent.includes('nearly full')", timeout=20_000
    )
    hands.page.reload()
    hands.unlock()
    assert hands.types("N3") == "ok"
    assert [row["number"] for row in hands.entries()] == [1, 2, 3]


def test_a_newer_pack_is_taken_from_the_desk(point: Point, opened: Opener) -> None:
    hands = Hands(opened(), point.address)
    hands.ready(point.code("gate-1"))
    point.lay(pack_of(22, version=2))
    hands.page.click("text=Take it")
    hands.unlock()
    hands.page.wait_for_selector("#reference")
    assert hands.types("N11") == "ok"
    assert hands.types(card("N1", version=1)) == "older_card"


def test_a_pack_past_its_time_still_counts_people(tmp_path: Path, opened: Opener) -> None:
    with running(tmp_path, pack_of(expires=-1)) as point:
        hands = Hands(opened(), point.address)
        hands.ready(point.code("gate-1"))
        assert hands.types("N1") == "pack_expired"
        assert len(hands.entries()) == 1


def test_no_names_lie_open_on_the_device(point: Point, opened: Opener) -> None:
    hands = Hands(opened(), point.address)
    hands.ready(point.code("gate-1"))
    hands.types("N1")
    everything = hands.page.evaluate(
        """async () => {
            const shelf = await new Promise((done) => {
                const asked = indexedDB.open("parley-checkin");
                asked.onsuccess = () => done(asked.result);
            });
            const found = [];
            for (const name of shelf.objectStoreNames) {
                const all = shelf.transaction(name).objectStore(name).getAll();
                found.push(await new Promise((done) => (all.onsuccess = () => done(all.result))));
            }
            const plain = (key, value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value);
            return JSON.stringify([found, { ...localStorage }, { ...sessionStorage }], plain);
        }"""
    )
    assert "parley.pack/1" in everything
    assert "Koval" not in everything
    assert "Коваль" not in everything


def test_every_screen_serves_everybody_in_four_languages(point: Point, opened: Opener) -> None:
    context = opened()
    hands = Hands(context, point.address)
    faults: list[str] = []

    def look(screen: str) -> None:
        for language in LANGUAGES:
            hands.speak(language)
            faults.extend(f"{screen} {language} {fault}" for fault in hands.faults())
        hands.speak("en")

    look("begin")
    hands.enrol(point.code("gate-1"))
    look("unlock")
    hands.unlock()
    look("posting")
    hands.post()
    look("scan")
    hands.types("N1")
    for screen in ("outcome", "groups", "paper", "book"):
        hands.go(screen)
        look(screen)
    hands.go("scan")
    for text, word in (("N7", "ok"), ("N7", "already_here"), ("N99", "not_on_manifest"), ("x", "not_a_card")):
        assert hands.types(text) == word
        faults.extend(f"{word} {fault}" for fault in hands.faults())
    context.pages[0].emulate_media(color_scheme="dark")
    assert hands.types("N9") == "ok"
    faults.extend(f"dark {fault}" for fault in hands.faults())
    assert faults == []


@pytest.mark.slow
def test_three_devices_one_dead_and_three_copies_that_agree(tmp_path: Path, opened: Opener) -> None:
    with running(tmp_path, pack_of(390, hold=390)) as point:
        devices = [Hands(opened(), point.address) for _ in range(3)]
        for number, hands in enumerate(devices):
            hands.ready(point.code(f"gate-{number + 1}"))
        lines = [f"{letter}{number}" for number in range(1, 196) for letter in "NS"]
        lost: list[str] = []
        for place, line in enumerate(lines):
            if place == 30:
                point.kill()
                for hands in devices:
                    hands.context.set_offline(True)
            if place == 200:  # the third device falls into the river; its people are counted again by the second
                lost = [row["entry"]["line"] for row in devices[2].entries()]
                devices[2].context.close()
            hands = devices[place % 3] if place < 200 else devices[place % 2]
            hands.types(line)
        kept = {row["entry"]["line"] for hands in devices[:2] for row in hands.entries()}
        for line in lost:
            if line not in kept:
                devices[1].types(line)
        point.start()
        for hands in devices[:2]:
            hands.context.set_offline(False)
        for hands in devices[:2]:
            hands.wait_confirmed(len(hands.entries()))
        desk = joined(point.receiving.book.read_bytes())
        assert not desk.aside
        assert {one.line for _, one in desk.accepted} == set(lines)
        # The desk told each device what the other saw, so each one's book is a copy of the whole.
        for hands in devices[:2]:
            hands.page.wait_for_function(
                "() => document.querySelector('.figures .count').textContent.includes('390 of 390')"
            )
        copies = [joined(point.receiving.book.read_bytes(), hands.book()) for hands in devices[:2]]
        alone = [joined(hands.book(), certificates(point)) for hands in devices[:2]]
        assert all(copy.accepted == desk.accepted for copy in (*copies, *alone))
        for device in ("neutral/gate-1", "neutral/gate-2"):
            numbers = [one.number for _, one in desk.accepted if one.device == device]
            assert numbers == list(range(1, len(numbers) + 1))


def test_a_device_goes_on_to_the_next_batch_and_keeps_the_book_of_the_first(opened: Opener, tmp_path: Path) -> None:
    with running(tmp_path / "one", pack_of()) as first:
        hands = Hands(opened(), first.address)
        page = hands.page
        hands.ready(first.code("gate-1"))
        assert hands.types("N1") == "ok"
        assert hands.types("N2") == "ok"
        hands.wait_confirmed(2)
        first.lay(pack_of(batch=2))
        first.kill()
        first.start()
        page.reload()
        page.wait_for_selector("main .warn")
        assert "batch" in page.locator("main .warn").inner_text()
        page.click("text=Make this device ready for another batch")
        hands.enrol(first.code("gate-1", batch=2))
        hands.unlock()
        hands.post()
        assert hands.types("N1") == "ok"
        hands.wait_confirmed(1)  # of this batch
        numbers = [(row["batch"], row["number"], row["entry"]["prev"] == "") for row in hands.entries()]
        assert sorted(numbers) == [(1, 1, True), (1, 2, False), (2, 1, True)]


def test_what_was_rehearsed_counts_in_no_book_and_answers_no_scan_of_the_day(point: Point, opened: Opener) -> None:
    hands = Hands(opened(), point.address)
    hands.enrol(point.code("gate-1"))
    hands.unlock()
    hands.page.check("#rehearsal")
    hands.post()
    assert "REHEARSAL" in hands.page.locator(".strip").inner_text()
    assert [hands.types(line) for line in ("N1", "N2", "N1")] == ["ok", "ok", "already_here"]
    hands.page.click("text=Change the posting")
    hands.page.uncheck("#rehearsal")
    hands.post()
    assert "REHEARSAL" not in hands.page.locator(".strip").inner_text()
    assert hands.types("N1") == "ok"
    hands.wait_confirmed(4)
    book = point.receiving.book.read_bytes()
    found = joined(book)
    assert [one.line for _, one in found.accepted] == ["N1"]
    assert ([one.word for one in found.aside], found.shown) == (["book.rehearsal"] * 3, ())
    pile = joining.join([joining.read_book(book)])
    desk = {DESK.verify_key.name: DESK.verify_key}
    drilled = joining.look(pile, case=CASE, batch=1, now=at(1), trusted=desk, rehearsal=True)
    assert len(drilled.accepted) == 4
