"""What a customer may ask for, on what terms: named cases with their reason, and what holds for every customer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules import entitlement
from balie.rules.customer_facts import ContractFact, CustomerFacts, LicenceFact, MaintainedBy, Validity
from balie.rules.desk import (
    ContractType,
    Desk,
    Line,
    LineKind,
    OpeningHours,
    PhoneUse,
    Product,
    Settings,
    SupportPlan,
    Window,
)
from balie.rules.entitlement import Condition, Decision, NotEntitled, PlanStatus, StatusKind
from balie.rules.moments import NaiveMoment
from balie.rules.price_basis import PriceBasis, PriceTerms
from balie.rules.reasons import Reason
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.rules.working_time import Calendar

TZ = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


TODAY = date(2026, 11, 20)
NOW = at("2026-11-20 16:00")  # a Friday
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)

# -- Two desks, by hand ------------------------------------------------------------------------------------

NINE_TO_FIVE, MORNING, CLOSED = (Window(540, 1020),), (Window(540, 720),), ()
HELPDESK = OpeningHours((NINE_TO_FIVE,) * 5 + (CLOSED, CLOSED))
ZONE_1 = OpeningHours((NINE_TO_FIVE,) * 5 + (MORNING, CLOSED))

SLA24 = SupportPlan("SLA24", "SLA24", rank=1, response_minutes=1440, is_free=True, rule="IB-09")
SLA8 = SupportPlan("SLA8", "SLA8", rank=2, response_minutes=480, monthly_price_cents=500, rule="IB-16")
SLA4 = SupportPlan("SLA4", "SLA4", rank=3, response_minutes=240, only_with_our_hardware=True, rule="IB-17")


INFOBITS = Desk(
    key="infobits",
    name="Infobits",
    zone="Europe/Amsterdam",
    language="nl",
    lines={
        "helpdesk": Line(
            "helpdesk", {"nl": "Helpdesk"}, LineKind.CHANNEL, HELPDESK, PhoneUse.RECOGNISED_CALLERS
        ),
        "zone-1": Line("zone-1", {"nl": "Tijdzone 1"}, LineKind.RATE_ZONE, ZONE_1),
    },
    plans={plan.key: plan for plan in (SLA24, SLA8, SLA4)},
    products={
        product.key: product
        for product in (
            Product("infokasv3-l", "InfokasV3 type L", includes_plan="SLA8"),
            Product("infokasv3-s", "InfokasV3 type S", includes_plan="SLA8"),
            Product("infokasv3-n", "InfokasV3 type N", includes_plan="SLA8"),
            Product("ts-pos", "TS Pos", offers_plan="SLA8"),
            Product("charity", "Gratis licentie", is_charity=True),
        )
    },
    contract_types={
        kind.key: kind
        for kind in (
            ContractType("sla8", {"nl": "SLA8"}, gives_plan="SLA8", requires_product="ts-pos"),
            ContractType("maintenance", {"nl": "Onderhoudscontract"}, gives_plan="SLA4", counts_zone_1=True),
            ContractType(
                "phone-support", {"nl": "Telefonisch support"}, counts_zone_1=True, gives_phone_number=True
            ),
            ContractType("haas", {"nl": "HaaS"}),
        )
    },
    settings=Settings(
        default_plan="SLA24",
        counts_with_support_contract="zone-1",
        counts_without_support_contract="helpdesk",
        free_plan_lapses_after_months=24,
        tickets_per_month=2,
        reactions_per_ticket=3,
        urgent_surcharge_percent=50,
    ),
    prices={
        "SLA24": PriceTerms(PriceBasis.FREE, (PriceBasis.PREPAID,)),
        "SLA8": PriceTerms(PriceBasis.INCLUDED, (PriceBasis.PREPAID, PriceBasis.POSTPAID)),
        "SLA4": PriceTerms(PriceBasis.INCLUDED, (PriceBasis.CONTRACT,)),
        "payment-status": PriceTerms(PriceBasis.PREPAID, (PriceBasis.PREPAID,)),
        "phone-support": PriceTerms(None, (PriceBasis.CONTRACT,)),
        "charity": PriceTerms(PriceBasis.FREE, (PriceBasis.FREE,)),
    },
)
SOFTWEAR = Desk("softwear", "Softwear", "Europe/Amsterdam", "nl", lines={})


def licence(product: str, first: date | None = None, last: date | None = None) -> LicenceFact:
    return LicenceFact(product, Validity(first, last))


def contract(kind: str, first: date | None = None, last: date | None = None) -> ContractFact:
    return ContractFact(kind, Validity(first, last))


NOTHING_KNOWN = CustomerFacts()
WITH_INFOKAS = CustomerFacts(licences=(licence("infokasv3-l"),))
WITH_PHONE = CustomerFacts(licences=(licence("infokasv3-s"),), contracts=(contract("phone-support"),))
WITH_SLA4 = CustomerFacts(
    contracts=(contract("maintenance"),), hardware_from_us=True, existing_since=date(2015, 1, 1)
)
LAPSED = CustomerFacts(last_paid_support_on=date(2024, 11, 19))
CHARITY = CustomerFacts(charity_until=date(2026, 12, 31))
ASK = Wish(Channel.PORTAL)
URGENT = replace(ASK, urgent=True)
PREPAID_CALL = replace(ASK, answer_mode=AnswerMode.CALLBACK, billing_mode=BillingMode.PREPAID)


def decide(facts: CustomerFacts, wish: Wish = ASK, desk: Desk = INFOBITS, when: datetime = NOW) -> Decision:
    return entitlement.decide(facts, wish, desk, at=when)


def sentences(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.render() for reason in reasons]


# -- The plan and its status -------------------------------------------------------------------------------

VALID, UNTIL, EXPIRED = StatusKind.VALID, StatusKind.VALID_UNTIL, StatusKind.EXPIRED_ON


@pytest.mark.parametrize(
    ("facts", "plan", "status", "because"),
    [
        pytest.param(
            NOTHING_KNOWN, "SLA24", PlanStatus(VALID, None, "SLA24"),
            "SLA24 is for every customer without another plan.",
            id="IB_09 everybody has SLA24",
        ),
        pytest.param(
            WITH_INFOKAS, "SLA8", PlanStatus(VALID, None, "SLA8"),
            "SLA8 is included with the licence InfokasV3 type L.",
            id="IB_14 included with InfokasV3 L",
        ),
        pytest.param(
            CustomerFacts(licences=(licence("infokasv3-n", last=TODAY),)), "SLA8", PlanStatus(UNTIL, TODAY, "SLA8"),
            "SLA8 is included with the licence InfokasV3 type N.",
            id="IB_18 a licence is valid on its last day",
        ),
        pytest.param(
            CustomerFacts(licences=(licence("infokasv3-s", last=YESTERDAY),)),
            "SLA24", PlanStatus(EXPIRED, YESTERDAY, "SLA8"),
            "SLA8 expired on 2026-11-19.",
            id="IB_18 expired yesterday, so SLA24",
        ),
        pytest.param(
            CustomerFacts(licences=(licence("infokasv3-s", first=TOMORROW),)),
            "SLA24", PlanStatus(VALID, None, "SLA24"),
            "SLA8 begins on 2026-11-21.",
            id="IB_14 a licence that starts tomorrow gives nothing today",
        ),
        pytest.param(
            CustomerFacts(licences=(licence("ts-pos"),)), "SLA24", PlanStatus(VALID, None, "SLA24"),
            "SLA24 is for every customer without another plan.",
            id="IB_14 TS Pos alone includes nothing",
        ),
        pytest.param(
            CustomerFacts(licences=(licence("ts-pos"),), contracts=(contract("sla8"),)),
            "SLA8", PlanStatus(VALID, None, "SLA8"),
            "SLA8 comes with the contract SLA8.",
            id="IB_14 SLA8 bought with TS Pos",
        ),
        pytest.param(
            CustomerFacts(contracts=(contract("sla8"),)), "SLA24", PlanStatus(VALID, None, "SLA24"),
            "The contract SLA8 counts only with a valid licence TS Pos.",
            id="IB_14 SLA8 bought without TS Pos",
        ),
        pytest.param(
            CustomerFacts(licences=(licence("ts-pos", last=date(2026, 12, 1)),), contracts=(contract("sla8"),)),
            "SLA8", PlanStatus(UNTIL, date(2026, 12, 1), "SLA8"),
            "SLA8 comes with the contract SLA8.",
            id="IB_14 the contract ends with the licence it needs",
        ),
        pytest.param(
            CustomerFacts(
                licences=(licence("ts-pos", last=date(2026, 6, 1)),),
                contracts=(contract("sla8", first=date(2026, 7, 1)),),
            ),
            "SLA24", PlanStatus(VALID, None, "SLA24"),
            "The contract SLA8 counts only with a valid licence TS Pos.",
            id="IB_14 the licence ended before the contract began",
        ),
        pytest.param(
            WITH_SLA4, "SLA4", PlanStatus(VALID, None, "SLA4"),
            "SLA4 comes with the contract Onderhoudscontract.",
            id="IB_17 an existing customer with our hardware",
        ),
        pytest.param(
            replace(WITH_SLA4, hardware_from_us=False), "SLA24", PlanStatus(VALID, None, "SLA24"),
            "SLA4 is only for customers with hardware that the desk supplied.",
            id="IB_17 not our hardware",
        ),
        pytest.param(
            replace(WITH_SLA4, existing_since=TOMORROW), "SLA24", PlanStatus(VALID, None, "SLA24"),
            "SLA4 is only for existing customers, and this customer is not one yet.",
            id="IB_17 a customer from tomorrow on",
        ),
        pytest.param(
            replace(WITH_SLA4, existing_since=None), "SLA4", PlanStatus(VALID, None, "SLA4"),
            "SLA4 comes with the contract Onderhoudscontract.",
            id="IB_17 of whom it is not known since when it exists: nothing is taken away (IB_13)",
        ),
        pytest.param(
            replace(WITH_SLA4, existing_since=TODAY), "SLA4", PlanStatus(VALID, None, "SLA4"),
            "SLA4 comes with the contract Onderhoudscontract.",
            id="IB_17 a customer since today",
        ),
        pytest.param(
            replace(WITH_SLA4, licences=(licence("infokasv3-l"),)), "SLA4", PlanStatus(VALID, None, "SLA4"),
            "SLA8 is valid too; SLA4 is better and counts.",
            id="IB_08 the best plan counts",
        ),
        pytest.param(
            CustomerFacts(licences=(licence("infokasv3-l"), licence("infokasv3-s"))),
            "SLA8", PlanStatus(VALID, None, "SLA8"),
            "SLA8 is included with the licence InfokasV3 type L.",
            id="two licences with the same plan",
        ),
        pytest.param(
            CustomerFacts(
                licences=(
                    licence("infokasv3-l", date(2026, 1, 1), date(2026, 12, 31)),
                    licence("infokasv3-l", date(2027, 1, 1), date(2027, 12, 31)),
                )
            ),
            "SLA8", PlanStatus(UNTIL, date(2027, 12, 31), "SLA8"),
            "SLA8 is included with the licence InfokasV3 type L.",
            id="IB_18 a renewal that touches is one validity",
        ),
        pytest.param(
            CustomerFacts(
                licences=(licence("infokasv3-l", last=date(2026, 12, 31)), licence("infokasv3-s", date(2026, 12, 1)))
            ),
            "SLA8", PlanStatus(VALID, None, "SLA8"),
            "SLA8 is included with the licence InfokasV3 type L.",
            id="IB_18 an overlapping licence without end",
        ),
        pytest.param(
            CustomerFacts(
                licences=(
                    licence("infokasv3-l", last=date(2026, 12, 31)),
                    licence("infokasv3-l", date(2027, 1, 2), date(2027, 12, 31)),
                )
            ),
            "SLA8", PlanStatus(UNTIL, date(2026, 12, 31), "SLA8"),
            "SLA8 is included with the licence InfokasV3 type L.",
            id="IB_18 a gap of one day ends the validity",
        ),
        pytest.param(
            CustomerFacts(licences=(licence("typewriter"),)), "SLA24", PlanStatus(VALID, None, "SLA24"),
            "The desk does not know the licence typewriter, so it does not count.",
            id="an unknown licence is not passed over in silence",
        ),
        pytest.param(
            CustomerFacts(contracts=(contract("lease"),)), "SLA24", PlanStatus(VALID, None, "SLA24"),
            "The desk does not know the contract lease, so it does not count.",
            id="an unknown contract is not passed over in silence",
        ),
    ],
)  # fmt: skip
def test_the_plan_follows_from_licences_contracts_and_dates(
    facts: CustomerFacts, plan: str, status: PlanStatus, because: str
) -> None:
    support = entitlement.assess_plan(facts, INFOBITS, at=NOW)
    assert (support.plan, support.status) == (plan, status)
    assert because in sentences(support.reasons)


PAYMENT = StatusKind.PAYMENT


@pytest.mark.parametrize(
    ("facts", "plan", "status"),
    [
        pytest.param(
            CustomerFacts(last_paid_support_on=date(2024, 11, 20)), "SLA24", PlanStatus(VALID, None, "SLA24"),
            id="IB_13 24 months ago today: the last day",
        ),
        pytest.param(
            LAPSED, None, PlanStatus(PAYMENT, YESTERDAY, "SLA24"),
            id="IB_13 24 months and a day ago: the payment status",
        ),
        pytest.param(
            replace(LAPSED, licences=(licence("charity", first=TOMORROW),)), None,
            PlanStatus(PAYMENT, YESTERDAY, "SLA24"),
            id="IB_07 free support as a charity from tomorrow on: today the payment status still counts",
        ),
        pytest.param(
            CustomerFacts(existing_since=date(2015, 1, 1)), None, PlanStatus(PAYMENT, date(2017, 1, 1), "SLA24"),
            id="IB_13 a customer for years that never paid for support",
        ),
        pytest.param(
            CustomerFacts(existing_since=date(2026, 11, 1)), "SLA24", PlanStatus(VALID, None, "SLA24"),
            id="IB_13 a new customer has not had the time",
        ),
        pytest.param(
            CustomerFacts(
                existing_since=date(2015, 1, 1), licences=(licence("infokasv3-l", last=date(2026, 3, 31)),)
            ),
            "SLA24", PlanStatus(EXPIRED, date(2026, 3, 31), "SLA8"),
            id="IB_13 a paid plan that ended lately is paid support",
        ),
        pytest.param(
            CustomerFacts(licences=(licence("infokasv3-l", last=date(2024, 3, 31)),)),
            None, PlanStatus(PAYMENT, date(2026, 3, 31), "SLA24"),
            id="IB_13 a paid plan that ended long ago",
        ),
        pytest.param(
            replace(LAPSED, contracts=(contract("phone-support"),)), "SLA24", PlanStatus(VALID, None, "SLA24"),
            id="IB_13 a phone contract is paid support",
        ),
        pytest.param(
            replace(LAPSED, contracts=(contract("phone-support", first=TOMORROW),)),
            None, PlanStatus(PAYMENT, YESTERDAY, "SLA24"),
            id="IB_13 a phone contract from tomorrow on is none today",
        ),
        pytest.param(
            replace(LAPSED, contracts=(contract("haas"), contract("lease")), licences=(licence("typewriter"),)),
            None, PlanStatus(PAYMENT, YESTERDAY, "SLA24"),
            id="IB_13 HaaS and things unknown are no support",
        ),
        pytest.param(
            replace(CHARITY, last_paid_support_on=date(2010, 1, 1)),
            "SLA24", PlanStatus(UNTIL, date(2026, 12, 31), "SLA24"),
            id="IB_07 a charity does not lapse",
        ),
        pytest.param(
            replace(LAPSED, licences=(licence("charity"),)), "SLA24", PlanStatus(VALID, None, "SLA24"),
            id="IB_07 a charity licence without end",
        ),
        pytest.param(
            replace(CHARITY, licences=(licence("infokasv3-l", last=YESTERDAY),)),
            "SLA24", PlanStatus(UNTIL, date(2026, 12, 31), "SLA24"),
            id="IB_07 a charity that had a paid plan",
        ),
        pytest.param(
            replace(LAPSED, charity_until=YESTERDAY), None, PlanStatus(PAYMENT, YESTERDAY, "SLA24"),
            id="IB_07 no charity any more",
        ),
        pytest.param(
            CustomerFacts(last_paid_support_on=date(2024, 2, 29)),
            None, PlanStatus(PAYMENT, date(2026, 2, 28), "SLA24"),
            id="IB_13 24 months after 29 February",
        ),
        pytest.param(
            CustomerFacts(last_paid_support_on=date.max), "SLA24", PlanStatus(VALID, None, "SLA24"),
            id="IB_13 a day at the end of time",
        ),
        pytest.param(
            replace(LAPSED, licences=(licence("infokasv3-l"),)), "SLA8", PlanStatus(VALID, None, "SLA8"),
            id="IB_13 only the free plan lapses",
        ),
    ],
)  # fmt: skip
def test_the_free_plan_lapses_without_paid_support_but_not_for_a_charity_IB_13(
    facts: CustomerFacts, plan: str | None, status: PlanStatus
) -> None:
    support = entitlement.assess_plan(facts, INFOBITS, at=NOW)
    assert (support.plan, support.status) == (plan, status)


@pytest.mark.parametrize(
    ("facts", "lapses"),
    [
        pytest.param(
            CustomerFacts(last_paid_support_on=YESTERDAY), "Without paid support SLA24 ends on 2028-11-19.",
            id="paid yesterday",
        ),
        pytest.param(CustomerFacts(last_paid_support_on=TODAY), None, id="paid today"),
        pytest.param(
            CustomerFacts(contracts=(contract("phone-support", last=date(2027, 6, 30)),)), None,
            id="a contract that runs",
        ),
        pytest.param(
            CustomerFacts(contracts=(contract("phone-support"),)), None, id="a contract without end",
        ),
    ],
)  # fmt: skip
def test_a_plan_that_may_lapse_says_when_IB_13(facts: CustomerFacts, lapses: str | None) -> None:
    said = sentences(entitlement.assess_plan(facts, INFOBITS, at=NOW).reasons)
    assert [each for each in said if each.startswith("Without paid support")] == ([lapses] if lapses else [])


@pytest.mark.parametrize(
    ("limits", "plans"),
    [
        pytest.param(
            replace(INFOBITS.settings, free_plan_lapses_after_months=None), INFOBITS.plans, id="never lapses"
        ),
        pytest.param(
            INFOBITS.settings, {**INFOBITS.plans, "SLA24": replace(SLA24, is_free=False)}, id="is not free"
        ),
        pytest.param(
            replace(INFOBITS.settings, free_plan_lapses_after_months=120_000),
            INFOBITS.plans,
            id="after more months than there are days in a calendar",
        ),
    ],
)
def test_a_default_plan_lapses_only_where_the_desk_says_so_IB_13(
    limits: Settings, plans: dict[str, SupportPlan]
) -> None:
    desk = replace(INFOBITS, settings=limits, plans=plans)
    assert entitlement.assess_plan(LAPSED, desk, at=NOW).plan == "SLA24"


@pytest.mark.parametrize(
    ("when", "plan"),
    [
        pytest.param("2026-12-31 23:59:59", "SLA8", id="one second before midnight"),
        pytest.param("2027-01-01 00:00:00", "SLA24", id="midnight in the desk's zone"),
    ],
)
def test_a_licence_ends_at_midnight_in_the_desks_zone(when: str, plan: str) -> None:
    facts = CustomerFacts(licences=(licence("infokasv3-l", last=date(2026, 12, 31)),))
    moment = at(when)
    assert entitlement.assess_plan(facts, INFOBITS, at=moment).plan == plan
    assert entitlement.assess_plan(facts, INFOBITS, at=moment.astimezone(UTC)).plan == plan


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveMoment):
        decide(NOTHING_KNOWN, when=NOW.replace(tzinfo=None))


def test_the_better_of_two_plans_that_ended_on_one_day_is_the_one_that_expired() -> None:
    facts = replace(
        WITH_SLA4,
        contracts=(contract("maintenance", last=YESTERDAY),),
        licences=(licence("infokasv3-l", last=YESTERDAY), licence("infokasv3-l", last=date(2026, 1, 1))),
    )
    assert entitlement.assess_plan(facts, INFOBITS, at=NOW).status == PlanStatus(EXPIRED, YESTERDAY, "SLA4")


def test_a_plan_below_the_default_does_not_count() -> None:
    desk = replace(INFOBITS, settings=replace(INFOBITS.settings, default_plan="SLA4"))
    assert entitlement.assess_plan(WITH_INFOKAS, desk, at=NOW).plan == "SLA4"


def test_a_plan_that_lacks_a_product_the_desk_no_longer_has_says_so() -> None:
    desk = replace(INFOBITS, products={})
    support = entitlement.assess_plan(CustomerFacts(contracts=(contract("sla8"),)), desk, at=NOW)
    assert "The contract SLA8 counts only with a valid licence ts-pos." in sentences(support.reasons)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        pytest.param(PlanStatus(VALID, None, "SLA8"), "SLA8: valid", id="valid"),
        pytest.param(PlanStatus(UNTIL, TODAY, "SLA8"), "SLA8: valid until 2026-11-20", id="valid until"),
        pytest.param(PlanStatus(EXPIRED, TODAY, "SLA8"), "SLA8: expired on 2026-11-20", id="expired on"),
        pytest.param(
            PlanStatus(PAYMENT, TODAY, "SLA24"),
            "Payment status: support is given after payment",
            id="payment status",
        ),
        pytest.param(PlanStatus(StatusKind.NONE), "No support plan", id="none"),
    ],
)
def test_the_status_can_be_read_by_a_person_IB_18(status: PlanStatus, sentence: str) -> None:
    assert status.sentence().render() == sentence
    assert PlanStatus.from_json(json.loads(json.dumps(status.as_json()))) == status


@pytest.mark.parametrize(
    ("contracts", "expected"),
    [
        pytest.param((), False, id="no contract"),
        pytest.param((contract("phone-support"),), True, id="phone support"),
        pytest.param((contract("maintenance"),), True, id="maintenance, also when it gives no plan"),
        pytest.param((contract("sla8"), contract("haas")), False, id="SLA8 and HaaS are none"),
        pytest.param((contract("phone-support", last=YESTERDAY),), False, id="ended yesterday"),
        pytest.param((contract("phone-support", last=TODAY),), True, id="ends today"),
        pytest.param((contract("phone-support", first=TOMORROW),), False, id="starts tomorrow"),
        pytest.param((contract("unknown"),), False, id="unknown to the desk"),
    ],
)
def test_a_support_contract_is_one_that_counts_zone_1_IB_30(
    contracts: tuple[ContractFact, ...], expected: bool
) -> None:
    support = entitlement.assess_plan(CustomerFacts(contracts=contracts), INFOBITS, at=NOW)
    assert support.has_support_contract is expected


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        pytest.param("SLA4", True, id="SLA4 comes only with the maintenance contract"),
        pytest.param("SLA8", False, id="SLA8 comes with a licence as well"),
        pytest.param("SLA24", False, id="nothing gives SLA24"),
    ],
)
def test_sla4_implies_a_support_contract_IB_30(plan: str, expected: bool) -> None:
    assert entitlement.implies_support_contract(plan, INFOBITS) is expected


# -- The decision ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "hours", "minutes", "because"),
    [
        pytest.param(
            NOTHING_KNOWN, "helpdesk", 1440,
            "With SLA24 the response normally comes within 24 working hours; nobody is obliged to it.",
            id="IB_09 SLA24: normally 24 working hours",
        ),
        pytest.param(
            WITH_INFOKAS, "helpdesk", 480,
            "Without a support contract the hours of Helpdesk count.",
            id="IB_16 SLA8 without a support contract",
        ),
        pytest.param(
            WITH_PHONE, "zone-1", 480,
            "With a support contract the hours of Tijdzone 1 count.",
            id="IB_30 SLA8 with a phone contract",
        ),
        pytest.param(
            WITH_SLA4, "zone-1", 240,
            "With SLA4 the response comes within 4 working hours.",
            id="IB_17 SLA4 always counts zone 1",
        ),
        pytest.param(
            CustomerFacts(contracts=(contract("phone-support"),)), "zone-1", 1440,
            "Telefonisch support is a support contract.",
            id="IB_30 SLA24 with a phone contract",
        ),
        pytest.param(
            LAPSED, None, None,
            "With the payment status no response time is promised.",
            id="IB_13 nothing is promised before it is paid",
        ),
    ],
)  # fmt: skip
def test_the_terms_follow_from_the_plan_and_the_support_contract(
    facts: CustomerFacts, hours: str | None, minutes: int | None, because: str
) -> None:
    decision = decide(facts)
    assert decision.allowed
    assert (decision.hours, decision.response_minutes) == (hours, minutes)
    assert because in sentences(decision.reasons)


def test_a_desk_without_plans_promises_nothing_and_allows_everything() -> None:
    decision = decide(NOTHING_KNOWN, URGENT, SOFTWEAR)
    assert decision.allowed
    assert (decision.plan, decision.status) == (None, PlanStatus(StatusKind.NONE))
    assert (decision.hours, decision.response_minutes) == (None, None)
    assert sentences(decision.reasons) == [
        "This desk has no support plans.",
        "Without a support plan no response time is promised.",
        "Urgent goes before all planned work and all earlier questions, at a surcharge.",
        "The desk has not set what an hour of work costs.",
    ]


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        pytest.param(
            replace(SLA24, response_minutes=None), "With SLA24 no response time is promised.", id="none"
        ),
        pytest.param(
            replace(SLA24, response_minutes=90),
            "With SLA24 the response normally comes within 90 working minutes; nobody is obliged to it.",
            id="no whole hours, free",
        ),
        pytest.param(
            replace(SLA24, response_minutes=90, is_free=False),
            "With SLA24 the response comes within 90 working minutes.",
            id="no whole hours, paid",
        ),
    ],
)
def test_a_response_time_is_said_in_words(plan: SupportPlan, sentence: str) -> None:
    desk = replace(INFOBITS, plans={"SLA24": plan})
    promise = entitlement.promise_of(plan, desk, has_support_contract=False)
    assert sentences(promise.reasons)[0] == sentence
    assert promise.response_minutes == plan.response_minutes


def test_a_plan_may_promise_a_solution_without_a_response() -> None:
    plan = replace(SLA8, response_minutes=None, solution_minutes=960)
    promise = entitlement.promise_of(plan, INFOBITS, has_support_contract=True)
    assert (promise.hours, promise.response_minutes, promise.solution_minutes) == ("zone-1", None, 960)


@pytest.mark.parametrize(
    "line", [pytest.param(None, id="not set"), pytest.param("gone", id="a line that is gone")]
)
def test_without_hours_that_count_nothing_is_promised_IB_30(line: str | None) -> None:
    desk = replace(INFOBITS, settings=replace(INFOBITS.settings, counts_without_support_contract=line))
    decision = decide(WITH_INFOKAS, desk=desk)
    assert decision.allowed
    assert (decision.hours, decision.response_minutes) == (None, None)
    assert "settings.counts_without_support_contract" in {reason.setting for reason in decision.reasons}


PREPAID_NOW = "Paid beforehand (prepaid) it can be asked now, also as a call-back."
BETTER = "With SLA8 the number of %s is not limited."


@pytest.mark.parametrize(
    ("facts", "wish", "rule", "refusal", "ways"),
    [
        pytest.param(
            NOTHING_KNOWN, URGENT, "IB-11",
            "An urgent question is not possible with SLA24.",
            ["Ask the question without urgency.", "With SLA8 an urgent question is possible."],
            id="IB_11 SLA24 and urgent do not go together",
        ),
        pytest.param(
            CHARITY, URGENT, "IB-11",
            "An urgent question is not possible with SLA24.",
            ["Ask the question without urgency.", "With SLA8 an urgent question is possible."],
            id="IB_11 a charity has SLA24 as well",
        ),
        pytest.param(
            CustomerFacts(tickets_this_month=2), ASK, "IB-10",
            "SLA24 allows 2 free tickets a month, and these are used up.",
            ["From 2026-12-01 on a new free ticket is possible.", PREPAID_NOW, BETTER % "tickets"],
            id="IB_10 the third ticket of a month",
        ),
        pytest.param(
            CustomerFacts(tickets_this_month=7), replace(ASK, channel=Channel.MAIL), "IB-10",
            "SLA24 allows 2 free tickets a month, and these are used up.",
            ["From 2026-12-01 on a new free ticket is possible.", PREPAID_NOW, BETTER % "tickets"],
            id="IB_10 by mail as well",
        ),
        pytest.param(
            CustomerFacts(reactions_on_ticket=3), ASK, "IB-10",
            "SLA24 allows 3 reactions on a ticket, and these are used up.",
            ["Make a new ticket that says everything that is known now.", BETTER % "reactions on a new ticket"],
            id="IB_10 the fourth reaction on a ticket",
        ),
    ],
)  # fmt: skip
def test_a_wish_beyond_the_free_plan_is_refused_with_a_way_forward(
    facts: CustomerFacts, wish: Wish, rule: str, refusal: str, ways: list[str]
) -> None:
    decision = decide(facts, wish)
    assert not decision.allowed
    assert decision.refusal is not None
    assert (decision.refusal.rule, decision.refusal.render()) == (rule, refusal)
    assert sentences(decision.ways_forward) == ways
    assert decision.reasons[-1] == decision.refusal
    with pytest.raises(NotEntitled) as refused:
        decision.demand()
    assert (refused.value.reason, refused.value.ways_forward) == (decision.refusal, decision.ways_forward)


@pytest.mark.parametrize(
    ("facts", "wish"),
    [
        pytest.param(CustomerFacts(tickets_this_month=1), ASK, id="IB_10 the second ticket of a month"),
        pytest.param(CustomerFacts(reactions_on_ticket=2), ASK, id="IB_10 the third reaction"),
        pytest.param(replace(WITH_INFOKAS, tickets_this_month=9), ASK, id="IB_10 SLA8 has no quota"),
        pytest.param(replace(WITH_INFOKAS, reactions_on_ticket=9), ASK, id="IB_10 nor for reactions"),
        pytest.param(
            replace(CHARITY, tickets_this_month=9, reactions_on_ticket=9), ASK, id="IB_07 nor a charity"
        ),
        pytest.param(replace(LAPSED, tickets_this_month=9), ASK, id="IB_13 who pays has no quota"),
        pytest.param(WITH_INFOKAS, URGENT, id="IB_22 SLA8 and urgent"),
    ],
)
def test_a_wish_within_the_plan_is_allowed(facts: CustomerFacts, wish: Wish) -> None:
    decision = decide(facts, wish)
    assert decision.allowed
    assert decision.refusal is None
    decision.demand()


def test_the_first_reason_to_refuse_is_the_one_that_is_given() -> None:
    decision = decide(CustomerFacts(tickets_this_month=2, reactions_on_ticket=3), URGENT)
    assert decision.refusal is not None and decision.refusal.rule == "IB-11"


def test_a_desk_without_quota_and_better_plans_refuses_only_urgent() -> None:
    settings = replace(INFOBITS.settings, tickets_per_month=None, reactions_per_ticket=None)
    desk = replace(INFOBITS, settings=settings, plans={"SLA24": SLA24}, products={}, contract_types={})
    facts = CustomerFacts(tickets_this_month=99, reactions_on_ticket=99)
    assert decide(facts, desk=desk).allowed
    assert sentences(decide(facts, URGENT, desk).ways_forward) == ["Ask the question without urgency."]


def test_in_december_the_next_month_is_january_IB_10() -> None:
    decision = decide(CustomerFacts(tickets_this_month=2), when=at("2026-12-31 23:59"))
    assert decision.ways_forward[0].render() == "From 2027-01-01 on a new free ticket is possible."


@pytest.mark.parametrize(
    ("facts", "wish", "waits_for"),
    [
        pytest.param(NOTHING_KNOWN, ASK, (), id="nothing in the way"),
        pytest.param(LAPSED, ASK, (Condition.PAYMENT,), id="IB_13 pay first"),
        pytest.param(replace(LAPSED, prepaid_minutes=30), ASK, (), id="IB_13 the credit is there"),
        pytest.param(WITH_INFOKAS, PREPAID_CALL, (Condition.PAYMENT,), id="IB_19 prepaid without credit"),
        pytest.param(replace(WITH_INFOKAS, prepaid_minutes=30), PREPAID_CALL, (), id="IB_19 prepaid with credit"),
        pytest.param(
            replace(WITH_INFOKAS, maintained_by=MaintainedBy.THIRD_PARTY),
            replace(PREPAID_CALL, billing_mode=BillingMode.POSTPAID),
            (Condition.ACCEPTANCE,),
            id="IB_20 maintained by a third party",
        ),
        pytest.param(
            replace(WITH_INFOKAS, maintained_by=MaintainedBy.NOBODY),
            PREPAID_CALL,
            (Condition.ACCEPTANCE, Condition.PAYMENT),
            id="IB_20 accepted first, then paid",
        ),
        pytest.param(
            replace(WITH_INFOKAS, maintained_by=MaintainedBy.NOBODY), ASK, (),
            id="IB_20 is about the phone, not about the site",
        ),
    ],
)  # fmt: skip
def test_the_clock_may_have_to_wait(
    facts: CustomerFacts, wish: Wish, waits_for: tuple[Condition, ...]
) -> None:
    decision = decide(facts, wish)
    assert decision.waits_for == waits_for
    said = {reason.setting for reason in decision.reasons}
    assert ("customer.prepaid_minutes" in said) == (Condition.PAYMENT in waits_for)
    assert ("settings.accepts_when_maintained_elsewhere" in said) == (Condition.ACCEPTANCE in waits_for)


# -- Reactions, storage, deadline --------------------------------------------------------------------------


def test_a_reaction_is_judged_by_the_decision_of_its_ticket_IB_10() -> None:
    stored = decide(NOTHING_KNOWN)
    third, fourth = CustomerFacts(reactions_on_ticket=2), CustomerFacts(reactions_on_ticket=3)
    reaction = entitlement.decide_reaction(stored, third, INFOBITS)
    assert reaction == replace(stored, quota=reaction.quota)
    refused = entitlement.decide_reaction(stored, fourth, INFOBITS)
    assert not refused.allowed
    assert (refused.hours, refused.response_minutes, refused.waits_for) == (None, None, ())
    assert refused.refusal is not None and refused.refusal.rule == "IB-10"
    assert refused.ways_forward


def test_a_ticket_kept_over_the_quota_has_reactions_of_its_own_IB_10() -> None:
    kept = decide(CustomerFacts(tickets_this_month=2))
    reaction = entitlement.decide_reaction(kept, CustomerFacts(reactions_on_ticket=1), INFOBITS)
    assert not kept.allowed
    assert reaction.allowed and reaction.refusal is None
    assert reaction.response_minutes is None, "what was kept starts no clock later either"


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(decide(WITH_INFOKAS), id="made under SLA8, whatever the customer has now"),
        pytest.param(decide(CHARITY), id="IB_07 made by a charity"),
        pytest.param(decide(LAPSED), id="made under the payment status"),
        pytest.param(replace(decide(NOTHING_KNOWN), plan="gone"), id="made under a plan that is gone"),
    ],
)
def test_a_reaction_has_no_limit_outside_the_free_plan_IB_10(stored: Decision) -> None:
    assert entitlement.decide_reaction(stored, CustomerFacts(reactions_on_ticket=99), INFOBITS) == stored


CALENDARS = {
    key: Calendar.build(
        line.hours, zone=INFOBITS.zone, holidays={}, first=date(2026, 11, 1), last=date(2027, 1, 31)
    )
    for key, line in INFOBITS.lines.items()
}


@pytest.mark.parametrize(
    ("facts", "wish", "due"),
    [
        pytest.param(WITH_PHONE, ASK, at("2026-11-23 13:00"), id="IB_30 the page's example with a contract"),
        pytest.param(
            WITH_INFOKAS, ASK, at("2026-11-23 16:00"), id="IB_30 the page's example without a contract"
        ),
        pytest.param(WITH_SLA4, ASK, at("2026-11-21 12:00"), id="IB_17 four hours, until Saturday's closing"),
        pytest.param(NOTHING_KNOWN, ASK, at("2026-11-25 16:00"), id="IB_09 24 helpdesk hours"),
        pytest.param(NOTHING_KNOWN, URGENT, None, id="a refused wish has no deadline"),
        pytest.param(LAPSED, ASK, None, id="nothing is promised"),
        pytest.param(WITH_INFOKAS, PREPAID_CALL, None, id="the clock waits for the payment"),
    ],
)
def test_the_deadline_follows_from_the_decision(
    facts: CustomerFacts, wish: Wish, due: datetime | None
) -> None:
    assert entitlement.deadline(decide(facts, wish), NOW, CALENDARS) == due


# -- What holds for every customer and every wish ----------------------------------------------------------

days = st.none() | st.dates(date(2014, 1, 1), date(2030, 12, 31))
validities = st.builds(Validity, first=days, last=days)
all_facts = st.builds(
    CustomerFacts,
    licences=st.lists(
        st.builds(LicenceFact, st.sampled_from([*INFOBITS.products, "unknown"]), validities), max_size=4
    ).map(tuple),
    contracts=st.lists(
        st.builds(ContractFact, st.sampled_from([*INFOBITS.contract_types, "unknown"]), validities),
        max_size=4,
    ).map(tuple),
    hardware_from_us=st.booleans(),
    existing_since=days,
    maintained_by=st.sampled_from(MaintainedBy),
    charity_until=days,
    last_paid_support_on=days,
    tickets_this_month=st.integers(0, 4),
    reactions_on_ticket=st.integers(0, 5),
    prepaid_minutes=st.integers(0, 60),
)
wishes = st.builds(
    Wish,
    channel=st.sampled_from(Channel),
    answer_mode=st.sampled_from(AnswerMode),
    billing_mode=st.sampled_from(BillingMode),
    urgent=st.booleans(),
)
moments = st.integers(1_420_000_000, 1_920_000_000).map(lambda epoch: datetime.fromtimestamp(epoch, UTC))
desks = st.sampled_from([INFOBITS, SOFTWEAR])


@given(all_facts, wishes, desks, moments)
def test_a_decision_survives_being_stored(
    facts: CustomerFacts, wish: Wish, desk: Desk, when: datetime
) -> None:
    decision = decide(facts, wish, desk, when)
    assert Decision.from_json(json.loads(json.dumps(decision.as_json()))) == decision


@given(all_facts, wishes, desks, moments)
def test_a_refusal_names_a_way_forward_and_promises_nothing(
    facts: CustomerFacts, wish: Wish, desk: Desk, when: datetime
) -> None:
    decision = decide(facts, wish, desk, when)
    assert decision.allowed == (decision.refusal is None)
    if not decision.allowed:
        assert decision.ways_forward
        assert (decision.hours, decision.response_minutes, decision.waits_for) == (None, None, ())


@given(all_facts, wishes, moments)
def test_every_decision_says_why(facts: CustomerFacts, wish: Wish, when: datetime) -> None:
    decision = decide(facts, wish, INFOBITS, when)
    assert decision.reasons
    assert all("%(" not in sentence for sentence in sentences((*decision.reasons, *decision.ways_forward)))


@given(all_facts, wishes, moments)
def test_a_promise_has_hours_in_which_it_counts(facts: CustomerFacts, wish: Wish, when: datetime) -> None:
    decision = decide(facts, wish, INFOBITS, when)
    assert (decision.hours is None) == (decision.response_minutes is None)
    if decision.hours is not None:
        assert decision.hours == ("zone-1" if decision.has_support_contract else "helpdesk")


@given(all_facts, moments, st.sampled_from(["infokasv3-l", "infokasv3-s", "charity", "ts-pos"]))
def test_one_licence_more_never_gives_a_worse_plan_IB_08(
    facts: CustomerFacts, when: datetime, product: str
) -> None:
    def rank(some: CustomerFacts) -> int:
        plan = entitlement.assess_plan(some, INFOBITS, at=when).plan
        return INFOBITS.plans[plan].rank if plan else 0

    more = replace(facts, licences=(*facts.licences, licence(product)))
    assert rank(more) >= rank(facts)


@given(all_facts, wishes, moments)
def test_a_wish_that_is_allowed_under_sla24_is_allowed_under_sla8(
    facts: CustomerFacts, wish: Wish, when: datetime
) -> None:
    better = replace(facts, licences=(*facts.licences, licence("infokasv3-l")))
    under_sla8 = decide(better, wish, INFOBITS, when)
    before = decide(facts, wish, INFOBITS, when)
    assert under_sla8.allowed or not before.allowed
    assert before.response_minutes is None or under_sla8.response_minutes is not None
    assert (under_sla8.response_minutes or 0) <= (before.response_minutes or 1440)


@given(all_facts, moments)
def test_the_status_day_fits_the_status_IB_18(facts: CustomerFacts, when: datetime) -> None:
    status = entitlement.assess_plan(facts, INFOBITS, at=when).status
    day = when.astimezone(TZ).date()
    if status.kind is VALID:
        assert status.day is None
    elif status.kind is UNTIL:
        assert status.day is not None and status.day >= day
    else:
        assert status.kind in (EXPIRED, PAYMENT)
        assert status.day is not None and status.day < day


@given(all_facts, moments)
def test_a_charity_never_has_the_payment_status_IB_07(facts: CustomerFacts, when: datetime) -> None:
    support = entitlement.assess_plan(replace(facts, charity_until=date(2031, 1, 1)), INFOBITS, at=when)
    assert support.is_charity
    assert support.status.kind is not PAYMENT


@given(all_facts, moments)
def test_the_order_of_licences_and_contracts_does_not_matter(facts: CustomerFacts, when: datetime) -> None:
    turned = replace(facts, licences=facts.licences[::-1], contracts=facts.contracts[::-1])
    one, other = (entitlement.assess_plan(some, INFOBITS, at=when) for some in (facts, turned))
    assert (one.plan, one.status, one.has_support_contract) == (
        other.plan,
        other.status,
        other.has_support_contract,
    )
