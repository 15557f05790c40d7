"""Acts, checkpoints and sealed blobs made up for the stores: a store looks at their form only."""

import hashlib
import json
from collections.abc import Mapping

from parley.store import Change, Store


def note(seq: int, signer: str = "north/officer-1") -> bytes:
    """Return something with the form of a signed act."""
    line = json.dumps({"party": "north", "seq": seq}, separators=(",", ":"))
    return f"exchange.act/1\n{line}\n\n— {signer} {hashlib.sha256(line.encode()).hexdigest()}\n".encode()


def notes(start: int, stop: int) -> tuple[bytes, ...]:
    """Return the acts at these positions."""
    return tuple(note(seq) for seq in range(start, stop))


def sealed(text: str) -> tuple[str, bytes]:
    """Return something sealed, with its digest."""
    data = b"age-encryption.org/v1\n" + hashlib.sha256(text.encode()).digest() * 50
    return hashlib.sha256(data).hexdigest(), data


def everything(
    store: Store, blobs: tuple[str, ...] = ()
) -> tuple[tuple[bytes, ...], bytes | None, Mapping[str, bytes], tuple[bytes | None, ...]]:
    """Return all that can be read from a store, to compare."""
    return tuple(store.acts()), store.checkpoint(), store.facts(), tuple(store.blob(digest) for digest in blobs)


def a_step(store: Store, text: str) -> Change:
    """Return a change that touches everything, one act long."""
    size = store.size
    return Change(
        start=size,
        acts=(note(size),),
        checkpoints=((size + 1, f"checkpoint {size + 1}".encode()),),
        blobs=(sealed(text),),
        facts={"head": f"{size + 1}".encode(), f"outbox/{size}": b"wait"},
    )
