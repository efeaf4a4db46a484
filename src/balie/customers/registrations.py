"""Accounts that people made themselves: verified, matched to a customer, else placed or refused by the desk (SW-19)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers import account_mails, invitations
from balie.customers.account_models import Standing
from balie.customers.events import ContactPlaced
from balie.customers.models import Contact, Customer, CustomerDomain, Reach, Registration, Site
from balie.desk.models import Desk
from balie.events import publish
from balie.rules.account_matching import Facts, Known, Placement, Step, domain_of, match
from balie.rules.colleagues import Roles
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal

VERIFIED_WITHIN = timedelta(days=7)
"""An account whose address nobody verified is forgotten after this, so that it keeps nobody from its own address."""


class AlreadyDecided(NoLongerSo):
    """Somebody else was first."""


class HasAnotherLogin(Refusal):
    """The contact with this address logs in otherwise."""


@transaction.atomic
def register(user: User, *, company: str, customer_number: str, now: datetime) -> Registration:
    """Keep what somebody told who made an account. Nothing of it is believed until the address is verified."""
    made = Registration.objects.create(
        user=user, company=company.strip(), customer_number=customer_number.strip(), made_at=now
    )
    record("make_account", made, by=user, now=now, company=made.company, number=made.customer_number)
    return made


@transaction.atomic
def address_verified(user: User, *, desk: Desk, now: datetime) -> Registration | None:
    """Match the account to a customer, once; `None` for an account that the desk made, or one that was matched."""
    made = Registration.objects.select_for_update().filter(user=user, state=Standing.UNVERIFIED).first()
    if made is None:
        return None
    contact = _contact_at(user.email)
    placement = match(facts_of(user, contact, now=now))
    placed = _follow(placement, user, contact, now=now)
    made.verified_at = now
    made.state = Standing.WAITING if placement.step is Step.WAIT else Standing.PLACED
    made.because = [placement.because.as_json()]
    made.decided_at = None if placement.step is Step.WAIT else now
    made.save()
    customer = placed.customer if placed else None
    record("verify_account", made, by=user, now=now, step=placement.step, customer=str(customer or ""))
    if placed is not None and made.state == Standing.PLACED:
        account_mails.tell_placed(placed, desk=desk)
    return made


def facts_of(user: User, contact: Contact | None, *, now: datetime) -> Facts:
    """What the rule needs to know of the verified address of `user`."""
    invitation = invitations.open_for(user.email, now=now)
    domain = CustomerDomain.objects.filter(domain=domain_of(user.email), customer__is_active=True).first()
    return Facts(
        user.email,
        known=_known(user, contact),
        invited_by=invitation.customer_id if invitation else None,
        domain_of=domain.customer_id if domain else None,
    )


@transaction.atomic
def place(
    registration: Registration,
    customer: Customer,
    roles: Roles,
    *,
    site: Site | None = None,
    desk: Desk,
    by: User,
    now: datetime,
) -> Contact:
    """Place a waiting account at a customer; raises `AlreadyDecided` or `HasAnotherLogin`."""
    made = _waiting(registration)
    contact = _contact_at(made.user.email)
    if contact is not None and (
        contact.user_id not in {None, made.user_id} or contact.customer_id not in {None, customer.pk}
    ):
        raise HasAnotherLogin(
            _("The contact with this address belongs to another login or customer."),
            Reason(_("Look at the contact in the administration first.")),
        )
    contact = contact or _new_contact(made.user)
    placed = _put(contact, made.user, customer, roles, site=site, by=by, now=now)
    _decide(made, Standing.PLACED, by=by, now=now)
    record("place_account", made, by=by, now=now, customer=str(customer), contact=placed.pk)
    account_mails.tell_placed(placed, desk=desk)
    return placed


@transaction.atomic
def refuse(registration: Registration, *, reason: str, desk: Desk, by: User, now: datetime) -> None:
    """Refuse to place a waiting account; the person is told why. It can still log in and ask as a stranger."""
    made = _waiting(registration)
    made.reason = reason.strip()
    _decide(made, Standing.REFUSED, by=by, now=now)
    record("refuse_account", made, by=by, now=now, reason=made.reason)
    account_mails.tell_refused(made, desk=desk)


@transaction.atomic
def drop_unverified(*, now: datetime) -> int:
    """Forget accounts whose address nobody verified; answers how many. A second time forgets nothing."""
    old = Registration.objects.filter(state=Standing.UNVERIFIED, made_at__lt=now - VERIFIED_WITHIN)
    users = list(old.select_for_update(skip_locked=True).values_list("user_id", flat=True))
    User.objects.filter(pk__in=users, last_login=None).delete()
    return len(users)


def waiting() -> QuerySet[Registration]:
    """Accounts to place, the one that waits longest first."""
    found = Registration.objects.filter(state=Standing.WAITING).select_related("user")
    return found.order_by(F("verified_at").asc(), "pk")


def _known(user: User, contact: Contact | None) -> Known:
    if contact is None:
        return Known.NOT
    if contact.user_id not in {None, user.pk}:
        return Known.OTHER_LOGIN
    if not contact.is_active or (contact.customer is not None and not contact.customer.is_active):
        return Known.CLOSED_OFF
    return Known.AT_CUSTOMER if contact.customer_id else Known.UNPLACED


def _contact_at(email: str) -> Contact | None:
    """The contact with this address, locked; its customer read along."""
    found = Contact.objects.select_for_update(of=("self",)).select_related("customer")
    return found.filter(email__iexact=email).first()


def _follow(placement: Placement, user: User, contact: Contact | None, *, now: datetime) -> Contact | None:
    """Do what the rule decided; answers the contact that the login is now, or `None` when it is none."""
    match placement.step:
        case Step.ACCEPT_INVITATION:
            invitation = invitations.open_for(user.email, now=now)
            assert invitation is not None
            return invitations.accept_as(invitation, user, now=now)
        case Step.JOIN_CUSTOMER:
            assert placement.customer is not None
            customer = Customer.objects.get(pk=placement.customer)
            return _put(contact or _new_contact(user), user, customer, Roles(), site=None, by=user, now=now)
    if contact is None:
        contact = _new_contact(user)
        contact.save()
        return contact
    if _known(user, contact) in {Known.AT_CUSTOMER, Known.UNPLACED}:
        contact.user = user
        contact.save(update_fields=["user"])
        return contact
    return None


def _new_contact(user: User) -> Contact:
    """Somebody unplaced, as one who mails us for the first time is."""
    return Contact(user=user, name=user.name, email=user.email, language=user.language, reach=Reach.OWN)


def _put(
    contact: Contact,
    user: User,
    customer: Customer,
    roles: Roles,
    *,
    site: Site | None,
    by: User,
    now: datetime,
) -> Contact:
    """Make `contact` the customer's, with these roles and this login; its questions come along."""
    was_unplaced = contact.pk is not None and contact.customer_id is None
    contact.user, contact.customer, contact.site, contact.is_active = user, customer, site, True
    contact.reach = Reach(roles.reach.value)
    contact.may_see_money, contact.may_order, contact.may_manage = (
        roles.sees_money,
        roles.orders,
        roles.manages,
    )
    contact.save()
    if was_unplaced:
        publish(ContactPlaced(contact, by=by, at=now))
    return contact


def _waiting(registration: Registration) -> Registration:
    made = Registration.objects.select_for_update(of=("self",)).select_related("user").get(pk=registration.pk)
    if made.state != Standing.WAITING:
        raise AlreadyDecided(
            _("Somebody has decided about this account already."), Reason(_("Look at the list again."))
        )
    return made


def _decide(made: Registration, state: Standing, *, by: User, now: datetime) -> None:
    made.state, made.decided_at, made.decided_by = state, now, by
    made.save()
