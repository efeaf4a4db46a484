"""Mail about which an agent decides, and the way of a mail, as screens."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.cast import browser_of as dutch_browser_of
from tests.mail.letters import arrives, letter

from balie.customers.models import Contact, CustomerDomain
from balie.mail import actions, releasing, steps, trace
from balie.mail.models import InboundMail, InboundOutcome, InboundState, MailSettings, OutboundMail, Step

pytestmark = pytest.mark.django_db


def browser_of(person):
    """A browser of somebody who reads English."""
    browser = dutch_browser_of(person)
    browser.cookies["django_language"] = "en"
    return browser


def page(browser, name, *args, **query):
    return browser.get(reverse(name, args=args, query=query)).content.decode()


@pytest.fixture
def stranger(softwear) -> InboundMail:
    MailSettings.objects.create(pk=1, strangers="list")
    return arrives(letter("Nieuw <info@nieuw.example>", "De lade klemt.", subject="Kassalade"))


@pytest.fixture
def spam(softwear) -> InboundMail:
    return arrives(letter("info@nieuw.example", subject="Goedkoop", X_Spam_Flag="YES"))


def test_the_list_shows_what_waits_and_why(stranger, anna):
    browser = browser_of(anna)
    assert "info@nieuw.example" in page(browser, "mail_aside")
    shown = page(browser, "mail_decide", stranger.pk)
    assert "Nobody knows info@nieuw.example yet." in shown and "De lade klemt." in shown


def test_the_customer_with_that_mail_domain_is_suggested_first(stranger, florist, bakery, anna):
    CustomerDomain.objects.create(customer=bakery, domain="nieuw.example")
    shown = page(browser_of(anna), "mail_decide", stranger.pk)
    assert bakery.name in shown and florist.name not in shown
    assert florist.name in page(browser_of(anna), "mail_decide", stranger.pk, q="Flora")


def test_placing_makes_a_ticket_and_can_be_taken_back_from_the_message(stranger, bakery, anna):
    browser = browser_of(anna)
    answer = browser.post(
        reverse("mail_decide", args=[stranger.pk]), {"do": "place", "customer": bakery.pk}, follow=True
    )
    assert reverse("mail_take_back", args=[stranger.pk]) in answer.content.decode()

    browser.post(reverse("mail_take_back", args=[stranger.pk]))
    stranger.refresh_from_db()
    assert stranger.state == InboundState.WAITING

    browser.post(reverse("mail_decide", args=[stranger.pk]), {"do": "place", "customer": bakery.pk})
    actions.process(stranger.pk, now=timezone.now())
    stranger.refresh_from_db()
    assert stranger.ticket.customer == bakery
    assert Contact.objects.get(email="info@nieuw.example").customer == bakery


def test_placing_needs_a_customer(stranger, anna):
    answer = browser_of(anna).post(
        reverse("mail_decide", args=[stranger.pk]), {"do": "place", "customer": "0"}
    )
    assert answer.status_code == 422
    assert InboundMail.objects.get().state == InboundState.WAITING


def test_a_stranger_becomes_a_contact_of_no_customer(stranger, anna):
    browser_of(anna).post(reverse("mail_decide", args=[stranger.pk]), {"do": "contact"})
    actions.process(stranger.pk, now=timezone.now())
    assert Contact.objects.get(email="info@nieuw.example").customer is None


def test_not_for_us_leaves_the_list(stranger, anna):
    browser = browser_of(anna)
    browser.post(reverse("mail_decide", args=[stranger.pk]), {"do": "refuse"})
    assert InboundMail.objects.get().outcome == InboundOutcome.NOT_OURS
    assert "Nothing waits for you" in page(browser, "mail_aside")


def test_who_decides_second_is_told(stranger, anna, ben):
    browser_of(anna).post(reverse("mail_decide", args=[stranger.pk]), {"do": "refuse"})
    answer = browser_of(ben).post(reverse("mail_decide", args=[stranger.pk]), {"do": "contact"})
    assert answer.status_code == 422
    assert "already" in answer.content.decode()


def test_a_click_makes_spam_a_ticket(spam, anna):
    browser = browser_of(anna)
    assert "Goedkoop" in page(browser, "mail_aside", tab="spam")
    assert "No spam: make a ticket" in page(browser, "mail_decide", spam.pk)
    browser.post(reverse("mail_decide", args=[spam.pk]), {"do": "contact"})
    actions.process(spam.pk, now=timezone.now())
    spam.refresh_from_db()
    assert spam.outcome == InboundOutcome.NEW_TICKET


def test_a_forged_sender_is_shown_with_words(softwear, carla, anna):
    MailSettings.objects.create(pk=1, trusted_checkers="mx.softwear.nl")
    said = "mx.softwear.nl; dmarc=fail (p=reject) header.from=shop.example"
    mail = arrives(letter("carla@shop.example", Authentication_Results=said))
    shown = page(browser_of(anna), "mail_decide", mail.pk)
    assert "This may not be from whom it says." in shown
    assert "did not come from there" in shown and "It really is: make a ticket" in shown


def test_what_came_for_the_postmaster_is_not_for_every_agent(softwear, anna, willem):
    mail = arrives(letter(None, to="postmaster@softwear.nl", subject="Geheim"))
    assert browser_of(anna).get(reverse("mail_decide", args=[mail.pk])).status_code == 404
    assert "Geheim" not in page(browser_of(anna), "mail_aside")
    assert "Geheim" in page(browser_of(willem), "mail_aside")


def test_the_list_costs_the_same_however_long_it_is(stranger, anna, django_assert_max_num_queries):
    for number in range(20):
        arrives(letter(f"info{number}@nieuw.example"))
    browser = browser_of(anna)
    page(browser, "mail_aside")
    with django_assert_max_num_queries(9):
        page(browser, "mail_aside")


# --- The way of a mail ----------------------------------------------------------------------------------


def test_every_step_of_a_mail_is_found_by_its_id_and_by_an_address(stranger, bakery, anna, willem):
    releasing.release(stranger, at=bakery, by=anna, now=timezone.now())
    actions.process(stranger.pk, now=timezone.now())
    browser = browser_of(willem)
    for asked in (stranger.message_id_header, stranger.message_id_header.strip("<>"), "info@nieuw.example"):
        shown = page(browser, "mail_trace", q=asked)
        assert "Arrived by" in shown and "Anna let it through." in shown and "Sorted: a new ticket." in shown
    assert "Composed: confirmation." in shown, "by address the answer is found, too"
    assert "No such mail" in page(browser, "mail_trace", q="niemand@nergens.example")


def test_who_was_not_answered_any_more_is_shown_to_an_administrator(softwear, willem):
    MailSettings.objects.create(pk=1, answers_per_hour=1)
    for number in range(3):
        arrives(letter("robot@nowhere.example", f"{number}"), now=timezone.now())
    shown = page(browser_of(willem), "mail_trace")
    assert shown.count("robot@nowhere.example") == 2


def test_the_trace_for_a_program_has_moments_and_reasons(stranger):
    [mail] = trace.as_json(trace.trace("info@nieuw.example"))
    json.dumps(mail)
    assert mail["direction"] == "in" and mail["ticket"] is None
    assert [step["what"] for step in mail["steps"]][-1].startswith("Sorted")
    assert mail["steps"][-1]["because"]


def test_a_trace_stays_when_the_raw_mail_is_gone(stranger):
    InboundMail.objects.update(raw=b"")
    assert trace.trace("info@nieuw.example")


def test_steps_are_written_once(stranger):
    from django.db import IntegrityError, transaction

    from balie.mail.models import MailStep

    with pytest.raises(IntegrityError), transaction.atomic():
        MailStep.objects.update(step="refused")
    with pytest.raises(IntegrityError), transaction.atomic():
        MailStep.objects.all().delete()


def test_each_attempt_to_deliver_is_a_step_with_the_servers_words_and_without_the_address(softwear, carla):
    arrives(letter("carla@shop.example"))
    sent = OutboundMail.objects.get()
    words = "550 <carla@shop.example> unknown here"

    steps.note_outbound(sent, Step.TRIED, words=words, result="refused", now=timezone.now())
    steps.note_outbound(sent, Step.BOUNCED, words=words, now=timezone.now())

    [mail] = [
        each for each in trace.as_json(trace.trace(sent.message_id_header)) if each["direction"] == "out"
    ]
    said = [(step["what"], step["words"]) for step in mail["steps"]]
    assert ("Offered to the mail server: it refused it for good.", "550 <…> unknown here") in said
    assert ("It came back.", "550 <…> unknown here") in said
