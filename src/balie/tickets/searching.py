"""Searching tickets *as this person*: what it may not read is not found either."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery

from balie.rules import visibility
from balie.tickets.access import visible_tickets
from balie.tickets.models import Message
from balie.tickets.queries import MOST_WORDS, PAGE, Row, rows


def find_as(viewer: visibility.Viewer, text: str, *, limit: int = PAGE) -> list[Row]:
    """By number, else by all words of the subject or of one public message, in any Dutch form; the newest first.

    A word may be the beginning of one. Internal notes are searched for nobody: a hit would tell what is in them.
    """
    visible = visible_tickets(viewer)
    bare = text.strip().lstrip("#")
    if bare.isascii() and bare.isdigit() and len(bare) < 10:
        by_number = rows(visible.filter(number=int(bare)))
        if by_number:
            return by_number
    query = _query(text)
    if query is None:
        return []
    of_them = visible.order_by("-id")
    in_subjects = set(of_them.filter(search=query).values_list("id", flat=True)[:limit])
    messages = Message.objects.filter(ticket__in=visible, is_internal=False, search=query)
    in_messages = set(messages.order_by("-ticket_id").values_list("ticket_id", flat=True).distinct()[:limit])
    keys = sorted(in_subjects | in_messages, reverse=True)[:limit]
    return rows(of_them.filter(pk__in=keys))


def _query(text: str) -> SearchQuery | None:
    words = re.findall(r"\w+", text)[:MOST_WORDS]
    if not words:
        return None
    return SearchQuery(" & ".join(f"'{word}':*" for word in words), config="dutch", search_type="raw")
