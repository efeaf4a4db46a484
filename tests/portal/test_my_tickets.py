"""The list of a customer's questions, and the line about its support."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.cast import FRIDAY_AT_FOUR, at, contact
from tests.portal.reading import visitor, words

from balie.contracts.models import CustomerTerms, Licence, Product
from balie.customers.models import Customer, Site
from balie.portal.my_tickets import PAGE
from balie.rules.lifecycle import Actor, Move
from balie.tickets import actions

pytestmark = pytest.mark.usefixtures("friday_at_four")


def page(person, **query: object) -> str:
    answer = visitor(person).get(reverse("my_tickets", query=query or None))
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(html: str) -> list[int]:
    """The numbers of the questions in a page, in its order."""
    return [int(number) for number in re.findall(r"/my/tickets/(\d+)/", html)]


def close(ticket, desk, user):
    return actions.move(ticket, Move.CLOSE, actor=Actor.AGENT, by=user, situation=at(desk))


def test_open_questions_come_first_and_what_has_ended_below(infobits, sla8, anna, carla, asks):
    ended, older, newer = (asks(carla, infobits, subject) for subject in ("Ended", "Older", "Newer"))
    close(ended, infobits, anna)
    assert numbers(page(carla)) == [newer.number, older.number, ended.number]


def test_a_question_shows_its_state_its_deadline_and_who_asked(infobits, sla8, carla, asks):
    asks(carla, infobits, "Bonprinter print niet")
    html = page(carla)
    assert "Mon 23 Nov 2026 16:00" in html
    assert "in 3 days" in html or "in 2 days" in html
    assert "Carla" in html
    assert ">new<" in html


def test_the_deadline_of_a_free_plan_is_what_is_normal_IB_09(infobits, bakery, carla, asks):
    asks(carla, infobits)
    assert "normally Wed 25 Nov 2026 16:00" in words(page(carla))


def test_under_a_contract_the_deadline_is_promised_IB_16(infobits, sla8, carla, asks):
    asks(carla, infobits)
    assert "normally" not in words(page(carla))


def test_a_question_that_was_answered_says_whose_turn_it_is(infobits, sla8, anna, carla, asks):
    ticket = asks(carla, infobits)
    actions.reply(
        ticket,
        writing=actions.Writing(text="Zo."),
        by=anna,
        seen=ticket.messages.last().pk,
        situation=at(infobits),
    )
    assert "it is your turn" in page(carla)
    assert "waiting for you" in page(carla)


def test_where_nothing_is_promised_the_list_says_so(softwear, carla, asks):
    asks(carla, softwear)
    assert "nothing promised" in page(carla)


def test_an_empty_list_says_so(infobits, carla):
    assert "Nothing is open" in page(carla)


def test_dario_sees_nothing_of_carlas(infobits, carla, dario, asks):
    asks(carla, infobits, "Geheim van de bakker")
    assert "Geheim van de bakker" not in page(dario)
    assert "Geheim van de bakker" not in page(dario, show="ended")


def test_eve_must_log_in_and_comes_back_to_the_list(infobits):
    answer = visitor(None).get(reverse("my_tickets"))
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={reverse('my_tickets')}"


def test_an_agent_is_shown_to_the_queue(infobits, anna):
    assert visitor(anna).get(reverse("my_tickets")).url == reverse("queue")


def test_reach_decides_which_questions_of_the_own_customer_are_in_it(infobits, sla8, bakery: Customer, asks):
    market = Site.objects.create(customer=bakery, name="Markt")
    station = Site.objects.create(customer=bakery, name="Station")
    owner = contact("Olga", bakery, reach="all")
    manager = contact("Mo", bakery, reach="site", site=market)
    baker = contact("Bram", bakery, reach="own", site=market)
    seller = contact("Sil", bakery, reach="own", site=station)
    of_baker, of_seller = asks(baker, infobits, "Baker"), asks(seller, infobits, "Seller")

    assert numbers(page(owner)) == [of_seller.number, of_baker.number]
    assert numbers(page(manager)) == [of_baker.number]
    assert numbers(page(baker)) == [of_baker.number]
    assert numbers(page(seller)) == [of_seller.number]


def test_a_long_list_goes_on_where_it_stopped(infobits, sla8, carla, asks):
    made = [asks(carla, infobits, f"Vraag {number}").number for number in range(PAGE + 2)]
    first = page(carla)
    assert numbers(first) == made[:1:-1]
    more = re.search(r'href="(/my/\?[^"]*before=\d+)"', first)
    assert more
    rest = visitor(carla).get(more[1].replace("&amp;", "&"))
    assert numbers(rest.content.decode()) == [made[1], made[0]]


def test_htmx_gets_only_the_next_rows(infobits, sla8, carla, asks):
    first, second = asks(carla, infobits, "Een"), asks(carla, infobits, "Twee")
    answer = visitor(carla).get(
        reverse("my_tickets", query={"before": second.pk}), headers={"HX-Request": "true"}
    )
    html = answer.content.decode()
    assert "<html" not in html
    assert numbers(html) == [first.number]


def test_all_that_has_ended_has_a_list_of_its_own(infobits, sla8, anna, carla, asks):
    tickets = [asks(carla, infobits, f"Vraag {number}") for number in range(7)]
    for ticket in tickets:
        close(ticket, infobits, anna)
    assert len(numbers(page(carla))) == 5
    assert numbers(page(carla, show="ended")) == [ticket.number for ticket in reversed(tickets)]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "²"])
def test_a_place_that_nobody_wrote_is_the_beginning(infobits, sla8, carla, asks, before):
    ticket = asks(carla, infobits)
    assert numbers(page(carla, before=before)) == [ticket.number]


def test_the_list_costs_a_fixed_number_of_queries(infobits, sla8, carla, asks, django_assert_max_num_queries):
    for number in range(12):
        asks(carla, infobits, f"Vraag {number}")
    browser = visitor(carla)
    browser.get(reverse("my_tickets"))
    with django_assert_max_num_queries(15):
        browser.get(reverse("my_tickets"))


@pytest.mark.parametrize(
    ("until", "says"),
    [
        (None, "SLA8: valid"),
        ("2026-12-31", "SLA8: valid until 31-12-2026"),
        ("2026-11-20", "SLA8: valid until 20-11-2026"),  # the last day counts
        ("2026-11-19", "SLA8: expired on 19-11-2026"),
    ],
)
def test_the_status_of_the_support_is_told_as_published_IB_18(infobits, bakery, carla, until, says):
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="infokasv3-l"), valid_until=until)
    badge = re.search(r"support-status\">([^<]*)<", page(carla))
    assert badge and badge[1] == says


def test_the_payment_status_is_told_with_its_reason_IB_13(infobits, bakery, carla):
    CustomerTerms.objects.create(customer=bakery, last_paid_support_on="2023-01-01")
    html = page(carla)
    assert "Payment status: support is given after payment" in html
    assert "because no support was paid for in 24 months" in html


def test_the_status_says_why(infobits, sla8, carla):
    assert "SLA8 is included with the licence InfokasV3 type L." in page(carla)


def test_a_desk_without_plans_shows_no_status(softwear, carla):
    assert "support-status" not in page(carla)


def test_who_belongs_to_no_customer_yet_sees_its_own_questions_and_no_status(infobits, asks):
    nora = contact("Nora", None)
    ticket = asks(nora, infobits, now=FRIDAY_AT_FOUR)
    html = page(nora)
    assert numbers(html) == [ticket.number]
    assert "support-status" not in html
