"""Two requests at the same moment, each in a thread and a transaction of its own: nothing twice, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.attack.conftest import at_once, hidden_fields, strict_browser_of
from tests.cast import agent, answering_at_once, at, contact

from balie.config.desk_setup import make_desk
from balie.contracts.models import Licence, Product
from balie.customers.models import Contact, Customer
from balie.mail.models import OutboundMail
from balie.presets.reading import load
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def carla(transactional_db: None) -> Contact:
    answering_at_once(make_desk(load("infobits")))
    bakery = Customer.objects.create(number="K-1001", name="Bakkerij De Korenbloem")
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="infokasv3-l"))
    return contact("Carla", bakery)


@pytest.fixture
def ticket(carla: Contact) -> Ticket:
    from django.utils import timezone

    from balie.desk.queries import the_desk

    return actions.take_in(
        carla,
        Wish(Channel.PORTAL),
        subject="Bonprinter",
        writing=Writing(text="Print niet."),
        situation=at(the_desk(), timezone.now()),
    )


def twin(browser: Client) -> Client:
    """A second tab of the same person."""
    other = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    other.cookies = browser.cookies.copy()
    return other


def test_a_question_sent_by_two_clicks_at_once_is_asked_once(carla: Contact) -> None:
    browser = strict_browser_of(carla)
    form = hidden_fields(browser.get("/my/ask/?topic=other"))
    form |= {"topic": "other", "subject": "Dubbelklik", "text": "Twee keer gedrukt"}
    answers = at_once(lambda: browser.post("/my/ask/", form), lambda: twin(browser).post("/my/ask/", form))
    asked = Ticket.objects.get()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer.url for answer in answers} == {f"/my/tickets/{asked.number}/sent/"}
    assert OutboundMail.objects.count() == 1


def test_a_reply_sent_by_two_clicks_at_once_is_one_message(carla: Contact, ticket: Ticket) -> None:
    browser = strict_browser_of(carla)
    form = hidden_fields(browser.get(f"/my/tickets/{ticket.number}/")) | {"text": "Nog iets"}
    where = f"/my/tickets/{ticket.number}/reply/"
    answers = at_once(lambda: browser.post(where, form), lambda: twin(browser).post(where, form))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Message.objects.filter(text="Nog iets").count() == 1


def answer_of(browser: Client, ticket: Ticket, text: str) -> tuple[str, dict[str, Any]]:
    form = hidden_fields(browser.get(f"/desk/tickets/{ticket.number}/"))
    return f"/desk/tickets/{ticket.number}/reply/", form | {"reply-text": text, "reply-move": "answer"}


def test_an_answer_sent_by_two_clicks_at_once_goes_out_once(ticket: Ticket) -> None:
    browser = strict_browser_of(agent("Anna"))
    where, form = answer_of(browser, ticket, "Zet hem uit en aan.")
    answers = at_once(lambda: browser.post(where, form), lambda: twin(browser).post(where, form))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Message.objects.filter(text="Zet hem uit en aan.").count() == 1
    assert OutboundMail.objects.filter(kind="reply").count() == 1


def test_of_two_agents_who_answer_at_once_one_is_told_and_keeps_the_words(ticket: Ticket) -> None:
    browsers = [strict_browser_of(agent(name)) for name in ("Anna", "Ben")]
    sent = [
        answer_of(browser, ticket, f"Antwoord {place}") for place, browser in enumerate(browsers, start=1)
    ]
    answers = at_once(*(lambda b=b, s=s: b.post(*s) for b, s in zip(browsers, sent, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    told = next(answer for answer in answers if answer.status_code == 422)
    kept = f"Antwoord {answers.index(told) + 1}"
    page = told.content.decode()
    assert "wrote while you were writing" in page
    assert kept in page
    assert Message.objects.filter(agent__isnull=False).count() == 1
    assert OutboundMail.objects.filter(kind="reply").count() == 1


def test_the_customer_closes_while_the_agent_answers_and_no_state_is_made_up(
    carla: Contact, ticket: Ticket
) -> None:
    anna, shop = strict_browser_of(agent("Anna")), strict_browser_of(carla)
    where, form = answer_of(anna, ticket, "Zet hem uit en aan.")
    ending = hidden_fields(shop.get(f"/my/tickets/{ticket.number}/")) | {"move": "withdraw"}
    answers = at_once(
        lambda: anna.post(where, form), lambda: shop.post(f"/my/tickets/{ticket.number}/end/", ending)
    )
    ticket.refresh_from_db()
    assert {answer.status_code for answer in answers} <= {302, 422}
    assert ticket.state in {"withdrawn", "waiting"}
    assert (ticket.closed_at is not None) == (ticket.state == "withdrawn")


def test_a_form_of_a_tab_from_before_the_logout_is_refused_and_changes_nothing(
    carla: Contact, ticket: Ticket
) -> None:
    browser = strict_browser_of(carla)
    form = hidden_fields(browser.get(f"/my/tickets/{ticket.number}/")) | {"text": "Na het afmelden"}
    other = twin(browser)
    browser.post("/account/logout/", {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]})
    answer = other.post(f"/my/tickets/{ticket.number}/reply/", form)
    assert answer.status_code in {302, 403}
    assert Message.objects.filter(text="Na het afmelden").count() == 0
