"""What reconciling repeats of the record: who is still owed, and who signed the joint record under which reservation."""

from pathlib import Path

from parley.practice.exchange import Exchange
from parley.practice.story import tell
from parley.process import reconciliation
from tests.cli.office import typed

SECRET = {"PARLEY_PASSPHRASE_DESK": "practice"}


def test_debts_and_reservations_of_the_record_are_said_again(tmp_path: Path) -> None:
    folder = tmp_path / "exchange"
    folder.mkdir()
    exchange = Exchange(folder=folder, per_side=10, seed=7, tell=lambda *_: None)
    tell(exchange, "publication")
    owed = {line for line, one in reconciliation.debts(exchange.desks["neutral"].state).items() if not one.settled}
    books = [str(one) for one in sorted((folder / "point" / "stage-1").glob("*.book"))]
    words = ("handover", "reconcile", *books, "--batch", "1", "--desk", str(folder / "neutral"))
    found = typed(*words, "--json", environment=SECRET)
    assert found.exit == 0, found.err
    assert {one["line"] for one in found.json["debts"]} == owed
    assert [(one["party"], one["reservation"]) for one in found.json["reservations"]] == [("north", "composition")]
    reserved = {"en": "under the reservation", "ar": "التحفظ", "ru": "оговоркой", "uk": "застереженням"}
    for language, words_of_it in reserved.items():
        said = typed(*words, "--language", language, environment=SECRET)
        assert words_of_it in said.out
