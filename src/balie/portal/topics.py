"""The topics that a customer can choose from: the desk's categories, grouped as they are in the tree."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from balie.tickets.models import Category

Choice = tuple[str, str]
Group = tuple[str, Sequence[Choice]]


def topic_choices() -> list[Choice | Group]:
    """The choices of a select: a topic, or a group of topics. One query, whatever the size of the tree."""
    below: dict[int | None, list[Category]] = {}
    for category in Category.objects.filter(is_active=True):
        below.setdefault(category.parent_id, []).append(category)
    return [_choice(category, below) for category in below.get(None, [])]


def _choice(category: Category, below: dict[int | None, list[Category]]) -> Choice | Group:
    if category.pk not in below:
        return category.key, category.name
    in_general = (category.key, _("%(topic)s, something else") % {"topic": category.name})
    return category.name, [*_all_below(category, below), in_general]


def _all_below(category: Category, below: dict[int | None, list[Category]], path: str = "") -> list[Choice]:
    """A deeper tree shows its way: `Receipt › Logo`."""
    found: list[Choice] = []
    for child in below.get(category.pk, []):
        found.append((child.key, f"{path}{child.name}"))
        found += _all_below(child, below, f"{path}{child.name} › ")
    return found
