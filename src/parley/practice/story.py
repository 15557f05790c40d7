"""The practice exchange from end to end: which part follows which, and what an outsider is handed at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Final

from parley.acts import FoundCase
from parley.forms import from_body
from parley.practice import agreeing, choosing, crossing, registering, telling
from parley.practice.exchange import Exchange

STAGES: Final[Mapping[str, Callable[[Exchange], None]]] = {
    "contact": agreeing.contact,
    "talks": agreeing.talks,
    "terms": agreeing.terms,
    "lists": choosing.lists,
    "verification": choosing.verification,
    "batches": choosing.batches,
    "handover": crossing.handover,
    "reconciliation": telling.reconcile,
    "publication": telling.publish,
}
"""The stages in order; each carries its own bundles."""
LAST: Final = "publication"
SHARES: Final[Mapping[str, int]] = {
    "contact": 1,
    "talks": 1,
    "terms": 1,
    "lists": 32,
    "verification": 6,
    "batches": 1,
    "handover": 53,
    "reconciliation": 1,
    "publication": 4,
}
"""What part of the time each stage takes, in hundredths, as measured with 2,000 people: enough to say how long it will take."""


def share_done(stage: str, to: str = LAST) -> float:
    """Return what part of the time up to and with ``to`` has gone when a stage begins, from 0 to 1."""
    names = list(STAGES)
    whole = names[: names.index(to) + 1]
    return sum(SHARES[one] for one in whole[: whole.index(stage)]) / sum(SHARES[one] for one in whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What an outsider needs to check everything: the record in one file, and the root keys in another."""

    bundle: Path
    roots: Path
    acts: int


def tell(exchange: Exchange, to: str = LAST) -> Handed:
    """Run the stages up to and with ``to``, close the desks, and return what to check; raises Stopped, Broken."""
    filling: Popen[bytes] | None = None
    try:
        for name, stage in STAGES.items():
            exchange.stage = name
            stage(exchange)
            if name == "lists":
                filling = registering.begin(exchange.folder)
            if name == to:
                break
        handed = hand_out(exchange)
        assert filling is None or filling.wait() == 0, filling.args
        return handed
    finally:
        if filling is not None and filling.poll() is None:
            filling.terminate()
        for desk in exchange.desks.values():
            desk.store.close()


def hand_out(exchange: Exchange) -> Handed:
    """Write the bundle for an outsider, without sealed files, and the root keys as the founding table knows them."""
    neutral = exchange.desks["neutral"]
    bundle, roots = exchange.folder / "record.bundle", exchange.folder / "roots.txt"
    bundle.write_bytes(neutral.bundle(None))
    founding = from_body("found_case", dict(neutral.act_at(0).envelope.body))  # type: ignore[arg-type]
    assert isinstance(founding, FoundCase)
    lines = [" ".join((one.name, one.role, str(one.threshold), *one.roots)) for one in founding.participants]
    roots.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Handed(bundle=bundle, roots=roots, acts=neutral.size)
