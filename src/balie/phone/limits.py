"""Limits against trying numbers by the thousand (docs/security.md).

What is limited is how many *new* numbers an exchange asks about, and how often it asks about one. A number that phoned
before, and a desk whose answer does not depend on the number, are never limited by the first. Nothing is counted by
walking a table: new numbers are a store that fills by itself, those of one caller are read by index.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from balie.phone.models import NEW_NUMBERS_AT_ONCE, Exchange
from balie.prepared import ask
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

NEW_NUMBERS_AN_HOUR = 120
"""What comes back into the store. A desk hears fewer strangers; who scans a mobile range needs 90 years for it."""
MOST_OF_ONE = 1000
WITHIN = timedelta(minutes=10)
"""How often one number may call: a chain with a hundred shops behind one number passes, a machine that redials not."""


class TooMany(Refusal):
    """The exchange asks too much. `retry_after`: seconds until it makes sense to ask about this call again."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message)


def values(*, counts_new: bool, now: datetime) -> dict[str, Any]:
    """What `PASSING` needs beside the columns of the call.

    `counts_new`: the answer depends on who registered the number, so that a new number is worth trying.
    """
    return {
        "since": now - WITHIN,
        "most_of_one": MOST_OF_ONE,
        "counts_new": counts_new,
        "now": now,
        "most_new": NEW_NUMBERS_AT_ONCE,
        "a_second": NEW_NUMBERS_AN_HOUR / 3600,
    }


def _passing(spoken_of: str) -> str:
    return f"""
    spoken AS ({spoken_of}), caller AS (
        SELECT %(counts_new)s AND %(caller)s <> '' AND NOT (SELECT before FROM spoken) AND NOT EXISTS (
            SELECT FROM phone_call WHERE caller = %(caller)s AND caller <> '' AND action <> ''
        ) AS is_new
    ), store AS (
        SELECT id, least(%(most_new)s::float8, new_numbers_left + %(a_second)s::float8 * greatest(
            0, extract(epoch FROM %(now)s::timestamptz - coalesce(new_numbers_at, made_at))::float8
        )) AS there
        FROM phone_exchange WHERE id = %(exchange_id)s AND (SELECT is_new FROM caller) FOR NO KEY UPDATE
    ), taken AS (
        UPDATE phone_exchange SET new_numbers_left = there - 1, new_numbers_at = %(now)s
        FROM store WHERE phone_exchange.id = store.id AND there >= 1
        RETURNING 1
    ), passing AS (
        SELECT (SELECT before FROM spoken) AS is_spoken_of,
               (SELECT count(*) FROM (
                   SELECT FROM phone_call WHERE caller = %(caller)s AND caller <> '' AND began_at > %(since)s
                   LIMIT %(most_of_one)s
               ) AS lately) < %(most_of_one)s AS is_seldom,
               NOT (SELECT is_new FROM caller) OR EXISTS (SELECT FROM taken) AS is_known,
               EXISTS (SELECT FROM taken) AS is_counted
    )
"""


PASSING = _passing(
    "SELECT EXISTS (SELECT FROM phone_call WHERE exchange_id = %(exchange_id)s AND name = %(name)s) AS before"
)
"""Counts a call as part of the statement that keeps it: one row of `passing`.

`is_spoken_of`: the exchange spoke of this call before, so nothing is counted. Else it is kept only when its number
`is_seldom` heard of, and `is_known`: asked about before, or it found a place in the store (`is_counted`).
"""
_SPEND = f"WITH {_passing('SELECT false AS before')} SELECT is_seldom, is_known FROM passing"
_GIVE_BACK = """
    UPDATE phone_exchange SET new_numbers_left = new_numbers_left + 1 WHERE id = %(exchange)s RETURNING 1
"""


def spend(exchange: Exchange, number: str, *, counts_new: bool, now: datetime) -> None:
    """Count another number (E.164) for a call that is known already. Raises `TooMany`."""
    given = values(counts_new=counts_new, now=now) | {"caller": number, "exchange_id": exchange.pk}
    [(is_seldom, is_known)] = ask(_SPEND, given)
    check(is_seldom=is_seldom, is_known=is_known)


def give_back(exchange: Exchange) -> None:
    """A place was taken for a call that somebody else kept in the same moment."""
    ask(_GIVE_BACK, {"exchange": exchange.pk})


def check(*, is_seldom: bool, is_known: bool) -> None:
    """Raises `TooMany`; then nothing must be said about the number, and the call is not kept."""
    if not is_seldom:
        message = _(
            "This number called too often in the last minutes. Refuse the call, and let it try again later."
        )
        raise TooMany(message, retry_after=60)
    if not is_known:
        message = _(
            "The exchange asked about too many new numbers. Refuse the call; numbers that called before pass."
        )
        raise TooMany(message, retry_after=3600 // NEW_NUMBERS_AN_HOUR)
