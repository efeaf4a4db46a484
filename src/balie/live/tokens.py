"""What a page may listen to, signed, so that the stream needs no login of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing

SALT = "balie.live"
VALID_SECONDS = 24 * 3600


def token_for(topics: Iterable[str]) -> str:
    """A token for the address `/live/?token=…` that lets its bearer hear of these topics for a day.

    The page that hands it out has checked that the person may see them. A page that stays open longer gets 403 on its
    next reconnection and must be loaded again.
    """
    return signing.dumps(sorted(set(topics)), salt=SALT, compress=True)


def topics_in(token: str) -> frozenset[str] | None:
    """The topics of a token, or `None` when it is forged, damaged or too old."""
    try:
        return frozenset(signing.loads(token, salt=SALT, max_age=VALID_SECONDS))
    except signing.BadSignature:
        return None
