"""The calls that the demo's desk has still to make: who asked for a call is followed up until it is solved (IB-24)."""

from __future__ import annotations

from datetime import datetime

from balie.config.demo.telling import Stage
from balie.customers.models import PhoneNumber
from balie.desk.models import Desk
from balie.rules.lifecycle import State
from balie.rules.wishes import AnswerMode
from balie.tickets import actions
from balie.tickets.models import Ticket

HOW_MANY = 6


def plan(desk: Desk, *, now: datetime) -> None:
    """Plan the next call of a handful of open tickets, each for whoever has it."""
    situation = Stage.at(desk).situation(now)
    calling = Ticket.objects.filter(state=State.OPEN).exclude(answer_mode=AnswerMode.SITE)
    for ticket in calling.exclude(call_backs__standing="planned").order_by("pk")[:HOW_MANY]:
        span = actions.offer(ticket, situation, owner=ticket.assigned_to, most=1).first
        number = PhoneNumber.objects.filter(customer=ticket.customer_id or 0).order_by("pk").first()
        if span is None or number is None:
            continue
        actions.plan_call_back(
            ticket,
            span=span,
            owner=ticket.assigned_to,
            by=ticket.assigned_to,
            situation=situation,
            phone=number.e164,
            agreed=True,
        )
