from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from balie.live import actions


@app.periodic(cron="17 * * * *")
@app.task(name="live.prune", queueing_lock="live.prune")
def prune(timestamp: int) -> None:
    """Hourly: forget old events."""
    actions.prune(now=timezone.now())
