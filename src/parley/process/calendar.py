"""Which days and moments an act names, and whether the calendar has them: nothing is due on the 31st of February.

The form of a time is a pattern of digits, the same for every program that reads the record; the pattern lets impossible
days through. Here the law refuses them, for every act but those by which it is known who may sign what: mandates and
clock entries are judged alike by the package and by a checker that knows no more than their form (``spec/record.md``),
so there a day that no calendar has compares like any other text. No desk writes one.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Final, Union, get_args, get_origin, get_type_hints

from parley.acts import BY_KIND, Deed, IssueMandate, RecordClock, ReplyToLines
from parley.words import Day, Moment, Refusal, is_real, refuse

BY_FORM: Final[frozenset[type[Deed]]] = frozenset({IssueMandate, RecordClock})
"""The deeds whose times count by their form alone."""


def judge_times(deed: Deed) -> Refusal | None:
    """Refuse a deed that names a time which the calendar does not have."""
    if type(deed) in BY_FORM:
        return None
    named = [getattr(deed, name) for name in TIMES[type(deed)]]
    if isinstance(deed, ReplyToLines):
        named += [reply.day for reply in deed.replies]
    wrong = next((time for time in named if time is not None and not is_real(time)), None)
    return None if wrong is None else refuse("process.impossible_time", time=wrong)


def _is_time(hint: object) -> bool:
    if get_origin(hint) in (Union, types.UnionType):
        return any(_is_time(one) for one in get_args(hint))
    return hint is Moment or hint is Day


TIMES: Final[Mapping[type[Deed], tuple[str, ...]]] = {
    kind: tuple(name for name, hint in get_type_hints(kind).items() if _is_time(hint)) for kind in BY_KIND.values()
}
"""The fields of each deed that hold a day or a moment."""
