"""Calls whose end nobody told: ended on the record, so that none rings for ever and its caller is phoned back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from balie.audit.actions import record
from balie.phone.actions.progress import STANDING, called_at, numbers_of, stand, telephones_of, tell, told_of
from balie.phone.models import SUPPOSED, Call, CallEvent, CallState
from balie.rules.call_progress import Kind

LONGEST_CALL = timedelta(hours=12)
"""Nobody talks for longer."""
LONGEST_RING = timedelta(minutes=30)
"""No telephone rings, and no menu is listened to, for longer."""
MOST_AT_ONCE = 500


def end_forgotten(*, now: datetime) -> int:
    """End calls that cannot go on any more, each at the last moment that was told of it; answers how many.

    Calls of an exchange that never tells anything are left alone: of those nobody knows whether they were answered.
    """
    return sum(_end(key, now=now) for key in list(_forgotten(now)))


def forget_supposed(call: Call) -> None:
    """An exchange told more of a call whose end was only supposed: that counts, and nothing else."""
    CallEvent.objects.filter(call=call, name=f"{SUPPOSED}{call.pk}").delete()


def _forgotten(now: datetime) -> Iterator[int]:
    too_long = Q(state=CallState.TALKING, began_at__lt=now - LONGEST_CALL)
    too_long |= Q(state=CallState.RINGING, began_at__lt=now - LONGEST_RING)
    tells = CallEvent.objects.filter(exchange=OuterRef("exchange")).exclude(name__startswith=SUPPOSED)
    found = Call.objects.filter(too_long, Exists(tells)).order_by("began_at")
    return iter(found.values_list("pk", flat=True)[:MOST_AT_ONCE])


@transaction.atomic
def _end(key: int, *, now: datetime) -> bool:
    """Unless something was told of it in this very moment, or another worker does it."""
    open_call = Call.objects.select_for_update(no_key=True, skip_locked=True)
    call = open_call.filter(pk=key, state__in=(CallState.RINGING, CallState.TALKING)).order_by().first()
    if call is None:
        return False
    before = call.state
    last = max((each.at for each in told_of([call])[call.pk]), default=call.began_at)
    CallEvent.objects.get_or_create(
        exchange_id=call.exchange_id,
        name=f"{SUPPOSED}{call.pk}",
        defaults={"call": call, "kind": Kind.ENDED.value, "at": last, "received_at": now},
    )
    told = told_of([call])[call.pk]
    telephones = telephones_of(numbers_of(call, told))
    stand(call, told, telephones)
    call.save(update_fields=STANDING)
    record("end_forgotten_call", call, by=None, now=now, before=before)
    tell(call, before=before, users=called_at(call, told, telephones), now=now)
    return True
