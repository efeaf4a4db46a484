from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.cast import at
from tests.workspace.conftest import answer_of, browser_of, page_of

from balie.contracts.models import CustomerTerms, Licence, Product
from balie.customers.models import Contact, PhoneNumber, Site
from balie.mail.models import OutboundKind, OutboundMail, OutboundState
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Message


def open_page(person, ticket) -> str:
    return page_of(browser_of(person).get(reverse("ticket", args=[ticket.number])))


def changes(person, ticket, **seen) -> str:
    address = reverse("ticket_changes", args=[ticket.number])
    return page_of(browser_of(person).get(address, seen, headers={"HX-Request": "true"}))


def test_the_decision_is_shown_with_its_reasons_and_rules(ask, anna, sla8):
    page = open_page(anna, ask())
    panel = page.split('id="panel"')[1]
    assert "SLA8" in panel
    assert "8 working hours" in panel
    assert "IB-16" in panel
    assert "IB-30" in panel
    assert "Helpdesk" in panel


def test_a_deadline_is_the_moment_itself_and_counts_down_in_the_browser(ask, anna, sla8):
    ticket = ask()
    ticket.refresh_from_db()
    times = re.findall(
        r'<time class="deadline[^>]*datetime="([^"]+)"[^>]*data-countdown', open_page(anna, ticket)
    )
    assert {each[:16] for each in times} == {ticket.due_at.isoformat()[:16]}


@pytest.mark.parametrize(
    ("until_in_days", "words"),
    [(None, "SLA8: valid"), (10, "SLA8: valid until {day}"), (-10, "SLA8: expired on {day}")],
)
def test_the_support_status_is_said_as_the_helpdesk_page_says_it_IB_18(
    until_in_days, words, ask, anna, bakery, infobits
):
    today = timezone.localdate()
    until = today + timedelta(days=until_in_days) if until_in_days else None
    first = today - timedelta(days=400)
    product = Product.objects.get(key="infokasv3-l")
    Licence.objects.create(customer=bakery, product=product, valid_from=first, valid_until=until)
    day = f"{until:%d-%m-%Y}" if until else ""
    assert f">{words.format(day=day)}<" in open_page(anna, ask())


def test_the_panel_tells_who_the_customer_is(ask, anna, carla, bakery, support_contract):
    Site.objects.create(customer=bakery, name="Station", city="Utrecht", tills=3)
    PhoneNumber.objects.create(
        customer=bakery, e164="+31201234567", label="shop", registered_on=date(2026, 1, 1)
    )
    bakery.notes = "Rings <early>"
    bakery.save()
    panel = open_page(anna, ask()).split('id="panel"')[1]
    for expected in (
        "K-1001",
        "Station",
        "3 tills",
        'href="tel:+31201234567"',
        "registered",
        "carla@shop.example",
    ):
        assert expected in panel
    assert "Rings &lt;early&gt;" in panel
    assert "Phone support" in panel


def test_a_system_that_others_maintain_is_pointed_out_IB_20(ask, anna, bakery):
    CustomerTerms.objects.create(customer=bakery, maintained_by="third_party")
    assert "A third party maintains the system" in open_page(anna, ask())


def test_a_sender_whom_nobody_placed_has_a_page_too(ask, anna, infobits):
    stranger = Contact.objects.create(name="Frits", email="frits@nowhere.example")
    page = open_page(anna, ask(by=stranger))
    assert "Not a customer yet" in page
    assert "frits@nowhere.example" in page


def test_tickets_that_follow_each_other_lead_to_each_other(ask, anna, carla, infobits):
    first = ask("First")
    now = at(infobits, timezone.now())
    second = actions.take_in(
        carla,
        Wish(Channel.MAIL),
        subject="Second",
        writing=Writing(text="Again"),
        situation=now,
        follows=first,
    )
    assert f'href="{reverse("ticket", args=[first.number])}"' in open_page(anna, second)
    assert f'href="{reverse("ticket", args=[second.number])}"' in open_page(anna, first)


def test_everything_is_on_the_record_newest_first_with_the_mail_that_did_not_arrive(ask, anna):
    ticket = ask()
    browser_of(anna).post(reverse("ticket_reply", args=[ticket.number]), answer_of(ticket))
    ticket.outbound_mails.all().delete()
    OutboundMail.objects.create(
        created_at=timezone.now(),
        kind=OutboundKind.REPLY,
        message_id_header="<1@desk.example>",
        sender="desk@desk.example",
        recipient="carla@shop.example",
        subject="Re",
        text="x",
        state=OutboundState.FAILED,
        error="550 <no> such user",
        ticket=ticket,
    )
    record = open_page(anna, ticket).split('id="record-lines"')[1]
    places = [
        record.index(each) for each in ("550 &lt;no&gt; such user", "Anna answered", "Carla asked this")
    ]
    assert places == sorted(places)


def test_a_long_conversation_folds_its_middle_and_loses_nothing(ask, write, anna, sla8):
    ticket = ask()
    for each in range(11):
        write(ticket, f"Message {each}")
    page = open_page(anna, ticket)
    folded = page.split('class="folded"')[1].split("</details>")[0]
    assert "7 messages in between" in folded
    assert "Message 6" in folded
    assert "Message 7" not in folded
    assert all(page.count(f"Message {each}<") == 1 for each in range(11))


def test_quoted_text_is_folded_under_what_was_written(ask, anna):
    ticket = ask()
    Message.objects.filter(ticket=ticket).update(quoted="> We got your question")
    page = open_page(anna, ticket)
    assert "&gt; We got your question" in page.split('class="message-quoted"')[1].split("</details>")[0]


def test_changes_bring_only_new_messages_and_say_who_wrote(ask, write, anna):
    ticket = ask()
    first = ticket.messages.get().pk
    second = write(ticket, "It is getting worse")
    page = changes(anna, ticket, **{"after": first, "reply-seen": first})
    assert f'id="m{second.pk}"' in page
    assert f'id="m{first}"' not in page
    assert "Carla wrote while this page was open." in page
    assert f'id="newest" name="after" value="{second.pk}"' in page


def test_changes_say_nothing_about_what_was_seen(ask, anna):
    ticket = ask()
    first = ticket.messages.get().pk
    page = changes(anna, ticket, **{"after": first, "reply-seen": first})
    assert "wrote while this page was open" not in page
    assert 'class="message' not in page
    assert "reply-text" not in page


@pytest.mark.parametrize("nonsense", ["", "x", "-1", str(2**70), "²"])
def test_a_page_that_says_nonsense_about_what_it_saw_gets_its_changes(nonsense, ask, anna):
    ticket = ask()
    assert 'id="ticket-head"' in changes(anna, ticket, **{"after": nonsense, "reply-seen": nonsense})


def test_a_ticket_costs_the_same_number_of_queries_with_two_messages_and_with_forty(ask, write, anna, sla8):
    ticket, browser = ask(), browser_of(anna)
    write(ticket, "More")
    _queries(browser, ticket)  # the first page under a revision of the desk reads the desk as well
    few = _queries(browser, ticket)
    for each in range(38):
        write(ticket, f"More {each}")
    assert _queries(browser, ticket) == few


def _queries(browser, ticket) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(reverse("ticket", args=[ticket.number])).status_code == 200
    return len(captured)


def test_a_ticket_that_waits_for_its_payment_says_that_the_clock_has_not_started_IB_13(
    ask, anna, bakery, infobits
):
    bakery.existing_since = date(2015, 1, 1)
    bakery.save()
    ticket = ask()
    assert ticket.state == "awaiting_payment"
    page = open_page(anna, ticket)
    assert "the clock has not started yet" in page
    assert "Book the payment" in page
