"""What an hour of work costs now, and what urgent costs on top (IB-22, IB-29)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from balie.rules.case import Case, calendar_of
from balie.rules.decision import Decision, RateNow, Surcharge
from balie.rules.desk import Desk, Line, LineKind
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.working_time import split_by_zone

Rate = tuple[RateNow | None, Reason]
Rates = tuple[list[float], list[Rate]]
SurchargeSaid = tuple[Surcharge | None, tuple[Reason, ...]]
NO_SURCHARGE: SurchargeSaid = (None, ())


def rate_now(case: Case) -> Rate:
    """The rate of work at this moment, and the zone it comes from (IB-29)."""
    begins, rates = _rates_of_year(case)
    return rates[bisect_right(begins, case.at.timestamp()) - 1]


def surcharge_of(desk: Desk) -> SurchargeSaid:
    """What urgent costs on top, and why (IB-22)."""
    found: SurchargeSaid | None = desk.worked_out.get(surcharge_of)
    if found is None:
        found = desk.worked_out[surcharge_of] = _work_out_surcharge(desk)
    return found


def surcharge_told(decision: Decision, *, with_amount: bool) -> Reason:
    """What was said of the surcharge when this was decided; without the amount to who may not see money (IB-22)."""
    said = [reason for reason in decision.reasons if is_about_urgency(reason)]
    return (
        said[-1] if said and with_amount else Reason(_SURCHARGE[False, False], {}, None, _SURCHARGE_SETTING)
    )


def is_about_urgency(reason: Reason) -> bool:
    """Whether this is what `surcharge_of` says."""
    return (reason.setting or "").startswith(_SURCHARGE_SETTING)


def euros(cents: int | None) -> str | None:
    """`75.00`; the edge writes it as its reader does."""
    return None if cents is None else f"{cents // 100}.{cents % 100:02}"


_SURCHARGE_SETTING = "settings.urgent_surcharge"


def _work_out_surcharge(desk: Desk) -> SurchargeSaid:
    settings = desk.settings
    surcharge = Surcharge(settings.urgent_surcharge_percent, settings.urgent_surcharge_cents)
    message = _SURCHARGE[surcharge.percent is not None, surcharge.cents is not None]
    values = {"percent": surcharge.percent, "amount": euros(surcharge.cents)}
    setting = f"{_SURCHARGE_SETTING}_percent" if surcharge.cents is None else _SURCHARGE_SETTING
    return surcharge, (Reason(message, values, None, setting),)


_SURCHARGE: Mapping[tuple[bool, bool], str] = {  # (a percentage, an amount)
    (False, False): _("Urgent goes before all planned work and all earlier questions, at a surcharge."),
    (True, False): _(
        "Urgent goes before all planned work and all earlier questions, at a surcharge of %(percent)s%% on the rate."
    ),
    (False, True): _(
        "Urgent goes before all planned work and all earlier questions, at a surcharge of EUR %(amount)s."
    ),
    (True, True): _(
        "Urgent goes before all planned work and all earlier questions, "
        "at a surcharge of %(percent)s%% on the rate and EUR %(amount)s."
    ),
}


def _rates_of_year(case: Case) -> Rates:
    """From which moments on which rate holds in the year of this day; where zones overlap the first counts."""
    desk, year = case.desk, case.day.year
    found: Rates | None = desk.worked_out.get((_rates_of_year, year))
    if found is None:
        found = desk.worked_out[_rates_of_year, year] = _work_out_rates(case)
    return found


def _work_out_rates(case: Case) -> Rates:
    desk, day = case.desk, case.day
    zones = [line for line in desk.lines.values() if line.kind is LineKind.RATE_ZONE]
    outside = _outside_zones(desk, zones)
    if not zones:
        return [float("-inf")], [outside]
    told: dict[str | None, Rate] = {line.key: (_rate_of(line), _says_zone(line)) for line in zones}
    calendars = {line.key: calendar_of(line, desk, day) for line in zones}
    first = next(iter(calendars.values()))
    year = split_by_zone(*first.bounds, calendars)
    return [piece.start.timestamp() for piece in year], [told.get(piece.zone, outside) for piece in year]


def _rate_of(line: Line) -> RateNow:
    return RateNow(line.key, line.hourly_rate_cents)


def _says_zone(line: Line) -> Reason:
    cents = line.hourly_rate_cents
    message = (
        _("Work done at this moment is in %(zone)s.")
        if cents is None
        else _("Work done at this moment is in %(zone)s: EUR %(amount)s an hour.")
    )
    values = {"zone": line.name, "amount": euros(cents)}
    return Reason(message, values, None, f"lines.{line.key}.hourly_rate")


def _outside_zones(desk: Desk, zones: list[Line]) -> Rate:
    cents = desk.settings.hourly_rate_cents
    if cents is not None:
        message = _("Work costs EUR %(amount)s an hour.")
        return RateNow(None, cents), Reason(message, {"amount": euros(cents)}, None, "settings.hourly_rate")
    if not zones:
        return None, Reason(
            _("The desk has not set what an hour of work costs."), {}, None, "settings.hourly_rate"
        )
    message = _("No work is done at this moment; the rate is that of the moment of the work.")
    return None, Reason(message, {}, None, f"lines.{zones[0].key}")
