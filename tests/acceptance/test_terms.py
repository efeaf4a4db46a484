"""What the Infobits page promises about plans, urgency and whose turn it is: asked, answered and read on the pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.acceptance.visitors import ask, hidden_on, log_in, read, words
from tests.cast import moment

from balie.accounts.models import User
from balie.config.command_line import main
from balie.contracts.models import Contract, ContractType, CustomerTerms, Licence, Product
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk
from balie.mail.models import OutboundMail
from balie.tickets.models import Ticket
from balie.tickets.tasks import close_silent

CARLA, ANNA = "carla@shop.example", "anna@desk.example"
Clock = Callable[[str], None]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The moment, on the clocks of Amsterdam; it begins on a Friday at four."""

    def set_to(text: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment(text))

    set_to("2026-11-20 16:00")
    return set_to


def status_of_support(browser: Client) -> str:
    shown = re.search(r'support-status">([^<]*)<', read(browser, "/my/"))
    assert shown
    return shown[1]


def send(browser: Client, ticket: Ticket, form: str, **fields: str) -> str:
    """Fill in a form of the ticket's page as an agent, and read the page that comes after it."""
    hidden = hidden_on(read(browser, f"/desk/tickets/{ticket.number}/"))
    answer = browser.post(f"/desk/tickets/{ticket.number}/{form}/", {**hidden, **fields}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return words(answer.content.decode())


def answer(browser: Client, ticket: Ticket, text: str) -> str:
    return send(browser, ticket, "reply", **{"reply-text": text, "reply-move": "answer"})


def write_down(browser: Client, contact: Contact, subject: str, **wish: str) -> Ticket:
    """Make the ticket of somebody on the phone, as an agent."""
    address = f"/desk/new/?contact={contact.pk}"
    form = {"channel": "phone", "answer_mode": "site", "billing_mode": "none", "text": "Aan de telefoon."}
    form |= {"phone": "06 12345678"} if "answer_mode" in wish else {}
    answer = browser.post(address, hidden_on(read(browser, address)) | form | {"subject": subject} | wish)
    assert answer.status_code == 302, words(answer.content.decode())
    return Ticket.objects.get(subject=subject)


def numbers_in_queue(browser: Client, tab: str = "to-do") -> list[int]:
    return [int(each) for each in re.findall(r'id="t-(\d+)"', read(browser, f"/desk/?tab={tab}"))]


def test_a_charity_has_free_support_without_limits_that_does_not_lapse_IB_07(
    infobits: Desk, bakery: Customer, carla: Contact
) -> None:
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="charity"))
    CustomerTerms.objects.create(customer=bakery, last_paid_support_on="2019-01-01")
    browser = log_in(CARLA)
    assert status_of_support(browser) == "SLA24: valid"
    assert "A charity has free support with SLA24, which does not lapse." in words(read(browser, "/my/"))
    for number in range(4):
        assert "has been sent" in ask(browser, topic="other", subject=f"Vraag {number}")


def test_SLA24_gives_two_tickets_a_month_and_says_when_the_next_is_possible_IB_10(
    infobits: Desk, carla: Contact, clock: Clock
) -> None:
    browser = log_in(CARLA)
    for number in (1, 2):
        ask(browser, topic="other", subject=f"Vraag {number}")
    refused = words(read(browser, "/my/ask/"))
    assert "SLA24 allows 2 free tickets a month, and these are used up." in refused
    assert "From 01-12-2026 on a new free ticket is possible." in refused
    hidden = hidden_on(read(browser, "/my/ask/"))
    form = {**hidden, "topic": "other", "subject": "Vraag 3", "text": "Toch."}
    assert browser.post("/my/ask/", form).status_code == 422
    assert Ticket.objects.count() == 2

    clock("2026-12-01 00:00")
    assert "has been sent" in ask(browser, topic="other", subject="Vraag 3")


def test_SLA24_gives_three_reactions_on_a_ticket_IB_10(infobits: Desk, carla: Contact) -> None:
    browser = log_in(CARLA)
    ask(browser, topic="other", subject="Vraag")
    page = f"/my/tickets/{Ticket.objects.get().number}/"
    for number in (1, 2, 3):
        form = hidden_on(read(browser, page)) | {"text": f"Reactie {number}"}
        assert browser.post(f"{page}reply/", form).status_code == 302
    assert "SLA24 allows 3 reactions on a ticket, and these are used up." in words(read(browser, page))
    assert browser.post(f"{page}reply/", {"text": "Reactie 4"}).status_code == 422
    assert Ticket.objects.get().messages.count() == 4


def test_with_SLA8_neither_tickets_nor_reactions_are_limited_IB_10(
    infobits: Desk, sla8: Customer, carla: Contact
) -> None:
    browser = log_in(CARLA)
    for number in range(4):
        assert "has been sent" in ask(browser, topic="other", subject=f"Vraag {number}")
    page = f"/my/tickets/{Ticket.objects.earliest('pk').number}/"
    for number in range(5):
        form = hidden_on(read(browser, page)) | {"text": f"Reactie {number}"}
        assert browser.post(f"{page}reply/", form).status_code == 302


def test_SLA24_and_urgent_do_not_go_together_on_the_site_nor_on_the_phone_IB_11(
    infobits: Desk, carla: Contact, anna: User
) -> None:
    browser = log_in(CARLA)
    page = read(browser, "/my/ask/?urgent=1")
    assert "An urgent question is not possible with SLA24." in words(page)
    assert re.search(r'id="id_urgent"[^>]*disabled', page)
    form = hidden_on(page) | {"topic": "other", "subject": "Spoed", "text": "Help", "urgent": "1"}
    browser.post("/my/ask/", form)
    assert not Ticket.objects.filter(urgent=True).exists()

    desk, address = log_in(ANNA), f"/desk/new/?contact={carla.pk}"
    form = {"channel": "phone", "answer_mode": "site", "billing_mode": "none", "urgent": "on", "text": "x"}
    refused = desk.post(address, hidden_on(read(desk, address)) | form)
    assert refused.status_code == 422
    assert "An urgent question is not possible with SLA24." in words(refused.content.decode())


def test_who_took_no_paid_support_for_two_years_pays_first_and_then_the_clock_starts_IB_13(
    infobits: Desk, bakery: Customer, carla: Contact, anna: User, clock: Clock
) -> None:
    CustomerTerms.objects.create(customer=bakery, last_paid_support_on="2024-11-19")
    browser = log_in(CARLA)
    assert status_of_support(browser) == "Payment status: support is given after payment"
    assert "We begin when the payment is in." in words(ask(browser, topic="other", subject="Vraag"))
    ticket = Ticket.objects.get()
    assert ticket.due_at is None

    clock("2026-11-23 09:00")
    send(log_in(ANNA), ticket, "paid", minutes_booked="30", because="invoice 2026-31")
    ticket.refresh_from_db()
    assert ticket.state == "new"
    assert "We begin when the payment is in." not in words(read(browser, f"/my/tickets/{ticket.number}/"))


def test_the_day_before_it_lapses_SLA24_is_still_there_IB_13(
    infobits: Desk, bakery: Customer, carla: Contact
) -> None:
    CustomerTerms.objects.create(customer=bakery, last_paid_support_on="2024-11-21")
    assert status_of_support(log_in(CARLA)).startswith("SLA24: valid")


@pytest.mark.parametrize(
    ("product", "contract", "status"),
    [
        ("infokasv3-l", None, "SLA8: valid"),
        ("infokasv3-s", None, "SLA8: valid"),
        ("infokasv3-n", None, "SLA8: valid"),
        ("ts-pos", "sla8", "SLA8: valid"),
        ("ts-pos", None, "SLA24: valid"),  # it can be had, for EUR 5 a month
        (None, "sla8", "SLA24: valid"),  # only with a valid TS Pos licence
    ],
)
def test_SLA8_is_included_with_the_licence_or_taken_with_ts_pos_IB_14(
    infobits: Desk, bakery: Customer, carla: Contact, product: str | None, contract: str | None, status: str
) -> None:
    if product:
        Licence.objects.create(customer=bakery, product=Product.objects.get(key=product))
    if contract:
        Contract.objects.create(customer=bakery, type=ContractType.objects.get(key=contract))
    assert status_of_support(log_in(CARLA)).startswith(status)


@pytest.mark.parametrize(
    ("move", "because", "told", "mails"),
    [
        ("accept", "", "new", ["confirmation", "status", "call_planned"]),
        ("decline", "Uw beheerder doet dit zelf.", "declined", ["confirmation", "status"]),
    ],
    ids=["accepted", "declined"],
)
def test_who_has_it_maintained_elsewhere_asks_and_the_desk_accepts_or_declines_IB_20(
    infobits: Desk,
    sla8: Customer,
    carla: Contact,
    anna: User,
    move: str,
    because: str,
    told: str,
    mails: list[str],
) -> None:
    CustomerTerms.objects.create(customer=sla8, maintained_by="third_party")
    desk, shop = log_in(ANNA), log_in(CARLA)
    ticket = write_down(desk, carla, "Bel mij", answer_mode="callback", billing_mode="postpaid")
    page = f"/my/tickets/{ticket.number}/"
    assert "The desk first accepts or declines this request." in words(read(shop, page))
    send(desk, ticket, "move", move=move, because=because)
    assert f" {told} " in words(read(shop, page))
    sent = OutboundMail.objects.order_by("pk")
    assert sorted(each.kind for each in sent) == sorted(mails)
    assert any(because in each.text for each in sent if each.kind == "status")


def test_urgent_goes_before_all_earlier_questions_IB_22(
    infobits: Desk, sla8: Customer, carla: Contact, anna: User, clock: Clock
) -> None:
    desk, shop = log_in(ANNA), log_in(CARLA)
    ask(shop, topic="other", subject="Eerst gevraagd")
    planned = write_down(desk, carla, "Ingepland", answer_mode="callback", billing_mode="postpaid")
    send(desk, planned, "move", move="plan")
    clock("2026-11-20 16:30")
    page = read(shop, "/my/ask/?topic=other&urgent=1")
    form = hidden_on(page) | {"topic": "other", "subject": "Kassa dicht", "text": "Spoed!", "urgent": "1"}
    assert shop.post("/my/ask/", form).status_code == 302
    urgent = Ticket.objects.get(subject="Kassa dicht")
    assert numbers_in_queue(desk)[0] == urgent.number
    assert numbers_in_queue(desk, "all")[0] == urgent.number


def test_after_our_answer_on_the_site_the_customer_moves_and_a_silent_ticket_closes_IB_23(
    infobits: Desk, sla8: Customer, carla: Contact, anna: User, clock: Clock
) -> None:
    ask(log_in(CARLA), topic="other", subject="Vraag")
    ticket = Ticket.objects.get()
    answer(log_in(ANNA), ticket, "Zo doet u dat.")
    page = f"/my/tickets/{ticket.number}/"
    told = words(read(log_in(CARLA), page))
    assert "It is your turn: we wait for your reply." in told
    assert "Without one the question closes on" in told
    assert numbers_in_queue(log_in(ANNA)) == []

    clock("2026-12-01 16:30")
    close_silent(0)
    assert OutboundMail.objects.filter(kind="closing").count() == 1
    clock("2026-12-04 16:30")
    close_silent(0)
    assert " closed " in words(read(log_in(CARLA), page))

    clock("2027-01-15 10:00")
    browser = log_in(CARLA)
    browser.post(f"{page}reply/", hidden_on(read(browser, page)) | {"text": "Toch nog iets"})
    assert numbers_in_queue(log_in(ANNA)) == [ticket.number]


def test_an_unclear_question_is_asked_back_and_waits_for_the_customer_IB_23(
    infobits: Desk, sla8: Customer, carla: Contact, anna: User
) -> None:
    ask(log_in(CARLA), topic="other", subject="Het doet het niet")
    ticket = Ticket.objects.get()
    send(log_in(ANNA), ticket, "reply", **{"reply-text": "Wat precies?", "reply-move": "ask_back"})
    assert "It is your turn: we wait for your reply." in words(
        read(log_in(CARLA), f"/my/tickets/{ticket.number}/")
    )


def test_a_call_back_stays_with_the_desk_until_it_is_solved_and_never_closes_by_itself_IB_24(
    infobits: Desk, sla8: Customer, carla: Contact, anna: User, clock: Clock
) -> None:
    ticket = write_down(log_in(ANNA), carla, "Bel mij", answer_mode="callback", billing_mode="postpaid")
    answer(log_in(ANNA), ticket, "We hebben gebeld en kijken verder.")
    assert numbers_in_queue(log_in(ANNA)) == [ticket.number]
    assert "It is your turn" not in words(read(log_in(CARLA), f"/my/tickets/{ticket.number}/"))

    clock("2027-06-01 10:00")
    close_silent(0)
    assert numbers_in_queue(log_in(ANNA)) == [ticket.number]
    send(log_in(ANNA), ticket, "move", move="solve")
    assert numbers_in_queue(log_in(ANNA)) == []


def test_SLA4_is_for_existing_customers_with_our_hardware_and_counts_zone_1_IB_17(
    infobits: Desk, bakery: Customer, carla: Contact
) -> None:
    Contract.objects.create(customer=bakery, type=ContractType.objects.get(gives_plan__key="SLA4"))
    browser = log_in(CARLA)
    assert status_of_support(browser).startswith("SLA24")
    bakery.assets.create(kind="till", name="Kassa", supplied_by_us=True)
    Customer.objects.filter(pk=bakery.pk).update(existing_since=date(2020, 1, 1))
    assert status_of_support(browser) == "SLA4: valid"
    assert "due at the latest on Sat 21 Nov 2026 12:00" in words(ask(browser, topic="other", subject="Vraag"))


# -- Asked of the command line ------------------------------------------------------------------------------

Explain = Callable[..., dict[str, Any]]


@pytest.fixture
def explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Explain:
    """The result of `balie explain entitlement` for a customer and a wish, on a Friday at four."""

    def asked(preset: str, customer: dict[str, Any], *wish: str) -> dict[str, Any]:
        facts = tmp_path / "facts.json"
        facts.write_text(json.dumps({"customer": customer}), encoding="utf-8")
        given = ["--preset", preset, "--facts", str(facts), "--at", "2026-11-20 16:00"]
        assert main(["explain", "entitlement", *given, *wish, "--json"]) == 0
        result: dict[str, Any] = json.loads(capsys.readouterr().out)["result"]
        return result

    return asked


@pytest.mark.parametrize(
    ("topic", "price"),
    [
        pytest.param("third-party", "quote", id="SW_16 caused by others"),
        pytest.param("layout-receipt", "quote", id="SW_11 a layout"),
        pytest.param("training", "quote", id="SW_09 a training"),
        pytest.param("consultant", "quote", id="SW_10 a consultant is hired"),
        pytest.param("research-figures", "actual_time", id="SW_12 research"),
        pytest.param("till-question", "included", id="SW_05 anything else"),
    ],
)
def test_what_a_question_is_about_decides_how_it_is_paid_SW_11_SW_12_SW_16(
    explain: Explain, topic: str, price: str
) -> None:
    assert explain("softwear", {}, "--topic", topic)["price_basis"] == price


@pytest.mark.parametrize(
    ("application", "price"),
    [
        pytest.param("applied", "prepaid", id="applied for, and still to be checked"),
        pytest.param("checked", "free", id="checked"),
        pytest.param("declined", "prepaid", id="declined"),
    ],
)
def test_a_charity_licence_counts_when_it_is_checked_IB_07(
    explain: Explain, application: str, price: str
) -> None:
    charity = {"licences": [{"product": "charity"}], "charity_application": application}
    assert explain("infobits", charity, "--answer", "callback")["price_basis"] == price


def test_a_plan_that_would_make_it_possible_is_named_with_its_price_IB_14(explain: Explain) -> None:
    result = explain("infobits", {"licences": [{"product": "TS Pos"}]}, "--urgent")
    assert (result["allowed"], result["refusal"]) == (False, "An urgent question is not possible with SLA24.")
    assert [each["text"] for each in result["changes"]] == [
        "With SLA8, EUR 5.00 a month, this would be possible."
    ]


def test_without_a_phone_contract_a_call_back_is_asked_for_by_a_ticket_IB_01_IB_21(explain: Explain) -> None:
    refused = explain("infobits", {}, "--channel", "phone")
    assert refused["allowed"] is False and refused["phone_number"] is None
    assert "Make a ticket; a call-back or AnyDesk can be asked for there." in refused["ways_forward"]
    with_contract = explain("infobits", {"contracts": [{"type": "phone-support"}]}, "--channel", "phone")
    assert with_contract["allowed"] is True and with_contract["phone_number"] == "+31850000000"
