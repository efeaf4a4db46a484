from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from balie.desk.models import Desk
from balie.tickets import actions, closing, jobs
from balie.tickets.facts import Situation


@app.periodic(cron="*/10 * * * *")
@app.task(name="tickets.close_silent", queueing_lock="tickets.close_silent")
def close_silent(timestamp: int) -> None:
    """Every ten minutes: warn silent customers, and close what stayed silent."""
    now = timezone.now()
    closing.announce_due(now=now)
    closing.close_due(now=now)


@app.periodic(cron="23 3 * * *")
@app.task(name="tickets.clean_up_drafts", queueing_lock="tickets.clean_up_drafts")
def clean_up_drafts(timestamp: int) -> None:
    """Every night: forget forms that were never sent, with their files."""
    actions.clean_up_drafts(now=timezone.now())
    actions.clean_up_held(now=timezone.now())


@app.task(name=jobs.LET_LEAVE)
def let_leave(held: int) -> None:
    """An answer whose seconds have passed."""
    actions.let_leave(held, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="tickets.let_due_leave", queueing_lock="tickets.let_due_leave")
def let_due_leave(timestamp: int) -> None:
    """Every minute: answers whose job a killed worker took along."""
    actions.let_due_leave(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="tickets.remind_of_calls", queueing_lock="tickets.remind_of_calls")
def remind_of_calls(timestamp: int) -> None:
    """Every minute: remind whoever makes a call soon, or should have made it."""
    if (desk := Desk.objects.first()) is not None:
        actions.remind_due(situation=Situation(desk, now=timezone.now()))
