"""The desk's rows as the rules see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

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
    )


def calendars(desk: Desk, lines: Mapping[str, rules.Line], *, now: datetime) -> dict[str, Calendar]:
    """The compiled calendars of `lines`, from two years back to three years ahead of `now`."""
    first, last = date(now.year - YEARS_BACK, 1, 1), date(now.year + YEARS_AHEAD, 12, 31)
    dates = holiday_dates(desk.country, region=desk.region or None, first=first, last=last + timedelta(days=1))
    return {
        key: Calendar.build(line.hours, zone=desk.zone, holidays=dates, first=first, last=last, name=key)
        for key, line in lines.items()
    }


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
        key=row.key, name={"nl": row.name_nl, "en": row.name_en}, kind=rules.LineKind(row.kind), hours=hours
    )
