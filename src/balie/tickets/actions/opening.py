"""How a ticket begins, on which terms, and to which customer it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from balie import events as bus
from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Contact, Customer
from balie.prepared import insert
from balie.rules import entitlement, lifecycle
from balie.rules.customer_facts import CustomerFacts
from balie.rules.refusals import Refusal
from balie.rules.sla import EventKind
from balie.rules.wishes import Wish
from balie.tickets import clocks
from balie.tickets.actions.drafting import end_draft
from balie.tickets.actions.messages import SUBJECT_LENGTH, Writing, sent_before, write
from balie.tickets.actions.reaching import CallWish, keep_call_wish
from balie.tickets.actions.storing import happened, let_screens_look
from balie.tickets.events import TicketOpened
from balie.tickets.facts import Situation, plain
from balie.tickets.models import Ticket, TicketEvent
from balie.tickets.ordering import order_refusal


def open(
    contact: Contact,
    wish: Wish,
    *,
    subject: str,
    writing: Writing,
    by: User | None,
    situation: Situation,
    follows: Ticket | None = None,
    call: CallWish | None = None,
) -> Ticket:
    """Open a ticket on the terms that the rules give now; raises a `Refusal` when they do not allow it.

    A contact who asks for itself (`by` is its login) must also have the right to order what costs money. The same
    form sent twice, also at the same moment, is one ticket: the database takes it once, and whatever stands in the
    way of the second one is answered by the first.
    """
    try:
        with transaction.atomic():
            facts, decision = _allowed(contact, wish, by, situation)
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
                call=call,
            )
    except (IntegrityError, Refusal):
        if (already := sent_before(writing)) is None:
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
    if _waits_for_payment(decision):
        facts, decision = _decide_alone(contact, wish, situation)
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
def bring_along(contact: Contact, *, by: User, now: datetime) -> int:
    """Give the tickets of somebody who was placed at a customer to that customer; answers how many.

    They keep the decision that they were made under.
    """
    strays = Ticket.objects.select_for_update().filter(contact=contact, customer=None).order_by("pk")
    for ticket in strays:
        ticket.customer, ticket.site = contact.customer, contact.site
        ticket.changed_at = now
        ticket.save(update_fields=["customer", "site", "changed_at"])
        happened(ticket, "placed", by, now, customer=str(contact.customer))
        record("place", ticket, by=by, now=now, customer=contact.customer_id)
        let_screens_look(ticket)
    return len(strays)


def _allowed(
    contact: Contact, wish: Wish, by: User | None, situation: Situation
) -> tuple[CustomerFacts, entitlement.Decision]:
    """What the rules say, when they allow it; where tickets are counted or paid, with nobody else at it."""
    facts, decision = _decide(contact, wish, situation)
    if _is_counted(decision, situation) or _waits_for_payment(decision):
        facts, decision = _decide_alone(contact, wish, situation)
    decision.demand()
    if by is not None and by.pk == contact.user_id and (refusal := order_refusal(contact, decision)):
        raise refusal
    return facts, decision


def _decide(contact: Contact, wish: Wish, situation: Situation) -> tuple[CustomerFacts, entitlement.Decision]:
    facts = situation.facts(contact.customer)
    return facts, entitlement.decide_received(facts, wish, situation.desk, at=situation.now)


def _decide_alone(
    contact: Contact, wish: Wish, situation: Situation
) -> tuple[CustomerFacts, entitlement.Decision]:
    """Decide once nobody else opens a ticket for this customer, or books credit for it, at the same moment."""
    _one_at_a_time(contact)
    situation.forget(contact.customer)
    return _decide(contact, wish, situation)


def _waits_for_payment(decision: entitlement.Decision) -> bool:
    return entitlement.Condition.PAYMENT in decision.waits_for


def _is_counted(decision: entitlement.Decision, situation: Situation) -> bool:
    """Whether tickets under this plan are limited in number (IB-10)."""
    plan = situation.desk.plans.get(decision.plan or "")
    return plan is not None and plan.is_free and situation.settings.tickets_per_month is not None


def _one_at_a_time(contact: Contact) -> None:
    """Let two that open at once for one customer come one after the other, so that both are counted, or paid."""
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
    call: CallWish | None = None,
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
        category=situation.category(wish.topic),
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
    insert(ticket)
    situation.count_opened(contact.customer, decision)
    everybody = tuple(dict.fromkeys([contact, *people]))
    for person in everybody:
        insert(Ticket.people.through(ticket=ticket, contact=person))
    opened.ticket = ticket
    opened.message = write(ticket, writing, now=situation.now, contact=contact, channel=wish.channel)
    insert(opened)
    if call is not None:
        keep_call_wish(ticket, call)
    if writing.draft is not None:
        end_draft(contact, writing.draft)
    let_screens_look(ticket)
    record("open", ticket, by=by or str(contact), now=situation.now, channel=wish.channel.value)
    bus.publish(
        TicketOpened(ticket, opened.message, everybody, situation.row, situation.now, confirm=confirm)
    )
    return ticket


def _subject(subject: str, text: str) -> str:
    """What was given, else the beginning of the text: a ticket always has a subject."""
    given = " ".join(subject.split()) or " ".join(text.split())[:80] or "…"
    return given.replace("\x00", "")[:SUBJECT_LENGTH]
