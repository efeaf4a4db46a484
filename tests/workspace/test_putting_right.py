"""An agent puts a ticket right: topic, urgency, where to call; and prints it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.cast import at
from tests.workspace.conftest import browser_of, page_of

from balie.audit.models import Entry
from balie.customers.models import Contact
from balie.mail.models import OutboundKind, OutboundMail
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions, clocks
from balie.tickets.actions import CallWish, Writing
from balie.tickets.models import CallRequest


def right(person, ticket, **fields):
    return browser_of(person).post(reverse("ticket_put_right", args=[ticket.number]), fields)


def page_for(person, ticket):
    return page_of(browser_of(person).get(reverse("ticket_put_right", args=[ticket.number])))


@pytest.fixture
def called_back(infobits, sla8, carla):
    now = timezone.now()
    return actions.open(
        carla,
        Wish(Channel.PORTAL, answer_mode=AnswerMode.CALLBACK, billing_mode=BillingMode.POSTPAID),
        subject="Bel mij",
        writing=Writing("Graag"),
        by=carla.user,
        situation=at(infobits, now),
        call=CallWish("+31612345678"),
    )


def test_the_topic_is_changed_on_the_record(anna, ask):
    ticket = ask()
    assert right(anna, ticket, topic="till").status_code == 302
    ticket.refresh_from_db()
    assert ticket.category.key == "till"
    assert Entry.objects.get(action="change_topic").data["topic"] == [None, "till"]
    page = page_of(browser_of(anna).get(reverse("ticket", args=[ticket.number])))
    assert "Anna changed the topic to “Till”" in page


def test_keeping_what_was_there_puts_nothing_on_the_record(anna, called_back):
    before = Entry.objects.count()
    assert right(anna, called_back, phone="06 12345678").status_code == 302
    assert Entry.objects.count() == before


def test_an_agent_makes_a_question_urgent_at_the_surcharge_of_now_IB_22(anna, ask, sla8):
    ticket = ask()
    due = ticket.due_at
    assert right(anna, ticket, urgency="raise").status_code == 302
    ticket.refresh_from_db()
    decision = clocks.decision_of(ticket)
    assert (ticket.urgent, ticket.queue_rank, ticket.due_at) == (True, 0, due)
    assert decision.surcharge is not None
    assert ticket.decision["wish"]["urgent"] is True
    assert Entry.objects.get(action="raise_urgency").actor_id == anna.pk


@pytest.mark.parametrize(
    ("sees_money", "told"), [(True, "a surcharge of 50% on the rate."), (False, "at a surcharge.")]
)
def test_the_customer_is_told_what_urgent_costs_and_how_to_take_it_back_IB_22(
    anna, ask, sla8, carla, sees_money, told
):
    Contact.objects.filter(pk=carla.pk).update(may_see_money=sees_money, language="en")
    ticket = ask()
    right(anna, ticket, urgency="raise")
    right(anna, ticket, urgency="raise")  # is urgent already: nothing new to tell
    sent = OutboundMail.objects.get(kind=OutboundKind.URGENT)
    assert sent.recipient == carla.email
    assert told in sent.text
    assert "take the urgency back" in sent.text and reverse("my_ticket", args=[ticket.number]) in sent.text


def test_with_SLA24_nobody_is_told_of_an_urgency_that_was_refused_IB_11(anna, ask):
    right(anna, ask(), urgency="raise")
    assert not OutboundMail.objects.filter(kind=OutboundKind.URGENT).exists()


def test_with_SLA24_nothing_becomes_urgent_and_nothing_else_is_kept_IB_11(anna, ask):
    ticket = ask()
    response = right(anna, ticket, topic="till", urgency="raise")
    assert response.status_code == 422
    assert "An urgent question is not possible with SLA24" in page_of(response)
    ticket.refresh_from_db()
    assert (ticket.urgent, ticket.category) == (False, None)


def test_an_agent_takes_urgency_back_before_the_work_begins_IB_22(anna, ask, sla8):
    ticket = ask(urgent=True)
    assert 'value="drop"' in page_for(anna, ticket)
    right(anna, ticket, urgency="drop")
    ticket.refresh_from_db()
    assert not ticket.urgent
    assert Entry.objects.get(action="drop_urgency").actor_id == anna.pk


def test_the_customer_is_told_that_we_took_urgency_back_and_when_it_has_its_answer_IB_22(
    anna, ask, sla8, carla
):
    Contact.objects.filter(pk=carla.pk).update(language="en")
    ticket = ask(urgent=True)
    right(anna, ticket, urgency="drop")
    right(anna, ticket, urgency="drop")  # is calm already: nothing new to tell
    sent = OutboundMail.objects.get(kind=OutboundKind.NOT_URGENT)
    assert sent.recipient == carla.email
    assert "waits its turn, and costs no surcharge" in sent.text
    assert "You can expect our answer before" in sent.text


def test_who_takes_its_own_urgency_back_gets_no_mail_about_it_IB_22(infobits, ask, sla8, carla):
    actions.drop_urgency(ask(urgent=True), by=carla, situation=at(infobits, timezone.now()))
    assert not OutboundMail.objects.filter(kind=OutboundKind.NOT_URGENT).exists()


def test_another_number_is_kept_and_the_times_stay_IB_24(anna, called_back):
    call = CallRequest.objects.get(ticket=called_back)
    later = timezone.now()
    call.preferred_times.create(starts_at=later, ends_at=later + timezone.timedelta(hours=1))
    assert right(anna, called_back, phone="020 123 45 67").status_code == 302
    call = CallRequest.objects.get(ticket=called_back)
    assert (call.phone, call.preferred_times.count()) == ("+31201234567", 1)


def test_other_times_replace_those_that_were_there_IB_24(anna, called_back):
    offered = re.search(r'name="times" value="([0-9-]+)"', page_for(anna, called_back))[1]
    right(anna, called_back, phone="06 12345678", times=[offered])
    assert CallRequest.objects.get(ticket=called_back).preferred_times.count() == 1


def test_a_call_back_keeps_a_number(anna, called_back):
    assert right(anna, called_back, phone="").status_code == 422
    assert CallRequest.objects.get(ticket=called_back).phone == "+31612345678"


def test_paper_has_the_conversation_and_notes_only_when_asked_for(anna, ask, infobits):
    ticket = ask(text="Nothing comes out.")
    situation = at(infobits, timezone.now())
    actions.note(ticket, writing=Writing("She is cross."), by=anna, situation=situation)
    address = reverse("ticket_print", args=[ticket.number])
    paper = page_of(browser_of(anna).get(address))
    assert "Nothing comes out." in paper and "She is cross." not in paper
    assert "She is cross." in page_of(browser_of(anna).get(address, {"notes": "1"}))
    assert address in page_of(browser_of(anna).get(reverse("ticket", args=[ticket.number])))


def test_only_agents_put_right_and_print(carla, dario, ask):
    ticket = ask()
    for somebody in (carla, dario):
        assert right(somebody, ticket, topic="till").status_code == 404
        assert browser_of(somebody).get(reverse("ticket_print", args=[ticket.number])).status_code == 404
    ticket.refresh_from_db()
    assert ticket.category is None
