"""What a caller hears, in every language of the desk and with moments as people say them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from balie.rules.reasons import Reason

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def spoken(reason: Reason, *, zone: str) -> dict[str, str]:
    """The sentence by language; a moment in it is said in words, on the desk's clock."""
    opens = reason.values.get("opens")
    return dict(_spoken(reason.message, opens, zone))


@lru_cache(maxsize=256)
def _spoken(message: str, opens: str | None, zone: str) -> tuple[tuple[str, str], ...]:
    said = []
    for language in LANGUAGES:
        with translation.override(language):
            values = {} if opens is None else {"opens": moment(datetime.fromisoformat(opens), zone=zone)}
            said.append((language, _(message) % values))
    return tuple(said)


def moment(at: datetime, *, zone: str) -> str:
    """`Monday 23 November at 09:00`, in the language of now."""
    local = at.astimezone(ZoneInfo(zone))
    return _("%(day)s at %(time)s") % {"day": date_format(local, "l j F"), "time": f"{local:%H:%M}"}


def sentences(reasons: tuple[Reason, ...], *, language: str) -> list[dict[str, str | None]]:
    """Reasons for agents: the rule's ID and the sentence, in one language."""
    with translation.override(language):
        return [{"rule": each.rule, "text": each.render(_, language=language)} for each in reasons]
