"""The help articles of a demo desk: the files in `knowledge/`, written by its agents as an agent would write them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from balie.accounts.models import User
from balie.config.demo import pictures
from balie.contracts.models import Product
from balie.knowledge import actions, shelving, voting
from balie.knowledge.actions import Draft, Placing
from balie.knowledge.models import Article, Section, Translation
from balie.rules.audience import Audience

FOLDER = files(__package__).joinpath("knowledge")
FENCE = "+++\n"
JUDGED = ("receipt-printer-is-silent", "card-payment-fails", "make-a-backup", "end-of-day", "count-stock")
WHY_NOT = {
    "count-stock": "Bij ons heet de knop ‘Inventarisatie’. Ik heb lang gezocht.",
    "card-payment-fails": "Welk nummer bel ik als het een landelijke storing is?",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One file: an article in one language, with what stands above it."""

    key: str
    language: str
    title: str
    text: str
    head: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, content: str) -> Page:
        key, language, _suffix = name.split(".")
        _nothing, head, body = content.split(FENCE, 2)
        title, _newline, text = body.strip().removeprefix("# ").partition("\n")
        return cls(key, language, title, text.strip(), tomllib.loads(head))

    @property
    def draft(self) -> Draft:
        return Draft(self.title, self.text, self.head.get("summary", ""), self.head.get("keywords", ""))


def pages() -> list[Page]:
    """All articles in the order of their names, Dutch before English."""
    found = [
        Page.read(each.name, each.read_text(encoding="utf-8"))
        for each in FOLDER.iterdir()
        if each.name.endswith(".md")
    ]
    return sorted(found, key=lambda page: (page.language == "en", page.key))


def write(*, now: datetime) -> None:
    """Write them all, unless somebody wrote something already. One transaction of the caller's."""
    if Section.objects.exists():
        return
    writers = list(User.objects.filter(agent__isnull=False).order_by("pk"))
    if not writers:
        return
    sections = _sections(writers[-1], now)
    made: dict[str, Article] = {}
    for position, page in enumerate(pages()):
        by, at = writers[position % len(writers)], now - timedelta(days=3 * position + 2)
        if page.language == "nl":
            translation = actions.begin(_placing(page, sections, position), "nl", page.draft, by=by, now=at)
            made[page.key] = translation.article
            _pictures(translation.article, page, by, at)
        else:
            translation = actions.translate(made[page.key], page.language, page.draft, by=by, now=at)
        if not page.head.get("draft"):
            actions.publish(translation, number=1, by=by, now=at)
    _votes(made, now)


def _sections(by: User, now: datetime) -> dict[str, Section]:
    told = tomllib.loads(FOLDER.joinpath("sections.toml").read_text(encoding="utf-8"))["sections"]
    made: dict[str, Section] = {}
    for position, each in enumerate(told):
        above = made.get(each.get("part_of", ""))
        made[each["key"]] = shelving.keep(
            None,
            name_nl=each["nl"],
            name_en=each["en"],
            parent=above,
            position=10 * position,
            by=by,
            now=now,
        )
    return made


def _placing(page: Page, sections: Mapping[str, Section], position: int) -> Placing:
    return Placing(
        section=sections[page.head["section"]],
        audience=Audience(page.head.get("audience", Audience.EVERYBODY.value)),
        products=list(Product.objects.filter(key__in=page.head.get("products", ()))),
        position=position,
    )


def _pictures(article: Article, page: Page, by: User, now: datetime) -> None:
    for name, told in page.head.get("pictures", {}).items():
        actions.add_media(
            article,
            name=f"{name}.png",
            content=pictures.receipt(told["lines"]),
            description=told["description"],
            by=by,
            now=now,
        )


def _votes(made: Mapping[str, Article], now: datetime) -> None:
    """Some readers said what they thought of some articles."""
    for key in JUDGED:
        translation = Translation.objects.select_related("publication").get(article=made[key], language="nl")
        for visitor, is_useful in enumerate(_opinions(key)):
            why = "" if is_useful else WHY_NOT.get(key, "")
            voting.vote(
                translation.publication,
                visitor=f"demo {visitor}",
                is_useful=is_useful,
                why=why,
                now=now - timedelta(hours=7 * visitor + 1),
            )


def _opinions(key: str) -> Iterable[bool]:
    """Between four and nine readers, one of whom was not helped where we know why."""
    return [*([True] * (4 + len(key) % 5)), *([False] if key in WHY_NOT else [])]
