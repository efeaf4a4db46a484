"""Credit booked, and phone numbers decided on, by two people at the same moment: none twice, none lost (IB-19)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.attack.conftest import at_once, hidden_fields, strict_browser_of
from tests.cast import agent, at, contact

from balie.config.desk_setup import make_desk
from balie.contracts.actions import book_credit
from balie.contracts.models import CreditBooking, CustomerTerms, Licence, Product
from balie.customers import phone_numbers
from balie.customers.models import Contact, Customer, PhoneNumber
from balie.mail.models import OutboundMail
from balie.presets.reading import load
from balie.rules.lifecycle import State
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def carla(transactional_db: None) -> Contact:
    make_desk(load("infobits"))
    bakery = Customer.objects.create(number="K-1001", name="Bakkerij De Korenbloem")
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="infokasv3-l"))
    return contact("Carla", bakery, may_order=True)


@pytest.fixture
def bakery(carla: Contact) -> Customer:
    assert carla.customer is not None
    return carla.customer


def ask(carla: Contact, subject: str = "Bel mij") -> Ticket:
    """A call-back that is paid beforehand."""
    from balie.desk.queries import the_desk

    wish = Wish(Channel.PORTAL, None, AnswerMode.CALLBACK, BillingMode.PREPAID)
    situation = at(the_desk(), timezone.now())
    writing = Writing(text="Bel mij.")
    return actions.open(carla, wish, subject=subject, writing=writing, by=carla.user, situation=situation)


def balance_of(customer: Customer) -> int:
    return CustomerTerms.objects.get(customer=customer).prepaid_minutes


def booking_of(browser, customer: Customer, minutes: int, direction: str = "in"):
    """The form of the page, filled in: where it goes and what it sends."""
    page = f"/desk/customers/{customer.pk}/"
    form = hidden_fields(browser.get(page))
    filled = {"minutes_booked": minutes, "direction": direction, "because": "Factuur"}
    return f"{page}credit/", form | filled


def test_one_form_sent_by_two_clicks_at_once_is_one_booking(bakery: Customer) -> None:
    browsers = [strict_browser_of(agent("Anna")) for _each in range(1)]
    where, form = booking_of(browsers[0], bakery, 60)
    other = type(browsers[0])(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    other.cookies = browsers[0].cookies.copy()
    answers = at_once(lambda: browsers[0].post(where, form), lambda: other.post(where, form))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert CreditBooking.objects.count() == 1
    assert balance_of(bakery) == 60


def test_two_agents_who_book_at_once_lose_nothing(bakery: Customer) -> None:
    browsers = [strict_browser_of(agent(name)) for name in ("Anna", "Ben")]
    sent = [booking_of(browser, bakery, minutes) for browser, minutes in zip(browsers, (60, 30), strict=True)]
    at_once(*(lambda b=b, s=s: b.post(*s) for b, s in zip(browsers, sent, strict=True)))
    assert balance_of(bakery) == 90
    assert sorted(CreditBooking.objects.values_list("balance", flat=True))[-1] == 90


def test_two_agents_who_take_the_last_minutes_off_at_once_never_go_below_nothing(bakery: Customer) -> None:
    book_credit(bakery, minutes=60, because="Factuur", by=None, now=timezone.now())
    browsers = [strict_browser_of(agent(name)) for name in ("Anna", "Ben")]
    sent = [booking_of(browser, bakery, 40, "out") for browser in browsers]
    answers = at_once(*(lambda b=b, s=s: b.post(*s) for b, s in zip(browsers, sent, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    assert balance_of(bakery) == 20


@pytest.mark.parametrize("attempt", range(5))
def test_what_is_asked_while_credit_is_booked_never_stays_waiting(
    carla: Contact, bakery: Customer, attempt: int
) -> None:
    at_once(
        lambda: ask(carla),
        lambda: book_credit(bakery, minutes=60, because="Factuur", by=None, now=timezone.now()),
    )
    assert Ticket.objects.get().state == State.NEW


def test_two_bookings_at_once_begin_a_ticket_once(carla: Contact, bakery: Customer) -> None:
    ticket = ask(carla)
    at_once(
        *[lambda: book_credit(bakery, minutes=30, because="Factuur", by=None, now=timezone.now())] * 2,
    )
    ticket.refresh_from_db()
    assert ticket.state == State.NEW
    assert ticket.events.filter(kind="pay").count() == 1
    assert OutboundMail.objects.filter(ticket=ticket, kind="status").count() == 1


def test_two_agents_who_decide_on_one_number_at_once_decide_once(carla: Contact) -> None:
    number = phone_numbers.hand_in(carla, "020 229 29 29", label="", country="NL", now=timezone.now())
    anna, ben = (strict_browser_of(agent(name)) for name in ("Anna", "Ben"))
    token = {each: hidden_fields(each.get("/desk/numbers/"))["csrfmiddlewaretoken"] for each in (anna, ben)}
    answers = at_once(
        lambda: anna.post(f"/desk/numbers/{number.pk}/confirm/", {"csrfmiddlewaretoken": token[anna]}),
        lambda: ben.post(
            f"/desk/numbers/{number.pk}/refuse/", {"csrfmiddlewaretoken": token[ben], "because": "Nee."}
        ),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    number.refresh_from_db()
    assert (number.registered_on is None) == bool(number.refused_because)
    assert OutboundMail.objects.filter(kind="phone_number").count() == 1


def test_a_number_handed_in_by_two_colleagues_at_once_is_one(carla: Contact, bakery: Customer) -> None:
    other = contact("Marga", bakery)
    at_once(
        *(
            lambda who=who: phone_numbers.hand_in(
                who, "020 229 29 29", label="", country="NL", now=timezone.now()
            )
            for who in (carla, other)
        )
    )
    assert PhoneNumber.objects.count() == 1
