"""Every write of the administration's own screens."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import connection, transaction

from balie.accounts.models import User
from balie.administration import deadlines
from balie.administration.models import Recount
from balie.audit.actions import record
from balie.desk.models import DatedHours, Line
from balie.desk.queries import the_desk
from balie.live.actions import publish as tell_screens
from balie.mail import texts
from balie.mail.jobs import defer
from balie.mail.models import MailText
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket, TicketEvent

RECOUNT = "administration.recount"
_COUNTED = ("due_at", "warn_at", "closes_at", "warn_closing_at")
_STORE = f"""
    UPDATE tickets_ticket SET {", ".join(f"{name} = counted.{name}" for name in _COUNTED)}
    FROM unnest(%s::bigint[]{", %s::timestamptz[]" * len(_COUNTED)}) AS counted (id, {", ".join(_COUNTED)})
    WHERE tickets_ticket.id = counted.id
"""


@transaction.atomic
def except_day(on: date, lines: Iterable[Line], *, hours: str, because: str, by: User, now: datetime) -> None:
    """Let these lines have other hours on one day; no hours is closed. An exception that was there is replaced."""
    for line in lines:
        before = DatedHours.objects.filter(line=line, on=on).first()
        DatedHours.objects.update_or_create(line=line, on=on, defaults={"hours": hours, "because": because})
        _record_day(line, on, [_words(before), [hours, because]], by=by, now=now)


@transaction.atomic
def follow_the_week(on: date, lines: Iterable[Line], *, by: User, now: datetime) -> None:
    """Take back what was different on one day."""
    for line in lines:
        before = DatedHours.objects.filter(line=line, on=on).first()
        if before is not None:
            before.delete()
            _record_day(line, on, [_words(before), None], by=by, now=now)


@transaction.atomic
def write_text(kind: str, language: str, *, subject: str, body: str, by: User, now: datetime) -> MailText:
    """Give a mail the desk's own words in one language; raises what `texts.check` raises."""
    texts.check(kind, subject=subject, body=body)
    before = MailText.objects.select_for_update().filter(kind=kind, language=language).first()
    text, _created = MailText.objects.update_or_create(
        kind=kind,
        language=language,
        defaults={"subject": subject, "body": body.replace("\r\n", "\n"), "changed_at": now},
    )
    if _said(before) != _said(text):
        record("write_text", text, by=by, now=now, name=str(text), text=[_said(before), _said(text)])
    return text


@transaction.atomic
def back_to_standard(kind: str, language: str, *, by: User, now: datetime) -> None:
    """Let a mail have its standard text again; what the desk had written is on the record."""
    text = MailText.objects.filter(kind=kind, language=language).first()
    if text is not None:
        record("back_to_standard", text, by=by, now=now, name=str(text), text=[_said(text), None])
        text.delete()


def order_recount(*, because: str, new_terms_of: Collection[str] = (), by: User, now: datetime) -> Recount:
    """Let the worker count all deadlines anew, once the running transaction is committed."""
    order = Recount.objects.create(
        ordered_at=now,
        by=by,
        because=because[:200],
        new_terms_of=sorted(new_terms_of),
        total=deadlines.waiting(new_terms_of).count(),
    )
    record("order_recount", order, by=by, now=now, because=because, new_terms_of=order.new_terms_of)
    defer(RECOUNT, order=order.pk)
    return order


def recount(order: int, *, now: datetime) -> Recount:
    """Do an order, a batch in a transaction; safe to run twice, and goes on where a killed one was."""
    while _recount_batch(order, now=now):
        pass
    return Recount.objects.get(pk=order)


@transaction.atomic
def _recount_batch(key: int, *, now: datetime) -> bool:
    """Count the next tickets of an order; answers whether there can be more."""
    order = Recount.objects.select_for_update().get(pk=key)
    if order.finished_at:
        return False
    situation = Situation(the_desk(), now=now)
    batch = deadlines.waiting_after(order.last, new_terms_of=order.new_terms_of, for_update=True)
    before = {ticket.pk: (ticket.due_at, ticket.warn_at) for ticket in batch}
    events: list[TicketEvent] = []
    changed: list[Ticket] = []
    for ticket, agreed in deadlines.wound(batch, situation, new_terms_of=order.new_terms_of):
        if agreed is not None:
            agreed.who = str(order.by)
            events.append(agreed)
        if (ticket.due_at, ticket.warn_at) != before[ticket.pk]:
            changed.append(ticket)
        if ticket.due_at != before[ticket.pk][0]:
            order.moved += 1
            events.append(_moved(ticket, before[ticket.pk][0], order, now=now))
    TicketEvent.objects.bulk_create(events)
    _store(changed)
    _go_on(order, batch, now=now)
    if changed:
        tell_screens("queue", *(f"ticket-{ticket.pk}" for ticket in changed))
    return order.finished_at is None


def _store(tickets: list[Ticket]) -> None:
    """Save what was counted, in one statement: Django's own way takes ten times as long."""
    keys = [ticket.pk for ticket in tickets]
    columns = [[getattr(ticket, name) for ticket in tickets] for name in _COUNTED]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [keys, *columns])


def _go_on(order: Recount, batch: list[Ticket], *, now: datetime) -> None:
    order.done += len(batch)
    if batch:
        order.last = batch[-1].pk
    else:
        order.finished_at = now
        record(
            "recount", order, by=None, now=now, because=order.because, looked_at=order.done, moved=order.moved
        )
    order.save()


def _moved(ticket: Ticket, before: datetime | None, order: Recount, *, now: datetime) -> TicketEvent:
    data = {
        "because": order.because,
        "before": before.isoformat() if before else None,
        "after": ticket.due_at.isoformat() if ticket.due_at else None,
    }
    return TicketEvent(ticket=ticket, at=now, kind="recounted", who=str(order.by), data=data)


def _said(text: MailText | None) -> list[str] | None:
    return [text.subject, text.body] if text else None


def _words(hours: DatedHours | None) -> list[str] | None:
    return [hours.hours, hours.because] if hours else None


def _record_day(line: Line, on: date, change: list[object], *, by: User, now: datetime) -> None:
    record("except_day", line, by=by, now=now, on=on, hours=change)
