"""At which customer somebody who made an account belongs (SW-19, IB-05).

Decided only when the mail address has been verified: whoever reads the mail of an address may have what is the
address's. Nothing that was typed (a name, a customer number) places anybody; that is for the desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _

FREE_MAIL = frozenset(
    """
    aol.com casema.nl chello.nl fastmail.com freedom.nl gmail.com gmx.com gmx.de gmx.net googlemail.com
    hetnet.nl home.nl hotmail.be hotmail.com hotmail.nl icloud.com kliksafe.nl kpnmail.nl kpnplanet.nl
    live.be live.com live.nl mac.com mail.com me.com msn.com online.nl onsmail.nl outlook.be outlook.com
    outlook.nl planet.nl pm.me proton.me protonmail.com quicknet.nl skynet.be solcon.nl tele2.nl telenet.be
    telfort.nl tuta.com tutanota.com upcmail.nl versatel.nl wanadoo.nl web.de xmsnet.nl xs4all.nl yahoo.com
    yahoo.nl zeelandnet.nl ziggo.nl zonnet.nl
    """.split()  # noqa: SIM905
)
"""Domains on which anybody, or any subscriber, can have an address."""


def is_free_mail(domain: str) -> bool:
    """Whether addresses at this domain say nothing about where somebody works."""
    return domain.lower().removeprefix("@") in FREE_MAIL


def domain_of(address: str) -> str:
    """What stands behind the last @, in lower case."""
    return address.rpartition("@")[2].lower()


class Known(StrEnum):
    """What the desk already knows of an address as a contact."""

    NOT = "unknown"
    UNPLACED = "wrote to us, not placed at a customer"
    AT_CUSTOMER = "contact of a customer"
    CLOSED_OFF = "contact that may not come in any more"
    OTHER_LOGIN = "contact with another login"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of somebody whose address was verified. Customers by their keys; inactive ones are left out."""

    email: str
    known: Known = Known.NOT
    invited_by: int | None = None  # the customer whose invitation waits for this address
    domain_of: int | None = None  # the customer whose domain this is


class Step(StrEnum):
    """What is done with the account."""

    ACCEPT_INVITATION = "accept the invitation"
    JOIN_CONTACT = "become the contact"
    JOIN_CUSTOMER = "become a contact of the customer, own tickets only"
    WAIT = "wait for the desk"


@dataclass(frozen=True, slots=True)
class Placement:
    """`customer`: where the account comes to belong; `None` while it waits."""

    step: Step
    customer: int | None
    because: Reason


def match(facts: Facts) -> Placement:
    """Where an account belongs whose address was verified; the first of these that holds."""
    if facts.known is Known.CLOSED_OFF:
        return _wait(_("This address is a contact's that may not come in any more."))
    if facts.known is Known.OTHER_LOGIN:
        return _wait(_("The contact with this address has another login."))
    if facts.known is Known.AT_CUSTOMER:
        return Placement(
            Step.JOIN_CONTACT, None, Reason(_("The address is a known contact's."), rule="SW-19")
        )
    if facts.invited_by is not None:
        return Placement(
            Step.ACCEPT_INVITATION,
            facts.invited_by,
            Reason(_("A colleague invited this address."), rule="SW-19"),
        )
    if facts.domain_of is not None and not is_free_mail(domain_of(facts.email)):
        domain = domain_of(facts.email)
        told = Reason(_("The customer's own mail domain is %(domain)s."), {"domain": domain}, rule="SW-19")
        return Placement(Step.JOIN_CUSTOMER, facts.domain_of, told)
    return _wait(_("Nothing shows at which customer this address belongs."))


def _wait(message: str) -> Placement:
    return Placement(Step.WAIT, None, Reason(message, rule="SW-19"))
