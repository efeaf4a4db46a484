"""How journeys ask a question: step by step, as a person does."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def choose_topic(page: Page, *, group: int = 0) -> None:
    """Open a group of topics, unless a draft has it open, and tap its first card; the next step opens by itself."""
    branch = page.locator("details.topic-branch").nth(group)
    if branch.get_attribute("open") is None:
        branch.locator("summary").click()
    branch.locator(".topic-card").first.click()


def write(page: Page, subject: str, text: str) -> None:
    """Fill in the question."""
    page.get_by_label("Your question in one line").fill(subject)
    page.get_by_label("Your message").fill(text)


def go_on(page: Page) -> None:
    """To the next step."""
    page.get_by_role("button", name="Next").click()


def send(page: Page) -> None:
    """Send it and wait for the confirmation."""
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("has been sent")


def mode(page: Page, value: str) -> Locator:
    """The way of being helped: `site`, `callback` or `anydesk`."""
    return page.locator(f"input[name=answer_mode][value={value}]")
