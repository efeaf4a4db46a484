"""What our pages can say: addresses, translations, moments in the desk's zone, icons."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import copysign, inf
from typing import Any

import babel.dates
from babel import Locale
from babel.dates import TIMEDELTA_UNITS
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import formats, timezone, translation
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, StrictUndefined, pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup

from balie.rules.reasons import AMOUNTS, Reason, in_language

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?[+-]\d\d:\d\d")

THRESHOLD = 1.2
"""From how much of a unit a distance is told in it: 1.2 hours are an hour, 1.1 hours are 66 minutes."""


def environment(**options: Any) -> Environment:
    """The Jinja2 environment of all pages; a name that nobody set is an error, not an empty place."""
    env = Environment(
        **{
            **options,
            "undefined": StrictUndefined,
            "extensions": ["jinja2.ext.i18n"],
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    env.globals.update(_=_said, gettext=_said)
    env.globals.update(url=url, static=_static, icon=icon, language=translation.get_language)
    env.filters.update(
        moment=moment,
        day=day,
        clock=clock,
        relative=relative,
        explained=explained,
        paragraphs=paragraphs,
        number=formats.number_format,
        iso=iso,
        filesize=filesizeformat,
    )
    return env


@pass_eval_context
def _said(page: EvalContext, text: str, /, **places: Any) -> str:
    """Jinja2's own gettext in one call in place of three: a page says some sixty things."""
    said = translation.gettext(text)
    return (Markup(said) if page.autoescape else said) % places


def url(name: str, *args: Any, **query: Any) -> str:
    """The address of a page; `query` becomes its query string."""
    if query:
        return reverse(name, args=args, query=query)
    return _address(get_script_prefix(), name, args)


@lru_cache(maxsize=2000)
def _address(below: str, name: str, args: tuple[Any, ...]) -> str:
    """Addresses are the same for the life of a process, but for the path `below` which a server puts us."""
    return reverse(name, args=args)


_static = lru_cache(maxsize=200)(static)
"""Files are read once in a process's life."""


@lru_cache(maxsize=1000)
def icon(name: str, label: str = "") -> Markup:
    """An icon of the sprite; without a label it is decoration and hidden from screen readers."""
    described = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"></use></svg>').format(
        described, static("vendor/icons.svg"), name
    )


def _local(at: datetime) -> datetime:
    return timezone.localtime(at)


def _language() -> str:
    return translation.get_language() or "nl"


def moment(at: datetime | str | None, empty: str = "") -> str:
    """`ma 23 nov 2026 13:00` in the desk's zone; also takes a stored ISO 8601 text."""
    if not at:
        return empty
    local = _local(datetime.fromisoformat(at) if isinstance(at, str) else at)
    return f"{_weekday(local.date(), _language())} {local:%H:%M}"


def day(on: date | None, empty: str = "") -> str:
    """`23 november 2026`."""
    return babel.dates.format_date(on, "d MMMM y", locale=_locale(_language())) if on else empty


@lru_cache(maxsize=2000)
def _weekday(on: date, language: str) -> str:
    return babel.dates.format_date(on, "EEE d MMM y", locale=_locale(language))


@lru_cache(maxsize=20)
def _locale(language: str) -> Locale:
    """Babel's words of a language, found once."""
    return Locale.parse(language)


def clock(at: datetime) -> str:
    return f"{_local(at):%H:%M}"


@pass_context
def relative(context: Context, at: datetime) -> str:
    """`over 3 uur`, `2 dagen geleden`, seen from the page's `now`."""
    return _in_words(_whole(at - context["now"]), _language())


def _whole(distance: timedelta) -> timedelta:
    """Rounded as it is said: as many whole units as are named, and no more of the next smaller one."""
    seconds = distance // timedelta(seconds=1)
    size, most = float(abs(seconds)), inf
    for _name, unit in TIMEDELTA_UNITS:
        if size >= THRESHOLD * unit > THRESHOLD:
            size = min(max(round(size / unit), THRESHOLD) * unit, most)
            break
        most = THRESHOLD * unit - 1
    return timedelta(seconds=copysign(size, seconds))


@lru_cache(maxsize=1000)
def _in_words(distance: timedelta, language: str) -> str:
    return babel.dates.format_timedelta(
        distance, add_direction=True, locale=_locale(language), threshold=THRESHOLD
    )


def iso(at: datetime) -> str:
    return at.isoformat()


def explained(reason: Reason | dict[str, Any]) -> str:
    """A reason as a sentence in the reader's language; its days are written as 31-12-2026 (IB-18)."""
    told = reason if isinstance(reason, Reason) else Reason.from_json(reason)
    values = {name: _readable(name, value) for name, value in told.values.items()}
    return replace(told, values=values).render(translation.gettext)


def _readable(name: str, value: Any) -> Any:
    """A name in the reader's language, an ISO 8601 day or moment, or an amount, as people write it."""
    value = in_language(value, _language())
    if name in AMOUNTS and isinstance(value, str):
        return value if _language().startswith("en") else value.replace(".", ",")
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return f"{date.fromisoformat(value):%d-%m-%Y}"
    return moment(value) if isinstance(value, str) and ISO_MOMENT.fullmatch(value) else value


def paragraphs(text: str) -> SafeString:
    """Plain text with its line breaks, escaped."""
    return mark_safe(linebreaks(text, autoescape=True))
