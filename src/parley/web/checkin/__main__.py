"""Serves the check-in page of one batch at the point: ``python -m parley.web.checkin``, which ``parley handover serve`` does.

Or writes the single file for a stick: ``parley handover single-file``. What must not be seen by other people of this machine
comes on standard input, a line each: the desk key's passphrase, the pack's PIN; then the names of devices to enrol.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import segno

from parley.briefings import phrases
from parley.desk import Desk, point
from parley.desk.folder import open_folder, read_folder
from parley.handover.entries import Certificate, Signed
from parley.handover.pack import LEAST_PIN
from parley.web.checkin import pages
from parley.web.checkin.receiving import Place, Receiving
from parley.web.checkin.serving import Server
from parley.words import Broken, Moment

PORT = 8441


def now() -> Moment:
    """Return this machine's time, to the second."""
    return Moment(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def serve(said: argparse.Namespace) -> int:
    """Serve until stopped; raises Broken, OSError."""
    passphrase, pin = (sys.stdin.readline().rstrip("\n") for _ in range(2))
    assert len(pin) >= LEAST_PIN, "the command line asks for a PIN"
    folder = read_folder(Path(said.desk))
    desk = open_folder(folder, unlock_with=lambda _key: passphrase, now=now)
    lock = threading.Lock()

    def admit(line: bytes) -> Signed[Certificate]:
        with lock:
            return point.admit(desk, line, now())

    try:
        place = Place(folder=folder.path / "point", pack=Path(said.pack), pin=pin)
        receiving = Receiving(place, point.signer_of(desk).verify_key, admit, secrets.token_hex(16))
        with Server(receiving, said.host, said.port) as server:
            if said.certificate:
                server.encrypt(Path(said.certificate), Path(said.key))
            scheme = "https" if said.certificate else "http"
            _say(f"Batch {receiving.batch}: {scheme}://{said.host}:{server.server_port}/checkin/", "Stop: Ctrl-C")
            _say("The name of a device (such as gate-1) and Enter shows its code, for ten minutes.")

            def enrol() -> None:
                for line in sys.stdin:
                    if line.strip():
                        with lock:
                            _show(desk, line.strip(), receiving.batch)

            threading.Thread(target=enrol, daemon=True).start()
            server.serve_forever()
    finally:
        desk.store.close()
    return 0


def _show(desk: Desk, name: str, batch: int) -> None:
    try:
        _, code = point.open_enrolment(desk, name, batch, now())
    except Broken as broken:
        _say(phrases.explain(broken, "en").why)
        return
    segno.make(code, error="m", micro=False).terminal(out=sys.stdout, compact=True)
    _say(code)


def single_file(said: argparse.Namespace) -> int:
    """Write the page with a pack in it as one file."""
    Path(said.out).write_bytes(pages.single_file(Path(said.pack).read_bytes()))
    return 0


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Do what the words say, and say in words what keeps it from being done."""
    parser = argparse.ArgumentParser(prog="python -m parley.web.checkin")
    kinds = parser.add_subparsers(required=True)
    serving = kinds.add_parser("serve")
    serving.add_argument("--desk", default=".")
    serving.add_argument("--pack", required=True)
    serving.add_argument("--port", type=int, default=PORT)
    serving.add_argument("--host", default="localhost")
    serving.add_argument("--certificate", default="")
    serving.add_argument("--key", default="")
    serving.set_defaults(do=serve)
    writing = kinds.add_parser("single-file")
    writing.add_argument("--pack", required=True)
    writing.add_argument("--out", required=True)
    writing.set_defaults(do=single_file)
    said = parser.parse_args(arguments)
    try:
        return int(said.do(said))
    except Broken as broken:
        why, after = phrases.explain(broken, "en")
        sys.stderr.write(f"{broken.code}: {why}\n  {after}\n")
        return 4 if broken.code == "store.in_use" else 3
    except OSError as failed:
        sys.stderr.write(f"{failed.strerror}\n")
        return 3
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
