"""Call-backs and registered numbers, through the pages of the customer and of the desk, by rule."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.cast import at, browser_of, contact
from tests.workspace.conftest import browser_of as english

from balie.contracts.models import CustomerTerms
from balie.customers import phone_numbers
from balie.customers.models import PhoneNumber
from balie.customers.phone_numbers import owners_of
from balie.mail.models import OutboundKind, OutboundMail
from balie.rules.lifecycle import State
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import CallWish, Writing
from balie.tickets.models import CallBack, Ticket, TimeEntry

PHONE = "+31612345678"


@pytest.fixture
def asked(infobits, sla8, carla):
    """Carla asks to be called back."""
    carla.may_order = carla.may_see_money = True
    carla.save()

    def ask(billing: BillingMode = BillingMode.POSTPAID) -> Ticket:
        return actions.open(
            carla,
            Wish(Channel.PORTAL, answer_mode=AnswerMode.CALLBACK, billing_mode=billing),
            subject="Belt u mij over de kassa",
            writing=Writing("Graag bellen."),
            by=carla.user,
            situation=at(infobits, timezone.now()),
            call=CallWish(PHONE),
        )

    return ask


def page_of(person, name: str, *args: object) -> str:
    return english(person).get(reverse(name, args=args)).content.decode()


def test_who_asks_for_a_call_reads_when_it_comes_and_chooses_another_moment_IB_15(asked, carla):
    ticket = asked()
    call_back = ticket.call_backs.get()
    page = page_of(carla, "my_ticket", ticket.number)
    assert "We call you" in page and "This does not suit me" in page
    assert OutboundMail.objects.filter(kind=OutboundKind.CALL_PLANNED, recipient=carla.email).exists()
    other = re.findall(r'name="moment" value="(\d+)"', page)[-1]
    address = reverse("my_call_moment", args=[ticket.number, call_back.pk])
    english(carla).post(address, {"moment": other})
    call_back.refresh_from_db()
    assert int(call_back.planned_from.timestamp()) == int(other)
    refused = english(carla).post(address, {"moment": "1"}, follow=True).content.decode()
    assert "not free any more" in refused


def test_prepaid_work_is_called_about_once_it_is_paid_IB_19(asked, anna, carla):
    ticket = asked(BillingMode.PREPAID)
    assert ticket.state == State.AWAITING_PAYMENT
    assert "This does not suit me" not in page_of(carla, "my_ticket", ticket.number)
    english(anna).post(
        reverse("ticket_paid", args=[ticket.number]),
        {"minutes_booked": 60, "because": "Factuur 1", "submission": str(uuid4())},
    )
    assert ticket.call_backs.count() == 1


def test_a_request_that_the_desk_may_decline_is_called_about_once_accepted_IB_20(asked, bakery, anna):
    CustomerTerms.objects.create(customer=bakery, maintained_by="third_party")
    ticket = asked()
    assert (ticket.state, ticket.call_backs.count()) == (State.AWAITING_ACCEPTANCE, 0)
    english(anna).post(
        reverse("ticket_move", args=[ticket.number]),
        {"move": "accept", "seen": ticket.messages.latest("pk").pk},
    )
    assert ticket.call_backs.count() == 1


def test_a_declined_request_is_never_called_about_IB_20(asked, bakery, anna):
    ticket = asked()
    english(anna).post(
        reverse("ticket_move", args=[ticket.number]),
        {"move": "decline", "because": "Geen tijd", "seen": ticket.messages.latest("pk").pk},
    )
    assert not ticket.call_backs.filter(standing="planned").exists()


def test_every_planned_call_leads_to_its_ticket_IB_21(asked, anna):
    ticket = asked()
    on = timezone.localtime(ticket.call_backs.get().planned_from).date().isoformat()
    page = english(anna).get(reverse("call_backs"), {"on": on}).content.decode()
    assert reverse("ticket", args=[ticket.number]) in page and f'href="tel:{PHONE}"' in page


def test_the_desk_follows_up_until_somebody_was_reached_IB_24(asked, anna, carla):
    ticket = asked()
    call_back = ticket.call_backs.get()
    for outcome in ("no_answer", "busy"):
        data = {"outcome": outcome, "submission": str(uuid4())}
        english(anna).post(reverse("call_tried", args=[call_back.pk]), data)
    ticket.refresh_from_db()
    assert ticket.state == State.NEW and ticket.due_at is not None
    done = {"outcome": "reached", "minutes": "7", "note": "Uitgelegd", "submission": str(uuid4())}
    english(anna).post(reverse("call_tried", args=[call_back.pk]), done)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.due_at) == (State.OPEN, None)
    assert TimeEntry.objects.get().minutes == 7
    page = page_of(carla, "my_ticket", ticket.number)
    assert "Time worked" in page and "Uitgelegd" in page


def test_a_customer_that_is_not_reached_three_times_reads_how_to_reach_us_IB_24(asked, anna, carla):
    call_back = asked().call_backs.get()
    for _time in range(3):
        data = {"outcome": "no_answer", "submission": str(uuid4())}
        english(anna).post(reverse("call_tried", args=[call_back.pk]), data)
    [sent] = OutboundMail.objects.filter(kind=OutboundKind.CALL_GIVEN_UP)
    assert sent.recipient == carla.email
    assert "3 keer" in sent.text


def test_a_consultant_phones_about_any_question_and_it_is_on_the_ticket_SW_18(softwear, carla, anna):
    ticket = actions.take_in(
        carla,
        Wish(Channel.MAIL),
        subject="Bonlayout",
        writing=Writing("Kan het logo groter?"),
        situation=at(softwear, timezone.now()),
    )
    offered = actions.offer(ticket, at(softwear, timezone.now()), owner=anna).moments[0]
    moment = f"{int(offered[0].timestamp())}-{int(offered[1].timestamp())}"
    english(anna).post(
        reverse("ticket_plan_call", args=[ticket.number]),
        {"moment": moment, "phone": "06 12 34 56 78", "owner": anna.pk, "submission": str(uuid4())},
    )
    assert "planned a call for" in page_of(anna, "ticket", ticket.number)


def test_time_that_is_not_shown_or_not_theirs_stays_hidden(asked, anna, carla):
    ticket, now = asked(), timezone.now()
    for note, is_visible in (("Zichtbaar werk", True), ("Verborgen werk", False)):
        actions.log_time(
            ticket,
            person=anna,
            started_at=now - timedelta(minutes=5),
            ended_at=now,
            note=note,
            is_visible=is_visible,
            now=now,
        )
    page = page_of(carla, "my_ticket", ticket.number)
    assert "Zichtbaar werk" in page and "Verborgen werk" not in page
    carla.may_see_money = False
    carla.save()
    assert "Zichtbaar werk" not in page_of(carla, "my_ticket", ticket.number)


def test_dario_and_eve_get_nothing_of_carlas_calls(asked, dario):
    ticket = asked()
    call_back = ticket.call_backs.get()
    planned = call_back.planned_from
    address = reverse("my_call_moment", args=[ticket.number, call_back.pk])
    assert browser_of(dario).post(address, {"moment": "1"}).status_code == 404
    assert browser_of(None).post(address, {"moment": "1"}).status_code == 302
    assert CallBack.objects.get().planned_from == planned


def test_a_call_of_another_ticket_is_not_found(asked, carla):
    one, other = asked(), asked()
    address = reverse("my_call_moment", args=[one.number, other.call_backs.get().pk])
    assert browser_of(carla).post(address, {"moment": "1"}).status_code == 404


def test_a_number_is_confirmed_with_the_code_that_the_desk_read_out_IB_02(infobits, sla8, carla, anna):
    number = phone_numbers.hand_in(carla, "020 229 29 29", label="", country="NL", now=timezone.now())
    shown = english(anna).post(reverse("number_code", args=[number.pk]))
    assert shown["Cache-Control"] == "no-store"
    code = re.search(r"(\d{3}) (\d{3})\s*</p>", shown.content.decode())
    assert code is not None
    address = reverse("my_number_code", args=[number.pk])
    wrong = english(carla).post(address, {"code": "000000" if code[1] != "000" else "111111"})
    assert wrong.status_code == 422 and "That is not the code." in wrong.content.decode()
    english(carla).post(address, {"code": code[1] + code[2]})
    assert owners_of(number.e164) == [sla8.pk]


def test_a_colleague_who_sees_only_its_own_confirms_no_number_IB_02(infobits, sla8, carla, anna):
    number = phone_numbers.hand_in(carla, "020 229 29 29", label="", country="NL", now=timezone.now())
    otto = contact("Otto", sla8, reach="own")
    assert browser_of(otto).post(reverse("my_number_code", args=[number.pk]), {}).status_code == 404


def test_an_agent_keeps_numbers_and_ranges_of_a_customer_IB_02(infobits, sla8, florist, anna):
    browser = english(anna)
    register = reverse("number_register", args=[sla8.pk])
    browser.post(register, {"number": "0031 20 123 45 67", "label": "winkel"})
    browser.post(reverse("number_register", args=[florist.pk]), {"number": "020 123 45 67"})
    page = page_of(anna, "customer", sla8.pk)
    assert "Also a number of" in page and str(florist) in page
    refused = browser.post(register, {"number": "020 BAKKER"})
    assert refused.status_code == 422 and "has letters in it" in refused.content.decode()
    ranges = reverse("range_register", args=[sla8.pk])
    browser.post(ranges, {"first": "020 229 29 00", "last": "020 229 29 99", "label": "centrale"})
    assert owners_of("+31202292942") == [sla8.pk]
    overlap = browser.post(ranges, {"first": "020 229 29 99", "last": "020 229 30 10"})
    assert overlap.status_code == 422 and "are in the range" in overlap.content.decode()
    number = PhoneNumber.objects.get(customer=sla8)
    gone = browser.post(reverse("number_take_off", args=[number.pk]), follow=True).content.decode()
    assert owners_of(number.e164) == [florist.pk] and f'value="{number.e164}"' in gone
    browser.post(register, {"number": number.e164, "label": number.label})
    assert owners_of(number.e164) == sorted([sla8.pk, florist.pk])
    taken = sla8.phone_ranges.get()
    browser.post(reverse("range_take_off", args=[taken.pk]))
    assert owners_of("+31202292942") == []
