"""Mails about accounts, each in its reader's language. They leave with the transaction, through the outbox."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from balie.customers.links import Purpose, link
from balie.customers.models import AddressClaim, Contact, Invitation, Registration
from balie.desk.models import Desk


def tell_placed(contact: Contact, *, desk: Desk) -> None:
    """That the account belongs to a customer now."""
    with translation.override(contact.language):
        text = _(
            "Hello %(name)s,\n\nYour account at %(desk)s now belongs to %(customer)s.\nLog in: %(link)s\n"
        )
        _send(
            contact.email,
            _("Your account at %(desk)s is ready") % {"desk": desk.name},
            text
            % {
                "name": contact,
                "desk": desk.name,
                "customer": contact.customer,
                "link": _address("account_login"),
            },
        )


def tell_refused(registration: Registration, *, desk: Desk) -> None:
    """That the desk did not place the account, and why."""
    user = registration.user
    with translation.override(user.language):
        text = _(
            "Hello %(name)s,\n\nWe could not connect your account to a customer of %(desk)s.\n\n%(reason)s\n\n"
            "Is this a mistake? Log in and ask us: %(link)s\n"
        )
        _send(
            user.email,
            _("Your account at %(desk)s") % {"desk": desk.name},
            text
            % {
                "name": user,
                "desk": desk.name,
                "reason": registration.reason,
                "link": _address("account_login"),
            },
        )


def send_invitation(invitation: Invitation, *, desk: Desk) -> None:
    """The link with which a colleague comes in; the same whether or not the address is known to us."""
    with translation.override(invitation.language):
        text = _(
            "Hello %(name)s,\n\n%(by)s of %(customer)s lets you in at %(desk)s: there you ask questions and follow the "
            "answers.\n\nAccept here; the link works once, for a week:\n%(link)s\n"
        )
        _send(
            invitation.email,
            _("%(by)s invites you to %(desk)s") % {"by": invitation.invited_by, "desk": desk.name},
            text
            % {
                "name": invitation,
                "by": invitation.invited_by,
                "customer": invitation.customer,
                "desk": desk.name,
                "link": link(Purpose.JOIN, invitation.pk),
            },
        )


def ask_to_verify(claim: AddressClaim, *, desk: Desk) -> None:
    """The link that shows that the claimant reads the mail of the new address."""
    with translation.override(claim.language):
        text = _(
            "Hello %(name)s,\n\nYou asked %(desk)s to log in with this address from now on. Confirm that you read its "
            "mail; the link works for a day:\n%(link)s\n\nThen we verify your request in another way.\n"
            "Did you not ask this? Then you need not do anything.\n"
        )
        _send(
            claim.new_email,
            _("Confirm your new address"),
            text % {"name": claim.name, "desk": desk.name, "link": link(Purpose.VERIFY_CLAIM, claim.pk)},
        )


def tell_address_known(email: str, *, name: str, language: str, desk: Desk) -> None:
    """To somebody who claims an address with which it can log in already."""
    with translation.override(language):
        text = _(
            "Hello %(name)s,\n\nYou asked %(desk)s to log in with this address. You can do that already. Log in, with "
            "a code by mail if you do not know your password:\n%(link)s\n\n"
            "Did you not ask this? Then you need not do anything.\n"
        )
        _send(
            email,
            _("You can log in with this address"),
            text % {"name": name, "desk": desk.name, "link": _address("account_request_login_code")},
        )


def warn(claim: AddressClaim, recipient: Contact, email: str, *, desk: Desk) -> None:
    """To the old address and every contact: somebody wants a new address for a login, and how to stop it."""
    with translation.override(recipient.language):
        if claim.takes_effect_at:
            when = _("We verified the request. The new address works from %(moment)s.") % {
                "moment": formats.date_format(timezone.localtime(claim.takes_effect_at), "DATETIME_FORMAT")
            }
        else:
            when = _("We will verify the request first; nothing has changed yet.")
        text = _(
            "Hello %(name)s,\n\nSomebody who says to be %(claimant)s asked %(desk)s to let %(whose)s log in with "
            "another mail address: %(new)s.\n\n%(when)s\n\nIs this not right? Stop it here, with one click:\n%(link)s\n"
        )
        _send(
            email,
            _("A new mail address for the login of %(whose)s?") % {"whose": claim.contact},
            text
            % {
                "name": recipient,
                "claimant": claim.name,
                "desk": desk.name,
                "whose": claim.contact,
                "new": claim.new_email,
                "when": when,
                "link": link(Purpose.STOP_CLAIM, claim.pk, email),
            },
        )


def tell_approved(claim: AddressClaim, *, desk: Desk) -> None:
    """To the claimant: the desk verified it, and when the new address works."""
    assert claim.takes_effect_at is not None
    with translation.override(claim.language):
        moment = formats.date_format(timezone.localtime(claim.takes_effect_at), "DATETIME_FORMAT")
        text = _(
            "Hello %(name)s,\n\nWe verified your request. You can log in at %(desk)s with this address from "
            "%(moment)s, unless somebody at your company stops it.\n"
        )
        _send(
            claim.new_email,
            _("Your new address works from %(moment)s") % {"moment": moment},
            text % {"name": claim.name, "desk": desk.name, "moment": moment},
        )


def tell_not_done(claim: AddressClaim, *, desk: Desk) -> None:
    """To the claimant: nothing has changed. It does not tell why, nor what we know."""
    with translation.override(claim.language):
        text = _(
            "Hello %(name)s,\n\nWe could not carry out your request to log in at %(desk)s with this address. Ask the "
            "person at your company who arranges this with us.\n"
        )
        _send(
            claim.new_email,
            _("Your request for a new address"),
            text % {"name": claim.name, "desk": desk.name},
        )


def tell_effective(claim: AddressClaim, *, desk: Desk) -> None:
    """To the new address: how to log in; to the old one: that it does not work any more."""
    with translation.override(claim.language):
        text = _(
            "Hello %(name)s,\n\nFrom now on you log in at %(desk)s with this address. Let us mail you a code:\n"
            "%(link)s\n"
        )
        _send(
            claim.new_email,
            _("Your new address works"),
            text % {"name": claim.contact, "desk": desk.name, "link": _address("account_request_login_code")},
        )
    assert claim.contact is not None
    with translation.override(claim.contact.language):
        text = _(
            "Hello %(name)s,\n\nThe login of %(whose)s at %(desk)s has another mail address now: %(new)s. With this "
            "address nobody can log in any more.\n\nIs this not right? Tell the desk at once.\n"
        )
        _send(
            claim.replaced_email,
            _("This address does not log in any more"),
            text
            % {
                "name": claim.contact,
                "whose": claim.contact,
                "desk": desk.name,
                "new": claim.new_email,
            },
        )


def _address(page: str) -> str:
    address: str = settings.BALIE_URL
    return address + reverse(page)


def _send(recipient: str, subject: str, text: str) -> None:
    send_mail(" ".join(subject.split()), text, None, [recipient])
