"""Reads the small table of those who must be carried or led: a line of the list and one word for each of them."""

from __future__ import annotations

import csv
import io

from parley.handover import pack
from parley.handover.errors import PackBroken
from parley.words import LINE, LineId


def read_tags(text: str) -> dict[LineId, str]:
    """Return the words by line from a table with the columns ``line`` and ``tag``; raises PackBroken."""
    found: dict[LineId, str] = {}
    for row in csv.DictReader(io.StringIO(text)):
        line, tag = (row.get("line") or "").strip(), (row.get("tag") or "").strip().lower()
        if LINE.match(line) is None or tag not in pack.TAGS:
            raise PackBroken("pack.tag_table", line=line[:20])
        if line in found:
            raise PackBroken("pack.twice", line=line)
        found[LineId(line)] = tag
    return found
