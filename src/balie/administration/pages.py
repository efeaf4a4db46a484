"""A screen of ours inside Django's administration: its header, its messages, its look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.response import TemplateResponse

Trail = Sequence[tuple[str, str]]
"""The way to a page: address and words of each step, without the start of the administration."""


def page(
    request: HttpRequest, template: str, title: str, *, trail: Trail = (), status: int = 200, **context: Any
) -> TemplateResponse:
    """Answer with `administration/{template}`; a request by HTMX gets the same page and picks its part."""
    shell = admin.site.each_context(request)
    return TemplateResponse(
        request,
        f"administration/{template}",
        {**shell, "title": title, "trail": trail, **context},
        status=status,
    )


def unsay(request: HttpRequest) -> None:
    """Take back what was to be said about a change that was not made after all."""
    messages.get_messages(request)._queued_messages.clear()  # type: ignore[union-attr]
