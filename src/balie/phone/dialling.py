"""Click to dial: an order of an agent, which a job gives to the exchange."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import connection, transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.numbers import to_e164
from balie.desk import sealing
from balie.live.actions import publish
from balie.phone import dialects
from balie.phone.dial_models import DialKind, DialOrder, DialState
from balie.phone.models import Exchange, Extension
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

DIAL = "phone.dial"
SHOWN_FOR = timedelta(minutes=2)
DOUBLE_CLICK = timedelta(seconds=3)
"""For so long an agent sees what became of a click."""


class NoTelephone(Refusal):
    """The agent has no telephone that could be rung."""


class NothingDials(Refusal):
    """No exchange makes calls for the desk."""


class NoNumber(Refusal):
    """What is to be dialled is no phone number."""


def exchange_that_dials() -> Exchange | None:
    """The exchange that makes calls, if any."""
    return Exchange.objects.filter(is_active=True).exclude(dial_kind=DialKind.TEL).order_by("pk").first()


@transaction.atomic
def order(number: str, *, by: User, country: str, now: datetime) -> DialOrder:
    """Let the telephone of `by` ring, and then `number`; a double click is one order.

    Raises `NoNumber`, `NothingDials` and `NoTelephone`.
    """
    e164 = to_e164(number, country=country)
    if e164 is None:
        raise NoNumber(Reason(_("“%(text)s” is not a phone number in use."), {"text": number[:40]}))
    exchange = exchange_that_dials()
    if exchange is None:
        raise NothingDials(_("No telephone exchange dials for this desk: use the number itself."))
    telephone = Extension.objects.select_for_update().filter(user=by).order_by("number").first()
    if telephone is None:
        raise NoTelephone(_("You have no telephone here. An administrator can give you an extension."))
    clicked = DialOrder.objects.filter(by=by, number=e164, at__gt=now - DOUBLE_CLICK)
    if (already := clicked.exclude(state=DialState.FAILED).first()) is not None:
        return already
    made = DialOrder.objects.create(exchange=exchange, extension=telephone.number, number=e164, by=by, at=now)
    record("dial", made, by=by, now=now, number=e164)
    _defer(made.pk)
    _tell(made)
    return made


def carry_out(key: int) -> None:
    """Give an order to its exchange, once: what was begun before is not begun again, lest it rings twice."""
    if not DialOrder.objects.filter(pk=key, state=DialState.ASKED).update(state=DialState.TRYING):
        return
    asked = DialOrder.objects.select_related("exchange").get(pk=key)
    try:
        dialects.dial(way_of(asked.exchange), telephone=asked.extension, number=asked.number)
    except Refusal as refusal:
        asked.state, asked.trouble = DialState.FAILED, refusal.reason.as_json()
    else:
        asked.state = DialState.RINGING
    with transaction.atomic():
        asked.save(update_fields=["state", "trouble"])
        _tell(asked)


def way_of(exchange: Exchange) -> dialects.DialWay:
    """How this exchange is asked. Raises `desk.sealing.SealedElsewhere`."""
    return dialects.DialWay(
        kind=exchange.dial_kind,
        url=exchange.dial_url,
        user=exchange.dial_user,
        secret=sealing.unseal(exchange.sealed_dial_secret),
        context=exchange.dial_context,
    )


def latest_of(user: User, *, now: datetime) -> DialOrder | None:
    """What `user` had dialled just now."""
    return DialOrder.objects.filter(by=user, at__gt=now - SHOWN_FOR).order_by("-pk").first()


def _tell(order: DialOrder) -> None:
    publish(f"phone-{order.by_id}", data={"dial": order.pk, "state": order.state})


def _defer(key: int) -> None:
    """A job in the running transaction (docs/decisions/0013)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_defer_jobs_v1(ARRAY["
            "ROW('default', %s, 0, NULL, NULL, %s::jsonb, NULL)::procrastinate_job_to_defer_v1])",
            [DIAL, json.dumps({"order": key})],
        )
