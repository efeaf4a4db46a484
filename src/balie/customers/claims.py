"""Claims of a login by somebody who lost its mail address, as `rules.address_claims` carries them (IB-06).

Each write locks the claim first, asks the rule, and tells who must know. Nothing here answers the claimant with what
the desk knows: `ask` does the same for every customer, address and name.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from balie.accounts.actions import change_address
from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers import account_mails
from balie.customers.claim_facts import contact_at, is_taken, people_to_warn, target_of, was_warned
from balie.customers.half_made import make_room
from balie.customers.links import LinkEnded, Purpose, values_of
from balie.customers.models import AddressClaim, Contact
from balie.desk.models import Desk
from balie.rules import address_claims as rules
from balie.rules.address_claims import Actor, Move, State, Verification
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal

log = logging.getLogger(__name__)


class AddressTaken(Refusal):
    """Somebody has the new address already."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has this address already."),
            Reason(_("Refuse the request, or look at that contact first.")),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the claimant filled in."""

    name: str
    company: str
    new_email: str
    old_email: str
    phone: str
    language: str


@transaction.atomic
def ask(asked: Asked, *, desk: Desk, now: datetime) -> None:
    """Keep what was asked and mail the new address; never tells whether anything in it is known."""
    claim = AddressClaim.objects.create(
        name=asked.name.strip(),
        company=asked.company.strip(),
        new_email=asked.new_email.strip().lower(),
        old_email=asked.old_email.strip().lower(),
        phone=asked.phone.strip(),
        language=asked.language,
        requested_at=now,
    )
    record("ask_claim", claim, by=claim.name, now=now)
    if is_taken(claim, by_another_than=None):
        account_mails.tell_address_known(claim.new_email, name=claim.name, language=claim.language, desk=desk)
    else:
        account_mails.ask_to_verify(claim, desk=desk)


def claim_to_verify(token: str, *, now: datetime) -> AddressClaim:
    """The claim of a mailed link whose address can be verified now; raises `LinkEnded`."""
    claim = AddressClaim.objects.filter(pk=values_of(Purpose.VERIFY_CLAIM, token)[0]).first()
    if (
        claim is None
        or claim.state != State.REQUESTED
        or not rules.is_link_valid(claim.requested_at, now=now)
    ):
        raise LinkEnded
    return claim


@transaction.atomic
def verify(token: str, *, desk: Desk, now: datetime) -> AddressClaim:
    """The claimant reads the mail of the new address; once a link. Who is known as the old address is warned."""
    claim = _locked(claim_to_verify(token, now=now).pk)
    claim_to_verify(token, now=now)
    claim.state = rules.move(State(claim.state), Move.VERIFY, by=Actor.CLAIMANT)
    claim.verified_at, claim.contact = now, contact_at(claim.old_email)
    try:
        with transaction.atomic():
            claim.save()
    except IntegrityError:  # another claim for this address is open
        raise LinkEnded from None
    record("verify_claim", claim, by=claim.name, now=now)
    if claim.contact is not None and not was_warned(claim, claim.contact, now=now):
        _warn_everybody(claim, desk=desk, now=now)
    return claim


@transaction.atomic
def approve(
    claim: AddressClaim, contact: Contact, verification: Verification, *, desk: Desk, by: User, now: datetime
) -> AddressClaim:
    """The desk verified the person: everybody at the customer is told and the waiting time begins.

    Raises what `rules.address_claims` refuses, and `AddressTaken`.
    """
    claim = _locked(claim.pk)
    state = rules.move(State(claim.state), Move.APPROVE, by=Actor.DESK)
    contact = Contact.objects.select_for_update(of=("self",)).select_related("customer").get(pk=contact.pk)
    rules.check_verification(verification, target_of(contact))
    if is_taken(claim, by_another_than=contact):
        raise AddressTaken
    claim.state, claim.contact = state, contact
    claim.channel, claim.note = verification.channel.value, verification.note.strip()
    claim.called_number = verification.number
    claim.approved_at, claim.approved_by = now, by
    claim.takes_effect_at = rules.effective_at(now, waiting_hours=desk.address_claim_waiting_hours)
    try:
        with transaction.atomic():
            claim.save()
    except IntegrityError:
        raise NoLongerSo(
            _("Another request for this contact was approved already."), Reason(_("Stop that one first."))
        ) from None
    record(
        "approve_claim",
        claim,
        by=by,
        now=now,
        contact=contact.pk,
        channel=claim.channel,
        number=claim.called_number,
        note=claim.note,
        takes_effect_at=claim.takes_effect_at,
    )
    _warn_everybody(claim, desk=desk, now=now)
    account_mails.tell_approved(claim, desk=desk)
    return claim


@transaction.atomic
def refuse(claim: AddressClaim, *, note: str, desk: Desk, by: User, now: datetime) -> None:
    """The desk could not verify the person. The claimant hears that nothing has changed, and not why."""
    _end(claim.pk, Move.REFUSE, actor=Actor.DESK, by=by, note=note, desk=desk, now=now)


@transaction.atomic
def stop(claim: AddressClaim, *, note: str, desk: Desk, by: User, now: datetime) -> None:
    """The desk stops a claim that it approved."""
    _end(claim.pk, Move.REVOKE, actor=Actor.DESK, by=by, note=note, desk=desk, now=now)


def claim_to_stop(token: str) -> tuple[AddressClaim, str]:
    """The claim of a mailed link and the address to which that was mailed; raises `LinkEnded`."""
    key, email = values_of(Purpose.STOP_CLAIM, token)
    claim = AddressClaim.objects.select_related("contact__customer").filter(pk=key).first()
    if claim is None or claim.contact is None:
        raise LinkEnded
    return claim, email


@transaction.atomic
def stop_by_link(token: str, *, desk: Desk, now: datetime) -> None:
    """The old address, or any contact of the customer, stops a claim; raises `NoLongerSo` when it has ended."""
    claim, email = claim_to_stop(token)
    _end(claim.pk, Move.REVOKE, actor=Actor.CUSTOMER, by=email, note="", desk=desk, now=now)


@transaction.atomic
def take_effect(key: int, *, desk: Desk, now: datetime) -> bool:
    """Give the contact its new address once the waiting time has passed; a second time changes nothing.

    When somebody has taken the address meanwhile, or the contact may not log in any more, the claim is refused.
    """
    claim = _locked(key)
    if claim.state != State.APPROVED or claim.takes_effect_at is None or claim.contact_id is None:
        return False
    rules.check_due(claim.takes_effect_at, now=now)
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=claim.contact_id)
    target = target_of(contact)
    if (
        target.is_agent
        or target.customer is None
        or not target.is_active
        or is_taken(claim, by_another_than=contact)
    ):
        _end(key, Move.REFUSE, actor=Actor.BALIE, by=None, note="", desk=desk, now=now)
        return False
    claim.state = rules.move(State.APPROVED, Move.TAKE_EFFECT, by=Actor.BALIE)
    claim.ended_at, claim.ended_by = now, "Balie"
    user = contact.user
    claim.replaced_email = user.email if user else contact.email
    if user is None:
        user = User.objects.create_user(contact.email, name=contact.name, language=contact.language)
        contact.user = user
    make_room(claim.new_email)
    change_address(user, to=claim.new_email, by=None, now=now)
    contact.email = claim.new_email
    contact.save(update_fields=["email", "user"])
    claim.contact = contact
    claim.save()
    record("claim_takes_effect", claim, by=None, now=now, contact=contact.pk, replaced=claim.replaced_email)
    account_mails.tell_effective(claim, desk=desk)
    return True


def take_effect_due(*, desk: Desk, now: datetime) -> int:
    """Every claim whose waiting time has passed, each in a transaction of its own; answers how many took effect."""
    due = AddressClaim.objects.filter(state=State.APPROVED, takes_effect_at__lte=now)
    done = 0
    for key in list(due.order_by("takes_effect_at").values_list("pk", flat=True)):
        try:
            done += take_effect(key, desk=desk, now=now)
        except Exception:
            log.exception("The claim with key %s cannot take effect.", key)
    return done


def expire_due(*, now: datetime) -> int:
    """End what nobody verified or decided about in time; answers how many. A second time ends nothing."""
    too_old = Q(state=State.REQUESTED, requested_at__lt=now - rules.LINK_VALID_FOR) | Q(
        state=State.VERIFIED, verified_at__lt=now - rules.DESK_DECIDES_WITHIN
    )
    return sum(
        _expire(key, now=now) for key in AddressClaim.objects.filter(too_old).values_list("pk", flat=True)
    )


def _locked(key: int) -> AddressClaim:
    return AddressClaim.objects.select_for_update().get(pk=key)


def _end(
    key: int, wanted: Move, *, actor: Actor, by: User | str | None, note: str, desk: Desk, now: datetime
) -> None:
    claim = _locked(key)
    claim.state = rules.move(State(claim.state), wanted, by=actor)
    claim.ended_at, claim.ended_by = now, str(by or "Balie")
    if note.strip():
        claim.note = note.strip()
    claim.save()
    record(f"{wanted}_claim", claim, by=by, now=now, note=note.strip())
    account_mails.tell_not_done(claim, desk=desk)


@transaction.atomic
def _expire(key: int, *, now: datetime) -> int:
    claim = _locked(key)
    until = rules.expires_at(
        State(claim.state), requested_at=claim.requested_at, verified_at=claim.verified_at
    )
    if until is None or now <= until:
        return 0
    claim.state = rules.move(State(claim.state), Move.EXPIRE, by=Actor.BALIE)
    claim.ended_at, claim.ended_by = now, "Balie"
    claim.save()
    record("expire_claim", claim, by=None, now=now)
    return 1


def _warn_everybody(claim: AddressClaim, *, desk: Desk, now: datetime) -> None:
    for contact, email in people_to_warn(claim):
        account_mails.warn(claim, contact, email, desk=desk)
    claim.told_at = now
    claim.save(update_fields=["told_at"])
