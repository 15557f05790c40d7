"""How a vector file is read: header lines with what to expect, an empty line, and the body that is put to the test.

``expect:`` is ``ok`` or the code of the error. Other header lines are the vector's own. ``encoding: base64`` says that
the body is written so, ``compressed: zlib`` that it is compressed (as some CCTV files are); else it stands as it is.
"""

import base64
import zlib
from dataclasses import dataclass
from pathlib import Path

SPEC = Path(__file__).resolve().parents[2] / "spec" / "vectors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One vector: its name, what to expect, its header lines in order, and its body."""

    name: str
    expect: str
    fields: tuple[tuple[str, str], ...]
    body: bytes

    def one(self, field: str) -> str:
        """The value of a header line that stands once."""
        (value,) = self.every(field)
        return value

    def every(self, field: str) -> list[str]:
        """The values of a header line that may stand several times."""
        return [value for name, value in self.fields if name == field]


def read_vector(path: Path) -> Vector:
    """Read one vector file."""
    head, _, body = path.read_bytes().partition(b"\n\n")
    fields: list[tuple[str, str]] = []
    for line in head.decode().split("\n"):
        name, _, value = line.partition(": ")
        fields.append((name, value))
    known = dict(fields)
    if known.get("encoding") == "base64":
        body = base64.b64decode(body)
    if known.get("compressed") == "zlib":
        body = zlib.decompress(body)
    return Vector(name=path.name, expect=known["expect"], fields=tuple(fields), body=body)


def read_vectors(folder: Path) -> list[Vector]:
    """Read every vector file of a folder, sorted by name."""
    return [read_vector(path) for path in sorted(folder.iterdir())]
