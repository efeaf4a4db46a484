"""The table of what we hold about a person is complete: no model that points to a person is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.privacy import holdings
from balie.privacy.holdings import HOLDINGS, NOT_ABOUT_PERSONS, Fate


def references_to_persons() -> Iterator[tuple[str, str]]:
    """Every field of every model that points to a contact or a user: the model's label, the field's name."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey) or field.model is not model:
                continue
            if field.related_model in (Contact, User):
                yield model._meta.label, field.name


def test_every_model_that_points_to_a_person_is_exported_or_says_why_not() -> None:
    held = {holding.model._meta.label for holding in HOLDINGS}
    missing = [
        f"{label}.{name}"
        for label, name in references_to_persons()
        if label not in held and f"{label}.{name}" not in NOT_ABOUT_PERSONS
    ]
    assert not missing, f"Add to privacy/holdings.py: {', '.join(missing)}"


def test_the_exceptions_are_still_there() -> None:
    there = {f"{label}.{name}" for label, name in references_to_persons()}
    gone = [name for name in NOT_ABOUT_PERSONS if name not in there]
    assert not gone


def test_every_reason_to_keep_something_is_given() -> None:
    for holding in HOLDINGS:
        assert holding.fate is Fate.DELETED or str(holding.because), holding.key


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda each: each.key)
def test_what_an_export_shows_is_there(holding: holdings.Holding) -> None:
    for name in holding.fields:
        assert not isinstance(holding.model._meta.get_field(name), ManyToManyField)


def test_every_key_is_used_once() -> None:
    keys = [holding.key for holding in HOLDINGS]
    assert len(keys) == len(set(keys))
