"""Who comes in: agents. For a customer nothing of the workspace exists; Eve is asked to log in."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.workspace.conftest import browser_of

from balie.accounts.models import Agent
from balie.tickets.actions import Upload


@pytest.fixture
def addresses(ask):
    """Every address of the workspace, of a ticket of Carla's."""
    ticket = ask(uploads=(Upload("list.txt", "text/plain", b"one"),), html="<b>Nothing</b>")
    message = ticket.messages.get()
    key, number = message.attachments.get().pk, ticket.number
    gets = [
        reverse("queue"),
        reverse("find") + "?q=printer",
        reverse("customer", args=[ticket.customer_id]),
        reverse("new_ticket"),
        reverse("new_ticket") + f"?contact={ticket.contact_id}",
        reverse("new_ticket_terms", args=[ticket.contact_id]),
        reverse("ticket", args=[number]),
        reverse("ticket_changes", args=[number]),
        reverse("letter", args=[number, message.pk]),
        reverse("desk_attachment", args=[key]),
    ]
    posts = [
        reverse(name, args=[number])
        for name in ("ticket_reply", "ticket_note", "ticket_move", "ticket_assign")
    ]
    return gets, posts


def _name(address):
    from django.urls import resolve

    return resolve(address.split("?")[0]).url_name


def test_an_agent_sees_every_page(addresses, anna):
    gets, _posts = addresses
    browser = browser_of(anna)
    for address in gets:
        assert browser.get(address).status_code == 200, address


def test_carla_gets_nothing_of_the_workspace_not_even_her_own_ticket(addresses, carla):
    _gets_nothing(browser_of(carla), *addresses)


def test_dario_gets_nothing_of_the_workspace(addresses, dario):
    _gets_nothing(browser_of(dario), *addresses)


def test_an_agent_who_left_gets_nothing(addresses, ben):
    Agent.objects.filter(user=ben).update(is_active=False)
    _gets_nothing(browser_of(ben), *addresses)


def _gets_nothing(browser, gets, posts):
    for address in gets:
        assert browser.get(address).status_code == 404, address
        assert browser.post(address).status_code == 404, address
    for address in posts:
        assert browser.get(address).status_code == 404, address
        assert browser.post(address, {"move": "close", "reply-text": "x"}).status_code == 404, address


def test_eve_is_asked_to_log_in_and_comes_back(addresses):
    gets, posts = addresses
    for address in gets:
        response = browser_of(None).get(address)
        assert response.status_code == 302, address
        assert response.url.startswith(reverse("account_login"))
    for address in posts:
        response = browser_of(None).post(address, {"move": "close"})
        assert response.status_code == 302
        assert response.url == f"{reverse('account_login')}?next={reverse('queue')}"


def test_a_session_that_ended_takes_the_whole_page_to_the_login_and_back_to_the_ticket(ask):
    ticket = ask()
    page = f"http://testserver/desk/tickets/{ticket.number}/"
    response = browser_of(None).post(
        reverse("ticket_reply", args=[ticket.number]), headers={"HX-Request": "true", "HX-Current-URL": page}
    )
    assert response.headers["HX-Redirect"].endswith(f"?next=/desk/tickets/{ticket.number}/")


@pytest.mark.parametrize("name", ["ticket_reply", "ticket_note", "ticket_move", "ticket_assign"])
def test_the_address_of_a_form_opened_by_itself_leads_to_its_ticket(name, ask, anna):
    ticket = ask()
    response = browser_of(anna).get(reverse(name, args=[ticket.number]))
    assert response.url == reverse("ticket", args=[ticket.number])


def test_a_ticket_that_does_not_exist_is_not_found(anna, infobits):
    assert browser_of(anna).get(reverse("ticket", args=[999_999])).status_code == 404
