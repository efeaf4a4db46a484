"""What mail does when something happens to a ticket; `config.wiring` connects them."""

from __future__ import annotations

from django.core.mail import send_mail

from balie.accounts.events import Invited
from balie.audit.actions import record
from balie.customers.events import PhoneNumberConfirmed, PhoneNumberRefused, VideoLinkMade
from balie.desk.queries import the_desk
from balie.mail import composing, notices, steps
from balie.mail.facts import automatic_mails_about, desk_mail
from balie.mail.models import InboundMail
from balie.rules.mail_matching import may_tell
from balie.tickets.events import (
    AnswerWritten,
    CallBackDue,
    CallBackGivenUp,
    CallBackMoved,
    CallBackPlanned,
    ClosingAnnounced,
    StateChanged,
    TicketOpened,
    UrgencyRaised,
    UrgencyTakenBack,
)


def on_ticket_opened(event: TicketOpened) -> None:
    if event.confirm:
        notices.confirm(event.ticket, event.people, desk=event.desk, now=event.at)


def on_answer_written(event: AnswerWritten) -> None:
    notices.send_answer(event.ticket, event.message, now=event.at)


def on_state_changed(event: StateChanged) -> None:
    if not event.answered and _may_tell(event):  # else the answer itself tells the new state
        notices.tell_state(event.ticket, before=event.before, because=event.because, now=event.at)


def _may_tell(event: StateChanged) -> bool:
    """Whether one more automatic mail about the ticket may go out; if not, it is on the record and shown."""
    so_far = automatic_mails_about(event.ticket, now=event.at)
    if may_tell(desk_mail(the_desk()), answers_on_ticket=so_far).allowed:
        return True
    last = InboundMail.objects.filter(ticket=event.ticket).order_by("-id").first()
    if last is None:
        record("stop_answering", event.ticket, by=None, now=event.at, ticket=event.ticket.number)
    else:
        steps.note_caps([(last, last.sender)], now=event.at)
    return False


def on_closing_announced(event: ClosingAnnounced) -> None:
    notices.warn_of_closing(event.ticket, now=event.at)


def on_urgency_raised(event: UrgencyRaised) -> None:
    notices.tell_urgent(event.ticket, now=event.at)


def on_urgency_taken_back(event: UrgencyTakenBack) -> None:
    notices.tell_not_urgent(event.ticket, now=event.at)


def on_phone_number_confirmed(event: PhoneNumberConfirmed) -> None:
    notices.tell_of_number(event.number, now=event.at)


def on_phone_number_refused(event: PhoneNumberRefused) -> None:
    notices.tell_of_number(event.number, now=event.at)


def on_video_link_made(event: VideoLinkMade) -> None:
    notices.send_video(event.contact, event.link, until=event.until, now=event.at)


def on_call_back_planned(event: CallBackPlanned | CallBackMoved) -> None:
    notices.tell_of_call(event.call_back, now=event.at)


def on_call_back_given_up(event: CallBackGivenUp) -> None:
    notices.tell_not_reached(event.call_back, now=event.at)


def on_call_back_due(event: CallBackDue) -> None:
    """To the agent who makes the call, as the other mails to people of the desk leave."""
    owner = event.call_back.owner
    if owner is not None and owner.active_agent is not None:
        subject, text = composing.call_due(
            event.call_back, is_overdue=event.is_overdue, language=owner.language, desk=the_desk()
        )
        send_mail(subject, text, None, [owner.email])


def on_invited(event: Invited) -> None:
    """To a login, not to a contact: it leaves as the other mails about accounts do."""
    user = event.user
    subject, text = composing.invitation(
        name=user.name, link=event.link, language=user.language, desk=event.desk
    )
    send_mail(subject, text, None, [user.email])
