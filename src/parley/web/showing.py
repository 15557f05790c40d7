"""How things are shown on a page: phrases in the reader's language, values that cannot turn the direction of writing, times.

Every value from the record or from people stands in ``<bdi>``; a time or a number from left to right, whatever the language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from parley.acts import BY_KIND
from parley.briefings import phrases
from parley.briefings.phrases import RIGHT_TO_LEFT
from parley.desk.countersigning import BEGUN
from parley.registers.columns import headings_in
from parley.registers.fields import FIELDS
from parley.web.roles import may_see
from parley.web.screens import MENU, may_act, served_of
from parley.web.static_files import stamp
from parley.words import Broken, Refusal

register = template.Library()
OWN_NAMES: Final = {"ar": "العربية", "en": "English", "ru": "Русский", "uk": "Українська"}
"""Each language by its own name, in the order of their codes: no side's language comes first."""
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d))?Z\Z")


def clean(value: object) -> str:
    """Return a value as text without control characters: some of it comes from the other side."""
    return "".join(
        "\ufffd" if unicodedata.category(one) in {"Cc", "Cf", "Cs"} and one != "\n" else one for one in str(value)
    )


def _language(context: Mapping[str, Any]) -> str:
    return str(context["language"])


def say(context: Mapping[str, Any], code: str, **facts: Any) -> str:  # noqa: ANN401
    """Return a phrase in the reader's language, its blanks kept apart from the sentence around them."""
    return phrases.phrase(code, _language(context), **{name: _fact(value) for name, value in facts.items()})


def _fact(value: Any) -> str | int:  # noqa: ANN401
    if isinstance(value, int | phrases.Written):
        return value
    return phrases.Written(clean(value).join(phrases.ISOLATE))


def count(context: Mapping[str, Any], code: str, number: int) -> str:
    """Return a number with its noun in the right plural form."""
    return phrases.counted(code, number, _language(context))


def word(context: Mapping[str, Any], text: object) -> SafeString:
    """Return a word of the record in the reader's language."""
    return v(phrases.word(str(text), _language(context)))


def act_title(context: Mapping[str, Any], kind: str) -> SafeString:
    """Return what a kind of act does, in a few words."""
    return v(title_of(kind, _language(context)))


def title_of(kind: str, language: str) -> str:
    """Return what a kind of act does, in a few words; a kind of later rules stays as it is written."""
    return phrases.phrase(f"deed.{kind}", language) if kind in BY_KIND else clean(kind)


def field_label(context: Mapping[str, Any], name: str) -> str:
    """Return what a particular of an act is called."""
    return phrases.phrase(f"field.{name}", _language(context))


def why(context: Mapping[str, Any], no: Refusal | Broken) -> str:
    """Return why something is not possible."""
    return phrases.explain(no, _language(context)).why


def what_next(context: Mapping[str, Any], no: Refusal | Broken) -> str:
    """Return what to do about something that is not possible."""
    return phrases.explain(no, _language(context)).next


def sentence_why(context: Mapping[str, Any], code: str, facts: Mapping[str, Any] | None = None) -> str:
    """Return why, by code."""
    return phrases.sentence(code, facts or {}, _language(context)).why


def sentence_next(context: Mapping[str, Any], code: str, facts: Mapping[str, Any] | None = None) -> str:
    """Return what next, by code."""
    return phrases.sentence(code, facts or {}, _language(context)).next


def v(value: object) -> SafeString:
    """Return any value, kept apart from the text around it."""
    return format_html("<bdi>{}</bdi>", clean(value))


def ltr(value: object) -> SafeString:
    """Return something that is written from left to right in every language: a hash, a key, a number with signs."""
    return format_html('<bdi dir="ltr">{}</bdi>', clean(value))


def moment(value: object) -> SafeString:
    """Return a time in universal time, as in 2025-05-23 09:00 UTC; a dash where there is none."""
    text = clean(value)
    found = _MOMENT.match(text)
    if found is None:
        return format_html('<bdi dir="ltr">{}</bdi>', text or "\u2013")
    seconds = f":{found[3]}" if found[3] not in (None, "00") else ""
    return format_html('<bdi dir="ltr"><time datetime="{}">{} {}{} UTC</time></bdi>', text, found[1], found[2], seconds)


def seconds(value: int) -> SafeString:
    """Return a time that is kept in seconds since 1970."""
    return moment(datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def n(context: Mapping[str, Any], value: int) -> SafeString:
    """Return a number, grouped as the language groups it."""
    return ltr(phrases.number(value, _language(context)))


def static_file(name: str) -> str:
    """Return the address of a file that every page needs."""
    return str(reverse("static", args=[stamp(), name]))


def screen_name(context: Mapping[str, Any], name: str) -> str:
    """Return what a screen is called."""
    return phrases.phrase(f"web.screen.{name}", _language(context))


def role_name(context: Mapping[str, Any], name: str) -> str:
    """Return what a role is called."""
    return phrases.phrase(f"web.role.{name}", _language(context))


def stage_name(context: Mapping[str, Any], name: str) -> str:
    """Return what a stage of the law is called."""
    return phrases.phrase(f"stage.{name}", _language(context))


def status_name(context: Mapping[str, Any], name: str) -> str:
    """Return how far a stage is."""
    return phrases.phrase(f"web.status.{name}", _language(context))


def standing_word(context: Mapping[str, Any], name: str) -> str:
    """Return how the case stands."""
    return phrases.phrase(f"standing_word.{name}", _language(context))


def phrase_of(context: Mapping[str, Any], room: str, name: str) -> str:
    """Return the phrase of one name among several of a kind."""
    return phrases.phrase(f"{room}.{name}", _language(context))


def language_name(code: str) -> str:
    """Return a language by its own name."""
    return OWN_NAMES.get(code, code)


def in_language(code: str, phrase: str) -> str:
    """Return a phrase in a language that nobody has chosen yet."""
    return phrases.phrase(phrase, code)


def choice_name(context: Mapping[str, Any], choice: object) -> str:
    """Return one of an act's fixed words: in the reader's language where the phrases know it, with the record's own word."""
    known, language = phrases.entries(), _language(context)
    for code in (f"choice.{choice}", f"word.{choice}"):
        if code in known:
            return phrases.phrase(code, language)
    return clean(choice).replace("_", " ")


def say_wait(context: Mapping[str, Any], one: Any) -> str:  # noqa: ANN401
    """Return what is waited for, and of which batch."""
    language = _language(context)
    what = phrases.phrase(f"wait.{one.what}", language)
    return f"{what} ({phrases.phrase('communique.batch', language, batch=one.batch)})" if one.batch else what


def say_status(context: Mapping[str, Any], name: str) -> str:
    """Return what became of something: open, agreed, superseded."""
    code = f"web.status.{name}"
    return phrases.phrase(code, _language(context)) if code in phrases.entries() else clean(name)


def say_alarm(context: Mapping[str, Any], one: Any) -> str:  # noqa: ANN401 - an alarm of the state or of an account
    """Return what an alarm is about."""
    facts = {name: _fact(value) for name, value in one.facts.items()}
    return phrases.phrase(f"alarm.{one.code}", _language(context), **facts)


def column_name(context: Mapping[str, Any], name: str) -> str:
    """Return what a column of a list is called."""
    code = f"web.column.{name}"
    return phrases.phrase(code, _language(context)) if code in phrases.entries() else clean(name.replace("_", " "))


def register_word(context: Mapping[str, Any], kind: str, name: object) -> str:
    """Return a word of the register (a kind of source, evidence, a doubt, a status) in the reader's language."""
    code = f"register.{kind}.{name}"
    return phrases.phrase(code, _language(context)) if code in phrases.entries() else clean(name).join(phrases.ISOLATE)


def particular(context: Mapping[str, Any], name: str) -> str:
    """Return what a particular of a person is called."""
    found = _particulars(_language(context)).get(name, name.replace("_", " "))
    return found[:1].upper() + found[1:]


@cache
def _particulars(language: str) -> Mapping[str, str]:
    named = {f"register.field.{one}": one for one in FIELDS}
    own = {named[code]: phrases.phrase(code, language) for code in named if code in phrases.entries()}
    return {**headings_in(language), **own}


def health_name(context: Mapping[str, Any], name: str) -> str:
    """Return what a line of the health page is about."""
    return phrases.phrase(f"web.health.{name}", _language(context))


def health_next(context: Mapping[str, Any], name: str) -> str:
    """Return what to do where a line of the health page is not as it should be."""
    code = f"web.health_next.{name}"
    return phrases.phrase(code if code in phrases.entries() else "web.look_at_this", _language(context))


def add_up(context: Mapping[str, Any], first: int, second: int) -> SafeString:
    """Return the sum of two numbers."""
    return n(context, first + second)


def begun_name(name: str) -> str:
    """Return the name of what waits for a second signature, as it stands in an address."""
    return name.removeprefix(BEGUN)


def act_button(context: Mapping[str, Any], kind: str, **filled: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a link to an act's form where the law says nothing and the officer's role may; else why there is none."""
    return _button(context, kind, filled)


def act_only(context: Mapping[str, Any], kind: str, **filled: Any) -> dict[str, Any]:  # noqa: ANN401
    """The same as ``act_button``, but where the act is not possible now nothing stands there at all."""
    return {**_button(context, kind, filled), "silent": True}


def _button(context: Mapping[str, Any], kind: str, filled: Mapping[str, Any]) -> dict[str, Any]:
    request = context["request"]
    now = served_of(request).what_now()
    refusal = next((one.refusal for one in now.may_not if one.kind == kind), None)
    return {
        "language": context["language"],
        "kind": kind,
        "filled": {name: value for name, value in filled.items() if value not in (None, "")},
        "shown": request.officer is not None and may_act(request.officer, kind),
        "refusal": refusal,
        "banned": now.must_not_sign,
        "request": request,
    }


def query(filled: Mapping[str, Any]) -> SafeString:
    """Return particulars as they stand behind an address."""
    from urllib.parse import urlencode

    return SafeString(conditional_escape(urlencode(dict(filled)))) if filled else SafeString("")


def around(request: HttpRequest) -> dict[str, Any]:
    """Return what every page has: language, direction, desk, who asks, and the menu of what this officer may open."""
    from parley.web.urls import SCREENS

    served = served_of(request)
    roles = request.officer.roles if request.officer is not None else frozenset()
    menu = [
        (group, [(one.name, reverse(one.name)) for one in SCREENS if one.menu == group and may_see(roles, one.name)])
        for group in MENU
    ]
    return {
        "language": request.language,
        "direction": "rtl" if request.language in RIGHT_TO_LEFT else "ltr",
        "desk_name": served.name,
        "practice": served.folder.practice,
        "officer": request.officer,
        "menu": [(group, links) for group, links in menu if links] if request.officer is not None else [],
        "here": getattr(getattr(request, "screen", None), "name", ""),
    }


for _tag in (
    say,
    count,
    word,
    act_title,
    field_label,
    why,
    what_next,
    sentence_why,
    sentence_next,
    n,
    screen_name,
    role_name,
    stage_name,
    status_name,
    standing_word,
    choice_name,
    say_wait,
    phrase_of,
    say_status,
    say_alarm,
    column_name,
    health_name,
    health_next,
    add_up,
    register_word,
    particular,
):
    register.simple_tag(_tag, takes_context=True)
for _plain in (static_file, language_name, in_language, query):
    register.simple_tag(_plain)
for _filter in (v, ltr, moment, seconds, begun_name):
    register.filter(_filter)
for _button_tag in (act_button, act_only):
    register.inclusion_tag("act_button.html", takes_context=True)(_button_tag)
