"""The one place where a refusal of the rules becomes an answer to a person."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from balie.rules.refusals import NotAllowed, Refusal


def status_of(refusal: Refusal) -> int:
    """403 when this person may not, 422 when the situation does not allow it."""
    return 403 if isinstance(refusal, NotAllowed) else 422


class RefusalAnswers:
    """Show every refusal that a view let through, with its ways forward; HTMX gets it as a message."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if not request.headers.get("HX-Request"):
            return render(request, "refusal.html", {"refusal": exception}, status=status_of(exception))
        response = render(
            request, "refusal_message.html", {"refusal": exception}, status=status_of(exception)
        )
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
