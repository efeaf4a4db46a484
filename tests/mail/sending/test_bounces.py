"""What comes back: found by its address alone, told in plain words, marked on the address, and never forged."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import send_mail
from pytest_django import Settings
from tests.cast import FRIDAY_AT_FOUR, at
from tests.mail.letters import arrives, letter, replies_to
from tests.servers.postfix import Postfix

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail import actions, bounces
from balie.mail.models import (
    AddressMark,
    InboundMail,
    InboundOutcome,
    OutboundKind,
    OutboundMail,
    OutboundState,
)
from balie.mail.sending import POOL
from balie.rules.delivery import Trouble, meaning_of
from balie.tickets import actions as tickets
from balie.tickets.actions import Writing
from balie.tickets.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db
LATER = FRIDAY_AT_FOUR + timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_connection_is_left():
    yield
    POOL.close()


@pytest.fixture
def sent(softwear: Desk, carla: Contact, settings: Settings) -> OutboundMail:
    """A confirmation that a mail server took."""
    settings.SMTP_URL = "smtp://127.0.0.1:9?tls=no"
    arrives(letter("carla@shop.example"))
    OutboundMail.objects.update(state=OutboundState.SENT, sent_at=FRIDAY_AT_FOUR, next_attempt_at=None)
    return OutboundMail.objects.get()


def returned(
    mail: OutboundMail, text: str, *, to: str = "", sender: str = "MAILER-DAEMON@mail.example"
) -> InboundMail:
    """A report without any part that a program can read, sent to the return path of `mail`."""
    return arrives(
        letter(sender, text, subject="Undelivered", to=to or bounces.return_path_of(mail), Return_Path="<>"),
        now=LATER,
    )


def test_a_report_of_postfix_brings_the_failure_to_its_ticket(
    softwear: Desk, carla: Contact, postfix: Postfix, settings: Settings
) -> None:
    settings.SMTP_URL = f"smtp://127.0.0.1:{postfix.port}?tls=no"
    arrives(letter("carla@shop.example"))
    OutboundMail.objects.update(recipient="bounced@shop.example")
    mail = OutboundMail.objects.get()
    actions.deliver(mail.pk, now=FRIDAY_AT_FOUR)
    postfix.await_letters()

    report = arrives(postfix.raw_letters()[0], now=LATER)

    mail.refresh_from_db()
    assert report.outcome == InboundOutcome.BOUNCE
    assert (mail.state, mail.trouble, mail.failed_at) == (
        OutboundState.FAILED,
        Trouble.UNKNOWN_ADDRESS,
        LATER,
    )
    assert "this mailbox is gone" in mail.error
    assert AddressMark.objects.get().undeliverable_since == LATER
    assert TicketEvent.objects.filter(kind="undelivered", ticket=mail.ticket).count() == 1


def test_a_report_to_the_address_of_one_mail_is_never_filed_as_spam(sent: OutboundMail) -> None:
    path = bounces.return_path_of(sent)

    def called_spam(to: str) -> InboundMail:
        text = "Votre message n'est pas arrivé. 550 5.1.1 inconnu"
        sender = "MAILER-DAEMON@mail.example"
        return arrives(letter(sender, text, to=to, Return_Path="<>", X_Spam_Flag="YES"), now=LATER)

    made_up = path.replace(path[path.index("@") - 4 : path.index("@")], "aaaa")
    assert called_spam(made_up).outcome == InboundOutcome.SPAM
    assert called_spam(path).outcome == InboundOutcome.BOUNCE

    sent.refresh_from_db()
    assert (sent.state, sent.trouble) == (OutboundState.FAILED, Trouble.UNKNOWN_ADDRESS)


def test_a_report_that_nobody_can_read_is_about_the_mail_whose_address_it_was_sent_to(
    sent: OutboundMail,
) -> None:
    returned(sent, "Votre message n'est pas arrivé. 550 5.1.1 inconnu")

    sent.refresh_from_db()
    assert (sent.state, sent.trouble) == (OutboundState.FAILED, Trouble.UNKNOWN_ADDRESS)


def test_a_forged_return_path_is_about_nothing(sent: OutboundMail) -> None:
    forged = bounces.return_path_of(sent).replace(f"bounce-{sent.pk}-", f"bounce-{sent.pk}-aaaa")[:-1] + "l"
    returned(sent, "550 5.1.1 unknown", to=forged)
    returned(sent, "550 5.1.1 unknown", to=f"help+bounce-{sent.pk}-aaaaaaaaaaaaaaaa@softwear.nl")

    sent.refresh_from_db()
    assert sent.state == OutboundState.SENT
    assert not AddressMark.objects.exists()


def test_the_same_report_twice_is_one_failure(sent: OutboundMail) -> None:
    returned(sent, "550 5.1.1 unknown")
    returned(sent, "550 5.1.1 unknown, once more")

    assert TicketEvent.objects.filter(kind="undelivered").count() == 1


def test_a_mail_about_an_account_comes_back_without_a_ticket_and_marks_its_address(
    softwear: Desk, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "balie.mail.outbox.Outbox"
    send_mail("Code", "123456", None, ["typo@shop.example"])
    OutboundMail.objects.update(state=OutboundState.SENT, next_attempt_at=None)
    mail = OutboundMail.objects.get()

    bounces.came_back(mail, "550 5.1.1 unknown", now=LATER)

    assert AddressMark.objects.get().email == "typo@shop.example"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("words", "since", "soft"),
    [
        ("550 5.1.1 unknown", [LATER], 0),
        ("552 5.2.2 mailbox full", [None], 1),
        ("4.4.7 expired", [None], 1),
        ("550 5.7.1 we block you", [], 0),
    ],
    ids=["unknown is for good", "full is counted", "given up elsewhere is counted", "about us is no mark"],
)
def test_what_comes_back_marks_the_address_only_for_what_is_its_fault(
    db: None, words: str, since: list[object], soft: int
) -> None:
    bounces.mark("Carla@shop.example", meaning_of(words), words, now=LATER)

    assert [each.undeliverable_since for each in AddressMark.objects.all()] == since
    assert sum(each.soft_bounces for each in AddressMark.objects.all()) == soft


def test_soft_bounces_add_up_and_one_for_good_keeps_its_first_moment(db: None) -> None:
    for minutes, words in enumerate(
        ["552 5.2.2 full", "552 5.2.2 full", "550 5.1.1 unknown", "550 5.1.1 unknown"]
    ):
        now = LATER + timedelta(minutes=minutes)
        bounces.mark("carla@shop.example", meaning_of(words), words, now=now)

    [mark] = AddressMark.objects.all()
    assert (mark.soft_bounces, mark.undeliverable_since) == (2, LATER + timedelta(minutes=2))


def test_the_mark_goes_when_somebody_writes_from_the_address(sent: OutboundMail) -> None:
    bounces.mark("carla@shop.example", meaning_of("550 5.1.1"), "550 5.1.1", now=LATER)

    arrives(letter("carla@shop.example", "Ik ben er weer."), now=LATER)

    assert not AddressMark.objects.exists()


def test_a_report_does_not_take_the_mark_away(sent: OutboundMail) -> None:
    returned(sent, "550 5.1.1 unknown")
    returned(sent, "550 5.1.1 unknown, again", sender="carla@shop.example")

    assert AddressMark.objects.exists()


def test_an_absence_note_to_the_return_path_is_filed_on_the_ticket_of_the_mail(sent: OutboundMail) -> None:
    note = arrives(
        letter(
            "carla@shop.example",
            "Ik ben er maandag weer.",
            to=bounces.return_path_of(sent),
            Auto_Submitted="auto-replied",
        ),
        now=LATER,
    )

    sent.refresh_from_db()
    assert (note.outcome, note.ticket) == (InboundOutcome.AUTOMATIC, sent.ticket)
    assert sent.state == OutboundState.SENT


def answered_with_copies(softwear: Desk, anna: User, carla: Contact) -> Ticket:
    ticket = arrives(letter("carla@shop.example")).ticket
    writing = Writing("Zie hieronder.", copies=("piet@elders.example",), blind_copies=("baas@desk.example",))
    newest = ticket.messages.latest("pk").pk
    tickets.reply(ticket, writing=writing, by=anna, seen=newest, situation=at(softwear))
    return ticket


def test_copies_are_named_in_the_header_and_blind_ones_nowhere(
    softwear: Desk, carla: Contact, anna: User, postfix: Postfix, settings: Settings
) -> None:
    settings.SMTP_URL = f"smtp://127.0.0.1:{postfix.port}?tls=no"
    answered_with_copies(softwear, anna, carla)
    for mail in OutboundMail.objects.filter(kind=OutboundKind.REPLY):
        actions.deliver(mail.pk, now=FRIDAY_AT_FOUR)

    arrived = postfix.await_letters(3)

    assert sorted(each["Delivered-To"] for each in arrived) == [
        "baas@desk.example",
        "carla@shop.example",
        "piet@elders.example",
    ]
    assert {(str(each["To"]), str(each["Cc"])) for each in arrived} == {
        ("Carla <carla@shop.example>", "piet@elders.example")
    }
    others = [each for each in postfix.raw_letters() if b"Delivered-To: baas@" not in each]
    assert len(others) == 2
    assert not any(b"baas@desk.example" in each for each in others)


def test_who_got_a_copy_is_on_the_ticket_and_who_got_it_blindly_is_not(
    softwear: Desk, carla: Contact, anna: User, settings: Settings
) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:9?tls=no"
    ticket = answered_with_copies(softwear, anna, carla)
    mails = {each.recipient: each for each in OutboundMail.objects.filter(kind=OutboundKind.REPLY)}

    seen = arrives(replies_to(mails["piet@elders.example"], "Dank."))
    blind = arrives(replies_to(mails["baas@desk.example"], "Mooi."))

    assert (seen.outcome, seen.ticket) == (InboundOutcome.FOLLOW_UP, ticket)
    assert blind.ticket != ticket


def test_a_later_answer_goes_to_the_visible_copy_again_and_not_to_the_blind_one(
    softwear: Desk, carla: Contact, anna: User
) -> None:
    ticket = answered_with_copies(softwear, anna, carla)
    newest = ticket.messages.latest("pk").pk
    before = OutboundMail.objects.latest("pk").pk

    tickets.reply(ticket, writing=Writing("Nog iets."), by=anna, seen=newest, situation=at(softwear))

    later = OutboundMail.objects.filter(pk__gt=before)
    assert sorted(each.recipient for each in later) == ["carla@shop.example", "piet@elders.example"]


def test_a_copy_to_a_colleague_at_the_same_customer_puts_that_colleague_on_the_ticket(
    softwear: Desk, carla: Contact, anna: User
) -> None:
    otto = Contact.objects.create(name="Otto", email="otto@shop.example", customer=carla.customer)
    ticket = arrives(letter("carla@shop.example")).ticket
    newest = ticket.messages.latest("pk").pk
    writing = Writing("Zie hieronder.", copies=("Otto@shop.example",))

    tickets.reply(ticket, writing=writing, by=anna, seen=newest, situation=at(softwear))

    assert otto in ticket.people.all()
    assert not ticket.copies.exists()
