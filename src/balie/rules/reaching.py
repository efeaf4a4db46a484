"""By which channel a question may reach the desk now (IB-01, IB-21, SW-05, SW-06, SW-17, SW-19).

The website takes every question (SW-05, SW-19). Who may phone: `calling`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from balie.rules.calling import A_TICKET, is_public, not_by_phone, says_caller_id, says_line
from balie.rules.case import Case, No
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.topics import Place
from balie.rules.wishes import AnswerMode, Channel


def not_by_this_channel(case: Case) -> No | None:
    """Why this question may not reach the desk by this channel now; `None` when it may."""
    rule = _NOT_BY.get(case.wish.channel)
    return None if rule is None else rule(case)


def says_channel(case: Case) -> tuple[Reason, ...]:
    """What is to be known of a channel that may be used."""
    rule = _SAYS.get(case.wish.channel)
    return () if rule is None else rule(case)


def _not_by_mail(case: Case) -> No | None:
    return _ONLY_A_POINTER if case.desk.settings.mail_in == "pointer" else None


def _not_by_chat(case: Case) -> No | None:
    return None if case.desk.settings.offers_chat else _NO_CHAT


_ONLY_A_POINTER = No(
    Reason(_("A mail is answered with the way to the website."), {}, None, "settings.mail_in"), (A_TICKET,)
)
_NO_CHAT = No(Reason(_("This desk has no chat."), {}, None, "settings.offers_chat"), (A_TICKET,))

_NOT_BY: Mapping[Channel, Callable[[Case], No | None]] = {
    Channel.MAIL: _not_by_mail,
    Channel.CHAT: _not_by_chat,
    Channel.PHONE: not_by_phone,
}


def _says_mail(case: Case) -> tuple[Reason, ...]:
    """IB-21: also by mail a call-back is asked for with a ticket."""
    return () if case.wish.answer_mode is AnswerMode.SITE else (_MAIL_IS_A_TICKET,)


def _says_chat(case: Case) -> tuple[Reason, ...]:
    return (_FOR_THE_TILL,) if case.topic is not None and case.topic.place is not Place.TILL else ()


def _says_call(case: Case) -> tuple[Reason, ...]:
    return says_line(case) if is_public(case.desk) else says_caller_id(case.facts)


_MAIL_IS_A_TICKET = Reason(
    _("The mail becomes a ticket; with it the call-back or AnyDesk is asked for."),
    {},
    None,
    "desk.mail_address",
)
_FOR_THE_TILL = Reason(
    _("The chat is meant above all for short questions about the till."), {}, None, "settings.offers_chat"
)

_SAYS: Mapping[Channel, Callable[[Case], tuple[Reason, ...]]] = {
    Channel.MAIL: _says_mail,
    Channel.CHAT: _says_chat,
    Channel.PHONE: _says_call,
}
