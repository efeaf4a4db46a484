"""Every kind of data that we hold about a person: where it is, what an export holds of it, what erasing does to it.

This table is complete: a test walks all models and fails when one that points to a person is neither here nor in
`NOT_ABOUT_PERSONS`, which says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from balie.accounts.models import Agent, User
from balie.audit.models import Entry
from balie.backups.models import VideoRequest
from balie.contracts.models import CreditBooking
from balie.customers.models import AddressClaim, Contact, Invitation, PhoneNumber, Registration
from balie.knowledge.models import Version, Vote
from balie.knowledge.voting import digest_of
from balie.mail.models import AddressMark, InboundMail, KnownKey, OutboundMail
from balie.phone.models import Call, Extension
from balie.privacy.persons import Person
from balie.tickets.models import (
    Attachment,
    CallAttempt,
    CallBack,
    CallRequest,
    Copy,
    Draft,
    DraftFile,
    Message,
    Ticket,
    TicketEvent,
    TimeEntry,
)


class Fate(StrEnum):
    """What erasing does with a kind of data."""

    DELETED = "deleted"
    WITHOUT_PERSON = "without_person"  # the row stays, the person goes out of it
    BY_CHOICE = "by_choice"
    KEPT = "kept"


Rows = Callable[[Person], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of data. `rows`: those about a person. `fields`: what an export shows of each.

    `because`: why it may stay, when it does; the administrator reads it before erasing.
    """

    key: str
    name: Any
    model: type[Model]
    rows: Rows
    fields: tuple[str, ...]
    fate: Fate
    because: Any = ""


def of_contact(model: type[Model], *names: str) -> Rows:
    def rows(person: Person) -> QuerySet[Any]:
        found = Q(pk__in=[])
        for name in names if person.contact is not None else ():
            found |= Q(**{name: person.contact})
        return model._default_manager.filter(found).distinct()

    return rows


def of_user(model: type[Model], *names: str) -> Rows:
    def rows(person: Person) -> QuerySet[Any]:
        found = Q(pk__in=[])
        for name in names if person.user is not None else ():
            found |= Q(**{name: person.user})
        return model._default_manager.filter(found).distinct()

    return rows


def itself(model: type[Model], name: str) -> Rows:
    def rows(person: Person) -> QuerySet[Any]:
        row = getattr(person, name)
        return model._default_manager.filter(pk=row.pk if row is not None else None)

    return rows


def tickets_of(person: Person) -> QuerySet[Ticket]:
    """The tickets that the person asked or follows."""
    if person.contact is None:
        return Ticket.objects.none()
    return Ticket.objects.filter(Q(contact=person.contact) | Q(people=person.contact)).distinct()


def messages_by(person: Person) -> QuerySet[Message]:
    wrote = Q(pk__in=[])
    if person.contact is not None:
        wrote |= Q(contact=person.contact)
    if person.user is not None:
        wrote |= Q(agent=person.user)
    return Message.objects.filter(wrote)


def attachments(person: Person) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message__contact=person.contact or 0)


def events_by(person: Person) -> QuerySet[TicketEvent]:
    return TicketEvent.objects.filter(ticket__in=tickets_of(person), who__in=called(person))


def received(person: Person) -> QuerySet[InboundMail]:
    return InboundMail.objects.filter(person.is_sender("sender"))


def sent(person: Person) -> QuerySet[OutboundMail]:
    return OutboundMail.objects.filter(person.is_sender("recipient"))


def marks_of(person: Person) -> QuerySet[AddressMark]:
    return AddressMark.objects.filter(person.is_sender("email"))


def copies_to(person: Person) -> QuerySet[Copy]:
    return Copy.objects.filter(person.is_sender("email"))


def claims_of(person: Person) -> QuerySet[AddressClaim]:
    theirs = Q(contact=person.contact) if person.contact else Q(pk__in=[])
    return AddressClaim.objects.filter(
        theirs
        | person.is_sender("new_email")
        | person.is_sender("old_email")
        | person.is_sender("replaced_email")
    )


def invitations_to(person: Person) -> QuerySet[Invitation]:
    return Invitation.objects.filter(person.is_sender("email"))


def votes(person: Person) -> QuerySet[Vote]:
    visitors = [digest_of(f"user {person.user.pk}")] if person.user else []
    return Vote.objects.filter(visitor__in=visitors)


def record(person: Person) -> QuerySet[Entry]:
    found = Q(who__in=called(person))
    if person.user is not None:
        found |= Q(actor_id=person.user.pk) | Q(subject_type="accounts.user", subject_id=str(person.user.pk))
    if person.contact is not None:
        found |= Q(subject_type="customers.contact", subject_id=str(person.contact.pk))
    return Entry.objects.filter(found)


def called(person: Person) -> list[str]:
    return sorted({str(each) for each in (person.contact, person.user) if each is not None} | person.emails)


HISTORY = _("The history of the question is needed by the customer and by us; it stays without the person.")
DUTY = _("Accounts must be kept for seven years; the booking stays without the person.")
EVIDENCE = _("What happened must stay provable; it stays without the person.")

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "contact",
        _("Contact"),
        Contact,
        itself(Contact, "contact"),
        (
            "name",
            "email",
            "language",
            "customer",
            "site",
            "reach",
            "may_see_money",
            "may_order",
            "created_at",
        ),
        Fate.WITHOUT_PERSON,
        HISTORY,
    ),
    Holding(
        "login",
        _("Login"),
        User,
        itself(User, "user"),
        ("name", "email", "language", "is_active", "last_login", "created_at"),
        Fate.DELETED,
        _(
            "Of somebody who worked at the desk the row stays without the person, because answers refer to it."
        ),
    ),
    Holding(
        "agent",
        _("Work at the desk"),
        Agent,
        of_user(Agent, "user"),
        ("role", "team", "is_active"),
        Fate.WITHOUT_PERSON,
        EVIDENCE,
    ),
    Holding(
        "addresses",
        _("Addresses of the login"),
        EmailAddress,
        of_user(EmailAddress, "user"),
        ("email", "verified", "primary"),
        Fate.DELETED,
    ),
    Holding(
        "second_step",
        _("Second step of the login"),
        Authenticator,
        of_user(Authenticator, "user"),
        ("type", "created_at", "last_used_at"),
        Fate.DELETED,
    ),
    Holding(
        "registration",
        _("Request for an account"),
        Registration,
        of_user(Registration, "user"),
        ("company", "customer_number", "state", "made_at", "reason"),
        Fate.DELETED,
    ),
    Holding(
        "claims",
        _("Claims of a login"),
        AddressClaim,
        claims_of,
        ("name", "company", "new_email", "old_email", "phone", "state", "requested_at"),
        Fate.DELETED,
    ),
    Holding(
        "invitations",
        _("Invitations to this person"),
        Invitation,
        invitations_to,
        ("name", "email", "language", "invited_at", "accepted_at"),
        Fate.DELETED,
    ),
    Holding(
        "invited",
        _("Invitations by this person"),
        Invitation,
        of_contact(Invitation, "invited_by"),
        ("name", "email", "invited_at"),
        Fate.WITHOUT_PERSON,
        _("They are about somebody else."),
    ),
    Holding(
        "phones",
        _("Phone numbers"),
        PhoneNumber,
        of_contact(PhoneNumber, "contact"),
        ("e164", "label", "registered_on"),
        Fate.DELETED,
    ),
    Holding(
        "handed_in",
        _("Phone numbers of the customer that it handed in"),
        PhoneNumber,
        of_contact(PhoneNumber, "requested_by"),
        ("e164", "label", "requested_at"),
        Fate.WITHOUT_PERSON,
        _("The number is the customer's."),
    ),
    Holding(
        "tickets",
        _("Tickets"),
        Ticket,
        tickets_of,
        (
            "number",
            "subject",
            "customer",
            "site",
            "category",
            "channel",
            "state",
            "urgent",
            "opened_at",
            "closed_at",
            "decision",
        ),
        Fate.WITHOUT_PERSON,
        HISTORY,
    ),
    Holding(
        "assigned",
        _("Tickets that it worked on"),
        Ticket,
        of_user(Ticket, "assigned_to"),
        ("number", "subject", "state"),
        Fate.WITHOUT_PERSON,
        HISTORY,
    ),
    Holding(
        "call_backs",
        _("Where to reach it"),
        CallRequest,
        of_contact(CallRequest, "ticket__contact"),
        ("ticket", "phone", "anydesk"),
        Fate.DELETED,
    ),
    Holding(
        "planned_calls",
        _("Calls that were planned to it"),
        CallBack,
        of_contact(CallBack, "ticket__contact"),
        ("ticket", "phone", "anydesk", "planned_from", "standing"),
        Fate.DELETED,
    ),
    Holding(
        "calls_to_make",
        _("Calls that it would make for the desk"),
        CallBack,
        of_user(CallBack, "owner"),
        ("ticket", "planned_from", "standing"),
        Fate.KEPT,
        _("They are the desk's; the name of who calls goes with the login."),
    ),
    Holding(
        "attempts",
        _("Attempts to reach a customer"),
        CallAttempt,
        of_user(CallAttempt, "by"),
        ("call_back", "at", "outcome"),
        Fate.KEPT,
        _("They are the desk's; the name of who calls goes with the login."),
    ),
    Holding(
        "time_worked",
        _("Time that it worked"),
        TimeEntry,
        of_user(TimeEntry, "person"),
        ("ticket", "kind", "started_at", "ended_at", "minutes", "note"),
        Fate.KEPT,
        DUTY,
    ),
    Holding(
        "messages",
        _("Messages"),
        Message,
        messages_by,
        ("ticket", "written_at", "channel", "is_internal", "text", "quoted"),
        Fate.WITHOUT_PERSON,
        HISTORY,
    ),
    Holding(
        "files",
        _("Files that it sent"),
        Attachment,
        attachments,
        ("message", "name", "content_type"),
        Fate.BY_CHOICE,
        _("They belong to the history of the question; delete them when they show the person."),
    ),
    Holding(
        "events",
        _("What it did on tickets"),
        TicketEvent,
        events_by,
        ("ticket", "at", "kind", "who", "data"),
        Fate.WITHOUT_PERSON,
        HISTORY,
    ),
    Holding(
        "drafts",
        _("Drafts"),
        Draft,
        of_contact(Draft, "contact"),
        ("fields", "saved_at", "dropped_at"),
        Fate.DELETED,
    ),
    Holding(
        "draft_files",
        _("Files of drafts"),
        DraftFile,
        of_contact(DraftFile, "draft__contact"),
        ("name", "content_type"),
        Fate.DELETED,
    ),
    Holding(
        "mail_in",
        _("Mail from this person"),
        InboundMail,
        received,
        ("received_at", "sender", "subject", "size", "outcome"),
        Fate.DELETED,
        _("That a mail came stays, without sender, subject and content."),
    ),
    Holding(
        "mail_keys",
        _("Certificates and keys for signed mail"),
        KnownKey,
        of_contact(KnownKey, "contact"),
        ("kind", "material", "fingerprint", "added_at"),
        Fate.DELETED,
    ),
    Holding(
        "mail_out",
        _("Mail to this person"),
        OutboundMail,
        sent,
        ("created_at", "recipient", "subject", "text", "state"),
        Fate.DELETED,
    ),
    Holding(
        "address_marks",
        _("Addresses that mail comes back from"),
        AddressMark,
        marks_of,
        ("email", "undeliverable_since", "soft_bounces", "trouble", "words", "changed_at"),
        Fate.DELETED,
    ),
    Holding(
        "copies",
        _("Copies of answers to this person"),
        Copy,
        copies_to,
        ("email", "is_blind"),
        Fate.DELETED,
    ),
    Holding(
        "video_requests",
        _("Requests for the video"),
        VideoRequest,
        of_contact(VideoRequest, "contact"),
        ("requested_at",),
        Fate.DELETED,
    ),
    Holding(
        "votes",
        _("Judgements of articles"),
        Vote,
        votes,
        ("translation", "is_useful", "why", "voted_at"),
        Fate.WITHOUT_PERSON,
        _("The judgement counts on; nobody can tell any more whose it was."),
    ),
    Holding(
        "articles",
        _("Articles that it wrote"),
        Version,
        of_user(Version, "written_by"),
        ("title", "written_at"),
        Fate.KEPT,
        _("They are the desk's; the name of the writer goes with the login."),
    ),
    Holding(
        "calls",
        _("Telephone calls"),
        Call,
        of_contact(Call, "contact"),
        ("began_at", "ended_at", "direction", "caller", "caller_text", "state"),
        Fate.WITHOUT_PERSON,
        _("That a customer called stays; the number of the person goes."),
    ),
    Holding(
        "handled_calls",
        _("Telephone calls that it took"),
        Call,
        of_user(Call, "handled_by"),
        ("began_at", "answered_at", "ended_at", "direction"),
        Fate.WITHOUT_PERSON,
        HISTORY,
    ),
    Holding(
        "extensions",
        _("Telephones at the desk"),
        Extension,
        of_user(Extension, "user"),
        ("number", "takes_calls"),
        Fate.WITHOUT_PERSON,
        _("The telephone is the desk's."),
    ),
    Holding(
        "bookings",
        _("Bookings of credit"),
        CreditBooking,
        of_user(CreditBooking, "by"),
        ("customer", "minutes", "because", "booked_at"),
        Fate.KEPT,
        DUTY,
    ),
    Holding(
        "record",
        _("The record"),
        Entry,
        record,
        ("at", "who", "action", "subject_type", "subject_id", "data"),
        Fate.WITHOUT_PERSON,
        EVIDENCE,
    ),
)

NOT_ABOUT_PERSONS: Mapping[str, str] = {
    "customers.Registration.decided_by": "who of the desk decided; the name goes with the login",
    "customers.AddressClaim.approved_by": "who of the desk approved; the name goes with the login",
    "mail.MailFile.by": "who of the desk handed it in; the name goes with the login",
    "administration.Recount.by": "who of the desk ordered it; the name goes with the login",
    "privacy.Export.asked_by": "who of the desk asked for it; the name goes with the login",
    "privacy.Export.contact": "an export itself; deleted with its file when the person is erased",
    "privacy.Export.user": "an export itself; deleted with its file when the person is erased",
    "privacy.Erasure.by": "who of the desk did it; the name goes with the login",
    "customers.NumberCode.made_by": "who of the desk made it; the code goes when it is used, or with the number",
    "phone.MissedCaller.claimed_by": "who of the desk phones back; the name goes with the login",
    "phone.MissedCaller.closed_by": "who of the desk dealt with it; the name goes with the login",
    "phone.DialOrder.by": "who of the desk had a number dialled; the number goes with the person that it is of",
    "tickets.Stopwatch.person": "work of this moment: gone when it is stopped, or with the login",
    "tickets.HeldAnswer.agent": "an answer that leaves in seconds, or was taken back: forgotten after 30 days",
    "tickets.Ticket_people.contact": "exported as a ticket; the contact has no name any more",
    "admin.LogEntry.user": "Django's own record, which is never written: ours is audit.Entry",
}
"""References to a person that are in no holding, and why."""
