"""Limits against trying by the thousand, counted in the cache that all processes share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse

LIMITS: Mapping[str, str] = MappingProxyType(
    {
        "claim": "5/h/ip,10/d/ip",
        "claim_address": "3/d/key",
        "claim_link": "30/m/ip",
        "invite": "20/h/user",
        "join": "30/m/ip",
    }
)
"""How often something may be done: by one visitor's address (`ip`), one login (`user`), or about one thing (`key`)."""


def refused(request: HttpRequest, action: str, *, key: str | None = None) -> HttpResponse | None:
    """The answer 429 when this was done too often; looking at a page is not counted."""
    answer: HttpResponse | None = ratelimit.consume_or_429(
        request, action=action, config=dict(LIMITS), key=key
    )
    return answer
