"""What the rules want to know of a message, of a ticket, and of the desk's own mail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from balie.rules.mail_matching.tokens import Claim
from balie.rules.mail_matching.trust import UNCHECKED, Proof
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _

# --- What a message is ----------------------------------------------------------------------------------


class AutomaticKind(StrEnum):
    """What sort of program wrote, or passed on, a message."""

    BOUNCE = "bounce"  # could not be delivered
    DELIVERY_REPORT = "delivery_report"  # was delivered, or is late
    READ_RECEIPT = "read_receipt"
    AUTO_REPLY = "auto_reply"
    AUTO_GENERATED = "auto_generated"
    LIST = "list"  # came through a mailing list
    BULK = "bulk"
    NO_ANSWER_WANTED = "no_answer_wanted"  # perhaps by a person, but asks for no automatic answer


@dataclass(frozen=True, slots=True)
class Automatic:
    """Why a message counts as automatic: the header that says so, and what it says."""

    kind: AutomaticKind
    header: str
    value: str
    list_id: str | None = None  # of a mailing list, when it gives one

    def reason(self) -> Reason:
        return Reason(_AUTOMATIC[self.kind], {"header": self.header, "value": self.value})


_AUTOMATIC = {
    AutomaticKind.BOUNCE: _("A mail could not be delivered: the header %(header)s says “%(value)s”."),
    AutomaticKind.DELIVERY_REPORT: _(
        "A mail server reports about a delivery: the header %(header)s says “%(value)s”."
    ),
    AutomaticKind.READ_RECEIPT: _("This is a read receipt: the header %(header)s says “%(value)s”."),
    AutomaticKind.AUTO_REPLY: _("This is an automatic reply: the header %(header)s says “%(value)s”."),
    AutomaticKind.AUTO_GENERATED: _("A program wrote this: the header %(header)s says “%(value)s”."),
    AutomaticKind.LIST: _("This came through a mailing list: the header %(header)s says “%(value)s”."),
    AutomaticKind.BULK: _("This was sent to many at once: the header %(header)s says “%(value)s”."),
    AutomaticKind.NO_ANSWER_WANTED: _(
        "The sender wants no automatic answer: the header %(header)s says “%(value)s”."
    ),
}
# A person may have written these: they become tickets and follow-ups, and are only never answered by a program.
MAY_BE_A_PERSON = {AutomaticKind.NO_ANSWER_WANTED}
# A person may have written these too, but so may anybody's newsletter: they need a token to get in.
THROUGH_A_LIST = {AutomaticKind.LIST, AutomaticKind.BULK}


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What is known of a message. Addresses in any case; `claims` unchecked.

    `fingerprint`: the same for the same message, however often and by whatever way it comes.
    `answer_to`: where an answer would go (Reply-To, else the sender).
    """

    fingerprint: str
    sender: str | None
    claims: tuple[Claim, ...] = ()
    answer_to: str | None = None
    has_null_sender: bool = False  # Return-Path: <>
    automatic: Automatic | None = None
    failed_recipients: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()  # whom it was meant for, the most certain first
    proof: Proof = UNCHECKED
    spam: Reason | None = None  # what the filter in front of the desk said
    is_returned: bool = False  # sent to the return path of a mail of ours, which nobody can make up


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What is known of a ticket that a message claims to belong to. `people`: all addresses that are on it.

    `ended_for_good`: why a reply becomes a new ticket, as `lifecycle.receive_reply` says it; `None` when it does not.
    """

    number: int
    people: Collection[str]
    ended_for_good: Reason | None = None


ROLES = frozenset({"postmaster", "abuse"})
"""Names in front of the @ that always reach an administrator (RFC 5321, RFC 2142)."""


class Strangers(StrEnum):
    """What becomes of a mail whose sender nobody knows."""

    BECOME_CONTACTS = "contact"  # at once, placed at no customer
    WAIT = "list"  # until an agent places the sender


@dataclass(frozen=True, slots=True)
class DeskMail:
    """What the desk knows of its own mail.

    `addresses`: those it receives on and sends from. `lists`: List-IDs that only pass on what was sent to the
    desk (its address may be a group).
    """

    addresses: Collection[str]
    secrets: Sequence[bytes]
    lists: Collection[str] = ()
    answers_per_hour: int = 10  # automatic mails to one address
    answers_per_ticket: int = 20  # automatic mails about one ticket, in an hour
    strangers: Strangers = Strangers.BECOME_CONTACTS

    def owns(self, address: str | None) -> bool:
        """Whether `address` is one of the desk's, also with something after a plus (a reply address)."""
        return address is not None and without_plus(address) in _plain(frozenset(self.addresses))

    def meant(self, recipients: Iterable[str]) -> str | None:
        """Which of its addresses a mail was meant for, in lower case: the first that is the desk's.

        An address of its own with a plus (`help+till@`) goes before the one without.
        """
        ours = frozenset(same(each) for each in self.addresses)
        for each in recipients:
            for form in (same(each), without_plus(each)):
                if form in ours:
                    return form
        return None

    def role_of(self, recipients: Iterable[str]) -> str | None:
        """`postmaster@…` or `abuse@…` of one of the desk's domains among the recipients."""
        domains = {same(each).rpartition("@")[2] for each in self.addresses}
        for each in recipients:
            name, _at, domain = without_plus(each).rpartition("@")
            if name in ROLES and domain in domains:
                return f"{name}@{domain}"
        return None


@lru_cache(maxsize=64)
def _plain(addresses: frozenset[str]) -> frozenset[str]:
    return frozenset(without_plus(each) for each in addresses)


def same(address: str) -> str:
    """Addresses that differ in case only are one mailbox to every server we know of."""
    return address.casefold()


def without_plus(address: str) -> str:
    local_part, _at, domain = same(address).rpartition("@")
    return f"{local_part.partition('+')[0]}@{domain}"
