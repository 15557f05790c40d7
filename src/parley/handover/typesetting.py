"""Makes papers: a template and its data become a PDF whose bytes depend on nothing else, with fonts of the house.

Typst sets the page. The data go in as JSON beside the template, so no name can become a command of the template; the fonts come
with Parley, never from the machine; the document's date is given, never the hour of printing. So the same paper made on another
machine has the same bytes and the same hash, and it is tagged for screen readers.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final

from parley.words import Moment

FONTS: Final = "fonts"
UNDATED: Final = Moment("2000-01-01T00:00:00Z")
"""The date inside a paper that has none of its own."""


def typeset(template: str, data: object, at: Moment | str = "", *, package: str = __package__) -> bytes:
    """Return the PDF of a template (``brief.typ``, beside the modules of ``package``), which finds its data in sys.inputs.data.

    ``at`` is the moment in the document's own date.
    """
    import typst

    fonts: list[Any] = [str(resources.files(__package__) / FONTS)]
    made: Any = typst.compile(
        _template(package, template),
        format="pdf",
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        timestamp=int(datetime.fromisoformat(at or UNDATED).timestamp()),
    )
    assert isinstance(made, bytes)
    return made


@cache
def _template(package: str, name: str) -> bytes:
    return (resources.files(package) / name).read_bytes()
