"""Colleagues whom a contact of the customer lets in. A contact is made only when somebody accepts, so that the list of
the people of a customer never tells whether an address was known to the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from balie.accounts.actions import vouch_for_address
from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers import account_mails
from balie.customers.access import person_of
from balie.customers.account_models import Standing
from balie.customers.events import ContactPlaced
from balie.customers.half_made import logins_at, make_room
from balie.customers.links import LinkEnded, Purpose, values_of
from balie.customers.models import Contact, Invitation, Reach, Registration, Site
from balie.desk.models import Desk
from balie.events import publish
from balie.rules.colleagues import Roles, check_roles
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

VALID_FOR = timedelta(days=7)
MOST_OPEN = 50
"""Invitations of one customer that wait at the same time."""


class TooManyInvitations(Refusal):
    """Too many invitations wait already."""


class BelongsElsewhere(Refusal):
    """The login that would accept is somebody of the desk or of another customer."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited."""

    name: str
    email: str
    language: str
    roles: Roles
    site: Site | None = None


@transaction.atomic
def invite(manager: Contact, guest: Guest, *, desk: Desk, now: datetime) -> Invitation:
    """Invite a colleague by mail, again if need be; raises what `rules.colleagues` refuses and `TooManyInvitations`.

    The answer is the same for every address, known to the desk or not.
    """
    check_roles(person_of(manager), guest.roles)
    customer = manager.customer
    assert customer is not None
    type(customer).objects.select_for_update().get(pk=customer.pk)
    waiting = Invitation.objects.filter(customer=customer, accepted_at=None, withdrawn_at=None)
    waiting.filter(Q(email__iexact=guest.email) | Q(invited_at__lt=now - VALID_FOR)).update(withdrawn_at=now)
    if waiting.count() >= MOST_OPEN:
        raise TooManyInvitations(
            _("Too many invitations are waiting."), Reason(_("Withdraw some that nobody will accept."))
        )
    invitation = Invitation.objects.create(
        customer=customer,
        name=guest.name.strip(),
        email=guest.email.strip().lower(),
        language=guest.language,
        site=guest.site,
        reach=guest.roles.reach.value,
        may_see_money=guest.roles.sees_money,
        may_order=guest.roles.orders,
        may_manage=guest.roles.manages,
        invited_by=manager,
        invited_at=now,
    )
    record("invite_colleague", invitation, by=manager.user, now=now, email=invitation.email)
    account_mails.send_invitation(invitation, desk=desk)
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Contact, now: datetime) -> None:
    """Take an invitation back. One that has ended meanwhile stays as it is."""
    ended = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if ended.update(withdrawn_at=now):
        record("withdraw_invitation", invitation, by=by.user, now=now)


def open_invitations(contact: Contact) -> QuerySet[Invitation]:
    """What waits at the customer of this contact."""
    return Invitation.objects.filter(
        customer=contact.customer_id, accepted_at=None, withdrawn_at=None
    ).select_related("site")


def open_for(email: str, *, now: datetime) -> Invitation | None:
    """The newest invitation that waits for this address, not too old, at an active customer."""
    return (
        Invitation.objects.select_related("customer", "site", "invited_by")
        .filter(
            email__iexact=email,
            accepted_at=None,
            withdrawn_at=None,
            customer__is_active=True,
            invited_at__gte=now - VALID_FOR,
        )
        .order_by("-pk")
        .first()
    )


def invitation_of(token: str, *, now: datetime) -> Invitation:
    """The invitation of a mailed link; raises `LinkEnded`."""
    key = values_of(Purpose.JOIN, token)[0]
    found = Invitation.objects.select_related("customer", "site", "invited_by").filter(
        pk=key, accepted_at=None, withdrawn_at=None, customer__is_active=True
    )
    invitation = found.first()
    if invitation is None or now - invitation.invited_at > VALID_FOR:
        raise LinkEnded
    return invitation


def login_of(invitation: Invitation) -> User | None:
    """The login with the invited address."""
    return logins_at(invitation.email).first()


@transaction.atomic
def accept(token: str, *, password: str, now: datetime) -> Contact:
    """Make the login and the contact of somebody who followed the link, which shows that it reads the mail."""
    invitation = invitation_of(token, now=now)
    Invitation.objects.select_for_update().get(pk=invitation.pk)
    invitation = invitation_of(token, now=now)
    make_room(invitation.email)
    if login_of(invitation) is not None:
        raise LinkEnded
    user = User.objects.create_user(
        invitation.email, password, name=invitation.name, language=invitation.language
    )
    vouch_for_address(user)
    return accept_as(invitation, user, now=now)


@transaction.atomic
def accept_as(invitation: Invitation, user: User, *, now: datetime) -> Contact:
    """Let this login, whose address is the invited one, be the invited colleague; raises `BelongsElsewhere`."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("customer", "site", "invited_by")
        .get(pk=invitation.pk)
    )
    if invitation.accepted_at or invitation.withdrawn_at:
        raise LinkEnded
    contact = Contact.objects.select_for_update().filter(email__iexact=user.email).first()
    mine = Contact.objects.filter(user=user).first()
    if user.active_agent is not None or any(
        each is not None
        and (each.customer_id not in {None, invitation.customer_id} or each.user_id not in {None, user.pk})
        for each in (contact, mine)
    ):
        raise BelongsElsewhere(
            _("Your login belongs to somebody else than this customer."), Reason(_("Ask the desk."))
        )
    contact = mine or contact or Contact(email=user.email, name=invitation.name, language=invitation.language)
    was_unplaced = contact.pk is not None and contact.customer_id is None
    contact.user, contact.customer, contact.site = user, invitation.customer, invitation.site
    contact.reach, contact.is_active = Reach(invitation.reach), True
    contact.may_see_money, contact.may_order = invitation.may_see_money, invitation.may_order
    contact.may_manage = invitation.may_manage
    contact.save()
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    Registration.objects.filter(user=user, state=Standing.WAITING).update(
        state=Standing.PLACED, decided_at=now
    )
    record("accept_invitation", invitation, by=user, now=now, contact=contact.pk)
    if was_unplaced:
        publish(ContactPlaced(contact, by=user, at=now))
    return contact
