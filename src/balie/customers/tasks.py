from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from balie.customers import claims, registrations
from balie.desk.queries import the_desk


@app.periodic(cron="*/5 * * * *")
@app.task(name="customers.end_claims", queueing_lock="customers.end_claims")
def end_claims(timestamp: int) -> None:
    """Every five minutes: let claimed logins take effect whose waiting time has passed, and end old ones (IB-06)."""
    now = timezone.now()
    claims.take_effect_due(desk=the_desk(), now=now)
    claims.expire_due(now=now)


@app.periodic(cron="17 * * * *")
@app.task(name="customers.drop_unverified", queueing_lock="customers.drop_unverified")
def drop_unverified(timestamp: int) -> None:
    """Every hour: forget accounts whose mail address nobody verified."""
    registrations.drop_unverified(now=timezone.now())
