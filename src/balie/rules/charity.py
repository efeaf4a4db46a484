"""The free support of a charity: applied for, checked, renewed, ended (IB-07, IB-13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from balie.rules.customer_facts import CharityApplication, CustomerFacts, Validity
from balie.rules.desk import Desk, SupportPlan
from balie.rules.plan_status import as_text
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


class CharityDays(NamedTuple):
    """Days on which a charity has free support, and the setting or licence that says so."""

    validity: Validity
    setting: str


def charity_days(facts: CustomerFacts, desk: Desk, day: date) -> list[CharityDays]:
    """What was checked. An application that was not, or was declined, takes nothing of a licence that has begun."""
    products = _charity_products(desk)
    is_checked = facts.charity_application not in _NOT_CHECKED
    found = [
        CharityDays(each.validity, f"products.{each.product}.is_charity")
        for each in facts.licences
        if each.product in products and (is_checked or _has_begun(each.validity, day))
    ]
    if facts.charity_until is not None:
        found.append(CharityDays(Validity(last=facts.charity_until), "customer.charity_until"))
    return found


def charity_on(days: list[CharityDays], day: date) -> CharityDays | None:
    """Those that cover `day` (IB-07), the longest when there are several."""
    valid = [each for each in days if each.validity.covers(day)]
    return max(valid, key=lambda each: each.validity.last or date.max) if valid else None


def ended_charity(days: list[CharityDays], day: date) -> Iterator[date]:
    """The last days of a charity's free support that have passed: as long as it lasted nothing lapsed (IB-07)."""
    for validity, _setting in days:
        if validity.last is not None and validity.last < day:
            yield validity.last


def _has_begun(validity: Validity, day: date) -> bool:
    return validity.first is not None and validity.first <= day


def _charity_products(desk: Desk) -> frozenset[str]:
    found: frozenset[str] | None = desk.worked_out.get(_charity_products)
    if found is None:
        found = frozenset(key for key, product in desk.products.items() if product.is_charity)
        desk.worked_out[_charity_products] = found
    return found


_NOT_CHECKED: Mapping[CharityApplication, str] = {
    CharityApplication.APPLIED: _(
        "The application for a charity licence is being checked; until then it gives nothing."
    ),
    CharityApplication.DECLINED: _("The application for a charity licence was declined."),
}
_RENEWING = _("The renewal of the charity licence is being checked.")


def says_application(facts: CustomerFacts, charity: CharityDays | None, day: date) -> list[Reason]:
    """How the free licence of a charity was asked for, checked, renewed and ended (IB-07)."""
    application, until = facts.charity_application, facts.charity_until
    said = []
    if charity is None and until is not None and until < day:
        message, values = _("The free support of a charity ended on %(day)s."), {"day": as_text(until)}
        said.append(Reason(message, values, "IB-07", "customer.charity_until"))
    if application in _NOT_CHECKED:
        renews = charity is not None and application is CharityApplication.APPLIED
        message = _RENEWING if renews else _NOT_CHECKED[application]
        said.append(Reason(message, {}, "IB-07", "customer.charity_application"))
    return said


def says_charity(plan: SupportPlan, charity: CharityDays) -> Reason:
    """What a charity has, and until when."""
    last, values = charity.validity.last, {"plan": plan.name}
    if last is None:
        message = _("A charity has free support with %(plan)s, which does not lapse.")
        return Reason(message, values, "IB-07", charity.setting)
    message = _("A charity has free support with %(plan)s, until %(day)s; until then it does not lapse.")
    return Reason(message, {**values, "day": last.isoformat()}, "IB-07", charity.setting)
