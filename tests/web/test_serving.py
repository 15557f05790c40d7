"""The pages as a program: started from the command line, alone at their desk, gone with Ctrl-C; and three of them at once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copytree
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from parley.cli.practice_desks import free_ports
from tests.web.three_desks import PATIENCE, wait_for


@contextmanager
def typed(*words: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    program = subprocess.Popen(
        [sys.executable, "-m", "parley", *words],
        cwd=folder,
        env={"PARLEY_PASSPHRASE_DESK": "practice", "PATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield program
    finally:
        if program.poll() is None:
            program.kill()
        program.wait()


def read(address: str) -> str:
    request = Request(address, headers={"Cookie": "parley_language=en"})  # noqa: S310 - this machine's own
    with urlopen(request, timeout=5) as answer:  # noqa: S310
        return str(answer.read().decode())


def stop(program: subprocess.Popen[str]) -> str:
    """Press Ctrl-C: every program of the terminal gets it."""
    os.killpg(program.pid, signal.SIGINT)
    said, _ = program.communicate(timeout=PATIENCE)
    return said


def test_a_desk_is_served_alone_until_somebody_stops_it(at_terms: Path, tmp_path: Path) -> None:
    copytree(at_terms / "north", tmp_path / "north")
    (port,) = free_ports(1, 8700)
    with typed("--desk", "north", "serve", "--port", str(port), folder=tmp_path) as program:
        wait_for(f"http://localhost:{port}")
        assert "Desk of" in read(f"http://localhost:{port}/sign-in")
        with typed("--desk", "north", "whatnow", folder=tmp_path) as other:
            other.communicate(timeout=PATIENCE)
            assert other.returncode == 4
        stop(program)
        assert program.returncode == 0
    with typed("--desk", "north", "whatnow", folder=tmp_path) as other:
        other.communicate(timeout=PATIENCE)
        assert other.returncode == 0


def test_whoever_ends_the_command_ends_the_pages_with_it(at_terms: Path, tmp_path: Path) -> None:
    copytree(at_terms / "north", tmp_path / "north")
    (port,) = free_ports(1, 8705)
    with typed("--desk", "north", "serve", "--port", str(port), folder=tmp_path) as program:
        wait_for(f"http://localhost:{port}")
        program.terminate()
        program.communicate(timeout=PATIENCE)
    with pytest.raises(OSError, match="refused"):
        read(f"http://localhost:{port}/language")


def test_a_desk_whose_key_stays_locked_can_be_looked_at(at_terms: Path, tmp_path: Path) -> None:
    copytree(at_terms / "north", tmp_path / "north")
    (port,) = free_ports(1, 8710)
    with typed("--desk", "north", "serve", "--locked", "--port", str(port), folder=tmp_path) as program:
        wait_for(f"http://localhost:{port}")
        assert "look" not in stop(program) or program.returncode == 0


def test_a_practice_exchange_begins_with_a_page_and_ends_at_three_desks(tmp_path: Path) -> None:
    with typed("demo", "exchange", "--people", "40", "--to", "terms", folder=tmp_path) as program:
        assert program.stdout is not None
        first = next(line for line in program.stdout if line.startswith("Open in a browser"))
        start = first.split()[-1]
        wait_for_start(start)
        desks = wait_for_desks(tmp_path / "exchange" / "serving.json")
        assert sorted(desks) == ["neutral", "north", "south"]
        assert all(f'href="{address}"' in read(start) for address in desks.values())
        for name, address in desks.items():
            page = read(f"{address}sign-in")
            assert "PRACTICE" in page
            assert name in page
        stop(program)
        assert program.returncode == 0
    for address in (start, *desks.values()):
        with suppress(URLError, OSError):
            read(address)
            raise AssertionError(f"{address} still answers")


def wait_for_start(start: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(URLError, OSError):
            assert "PRACTICE" in read(start)
            return
        time.sleep(0.1)
    raise AssertionError("the start page does not answer")


def wait_for_desks(told: Path) -> dict[str, str]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError, ValueError):
            found = json.loads(told.read_text())["desks"]
            if found:
                return {str(name): str(address) for name, address in found.items()}
        time.sleep(0.2)
    raise AssertionError("the desks do not answer")


def test_the_start_page_answers_no_foreign_name_and_no_other_address(tmp_path: Path) -> None:
    (port,) = free_ports(1, 8720)
    words = [sys.executable, "-m", "parley.web.start_page", str(tmp_path), str(port)]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL) as program:
        wait_for_start(f"http://localhost:{port}/")
        for path, host in (("/", "evil.example"), ("/serving.json", "localhost"), ("/../x", "localhost")):
            asked = Request(f"http://localhost:{port}{path}", headers={"Host": host})
            with pytest.raises(HTTPError, match="404"):
                urlopen(asked, timeout=5)  # noqa: S310
        program.terminate()
