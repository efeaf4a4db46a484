"""The helpdesk page as the vendors promise it: read, filled in and followed on the pages and in the mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from tests.acceptance.visitors import ask, hidden_on, log_in, read, words
from tests.cast import moment

from balie.accounts.models import User
from balie.backups.models import BackupVideo
from balie.contracts.models import Contract, ContractType, CustomerTerms, Licence, Product
from balie.customers.models import Contact, Customer, PhoneNumber
from balie.desk.models import Desk, Line
from balie.mail.models import OutboundKind, OutboundMail
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.facts import Situation
from balie.tickets.models import Ticket

CARLA, ANNA, DARIO = "carla@shop.example", "anna@desk.example", "dario@shop.example"
HELPDESK = "/my/helpdesk/"
Clock = Callable[[str], None]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The moment, on the clocks of Amsterdam; it begins on a Friday at four."""

    def set_to(text: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment(text))

    set_to("2026-11-20 16:00")
    return set_to


def helpdesk_of(email: str) -> str:
    return words(read(log_in(email), HELPDESK))


def may_phone(customer: Customer, until: str | None = None) -> None:
    kind = ContractType.objects.get(key="phone-support")
    Contract.objects.create(customer=customer, type=kind, valid_until=until)


def call_back(contact: Contact, desk: Desk, billing: BillingMode = BillingMode.PREPAID) -> Ticket:
    """A request for a call-back, as the page of the question would make it."""
    contact.may_order = True
    contact.save()
    wish = Wish(Channel.PORTAL, None, AnswerMode.CALLBACK, billing)
    situation = Situation(desk, now=timezone.now())
    writing = Writing(text="Bel mij.")
    return actions.open(
        contact, wish, subject="Bel mij", writing=writing, by=contact.user, situation=situation
    )


def on_ticket(browser: Client, ticket: Ticket, **fields: str) -> str:
    """Press a button on the agent's page of a ticket, and read what comes after it."""
    page = read(browser, f"/desk/tickets/{ticket.number}/")
    hidden = hidden_on(page)
    answer = browser.post(f"/desk/tickets/{ticket.number}/move/", {**hidden, **fields}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return words(answer.content.decode())


def newest_mail(kind: OutboundKind) -> OutboundMail:
    mail = OutboundMail.objects.filter(kind=kind).order_by("-pk").first()
    assert mail is not None
    return mail


def test_a_login_leads_to_the_helpdesk_page_SW_19(infobits: Desk, carla: Contact) -> None:
    answer = log_in(CARLA).get("/account/welcome/", follow=True)
    assert answer.redirect_chain[-1][0] == HELPDESK
    assert "My helpdesk" in answer.content.decode()


def test_only_with_a_valid_phone_contract_the_number_is_on_the_page_IB_01(
    infobits: Desk, bakery: Customer, carla: Contact, dario: Contact, clock: Clock
) -> None:
    may_phone(bakery, until="2026-11-30")
    assert "085 000 00 00" in helpdesk_of(CARLA)
    assert "085 000 00 00" not in helpdesk_of(DARIO)
    clock("2026-12-01 00:05")
    text = helpdesk_of(CARLA)
    assert "085 000 00 00" not in text
    assert "ended on 30-11-2026, so the desk cannot be phoned." in text


def test_the_number_stands_nowhere_else_for_who_may_not_phone_IB_01(
    infobits: Desk, sla8: Customer, carla: Contact
) -> None:
    browser = log_in(CARLA)
    ask(browser, topic="other", subject="Vraag")
    number = Ticket.objects.get().number
    for address in (
        HELPDESK,
        "/",
        "/my/",
        "/my/ask/",
        f"/my/tickets/{number}/",
        f"/my/tickets/{number}/print/",
    ):
        page = read(browser, address)
        assert "085 000 00 00" not in page, address
        assert infobits.phone_number not in page, address


def test_a_number_counts_once_the_desk_confirmed_it_IB_02(
    infobits: Desk, bakery: Customer, carla: Contact, anna: User
) -> None:
    may_phone(bakery)
    customer, agent = log_in(CARLA), log_in(ANNA)
    customer.post(f"{HELPDESK}numbers/", {"number": "0031 20 229 29 29", "label": "winkel"})
    assert "020 229 29 29 winkel waits for the desk" in words(read(customer, HELPDESK))
    page = read(agent, f"/desk/customers/{bakery.pk}/")
    confirm = re.search(r'action="(/desk/numbers/\d+/confirm/)"', page)
    assert confirm
    assert agent.post(confirm[1]).status_code == 302
    text = words(read(customer, HELPDESK))
    assert "020 229 29 29 winkel registered" in text
    assert "Call from one of your registered numbers, with the number shown." in text
    mail = newest_mail(OutboundKind.PHONE_NUMBER)
    assert mail.recipient == CARLA
    assert "020 229 29 29" in mail.text


def test_a_refused_number_is_told_with_the_reason_IB_02(
    infobits: Desk, bakery: Customer, carla: Contact, anna: User
) -> None:
    may_phone(bakery)
    customer, agent = log_in(CARLA), log_in(ANNA)
    customer.post(f"{HELPDESK}numbers/", {"number": "06 12 34 56 78"})
    number = PhoneNumber.objects.get()
    agent.post(f"/desk/numbers/{number.pk}/refuse/", {"because": "Dit is een privénummer."})
    assert "not registered Dit is een privénummer." in words(read(customer, HELPDESK))
    assert "Dit is een privénummer." in newest_mail(OutboundKind.PHONE_NUMBER).text


def test_no_hurry_or_no_number_leads_to_a_ticket_IB_04(
    infobits: Desk, bakery: Customer, carla: Contact, dario: Contact
) -> None:
    may_phone(bakery)
    with_number, without = read(log_in(CARLA), HELPDESK), read(log_in(DARIO), HELPDESK)
    assert "No hurry?" in with_number
    assert "No hurry, or no phone number here? Ask a question." in words(without)
    assert all('href="/my/ask/"' in page for page in (with_number, without))


@pytest.mark.parametrize(
    ("until", "says"),
    [
        (None, "SLA8: valid Response"),
        ("2026-12-31", "SLA8: valid until 31-12-2026"),
        ("2026-11-20", "SLA8: valid until 20-11-2026"),
        ("2026-11-19", "SLA8: expired on 19-11-2026"),
    ],
)
def test_the_page_shows_the_current_sla_status_IB_18(
    infobits: Desk, bakery: Customer, carla: Contact, until: str | None, says: str
) -> None:
    valid_until = date.fromisoformat(until) if until else None
    product = Product.objects.get(key="infokasv3-l")
    Licence.objects.create(customer=bakery, product=product, valid_until=valid_until)
    assert says in helpdesk_of(CARLA)


def test_the_status_changes_at_midnight_at_the_desk_IB_18(
    infobits: Desk, bakery: Customer, carla: Contact, clock: Clock
) -> None:
    product = Product.objects.get(key="infokasv3-l")
    Licence.objects.create(customer=bakery, product=product, valid_until=date(2026, 11, 20))
    clock("2026-11-20 23:59")
    assert "SLA8: valid until 20-11-2026" in helpdesk_of(CARLA)
    clock("2026-11-21 00:00")
    assert "SLA8: expired on 20-11-2026" in helpdesk_of(CARLA)


def test_a_prepaid_request_waits_for_credit_and_begins_when_an_agent_books_it_IB_19(
    infobits: Desk, sla8: Customer, carla: Contact, anna: User, clock: Clock
) -> None:
    ticket = call_back(carla, infobits)
    customer, agent = log_in(CARLA), log_in(ANNA)
    assert "awaiting payment" in words(read(customer, HELPDESK))
    clock("2026-11-23 10:00")
    address = f"/desk/customers/{sla8.pk}/"
    page = read(agent, address)
    assert "1 ticket waits for the payment" in words(page)
    form = {"minutes_booked": "60", "direction": "in", "because": "Factuur 2026-117"}
    answer = agent.post(f"{address}credit/", {**hidden_on(page), **submission_on(page), **form}, follow=True)
    text = words(answer.content.decode())
    assert "60 minutes are booked; the balance is 60 minutes. 1 ticket that waited begins now." in text
    assert "+60 60 Factuur 2026-117 Anna" in text
    text = words(read(customer, f"/my/tickets/{ticket.number}/"))
    assert "Response due: Tue 24 Nov 2026 10:00" in text, "8 working hours from the booking"
    mail = newest_mail(OutboundKind.STATUS)
    assert mail.recipient == CARLA
    assert "awaiting payment" in mail.text or "wacht op betaling" in mail.text


def submission_on(page: str) -> dict[str, str]:
    found = re.search(r'name="submission" value="([^"]+)"', page)
    assert found
    return {"submission": found[1]}


def test_the_desk_accepts_a_request_and_the_clock_starts_then_IB_20(
    infobits: Desk, sla8: Customer, carla: Contact, anna: User, clock: Clock
) -> None:
    CustomerTerms.objects.create(customer=sla8, maintained_by="third_party")
    ticket = call_back(carla, infobits, BillingMode.POSTPAID)
    customer, agent = log_in(CARLA), log_in(ANNA)
    waits = "The desk first accepts or declines this request."
    assert waits in words(read(customer, f"/my/tickets/{ticket.number}/"))
    assert "Accept or decline?" in words(read(agent, f"/desk/tickets/{ticket.number}/"))
    clock("2026-11-23 10:00")
    assert "The request is accepted." in on_ticket(agent, ticket, move="accept")
    text = words(read(customer, f"/my/tickets/{ticket.number}/"))
    assert "Response due: Tue 24 Nov 2026 10:00" in text
    assert waits not in text


def test_an_accepted_prepaid_request_then_waits_for_the_payment_IB_20_IB_19(
    infobits: Desk, sla8: Customer, carla: Contact, anna: User
) -> None:
    CustomerTerms.objects.create(customer=sla8, maintained_by="nobody")
    ticket = call_back(carla, infobits)
    on_ticket(log_in(ANNA), ticket, move="accept")
    text = words(read(log_in(CARLA), f"/my/tickets/{ticket.number}/"))
    assert "We begin when the payment is in." in text


def test_the_desk_declines_a_request_and_the_customer_reads_why_IB_20(
    infobits: Desk, sla8: Customer, carla: Contact, anna: User
) -> None:
    CustomerTerms.objects.create(customer=sla8, maintained_by="third_party")
    ticket = call_back(carla, infobits, BillingMode.POSTPAID)
    why = "Uw leverancier kent dit systeem en wij niet."
    on_ticket(log_in(ANNA), ticket, move="decline", because=why)
    text = words(read(log_in(CARLA), f"/my/tickets/{ticket.number}/"))
    assert f"The desk declined this request: {why}" in text
    mail = newest_mail(OutboundKind.STATUS)
    assert why in mail.text
    assert mail.recipient == CARLA


def test_the_advice_about_back_ups_stands_where_tickets_are_made_IB_25_IB_27(
    infobits: Desk, carla: Contact
) -> None:
    text = helpdesk_of(CARLA)
    assert "Paper is not enough. The tax office wants the digital data of your till" in text
    assert "within a reasonable term" in text
    assert (
        "In an online folder such as Dropbox or OneDrive a crash, a broken disk or a stolen till loses"
        in text
    )
    form = words(read(log_in(CARLA), "/my/ask/"))
    assert "Paper is not enough. The tax office wants the digital data of your till" in form


def test_the_instruction_video_is_requested_and_comes_by_mail_IB_28(
    infobits: Desk, carla: Contact, clock: Clock
) -> None:
    BackupVideo.objects.create(pk=1, link="https://video.example/back-up")
    browser = log_in(CARLA)
    assert "Mail me the instruction video" in words(read(browser, HELPDESK))
    answer = browser.post(f"{HELPDESK}video/", follow=True)
    assert "is on its way to carla@shop.example" in words(answer.content.decode())
    mail = newest_mail(OutboundKind.VIDEO)
    link = re.search(r"https?://[^/\s]+(/video/\S+/)", mail.text)
    assert link
    eve = Client()
    assert "https://video.example/back-up" in read(eve, link[1])
    clock("2026-11-28 16:00")
    assert eve.get(link[1]).status_code == 422


@pytest.mark.parametrize(
    ("at", "open_line", "closed_line"),
    [
        ("2026-11-20 16:00", "office", "till-helpdesk"),
        ("2026-11-20 18:00", "till-helpdesk", "office"),
        ("2026-11-22 13:00", "till-helpdesk", "office"),
    ],
)
def test_the_one_number_and_which_line_is_open_now_SW_01(
    softwear: Desk, carla: Contact, clock: Clock, at: str, open_line: str, closed_line: str
) -> None:
    clock(at)
    text = helpdesk_of(CARLA)
    assert "020 229 29 29" in text
    assert f"{Line.objects.get(key=open_line).name_en} open" in text
    assert f"{Line.objects.get(key=closed_line).name_en} closed" in text


def test_the_state_of_all_open_questions_is_on_the_page_SW_19(softwear: Desk, carla: Contact) -> None:
    browser = log_in(CARLA)
    ask(browser, topic="other", subject="Bonprinter print niet")
    text = words(read(browser, HELPDESK))
    assert "Bonprinter print niet new" in text
