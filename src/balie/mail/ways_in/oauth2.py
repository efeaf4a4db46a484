"""Access tokens for mailboxes that let programs in by OAuth2 (RFC 6749, section 6)."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from balie.desk.sealing import unseal
from balie.mail.ways_in.models import LOOPBACK, Mailbox
from balie.mail.ways_in.troubles import MailboxTrouble, no_token, unreachable_endpoint, words_of
from balie.rules.reasons import gettext_noop as _

SECONDS = 20.0
LARGEST_ANSWER = 100_000
EARLY_SECONDS = 120.0
"""So long before its end a token is not used any more."""

USUAL_LIFE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Token:
    """`renewed`: the refresh token to use from now on, when the provider gave another. `until`: `time.monotonic`."""

    text: str
    until: float
    renewed: str = ""

    @property
    def is_good(self) -> bool:
        return time.monotonic() < self.until


def fetch(mailbox: Mailbox) -> Token:
    """A new access token for this mailbox. Raises `MailboxTrouble`, `SealedElsewhere`."""
    url = checked(mailbox.token_url)
    form = {
        "grant_type": "refresh_token",
        "client_id": mailbox.client_id,
        "refresh_token": unseal(mailbox.sealed_refresh_token),
        "client_secret": unseal(mailbox.sealed_client_secret),
        "scope": mailbox.scope,
    }
    body = urllib.parse.urlencode({name: value for name, value in form.items() if value}).encode()
    said = _ask(url, body)
    if not (text := said.get("access_token")):
        raise no_token(
            url, str(said.get("error_description") or said.get("error") or "no access_token")[:300]
        )
    life = float(said.get("expires_in") or USUAL_LIFE_SECONDS)
    return Token(
        str(text), time.monotonic() + max(0.0, life - EARLY_SECONDS), str(said.get("refresh_token") or "")
    )


def checked(url: str) -> str:
    """An address to which secrets may be sent. Raises `MailboxTrouble`."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url
    raise MailboxTrouble(_("The token endpoint must begin with https://."))


def _ask(url: str, body: bytes) -> dict[str, Any]:
    request = urllib.request.Request(url, data=body, headers={"Accept": "application/json"})
    try:
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                content = answer.read(LARGEST_ANSWER)
        except urllib.error.HTTPError as refusal:
            with refusal:
                content = refusal.read(LARGEST_ANSWER)
            if not content.lstrip().startswith(b"{"):
                raise no_token(url, f"{refusal.code} {refusal.reason}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise unreachable_endpoint(
            url, words_of(reason if isinstance(reason, BaseException) else error)
        ) from error
    try:
        said = json.loads(content)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise no_token(url, "no JSON")
    return said
