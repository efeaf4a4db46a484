"""What comes back: which mail of ours it was, and what it says about the address (VERP, RFC 3464)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import parseaddr

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Least, Lower

from balie.accounts.models import User
from balie.audit.actions import record
from balie.customers.models import Customer
from balie.mail import steps
from balie.mail.facts import token_secrets
from balie.mail.models import AddressMark, OutboundMail, OutboundState, Step
from balie.mail.reading.delivery_reports import DeliveryReport
from balie.rules.delivery import Meaning, Trouble, meaning_of
from balie.rules.return_path import mail_returned_to, make_return_path
from balie.tickets import actions as tickets

SOFT_BOUNCES_COUNTED = 99
_LONGEST_WORDS = 2000


def return_path_of(mail: OutboundMail) -> str:
    """The sender on the envelope of `mail`: an address that only this mail has, and nobody else can make up."""
    return make_return_path(parseaddr(mail.sender)[1], mail.pk, secrets=token_secrets())


def bounced(
    *,
    envelope_recipients: Iterable[str] = (),
    returned_ids: Sequence[str] = (),
    addresses: Sequence[str] = (),
    ticket: int | None = None,
) -> OutboundMail | None:
    """Which mail of ours came back, or is answered by a program; `None` when that is not proven.

    `envelope_recipients`: to whom the report was sent, which names the mail by itself. Without that, of the mails to
    `addresses` that were about `ticket` (a key that a genuine token proved) the one in `returned_ids`, else the last.
    """
    key = mail_returned_to(envelope_recipients, secrets=token_secrets())
    mails = OutboundMail.objects.select_related("ticket")
    if key is not None:
        return mails.filter(pk=key).first()
    if ticket is None:
        return None
    about = mails.filter(ticket=ticket, state__in=[OutboundState.SENT, OutboundState.FAILED]).order_by("-id")
    return (
        about.filter(message_id_header__in=returned_ids).first()
        or about.filter(recipient__in=addresses).first()
    )


@transaction.atomic
def came_back(mail: OutboundMail, words: str, *, now: datetime) -> Meaning:
    """Note that a mail which our server had taken did not arrive, in the words of the report.

    The address is marked, the ticket tells it. What was only late, and a mail that had failed before, changes nothing
    but the count.
    """
    meaning = meaning_of(words)
    steps.note_outbound(mail, Step.BOUNCED, words=words, now=now)
    changed = OutboundMail.objects.filter(pk=mail.pk, state=OutboundState.SENT).update(
        state=OutboundState.FAILED, trouble=meaning.trouble, error=clean(words), failed_at=now
    )
    mark(mail.recipient, meaning, words, now=now)
    if changed:
        mail.refresh_from_db()
        tell_ticket(mail, now=now)
    return meaning


def words_about(mail: OutboundMail, report: DeliveryReport | None, *, otherwise: str) -> str:
    """What the report says of the recipient of `mail`: status and words; `otherwise` when it says nothing."""
    failures = report.failures if report else ()
    own = [each for each in failures if each.address.lower() == mail.recipient.lower()] or list(failures)
    for each in own[:1]:
        status = "" if each.status in each.words else each.status
        return f"{status} {each.words}".strip() or otherwise
    return otherwise


def mark(email: str, meaning: Meaning, words: str, *, now: datetime) -> None:
    """Remember what came back from an address: for good when it does not exist, else counted."""
    if meaning.trouble not in _ABOUT_THE_ADDRESS:
        return
    is_gone = meaning.marks_address
    said = {"trouble": meaning.trouble, "words": clean(words), "changed_at": now}
    new = {"undeliverable_since": now if is_gone else None, "soft_bounces": 0 if is_gone else 1}
    found, is_new = AddressMark.objects.get_or_create(email=email.lower(), defaults=said | new)
    if is_new:
        return
    mark = AddressMark.objects.filter(pk=found.pk)
    if is_gone:
        mark.update(**said, undeliverable_since=Coalesce("undeliverable_since", Value(now)))
    else:
        mark.update(**said, soft_bounces=Least(F("soft_bounces") + 1, SOFT_BOUNCES_COUNTED))


_ABOUT_THE_ADDRESS = frozenset(
    {
        Trouble.UNKNOWN_ADDRESS,
        Trouble.UNKNOWN_DOMAIN,
        Trouble.MAILBOX_CLOSED,
        Trouble.MAILBOX_FULL,
        Trouble.TOO_LATE,
        Trouble.OTHER,
    }
)


@transaction.atomic
def clear_mark(email: str, *, by: User, now: datetime) -> bool:
    """An agent looked into it: the mark goes. Answers whether there was one."""
    found = AddressMark.objects.filter(email__iexact=email).first()
    if found is None:
        return False
    record("clear_address_mark", found, by=by, now=now, email=found.email)
    found.delete()
    return True


def marks_of(emails: Iterable[str]) -> dict[str, AddressMark]:
    """The marks on these addresses, by address in lower case. One query, or none."""
    wanted = {each.lower() for each in emails}
    found = AddressMark.objects.filter(email__in=wanted) if wanted else ()
    return {each.email: each for each in found}


def marks_of_customer(customer: Customer) -> list[AddressMark]:
    """The marks on the addresses of a customer's people. One query."""
    theirs = customer.contacts.annotate(key=Lower("email")).values("key")
    return list(AddressMark.objects.filter(email__in=theirs).order_by("email"))


def tell_ticket(mail: OutboundMail, *, now: datetime) -> None:
    """Put on the record of its ticket that a mail did not arrive, and let the screens look; the desk hears of it."""
    if mail.ticket is None:
        return
    tickets.tell_undelivered(mail.ticket, recipient=mail.recipient, now=now)


def clean(words: str) -> str:
    """As it can be stored."""
    return words.replace("\x00", "")[:_LONGEST_WORDS]
