"""A real browser, and in it windows of people that complain about whatever goes wrong in a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from pytest_django import DjangoDbBlocker
from tests.journeys.serving import Served, served

from balie.accounts.models import User
from balie.customers.models import Contact

PATIENCE_MILLISECONDS = 30_000
# What htmx says of a request that the page itself breaks off, as when a draft is sent while it is being kept. A request
# that fails says more than these two.
BROKEN_OFF = ("htmx:afterRequest, ", "htmx:sendAbort, ")
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=375, height=740)

Window = Callable[..., Page]


@pytest.fixture(scope="module")
def preset(request: pytest.FixtureRequest) -> str:
    """Which desk is served; a module asks for others with `parametrize("preset", …, scope="module")`."""
    return str(getattr(request, "param", "infobits"))


@pytest.fixture(scope="module")
def with_worker() -> bool:
    return False


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; where there is none the test is left out, but not on a machine that checks everything."""
    path = shutil.which("chromium")
    if path is None and not os.environ.get("CI"):
        pytest.skip("There is no Chromium here: apt install chromium")
    assert path, "There is no Chromium here: apt install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def desk_served(
    preset: str,
    with_worker: bool,
    chromium: Browser,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Served]:
    """The desk of this module. Playwright keeps an event loop, in which Django refuses to work unless told to.

    The browser starts before it and stops after it: within an event loop Django keeps another connection than outside,
    and the one that was opened to this desk's database is to be closed before that is dropped.
    """
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as changes:
        changes.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with served(preset, with_worker=with_worker) as desk:
            yield desk


class Complaints(list[str]):
    """What a page said about itself that it should not have to say: errors, also of its content policy."""

    def listen_to(self, page: Page) -> None:
        page.on("console", lambda said: self.hear(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.append(str(error)))

    def hear(self, said: str) -> None:
        if not said.startswith(BROKEN_OFF):
            self.append(said)


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Empty at the end of every test, unless the test has looked and cleared it."""
    found = Complaints()
    yield found
    assert found == []


@pytest.fixture
def window(chromium: Browser, desk_served: Served, complaints: Complaints) -> Iterator[Window]:
    """Opens a browser window of its own for a person: `window(carla)`, in English unless told otherwise."""
    opened: list[BrowserContext] = []

    def open_for(person: User | Contact | None, *, language: str = "en", **options: Any) -> Page:
        context = chromium.new_context(
            base_url=desk_served.url,
            **{"viewport": WIDE, "reduced_motion": "reduce", "locale": language, **options},
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        opened.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if person is not None:
            cookies[settings.SESSION_COOKIE_NAME] = desk_served.session_of(person)
        context.add_cookies(
            [{"name": name, "value": value, "url": desk_served.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        complaints.listen_to(page)
        return page

    yield open_for
    for context in opened:
        context.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker("browser")
