"""Reading the mail folder."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import QuerySet

from balie.mail.models import InboundMail, InboundState, OutboundMail, OutboundState

PAGE = 50


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


def trouble() -> dict[Tab, int]:
    """How many mails wait for an administrator, counted no further than a page."""
    return {
        Tab.QUARANTINE: inbound(Tab.QUARANTINE)[: PAGE + 1].count(),
        Tab.FAILED: outbound(Tab.FAILED)[: PAGE + 1].count(),
    }
