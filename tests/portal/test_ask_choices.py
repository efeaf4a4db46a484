"""How to be helped: what can be had to pick from, the rest with why not; and what a call-back needs."""

from __future__ import annotations

import re
from datetime import date

import pytest
from tests.cast import contact, moment
from tests.portal.reading import visitor, words
from tests.portal.test_ask import ASK, form_of, send

from balie.contracts.models import Contract, ContractType, CustomerTerms
from balie.customers.models import Asset
from balie.rules.lifecycle import State
from balie.tickets.models import CallRequest, Ticket

STATEMENTS_OF_A_QUESTION = 24  # the request, the terms, the ticket, its confirmation and who hears of it

pytestmark = pytest.mark.usefixtures("friday_at_four")


def looked_at(person, **wish: str) -> str:
    """The page as it is after the choices are shown anew, without a script."""
    page = visitor(person).get(ASK).content.decode()
    filled = {**form_of(page), "topic": "other", "subject": "Vraag", "text": "Tekst", **wish, "look": "1"}
    answer = visitor(person).post(ASK, filled)
    assert answer.status_code == 200
    return str(answer.content.decode())


def ask_for(person, **wish: object):
    """Look at the terms of a wish, then send it."""
    looked = looked_at(person, **{name: value for name, value in wish.items() if name != "times"})
    return send(person, looked, **wish)


def option(html: str, name: str, value: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="{value}"[^>]*>', html)
    assert found, (name, value)
    return found[0]


def can_be_picked(html: str, name: str, value: str) -> bool:
    return "disabled" not in option(html, name, value)


def test_with_the_free_plan_a_call_back_is_paid_beforehand_only_and_says_why_IB_19(infobits, carla):
    html = looked_at(carla, answer_mode="callback")
    assert can_be_picked(html, "answer_mode", "callback")
    assert can_be_picked(html, "billing_mode", "prepaid")
    assert not can_be_picked(html, "billing_mode", "postpaid")
    assert "With SLA24 this can be paid beforehand only (prepaid), not afterwards (postpaid)." in words(html)
    assert "We begin when the payment is in." in words(html)


def test_with_sla8_both_ways_of_paying_are_there_IB_15(infobits, sla8, carla):
    html = looked_at(carla, answer_mode="callback", billing_mode="postpaid")
    assert can_be_picked(html, "billing_mode", "prepaid") and can_be_picked(html, "billing_mode", "postpaid")
    assert "checked" in option(html, "billing_mode", "postpaid")
    assert "You have our response at the latest on Mon 23 Nov 2026 16:00" in words(html)


def test_a_call_back_under_contract_asks_for_no_payment_IB_17(infobits, bakery, carla):
    bakery.existing_since = date(2020, 1, 1)
    bakery.save()
    Asset.objects.create(customer=bakery, name="Kassa", supplied_by_us=True)
    Contract.objects.create(customer=bakery, type=ContractType.objects.get(key="maintenance"))
    html = looked_at(carla, answer_mode="anydesk")
    assert 'name="billing_mode"' not in html
    assert "covered by your contract" in words(html)


@pytest.mark.parametrize(
    ("plan", "price"),
    [
        ("SLA8", "Call me back paid beforehand or paid afterwards"),
        ("SLA24", "Call me back paid beforehand We phone"),
    ],
)
def test_every_way_of_paying_stands_beside_the_way_of_being_helped_IB_19(
    infobits, bakery, carla, request, plan, price
):
    if plan == "SLA8":
        request.getfixturevalue("sla8")
    assert price in words(visitor(carla).get(ASK).content.decode())


def test_the_number_is_written_as_people_do(infobits, sla8, carla):
    answer = ask_for(carla, answer_mode="callback", billing_mode="postpaid", phone="0031 612345678")
    assert "We call you on 06 12 34 56 78." in words(visitor(carla).get(answer.url).content.decode())


def test_outside_all_hours_an_order_tells_the_rate_of_every_zone_IB_29(infobits, sla8, carla, clock):
    clock("2026-11-22 20:00")
    rates = "An hour € 85.00 (Contract zone 1), € 127.50 (Contract zone 2)"
    assert rates not in words(looked_at(carla, answer_mode="callback", billing_mode="postpaid"))
    carla.may_see_money = True
    carla.save()
    assert rates in words(looked_at(carla, answer_mode="callback", billing_mode="postpaid"))
    assert rates not in words(looked_at(carla, answer_mode="site"))


def test_the_choice_is_kept_with_the_ticket_IB_15(infobits, sla8, carla):
    answer = ask_for(carla, answer_mode="callback", billing_mode="postpaid", phone="06 12345678")
    assert answer.status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.answer_mode, ticket.billing_mode, ticket.state) == ("callback", "postpaid", "new")
    assert ticket.call_request.phone == "+31612345678"


def test_prepaid_waits_for_the_payment_IB_19(infobits, sla8, carla):
    ask_for(carla, answer_mode="callback", billing_mode="prepaid", phone="0612345678")
    assert Ticket.objects.get().state == "awaiting_payment"


def test_a_system_that_somebody_else_maintains_makes_it_a_request_IB_20(infobits, sla8, carla):
    CustomerTerms.objects.create(customer=sla8, maintained_by="third_party")
    assert "The desk first accepts or declines this request." in words(
        looked_at(carla, answer_mode="callback", billing_mode="postpaid")
    )
    ask_for(carla, answer_mode="callback", billing_mode="postpaid", phone="0612345678")
    assert Ticket.objects.get().state == "awaiting_acceptance"


def test_other_terms_than_were_seen_are_shown_before_it_is_sent(infobits, sla8, carla):
    answer = send(carla, answer_mode="callback", billing_mode="postpaid", phone="0612345678")
    assert answer.status_code == 422
    assert "Look at the terms below" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_a_refused_way_of_paying_cannot_be_had_by_sending_it_all_the_same_IB_19(infobits, carla):
    page = looked_at(carla, answer_mode="callback", billing_mode="postpaid")
    answer = send(carla, page, answer_mode="callback", billing_mode="postpaid", phone="0612345678")
    assert answer.status_code == 302
    assert Ticket.objects.get().billing_mode == "prepaid", "what the page showed, not what the form said"


def test_nonsense_for_a_choice_is_the_first_choice(infobits, sla8, carla):
    assert send(carla, answer_mode="pigeon", billing_mode="shells").status_code == 302
    assert Ticket.objects.get().answer_mode == "site"


# -- Who may order -----------------------------------------------------------------------------------------


def test_paid_work_needs_the_right_to_order_and_the_page_names_who_has_it(infobits, sla8, carla):
    kees = contact("Kees", sla8)
    text = words(looked_at(kees))
    assert "This is paid work, and you may not order that. Carla may order this" in text
    html = looked_at(kees)
    assert not can_be_picked(html, "answer_mode", "callback")
    assert not can_be_picked(html, "urgent", "1")
    assert "Urgent has a surcharge, and you may not order paid work." in words(html)


def test_without_anybody_who_may_order_the_desk_is_the_way(infobits, sla8):
    assert "Ask the desk to let somebody of your company order paid work." in words(
        looked_at(contact("Kees", sla8))
    )


def test_an_order_is_refused_by_name_also_when_the_page_did_not_offer_it(infobits, sla8):
    kees = contact("Kees", sla8)
    answer = ask_for(kees, answer_mode="callback", billing_mode="postpaid", phone="0612345678")
    assert answer.status_code == 422
    assert not Ticket.objects.exists()


def test_who_may_not_order_still_asks_what_costs_nothing(infobits, sla8):
    assert send(contact("Kees", sla8)).status_code == 302


@pytest.mark.parametrize(
    ("topic", "says", "may"),
    [
        ("layout-logo", "price quote first", True),
        ("research-figures", "by the time that it takes", False),
    ],
)
def test_what_it_is_about_decides_on_the_payment_SW_11_SW_12(softwear, bakery, topic, says, may):
    kees = contact("Kees", bakery)
    html = words(visitor(kees).get(f"{ASK}?topic={topic}").content.decode())
    assert ("you may not order that" in html) is not may
    carla = contact("Carla", bakery, may_order=True)
    assert says in words(visitor(carla).get(f"{ASK}?topic={topic}").content.decode())


def test_amounts_are_for_who_may_see_them_IB_29(infobits, sla8, carla):
    assert "€ 85.00 an hour" not in words(looked_at(carla, answer_mode="callback", billing_mode="postpaid"))
    carla.may_see_money = True
    carla.save()
    text = words(looked_at(carla, answer_mode="callback", billing_mode="postpaid"))
    assert "Contract zone 1, € 85.00 an hour" in text
    assert "a surcharge of 50%" in words(
        looked_at(carla, answer_mode="callback", billing_mode="postpaid", urgent="1")
    )


def test_the_rate_is_that_of_the_moment_IB_29(infobits, sla8, carla, clock):
    carla.may_see_money = True
    carla.save()
    clock("2026-11-20 18:00")
    assert "Contract zone 2, € 127.50 an hour" in words(
        looked_at(carla, answer_mode="callback", billing_mode="postpaid")
    )


# -- The telephone -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "topic", "is_shown", "why"),
    [
        ("2026-11-20 16:00", "till-cash-drawer", True, "an urgent incident in office hours, SW-03"),
        ("2026-11-20 16:00", "till-question", False, "a question becomes a ticket, SW-05"),
        ("2026-11-20 18:00", "till-cash-drawer", True, "a till incident in till-helpdesk hours, SW-04"),
        ("2026-11-20 18:00", "back-office-cannot-print", False, "no till, SW-04"),
        ("2026-11-20 22:00", "till-cash-drawer", False, "nobody is there"),
        ("2026-11-20 16:00", "layout-logo", False, "never in a phone call, SW-11"),
    ],
)
def test_the_number_stands_there_for_who_may_phone_now_SW_03_SW_04(
    softwear, carla, clock, at, topic, is_shown, why
):
    clock(at)
    html = visitor(carla).get(f"{ASK}?topic={topic}").content.decode()
    assert ("020 229 29 29" in html) is is_shown, why


@pytest.mark.parametrize(
    ("topic", "opens"),
    [("till-cash-drawer", "From Sat 21 Nov 2026 09:00 on this may be phoned."), ("till-question", None)],
)
def test_who_may_phone_later_reads_from_when_SW_01_SW_05(softwear, carla, clock, topic, opens):
    clock("2026-11-20 22:00")
    text = words(visitor(carla).get(f"{ASK}?topic={topic}").content.decode())
    assert (opens in text) if opens else ("may be phoned" not in text)


def test_the_number_is_for_who_has_a_phone_contract_IB_01(infobits, sla8, carla, support_contract):
    address = f"{ASK}?topic=till-scanner"
    assert "085 000 00 00" in visitor(carla).get(address).content.decode()
    support_contract.delete()
    assert "085 000 00 00" not in visitor(carla).get(address).content.decode()


# -- Where and when to call --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12345678", "+31612345678"),
        ("0031 6 1234 5678", "+31612345678"),
        ("+31 (0)6-12345678", "+31612345678"),
        ("020-229 29 29", "+31202292929"),
        ("+44 20 7946 0123", "+442079460123"),
    ],
)
def test_a_number_as_people_write_it_is_understood(infobits, sla8, carla, typed, kept):
    ask_for(carla, answer_mode="callback", billing_mode="postpaid", phone=typed)
    assert CallRequest.objects.get().phone == kept


@pytest.mark.parametrize(
    ("mode", "typed", "says"),
    [
        ("callback", {"phone": ""}, "Give the number on which we can call you back."),
        ("callback", {"phone": "mijn mobiel"}, "A phone number has no letters: leave “mijn” out."),
        ("callback", {"phone": "12345"}, "is not a phone number in use"),
        ("anydesk", {"anydesk": ""}, "Give the AnyDesk address"),
        ("anydesk", {"anydesk": "12345678"}, "An AnyDesk address has 9 or 10 digits"),
        ("anydesk", {"anydesk": "123456789", "phone": "x"}, "A phone number has no letters"),
    ],
)
def test_what_is_wrong_with_it_is_said_beside_the_field(infobits, sla8, carla, mode, typed, says):
    answer = ask_for(carla, answer_mode=mode, billing_mode="postpaid", **typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("123 456 789", "123456789"),
        ("1.234.567.890", "1234567890"),
        ("Kassa-2@Korenbloem", "kassa-2@korenbloem"),
    ],
)
def test_an_anydesk_address_or_alias_is_kept(infobits, sla8, carla, typed, kept):
    ask_for(carla, answer_mode="anydesk", billing_mode="postpaid", anydesk=typed)
    request = CallRequest.objects.get()
    assert (request.anydesk, request.phone) == (kept, "")


def test_an_answer_on_the_site_keeps_no_number(infobits, sla8, carla):
    assert send(carla, phone="niet ingevuld", anydesk="ook niet").status_code == 302
    assert not CallRequest.objects.exists()


def times_on(html: str) -> list[tuple[str, str]]:
    found = re.findall(r'name="times" value="([\d-]+)".*?selectgroup-label">([\d:-]+)<', html, re.DOTALL)
    return [(value, label) for value, label in found]


def test_the_times_lie_in_the_hours_that_count_IB_30(infobits, sla8, support_contract, carla):
    html = looked_at(carla, answer_mode="callback")
    labels = [label for _value, label in times_on(html)]
    assert labels[:4] == ["16:00-17:00", "09:00-12:00", "09:00-13:00", "13:00-17:00"]
    days = re.findall(r'class="day-name"[^>]*>([^<]+)<', html)
    assert days[:3] == ["Friday 20 November", "Saturday 21 November", "Monday 23 November"]


def test_the_picked_times_go_with_the_ticket(infobits, sla8, carla):
    times = times_on(looked_at(carla, answer_mode="callback"))
    picked = [times[2][0], times[0][0]]
    ask_for(carla, answer_mode="callback", billing_mode="postpaid", phone="0612345678", times=picked)
    kept = [(each.starts_at, each.ends_at) for each in CallRequest.objects.get().preferred_times.all()]
    assert kept == [
        (moment("2026-11-20 16:00"), moment("2026-11-20 17:00")),
        (moment("2026-11-23 13:00"), moment("2026-11-23 17:00")),
    ]


def test_a_time_that_began_meanwhile_is_kept_as_far_as_it_is_left(infobits, sla8, carla, clock):
    times = times_on(looked_at(carla, answer_mode="callback"))
    clock("2026-11-20 16:20")
    ask_for(carla, answer_mode="callback", billing_mode="postpaid", phone="0612345678", times=[times[0][0]])
    kept = CallRequest.objects.get().preferred_times.get()
    assert (kept.starts_at, kept.ends_at) == (moment("2026-11-20 16:20"), moment("2026-11-20 17:00"))


@pytest.mark.parametrize(
    "times",
    [
        ["x"],
        ["1-2"],
        ["99999999999-99999999999"],
        ["1795424400-1795424400"],
        [f"{int(moment('2026-11-21 03:00').timestamp())}-{int(moment('2026-11-21 04:00').timestamp())}"],
    ],
)
def test_a_time_outside_the_hours_is_refused(infobits, sla8, carla, times):
    answer = ask_for(carla, answer_mode="callback", billing_mode="postpaid", phone="0612345678", times=times)
    assert answer.status_code == 422
    assert "One of the times is over or not within the hours." in answer.content.decode()


def test_where_and_when_stands_on_the_ticket_for_both_sides(infobits, sla8, carla, anna):
    times = times_on(looked_at(carla, answer_mode="callback"))
    ask_for(carla, answer_mode="anydesk", billing_mode="postpaid", anydesk="123456789", times=[times[0][0]])
    number = Ticket.objects.get().number
    for person, address in ((carla, f"/my/tickets/{number}/"), (anna, f"/desk/tickets/{number}/")):
        text = words(visitor(person).get(address).content.decode())
        assert "123456789" in text and "Fri 20 Nov 2026 16:00-17:00" in text


# -- What was sent, and afterwards -------------------------------------------------------------------------


def test_the_free_questions_that_are_left_are_counted_IB_10(infobits, carla):
    assert "2 free questions are left, this one included" in words(visitor(carla).get(ASK).content.decode())
    send(carla)
    assert "1 free question is left, this one included" in words(visitor(carla).get(ASK).content.decode())


def test_over_the_quota_what_is_paid_for_is_still_possible_IB_10_IB_19(infobits, carla):
    send(carla), send(carla)
    html = looked_at(carla)
    assert can_be_picked(html, "answer_mode", "site") and can_be_picked(html, "billing_mode", "prepaid")
    assert can_be_picked(html, "answer_mode", "callback")


def test_over_the_quota_an_answer_on_the_site_is_sent_when_it_is_paid_beforehand_IB_10(infobits, carla):
    send(carla), send(carla)
    assert 'class="mb-3 only-when-calling"' not in looked_at(carla)
    assert send(carla).status_code == 422
    paid = {"answer_mode": "site", "billing_mode": "prepaid"}
    page = looked_at(carla, **paid)
    assert "What is free is used up, so this is paid beforehand." in words(page)
    assert send(carla, page, **paid).status_code == 302
    ticket = Ticket.objects.latest("pk")
    assert (ticket.answer_mode, ticket.billing_mode) == ("site", "prepaid")
    assert ticket.state == State.AWAITING_PAYMENT


def test_within_the_quota_a_way_to_pay_that_was_left_in_the_form_counts_for_nothing_IB_10(infobits, carla):
    assert 'class="mb-3 only-when-calling"' in looked_at(carla)
    send(carla, answer_mode="site", billing_mode="prepaid")
    assert Ticket.objects.get().billing_mode == "none"


def test_what_would_change_the_answer_is_said_with_the_refusal_IB_14(infobits, carla):
    send(carla), send(carla)
    text = words(visitor(carla).get(ASK).content.decode())
    assert "With SLA8 the number of tickets is not limited." in text


def test_a_question_through_the_portal_costs_a_fixed_number_of_statements(
    infobits, sla8, carla, django_assert_max_num_queries
):
    browser = visitor(carla)
    filled = {"topic": "other", "subject": "Bon", "text": "Tekst"}
    browser.post(ASK, {**form_of(browser.get(ASK).content.decode()), **filled})
    page = form_of(browser.get(ASK).content.decode())
    with django_assert_max_num_queries(STATEMENTS_OF_A_QUESTION):
        assert browser.post(ASK, {**page, **filled}).status_code == 302
