"""Every phrase that a page says exists in four languages, and gets exactly the facts that stand in its blanks."""

import re
from pathlib import Path
from string import Formatter

import pytest

import parley.web
from parley import acts
from parley.briefings.phrases import entries
from parley.desk.shown import fields_of
from parley.scenario.asked import CHOICES
from parley.web.roles import ROLES
from parley.web.urls import SCREENS

TEMPLATES = sorted((Path(parley.web.__file__).parent / "templates").glob("*.html"))
SAID = re.compile(r'{% say "([^"]+)"((?: \w+=[^%]*?)?) %}')
COUNTED = re.compile(r'{% count "([^"]+)" ')
CODED = re.compile(r'{% sentence_(?:why|next) "([^"]+)"')


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_every_phrase_of_a_page_exists_and_gets_its_facts(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for code, given in SAID.findall(text):
        blanks = {name for _, name, _, _ in Formatter().parse(entries()[code]["en"]) if name}
        assert set(re.findall(r"(\w+)=", given)) == blanks, (template.name, code)
    assert [code for code in COUNTED.findall(text) if "en_one" not in entries()[code]] == []
    assert [code for code in CODED.findall(text) if "en_next" not in entries()[code]] == []


def test_every_act_particular_and_fixed_word_has_a_name() -> None:
    known = entries().keys()
    assert [deed.kind for deed in acts.DEEDS if f"deed.{deed.kind}" not in known] == []
    assert {one.name for deed in acts.DEEDS for one in fields_of(deed) if f"field.{one.name}" not in known} == set()
    words = {word for some in CHOICES.values() for word in some}
    assert {word for word in words if f"choice.{word}" not in known and f"word.{word}" not in known} == set()


def test_every_role_and_every_screen_of_the_menu_has_a_name() -> None:
    known = entries().keys()
    assert [role for role in ROLES if f"web.role.{role}" not in known] == []
    assert [one.name for one in SCREENS if one.menu and f"web.screen.{one.name}" not in known] == []
