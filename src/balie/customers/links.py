"""The links in mails about accounts: signed, so that nobody makes one; each good for one thing."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal


class Purpose(StrEnum):
    """What a link is for, which is also the name of its page."""

    JOIN = "join"
    VERIFY_CLAIM = "verify_claim"
    STOP_CLAIM = "stop_claim"


class LinkEnded(Refusal):
    """The link is damaged, too old, or has done its work. It does not tell which."""

    def __init__(self) -> None:
        super().__init__(
            _("This link has been used already, or it is too old."),
            Reason(_("Begin again, or ask the desk.")),
        )


def link(purpose: Purpose, *values: int | str) -> str:
    """The full address of the page, for a mail."""
    token = signing.dumps(list(values), salt=_salt(purpose))
    address: str = settings.BALIE_URL
    return address + reverse(purpose.value, args=[token])


def values_of(purpose: Purpose, token: str) -> list[Any]:
    """What the link was made with; raises `LinkEnded` for one that we did not make, or made for something else."""
    try:
        values: list[Any] = signing.loads(token, salt=_salt(purpose))
    except (signing.BadSignature, ValueError):
        raise LinkEnded from None
    return values


def _salt(purpose: Purpose) -> str:
    return f"balie.customers.{purpose}"
