"""The topics that a customer can choose from: the desk's categories, as they hang in the tree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

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


def active_topics(desk: Desk) -> list[Category]:
    """All topics that can be chosen, in their order."""
    return [each for each in categories(desk) if each.is_active]


def keys_of(topics: Collection[Category]) -> set[str]:
    """The keys of the topics that the page shows: those that hang on nothing that was switched off."""
    return {key for each in topic_tree(topics) for key in (each.key, *(card.key for card in each.cards))}


def topic_tree(topics: Collection[Category]) -> list[Branch]:
    """The topics of the first level, each with all that is below it."""
    below: dict[int | None, list[Category]] = {}
    for topic in topics:
        below.setdefault(topic.parent_id, []).append(topic)
    return [_branch(topic, below) for topic in below.get(None, [])]


def _branch(topic: Category, below: dict[int | None, list[Category]]) -> Branch:
    cards = list(_all_below(topic, below))
    if cards:
        cards.append(Card(topic.key, _("%(topic)s, something else") % {"topic": topic.name}))
    return Branch(topic.key, topic.name, topic.kind, cards)


def _all_below(topic: Category, below: dict[int | None, list[Category]], path: str = "") -> Iterator[Card]:
    for child in below.get(topic.pk, []):
        yield Card(child.key, child.name, path)
        yield from _all_below(child, below, f"{path}{child.name} › ")
