"""The check-in page on the command line: serving it to devices at the point, and the single file for a stick."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from parley.cli.answer import Answer
from parley.cli.at_desk import DESK_KEY, passphrases, read_file, settings_of
from parley.cli.errors import CliBroken
from parley.desk.folder import read_folder
from parley.handover.pack import check_pin, look, unlock

PROGRAM = (sys.executable, "-m", "parley.web.checkin")
PIN = "pin"
"""The name under which the PIN of a pack is asked for, as a key's passphrase is."""


def add_to(app: typer.Typer) -> None:
    """Give a noun the commands of this file."""
    app.command("serve", short_help="Serve the check-in page to the devices at the point.")(serve)
    app.command("single-file", short_help="Write the check-in page with a pack in it as one file for a stick.")(
        single_file
    )


def serve(
    context: typer.Context,
    pack: Annotated[str, typer.Option(help="the batch's pack")],
    port: Annotated[int, typer.Option(help="the port on this machine")] = 8441,
    host: Annotated[str, typer.Option(help="the name under which devices reach it")] = "localhost",
    certificate: Annotated[str, typer.Option(help="a TLS certificate that the devices trust (.pem)")] = "",
    key: Annotated[str, typer.Option(help="the certificate's key (.pem)")] = "",
) -> Answer:
    """Serve the check-in page to the devices at the point, and take what they saw, until Ctrl-C.

    Typing a device's name and Enter shows the code that makes it known. What came lies in the folder ``point`` of the desk.
    Browsers give camera and offline use to ``localhost``, and to other names with a certificate that they trust.
    """
    settings = settings_of(context)
    folder = read_folder(settings.desk)
    if settings.dry_run:
        return Answer(says=[f"This would serve {folder.name}'s check-in page on port {port}."], data={"dry_run": True})
    ask = passphrases(settings)
    words = [*PROGRAM, "serve", "--desk", str(settings.desk), "--pack", pack, "--port", str(port), "--host", host]
    words += ["--certificate", certificate, "--key", key] if certificate else []
    secret, pin = ask(DESK_KEY), ask(PIN)
    check_pin(pin)
    unlock(read_file(Path(pack)), pin)
    with subprocess.Popen(words, stdin=subprocess.PIPE, text=True) as program:  # noqa: S603 - this very program's page
        _tell(program, f"{secret}\n{pin}\n")
        threading.Thread(target=_pass_on, args=(program,), daemon=True).start()
        try:
            code = program.wait()
        except KeyboardInterrupt:
            program.wait(timeout=10)
            code = 0
    if code:
        raise CliBroken("cli.not_served")
    return Answer(says=["Stopped."])


def single_file(
    context: typer.Context,
    pack: Annotated[str, typer.Option(help="the batch's pack")],
    out: Annotated[str, typer.Option(help="the file to write, such as check-in.html")],
) -> Answer:
    """Write the whole check-in page with a pack in it as one file, to be carried on a stick and opened without a server.

    The pack in it stays locked with its PIN.
    """
    settings, path = settings_of(context), Path(out)
    file = read_file(Path(pack))
    look(file)
    if path.exists():
        raise CliBroken("cli.exists")
    if settings.dry_run:
        return Answer(says=[f"This would write {path.name}."], data={"dry_run": True})
    done = subprocess.run([*PROGRAM, "single-file", "--pack", pack, "--out", out], check=False)  # noqa: S603
    if done.returncode:
        raise CliBroken("cli.cannot_write")
    says = f"{path.name}: {path.stat().st_size:,} bytes, {len(file):,} of them the pack. Its PIN is said by mouth."
    return Answer(says=[says], data={"file": out, "bytes": path.stat().st_size})


def _tell(program: subprocess.Popen[str], text: str) -> None:
    assert program.stdin is not None
    program.stdin.write(text)
    program.stdin.flush()


def _pass_on(program: subprocess.Popen[str]) -> None:
    """Pass on the names of devices that the officer types."""
    for line in sys.stdin:
        try:
            _tell(program, line)
        except (BrokenPipeError, ValueError):
            return
