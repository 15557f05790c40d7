"""A PostgreSQL server of our own for the tests: private folder, private socket, no network, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

PACKAGE = "postgresql"


def find_programs() -> Path | None:
    """Return the folder with initdb and postgres, the newest version that Debian installed, or None."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    candidates = [*reversed(folders), *([Path(on_path).resolve().parent] if on_path else [])]
    return next(
        (folder for folder in candidates if (folder / "initdb").exists() and (folder / "postgres").exists()), None
    )


def unprivileged() -> str | None:
    """Return the user to run as where we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


class Server:
    """Runs from ``with`` to its end; ``dsn`` opens it. ``kill`` and ``start`` are for mishaps."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._user = unprivileged()
        self._folder = Path(tempfile.mkdtemp(prefix="parley-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.data = self._folder / "data"
        self.dsn = f"postgresql://parley@/postgres?host={self._folder}"

    def __enter__(self) -> Self:
        if self._user:
            shutil.chown(self._folder, self._user)
        try:
            self._run(
                "initdb",
                "--pgdata",
                str(self.data),
                "--username=parley",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            )
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self.data, "-c", "listen_addresses=", "-c",
             f"unix_socket_directories={self._folder}", "-c", "autovacuum=off"],
            user=self._user, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(300):
            ready = subprocess.run(
                [self._programs / "pg_isready", "-q", "-h", self._folder, "-d", "postgres", "-U", "parley"], check=False
            )
            if ready.returncode == 0:
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("the PostgreSQL server for the tests did not start")

    def kill(self) -> None:
        """Stop the server at once, as when its machine fails: connections break, nothing is tidied up."""
        assert self._process is not None
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        self._process.wait()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments], user=self._user, cwd="/", capture_output=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stderr.decode(errors='replace')}")

    def _remove(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self.kill()
            except RuntimeError:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
