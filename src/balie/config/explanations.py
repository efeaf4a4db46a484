"""A question about a preset, answered: the result, the reasons, and a trace of the hours that counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from balie.desk.holiday_dates import holiday_dates
from balie.presets.preset import Preset
from balie.presets.tables import did_you_mean
from balie.rules import entitlement as rules
from balie.rules.desk import Line, LineKind, SupportPlan
from balie.rules.moments import zone_named
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.working_time import BeyondCalendar, Calendar, NeverOpen, Stretch, split_by_zone

T = TypeVar("T")
Calendars = Mapping[str, Calendar]

FIRST_YEAR, LAST_YEAR = 1970, 2099
REACH = (
    1,
    5,
    25,
    LAST_YEAR - FIRST_YEAR,
)  # years; the calendar of a year is enough for nearly every question
MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")


class UnreadableMoment(Refusal):
    """A text is no moment, or one that no calendar reaches."""


class UnknownName(Refusal):
    """The preset has no plan, line or category of this name."""


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of time, and how many whole minutes of it counted."""

    start: datetime
    end: datetime
    counts: int
    because: Reason


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer. `answer` says the result in sentences; `result` has JSON values, moments, days and reasons."""

    answer: tuple[Reason, ...]
    result: Mapping[str, Any]
    reasons: tuple[Reason, ...]
    trace: tuple[Step, ...] = ()
    more: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)  # heading -> what stands under it


def read_moment(text: str, preset: Preset) -> datetime:
    """An ISO 8601 moment in the desk's zone, in which it also is when it names none. Raises `UnreadableMoment`.

    A local time that occurs twice is the first; one in the gap has the offset before the change.
    """
    zone = zone_named(preset.desk.zone)
    try:
        read = datetime.fromisoformat(text if MOMENT.fullmatch(text) else "")
        moment = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC).astimezone(zone)
    except (ValueError, OverflowError):
        raise UnreadableMoment(_("“%(text)s” is no moment; write it as 2026-11-20 16:00."), text=text)
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        raise UnreadableMoment(
            _("“%(text)s” lies outside the years %(first)s to %(last)s."),
            text=text,
            first=FIRST_YEAR + 1,
            last=LAST_YEAR - 1,
        )
    return moment


def plan_named(name: str | None, preset: Preset) -> SupportPlan | None:
    """The plan with this key in any case, or the desk's default without a name. Raises `UnknownName`."""
    plans = preset.desk.plans
    if name is None:
        return plans[preset.desk.settings.default_plan] if preset.desk.settings.default_plan else None
    for key, plan in plans.items():
        if key.casefold() == name.casefold():
            return plan
    if not plans:
        raise UnknownName(
            _("“%(name)s”: the desk %(desk)s has no support plans; leave the plan out."),
            name=name,
            desk=preset.desk.name,
        )
    message = _("“%(name)s” is no support plan of %(desk)s; write %(known)s.")
    raise _unknown(message, name, plans, preset)


def line_named(name: str, preset: Preset) -> Line:
    """The line with this key. Raises `UnknownName`."""
    if name not in preset.desk.lines:
        message = _("“%(name)s” is no line of %(desk)s; write %(known)s.")
        raise _unknown(message, name, preset.desk.lines, preset)
    return preset.desk.lines[name]


def topic_named(name: str | None, preset: Preset) -> str | None:
    """The key of a category, as it is. Raises `UnknownName`."""
    known = {each.key: each for each in preset.categories}
    if name is not None and name not in known:
        message = _("“%(name)s” is no category of %(desk)s; write %(known)s.")
        raise _unknown(message, name, known, preset)
    return name


def _unknown(message: str, name: str, known: Mapping[str, object], preset: Preset) -> UnknownName:
    return UnknownName(message, name=name, desk=preset.desk.name, known=did_you_mean(name, list(known)))


def explain_deadline(
    preset: Preset, plan: SupportPlan | None, *, has_support_contract: bool, asked_at: datetime
) -> Explanation:
    """When the response is due under a plan, and which hours counted (IB-08, IB-09, IB-16, IB-17, IB-30)."""
    implied = plan is not None and rules.implies_support_contract(plan.key, preset.desk)
    promise = rules.promise_of(plan, preset.desk, has_support_contract=has_support_contract or implied)
    reasons = list(promise.reasons)
    if plan is not None and implied and promise.hours:
        message = _("Nobody has %(plan)s without a support contract.")
        reasons.insert(1, Reason(message, {"plan": plan.name}, "IB-30"))
    due = due_by(preset, promise.hours, promise.response_minutes, asked_at)
    solved = due_by(preset, promise.hours, promise.solution_minutes, asked_at)
    result = {
        "deadline": due.at,
        "solution_deadline": solved.at,
        "asked_at": asked_at,
        "plan": plan.key if plan else None,
        "hours": promise.hours,
        "response_minutes": promise.response_minutes,
    }
    return Explanation((says_deadline(due.at),), result, sourced((*reasons, *due.reasons), preset), due.trace)


def explain_open(preset: Preset, line: Line, *, at: datetime) -> Explanation:
    """Whether a line is open, and until when it stays so (SW-01, SW-02, IB-29)."""

    def ask(calendars: Calendars) -> tuple[bool, datetime | None, tuple[Stretch, ...], Stretch]:
        calendar = calendars[line.key]
        changes_at = calendar.changes_at(at)
        stretches = calendar.stretches(at, changes_at) if changes_at else ()
        return calendar.is_open(at), changes_at, stretches, calendar.stretches(at, at + MINUTE)[0]

    is_open, changes_at, stretches, now = _ask(preset, [line], [at], ask)
    result = {"open": is_open, "changes_at": changes_at, "line": line.key, "at": at}
    values = {
        "line": line.name,
        "at": at.isoformat(),
        "change": changes_at.isoformat() if changes_at else None,
    }
    answer = Reason(_OPEN[is_open, changes_at is not None], values)
    return Explanation((answer,), result, sourced([now.reason], preset), _steps(stretches))


_OPEN = {
    (True, True): _("%(line)s is open on %(at)s, and closes on %(change)s."),
    (True, False): _("%(line)s is open on %(at)s, and never closes."),
    (False, True): _("%(line)s is closed on %(at)s, and opens on %(change)s."),
    (False, False): _("%(line)s is closed on %(at)s, and never opens."),
}


def explain_zones(preset: Preset, *, start: datetime, end: datetime) -> Explanation:
    """How the time from `start` to `end` divides over the rate zones (IB-29). Raises `EndBeforeStart`."""
    zones = [line for line in preset.desk.lines.values() if line.kind is LineKind.RATE_ZONE]
    pieces = _ask(preset, zones, [start, end], lambda calendars: split_by_zone(start, end, calendars))
    minutes = _whole_minutes(piece.length for piece in pieces)
    result = {
        "pieces": [{"zone": piece.zone, "minutes": each} for piece, each in zip(pieces, minutes, strict=True)]
    }
    trace = tuple(
        Step(piece.start, piece.end, each if piece.zone else 0, _says_zone(piece.zone, preset))
        for piece, each in zip(pieces, minutes, strict=True)
    )
    reasons = dict.fromkeys(piece.zone for piece in pieces)
    answer = Reason(
        _("From %(start)s to %(end)s, in pieces of one rate zone."),
        {"start": start.isoformat(), "end": end.isoformat()},
    )
    return Explanation((answer,), result, tuple(_says_zone(each, preset) for each in reasons), trace)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline, or `None` when there is none, with what is to be said about it."""

    at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    trace: tuple[Step, ...] = ()


def due_by(preset: Preset, hours: str | None, minutes: int | None, asked_at: datetime) -> Due:
    """When these working minutes in the hours of that line have passed, and which hours counted."""
    if hours is None or minutes is None:
        return Due()

    def ask(calendars: Calendars) -> Due:
        calendar = calendars[hours]
        due_at = calendar.add(asked_at, minutes)
        reasons = []
        if not calendar.is_open(asked_at):
            starts_at = calendar.next_opening(asked_at)
            message = _("It was asked outside these hours: the time begins on %(start)s.")
            reasons.append(Reason(message, {"start": starts_at.isoformat()}))
        if not calendar.is_open(due_at):
            reasons.append(
                Reason(_("The time has passed exactly at closing time, and that is the deadline."))
            )
        return Due(due_at, tuple(reasons), _steps(calendar.stretches(asked_at, due_at)))

    try:
        return _ask(preset, [preset.desk.lines[hours]], [asked_at], ask)
    except NeverOpen as refusal:
        return Due(reasons=(replace(refusal.reason, setting=f"lines.{hours}"),))


def says_deadline(deadline: datetime | None) -> Reason:
    """The deadline, or that there is none, as a sentence."""
    if deadline is None:
        return Reason(_("No deadline: no moment is promised."))
    return Reason(_("The response is due on %(deadline)s."), {"deadline": deadline.isoformat()})


def _says_zone(zone: str | None, preset: Preset) -> Reason:
    if zone is None:
        return Reason(_("Outside every rate zone"))
    values = {"zone": preset.desk.lines[zone].name, "rate": preset.rate_names[zone]}
    setting = f"lines.{zone}"
    return Reason(_("%(zone)s: %(rate)s"), values, preset.rule_of(setting), setting)


def _ask(
    preset: Preset, lines: Sequence[Line], moments: Sequence[datetime], question: Callable[[Calendars], T]
) -> T:
    """The answer from the calendars of these lines, which reach as far as the question turns out to need."""
    days = [moment.date() for moment in moments]
    dated = [day for line in lines for day in line.hours.exceptions if day.year > FIRST_YEAR]
    first = min([*days, *dated]) - A_DAY
    beyond = BeyondCalendar(_("No calendar reaches that far."))
    for years in REACH:
        last = date(min(max(days).year + years, LAST_YEAR), 12, 31)
        try:
            return question(_calendars(preset, lines, first, last))
        except BeyondCalendar as refusal:
            beyond = refusal
    raise beyond


def _calendars(preset: Preset, lines: Iterable[Line], first: date, last: date) -> Calendars:
    dates = holiday_dates(preset.country, region=preset.region, first=first - A_DAY, last=last + A_DAY)
    return {
        line.key: Calendar.build(
            line.hours, zone=preset.desk.zone, holidays=dates, first=first, last=last, name=line.key
        )
        for line in lines
    }


def _steps(stretches: Sequence[Stretch]) -> tuple[Step, ...]:
    minutes = _whole_minutes(each.length if each.is_open else timedelta() for each in stretches)
    return tuple(
        Step(each.start, each.end, counts, each.reason)
        for each, counts in zip(stretches, minutes, strict=True)
    )


def _whole_minutes(lengths: Iterable[timedelta]) -> list[int]:
    """Whole minutes of each, so that they add up to the whole minutes of all: no rounding gets lost."""

    def each_minutes() -> Iterator[int]:
        total = timedelta()
        for length in lengths:
            before = total // MINUTE
            total += length
            yield total // MINUTE - before

    return list(each_minutes())


def sourced(reasons: Iterable[Reason], preset: Preset) -> tuple[Reason, ...]:
    """The reasons, each with the rule that the preset names for its setting when it has none."""
    return tuple(
        replace(each, rule=preset.rule_of(each.setting)) if each.rule is None and each.setting else each
        for each in reasons
    )
