"""What a page may listen to, signed, so that the stream needs no login of its own."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing

SALT = "balie.live"
VALID_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Token:
    """The topics that its bearer may hear of, and when (epoch seconds) the page that holds it was made."""

    topics: frozenset[str]
    issued_at: float


def token_for(topics: Iterable[str]) -> str:
    """A token for the address `/live/?token=…` that lets its bearer hear of these topics for a day.

    The page that hands it out has checked that the person may see them. A page that stays open longer gets 403 on its
    next reconnection and must be loaded again. The first connection also hears what was committed since the token was
    made, so nothing is lost between the page and its stream.
    """
    return signing.dumps([round(time.time(), 3), *sorted(set(topics))], salt=SALT, compress=True)


def read_token(text: str) -> Token | None:
    """What a token holds, or `None` when it is forged, damaged or too old."""
    try:
        issued_at, *topics = signing.loads(text, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return None
    return Token(frozenset(topics), issued_at)
