from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from balie.tickets import closing


@app.periodic(cron="*/10 * * * *")
@app.task(name="tickets.close_silent", queueing_lock="tickets.close_silent")
def close_silent(timestamp: int) -> None:
    """Every ten minutes: warn silent customers, and close what stayed silent."""
    now = timezone.now()
    closing.announce_due(now=now)
    closing.close_due(now=now)
