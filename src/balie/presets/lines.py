"""The lines of a preset: opening hours with holidays and exceptions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from balie.presets.preset import LANGUAGES
from balie.presets.tables import Table
from balie.rules.desk import DatedException, Line, LineKind, OpeningHours, PhoneUse, Window
from balie.rules.hours_notation import UnreadableHours, format_windows, parse_windows
from balie.rules.reasons import gettext_noop as _

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = "closed"

Windows = tuple[Window, ...]


def read_line(
    key: str,
    table: Table,
    *,
    languages: Sequence[str],
    closed: Sequence[str],
    holidays: Collection[str] | None,
    phone_use: PhoneUse,
) -> Line:
    """One line. `closed`: holidays on which every line is closed; `holidays`: all of the country, if known."""
    kind = LineKind(table.choice("kind", [each.value for each in LineKind]))
    return Line(
        key=key,
        name=table.name("name", languages, LANGUAGES),
        kind=kind,
        hours=OpeningHours(
            week=_week(table),
            holidays=_holidays(table.table("holidays"), closed, holidays),
            exceptions=_exceptions(table),
        ),
        phone_use=phone_use,
        hourly_rate_cents=table.cents("hourly_rate") if kind is LineKind.RATE_ZONE else None,
    )


def _week(table: Table) -> tuple[Windows, ...]:
    week = tuple(_windows(table, weekday) for weekday in WEEKDAYS)
    for day, windows in enumerate(week):
        tomorrow = (day + 1) % 7
        if windows and week[tomorrow] and windows[-1].closes - 1440 > week[tomorrow][0].opens:
            table.problem(
                WEEKDAYS[day],
                _("%(window)s runs past midnight and overlaps %(other)s of %(weekday)s; end it earlier"),
                window=format_windows(windows[-1:]),
                other=format_windows(week[tomorrow][:1]),
                weekday=WEEKDAYS[tomorrow],
            )
    return week


def _holidays(table: Table, closed: Sequence[str], known: Collection[str] | None) -> dict[str, Windows]:
    holidays: dict[str, Windows] = dict.fromkeys(closed, ())
    for name in table:
        holidays[name] = _windows(table, name)
        if known is not None:
            table.known((name,), name, known)
    return holidays


def _exceptions(table: Table) -> dict[date, DatedException]:
    exceptions = {}
    for day, exception in table.tables("exceptions"):
        hours = DatedException(
            windows=_windows(exception, "windows", required=True),
            because=exception.text("because", default=""),
        )
        try:
            exceptions[date.fromisoformat(day)] = hours
        except ValueError:
            message = _("“%(value)s” is no day; write it as 2026-12-24")
            table.problems.add(exception.path, message, value=day)
    return exceptions


def _windows(table: Table, name: str, *, required: bool = False) -> Windows:
    text = table.text(name, None if required else CLOSED)
    try:
        return () if text.strip().casefold() == CLOSED else parse_windows(text)
    except UnreadableHours as refusal:
        table.problems.add_reason((*table.path, name), refusal.reason)
        return ()
