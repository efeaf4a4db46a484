"""Who may ask and tell: an exchange that shows its token."""

from __future__ import annotations

import hashlib

from balie.phone.models import Exchange
from balie.prepared import Given, Prepared
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NotAllowed

_BY_TOKEN = Prepared(lambda: Exchange.objects.filter(token_digest=Given("digest")).order_by()[:1])


class UnknownToken(NotAllowed):
    """No exchange has this token."""


class SwitchedOff(NotAllowed):
    """The exchange may not ask now."""


def digest_of(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so that a plain digest gives nothing away."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def exchange_with(token: str) -> Exchange:
    """The exchange of this token. Raises `UnknownToken` and `SwitchedOff`."""
    found = _BY_TOKEN.first(digest=digest_of(token))
    if found is None:
        raise UnknownToken(_("No telephone exchange has this token. An administrator can give it a new one."))
    if not found.is_active:
        raise SwitchedOff(_("This telephone exchange is switched off. An administrator can switch it on."))
    return found
