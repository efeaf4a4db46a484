from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

TICKETS_AT_A_TIME = 12


@app.task(name="demo.go_on", queueing_lock="demo.go_on")
def go_on_with_demo() -> None:
    """Add some of the demo's tickets; the next job is deferred with them, so that it goes on after any interruption."""
    from balie.config.demo import filling

    with transaction.atomic():
        if not filling.go_on(TICKETS_AT_A_TIME).is_complete:
            go_on_with_demo.defer()
