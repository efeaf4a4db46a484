"""The main job, in real browsers on the real server: a customer asks, an agent answers, the customer sees it."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.cast import PASSWORD, agent, at, contact
from tests.journeys import asking
from tests.journeys.conftest import PATIENCE_MILLISECONDS, Window
from tests.journeys.serving import Served

from balie.accounts.models import Role, User
from balie.contracts.models import Licence, Product
from balie.customers.models import Contact, Customer
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Ticket

pytestmark = pytest.mark.parametrize("preset", ["infobits", "softwear"], indirect=True, scope="module")
expect.set_options(timeout=PATIENCE_MILLISECONDS)

PROMISES = {"infobits": "You have our response at the latest on", "softwear": "No response time is promised."}


@pytest.fixture(scope="module")
def with_worker() -> bool:
    return True


@pytest.fixture(scope="module")
def carla(desk_served: Served) -> Contact:
    bakery = Customer.objects.create(number="K-1001", name="Bakkerij De Korenbloem")
    for product in Product.objects.filter(includes_plan__key="SLA8")[:1]:
        Licence.objects.create(customer=bakery, product=product)
    return contact("Carla", bakery)


@pytest.fixture(scope="module")
def anna(desk_served: Served) -> User:
    return agent("Anna")


@pytest.fixture(scope="module")
def willem(desk_served: Served) -> User:
    return agent("Willem", role=Role.ADMINISTRATOR)


@pytest.fixture
def ticket(desk_served: Served, carla: Contact) -> Ticket:
    """A question that Carla asked a moment ago."""
    return actions.take_in(
        carla,
        Wish(Channel.PORTAL),
        subject="Scanner leest niet",
        writing=Writing(text="Er gebeurt niets."),
        situation=at(desk_served.desk, timezone.now()),
    )


def log_in(page: Page, email: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()


def reload_until_gone(page: Page, text: str) -> None:
    for _attempt in range(60):
        if text not in page.get_by_role("main").inner_text():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"The page still says “{text}”.")


def test_a_question_is_asked_answered_and_seen_without_anybody_reloading_a_page_SW_19(
    window: Window, preset: str, carla: Contact, anna: User, willem: User
) -> None:
    desk = window(anna)
    desk.goto("/desk/")
    expect(desk.locator(".live-on")).to_be_visible()
    desk.evaluate("window.isStillTheSamePage = true")

    shop = window(None)
    log_in(shop, carla.email)
    expect(shop).to_have_url(re.compile("/my/helpdesk/$"))
    shop.get_by_role("main").get_by_role("link", name="Ask a question", exact=True).first.click()
    asking.choose_topic(shop)
    asking.write(shop, "Bonprinter print niet", "Sinds vanochtend komt er niets meer uit.")
    asking.go_on(shop)
    asking.go_on(shop)
    expect(shop.locator("#terms")).to_contain_text(PROMISES[preset])
    asking.send(shop)
    ticket = Ticket.objects.latest("pk")

    row = desk.locator(".ticket-row", has_text="Bonprinter print niet")
    expect(row).to_be_visible()
    assert desk.evaluate("window.isStillTheSamePage")
    row.get_by_role("link").click()
    expect(desk.get_by_text("Sinds vanochtend komt er niets meer uit.")).to_be_visible()

    shop.get_by_role("link", name="Open the question").click()
    expect(shop.locator("#conversation")).to_contain_text("Sinds vanochtend")
    shop.evaluate("window.isStillTheSamePage = true")
    shop.get_by_label("Your message").fill("Ik begin vast aan een tweede bericht")

    desk.get_by_label("Answer", exact=True).fill("Zet de printer uit en weer aan.")
    desk.get_by_role("button", name="Send, and wait for the customer").click()
    expect(desk.locator("#messages")).to_contain_text("on its way to Carla")

    expect(shop.locator("#conversation")).to_contain_text("Zet de printer uit en weer aan.")
    expect(shop.locator("#conversation")).to_contain_text("waiting for you")
    assert shop.evaluate("window.isStillTheSamePage")
    expect(shop.get_by_label("Your message")).to_have_value("Ik begin vast aan een tweede bericht")

    shop.get_by_role("button", name="Send the reply").click()
    expect(desk.locator("#conversation")).to_contain_text("Ik begin vast aan een tweede bericht")

    folder = window(willem)
    folder.goto("/desk/mail/")
    mails = folder.locator("main li", has_text=f"#{ticket.number}")
    to_carla = mails.filter(has_text="carla@shop.example")
    expect(to_carla).to_have_count(3)
    for position, kind in enumerate(("change of state", "answer", "confirmation")):
        expect(to_carla.nth(position)).to_contain_text(kind)
    reload_until_gone(folder, "on its way")  # the worker takes them one by one


def test_who_is_typing_an_answer_sees_that_a_colleague_answered_and_loses_nothing(
    window: Window, ticket: Ticket, anna: User, willem: User
) -> None:
    hers, his = window(anna), window(willem)
    for page in (hers, his):
        page.goto(f"/desk/tickets/{ticket.number}/")
        expect(page.locator(".live-on")).to_be_visible()
    his.get_by_label("Answer", exact=True).fill("Ik ben er mee bezig")
    hers.get_by_label("Answer", exact=True).fill("Ik ook")
    hers.get_by_role("button", name="Send answer").click()
    expect(his.locator("#unseen")).to_contain_text("Anna wrote while this page was open.")
    expect(his.get_by_label("Answer", exact=True)).to_have_value("Ik ben er mee bezig")
