"""Reading the mail folder."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from balie.customers.models import Customer
from balie.mail.models import (
    ASIDE,
    InboundMail,
    InboundOutcome,
    InboundState,
    MailStep,
    OutboundMail,
    OutboundState,
    Step,
)
from balie.prepared import ask

PAGE = 50
UNDELIVERED_FOR = timedelta(days=30)
"""So long agents are shown mail that did not arrive in their lists; on its ticket it stays."""

MOST_UNDELIVERED = 1000
_UNDELIVERED = """
    SELECT ticket_id FROM mail_outboundmail
    WHERE state = 'failed' AND ticket_id IS NOT NULL AND failed_at > %(since)s ORDER BY id DESC LIMIT %(most)s
"""


class Tab(StrEnum):
    """The parts of the mail folder."""

    OUT = "out"
    FAILED = "failed"
    IN = "in"
    QUARANTINE = "quarantine"


INBOUND_TABS = frozenset({Tab.IN, Tab.QUARANTINE})


def is_waiting(inbound: int) -> bool:
    """Whether a stored message still waits its turn."""
    return InboundMail.objects.filter(pk=inbound, state=InboundState.STORED).exists()


def inbound(tab: Tab) -> QuerySet[InboundMail]:
    """What came in, newest first, without the raw messages."""
    mails = InboundMail.objects.defer("raw").select_related("ticket").order_by("-id")
    return mails.filter(state=InboundState.QUARANTINED) if tab is Tab.QUARANTINE else mails


def outbound(tab: Tab) -> QuerySet[OutboundMail]:
    """What goes out, newest first, without the texts."""
    mails = OutboundMail.objects.defer("text", "html").select_related("ticket").order_by("-id")
    return mails.filter(state=OutboundState.FAILED) if tab is Tab.FAILED else mails


def undelivered_tickets(*, now: datetime) -> list[int]:
    """The keys of the tickets with mail that lately did not arrive, the newest failure first; one query, capped."""
    found = ask(_UNDELIVERED, {"since": now - UNDELIVERED_FOR, "most": MOST_UNDELIVERED})
    return list(dict.fromkeys(key for (key,) in found))


def undelivered_to(customer: Customer, *, now: datetime) -> list[OutboundMail]:
    """What lately did not reach the people of a customer, or is about its tickets, the newest first, without texts."""
    people = customer.contacts.annotate(key=Lower("email")).values("key")
    theirs = Q(ticket__customer=customer) | Q(recipient__in=people)
    failed = outbound(Tab.FAILED).filter(failed_at__gt=now - UNDELIVERED_FOR)
    return list(failed.filter(theirs)[:PAGE])


def trouble() -> dict[Tab, int]:
    """How many mails wait for an administrator, counted no further than a page."""
    return {
        Tab.QUARANTINE: inbound(Tab.QUARANTINE)[: PAGE + 1].count(),
        Tab.FAILED: outbound(Tab.FAILED)[: PAGE + 1].count(),
    }


class AsideTab(StrEnum):
    """The two lists of mail about which an agent decides."""

    WAITING = "waiting"
    SPAM = "spam"


def aside_as(user: Any) -> QuerySet[InboundMail]:
    """What waits, is spam, or was one of these, for this person: what came for `postmaster@` is for administrators."""
    if not (user.is_authenticated and user.active_agent is not None):
        return InboundMail.objects.none()
    decided = Q(state__in=ASIDE) | Q(released_by__isnull=False) | Q(outcome=InboundOutcome.NOT_OURS)
    found = InboundMail.objects.filter(decided)
    return found if user.is_administrator else found.exclude(outcome=InboundOutcome.ROLE)


def aside(tab: AsideTab, user: Any) -> QuerySet[InboundMail]:
    """One of the lists, the newest first, without the raw messages."""
    return aside_as(user).filter(state=tab.value).defer("raw").order_by("-id")


def aside_counts(user: Any) -> dict[AsideTab, int]:
    """How many wait in each list, counted no further than a page."""
    return {tab: aside(tab, user)[: PAGE + 1].count() for tab in AsideTab}


def silenced(*, since: datetime) -> list[InboundMail]:
    """The newest mails that got no automatic answer because there had been too many."""
    capped = MailStep.objects.filter(step=Step.CAPPED, at__gte=since).order_by("-id")
    keys = [key for key in capped.values_list("inbound", flat=True)[:PAGE] if key is not None]
    found = InboundMail.objects.defer("raw").select_related("ticket").in_bulk(keys)
    return [found[key] for key in keys if key in found]
