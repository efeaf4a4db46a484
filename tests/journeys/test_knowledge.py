"""The help site in a browser: results while somebody types, an article in an answer with one click, the preview."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.cast import agent, at, contact
from tests.journeys.conftest import Window
from tests.journeys.serving import Served

from balie.accounts.models import User
from balie.config.demo import articles
from balie.customers.models import Contact, Customer
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing


@pytest.fixture(scope="module")
def people(desk_served: Served) -> tuple[User, Contact]:
    anna = agent("Anna")
    carla = contact("Carla", Customer.objects.create(number="K-1001", name="Bakkerij De Korenbloem"))
    articles.write(now=timezone.now())
    return anna, carla


def test_results_come_while_somebody_types_and_lead_to_the_article_SW_08(
    people: tuple[User, Contact], window: Window
) -> None:
    page = window(None)
    page.goto("/help/")
    page.locator("#q").press_sequentially("bonpriter", delay=20)
    found = page.locator("#found").get_by_role("link", name="Bonprinter print niet")
    found.wait_for()
    assert page.url.endswith("/help/?q=bonpriter"), "the address can be passed on"
    found.click()
    page.get_by_role("heading", name="Bonprinter print niet").wait_for()
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_label("What was missing").fill("Mijn printer staat er niet bij")
    page.locator("#useful").get_by_role("button", name="Send").click()
    page.get_by_text("We read this when we work on the article.").wait_for()


def test_an_article_goes_into_the_answer_with_one_click_SW_08(
    people: tuple[User, Contact], desk_served: Served, window: Window
) -> None:
    anna, carla = people
    ticket = actions.open(
        carla,
        Wish(Channel.PORTAL),
        subject="De kassalde gaat niet open",
        writing=Writing(text="Help!"),
        by=carla.user,
        situation=at(desk_served.desk, timezone.now()),
    )
    page = window(anna)
    page.goto(f"/desk/tickets/{ticket.number}/")
    answer = page.locator("#id_reply-text")
    answer.fill("Dag Carla,")
    card = page.locator("#ticket-articles")
    link = card.locator("a[data-insert^='De kassalade']").first
    link.click()
    expect(answer).to_have_value(f"Dag Carla,\n{link.get_attribute('data-insert')}\n")
    card.get_by_role("button", name="With its text").first.click()
    assert "Open de lade met de sleutel" in answer.input_value()
    page.get_by_placeholder("Other words").fill("etiketten")
    card.get_by_role("link", name="Etiketten afdrukken").first.wait_for()


def test_the_preview_follows_the_writer(people: tuple[User, Contact], window: Window) -> None:
    page = window(people[0])
    page.goto("/desk/articles/new/")
    page.locator("#id_text").fill("## Eerst dit\n\n1. Zet **uit**")
    page.locator("#preview h2", has_text="Eerst dit").wait_for()
    assert page.locator("#preview li strong").inner_text() == "uit"
