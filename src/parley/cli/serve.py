"""Opens a desk's pages in the browser: starts the program that serves them, and waits until it is stopped."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from parley.cli.answer import Answer
from parley.cli.at_desk import DESK_KEY, passphrases, settings_of
from parley.cli.errors import CliBroken
from parley.cli.practice_desks import end_in_order
from parley.desk.folder import read_folder

COMMANDS = ()
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("serve")
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="the port on this machine")] = 8440,
    host: Annotated[list[str] | None, typer.Option(help="a host name under which the pages are reached")] = None,
    bind: Annotated[str, typer.Option(help="another address of this machine, behind a proxy with TLS")] = "127.0.0.1",
    database: Annotated[str, typer.Option(help="postgresql://… for the office's data (else a file)")] = "",
    sync: Annotated[str, typer.Option(help="the neutral's desk, to carry post to: https://desk.example:8440/")] = "",
    every: Annotated[float, typer.Option(help="with --sync: seconds between two calls")] = 10.0,
    locked: Annotated[bool, typer.Option("--locked", help="leave the desk key locked: look only")] = False,
) -> Answer:
    """Serve this desk's pages to the browser on this machine, until Ctrl-C; nobody else can write this desk meanwhile."""
    settings = settings_of(context)
    folder = read_folder(settings.desk)
    if settings.dry_run:
        return Answer(says=[f"This would serve {folder.name}'s desk on port {port}."], data={"dry_run": True})
    words = [sys.executable, "-m", "parley.web", "--desk", str(settings.desk), "--port", str(port), "--bind", bind]
    words += [part for one in host or [] for part in ("--host", one)]
    words += ["--database", database] if database else []
    words += ["--sync", sync, "--every", str(every)] if sync else []
    said = "" if locked else passphrases(settings)(DESK_KEY) + "\n"
    words += [] if locked else ["--passphrase-on-stdin"]
    end_in_order()
    with subprocess.Popen(words, stdin=subprocess.PIPE, text=True) as program:  # noqa: S603 - this very program's pages
        assert program.stdin is not None
        program.stdin.write(said)
        program.stdin.close()
        try:
            code = program.wait()
        except KeyboardInterrupt:
            program.terminate()
            program.wait(timeout=10)
            code = 0
    if code:
        raise CliBroken("cli.not_served")
    return Answer(says=["Stopped."])
