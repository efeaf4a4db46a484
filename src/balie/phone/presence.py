"""Who of the desk is on the phone, and who takes calls now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.live.actions import publish
from balie.phone import queries
from balie.phone.models import Call, CallState, Extension


class Presence(StrEnum):
    """What a telephone does now."""

    TALKING = "talking"
    RINGING = "ringing"
    FREE = "free"
    AWAY = "away"  # takes no calls


@dataclass(frozen=True, slots=True)
class AtTelephone:
    """A telephone with its agent, what it does, and the call that it has or that rings there."""

    extension: Extension
    presence: Presence
    call: Call | None


def everybody(*, now: datetime) -> list[AtTelephone]:
    """Every telephone of the desk. Three queries."""
    return of_calls(queries.open_calls(now=now))


def of_calls(open_calls: list[Call]) -> list[AtTelephone]:
    """Every telephone, by the calls that go on."""
    telephones = Extension.objects.select_related("user").order_by("user__name", "number")
    return [_at(each, open_calls) for each in telephones]


def _at(extension: Extension, open_calls: list[Call]) -> AtTelephone:
    talks = [each for each in open_calls if each.extension_id == extension.pk]
    for call in talks:
        if call.state == CallState.TALKING:
            return AtTelephone(extension, Presence.TALKING, call)
    ringing = [each for each in open_calls if each.state == CallState.RINGING and _rings_at(extension, each)]
    if ringing:
        return AtTelephone(extension, Presence.RINGING, ringing[0])
    return AtTelephone(extension, Presence.FREE if extension.takes_calls else Presence.AWAY, None)


def _rings_at(extension: Extension, call: Call) -> bool:
    groups = call.route.get("groups") or ((),)
    return call.extension_id == extension.pk or extension.number in groups[0]


@transaction.atomic
def take_calls(user: User, *, takes: bool, now: datetime) -> int:
    """Put the telephones of `user` into the queues, or take them out; answers how many there are."""
    own = Extension.objects.select_for_update().filter(user=user)
    for each in own:
        if each.takes_calls != takes:
            each.takes_calls, each.changed_at = takes, now
            each.save(update_fields=["takes_calls", "changed_at"])
            record("take_calls" if takes else "take_no_calls", each, by=user, now=now)
    publish("phone", f"phone-{user.pk}", data={"agent": user.pk})
    return len(own)
