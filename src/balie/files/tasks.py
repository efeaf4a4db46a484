from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from balie.files import sweeping


@app.periodic(cron="53 3 * * *")
@app.task(name="files.sweep", queueing_lock="files.sweep")
def sweep(timestamp: int) -> None:
    """Every night: forget files that nobody uses."""
    sweeping.sweep(now=timezone.now())
