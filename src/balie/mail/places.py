"""What is filled into the places of a mail's text: for one reader, in the language and on the clock of now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from balie.customers import addressees
from balie.customers.models import Contact, PhoneNumber
from balie.customers.numbers import as_people_write
from balie.desk.models import Desk
from balie.mail.texts import NOTHING, Filled, Places
from balie.rules.decision import Decision
from balie.rules.lifecycle import State
from balie.rules.promises import says_normally
from balie.rules.rates import surcharge_told
from balie.rules.reasons import Reason
from balie.tickets import wording
from balie.tickets.facts import desk_for_rules
from balie.tickets.models import Attachment, CallBack, Message, Ticket
from balie.web.jinja import clock, explained, moment, paragraphs

BUTTON = (
    "display: inline-block; padding: 10px 18px; border-radius: 6px; background: #066fd1; color: #ffffff; "
    "text-decoration: none"
)


def of_ticket(
    kind: str,
    ticket: Ticket,
    contact: Contact,
    *,
    desk: Desk,
    decision: Decision | None = None,
    before: object = "",
    because: str = "",
    message: Message | None = None,
    whole: bool = True,
    files: Sequence[Attachment] = (),
    brings_files: bool = False,
    call_back: CallBack | None = None,
) -> Places:
    """The places of a mail about a ticket; those that this kind has not stay empty."""
    filled = {
        "number": Filled.of(ticket.number),
        "subject": Filled.of(ticket.subject),
        "name": Filled.of(contact.name),
        "desk": Filled.of(desk.name),
        "state": Filled.of(wording.STATES[State(ticket.state)]),
        "meaning": Filled.of(meaning(ticket, desk)),
        "link": _link(_page_of(ticket, contact), contact),
        "before": Filled.of(before),
        "because": Filled.block(because, paragraphs(because)) if because else NOTHING,
        "closes_at": Filled.of(moment(ticket.closes_at)),
    }
    if decision is not None:
        told = surcharge_told(decision, with_amount=contact.may_see_money)
        filled["surcharge"] = _sentence(explained(told))
        filled["promise"] = _promise(ticket, decision, desk)
        filled["refusal"] = Filled.of(explained(decision.refusal) if decision.refusal else "")
        filled["ways"] = _list(explained(way) for way in decision.ways_forward)
    if call_back is not None:
        filled |= _of_call(call_back)
    if message is not None:
        filled["answer"] = _answer(ticket, message, whole, [] if brings_files else files)
    return filled


def of_call_due(call_back: CallBack, *, is_overdue: bool, desk: Desk) -> Places:
    """What an agent is told of its call. The words are the agent's own language."""
    ticket, owner = call_back.ticket, call_back.owner
    at = moment(call_back.planned_from)
    customer = f"{ticket.contact}, {ticket.customer}" if ticket.customer else str(ticket.contact)
    return {
        "number": Filled.of(ticket.number),
        "subject": Filled.of(ticket.subject),
        "name": Filled.of(owner or ""),
        "desk": Filled.of(desk.name),
        "when": Filled.of(
            (_("Overdue since %(moment)s") if is_overdue else _("At %(moment)s")) % {"moment": at}
        ),
        "customer": Filled.of(customer),
        "where": _of_call(call_back)["where"],
        "link": _way(
            settings.BALIE_URL + reverse("call_back", args=[call_back.pk]), _("The call:"), _("To the call")
        ),
    }


def _of_call(call_back: CallBack) -> dict[str, Filled]:
    where = call_back.phone_as_written or f"AnyDesk {call_back.anydesk}"
    return {
        "moment": Filled.of(f"{moment(call_back.planned_from)} – {clock(call_back.planned_until)}"),
        "where": Filled.of(where),
        "attempts": Filled.of(call_back.attempts.count() if call_back.pk else 3),
    }


def of_pointer(subject: str, *, desk: Desk) -> Places:
    your_mail = _("your mail “%(subject)s”") % {"subject": subject} if subject else _("your mail")
    address = settings.BALIE_URL
    return {
        "desk": Filled.of(desk.name),
        "re_subject": Filled.of(f"Re: {subject}" if subject else desk.name),
        "your_mail": Filled.of(your_mail),
        "portal": Filled.block(address, format_html('<p><a href="{0}">{0}</a></p>', address)),
    }


def of_invitation(*, name: str, link: str, desk: Desk) -> Places:
    return {
        "desk": Filled.of(desk.name),
        "name": Filled.of(name),
        "link": Filled.block(link, format_html('<p><a href="{0}">{0}</a></p>', link)),
    }


def of_number(contact: Contact, number: PhoneNumber, *, desk: Desk) -> Places:
    because = number.refused_because
    return {
        "phone": Filled.of(as_people_write(number.e164)),
        "name": Filled.of(contact.name),
        "desk": Filled.of(desk.name),
        "because": Filled.block(because, paragraphs(because)) if because else NOTHING,
        "link": _way(
            settings.BALIE_URL + reverse("my_helpdesk"), _("Your helpdesk page:"), _("To your helpdesk page")
        ),
    }


def of_video(contact: Contact, link: str, *, until: datetime, desk: Desk) -> Places:
    return {
        "name": Filled.of(contact.name),
        "desk": Filled.of(desk.name),
        "until": Filled.of(moment(until)),
        "link": _way(link, _("Watch it here:"), _("Watch the video")),
    }


def meaning(ticket: Ticket, desk: Desk) -> str:
    """What the state of a ticket means for the customer, in a sentence; and how to pay when it waits for that."""
    page = {"state": ticket.state, "ticket": ticket, "desk": desk}
    return render_to_string("mail/meaning.txt", page, using="jinja2").strip()


def _promise(ticket: Ticket, decision: Decision, desk: Desk) -> Filled:
    """By when the answer can be expected, what happens first, or why none is promised."""
    if decision.refusal:
        return _refused(decision.refusal, decision.ways_forward)
    if ticket.due_at:
        is_normally = says_normally(decision.plan, desk_for_rules(desk))
        return _sentence(gettext(_EXPECT[is_normally]) % {"moment": moment(ticket.due_at)})
    return NOTHING if ticket.state == State.NEW else _sentence(meaning(ticket, desk))


_EXPECT = {
    False: gettext_noop("You can expect our answer before %(moment)s."),
    True: gettext_noop("Normally you can expect our answer before %(moment)s."),  # IB-09: no obligation
}


def _refused(refusal: Reason, ways: Sequence[Reason]) -> Filled:
    but = _("We keep it, but cannot promise you an answer:")
    sentence = _sentence(f"{but} {explained(refusal)}")
    listed = _list(explained(way) for way in ways)
    return Filled.block(f"{sentence.text}\n{listed.text}", format_html("{}\n{}", sentence.html, listed.html))


def _answer(ticket: Ticket, message: Message, whole: bool, named: Sequence[Attachment]) -> Filled:
    """The words of the answer and who wrote them, with the names of files that stay behind; or the way to it."""
    if not whole:
        sentence = _("We answered your question %(number)s, “%(subject)s”. Read the answer on our site.")
        return _sentence(sentence % {"number": ticket.number, "subject": ticket.subject})
    author = message.author_name
    text = f"{message.text.strip()}\n\n{author}"
    html = format_html("{}\n<p>{}</p>", paragraphs(message.text), author)
    if named:
        heading, listed = (
            _sentence(_("Files that come with this answer:")),
            _list(each.name for each in named),
        )
        text = f"{text}\n\n{heading.text}\n{listed.text}"
        html = format_html("{}\n{}\n{}", html, heading.html, listed.html)
    return Filled.block(text, html)


def _page_of(ticket: Ticket, contact: Contact) -> str:
    """The ticket's page; who is not logged in passes by the login, which knows the address by this link."""
    seal = {addressees.NAME: addressees.sealed(contact)}
    return settings.BALIE_URL + reverse("my_ticket", args=[ticket.number], query=seal)


def _link(address: str, contact: Contact) -> Filled:
    if contact.user_id is None:
        return NOTHING
    return _way(address, _("See the whole conversation, or add to it:"), _("See the whole conversation"))


def _way(address: str, sentence: str, words: str) -> Filled:
    """A way to one of our pages: as text a sentence and the address, as HTML a button with `words`."""
    button = format_html('<p><a href="{}" class="way" style="{}">{}</a></p>', address, BUTTON, words)
    return Filled.block(f"{sentence}\n{address}", button)


def _sentence(text: str) -> Filled:
    return Filled.block(text, format_html("<p>{}</p>", text))


def _list(texts: Iterable[Any]) -> Filled:
    lines = [str(each) for each in texts]
    if not lines:
        return NOTHING
    html: SafeString = format_html(
        "<ul>\n{}</ul>", format_html_join("", "<li>{}</li>\n", ((line,) for line in lines))
    )
    return Filled.block("\n".join(f"- {line}" for line in lines), html)
