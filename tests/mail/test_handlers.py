"""Who is told what, in which language, when something happens to a ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings
from tests.cast import FRIDAY_AT_FOUR, at, contact
from tests.mail.letters import arrives, letter, replies_to

from balie.accounts.models import User
from balie.contracts.models import CustomerTerms
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk, Notification
from balie.mail.facts import token_secrets
from balie.mail.models import OutboundKind, OutboundMail
from balie.mail.reading.replies import MARKERS, split_reply
from balie.rules.lifecycle import Actor, Move
from balie.rules.mail_matching import Place as Where
from balie.rules.mail_matching import claims_in_message_ids, claims_in_recipients, is_genuine
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions as tickets
from balie.tickets.actions import Upload, Writing
from balie.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(carla: Contact) -> Contact:
    Contact.objects.filter(pk=carla.pk).update(language="en")
    carla.refresh_from_db()
    return carla


@pytest.fixture
def asked(infobits: Desk, sla8: Customer, english: Contact) -> Ticket:
    """Carla's question, asked in the portal under SLA8."""
    return tickets.open(
        english,
        Wish(Channel.PORTAL),
        subject="Geen bon",
        writing=Writing("Er komt geen bon uit."),
        by=english.user,
        situation=at(infobits),
    )


def answer(ticket: Ticket, by: User, desk: Desk, *, move: Move = Move.ANSWER, **more: object) -> OutboundMail:
    seen = ticket.messages.order_by("id").last()
    assert seen is not None
    writing = Writing("Zet de printer uit & aan.\n\nGroet", **more)  # type: ignore[arg-type]
    tickets.reply(ticket, writing=writing, by=by, seen=seen.pk, situation=at(desk), move=move)
    return OutboundMail.objects.filter(kind=OutboundKind.REPLY).latest("pk")


def test_a_question_is_confirmed_with_its_number_and_its_deadline_SW_17(asked: Ticket) -> None:
    sent = OutboundMail.objects.get()

    assert (sent.kind, sent.recipient) == (OutboundKind.CONFIRMATION, "carla@shop.example")
    assert sent.subject == f"[#{asked.number}] Geen bon"
    assert f"Its number is {asked.number}." in sent.text
    assert "before Mon 23 Nov 2026 16:00" in sent.text
    assert f"http://127.0.0.1:8000/my/tickets/{asked.number}/" in sent.text
    assert "before Mon 23 Nov 2026 16:00" in sent.html


def test_the_confirmation_of_a_free_plan_says_normally_IB_09(infobits: Desk, english: Contact) -> None:
    ask_as(english, infobits)
    sent = OutboundMail.objects.get()
    assert "Normally you can expect our answer before Wed 25 Nov 2026 16:00." in sent.text


def test_what_waits_for_the_payment_says_how_to_pay_IB_13(infobits: Desk, english: Contact) -> None:
    CustomerTerms.objects.create(customer=english.customer, last_paid_support_on="2020-01-01")
    ask_as(english, infobits)
    sent = OutboundMail.objects.get()
    assert english.customer is not None
    assert f"{infobits.how_to_pay_en} Your customer number is {english.customer.number}." in sent.text


def ask_as(person: Contact, desk: Desk) -> Ticket:
    return tickets.open(
        person,
        Wish(Channel.PORTAL),
        subject="Geen bon",
        writing=Writing("Er komt geen bon uit."),
        by=person.user,
        situation=at(desk),
    )


def test_each_person_on_the_ticket_gets_a_mail_of_its_own(
    infobits: Desk, asked: Ticket, bakery: Customer, anna: User
) -> None:
    asked.people.add(contact("Karin", bakery), contact("Joost", bakery, is_active=False))

    answer(asked, anna, infobits)

    sent = OutboundMail.objects.filter(kind=OutboundKind.REPLY)
    assert {mail.recipient for mail in sent} == {"carla@shop.example", "karin@shop.example"}
    assert len({mail.message_id_header for mail in sent}) == 2


def test_who_moved_to_another_customer_hears_and_says_nothing_more_on_the_old_ticket(
    infobits: Desk, asked: Ticket, bakery: Customer, florist: Customer, anna: User
) -> None:
    moved = contact("Karin", bakery)
    asked.people.add(moved)
    answer(asked, anna, infobits)
    heard = OutboundMail.objects.get(kind=OutboundKind.REPLY, recipient="karin@shop.example")
    Contact.objects.filter(pk=moved.pk).update(customer=florist)

    tickets.move(asked, Move.SOLVE, actor=Actor.AGENT, by=anna, situation=at(infobits))
    came = arrives(replies_to(heard, sender="karin@shop.example"))

    told = OutboundMail.objects.filter(kind=OutboundKind.STATUS)
    assert {mail.recipient for mail in told} == {"carla@shop.example"}
    assert came.ticket != asked


def test_the_desk_never_writes_to_itself(infobits: Desk, asked: Ticket, bakery: Customer) -> None:
    asked.people.add(Contact.objects.create(email="helpdesk@infobits.example", customer=bakery))

    tickets.move(asked, Move.WITHDRAW, actor=Actor.CUSTOMER, by=asked.contact, situation=at(infobits))

    assert {mail.recipient for mail in OutboundMail.objects.all()} == {"carla@shop.example"}


def test_every_mail_is_written_in_the_language_of_its_reader(
    infobits: Desk, asked: Ticket, bakery: Customer, anna: User
) -> None:
    asked.people.add(contact("Karin", bakery, language="nl"))

    answer(asked, anna, infobits)

    carlas, karins = OutboundMail.objects.filter(kind=OutboundKind.REPLY).order_by("recipient")
    assert (MARKERS[1] in carlas.text, MARKERS[0] in karins.text) == (True, True)
    assert ('lang="en"' in carlas.html, 'lang="nl"' in karins.html) == (True, True)


def test_an_answer_brings_the_whole_text_the_link_and_the_new_state_IB_15(
    infobits: Desk, asked: Ticket, anna: User
) -> None:
    sent = answer(asked, anna, infobits)

    assert "Zet de printer uit & aan." in sent.text
    assert "Zet de printer uit &amp; aan." in sent.html
    assert "Anna" in sent.text
    assert f"Question {asked.number} is now: waiting for the customer." in sent.text
    assert f"/my/tickets/{asked.number}/" in sent.text
    assert OutboundMail.objects.filter(kind=OutboundKind.STATUS).count() == 0


def test_by_setting_the_mail_about_an_answer_holds_only_the_link_IB_15(
    infobits: Desk, asked: Ticket, anna: User
) -> None:
    Desk.objects.update(notification=Notification.LINK)

    sent = answer(asked, anna, infobits, uploads=[Upload("uitleg.pdf", "application/pdf", b"%PDF")])

    assert "printer" not in sent.text + sent.html
    assert "uitleg.pdf" not in sent.text + sent.html
    assert not sent.brings_files
    assert f"/my/tickets/{asked.number}/" in sent.text


def test_somebody_without_a_login_gets_the_whole_answer_and_no_link(
    infobits: Desk, asked: Ticket, anna: User
) -> None:
    Desk.objects.update(notification=Notification.LINK)
    Contact.objects.update(user=None)

    sent = answer(asked, anna, infobits)

    assert "Zet de printer uit & aan." in sent.text
    assert "/my/tickets/" not in sent.text + sent.html


def test_files_too_large_for_a_mail_are_named_in_it(
    infobits: Desk, asked: Ticket, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("balie.mail.composing.LARGEST_FILES", 3)

    sent = answer(asked, anna, infobits, uploads=[Upload("uitleg.pdf", "application/pdf", b"%PDF")])

    assert not sent.brings_files
    assert "- uitleg.pdf" in sent.text
    assert "<li>uitleg.pdf</li>" in sent.html


def test_each_change_of_state_is_mailed_with_what_it_means_SW_17(
    infobits: Desk, asked: Ticket, anna: User
) -> None:
    tickets.move(
        asked,
        Move.SOLVE,
        actor=Actor.AGENT,
        by=anna,
        situation=at(infobits),
        because="Opgelost aan de telefoon.",
    )

    sent = OutboundMail.objects.get(kind=OutboundKind.STATUS)
    assert "was: new. It is now: solved." in sent.text
    assert "Opgelost aan de telefoon." in sent.text
    assert "within 60 days and it opens again" in sent.text


def test_a_silent_customer_is_warned_with_the_day_on_which_the_ticket_closes_IB_23(
    infobits: Desk, asked: Ticket, anna: User
) -> None:
    answer(asked, anna, infobits)

    assert tickets.announce_closing(asked, situation=at(infobits, FRIDAY_AT_FOUR + timedelta(days=11)))

    sent = OutboundMail.objects.get(kind=OutboundKind.CLOSING)
    assert "closes by itself on Fri 4 Dec 2026 16:00" in sent.text


def test_nothing_is_mailed_about_an_internal_note(infobits: Desk, asked: Ticket, anna: User) -> None:
    before = OutboundMail.objects.count()

    tickets.note(asked, writing=Writing("Lastige klant."), by=anna, situation=at(infobits))

    assert OutboundMail.objects.count() == before


def test_our_tokens_prove_themselves(asked: Ticket) -> None:
    sent = OutboundMail.objects.get()
    claims = [
        *claims_in_message_ids([sent.message_id_header], place=Where.IN_REPLY_TO),
        *claims_in_recipients([sent.reply_to]),
    ]

    assert [claim.ticket for claim in claims] == [asked.number, asked.number]
    assert all(is_genuine(claim, secrets=token_secrets()) for claim in claims)


def test_a_token_of_a_replaced_secret_is_still_believed(
    softwear: Desk, carla: Contact, settings: Settings
) -> None:
    ticket = arrives(letter("carla@shop.example")).ticket
    sent = OutboundMail.objects.get()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret, made on the day after"

    assert arrives(replies_to(sent)).ticket == ticket


def test_our_mails_hang_below_the_mail_they_answer(softwear: Desk, carla: Contact, anna: User) -> None:
    asked = arrives(letter("carla@shop.example", Message_ID="<first@shop.example>"))
    answered = answer(asked.ticket, anna, softwear)
    arrives(replies_to(answered, Message_ID="<second@shop.example>"))

    confirmed = OutboundMail.objects.get(kind=OutboundKind.CONFIRMATION)
    status = OutboundMail.objects.get(kind=OutboundKind.STATUS)
    assert confirmed.headers["In-Reply-To"] == answered.headers["In-Reply-To"] == "<first@shop.example>"
    assert status.headers["In-Reply-To"] == "<second@shop.example>"
    assert status.headers["References"] == "<first@shop.example> <second@shop.example>"


def test_mails_about_a_question_from_the_portal_hang_below_the_first_of_them(
    infobits: Desk, asked: Ticket, anna: User
) -> None:
    first = OutboundMail.objects.get()

    assert answer(asked, anna, infobits).headers["In-Reply-To"] == first.message_id_header


@pytest.mark.parametrize("kind", ["text", "html"])
def test_what_is_written_above_our_marker_is_the_reply(asked: Ticket, kind: str) -> None:
    quoted = "\n".join(f"> {line}" for line in OutboundMail.objects.get().text.splitlines())

    assert split_reply(f"Het is al gelukt.\n\n{quoted}").reply == "Het is al gelukt."
