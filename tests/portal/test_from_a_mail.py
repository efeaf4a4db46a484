"""From a mail to the ticket with one click: the login knows the address, and leads on to the page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.urls import reverse
from tests.cast import PASSWORD
from tests.portal.reading import visitor

from balie.customers import addressees
from balie.mail.models import OutboundMail

pytestmark = pytest.mark.usefixtures("friday_at_four")


def link_in_the_mail_about(ticket) -> str:
    """The page that the confirmation leads to, without the name of our server."""
    text = OutboundMail.objects.filter(ticket=ticket).latest("pk").text
    address = next(word for word in text.split() if reverse("my_ticket", args=[ticket.number]) in word)
    found = urlsplit(address)
    return f"{found.path}?{found.query}"


def test_the_link_leads_by_the_login_with_the_address_filled_in_to_the_ticket_SW_17(
    infobits, sla8, carla, asks
):
    ticket = asks(carla, infobits)
    browser = visitor(None)
    login = browser.get(link_in_the_mail_about(ticket))
    assert login.status_code == 302 and login.url.startswith(reverse("account_login"))
    page = browser.get(login.url).content.decode()
    assert f'value="{carla.email}"' in page
    after = parse_qs(urlsplit(login.url).query)["next"][0]
    sent = browser.post(login.url, {"login": carla.email, "password": PASSWORD, "next": after})
    assert sent.url == after
    assert ticket.subject in browser.get(sent.url).content.decode()


def test_who_is_logged_in_is_there_at_once(infobits, sla8, carla, asks):
    ticket = asks(carla, infobits)
    assert ticket.subject in visitor(carla).get(link_in_the_mail_about(ticket)).content.decode()


def test_the_link_opens_nothing_for_anybody_else(infobits, sla8, carla, dario, asks):
    link = link_in_the_mail_about(asks(carla, infobits))
    assert visitor(dario).get(link).status_code == 404
    assert visitor(None).get(link).status_code == 302


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("/my/", id="no seal at all"),
        pytest.param("/my/?to=", id="an empty one"),
        pytest.param("/my/?to=1", id="a key that nobody sealed"),
        pytest.param("/my/?to=" + signing.dumps(1, salt="other"), id="sealed for something else"),
        pytest.param("/my/?to=" + signing.dumps(10**9, salt=addressees.SALT), id="somebody who is not there"),
        pytest.param("https://[broken", id="no address"),
    ],
)
def test_without_a_seal_of_ours_no_address_is_told(infobits, carla, page):
    answer = visitor(None).get(reverse("account_login", query={"next": page}))
    assert answer.status_code == 200
    assert carla.email not in answer.content.decode()


def test_after_the_login_nobody_is_led_away_from_here(infobits, carla):
    page = reverse("account_login", query={"next": "https://elsewhere.example/"})
    answer = visitor(None).post(
        page, {"login": carla.email, "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert "elsewhere" not in answer.headers.get("Location", "")
