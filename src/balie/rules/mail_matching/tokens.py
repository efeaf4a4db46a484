"""The keyed tokens in our Message-IDs and reply addresses: making them, finding them, checking them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

TOKEN_BYTES = 10  # 80 bits, 16 letters of base32 without padding
SHORTEST_SECRET = 16  # bytes

_NUMBER = r"[1-9][0-9]{0,17}"
_TOKEN = r"[a-z2-7]{16}"
_MESSAGE_ID = re.compile(rf"<ticket-({_NUMBER})\.m({_NUMBER})\.({_TOKEN})@[^<>\s]+>", re.IGNORECASE)
_REPLY_ADDRESS = re.compile(rf"[^@\s]+\+({_NUMBER})-({_TOKEN})@[^@\s]+", re.IGNORECASE)


class Place(StrEnum):
    """Where a message carries a token. The order is that in which tokens are believed."""

    RECIPIENT = "recipient"  # the reply address it was sent to
    IN_REPLY_TO = "in_reply_to"
    REFERENCES = "references"
    MESSAGE_ID = "message_id"  # its own: we wrote this message
    RETURNED = "returned"  # the message that a bounce brings back


@dataclass(frozen=True, slots=True)
class Claim:
    """A token as a message carries it, genuine or not: "this belongs to ticket `ticket`".

    `message` is the number of our message that is answered; `None` in a reply address, which serves a whole
    ticket.
    """

    ticket: int
    message: int | None
    token: str
    place: Place


# --- Making and checking tokens -------------------------------------------------------------------------


def make_message_id(ticket: int, message: int, *, domain: str, secrets: Sequence[bytes]) -> str:
    """The Message-ID, with its angle brackets, of our `message` about `ticket`; the first secret signs."""
    return f"<ticket-{ticket}.m{message}.{_token(ticket, message, secrets[0])}@{domain}>"


def make_reply_address(address: str, ticket: int, *, secrets: Sequence[bytes]) -> str:
    """`help@desk.example` as the address to answer about `ticket`: `help+4711-…@desk.example`."""
    local_part, _at, domain = address.rpartition("@")
    return f"{local_part}+{ticket}-{_token(ticket, None, secrets[0])}@{domain}"


def is_genuine(claim: Claim, *, secrets: Sequence[bytes]) -> bool:
    """Whether one of our secrets made the token for exactly this ticket and message. In constant time.

    `secrets`: the one that signs now, then those that signed before (rotation).
    """
    given = claim.token.lower().encode()
    matches = [
        hmac.compare_digest(given, _token(claim.ticket, claim.message, secret).encode()) for secret in secrets
    ]
    return any(matches)


def claims_in_message_ids(message_ids: Iterable[str], *, place: Place) -> tuple[Claim, ...]:
    """The claims that message IDs carry; those of other programs carry none."""
    return tuple(
        Claim(int(found[1]), int(found[2]), found[3].lower(), place)
        for each in message_ids
        if (found := _MESSAGE_ID.fullmatch(each))
    )


def claims_in_recipients(addresses: Iterable[str]) -> tuple[Claim, ...]:
    """The claims that reply addresses among the recipients carry."""
    return tuple(
        Claim(int(found[1]), None, found[2].lower(), Place.RECIPIENT)
        for each in addresses
        if (found := _REPLY_ADDRESS.fullmatch(each))
    )


def _token(ticket: int, message: int | None, secret: bytes) -> str:
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"A secret for mail tokens has at least {SHORTEST_SECRET} bytes.")
    signed = f"reply:{ticket}" if message is None else f"message:{ticket}:{message}"
    digest = hmac.digest(secret, signed.encode(), hashlib.sha256)
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().lower()


@dataclass(frozen=True, slots=True)
class Proven:
    """The claims of a message whose token is genuine, most telling first; how many were not."""

    claims: tuple[Claim, ...]
    forged: int = 0


def check_claims(claims: Iterable[Claim], *, secrets: Sequence[bytes]) -> Proven:
    """Sort the genuine claims by how much they tell (a recipient most, the newest reference next) and drop others."""
    order = list(Place)
    given = list(claims)
    genuine = [
        (order.index(claim.place), -position, claim)
        for position, claim in enumerate(given)
        if is_genuine(claim, secrets=secrets)
    ]
    genuine.sort(key=lambda each: each[:2])
    return Proven(tuple(claim for _place, _position, claim in genuine), len(given) - len(genuine))
