"""What a scenario may expect of the record: every figure is read from the account, none from the scenario.

``expect north delivered 233`` asks for one value and compares it as text. The short forms are in ``SHORT``; any other
path is walked through the account's JSON, word by word: ``expect sides north inside outcomes DEFERRED 2``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from parley.briefings.account import NO_DATE, PENDING, account, date_words
from parley.forms import Json, plain
from parley.process import handover, lines
from parley.process.claims import CANNOT_BE_TOLD, NOT_SUPPORTED, SUPPORTED
from parley.process.standing import standing_of
from parley.process.state import State
from parley.scenario.grammar import ScenarioBroken, Sentence, match
from parley.words import Lines

Expected = tuple[str, str]
"""What was expected and what the record holds, as text."""


def check(state: State, what: str) -> Expected:
    """Return the expected value and the one the record holds; raises ScenarioBroken for what the account knows not."""
    sentence = Sentence.of(what)
    for template, find in SHORT.items():
        found = match(template, sentence)
        if found is not None:
            return find(state, found[0])
    return _by_path(state, sentence)


def _void(state: State, words: Mapping[str, Any]) -> Expected:
    return str(words["count"]), str(len(state.void))


def _void_code(state: State, words: Mapping[str, Any]) -> Expected:
    codes = sorted({one.code for one in state.void.values()})
    return words["code"], words["code"] if words["code"] in codes else ", ".join(codes) or "nothing void"


def _alarm(state: State, words: Mapping[str, Any]) -> Expected:
    codes = [one.code for one in state.alarms]
    times = words.get("times")
    if times is not None:
        return f"{words['code']} {times} times", f"{words['code']} {codes.count(words['code'])} times"
    return words["code"], words["code"] if words["code"] in codes else ", ".join(sorted(set(codes))) or "no alarm"


def _no_alarm(state: State, words: Mapping[str, Any]) -> Expected:
    codes = sorted({one.code for one in state.alarms if words.get("code") in (None, one.code)})
    return "no alarm", ", ".join(codes) or "no alarm"


def _date(state: State, words: Mapping[str, Any], *, agreed: bool) -> Expected:
    said = date_words(state, words.get("batch", 0))
    return ("agreed" if agreed else NO_DATE), (NO_DATE if said.startswith(NO_DATE) else "agreed")


def _all(lines_: Lines, value: Callable[[str], str], wanted: str) -> Expected:
    """Compare each line; the first that has another value speaks for all."""
    for line in lines_:
        found = value(line)
        if found != wanted:
            return wanted, f"{found or 'nothing'} ({line})"
    return wanted, wanted if lines_.ranges else "nothing"


def _outcome(state: State, words: Mapping[str, Any]) -> Expected:
    def code(line: str) -> str:
        outcome = handover.outcome_of(state, line)
        return "" if outcome is None else outcome.code

    return _all(words["lines"], code, words["code"])


def _no_outcome(state: State, words: Mapping[str, Any]) -> Expected:
    known = [line for line in words["lines"] if handover.outcome_of(state, line) is not None]
    return "nothing", str(Lines.among(known)) or "nothing"


def _reply(state: State, words: Mapping[str, Any]) -> Expected:
    return _all(words["lines"], lambda line: lines.reply_of(state, line) or PENDING, words["code"])


def _everybody_answered(state: State, _words: Mapping[str, Any]) -> Expected:
    """Every name asked for reaches an answer, or counts as not answered once the time is over."""
    asked = [line for line, one in state.lists.lines.items() if one.purpose == "request" and not one.dropped]
    open_ = sum(1 for line in asked if not lines.reply_of(state, line))
    return "0 without an answer", f"{open_} without an answer"


def _standing(state: State, words: Mapping[str, Any]) -> Expected:
    return words["standing"], standing_of(state)


def _condition(state: State, words: Mapping[str, Any]) -> Expected:
    found = account(state).conditions.get(words["name"])
    return words["status"], "nothing" if found is None else found.status


def _statement(state: State, words: Mapping[str, Any], *, now: bool = False) -> Expected:
    """A statement is supported when all its claims are, and unsupported as soon as one is not."""
    claims = [claim for one in account(state).statements if one.speaker == words["who"] for claim in one.claims]
    about = words.get("about")
    found = [claim.now if now else claim.verdict for claim in claims if about in (None, claim.about, claim.said)]
    if not found:
        return words["verdict"], "nothing said"
    if words["verdict"] == "supported":
        return SUPPORTED, next((verdict for verdict in found if verdict != SUPPORTED), SUPPORTED)
    return NOT_SUPPORTED, NOT_SUPPORTED if NOT_SUPPORTED in found else found[0]


def _statements_cannot_tell(state: State, words: Mapping[str, Any]) -> Expected:
    claims = [claim for one in account(state).statements if one.speaker == words["who"] for claim in one.claims]
    wanted = CANNOT_BE_TOLD
    return wanted, wanted if any(claim.verdict == wanted for claim in claims) else "the record tells"


def _side(path: str) -> Callable[[State, Mapping[str, Any]], Expected]:
    """Return a finder that walks a path of the account of one giving side."""

    def find(state: State, words: Mapping[str, Any]) -> Expected:
        sides = account(state).sides
        if words["who"] not in sides:
            raise ScenarioBroken("scenario.unknown_path", path=str(words["who"])[:40])
        value: Json = plain(sides[words["who"]])
        for step in path.split():
            key = str(words[step[1:]]) if step.startswith("$") else step
            value = value.get(key, 0) if isinstance(value, dict) else 0
        return str(words["value"]), _as_text(value)

    return find


def _delivered(state: State, words: Mapping[str, Any]) -> Expected:
    side = account(state).sides.get(words["who"])
    if side is None:
        raise ScenarioBroken("scenario.unknown_path", path=str(words["who"])[:40])
    return str(words["value"]), str(side.inside.delivered + side.outside.delivered)


def _batch(state: State, words: Mapping[str, Any]) -> Expected:
    batch = account(state).batches.get(words["batch"])
    side = None if batch is None else batch.sides.get(words["who"])
    if side is None:
        raise ScenarioBroken("scenario.unknown_path", path=f"batch {words['batch']}")
    if "category" in words:
        return str(words["value"]), str(side.categories.get(words["category"], 0))
    return str(words["value"]), str(side.delivered_inside + side.delivered_outside)


def _level(state: State, words: Mapping[str, Any]) -> Expected:
    batch = account(state).batches.get(words["batch"])
    return "level", "no such batch" if batch is None else "level" if batch.level else "not level"


def _list(state: State, words: Mapping[str, Any]) -> Expected:
    lists = account(state).lists
    mine = [one for one in lists if one.author == words["who"] and one.purpose == words["purpose"]]
    if not mine:
        return words["status"], "no such list"
    last = mine[-1]
    return words["status"], {
        "received": "received" if last.received else "not received",
        "objected": "objected" if last.objected else "not objected",
        "answered": "answered" if last.answered == last.count else "not answered",
    }[words["status"]]


def _position(state: State, words: Mapping[str, Any]) -> Expected:
    said = account(state).items.get(words["item"], {})
    key = f"{words['who']} to {words['to']}" if "to" in words else words["who"]
    return words["word"], said.get(key, "nothing")


SHORT: Final[Mapping[str, Callable[[State, Mapping[str, Any]], Expected]]] = {
    "void {count:int}": _void,
    "void {code}": _void_code,
    "no alarm [{code}]": _no_alarm,
    "alarm {code} [{times:int} times]": _alarm,
    "date agreed [for batch {batch:int}]": lambda state, words: _date(state, words, agreed=True),
    "date not agreed [for batch {batch:int}]": lambda state, words: _date(state, words, agreed=False),
    "no outcome {lines:lines}": _no_outcome,
    "outcome {lines:lines} {code}": _outcome,
    "reply {lines:lines} {code}": _reply,
    "everybody answered": _everybody_answered,
    "standing {standing:running|suspended|aborted|closed}": _standing,
    "condition {name} {status}": _condition,
    "statement of {who} {verdict:supported|unsupported} [about {about}]": _statement,
    "statement of {who} now {verdict:supported|unsupported} [about {about}]": lambda state, words: _statement(
        state, words, now=True
    ),
    "statement of {who} beyond the record": _statements_cannot_tell,
    "position of {who} [to {to}] on {item} {word}": _position,
    "batch {batch:int} {who} delivered {value:int} [{category}]": _batch,
    "batch {batch:int} level": _level,
    "{purpose:request|offer} list of {who} {status:received|objected|answered}": _list,
    "{who} delivered {value:int}": _delivered,
    "{who} delivered {value:int} inside": _side("inside delivered"),
    "{who} delivered {value:int} outside": _side("outside delivered"),
    "{who} delivered {value:int} of {category}": _side("inside categories $category"),
    "{who} handed over {code} {value:int}": _side("inside outcomes $code"),
    "{who} replied {code} {value:int}": _side("replied $code"),
    "{who} explained {cause} {value:int}": _side("explained $cause"),
    "{who} unexplained {value:int}": _side("unexplained"),
    "{who} owes {value:int}": _side("debts open"),
    "{who} carried over {value:int}": _side("debts carried"),
    "{who} settled {value:int}": _side("debts settled"),
    "{who} containers {value:int}": _side("remains container"),
    "{who} bodies {value:int}": _side("remains body"),
    "{who} {field:agreed|listed|requested|final|embarked|lost|confirmed|difference} {value:int}": _side("$field"),
}
"""The short forms; all others are paths through the account."""


def _by_path(state: State, sentence: Sentence) -> Expected:
    """Walk the account's JSON word by word; the last word, number or text is the value expected."""
    words = [token.text for token in sentence.tokens if token.kind != "mark"]
    value: Json = plain(account(state))
    if len(words) < 2:
        raise ScenarioBroken("scenario.unknown_path", path=sentence.text[:80])
    if isinstance(value, dict) and isinstance(sides := value["sides"], dict) and words[0] in sides:
        words = ["sides", *words]
    for word in words[:-1]:
        if isinstance(value, dict) and word in value:
            value = value[word]
        elif isinstance(value, list) and re.fullmatch(r"[1-9][0-9]{0,5}", word) and int(word) <= len(value):
            value = value[int(word) - 1]
        else:
            raise ScenarioBroken("scenario.unknown_path", path=sentence.text[:80], at=word[:40])
    wanted = words[-1].replace(",", "") if sentence.tokens[-1].kind == "number" else words[-1]
    return wanted, _as_text(value)


def _as_text(value: Json) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | dict):
        return str(len(value))
    return str(value)
