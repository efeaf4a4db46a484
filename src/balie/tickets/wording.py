"""The rules' words, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balie.rules.lifecycle import Initiative, State
from balie.rules.wishes import AnswerMode, BillingMode, Channel

CHANNELS: Mapping[Channel, Any] = {
    Channel.PORTAL: _("portal"),
    Channel.MAIL: _("mail"),
    Channel.PHONE: _("phone"),
    Channel.CHAT: _("chat"),
}
ANSWER_MODES: Mapping[AnswerMode, Any] = {
    AnswerMode.SITE: _("answer on the site"),
    AnswerMode.CALLBACK: _("call-back"),
    AnswerMode.ANYDESK: _("AnyDesk"),
}
BILLING_MODES: Mapping[BillingMode, Any] = {
    BillingMode.NONE: pgettext_lazy("billing mode", "none"),
    BillingMode.PREPAID: _("prepaid"),
    BillingMode.POSTPAID: _("postpaid"),
}
STATES: Mapping[State, Any] = {
    State.NEW: pgettext_lazy("state of a ticket", "new"),
    State.OPEN: pgettext_lazy("state of a ticket", "being worked on"),
    State.WAITING: _("waiting for the customer"),
    State.AWAITING_PAYMENT: _("awaiting payment"),
    State.AWAITING_ACCEPTANCE: _("awaiting acceptance"),
    State.PLANNED: pgettext_lazy("state of a ticket", "planned"),
    State.SOLVED: pgettext_lazy("state of a ticket", "solved"),
    State.CLOSED: pgettext_lazy("state of a ticket", "closed"),
    State.DECLINED: pgettext_lazy("state of a ticket", "declined"),
    State.WITHDRAWN: pgettext_lazy("state of a ticket", "withdrawn"),
}
INITIATIVES: Mapping[Initiative, Any] = {
    Initiative.DESK: _("the desk"),
    Initiative.CUSTOMER: _("the customer"),
}


def choices(words: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    """`words` as the choices of a model field."""
    return [(key.value if isinstance(key, StrEnum) else key, label) for key, label in words.items()]
