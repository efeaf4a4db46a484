"""The bare ASGI app, driven as a web server drives it, on a real database."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from balie import live
from balie.config.asgi import connect_parameters
from balie.live import hub as hubs
from balie.live import stream
from balie.live.models import LiveEvent

pytestmark = pytest.mark.django_db(transaction=True)

Headers = list[tuple[bytes, bytes]]


class Browser:
    """One EventSource: what it was sent, in order."""

    def __init__(self) -> None:
        self.status = 0
        self.is_ended = False
        self.text = ""
        self.away = asyncio.Event()
        self._changed = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.text += message["body"].decode()
            self.is_ended = not message.get("more_body", False)
        self._changed.set()

    async def receive(self) -> dict[str, str]:
        await self.away.wait()
        return {"type": "http.disconnect"}

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not reached():
                self._changed.clear()
                await self._changed.wait()

    @property
    def events(self) -> list[tuple[str, Any]]:
        parts = [
            dict(line.split(": ", 1) for line in part.splitlines() if ": " in line)
            for part in self.text.split("\n\n")
        ]
        return [(part["event"], json.loads(part["data"])) for part in parts if "event" in part]

    @property
    def last_id(self) -> str:
        return [line for line in self.text.splitlines() if line.startswith("id: ")][-1].removeprefix("id: ")


@contextlib.asynccontextmanager
async def open_stream(app: stream.LiveUpdates, token: str, headers: Headers = []) -> AsyncIterator[Browser]:  # noqa: B006
    browser = Browser()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/live/",
        "headers": headers,
        "query_string": f"token={token}".encode(),
    }
    task = asyncio.create_task(app(scope, browser.receive, browser.send))
    await browser.until(lambda: browser.status != 0)
    if browser.status == 200:
        await browser.until(lambda: "retry:" in browser.text)
    yield browser
    browser.away.set()
    async with asyncio.timeout(5):
        await task


def app(**options: Any) -> stream.LiveUpdates:
    return stream.LiveUpdates(connect_parameters, **options)


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(story())  # type: ignore[arg-type]


def publish(topic: str, data: dict[str, Any]) -> None:
    live.publish(topic, data=data)


async def in_django(do: Callable[..., Any], *arguments: Any) -> Any:
    def call() -> Any:
        try:
            return do(*arguments)
        finally:
            connection.close()

    return await asyncio.to_thread(call)


def test_a_screen_hears_of_a_change_to_what_it_shows_and_of_nothing_else() -> None:
    async def story() -> None:
        updates = app()
        async with open_stream(updates, live.token_for(["ticket-7"])) as browser:
            await in_django(publish, "ticket-8", {"ticket": 8})
            await in_django(publish, "ticket-7", {"ticket": 7})
            await browser.until(lambda: bool(browser.events))
            assert browser.events == [("ticket-7", {"ticket": 7})]
        updates.close()

    run(story)


def test_nobody_hears_of_a_change_before_it_is_committed_or_when_it_is_rolled_back() -> None:
    def change_mind() -> None:
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            live.publish("queue", data={"n": 1})
            raise ZeroDivisionError

    async def story() -> None:
        updates = app()
        async with open_stream(updates, live.token_for(["queue"])) as browser:
            await in_django(change_mind)
            await in_django(publish, "queue", {"n": 2})
            await browser.until(lambda: bool(browser.events))
            assert browser.events == [("queue", {"n": 2})]
        updates.close()

    run(story)


def test_a_screen_that_reconnects_hears_what_it_missed() -> None:
    async def story() -> None:
        updates, token = app(), live.token_for(["queue"])
        async with open_stream(updates, token) as browser:
            await in_django(publish, "queue", {"n": 1})
            await browser.until(lambda: bool(browser.events))
        await in_django(publish, "queue", {"n": 2})
        await in_django(publish, "queue", {"n": 3})
        last = [(b"last-event-id", browser.last_id.encode())]
        async with open_stream(updates, token, last) as again:
            await again.until(lambda: ("queue", {"n": 3}) in again.events)
            assert list(dict.fromkeys(data["n"] for _, data in again.events))[-2:] == [2, 3]
        updates.close()

    run(story)


def test_an_event_that_was_committed_late_under_an_earlier_number_is_not_missed() -> None:
    async def story() -> None:
        updates, token = app(), live.token_for(["queue"])
        slow = await psycopg.AsyncConnection.connect(**connect_parameters())
        await slow.execute("INSERT INTO live_event (topic, data) VALUES ('queue', '{\"n\": \"late\"}')")
        async with open_stream(updates, token) as browser:
            await in_django(publish, "queue", {"n": "early"})
            await browser.until(lambda: bool(browser.events))
        await slow.commit()
        await slow.close()
        async with open_stream(updates, token, [(b"last-event-id", browser.last_id.encode())]) as again:
            await again.until(lambda: ("queue", {"n": "late"}) in again.events)
        updates.close()

    run(story)


def test_what_was_committed_between_the_page_and_its_first_connection_is_heard() -> None:
    async def story() -> None:
        updates, token = app(), live.token_for(["queue"])
        await in_django(publish, "queue", {"n": 1})
        async with open_stream(updates, token) as browser:
            await browser.until(lambda: browser.events == [("queue", {"n": 1})])
        updates.close()

    run(story)


def test_a_screen_that_missed_too_much_is_told_to_load_its_page_again() -> None:
    def publish_many() -> None:
        LiveEvent.objects.bulk_create(LiveEvent(topic="queue") for _ in range(hubs.LONGEST_REPLAY + 1))

    async def story() -> None:
        updates = app()
        await in_django(publish_many)
        async with open_stream(updates, live.token_for(["queue"]), [(b"last-event-id", b"0")]) as browser:
            await browser.until(lambda: bool(browser.events))
            assert browser.events == [("reload", {})]
        updates.close()

    run(story)


def test_a_screen_that_was_away_for_longer_than_events_are_kept_loads_its_page_anew() -> None:
    def forget() -> None:
        for n in range(3):
            live.publish("other", data={"n": n})
        LiveEvent.objects.all().delete()

    async def story() -> None:
        updates = app()
        await in_django(forget)
        async with open_stream(updates, live.token_for(["queue"]), [(b"last-event-id", b"1")]) as browser:
            await browser.until(lambda: bool(browser.events))
            assert browser.events == [("reload", {})]
        updates.close()

    run(story)


def test_a_screen_that_is_too_slow_is_dropped_and_the_others_go_on() -> None:
    def flood() -> None:
        for n in range(hubs.LONGEST_QUEUE + 20):
            live.publish("queue", data={"n": n})

    async def story() -> None:
        updates, token = app(), live.token_for(["queue"])
        async with open_stream(updates, token) as slow, open_stream(updates, token) as fast:
            slow.reads.clear()
            await in_django(flood)
            await fast.until(lambda: len(fast.events) == hubs.LONGEST_QUEUE + 20)
            assert len(slow.events) == 0
            slow.reads.set()
            await slow.until(lambda: slow.is_ended)
        assert not updates.hub().listeners
        updates.close()

    run(story)


def test_a_quiet_stream_sends_a_heartbeat() -> None:
    async def story() -> None:
        updates = app(heartbeat=0.05)
        async with open_stream(updates, live.token_for(["queue"])) as browser:
            await browser.until(lambda: browser.text.count(":\n\n") >= 2)
        updates.close()

    run(story)


def test_a_lost_database_connection_is_made_again_and_what_came_meanwhile_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hubs, "RECONNECT_SECONDS", 0.3)

    def cut_and_publish() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%'"
            )
        live.publish("queue", data={"n": 2})

    async def story() -> None:
        updates = app()
        async with open_stream(updates, live.token_for(["queue"])) as browser:
            await in_django(publish, "queue", {"n": 1})
            await browser.until(lambda: bool(browser.events))
            await in_django(cut_and_publish)
            await browser.until(lambda: ("queue", {"n": 2}) in browser.events)
        updates.close()

    run(story)


def test_streams_end_when_the_process_closes() -> None:
    async def story() -> None:
        updates = app()
        async with open_stream(updates, live.token_for(["queue"])) as browser:
            updates.close()
            await browser.until(lambda: browser.is_ended)
        async with open_stream(updates, live.token_for(["queue"])) as late:
            assert late.status == 503

    run(story)


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("", "none"),
        ("nonsense", "not signed"),
        ("WyJ4Il0:1abc:forged", "signed by somebody else"),
    ],
)
def test_without_a_valid_token_there_is_no_stream(token: str, why: str) -> None:
    async def story() -> None:
        async with open_stream(app(), token) as browser:
            assert browser.status == 403, why

    run(story)


def test_an_old_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    token = live.token_for(["queue"])
    monkeypatch.setattr("balie.live.tokens.VALID_SECONDS", -1)

    async def story() -> None:
        async with open_stream(app(), token) as browser:
            assert browser.status == 403

    run(story)
