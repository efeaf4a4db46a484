from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from balie.administration import actions


@app.task(name=actions.RECOUNT)
def recount(order: int) -> None:
    """Count the deadlines of all waiting tickets anew, by the hours and terms of now."""
    actions.recount(order, now=timezone.now())
