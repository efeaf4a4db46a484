"""The pieces of speech that an exchange plays: which, in what order, and what each says.

An announcement is a row of sound files (`closed`, `day-1`, `clock-0900`, `make-a-ticket`), so that a finite set of
files says everything that a desk can say. `every_prompt` is that set; `prompts_of` what one caller hears.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from balie.contracts.facts import Revision
from balie.desk.models import Desk
from balie.phone.asking import Choice
from balie.phone.facts import topic_names
from balie.phone.prompt_models import PromptText
from balie.phone.wording import LANGUAGES
from balie.rules.routing import Announcement, Route
from balie.rules.spoken_texts import STANDARD
from balie.rules.spoken_time import spoken_date, spoken_time, spoken_weekday
from balie.tickets.facts import desk_for_rules

Prompts = Mapping[str, Mapping[str, str]]
"""Name of a sound file -> language -> what it says."""

KEYS = "1234567890*"
"""The keys of the menu in order; the last is for something else, `#` says the menu again."""
ELSE_KEY = "*"
A_LEAP_YEAR = 2024
A_WEEK = timedelta(days=6)


def prompts_of(route: Route, choices: Sequence[Choice], *, at: datetime, zone: str) -> tuple[str, ...]:
    """The names of the files that say what `route` says, in the order in which they are played."""
    match route.announcement:
        case None:
            return ()
        case Announcement.ASK_TOPIC:
            spoken = [
                name for each in choices for name in (f"topic-{each.topic}", f"press-{_key(each.digit)}")
            ]
            return ("ask-topic", *spoken, "hear-again")
        case Announcement.CLOSED if route.next_opening is not None:
            opens = route.next_opening.astimezone(ZoneInfo(zone))
            today = at.astimezone(ZoneInfo(zone)).date()
            return ("closed", "open-again", *_day(opens, today), f"clock-{opens:%H%M}", "make-a-ticket")
        case Announcement.CLOSED:
            return ("closed", "make-a-ticket")
        case announcement:
            return (announcement.value,)


def own_words(desk: Desk, names: Sequence[str]) -> dict[str, str] | None:
    """What these files say by language, when the desk gave one of them words of its own."""
    if not _own_at(Revision(desk)).intersection(names):
        return None
    texts = every_prompt(desk)
    return {language: " ".join(texts[name][language] for name in names) for language in LANGUAGES}


@lru_cache(maxsize=8)
def _own_at(_revision: Revision) -> frozenset[str]:
    return frozenset(PromptText.objects.values_list("name", flat=True))


def _day(opens: date, today: date) -> tuple[str, ...]:
    ahead = date(opens.year, opens.month, opens.day) - today
    if ahead < timedelta(2):
        return ("day-tomorrow" if ahead else "day-today",)
    weekday = f"day-{opens.isoweekday()}"
    return (weekday,) if ahead <= A_WEEK else (weekday, f"date-{opens:%m%d}")


def every_prompt(desk: Desk) -> Prompts:
    """Every file that this desk may need by its name: what it says, by language; not to be changed.

    The times are those at which a line opens. Changes with the hours, the topics and the spoken texts of the desk.
    """
    return _prompts_at(Revision(desk))


@lru_cache(maxsize=8)
def _prompts_at(revision: Revision) -> Prompts:
    found: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for name, text in _said(revision.desk, language):
                found.setdefault(name, {})[language] = text
    return found


def _said(desk: Desk, language: str) -> Iterator[tuple[str, str]]:
    own = dict(PromptText.objects.filter(language=language).values_list("name", "text"))
    for name, message in STANDARD.items():
        yield name, own.get(name) or _(message)
    for key, topic in topic_names(desk).items():
        yield f"topic-{key}", _("For %(topic)s,") % {"topic": topic.name[language]}
    for digit in KEYS:
        key = _("the star key") if digit == "*" else digit
        yield f"press-{_key(digit)}", _("press %(key)s.") % {"key": key}
    for number in range(7):
        yield f"day-{number + 1}", spoken_weekday(number, language=language)
    for offset in range(366):
        day = date(A_LEAP_YEAR, 1, 1) + timedelta(days=offset)
        yield f"date-{day:%m%d}", spoken_date(day, language=language)
    for minutes in sorted(_openings(desk)):
        hour, minute = divmod(minutes % 1440, 60)
        words = spoken_time(hour, minute, language=language)
        yield f"clock-{hour:02}{minute:02}", _("at %(words)s.") % {"words": words}


def _openings(desk: Desk) -> set[int]:
    """The minutes of the day at which some line opens."""
    lines = [line.hours for line in desk_for_rules(desk).lines.values()]
    days = [windows for hours in lines for windows in (*hours.week, *hours.holidays.values())]
    dated = [each.windows for hours in lines for each in hours.exceptions.values()]
    return {window.opens for windows in (*days, *dated) for window in windows}


def _key(digit: str) -> str:
    return "star" if digit == "*" else digit
