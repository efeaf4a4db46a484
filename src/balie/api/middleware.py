"""What a telephone exchange calls is answered before all that only people's browsers need (decision 0031)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils import timezone

ADDRESSES = ("api_phone_route", "api_phone_events", "api_phone_prompts")
"""By their names. An exchange has a token: no session, no cookie, no language of its own, no messages, no pages."""


class ExchangesFirst:
    """Give such a request its moment, and let nothing else stand between: it finds the desk with its exchange."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = self._views.get(request.path_info)
        if view is None:
            return self.get_response(request)
        request.now = timezone.now()  # type: ignore[attr-defined]
        return view(request)

    @cached_property
    def _views(self) -> Mapping[str, Callable[[HttpRequest], HttpResponse]]:
        """The view at each of their addresses."""
        return {address: resolve(address).func for address in map(reverse, ADDRESSES)}
