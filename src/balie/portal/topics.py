"""The topics that a customer can choose from: the desk's categories, as they hang in the tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from balie.contracts.facts import Revision
from balie.desk.models import Desk
from balie.tickets.facts import categories
from balie.tickets.models import Category, CategoryKind


@dataclass(frozen=True, slots=True)
class Card:
    """One topic to tap. `path` says where it hangs in a deeper tree: `Receipt ›`."""

    key: str
    name: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A topic of the first level with everything below it; without cards it is one to tap itself."""

    key: str
    name: str
    kind: str
    cards: Sequence[Card]

    @property
    def icon(self) -> str:
        return ICONS.get(self.kind, "dots")

    def holds(self, key: str) -> bool:
        """Whether the topic with this key is among the cards."""
        return any(card.key == key for card in self.cards)


ICONS: Mapping[str, str] = {
    CategoryKind.INCIDENT: "alert-triangle",
    CategoryKind.QUESTION: "help-circle",
    CategoryKind.CHANGE: "pencil",
    CategoryKind.RESEARCH: "chart-bar",
    CategoryKind.HARDWARE: "printer",
    CategoryKind.THIRD_PARTY: "world",
}


def topics_of(desk: Desk) -> tuple[Branch, ...]:
    """What can be chosen, of the first level, each with all that is below it; made once for a revision of the desk."""
    return _tree_at(Revision(desk), get_language())


@lru_cache(maxsize=64)
def _tree_at(revision: Revision, _language: str | None) -> tuple[Branch, ...]:
    below: dict[int | None, list[Category]] = {}
    for topic in categories(revision.desk):
        if topic.is_active:
            below.setdefault(topic.parent_id, []).append(topic)
    return tuple(_branch(topic, below) for topic in below.get(None, []))


def can_be_chosen(key: str, desk: Desk) -> bool:
    """Whether the page shows this topic: nothing that it hangs on was switched off."""
    return any(key == branch.key or branch.holds(key) for branch in topics_of(desk))


def _branch(topic: Category, below: dict[int | None, list[Category]]) -> Branch:
    cards = list(_all_below(topic, below))
    if cards:
        cards.append(Card(topic.key, _("%(topic)s, something else") % {"topic": topic.name}))
    return Branch(topic.key, topic.name, topic.kind, cards)


def _all_below(topic: Category, below: dict[int | None, list[Category]], path: str = "") -> Iterator[Card]:
    for child in below.get(topic.pk, []):
        yield Card(child.key, child.name, path)
        yield from _all_below(child, below, f"{path}{child.name} › ")
