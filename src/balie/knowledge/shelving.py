"""The sections of the help site: added, renamed, moved, and taken away while nothing stands in them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from balie.accounts.models import User
from balie.audit.actions import record
from balie.knowledge.models import Section
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal


class NotEmpty(Refusal):
    """Articles or other sections stand in this one."""


class TooDeep(Refusal):
    """The tree has two levels."""


@transaction.atomic
def keep(
    section: Section | None,
    *,
    name_nl: str,
    name_en: str,
    parent: Section | None = None,
    position: int = 0,
    by: User | None,
    now: datetime,
) -> Section:
    """Add a section (`None`) or change one. Its name in the address stays what it was first."""
    if parent is not None and (
        parent.parent_id is not None or (section is not None and section.children.exists())
    ):
        raise TooDeep(_("A section stands at the top or in one that does."))
    kept = section or Section(slug=_free_slug(name_nl))
    kept.name_nl, kept.name_en, kept.parent, kept.position = name_nl, name_en, parent, position
    kept.save()
    record(
        "change_section" if section else "add_section", kept, by=by, now=now, name=name_nl, position=position
    )
    return kept


@transaction.atomic
def take_away(section: Section, *, by: User, now: datetime) -> None:
    """Take away an empty section."""
    if section.articles.exists() or section.children.exists():
        raise NotEmpty(
            _("Something still stands in this section."),
            Reason(_("Put its articles and parts elsewhere first.")),
        )
    record("take_away_section", section, by=by, now=now, name=section.name_nl)
    section.delete()


def _free_slug(name: str) -> str:
    stem = slugify(name)[:50] or "section"
    slug, number = stem, 2
    while Section.objects.filter(slug=slug).exists():
        slug, number = f"{stem}-{number}", number + 1
    return slug
