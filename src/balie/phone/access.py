"""Who may ask and tell: an exchange that shows its token."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import QuerySet, Subquery

from balie.desk.models import Desk
from balie.desk.queries import desk_under
from balie.phone.models import Exchange
from balie.prepared import Given, Prepared
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NotAllowed


class UnknownToken(NotAllowed):
    """No exchange has this token."""


class SwitchedOff(NotAllowed):
    """The exchange may not ask now."""


def digest_of(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so that a plain digest gives nothing away."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def exchange_with(token: str) -> tuple[Exchange, Desk]:
    """The exchange of this token, and the desk as it is now. Raises `UnknownToken`, `SwitchedOff` and `NoDesk`."""
    found = _BY_TOKEN.first(digest=digest_of(token))
    if found is None:
        raise UnknownToken(_("No telephone exchange has this token. An administrator can give it a new one."))
    if not found.is_active:
        raise SwitchedOff(_("This telephone exchange is switched off. An administrator can switch it on."))
    return found, desk_under(found.desk_revision, found.demo_progress)


def _with_the_desk() -> QuerySet[Any, Any]:
    desk = Desk.objects.order_by("pk")
    return (
        Exchange.objects.filter(token_digest=Given("digest"))
        .annotate(
            desk_revision=Subquery(desk.values("revision")[:1]),
            demo_progress=Subquery(desk.values("demo_progress")[:1]),
        )
        .order_by()[:1]
    )


_BY_TOKEN = Prepared(_with_the_desk)
