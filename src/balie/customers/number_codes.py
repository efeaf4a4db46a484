"""Confirming a number by phoning it: the desk reads out a code, the customer types it on its page (IB-02).

Who can be phoned at a number has it; caller ID alone would not prove that.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from balie import events as bus
from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.events import PhoneNumberConfirmed
from balie.customers.models import Contact, NumberCode, PhoneNumber
from balie.customers.phone_numbers import AlreadyDecided
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

GOOD_FOR = timedelta(hours=24)
MOST_TRIES = 5
DIGITS = 6


class WrongCode(Refusal):
    """The code is not the one that was read out."""


class NoCode(Refusal):
    """There is no code, or it is too old, or was tried too often."""


@transaction.atomic
def make_code(key: int, *, by: User, now: datetime) -> tuple[PhoneNumber, str]:
    """A new code for a number that waits for the desk; an earlier one works no longer. It is shown this once.

    Raises `AlreadyDecided`.
    """
    number = (
        PhoneNumber.objects.select_for_update(of=("self",)).select_related("customer").filter(pk=key).first()
    )
    if number is None or not number.is_pending:
        raise AlreadyDecided(_("This number waits for the desk no longer."))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    NumberCode.objects.update_or_create(
        number=number,
        defaults={"digest": _digest(number, code), "made_at": now, "made_by": by, "tries": 0},
    )
    record("make_number_code", number, by=by, now=now, e164=number.e164, customer=number.customer_id)
    return number, code


def confirm_by_code(contact: Contact, key: int, text: str, *, now: datetime) -> PhoneNumber:
    """Register a number of the contact's customer with the code; raises `WrongCode`, `NoCode` and `AlreadyDecided`.

    A wrong try is counted, also though it is refused.
    """
    with transaction.atomic():
        number, refusal = _try(contact, key, text, now=now)
    if refusal is not None:
        raise refusal
    return number


def _try(contact: Contact, key: int, text: str, *, now: datetime) -> tuple[PhoneNumber, Refusal | None]:
    mine = PhoneNumber.objects.select_for_update(of=("self",)).filter(pk=key, customer=contact.customer_id)
    number = mine.select_related("customer", "requested_by").first()
    if number is None or contact.customer_id is None:
        raise Http404
    if not number.is_pending:
        raise AlreadyDecided(_("This number waits for the desk no longer."))
    code = (
        NumberCode.objects.select_for_update(of=("self",))
        .select_related("made_by")
        .filter(number=number)
        .first()
    )
    if code is None or now - code.made_at > GOOD_FOR or code.tries >= MOST_TRIES:
        return number, _no_code()
    if not constant_time_compare(code.digest, _digest(number, "".join(text.split()))):
        code.tries += 1
        code.save(update_fields=["tries"])
        who = contact.user or str(contact)
        record("try_number_code", number, by=who, now=now, customer=number.customer_id, tries=code.tries)
        return number, _wrong(MOST_TRIES - code.tries)
    return _confirmed(number, code, contact, now=now), None


def _confirmed(number: PhoneNumber, code: NumberCode, contact: Contact, *, now: datetime) -> PhoneNumber:
    number.registered_on = timezone.localdate(now)
    number.save(update_fields=["registered_on"])
    made_by = code.made_by
    code.delete()
    who = contact.user or str(contact)
    record("confirm_number_by_code", number, by=who, now=now, e164=number.e164, customer=number.customer_id)
    bus.publish(PhoneNumberConfirmed(number, made_by, now))
    return number


def _wrong(left: int) -> Refusal:
    if left < 1:
        return _no_code()
    reason = Reason(_("That is not the code. You can try %(left)s times more."), {"left": left})
    return WrongCode(reason, Reason(_("Type the six digits that the desk read out on the phone.")))


def _no_code() -> NoCode:
    return NoCode(
        Reason(_("There is no code for this number that still works.")),
        Reason(_("The desk phones the number and reads out a new one; it works for 24 hours.")),
    )


def _digest(number: PhoneNumber, code: str) -> str:
    """Bound to this number, and worth nothing without our secret key: six digits alone are quickly guessed."""
    return salted_hmac("balie.customers.number_codes", f"{number.pk}:{code}", algorithm="sha256").hexdigest()
