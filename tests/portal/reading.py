"""How the tests of the portal visit pages and read them."""

from __future__ import annotations

import re

from django.conf import settings
from django.test import Client
from tests.cast import browser_of

from balie.accounts.models import User
from balie.customers.models import Contact


def visitor(person: User | Contact | None) -> Client:
    """A browser in English, whatever the language of the login."""
    client = browser_of(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def words(html: str) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
