"""The handover on the command line: books, groups, closing a batch, identity, effects."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from parley import acts
from parley.acts import HandInBook
from parley.cli.act import ActCommand, noun, read_deed, sign_deed
from parley.cli.answer import Answer, Table
from parley.cli.at_desk import read_file, read_words, reading, settings_of, unlock_for, working
from parley.cli.checkin import add_to as add_checkin
from parley.cli.point import add_to as add_point
from parley.cli.values import Reader
from parley.desk import Desk
from parley.desk.book_slips import check_book
from parley.handover.tally import read_tally
from parley.process import handover
from parley.words import Digest


def _slips(desk: Desk, deed: HandInBook) -> list[str]:
    """Refuse a book with one person under two outcomes, or a line that nobody gave."""
    check_book(desk, deed)
    return []


BOOK = ActCommand(name="book", deed=acts.HandInBook, check=_slips)
COMMANDS = (
    BOOK,
    ActCommand(name="group", deed=acts.AgreeGroup),
    ActCommand(name="close", deed=acts.CloseBatch),
    ActCommand(name="identity", deed=acts.ConfirmIdentity),
    ActCommand(name="effects", deed=acts.HandOverEffects),
)
app = noun("Books, groups, closing a batch, identity, effects.", COMMANDS)


@app.command("tally", short_help="Hand in a book from a table of lines and outcome codes.")
def tally(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="a .csv with the columns line and outcome")],
    batch: Annotated[str, typer.Option(help="the batch (else the one that is open)")] = "",
) -> Answer:
    """Hand in a book from a table of lines and outcome codes; the book's hash is that of the file.

    A row without a line id counts a person who was brought and has none.
    """
    settings, path = settings_of(context), Path(file)
    counted = read_tally(read_words(path))
    with working(settings, keys=()) as (desk, folder, ask):
        offered = read_deed(
            Reader(desk, folder),
            BOOK,
            {"book": ("0" * 64,), "outcomes": ("none",), **({"batch": (batch,)} if batch else {})},
        )
        assert isinstance(offered, HandInBook)
        deed = HandInBook(
            batch=offered.batch,
            book=Digest(sha256(read_file(path)).hexdigest()),
            outcomes=counted.outcomes,
            unlisted=counted.unlisted,
        )
        signers = unlock_for(desk, folder, ask, deed.kind, settings)
        if desk.judge(deed, signers=signers) is None:
            check_book(desk, deed)
        return sign_deed(desk, settings, deed, signers=signers)


@app.command("compare", short_help="On whom the books of a batch agree, and on whom they differ.")
def compare(context: typer.Context, batch: Annotated[int, typer.Option(help="the batch")] = 1) -> Answer:
    """Set the books of a batch beside each other: who agrees on whom, and every line on which they differ."""
    settings = settings_of(context)
    with reading(settings) as desk:
        found = handover.comparison(desk.state, batch)
        counters = handover.counters(desk.state, batch)
        books = handover.books_of(desk.state, batch)
    rows = [
        (line, *(", ".join(sorted(wrote[name])) or "-" for name in counters)) for line, wrote in found.differing.items()
    ]
    missing = [name for name in counters if name not in books]
    says: list[str | Table] = [f"The books agree on {len(found.agreed)} and differ on {len(found.differing)}."]
    says += [f"No book yet from {', '.join(missing)}."] if missing else []
    strange = {name: str(book.unknown) for name, book in books.items() if book.unknown.ranges}
    says += [
        f"In the book of {name}, lines that nobody gave, not on the manifest: {one}." for name, one in strange.items()
    ]
    says.append(Table(("line", *counters), rows))
    differing = {
        line: {name: sorted(codes) for name, codes in wrote.items()} for line, wrote in found.differing.items()
    }
    return Answer(
        says=says, data={"agreed": len(found.agreed), "differing": differing, "missing": missing, "unknown": strange}
    )


add_point(app)
add_checkin(app)
