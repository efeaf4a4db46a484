"""Secrets on a row, such as the password of a mail server: sealed with a key made from the installation's own secret.

Who reads the database or a back-up of it alone reads no password. With another secret in the data folder they cannot
be opened any more, and have to be given again.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any

from django.conf import settings

from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

_PURPOSE = b"balie: secrets on rows"


class SealedElsewhere(Refusal):
    """A secret was sealed under another secret of the installation."""


def seal(secret: str) -> str:
    """The secret, unreadable for whoever has not the installation's own."""
    return str(_fernet(settings.SECRET_KEY).encrypt(secret.encode()).decode())


def unseal(sealed: str) -> str:
    """The secret as it was given; empty for an empty one. Raises `SealedElsewhere`."""
    from cryptography.fernet import InvalidToken

    if not sealed:
        return ""
    try:
        return str(_fernet(settings.SECRET_KEY).decrypt(sealed.encode()).decode())
    except InvalidToken:
        raise SealedElsewhere(
            _("This was sealed under another secret of the installation: give it again.")
        ) from None


@lru_cache(maxsize=2)
def _fernet(secret_key: str) -> Any:
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
