"""Balie with a keyboard only, in either language, in the dark, and on a phone."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from tests.cast import PASSWORD, agent, at, contact
from tests.journeys import asking
from tests.journeys.conftest import NARROW, PATIENCE_MILLISECONDS, Window
from tests.journeys.serving import Served

from balie.accounts.models import User
from balie.contracts.models import Licence, Product
from balie.customers.models import Contact, Customer
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Ticket

expect.set_options(timeout=PATIENCE_MILLISECONDS)
MOST_TABS = 60


@pytest.fixture(scope="module")
def carla(desk_served: Served) -> Contact:
    """With a plan that does not count the questions that these tests ask."""
    bakery = Customer.objects.create(number="K-1001", name="Bakkerij De Korenbloem")
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="infokasv3-l"))
    return contact("Carla", bakery)


@pytest.fixture(scope="module")
def anna(desk_served: Served) -> User:
    return agent("Anna")


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


LOOK = """element => [null, "::after"].map(part => {
    const style = getComputedStyle(element, part);
    return [style.outlineStyle, style.boxShadow, style.borderColor];
}).join()"""
"""What shows an eye where the focus is."""


def tab_to(page: Page, goal: Locator) -> None:
    """Press Tab until `goal` has the focus, and see that the eye can follow."""
    before = goal.evaluate(LOOK)
    for _press in range(MOST_TABS):
        if goal.evaluate("element => element === document.activeElement"):
            assert goal.evaluate(LOOK) != before, f"The focus on {goal} cannot be seen."
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} times Tab does not reach {goal}.")


def test_a_customer_logs_in_and_asks_with_the_keyboard_alone(window: Window, carla: Contact) -> None:
    page = window(None)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(carla.email)
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/my/helpdesk/$"))

    tab_to(page, page.get_by_role("main").get_by_role("link", name="Ask a question", exact=True).first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask a question")
    tab_to(page, page.locator("details.topic-branch > summary").first)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("details.topic-branch[open] input").first).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your question", level=2)).to_be_focused()
    tab_to(page, page.get_by_label("Your question in one line"))
    page.keyboard.type("Met het toetsenbord")
    tab_to(page, page.get_by_label("Your message"))
    page.keyboard.type("Zonder muis.")
    for title in ("How shall we help?", "What you may expect"):
        tab_to(page, page.get_by_role("button", name="Next"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=title, level=2)).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Send the question"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("has been sent")
    assert Ticket.objects.latest("pk").subject == "Met het toetsenbord"


def test_a_step_says_what_it_lacks_and_a_file_is_as_good_as_a_text(window: Window, carla: Contact) -> None:
    page = window(carla)
    page.goto("/my/ask/")
    asking.go_on(page)
    expect(page.get_by_text("Choose what it is about.")).to_be_visible()
    asking.choose_topic(page)
    asking.write(page, "Zonder bericht", "")
    asking.go_on(page)
    expect(page.get_by_text("tell more in the message or add a file")).to_be_visible()
    expect(page.get_by_label("Your message")).to_be_focused()
    page.get_by_label("Files").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"hoi"})
    expect(page.locator(".draft-file")).to_have_count(1)
    asking.go_on(page)
    expect(page.get_by_role("heading", name="How shall we help?", level=2)).to_be_focused()


def test_an_agent_answers_with_the_keyboard_alone(window: Window, anna: User, ticket: Ticket) -> None:
    page = window(anna)
    page.goto("/desk/")
    row = page.locator(f"#t-{ticket.number}")
    tab_to(page, row)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Answer", exact=True))
    page.keyboard.type("Ook zonder muis.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("on its way to Carla")


def test_the_language_changes_on_every_page_and_stays(window: Window, carla: Contact) -> None:
    page = window(None, language="nl")
    page.goto("/")
    expect(page.get_by_role("heading", name="Openingstijden", exact=True)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "nl"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Opening hours")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/account/login/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_role("heading", name="Inloggen")).to_be_visible()


def test_the_language_changes_where_somebody_is_reading(window: Window, carla: Contact) -> None:
    page = window(carla)
    page.goto("/my/ask/?topic=till-printer")
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stel een vraag")
    expect(page).to_have_url(re.compile(r"/my/ask/\?topic=till-printer$"))


def test_dark_is_chosen_once_and_stays_until_light_is_chosen(window: Window) -> None:
    page = window(None, color_scheme="light")
    page.goto("/")
    assert theme_of(page) == "light"
    page.get_by_role("button", name="Light or dark").click()
    assert theme_of(page) == "dark"
    page.goto("/account/login/")
    assert theme_of(page) == "dark"
    page.get_by_role("button", name="Light or dark").click()
    page.reload()
    assert theme_of(page) == "light"


def test_who_has_a_dark_system_gets_a_dark_page(window: Window) -> None:
    page = window(None, color_scheme="dark")
    page.goto("/")
    assert theme_of(page) == "dark"
    page.evaluate(
        "localStorage.setItem('theme', 'auto')"
    )  # what the administration keeps for whoever visits it
    page.reload()
    assert theme_of(page) == "dark"


def theme_of(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-bs-theme")


def test_on_a_phone_the_menu_opens_and_leads_on(window: Window, carla: Contact) -> None:
    page = window(carla, viewport=NARROW, has_touch=True)
    page.goto("/my/")
    link = page.get_by_role("navigation").get_by_role("link", name="Ask a question")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).tap()
    expect(link).to_be_visible()
    link.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask a question")


def test_what_an_agent_typed_survives_a_reload(window: Window, anna: User, ticket: Ticket) -> None:
    page = window(anna)
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.get_by_label("Answer", exact=True).fill("Een half antwoord")
    page.reload()
    expect(page.get_by_label("Answer", exact=True)).to_have_value("Een half antwoord")


def test_without_javascript_a_question_is_asked_all_the_same(window: Window, carla: Contact) -> None:
    page = window(carla, java_script_enabled=False)
    page.goto("/my/ask/")
    asking.choose_topic(page)
    asking.write(page, "Zonder script", "Kan dat?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("has been sent")
