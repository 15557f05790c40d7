"""A desk's own server in this program, so that a test can look behind what a browser sees."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from parley.cli.practice_desks import free_ports
from parley.web.served import Served
from parley.web.serving import application


@contextmanager
def serving_here(served: Served, port: int = 0) -> Iterator[str]:
    """Serve a desk on a port of this machine; yields its address."""
    port = port or free_ports(1, 8700)[0]
    config = uvicorn.Config(
        application(served),
        host="127.0.0.1",
        port=port,
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    try:
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
