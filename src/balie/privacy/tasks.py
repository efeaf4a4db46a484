from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from balie.privacy import actions


@app.task(name=actions.EXPORT)
def export(export: int) -> None:
    """Gather everything about a person in one file."""
    actions.make_export(export, now=timezone.now())


@app.task(name=actions.ERASE)
def erase(erasure: int) -> None:
    """Take a person out of everything."""
    actions.erase(erasure, now=timezone.now())


@app.periodic(cron="41 3 * * *")
@app.task(name="privacy.delete_due", queueing_lock="privacy.delete_due")
def delete_due(timestamp: int) -> None:
    """Every night: delete what was kept for as long as the desk wants to keep it."""
    actions.delete_due(now=timezone.now())
