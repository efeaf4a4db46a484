"""How the mail about a ticket fared: told on its page, in plain words before those of the server; sent again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail import bounces, delivering
from balie.mail.models import AddressMark, OutboundKind, OutboundMail, OutboundState
from balie.mail.outbox import stays_in_folder
from balie.rules.delivery import OF_THE_HOUSE, PLAIN, Trouble
from balie.rules.refusals import Refusal
from balie.tickets import access, actions
from balie.tickets.models import Ticket
from balie.workspace.agents import AgentRequest, agents_only, situation_of

MOST_MAILS = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail to one person. `plain` says what is wrong, `words` are the server's own."""

    key: int
    recipient: str
    state: str
    at: datetime | None
    plain: str = ""
    words: str = ""
    is_blind: bool = False
    is_of_the_house: bool = False

    @property
    def is_in_trouble(self) -> bool:
        return self.state == OutboundState.FAILED or bool(self.plain)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """All mail about a ticket. `by_message`: of each answer, `failed`: what needs somebody, newest first."""

    by_message: Mapping[int, Sequence[Delivery]]
    failed: Sequence[Delivery]
    marks: Sequence[AddressMark]
    can_send: bool


def of_ticket(ticket: Ticket, people: Iterable[Contact], desk: Desk) -> Deliveries:
    """How the newest `MOST_MAILS` about a ticket fared. Three queries."""
    mails = list(
        ticket.outbound_mails.only(
            "recipient",
            "kind",
            "state",
            "error",
            "trouble",
            "sent_at",
            "failed_at",
            "next_attempt_at",
            "message_id",
        ).order_by("-id")[:MOST_MAILS]
    )
    blind = set(ticket.copies.filter(is_blind=True).values_list("message_id", "email"))
    by_message: dict[int, list[Delivery]] = defaultdict(list)
    failed = []
    for mail in mails:
        found = delivery_of(mail, is_blind=(mail.message_id, mail.recipient) in blind)
        if mail.kind == OutboundKind.REPLY and mail.message_id is not None:
            by_message[mail.message_id].insert(0, found)
        if mail.state == OutboundState.FAILED:
            failed.append(found)
    marks = bounces.marks_of([ticket.contact.email, *(each.email for each in people)])
    return Deliveries(by_message, failed, list(marks.values()), can_send=not stays_in_folder(desk))


def delivery_of(mail: OutboundMail, *, is_blind: bool = False) -> Delivery:
    """What agents are told of one mail."""
    at = {
        OutboundState.SENT: mail.sent_at,
        OutboundState.FAILED: mail.failed_at,
        OutboundState.QUEUED: mail.next_attempt_at,
    }
    return Delivery(
        mail.pk,
        mail.recipient,
        mail.state,
        at.get(OutboundState(mail.state)),
        plain_words(mail.trouble) if mail.state != OutboundState.SENT else "",
        mail.error,
        is_blind,
        mail.trouble in OF_THE_HOUSE,
    )


def plain_words(trouble: str) -> str:
    """What a trouble means, in the reader's language; nothing for none."""
    return _(PLAIN[Trouble(trouble)]) if trouble in list(Trouble) else ""


@agents_only
@require_POST
def resend(request: AgentRequest, number: int, key: int) -> HttpResponse:
    """Send a mail about the ticket again that was not delivered."""
    ticket = access.ticket_for(request.user, number)
    mail = ticket.outbound_mails.filter(pk=key).first()
    if mail is None:
        raise Http404
    try:
        delivering.resend(mail, by=request.user, now=request.now)
    except Refusal as refusal:
        messages.warning(request, refusal.reason.render(_))
    else:
        messages.success(request, _("The mail is on its way again."))
    return redirect("ticket", number)


@agents_only
@require_POST
def drop_copy(request: AgentRequest, number: int) -> HttpResponse:
    """Let an address get no more answers of this ticket."""
    ticket = access.ticket_for(request.user, number)
    try:
        actions.drop_copy(
            ticket, request.POST.get("email", ""), by=request.user, situation=situation_of(request)
        )
    except Refusal as refusal:
        messages.warning(request, refusal.reason.render(_))
    else:
        messages.success(request, _("This address gets no more answers."))
    return redirect("ticket", number)


@agents_only
@require_POST
def address_works(request: AgentRequest) -> HttpResponse:
    """Take the mark off an address: somebody looked into it. Leads back to the ticket or the customer it came from."""
    if bounces.clear_mark(request.POST.get("email", ""), by=request.user, now=request.now):
        messages.success(request, _("The mark is gone."))
    for name in ("ticket", "customer"):
        place = request.POST.get(name, "")
        if place.isascii() and place.isdigit() and len(place) < 19:
            return redirect(name, int(place))
    return redirect("queue")
