"""Django behind ASGI, answered by a few lasting threads.

Django's own ASGI handler makes a thread for every request, and with it a connection to the database and all that
Django keeps by thread. That cost as much as a small page (docs/decisions/0014-lasting-threads.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import HttpResponseBase
from django.http.response import FileResponse
from django.urls import set_script_prefix

THREADS = 8
"""Requests at once in one process, and so its connections to the database; more wait their turn."""

FIRST_TEMPLATES = ("base.html", "components.html", "portal/start.html", "workspace/telephone.html")


class Pages(ASGIHandler):
    """The application for everything that Django answers. Views are plain functions, none is `async`."""

    def __init__(self, threads: int = THREADS) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    def load_middleware(self, is_async: bool = False) -> None:
        """Always the synchronous chain."""
        super().load_middleware(is_async=False)

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Mapping[str, Any]]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Answer one request. A body that is cut off halfway reaches no view."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        try:
            response = await self._in_a_thread(self._answer, scope, body)
            try:
                await self.send_response(response, send)
            finally:
                if response.streaming:
                    await self._in_a_thread(response.close)
        finally:
            body.close()

    def _answer(self, scope: MutableMapping[str, Any], body: Any) -> HttpResponseBase:
        """In a thread of ours: the whole response, or one whose parts are still to be read."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, trouble = self.create_request(scope, body)
        response = self.get_response(request) if request is not None else trouble
        assert response is not None
        response._handler_class = self.__class__  # type: ignore[attr-defined]
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()
        return response

    async def send_response(self, response: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        """Parts of a download are read in a thread too, one ahead of the network at most."""
        if response.streaming and not response.is_async:
            response = _InThreads(response, self._in_a_thread)
        await super().send_response(response, send)

    def _in_a_thread(self, work: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


class _InThreads:
    """A streaming response whose parts are read by `run`; else the response itself."""

    def __init__(self, response: Any, run: Callable[..., asyncio.Future[Any]]) -> None:
        self._response = response
        self._run = run

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)

    async def __aiter__(self) -> Any:
        parts: Iterator[bytes] = iter(self._response)
        while (part := await self._run(next, parts, None)) is not None:
            yield part


def application() -> Pages:
    """Set Django up and answer its handler."""
    django.setup(set_prefix=False)
    return Pages()


def warm_up() -> None:
    """Load what the first page needs and no database, while that still starts: addresses, templates, holidays."""
    from django.template import engines
    from django.urls import reverse
    from holidays import country_holidays

    reverse("start")
    for name in FIRST_TEMPLATES:
        engines["jinja2"].get_template(name)
    country_holidays("NL")
