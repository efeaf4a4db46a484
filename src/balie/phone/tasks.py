from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from balie.phone import actions, dialling


@app.task(name=dialling.DIAL)
def dial(order: int) -> None:
    dialling.carry_out(order)


@app.periodic(cron="*/5 * * * *")
@app.task(name="phone.end_forgotten", queueing_lock="phone.end_forgotten")
def end_forgotten(timestamp: int) -> None:
    """Every five minutes: calls whose end no exchange told."""
    actions.end_forgotten(now=timezone.now())
