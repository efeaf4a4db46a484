"""How the mail about a ticket fared, on its page: plain words first, the server's below, and sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.workspace.conftest import answer_of, browser_of, page_of

from balie.mail import bounces
from balie.mail.models import AddressMark, OutboundKind, OutboundMail, OutboundState
from balie.mail.queries import UNDELIVERED_FOR
from balie.rules.delivery import Trouble, meaning_of
from balie.rules.lifecycle import State
from balie.tickets.models import Ticket, TicketEvent

SAID = "550 5.1.1 <carla@shop.example>: Recipient address rejected"


@pytest.fixture
def answered(ask, anna, settings):
    """A ticket with an answer that was given to a mail server."""
    settings.SMTP_URL = "smtp://127.0.0.1:9?tls=no"
    ticket = ask()
    browser_of(anna).post(reverse("ticket_reply", args=[ticket.number]), answer_of(ticket))
    OutboundMail.objects.update(state=OutboundState.SENT, sent_at=timezone.now(), next_attempt_at=None)
    return ticket


def mail_of(ticket):
    return OutboundMail.objects.get(ticket=ticket, kind=OutboundKind.REPLY)


def page(browser, ticket):
    return page_of(browser.get(reverse("ticket", args=[ticket.number])))


def test_a_mail_that_arrived_is_one_quiet_line(answered, anna):
    shown = page(browser_of(anna), answered)

    assert "Given to the mail server for carla@shop.example" in shown
    assert 'id="delivery-title"' not in shown


def test_a_mail_that_came_back_is_told_in_plain_words_and_in_the_servers(answered, anna):
    bounces.came_back(mail_of(answered), SAID, now=timezone.now())

    shown = page(browser_of(anna), answered)
    assert "Not delivered to carla@shop.example." in shown
    assert "This address does not exist." in shown
    assert "&lt;carla@shop.example&gt;: Recipient address rejected" in shown
    assert "Mail to carla@shop.example does not arrive since" in shown
    assert "A mail to carla@shop.example was not delivered" in shown, "on the record"


def test_a_mail_that_waits_says_why_and_until_when(answered, anna):
    OutboundMail.objects.filter(pk=mail_of(answered).pk).update(
        state=OutboundState.QUEUED,
        next_attempt_at=timezone.now(),
        trouble=Trouble.MAILBOX_FULL,
        error="452 4.2.2 full",
    )

    shown = page(browser_of(anna), answered)
    assert "Not delivered to carla@shop.example yet." in shown
    assert "This mailbox is full." in shown
    assert "It is tried again at" in shown


def test_it_is_sent_again_by_any_agent_and_only_once(answered, anna, ben):
    mail = mail_of(answered)
    bounces.came_back(mail, SAID, now=timezone.now())
    again = reverse("ticket_resend", args=[answered.number, mail.pk])

    assert "on its way again" in page_of(browser_of(ben).post(again, follow=True))
    mail.refresh_from_db()
    assert (mail.state, mail.error) == (OutboundState.QUEUED, "")
    assert "on its way already, or has arrived" in page_of(browser_of(anna).post(again, follow=True))


def test_a_mail_of_another_ticket_is_not_sent_from_here(answered, ask, anna):
    other = ask("Another question")
    address = reverse("ticket_resend", args=[other.number, mail_of(answered).pk])

    assert browser_of(anna).post(address).status_code == 404


def test_the_open_page_hears_of_it(answered, anna):
    newest = answered.messages.latest("pk").pk
    bounces.came_back(mail_of(answered), SAID, now=timezone.now())

    news = page_of(browser_of(anna).get(reverse("ticket_changes", args=[answered.number]), {"after": newest}))
    assert f'id="m{newest}-delivery" hx-swap-oob="true"' in news
    assert 'id="delivery" aria-live="polite" hx-swap-oob="true"' in news
    assert TicketEvent.objects.filter(kind="undelivered", ticket=answered).count() == 1


def test_an_agent_takes_the_mark_off_an_address(answered, anna):
    bounces.mark("carla@shop.example", meaning_of(SAID), SAID, now=timezone.now())
    form = {"email": "carla@shop.example", "ticket": str(answered.number)}

    response = browser_of(anna).post(reverse("address_works"), form)

    assert response.url == reverse("ticket", args=[answered.number])
    assert not AddressMark.objects.exists()


def test_the_customers_page_shows_addresses_that_mail_comes_back_from(answered, anna, carla):
    bounces.mark("carla@shop.example", meaning_of(SAID), SAID, now=timezone.now())

    shown = page_of(browser_of(anna).get(reverse("customer", args=[carla.customer_id])))
    assert "Mail to carla@shop.example does not arrive since" in shown


# --- Where agents see it without looking for it -----------------------------------------------------------


def queue_of(browser, tab="all"):
    return page_of(browser.get(reverse("queue"), {"tab": tab}))


def test_undelivered_mail_marks_its_ticket_in_the_queue_and_has_a_part_of_its_own(answered, ask, anna):
    other, browser = ask("Another question"), browser_of(anna)
    quiet = queue_of(browser)
    assert "Mail not delivered" not in quiet and "Undelivered" not in quiet

    bounces.came_back(mail_of(answered), SAID, now=timezone.now())

    assert queue_of(browser).count("Mail not delivered") == 1
    part = queue_of(browser, "undelivered")
    assert f'id="t-{answered.number}"' in part and f'id="t-{other.number}"' not in part
    assert 'id="tab-undelivered"' in part and 'aria-current="page"' in part


def test_undelivered_mail_of_a_ticket_that_ended_is_in_that_part_as_well(answered, anna):
    bounces.came_back(mail_of(answered), SAID, now=timezone.now())
    Ticket.objects.update(state=State.CLOSED)

    assert f'id="t-{answered.number}"' not in queue_of(browser_of(anna))
    assert f'id="t-{answered.number}"' in queue_of(browser_of(anna), "undelivered")


def test_what_was_sent_again_or_failed_long_ago_is_not_shown_there(answered, anna):
    browser = browser_of(anna)
    bounces.came_back(mail_of(answered), SAID, now=timezone.now() - UNDELIVERED_FOR - timedelta(hours=1))
    assert "Everything was delivered" in queue_of(browser, "undelivered")

    OutboundMail.objects.update(failed_at=timezone.now())
    browser.post(reverse("ticket_resend", args=[answered.number, mail_of(answered).pk]))
    assert "Everything was delivered" in queue_of(browser, "undelivered")


def test_the_customers_page_tells_what_was_not_delivered_and_sends_it_again(answered, dario, ask, anna):
    bounces.came_back(mail_of(answered), SAID, now=timezone.now())
    browser = browser_of(anna)

    shown = page_of(browser.get(reverse("customer", args=[answered.customer_id])))
    assert "Mail that was not delivered" in shown and "This address does not exist." in shown
    assert reverse("ticket_resend", args=[answered.number, mail_of(answered).pk]) in shown

    elsewhere = page_of(browser.get(reverse("customer", args=[dario.customer_id])))
    assert "Mail that was not delivered" not in elsewhere


def test_undelivered_mail_is_for_agents_only_IB_05(answered, carla, dario):
    bounces.came_back(mail_of(answered), SAID, now=timezone.now())

    for person in (carla, dario):
        assert browser_of(person).get(reverse("queue"), {"tab": "undelivered"}).status_code == 404
    assert browser_of(None).get(reverse("queue"), {"tab": "undelivered"}).status_code == 302
