"""What a caller hears, in every language of the desk and with moments as people say them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from balie.rules.reasons import Reason
from balie.rules.spoken_time import spoken_moment

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def spoken(reason: Reason, *, at: datetime, zone: str) -> dict[str, str]:
    """The sentence by language, as said at a moment; a moment in it is said in words, on the desk's clock."""
    opens = reason.values.get("opens")
    return dict(_spoken(reason.message, opens, at.astimezone(ZoneInfo(zone)).date(), zone))


@lru_cache(maxsize=256)
def _spoken(message: str, opens: str | None, today: date, zone: str) -> tuple[tuple[str, str], ...]:
    said = []
    for language in LANGUAGES:
        values = {} if opens is None else {"opens": _moment(opens, today, zone, language)}
        with translation.override(language):
            said.append((language, _(message) % values))
    return tuple(said)


def _moment(opens: str, today: date, zone: str, language: str) -> str:
    local = datetime.fromisoformat(opens).astimezone(ZoneInfo(zone))
    return spoken_moment(local, today=today, language=language)


def sentences(reasons: tuple[Reason, ...], *, language: str) -> list[dict[str, str | None]]:
    """Reasons for agents: the rule's ID and the sentence, in one language."""
    with translation.override(language):
        return [{"rule": each.rule, "text": each.render(_, language=language)} for each in reasons]
