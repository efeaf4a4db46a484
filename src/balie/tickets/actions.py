"""Every write on a ticket: fetch and lock, ask the rule, store, put on the record, publish.

Each runs in one transaction and takes the moment as `now`. A refusal leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from balie import events as bus
from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Contact, Customer
from balie.files import actions as files
from balie.live.actions import publish as tell_screens
from balie.rules import entitlement, lifecycle
from balie.rules.customer_facts import CustomerFacts
from balie.rules.lifecycle import Actor, Move, State
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal
from balie.rules.sla import EventKind, kinds_of
from balie.rules.wishes import AnswerMode, Channel, Wish
from balie.tickets import clocks
from balie.tickets.events import AnswerWritten, ClosingAnnounced, StateChanged, TicketOpened
from balie.tickets.facts import Situation, plain, reactions_on
from balie.tickets.models import Attachment, Category, Message, Ticket, TicketEvent

SUBJECT_LENGTH = Ticket._meta.get_field("subject").max_length or 200


class NothingWritten(Refusal):
    """A message needs a text or a file."""


class SomebodyWasFirst(NoLongerSo):
    """A message came in after this person last looked."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that comes with a message."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody wrote: text, the quoted part and sanitised HTML of a mail, files.

    `submission` is made with the form: the same form sent twice is one message.
    """

    text: str
    quoted: str = ""
    html: str = ""
    has_remote_images: bool = False
    uploads: Sequence[Upload] = field(default=())
    submission: UUID | None = None
    is_automatic: bool = False


@transaction.atomic
def open(
    contact: Contact,
    wish: Wish,
    *,
    subject: str,
    writing: Writing,
    by: User | None,
    situation: Situation,
    follows: Ticket | None = None,
) -> Ticket:
    """Open a ticket on the terms that the rules give now; raises a `Refusal` when they do not allow it.

    The same form sent twice, also at the same moment, is one ticket.
    """
    if already := _sent_before(writing):
        return already.ticket
    facts, decision = _decide(contact, wish, situation)
    if _is_counted(decision, situation):
        _one_at_a_time(contact)
        if already := _sent_before(writing):
            return already.ticket
        facts, decision = _decide(contact, wish, situation)
    decision.demand()
    try:
        with transaction.atomic():
            return _open(
                contact,
                wish,
                facts,
                decision,
                subject=subject,
                writing=writing,
                by=by,
                situation=situation,
                follows=follows,
            )
    except IntegrityError:
        if (already := _sent_before(writing)) is None:
            raise
        return already.ticket


@transaction.atomic(savepoint=False)
def take_in(
    contact: Contact,
    wish: Wish,
    *,
    subject: str,
    writing: Writing,
    situation: Situation,
    follows: Ticket | None = None,
    people: Sequence[Contact] = (),
    confirm: bool = True,
) -> Ticket:
    """Open a ticket for what came in by mail. Never refuses: over the quota it is kept and starts no clock (IB-10)."""
    facts, decision = _decide(contact, wish, situation)
    return _open(
        contact,
        wish,
        facts,
        decision,
        subject=subject,
        writing=writing,
        by=None,
        situation=situation,
        follows=follows,
        people=people,
        confirm=confirm,
    )


@transaction.atomic
def reply(
    ticket: Ticket, *, writing: Writing, by: User, seen: int, situation: Situation, move: Move = Move.ANSWER
) -> Message:
    """Answer the customer as an agent (`Move.ANSWER`, `ASK_BACK` or `SOLVE`).

    `seen` is the newest message that the agent saw; raises `SomebodyWasFirst` when there is a newer public one.
    """
    ticket = _locked(ticket)
    if already := _sent_before(writing):
        return already
    _refuse_when_newer(ticket, seen)
    before = State(ticket.state)
    outcome = lifecycle.move(before, move, answer_mode=AnswerMode(ticket.answer_mode), by=Actor.AGENT)
    message = _write(ticket, writing, now=situation.now, agent=by)
    if ticket.assigned_to_id is None:
        ticket.assigned_to = by
    _moved(ticket, move, outcome, by, situation, message=message)
    record("answer", ticket, by=by, now=situation.now, message=message.pk, move=move.value)
    bus.publish(AnswerWritten(ticket, message, situation.now))
    _tell_state(ticket, before, situation.now, answered=True)
    return message


@transaction.atomic
def note(ticket: Ticket, *, writing: Writing, by: User | None, situation: Situation) -> Message:
    """Leave a note that only the desk sees; without `by` Balie itself leaves it."""
    ticket = _locked(ticket)
    if already := _sent_before(writing):
        return already
    message = _write(ticket, writing, now=situation.now, agent=by, is_internal=True)
    _happened(ticket, "note", by, situation.now, message=message)
    _store(ticket, situation)
    record("note", ticket, by=by, now=situation.now, message=message.pk)
    return message


@transaction.atomic
def receive(
    ticket: Ticket,
    contact: Contact,
    *,
    channel: Channel,
    writing: Writing,
    situation: Situation,
    confirm: bool = True,
) -> Ticket:
    """Take in a customer's message. Answers the ticket it landed on: a new one when the old ended long ago (IB-23).

    Over the quota of reactions or of tickets (IB-10) a mail is kept and starts no clock; any other channel raises
    `NotEntitled`.
    """
    ticket = _locked(ticket)
    if already := _sent_before(writing):
        return already.ticket
    before = State(ticket.state)
    outcome = lifecycle.receive_reply(
        before,
        answer_mode=AnswerMode(ticket.answer_mode),
        since=ticket.closed_at or ticket.changed_at,
        zone=situation.row.zone,
        settings=situation.desk.settings,
        now=situation.now,
    )
    if isinstance(outcome, lifecycle.NewLinkedTicket):
        wish = Wish(channel, ticket.category.key if ticket.category else None, AnswerMode(ticket.answer_mode))
        if channel is Channel.MAIL:
            return take_in(
                contact,
                wish,
                subject=ticket.subject,
                writing=writing,
                situation=situation,
                follows=ticket,
                confirm=confirm,
            )
        return open(
            contact,
            wish,
            subject=ticket.subject,
            writing=writing,
            by=contact.user,
            situation=situation,
            follows=ticket,
        )
    reaction = decide_reaction(ticket, situation)
    if channel is not Channel.MAIL:
        reaction.demand()
    message = _write(ticket, writing, now=situation.now, contact=contact, channel=channel)
    what = Move.REOPEN if before in lifecycle.ENDED else Move.REPLY
    _moved(ticket, what, outcome, contact, situation, message=message, is_heard=reaction.allowed)
    record("reply", ticket, by=str(contact), now=situation.now, message=message.pk)
    _tell_state(ticket, before, situation.now)
    return ticket


@transaction.atomic
def file_automatic(
    ticket: Ticket, contact: Contact | None, *, writing: Writing, situation: Situation
) -> Message:
    """Keep a machine's message with its ticket: no state changes, no clock starts, nobody is answered."""
    ticket = _locked(ticket)
    message = _write(ticket, writing, now=situation.now, contact=contact, channel=Channel.MAIL)
    _happened(ticket, "automatic_mail", contact, situation.now, message=message)
    _store(ticket, situation)
    return message


@transaction.atomic
def move(
    ticket: Ticket,
    what: Move,
    *,
    actor: Actor,
    by: User | Contact | None,
    situation: Situation,
    because: str = "",
    seen: int | None = None,
) -> Ticket:
    """Move a ticket to another state; raises `lifecycle.MoveNotAllowed`.

    With `seen`, the newest message that the person saw, also `SomebodyWasFirst`: nobody closes what they did not read.
    """
    ticket = _locked(ticket)
    if seen is not None:
        _refuse_when_newer(ticket, seen)
    before = State(ticket.state)
    outcome = lifecycle.move(before, what, answer_mode=AnswerMode(ticket.answer_mode), by=actor)
    _moved(ticket, what, outcome, by, situation, because=because)
    record(
        what.value,
        ticket,
        by=by if isinstance(by, User) else str(by or ""),
        now=situation.now,
        because=because,
    )
    _tell_state(ticket, before, situation.now, because=because)
    return ticket


@transaction.atomic
def assign(ticket: Ticket, *, to: User | None, by: User, situation: Situation) -> Ticket:
    """Give a ticket to an agent, or back to nobody."""
    ticket = _locked(ticket)
    ticket.assigned_to = to
    agent = to.active_agent if to else None
    if agent and agent.team_id:
        ticket.team_id = agent.team_id
    _happened(ticket, "assign", by, situation.now, to=str(to) if to else None)
    _store(ticket, situation)
    record("assign", ticket, by=by, now=situation.now, to=to.pk if to else None)
    return ticket


@transaction.atomic
def bring_along(contact: Contact, *, by: User, now: datetime) -> int:
    """Give the tickets of somebody who was placed at a customer to that customer; answers how many.

    They keep the decision that they were made under.
    """
    strays = Ticket.objects.select_for_update().filter(contact=contact, customer=None).order_by("pk")
    for ticket in strays:
        ticket.customer, ticket.site = contact.customer, contact.site
        ticket.changed_at = now
        ticket.save(update_fields=["customer", "site", "changed_at"])
        _happened(ticket, "placed", by, now, customer=str(contact.customer))
        record("place", ticket, by=by, now=now, customer=contact.customer_id)
        _let_screens_look(ticket)
    return len(strays)


@transaction.atomic
def announce_closing(ticket: Ticket, *, situation: Situation) -> bool:
    """Warn a silent customer that its ticket closes (IB-23). Safe to run twice; answers whether it warned."""
    ticket = _locked(ticket)
    if ticket.warn_closing_at is None or ticket.warn_closing_at > situation.now:
        return False
    _happened(ticket, clocks.CLOSING_ANNOUNCED, None, situation.now)
    clocks.wind(ticket, situation)
    ticket.save()
    bus.publish(ClosingAnnounced(ticket, situation.now))
    return True


@transaction.atomic
def close_silent(ticket: Ticket, *, situation: Situation) -> bool:
    """Close a ticket whose customer stayed silent after the warning (IB-23). Safe twice; answers whether it did."""
    ticket = _locked(ticket)
    is_due = ticket.closes_at is not None and ticket.closes_at <= situation.now
    if not is_due or ticket.warn_closing_at is not None:
        return False
    move(ticket, Move.CLOSE_BY_ITSELF, actor=Actor.SYSTEM, by=None, situation=situation)
    return True


def decide_reaction(ticket: Ticket, situation: Situation) -> entitlement.Decision:
    """Whether the customer may write once more on this ticket (IB-10)."""
    facts = CustomerFacts(reactions_on_ticket=reactions_on(ticket))
    return entitlement.decide_reaction(clocks.decision_of(ticket), facts, situation.desk)


def _decide(contact: Contact, wish: Wish, situation: Situation) -> tuple[CustomerFacts, entitlement.Decision]:
    facts = situation.facts(contact.customer)
    return facts, entitlement.decide(facts, wish, situation.desk, at=situation.now)


def _is_counted(decision: entitlement.Decision, situation: Situation) -> bool:
    """Whether tickets under this plan are limited in number (IB-10)."""
    plan = situation.desk.plans.get(decision.plan or "")
    return plan is not None and plan.is_free and situation.settings.tickets_per_month is not None


def _one_at_a_time(contact: Contact) -> None:
    """Let two that open at once for one customer come one after the other, so that both are counted."""
    if contact.customer_id is not None:
        Customer.objects.select_for_update(no_key=True).only("pk").get(pk=contact.customer_id)


def _open(
    contact: Contact,
    wish: Wish,
    facts: CustomerFacts,
    decision: entitlement.Decision,
    *,
    subject: str,
    writing: Writing,
    by: User | None,
    situation: Situation,
    follows: Ticket | None = None,
    people: Sequence[Contact] = (),
    confirm: bool = True,
) -> Ticket:
    first = lifecycle.first_state(
        must_be_accepted=entitlement.Condition.ACCEPTANCE in decision.waits_for,
        must_be_paid=entitlement.Condition.PAYMENT in decision.waits_for,
    )
    ticket = Ticket(
        subject=_subject(subject, writing.text),
        customer=contact.customer,
        contact=contact,
        site=contact.site,
        category=Category.objects.filter(key=wish.topic).first() if wish.topic else None,
        follows=follows,
        channel=wish.channel,
        answer_mode=wish.answer_mode,
        billing_mode=wish.billing_mode,
        urgent=wish.urgent and decision.allowed,
        state=first,
        initiative=lifecycle.initiative_of(first, answer_mode=wish.answer_mode),
        decision={
            "at": situation.now.isoformat(),
            "wish": plain(wish),
            "facts": plain(facts),
            "decision": decision.as_json(),
        },
        opened_at=situation.now,
        changed_at=situation.now,
    )
    opened = TicketEvent(at=situation.now, kind="opened", clocks=[EventKind.OPENED], who=str(contact))
    clocks.wind(ticket, situation, [opened])
    ticket.save()
    situation.count_opened(contact.customer)
    on_it = Ticket.people.through
    on_it.objects.bulk_create(on_it(ticket=ticket, contact=person) for person in {contact, *people})
    opened.ticket = ticket
    opened.message = _write(ticket, writing, now=situation.now, contact=contact, channel=wish.channel)
    opened.save()
    _let_screens_look(ticket)
    record("open", ticket, by=by or str(contact), now=situation.now, channel=wish.channel.value)
    bus.publish(TicketOpened(ticket, opened.message, situation.now, confirm=confirm))
    return ticket


def _locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now, locked until the transaction ends: two at once come one after the other."""
    return (
        Ticket.objects.select_for_update(of=("self",)).select_related("category", "contact").get(pk=ticket.pk)
    )


def _sent_before(writing: Writing) -> Message | None:
    """The message that the same form made before."""
    if writing.submission is None:
        return None
    made = Message.objects.filter(submission=writing.submission)
    return made.select_related("ticket").get() if made.exists() else None


def _refuse_when_newer(ticket: Ticket, seen: int) -> None:
    newer = (
        ticket.messages.filter(pk__gt=seen, is_internal=False, is_automatic=False)
        .select_related("agent", "contact")
        .last()
    )
    if newer is not None:
        raise SomebodyWasFirst(
            Reason(
                _("%(who)s wrote while you were writing. Read it, then send your text again."),
                {"who": newer.author_name},
            )
        )


def _write(
    ticket: Ticket,
    writing: Writing,
    *,
    now: datetime,
    agent: User | None = None,
    contact: Contact | None = None,
    channel: Channel = Channel.PORTAL,
    is_internal: bool = False,
) -> Message:
    if not writing.text.strip() and not writing.uploads and not writing.html:
        raise NothingWritten(_("There is nothing to send yet: write a text or add a file."))
    message = Message.objects.create(
        ticket=ticket,
        is_internal=is_internal,
        is_automatic=writing.is_automatic,
        channel=channel,
        agent=agent,
        contact=contact,
        text=writing.text.replace("\x00", ""),
        quoted=writing.quoted.replace("\x00", ""),
        html=writing.html.replace("\x00", ""),
        has_remote_images=writing.has_remote_images,
        written_at=now,
        submission=writing.submission,
    )
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            file=files.store(upload.content),
            name=upload.name[:200],
            content_type=upload.content_type[:120],
            content_id=upload.content_id[:200],
            is_inline=upload.is_inline,
        )
        for upload in writing.uploads
    )
    return message


def _happened(
    ticket: Ticket,
    kind: str,
    who: object,
    at: datetime,
    *,
    message: Message | None = None,
    clocks: Sequence[EventKind] = (),
    **data: Any,
) -> None:
    TicketEvent.objects.create(
        ticket=ticket,
        at=at,
        kind=kind,
        clocks=list(clocks),
        who=str(who or ""),
        message=message,
        data={key: value for key, value in data.items() if value},
    )


def _moved(
    ticket: Ticket,
    what: Move,
    outcome: lifecycle.Outcome,
    who: object,
    situation: Situation,
    *,
    message: Message | None = None,
    because: str = "",
    is_heard: bool = True,
) -> None:
    """Bring the ticket into the state of `outcome`. A move that is not heard starts and stops no clock."""
    heard = kinds_of(what, outcome.state, with_message=message is not None) if is_heard else ()
    _happened(ticket, what.value, who, situation.now, message=message, clocks=heard, because=because)
    if outcome.state not in lifecycle.ENDED:
        ticket.closed_at = None
    elif ticket.closed_at is None:
        ticket.closed_at = situation.now
    ticket.state, ticket.initiative = outcome.state.value, outcome.initiative.value
    _store(ticket, situation)


def _store(ticket: Ticket, situation: Situation) -> None:
    """Save the ticket with its clocks recomputed from its events, and let the screens look again."""
    clocks.wind(ticket, situation)
    ticket.changed_at = situation.now
    ticket.save()
    _let_screens_look(ticket)


def _let_screens_look(ticket: Ticket) -> None:
    tell_screens("queue", f"ticket-{ticket.pk}", data={"ticket": ticket.number})


def _tell_state(
    ticket: Ticket, before: State, at: datetime, *, because: str = "", answered: bool = False
) -> None:
    after = State(ticket.state)
    if after is not before:
        bus.publish(StateChanged(ticket, before, after, at, because=because, answered=answered))


def _subject(subject: str, text: str) -> str:
    """What was given, else the beginning of the text: a ticket always has a subject."""
    given = " ".join(subject.split()) or " ".join(text.split())[:80] or "…"
    return given.replace("\x00", "")[:SUBJECT_LENGTH]
