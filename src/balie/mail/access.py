"""Mail *as this person*: the folder is for administrators, what waits for a decision for all agents."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from balie.mail import queries
from balie.mail.models import InboundMail, OutboundMail


def inbound_for(user: Any, key: int) -> InboundMail:
    """A message that came in, with its raw bytes, or `Http404`."""
    _demand_administrator(user)
    mail = InboundMail.objects.select_related("ticket", "message").filter(pk=key).first()
    if mail is None:
        raise Http404
    return mail


def outbound_for(user: Any, key: int) -> OutboundMail:
    """A mail that goes out, or `Http404`."""
    _demand_administrator(user)
    mail = OutboundMail.objects.select_related("ticket").filter(pk=key).first()
    if mail is None:
        raise Http404
    return mail


def aside_for(user: Any, key: int) -> InboundMail:
    """A message about which an agent decides, or did, with its raw bytes; or `Http404`."""
    mails = queries.aside_as(user).select_related("ticket", "released_by", "released_to")
    mail = mails.filter(pk=key).first()
    if mail is None:
        raise Http404
    return mail


def _demand_administrator(user: Any) -> None:
    if not (user.is_authenticated and user.is_administrator):
        raise Http404
