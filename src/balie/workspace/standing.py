"""What an agent should know of the customer beside its ticket: people, shops, contracts, support status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from balie.contracts.models import CustomerTerms, Dated
from balie.customers.models import Contact, Customer, PhoneNumber, Site
from balie.customers.numbers import as_people_write
from balie.rules.customer_facts import MaintainedBy, Validity
from balie.rules.desk import Desk
from balie.rules.plan_status import PlanStatus, StatusKind
from balie.rules.reasons import Reason
from balie.rules.support_plan import PlanAssessment, assess_plan
from balie.tickets.facts import Situation

SHOWN = 12
"""How many people, shops and papers are shown; more is told by a number."""

LOOKS = {
    StatusKind.VALID: "green",
    StatusKind.VALID_UNTIL: "green",
    StatusKind.EXPIRED_ON: "orange",
    StatusKind.PAYMENT: "red",
    StatusKind.NONE: "secondary",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A licence or a contract, and how it stands today."""

    name: str
    validity: Validity
    says: str
    look: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The customer now. Each list has at most `SHOWN + 1` entries: one more tells that there are more."""

    customer: Customer
    sites: Sequence[Site]
    contacts: Sequence[Contact]
    phone_numbers: Sequence[PhoneNumber]
    licences: Sequence[Paper]
    contracts: Sequence[Paper]
    support: PlanAssessment
    status: str  # empty at a desk without plans
    status_look: str
    maintained_elsewhere: str
    prepaid_minutes: int
    country: str

    def written(self, number: PhoneNumber) -> str:
        """The number as people of the desk's country write it."""
        return as_people_write(number.e164, country=self.country)


def standing_of(customer: Customer, situation: Situation) -> Standing:
    """A fixed number of queries, whatever the customer has."""
    today = timezone.localdate(situation.now)
    support = assess_plan(situation.facts(customer), situation.desk, at=situation.now)
    terms = CustomerTerms.objects.filter(customer=customer).first() or CustomerTerms(customer=customer)
    return Standing(
        customer=customer,
        sites=list(customer.sites.all()[: SHOWN + 1]),
        contacts=list(customer.contacts.filter(is_active=True)[: SHOWN + 1]),
        phone_numbers=list(customer.phone_numbers.select_related("contact").order_by("e164")[: SHOWN + 1]),
        licences=[_paper(each, today) for each in customer.licences.select_related("product")[: SHOWN + 1]],
        contracts=[_paper(each, today) for each in customer.contracts.select_related("type")[: SHOWN + 1]],
        support=support,
        status=status_in_words(support.status, situation.desk) if situation.desk.plans else "",
        status_look=LOOKS[support.status.kind],
        maintained_elsewhere=_maintained_elsewhere(terms),
        prepaid_minutes=terms.prepaid_minutes,
        country=situation.row.country,
    )


def status_in_words(status: PlanStatus, desk: Desk) -> str:
    """`SLA8: valid until 31-12-2026` (IB-18)."""
    plan = desk.plans.get(status.plan or "")
    sentence = status.sentence()
    values = {"plan": plan.name if plan else status.plan, "day": as_digits(status.day)}
    return Reason(sentence.message, values).render(_)


def as_digits(day: date | None) -> str:
    """`31-12-2026`."""
    return f"{day:%d-%m-%Y}" if day else ""


def _paper(row: Dated, today: date) -> Paper:
    """How a licence or a contract stands, in the words of IB-18."""
    validity = Validity(row.valid_from, row.valid_until)
    if validity.last is not None and validity.last < today:
        says, look = _("expired on %(day)s") % {"day": as_digits(validity.last)}, "red"
    elif validity.first is not None and validity.first > today:
        says, look = _("begins on %(day)s") % {"day": as_digits(validity.first)}, "secondary"
    elif validity.last is not None:
        says, look = _("valid until %(day)s") % {"day": as_digits(validity.last)}, "green"
    else:
        says, look = _("valid"), "green"
    return Paper(str(row), validity, says, look)


def _maintained_elsewhere(terms: CustomerTerms) -> str:
    return {
        MaintainedBy.DESK: "",
        MaintainedBy.THIRD_PARTY: _(
            "A third party maintains the system: phone support is asked, not demanded."
        ),
        MaintainedBy.NOBODY: _("Nobody maintains the system: phone support is asked, not demanded."),
    }[MaintainedBy(terms.maintained_by)]
