"""How acceptance tests come in: by the login page, with the forms that the pages show, reading what people read."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse
from tests.cast import PASSWORD

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def words(html: str) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def log_in(email: str) -> Client:
    """A browser in English whose visitor typed address and password on the login page."""
    browser = Client()
    browser.cookies["django_language"] = "en"
    browser.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    return browser


def read(browser: Client, address: str) -> str:
    answer = browser.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def hidden_on(page: str) -> dict[str, str]:
    """What the forms of a page send along by themselves."""
    return dict(HIDDEN.findall(page))


def ask(browser: Client, *, topic: str, subject: str, text: str = "Wat kan ik doen?") -> str:
    """Fill in the form that the page shows, and read what comes after it."""
    hidden = hidden_on(read(browser, f"/my/ask/?topic={topic}"))
    answer = browser.post(
        "/my/ask/", {**hidden, "topic": topic, "subject": subject, "text": text}, follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()
