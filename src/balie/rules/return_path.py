"""The address to which our mail comes back: one for each mail, which nobody else can make up (VERP).

`help+bounce-981-…@desk.example` is on the envelope of mail 981. What is sent there is about that mail, also when the
report itself says nothing that can be read. It is an address of the desk's own mailbox, so nothing has to be set up.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

TOKEN_BYTES = 10  # 80 bits, 16 letters of base32 without padding

_RETURN_PATH = re.compile(r"[^@\s]+\+bounce-([1-9][0-9]{0,17})-([a-z2-7]{16})@[^@\s]+", re.IGNORECASE)


def make_return_path(address: str, mail: int, *, secrets: Sequence[bytes]) -> str:
    """`help@desk.example` as the envelope's sender of the mail with key `mail`; the first secret signs."""
    local_part, _at, domain = address.rpartition("@")
    return f"{local_part}+bounce-{mail}-{_token(mail, secrets[0])}@{domain}"


def mail_returned_to(addresses: Iterable[str], *, secrets: Sequence[bytes]) -> int | None:
    """The key of the mail that one of these addresses is the return path of; `None` when none is genuine.

    `secrets`: the one that signs now, then those that signed before (rotation).
    """
    for each in addresses:
        found = _RETURN_PATH.fullmatch(each.strip().strip("<>"))
        if found and _is_genuine(int(found[1]), found[2].lower(), secrets):
            return int(found[1])
    return None


def _is_genuine(mail: int, token: str, secrets: Sequence[bytes]) -> bool:
    return bool(sum(hmac.compare_digest(token.encode(), _token(mail, each).encode()) for each in secrets))


def _token(mail: int, secret: bytes) -> str:
    digest = hmac.digest(secret, f"return:{mail}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().lower()
