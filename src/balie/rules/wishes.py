"""What a person may want from the desk: the words of a wish."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How the question reached us."""

    PORTAL = "portal"
    MAIL = "mail"
    PHONE = "phone"
    CHAT = "chat"


class AnswerMode(StrEnum):
    """How the customer wants to be helped (IB-15, IB-23, IB-24)."""

    SITE = "site"
    CALLBACK = "callback"
    ANYDESK = "anydesk"


class BillingMode(StrEnum):
    """How the customer wants to pay for the work (IB-19). `NONE`: no choice was made."""

    NONE = "none"
    PREPAID = "prepaid"
    POSTPAID = "postpaid"


@dataclass(frozen=True, slots=True)
class Wish:
    """One question as it is asked. `topic` is the key of a category of the desk."""

    channel: Channel
    topic: str | None = None
    answer_mode: AnswerMode = AnswerMode.SITE
    billing_mode: BillingMode = BillingMode.NONE
    urgent: bool = False
