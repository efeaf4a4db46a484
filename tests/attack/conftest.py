"""What the attackers share: forms as the pages make them, and browsers that check the token against forgery."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from balie.accounts.models import User
from balie.customers.models import Contact

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')


def strict_browser_of(person: User | Contact | None) -> Client:
    """As a real browser: a form without its token is refused."""
    browser = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if person is not None:
        user = person.user if isinstance(person, Contact) else person
        assert user is not None
        browser.force_login(user)
    return browser


def hidden_fields(page: Any) -> dict[str, str]:
    """What the forms of a page send along by themselves; of a name that is there twice, the last."""
    return dict(HIDDEN.findall(page.content.decode()))


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run all in threads that begin together; answers what each returned."""
    start = Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        start.wait(30)
        try:
            results[place] = work()
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
