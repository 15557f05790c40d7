"""Starts the pages of one desk: ``python -m parley.web --desk FOLDER``, which ``parley serve`` does for an officer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from parley.briefings import phrases
from parley.web.serving import PORT, Wanted, serve
from parley.words import Broken


def read(arguments: Sequence[str]) -> Wanted:
    """Return what is to be served."""
    parser = argparse.ArgumentParser(prog="python -m parley.web", description="Serve one desk's pages on this machine.")
    parser.add_argument("--desk", default=".", help="the desk's folder")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--bind", default="127.0.0.1", help="another address of this machine, behind a proxy with TLS")
    parser.add_argument("--host", action="append", default=[], help="a host name under which the pages are reached")
    parser.add_argument(
        "--database", default="", help="postgresql://… for the office's data, else a file in the folder"
    )
    parser.add_argument(
        "--passphrase-on-stdin", action="store_true", help="the desk key's passphrase is the first line"
    )
    parser.add_argument(
        "--sync", default="", help="the neutral's desk, as in https://desk.example:8440/, to carry post to"
    )
    parser.add_argument("--every", type=float, default=10.0, help="with --sync: seconds between two calls")
    said = parser.parse_args(arguments)
    passphrase = sys.stdin.readline().rstrip("\n") if said.passphrase_on_stdin else None
    return Wanted(
        folder=Path(said.desk),
        port=said.port,
        bind=said.bind,
        hosts=tuple(said.host),
        database=said.database,
        passphrase=passphrase,
        sync=said.sync,
        every=max(1.0, said.every),
    )


def main(arguments: Sequence[str]) -> int:
    """Serve, and say in words what keeps it from serving."""
    try:
        serve(read(arguments))
    except Broken as broken:
        why, after = phrases.explain(broken, "en")
        sys.stderr.write(f"{broken.code}: {why}\n  {after}\n")
        return 4 if broken.code == "store.in_use" else 3
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
