"""The agent sees when today's decision would differ from the one that the ticket keeps."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.cast import at
from tests.workspace.conftest import browser_of, page_of

from balie.contracts.models import CustomerTerms, KindPrice, Licence
from balie.desk.models import Desk
from balie.rules.wishes import AnswerMode
from balie.tickets.models import Category, Ticket
from balie.workspace.today import today_of

TITLE = "Today this would be otherwise"


def panel_of(person, ticket: Ticket) -> str:
    page = page_of(browser_of(person).get(reverse("ticket", args=[ticket.number])))
    return page.split('id="panel"')[1]


def said(ticket: Ticket, desk) -> list[str]:
    found = today_of(Ticket.objects.get(pk=ticket.pk), at(desk))
    return [each.render() for each in found.differences] if found else []


def test_a_licence_that_ended_since_changes_what_would_be_decided_but_not_the_ticket(
    ask, anna, sla8, infobits
):
    ticket = ask()
    assert TITLE not in panel_of(anna, ticket)
    Licence.objects.all().delete()
    panel = panel_of(anna, ticket)
    assert TITLE in panel
    assert "The plan would be SLA24." in panel
    assert "It would be free." in panel
    assert "The response would come within 24 working hours, in the hours of Helpdesk." in panel
    assert "SLA24 is for every customer without another plan." in panel
    assert "8 working hours" in panel.split(TITLE)[0], "the promise stays as it was made"


def test_the_quota_that_the_ticket_itself_used_is_no_difference_IB_10(ask, infobits):
    tickets = [ask(f"Vraag {number}") for number in (1, 2)]
    assert [said(ticket, infobits) for ticket in tickets] == [[], []]


def test_a_booked_payment_is_no_difference_IB_19(ask, bakery, sla8, infobits):
    ticket = ask(mode=AnswerMode.CALLBACK)
    CustomerTerms.objects.create(customer=bakery, prepaid_minutes=60)
    assert said(ticket, infobits) == []


def test_a_contract_that_came_since_is_said(ask, bakery, support_contract, infobits):
    support_contract.delete()
    ticket = ask(mode=AnswerMode.CALLBACK)
    support_contract.save()
    assert said(ticket, infobits) == [
        "It would be covered by the contract.",
        "The response would come within 24 working hours, in the hours of Contract zone 1.",
    ]


def test_another_topic_may_have_another_price_SW_12(ask, infobits):
    ticket = ask()
    KindPrice.objects.create(kind="research", price="actual_time")
    Ticket.objects.update(category=Category.objects.get(key="reports"))
    assert said(ticket, Desk.objects.get()) == ["It would be billed by the time that it takes."]


@pytest.mark.parametrize("state", ["closed", "withdrawn", "declined"])
def test_of_a_ticket_that_has_ended_nothing_is_said(state, ask, sla8, infobits):
    ticket = ask()
    Licence.objects.all().delete()
    Ticket.objects.update(state=state)
    assert said(ticket, infobits) == []


def test_of_a_sender_whom_nobody_has_placed_nothing_is_said(ask, sla8, infobits):
    ticket = ask()
    Ticket.objects.update(customer=None)
    assert said(ticket, infobits) == []


def test_what_was_kept_over_the_quota_is_not_decided_again_IB_10(ask, infobits, carla):
    ticket = ask()
    refused = dict(ticket.decision["decision"]) | {
        "allowed": False,
        "refusal": {"message": "No.", "values": {}, "rule": "IB-10", "setting": None},
    }
    Ticket.objects.update(decision=ticket.decision | {"decision": refused})
    assert said(ticket, infobits) == []
