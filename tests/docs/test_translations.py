"""Collecting the texts that people see: from Python, our pages and the few Django templates."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po
from tools import translations

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy
TITLE = _("A title")
STATE = pgettext_lazy("state", "open")
def count(n): return ngettext("%(n)s ticket", "%(n)s tickets", n) % {"n": n}
"""
PAGE = """
{% block content %}
  <h1>{{ _("Queue") }}</h1>
  {% trans name=contact.name %}Hello {{ name }}{% endtrans %}
  {% trans count=tickets %}one ticket{% pluralize %}{{ count }} tickets{% endtrans %}
{% endblock %}
"""
TEMPLATE = """
{% load i18n %}
    {% translate "Log in" %}
  {% blocktranslate with name=site.name %}Welcome at {{ name }}{% endblocktranslate %}
{% translate "new" context "ticket" %} {{ _("By hand") }}
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, text in {
        "desk/models.py": PYTHON,
        "desk/pages/desk/queue.html": PAGE,
        "web/templates/account/login.html": TEMPLATE,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_every_kind_of_text_is_found(package: Path) -> None:
    found = {(each.context, each.id) for each in translations.collect(package) if each.id}
    assert found == {
        (None, "A title"),
        ("state", "open"),
        (None, ("%(n)s ticket", "%(n)s tickets")),
        (None, "Queue"),
        (None, "Hello %(name)s"),
        (None, ("one ticket", "%(count)s tickets")),
        (None, "Log in"),
        (None, "Welcome at %(name)s"),
        ("ticket", "new"),
        (None, "By hand"),
    }


def test_a_catalogue_follows_the_texts_and_keeps_its_translations(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Queue"\nmsgstr "Wachtrij"\n\nmsgid "Gone"\nmsgstr "Weg"\n', encoding="utf-8")
    translations.update(path, translations.collect(package))
    catalogue = translations.read(path)
    assert catalogue["Queue"].string == "Wachtrij"
    assert catalogue["A title"].string == ""
    assert "Gone" not in path.read_text(encoding="utf-8")
    before = path.read_bytes()
    translations.update(path, translations.collect(package))
    assert path.read_bytes() == before


def test_a_similar_text_is_not_guessed(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Log on"\nmsgstr "Aanmelden"\n', encoding="utf-8")
    translations.update(path, translations.collect(package))
    assert "Aanmelden" not in path.read_text(encoding="utf-8")


def test_what_is_not_complete_is_told_in_sentences(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "ROOT", package)
    path = package / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Gone"\nmsgstr "Weg"\n\nmsgid "Queue"\nmsgstr ""\n', encoding="utf-8")
    wanted = translations.collect(package)
    late, empty = translations.troubles_of(path, wanted)
    assert late.startswith("locale/nl/LC_MESSAGES/django.po is out of date, run “make messages”: 9 new")
    assert late.endswith("1 gone.")
    assert empty == "locale/nl/LC_MESSAGES/django.po has 1 texts without a translation: “Queue”."


def test_a_complete_catalogue_has_no_troubles(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "ROOT", package)
    path = package / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    catalogue = Catalog(locale="nl")
    for each in translations.collect(package):
        catalogue.add(each.id, each.id, context=each.context)
    with path.open("wb") as file:
        write_po(file, catalogue)
    assert list(translations.troubles_of(path, translations.collect(package))) == []


@pytest.mark.parametrize(
    ("original", "translation", "differs"),
    [
        ("Hello %(name)s", "Hallo %(name)s", False),
        ("Hello %(name)s", "Hallo", True),  # the name is lost
        ("Hello %(name)s", "Hallo %(naam)s", True),  # would be an error when it is shown
        ("100 %", "100 %", False),  # no place at all
        (("one", "%(n)s all"), ("één", "alle %(n)s"), False),
        (("%(n)s one", "%(n)s all"), ("één", "alle %(n)s"), False),  # the singular may do without
        (("one", "%(n)s all"), ("één", "alle"), True),  # the plural may not
    ],
)
def test_places_are_compared(
    original: str | tuple[str, str], translation: str | tuple[str, str], differs: bool
) -> None:
    assert translations.has_other_places(Message(original, translation)) is differs


def test_a_fuzzy_or_half_translation_does_not_count() -> None:
    assert not translations.is_translated(Message("Queue", "Wachtrij", flags={"fuzzy"}))
    assert not translations.is_translated(Message(("one", "all"), ("één", "")))
    assert translations.is_translated(Message("Queue", "Wachtrij"))
