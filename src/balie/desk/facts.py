"""The desk's rows as the rules see them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from balie.desk.holiday_dates import holiday_dates
from balie.desk.models import Desk, Line
from balie.rules import desk as rules
from balie.rules.working_time import Calendar

YEARS_BACK, YEARS_AHEAD = 2, 3


def lines() -> dict[str, rules.Line]:
    """All lines and rate zones by key, in their order. Four queries, whatever their number."""
    rows = Line.objects.prefetch_related("weekdays", "holidays", "exceptions")
    return {row.key: _line(row) for row in rows}


def settings_of(desk: Desk) -> rules.Settings:
    return rules.Settings(
        default_plan=desk.default_plan or None,
        counts_with_support_contract=desk.counts_with_support_contract or None,
        counts_without_support_contract=desk.counts_without_support_contract or None,
        free_plan_lapses_after_months=desk.free_plan_lapses_after_months,
        tickets_per_month=desk.tickets_per_month,
        reactions_per_ticket=desk.reactions_per_ticket,
        warn_before_minutes=desk.warn_before_minutes,
        closes_after_silent_days=desk.closes_after_silent_days,
        warns_before_closing_days=desk.warns_before_closing_days,
        reopens_within_days=desk.reopens_within_days,
        mail_in=desk.mail_in,
        offers_other_urgent=desk.offers_other_urgent,
        offers_chat=desk.offers_chat,
        accepts_when_maintained_elsewhere=desk.accepts_when_maintained_elsewhere,
        hourly_rate_cents=cents(desk.hourly_rate),
        urgent_surcharge_percent=desk.urgent_surcharge_percent,
        urgent_surcharge_cents=cents(desk.urgent_surcharge),
    )


def cents(euros: Decimal | None) -> int | None:
    """An amount as the rules count it."""
    return None if euros is None else int(euros * 100)


def calendar_of(desk: Desk, line: rules.Line, *, now: datetime) -> Calendar:
    """The compiled hours of `line`, from two years before to three years after the year of `now`.

    Compiling is remembered by content, so it can never serve another desk's hours or old ones.
    """
    hours = line.hours
    return _compiled(
        hours.week,
        tuple(sorted(hours.holidays.items())),
        tuple(sorted(hours.exceptions.items())),
        desk.zone,
        desk.country,
        desk.region or None,
        now.year,
        line.key,
    )


@lru_cache(maxsize=64)
def _compiled(
    week: tuple[tuple[rules.Window, ...], ...],
    holidays: tuple[tuple[str, tuple[rules.Window, ...]], ...],
    exceptions: tuple[tuple[date, rules.DatedException], ...],
    zone: str,
    country: str,
    region: str | None,
    year: int,
    name: str,
) -> Calendar:
    first, last = date(year - YEARS_BACK, 1, 1), date(year + YEARS_AHEAD, 12, 31)
    return Calendar.build(
        rules.OpeningHours(week, dict(holidays), dict(exceptions)),
        zone=zone,
        holidays=holiday_dates(country, region=region, first=first, last=last),
        first=first,
        last=last,
        name=name,
    )


def _line(row: Line) -> rules.Line:
    week: list[tuple[rules.Window, ...]] = [()] * 7
    for day in row.weekdays.all():
        week[day.weekday] = day.windows
    hours = rules.OpeningHours(
        week=tuple(week),
        holidays={each.holiday: each.windows for each in row.holidays.all()},
        exceptions={
            each.on: rules.DatedException(each.windows, each.because) for each in row.exceptions.all()
        },
    )
    return rules.Line(
        key=row.key,
        name={"nl": row.name_nl, "en": row.name_en},
        kind=rules.LineKind(row.kind),
        hours=hours,
        phone_use=rules.PhoneUse(row.phone_use),
        hourly_rate_cents=cents(row.hourly_rate),
    )
