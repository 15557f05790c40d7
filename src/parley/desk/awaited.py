"""Sealed files that an act of the log names and that have not come: noted, shown, and asked for again with the next bundle.

An act counts by its place in the log whether or not its file came along, or else whoever carries bundles could stop a chain
by losing one file. The neutral awaits every such file, anybody else those sealed to its own rooms. Asking is a small plain
text in the bundle (``spec/bundle.md`` section 1). It is not signed: who forges one makes a desk send again what is sealed
to its readers anyway.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from parley.desk.place import HANDED, Place
from parley.desk.sealing import may_open
from parley.record.bundle import Bundle
from parley.record.envelope import SealedRef, SignedAct
from parley.words import ActId

AWAITED: Final = "awaited/"
"""Facts: a file that has not come, with the act that names it."""
ASKED: Final = "asked/"
"""Facts: a file of one's own that another desk says it has not got."""
VERSION: Final = "exchange.awaited/1"
MOST_ASKED: Final = 1_000
"""Files asked for in one bundle; the rest with a later one."""
MOST_ASKING: Final = 1 << 17
"""Bytes of the longest text that asks; anything longer is no such text."""
_ASKING: Final = re.compile(rf"{re.escape(VERSION)} ([a-z0-9-]{{1,64}})\n((?:[0-9a-f]{{64}}\n){{1,{MOST_ASKED}}})\Z")

Facts = dict[str, bytes | None]


def awaited(desk: Place) -> Mapping[str, ActId]:
    """Return the digests of the files that have not come, each with the act that names it."""
    facts = desk.store.facts(AWAITED)
    gone = desk.replaced_files() if facts else frozenset()
    found = {name.removeprefix(AWAITED): ActId(act.decode()) for name, act in facts.items()}
    return {digest: act for digest, act in found.items() if digest not in gone}


def note_missing(desk: Place, taken: Iterable[SignedAct], blobs: Iterable[tuple[str, bytes]]) -> Facts:
    """Return the facts to keep with acts just taken and files that came: what is awaited from now on, what no more."""
    came = {digest for digest, _ in blobs}
    waiting = desk.store.facts(AWAITED)
    facts: Facts = {f"{AWAITED}{digest}": None for digest in came if f"{AWAITED}{digest}" in waiting}
    for signed in taken:
        for sealed in signed.envelope.sealed:
            if sealed.blob not in came and _expected(desk, signed, sealed) and desk.store.blob(sealed.blob) is None:
                facts[f"{AWAITED}{sealed.blob}"] = signed.id.encode()
    return facts


def _expected(desk: Place, signed: SignedAct, sealed: SealedRef) -> bool:
    if signed.envelope.party == desk.name:
        return False
    return desk.is_neutral or any(room.startswith(f"{desk.name}/") for room in sealed.to)


def asking(desk: Place, to: str) -> tuple[bytes, ...]:
    """Return the text that asks a participant for files again: the neutral asks authors, everybody else the neutral."""
    digests = [digest for digest, act in awaited(desk).items() if _is_due(desk, act, to)]
    if not digests:
        return ()
    listed = "".join(f"{one}\n" for one in sorted(digests)[:MOST_ASKED])
    return (f"{VERSION} {desk.name}\n{listed}".encode(),)


def _is_due(desk: Place, act: ActId, to: str) -> bool:
    """Ask an author for its own files, and the neutral for none that it must not give yet."""
    if desk.is_neutral:
        return desk.find(act).envelope.party == to
    return may_open(desk.state, desk.waits_with(act), desk.three_signed)


def asked_by(blobs: Iterable[bytes]) -> list[tuple[str, list[str]]]:
    """Return who asks for which files, from the plain texts among the blobs of a bundle."""
    texts = [_ASKING.match(blob.decode("latin-1")) for blob in blobs if len(blob) <= MOST_ASKING]
    return [(said[1], said[2].split()) for said in texts if said is not None]


def take_asking(desk: Place, bundle: Bundle) -> Facts:
    """Return the facts to keep because of what a bundle asks for: these files go out once more with the next bundle."""
    wanted = asked_by(bundle.blobs)
    if not wanted:
        return {}
    handed = desk.store.facts(HANDED)
    facts: Facts = {}
    if not desk.is_neutral:
        asked = {one for _, digests in wanted for one in digests}
        return {f"{ASKED}{one}": b"1" for one in own_files(desk, asked)}  # one look through the log, however many ask
    for who, digests in wanted:
        facts |= {name: None for one in digests if (name := f"{HANDED}{who}/{one}") in handed}
    return facts


def own_files(desk: Place, digests: Collection[str]) -> list[str]:
    """Return those of these files that came with this desk's own acts and that it still keeps."""
    wanted = set(digests) - desk.replaced_files()
    named = [(place, one.blob) for place, one in desk.sealed_acts() if one.blob in wanted]
    own = [digest for place, digest in named if desk.act_at(place).envelope.party == desk.name]
    return [digest for digest in own if desk.store.blob(digest) is not None]


def asked_again(desk: Place) -> list[str]:
    """Return the files of this desk's own that another desk asked for again."""
    return [name.removeprefix(ASKED) for name in desk.store.facts(ASKED)]
