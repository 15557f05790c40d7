"""Reads what an officer typed for one particular of an act: lines, times, references to earlier acts, nested parts.

Nested parts are written in the words of the scenario language (``HELD_WILL_RELEASE to N1-N3``), so that there is one way to say
a thing, on the command line and in a scenario. Several parts stand in one value, divided by semicolons, or in several options.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Union, get_args, get_origin

from parley import acts
from parley.clauses import Clause
from parley.desk import Desk
from parley.desk.errors import NotUnderstood, WrongValue
from parley.desk.folder import Folder, read_enrolment
from parley.desk.which_act import act_meant
from parley.process.state import State
from parley.scenario.clause_sentences import Speaker, read_terms
from parley.scenario.grammar import ScenarioBroken, Words, fit, parts_of
from parley.words import (
    DAY,
    MOMENT,
    ActId,
    Day,
    Digest,
    Lines,
    LinesBroken,
    Moment,
    ParticipantName,
    is_real,
)

FILE: Final = "@"
"""What a value begins with that names a file instead of saying the thing itself."""


def _no_files(name: str) -> bytes:
    _ = name
    raise NotUnderstood("typed.no_files")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values for the officers of one desk, in the state ahead of it."""

    desk: Desk
    folder: Folder | None = None
    files: Callable[[str], bytes] = _no_files
    """Gives the bytes of a file that a value names behind ``@``; from a page no file of this machine can be named."""

    @property
    def state(self) -> State:
        """The state ahead: what waits here counted in."""
        return self.desk.ahead

    def read(self, option: str, hint: Any, said: Sequence[str]) -> Any:  # noqa: ANN401 - a hint and its value
        """Return the value of a declared type; raises WrongValue naming the option."""
        try:
            return self._read(hint, [one for one in said if one.strip()] or list(said[:1]))
        except (ScenarioBroken, LinesBroken, NotUnderstood) as broken:
            raise WrongValue(option, broken) from broken

    def _read(self, hint: Any, said: list[str]) -> Any:  # noqa: ANN401
        origin, inner = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            return self._read(next(one for one in inner if one is not type(None)), said)
        if origin is tuple:
            return self._many(inner[0], said)
        if origin is not None and issubclass(origin, Mapping):
            return self._mapping(inner[0], inner[1], "; ".join(said))
        return self._one(hint, said[-1].strip())

    def _one(self, hint: Any, text: str) -> Any:  # noqa: ANN401
        if hint is Lines:
            return self._lines(text)
        if hint in _PLAIN:
            return _PLAIN[hint](text)
        if hint is ActId:
            return act_meant(self.desk, text)
        if hint is Digest:
            return self._digest(text)
        if hint is acts.Enrolled:
            return read_enrolment(self.files(text.removeprefix(FILE)))[0]
        if hasattr(hint, "__supertype__"):
            return self._one(hint.__supertype__, text)
        return self._nested(hint, text)

    def _many(self, hint: Any, said: list[str]) -> tuple[Any, ...]:  # noqa: ANN401
        if hint is Clause:
            return read_terms("; ".join(said), self.speaker)[0]
        if hint in _NESTED:
            return tuple(self._nested(hint, part) for one in said for part in parts_of(one))
        return tuple(self._one(hint, part.strip()) for one in said for part in one.split(",") if part.strip())

    @property
    def speaker(self) -> Speaker:
        """Who speaks: in ``306 for 74`` this desk's side gives 306."""
        return Speaker.of(self.state, self.desk.name)

    def _lines(self, text: str) -> Lines:
        if text.startswith(FILE):
            text = self.files(text[1:]).decode("utf-8", "replace")
        if text in ("", "nobody", "none"):
            return Lines()
        return Lines.of(*(part.strip() for part in text.replace("\n", ",").split(",") if part.strip()))

    def _digest(self, text: str) -> Digest:
        """Return 64 hex digits as they stand, or the SHA-256 of a file named ``@file``."""
        if text.startswith(FILE):
            return Digest(sha256(self.files(text[1:])).hexdigest())
        if text and (len(text) != 64 or set(text) - set("0123456789abcdef")):
            raise NotUnderstood("typed.hash")
        return Digest(text)

    def _nested(self, hint: type, text: str) -> Any:  # noqa: ANN401
        templates, make = _NESTED[hint]
        number, words = fit(text, *templates)
        return make(self, number, words)

    def _mapping(self, key: Any, item: Any, text: str) -> dict[Any, Any]:  # noqa: ANN401
        if not text.strip() or text.strip() in ("nobody", "none"):
            return {}
        if item is int:
            return dict(fit(f"counts {text.replace(';', ',')}", "counts {counts:counts}")[1]["counts"])
        if item is Lines:
            return dict(fit(f"codes {text}", "codes {codes:codes}")[1]["codes"])
        if get_origin(item) is not None:
            return dict(_counts_of_side(part) for part in parts_of(text))
        found: dict[Any, Any] = {}
        for part in parts_of(text):
            for one in part.split(","):
                name, equals, value = one.strip().partition("=")
                if not equals or name in found:
                    raise ScenarioBroken("scenario.part_not_understood", text=one[:80], near="name=value, name=value")
                found[self._one(key, name)] = self._one(item, value)
        return found


def _number(text: str) -> int:
    plain = text.replace(",", "")
    if not plain.removeprefix("-").isascii() or not plain.removeprefix("-").isdigit() or len(plain) > 16:
        raise NotUnderstood("typed.number")
    return int(plain)


def _moment(text: str) -> Moment:
    if MOMENT.match(text) is None or not is_real(text):
        raise NotUnderstood("typed.moment")
    return Moment(text)


def _day(text: str) -> Day:
    if DAY.match(text) is None or not is_real(text):
        raise NotUnderstood("typed.day")
    return Day(text)


def _truth(text: str) -> bool:
    if text not in ("yes", "no"):
        raise NotUnderstood("typed.truth")
    return text == "yes"


_PLAIN: Final[Mapping[Any, Callable[[str], Any]]] = {
    str: str,
    int: _number,
    bool: _truth,
    Moment: _moment,
    Day: _day,
}


REPLY: Final = (
    "{code} to {lines:lines} [because {reason}] [being {line}] [on {day:day}] [given to {to}] "
    "[with a {certificate:certificate|paper}]"
)


# --- nested parts -----------------------------------------------------------------------------------------------------


def _delegation(reader: Reader, number: int, words: Words) -> acts.Delegation:
    members = tuple(part.strip() for part in words.get("members", "").split(",") if part.strip())
    return acts.Delegation(
        ParticipantName(words["who"]),
        () if number == 0 else members,
        act_meant(reader.desk, words["mandate"]) if "mandate" in words else None,
    )


def _grant(reader: Reader, number: int, words: Words) -> acts.Grant:
    _ = reader, number
    return acts.Grant(tuple(words["kinds"].split("+")), words["needed"])


def _group(reader: Reader, number: int, words: Words) -> acts.LineGroup:
    _ = reader, number
    return acts.LineGroup(
        lines=words["lines"],
        category=words["category"],
        grade=words.get("grade", ""),
        part=words.get("part", ""),
    )


def _dropped(reader: Reader, number: int, words: Words) -> acts.Dropped:
    _ = reader, number
    return acts.Dropped(words["lines"], words["reason"])


def _reply(reader: Reader, number: int, words: Words) -> acts.Reply:
    _ = reader, number
    particulars = {name: words[name] for name in ("reason", "line", "day", "to") if name in words}
    return acts.Reply(lines=words["lines"], code=words["code"], certificate="certificate" in words, **particulars)


def _pair(reader: Reader, number: int, words: Words) -> acts.Pair:
    _ = reader, number
    request, equals, offer = words["pair"].partition("=")
    if not equals:
        raise ScenarioBroken("scenario.part_not_understood", text=words["pair"][:80], near="N1=S4")
    return acts.Pair(request, offer)


def _plan(reader: Reader, number: int, words: Words) -> acts.BatchPlan:
    _ = reader, number
    gives: dict[ParticipantName, Lines] = {}
    for part in words["gives"].split("+"):
        _, said = fit(f"brings {part}", "brings {giving} {lines:lines}")
        gives[ParticipantName(said["giving"])] = said["lines"]
    return acts.BatchPlan(words["batch"], gives)


def _difference(reader: Reader, number: int, words: Words) -> acts.Difference:
    _ = reader, number
    return acts.Difference(words["lines"], words["outcome"], words["cause"])


def _explained(reader: Reader, number: int, words: Words) -> acts.Explained:
    _ = reader, number
    return acts.Explained(ParticipantName(words["giving"]), words["cause"], words["count"])


def _figure(reader: Reader, number: int, words: Words) -> acts.Figure:
    """Read a figure; a minus stands for a word that its speaker left unsaid."""
    _ = reader, number
    said = {name: "" if words[name] == "-" else words[name] for name in ("unit", "scope", "count_point")}
    return acts.Figure(
        side=ParticipantName(words["side"]),
        value=words["value"],
        batch=words.get("batch", 0),
        part=words.get("part", ""),
        **said,
    )


def _counts_of_side(text: str) -> tuple[ParticipantName, dict[str, int]]:
    """Read ``north RECEIVED 390, DEFERRED 2``."""
    _, said = fit(f"counts {text}", "counts {giving} {counts:counts}", "counts {giving} none")
    return ParticipantName(said["giving"]), dict(said.get("counts", {}))


_NESTED: Final[Mapping[type, tuple[tuple[str, ...], Callable[[Reader, int, Words], Any]]]] = {
    acts.Delegation: (
        ("{who} nobody", "{who} with mandate {mandate}: {members:rest}", "{who}: {members:rest}"),
        _delegation,
    ),
    acts.Grant: (("{kinds} by {needed:int}",), _grant),
    acts.LineGroup: (("{lines:lines} as {category} [grade {grade}] [part {part}]",), _group),
    acts.Dropped: (("{lines:lines} as {reason}",), _dropped),
    acts.Reply: (
        (REPLY,),
        _reply,
    ),
    acts.Pair: (("{pair}",), _pair),
    acts.BatchPlan: (("{batch:int}: {gives:rest}",), _plan),
    acts.Difference: (("{lines:lines} as {outcome} because of {cause}",), _difference),
    acts.Explained: (("{giving} {cause} {count:int}",), _explained),
    acts.Figure: (("{unit} {side} {scope} {count_point} {value:int} [batch {batch:int}] [part {part}]",), _figure),
}
EXAMPLES: Final[Mapping[Any, str]] = {
    acts.Delegation: "north: head of delegation, adviser",
    acts.Grant: "agree_terms+propose_terms by 2",
    acts.LineGroup: "N1-N40 as soldiers grade private part c3",
    acts.Dropped: "N7 as returned",
    acts.Reply: "HELD_WILL_RELEASE to N1-N3; HELD_WITHHELD to N4 because sentence",
    acts.Pair: "N1=S4; N2=S9",
    acts.BatchPlan: "1: north N1-N3 + south S1-S3; 2: north N4 + south S4",
    acts.Difference: "N3 as NOT_PRESENTED because of turned_back",
    acts.Explained: "north not_ready 3",
    acts.Figure: "person north inside handed_over 390 batch 1",
    acts.Enrolled: "enrolment.json",
    Clause: "1,000 for 1,000; no side deals",
    Lines: "N1-N3,N7",
    Moment: "2025-05-23T09:00:00Z",
    Day: "2025-05-23",
    ActId: "12, or the first digits of its id",
    Digest: "64 hex digits, or @FILE",
    bool: "yes|no",
    int: "1000",
}
"""How each type is written, for the help."""


def shown_type(hint: Any) -> str:  # noqa: ANN401
    """Return how a value of this declared type is written."""
    if hint in EXAMPLES:
        return EXAMPLES[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return shown_type(next(one for one in inner if one is not type(None)))
    if origin is tuple:
        return EXAMPLES.get(inner[0], "one,two" if inner[0] is not int else "1,2")
    if origin is not None and issubclass(origin, Mapping):
        if inner[1] is int:
            return "north 390, south 307"
        if inner[1] is Lines:
            return "RECEIVED N1-N3; DEFERRED N4"
        return (
            "north RECEIVED 390, DEFERRED 2; south RECEIVED 307"
            if get_origin(inner[1])
            else "en=@FILE, uk=@FILE"
            if inner[1] is Digest
            else "name=value, other=value"
        )
    return ""
