"""Named hard cases of entitlement: the days, minutes and combinations at which rules go wrong, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from balie.presets.reading import load
from balie.rules.customer_facts import (
    CharityApplication,
    ContractFact,
    CustomerFacts,
    LicenceFact,
    MaintainedBy,
    Validity,
)
from balie.rules.decision import Condition, Decision, QuotaLeft, RateNow, Surcharge
from balie.rules.entitlement import decide, decide_reaction, decide_received
from balie.rules.price_basis import PriceBasis
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish

TZ = ZoneInfo("Europe/Amsterdam")
PRESET = load("infobits")
INFOBITS = PRESET.desk
TODAY, NOW = date(2026, 11, 20), "2026-11-20 16:00"  # a Friday
ASK = Wish(Channel.PORTAL)
URGENT = replace(ASK, urgent=True)
CALL_BACK = replace(ASK, answer_mode=AnswerMode.CALLBACK)
POSTPAID = replace(CALL_BACK, billing_mode=BillingMode.POSTPAID)
PREPAID = replace(CALL_BACK, billing_mode=BillingMode.PREPAID)
PHONE = Wish(Channel.PHONE)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def licence(product: str, first: str | None = None, last: str | None = None) -> LicenceFact:
    return LicenceFact(product, Validity(day(first), day(last)))


def contract(kind: str, first: str | None = None, last: str | None = None) -> ContractFact:
    return ContractFact(kind, Validity(day(first), day(last)))


def ask(facts: CustomerFacts, wish: Wish = ASK, at: str = NOW) -> Decision:
    return decide(facts, wish, INFOBITS, at=datetime.fromisoformat(at).replace(tzinfo=TZ))


def having(*things: LicenceFact | ContractFact, **more: object) -> CustomerFacts:
    licences = tuple(each for each in things if isinstance(each, LicenceFact))
    contracts = tuple(each for each in things if isinstance(each, ContractFact))
    return CustomerFacts(licences=licences, contracts=contracts, **more)  # type: ignore[arg-type]


SLA8 = having(licence("infokasv3-l"))
SLA4 = having(contract("maintenance"), hardware_from_us=True, existing_since=date(2015, 1, 1))


@pytest.mark.parametrize(
    ("facts", "at", "plan"),
    [
        pytest.param(having(contract("online-support", last="2026-11-20")), NOW, "SLA8", id="ends today: still valid"),
        pytest.param(
            having(contract("online-support", first="2026-11-21")), NOW, "SLA24", id="starts tomorrow: not yet"
        ),
        pytest.param(
            having(
                contract("online-support", last="2026-11-20"), contract("online-support", first="2026-11-15")
            ),
            "2026-11-21 00:00", "SLA8", id="overlaps another: no hole between them",
        ),
        pytest.param(
            having(licence("infokasv3-l"), contract("maintenance", "2026-11-20", "2026-11-20"),
                   hardware_from_us=True, existing_since=date(2015, 1, 1)),
            NOW, "SLA4", id="two plans: the better one counts, if only for a day",
        ),
        pytest.param(
            having(licence("charity"), licence("infokasv3-n")), NOW, "SLA8",
            id="two licences with different plans: the better one",
        ),
        pytest.param(
            having(licence("infokasv3-l", last="2026-03-28")), "2026-03-28 23:59", "SLA8",
            id="23:59 on the last day, the night in which summer time begins",
        ),
        pytest.param(
            having(licence("infokasv3-l", last="2026-03-28")), "2026-03-29 00:00", "SLA24", id="a minute later"
        ),
        pytest.param(
            having(licence("infokasv3-l", last="2026-10-25")), "2026-10-25 23:59", "SLA8",
            id="23:59 on the last day, the day of 25 hours on which summer time ends",
        ),
        pytest.param(
            having(licence("infokasv3-l", last="2026-10-25")), "2026-10-26 00:00", "SLA24", id="and a minute later"
        ),
        pytest.param(
            CustomerFacts(last_paid_support_on=date(2024, 11, 20)), NOW, "SLA24", id="24 months: that day not yet"
        ),
        pytest.param(
            CustomerFacts(last_paid_support_on=date(2024, 11, 19)), NOW, None, id="lapsed: 24 months and a day"
        ),
        pytest.param(
            CustomerFacts(last_paid_support_on=date(2024, 2, 29)), "2026-02-28 12:00", "SLA24",
            id="from 29 February: until the 28th of a year without one",
        ),
        pytest.param(
            CustomerFacts(last_paid_support_on=date(2024, 2, 29)), "2026-03-01 00:00", None, id="and not in March"
        ),
    ],
)  # fmt: skip
def test_the_plan_on_the_edge_of_a_day_IB_13_IB_14(facts: CustomerFacts, at: str, plan: str | None) -> None:
    assert ask(facts, at=at).plan == plan


def test_the_last_minute_of_a_contract_is_that_of_the_desks_clock_and_not_of_the_callers() -> None:
    facts = having(contract("phone-support", last="2026-12-31"))
    last_minute = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)  # 23:59 in Amsterdam
    assert decide(facts, ASK, INFOBITS, at=last_minute).shows_phone_number
    assert not decide(facts, ASK, INFOBITS, at=datetime(2026, 12, 31, 23, 0, tzinfo=UTC)).shows_phone_number


@pytest.mark.parametrize(
    ("facts", "at", "left"),
    [
        pytest.param(CustomerFacts(), NOW, QuotaLeft(2, 3), id="nothing used"),
        pytest.param(CustomerFacts(tickets_this_month=1), NOW, QuotaLeft(1, 3), id="one left"),
        pytest.param(CustomerFacts(tickets_this_month=9), NOW, QuotaLeft(0, 3), id="never below none"),
        pytest.param(CustomerFacts(reactions_on_ticket=2), NOW, QuotaLeft(2, 1), id="one reaction left"),
        pytest.param(SLA8, NOW, None, id="SLA8 has no quota"),
        pytest.param(
            CustomerFacts(charity_until=TODAY), NOW, None, id="IB_07 a charity has none, until today"
        ),
        pytest.param(
            CustomerFacts(charity_until=TODAY),
            "2026-11-21 00:00",
            QuotaLeft(2, 3),
            id="IB_07 and one tomorrow",
        ),
    ],
)
def test_what_is_left_of_the_quota_IB_10(facts: CustomerFacts, at: str, left: QuotaLeft | None) -> None:
    assert ask(facts, at=at).quota == left


@pytest.mark.parametrize(
    ("at", "possible_from"),
    [
        pytest.param("2026-11-30 23:59", "2026-12-01", id="a minute before the month ends"),
        pytest.param("2026-12-31 23:59", "2027-01-01", id="and the year"),
        pytest.param("2028-02-29 12:00", "2028-03-01", id="a leap day"),
    ],
)
def test_the_month_of_the_quota_is_that_of_the_desk_IB_10(at: str, possible_from: str) -> None:
    refused = ask(CustomerFacts(tickets_this_month=2), at=at)
    assert not refused.allowed
    assert refused.ways_forward[0].values == {"day": possible_from}


def test_what_is_paid_has_no_quota_IB_10_IB_19() -> None:
    used_up = CustomerFacts(tickets_this_month=2, reactions_on_ticket=3)
    assert ask(used_up, PREPAID).allowed
    assert not ask(used_up, ASK).allowed
    stored = ask(CustomerFacts(), PREPAID)
    assert decide_reaction(stored, CustomerFacts(reactions_on_ticket=9), INFOBITS).allowed


@pytest.mark.parametrize(
    ("facts", "wish", "price", "waits_for"),
    [
        pytest.param(CustomerFacts(), ASK, "free", (), id="SLA24 on the site is free"),
        pytest.param(CustomerFacts(), CALL_BACK, "prepaid", (Condition.PAYMENT,), id="IB_19 SLA24 calls prepaid"),
        pytest.param(
            CustomerFacts(prepaid_minutes=1), CALL_BACK, "prepaid", (), id="IB_19 a minute of credit starts the clock"
        ),
        pytest.param(SLA8, ASK, "included", (), id="IB_15 SLA8 on the site is included"),
        pytest.param(SLA8, CALL_BACK, "prepaid", (Condition.PAYMENT,), id="IB_19 without a choice: prepaid"),
        pytest.param(SLA8, POSTPAID, "postpaid", (), id="IB_15 SLA8 may pay afterwards"),
        pytest.param(SLA4, ASK, "included", (), id="IB_17 SLA4 on the site"),
        pytest.param(SLA4, CALL_BACK, "contract", (), id="IB_17 SLA4 is under contract"),
        pytest.param(SLA4, PREPAID, "contract", (), id="who need not pay is not refused for offering it"),
        pytest.param(
            having(contract("phone-support")), CALL_BACK, "contract", (), id="a phone contract covers a call-back"
        ),
        pytest.param(having(contract("phone-support")), ASK, "free", (), id="and leaves the site as it is"),
        pytest.param(
            CustomerFacts(charity_until=TODAY), POSTPAID, "free", (), id="IB_07 a charity pays for nothing"
        ),
        pytest.param(
            CustomerFacts(last_paid_support_on=date(2020, 1, 1)), ASK, "prepaid", (Condition.PAYMENT,),
            id="IB_13 the payment status pays for an answer on the site, too",
        ),
        pytest.param(
            replace(SLA8, maintained_by=MaintainedBy.NOBODY), replace(CALL_BACK, answer_mode=AnswerMode.ANYDESK),
            "prepaid", (Condition.ACCEPTANCE, Condition.PAYMENT), id="IB_20 accepted first, then paid",
        ),
    ],
)  # fmt: skip
def test_how_a_wish_is_paid_IB_07_IB_15_IB_19(
    facts: CustomerFacts, wish: Wish, price: str, waits_for: tuple[Condition, ...]
) -> None:
    decision = ask(facts, wish)
    assert decision.allowed
    assert (decision.price, decision.waits_for) == (PriceBasis(price), waits_for)
    assert any((reason.setting or "").startswith("price_basis.") for reason in decision.reasons)


def test_without_a_choice_the_first_is_taken_and_said_IB_19() -> None:
    said = [reason.render() for reason in ask(SLA8, CALL_BACK).reasons]
    assert "No choice of payment was made, so this counts; paying afterwards can be chosen as well." in said
    assert not any("No choice of payment" in reason.render() for reason in ask(SLA4, CALL_BACK).reasons)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        pytest.param(
            CustomerFacts(),
            "With SLA24 this can be paid beforehand only (prepaid), not afterwards (postpaid).",
            id="SLA24",
        ),
        pytest.param(
            CustomerFacts(last_paid_support_on=date(2020, 1, 1)),
            "With the payment status this can be paid beforehand only (prepaid), not afterwards (postpaid).",
            id="payment status",
        ),
    ],
)
def test_postpaid_is_refused_by_name_and_prepaid_is_the_way_forward_IB_19(
    facts: CustomerFacts, refusal: str
) -> None:
    decision = ask(facts, POSTPAID)
    assert decision.refusal is not None
    assert (decision.refusal.rule, decision.refusal.render()) == ("IB-19", refusal)
    assert [way.render() for way in decision.ways_forward] == [
        "Choose to pay beforehand (prepaid).",
        "With SLA8 a call-back can be paid afterwards as well.",
    ]


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        pytest.param(CustomerFacts(), False, id="IB_11 not with SLA24"),
        pytest.param(having(contract("phone-support")), False, id="IB_11 nor with a phone contract beside it"),
        pytest.param(CustomerFacts(charity_until=TODAY), False, id="IB_11 nor as a charity"),
        pytest.param(
            CustomerFacts(last_paid_support_on=date(2020, 1, 1)), False,
            id="IB_13 nor with the payment status, which is what is left of SLA24",
        ),
        pytest.param(SLA8, True, id="SLA8"),
        pytest.param(SLA4, True, id="SLA4"),
    ],
)  # fmt: skip
def test_who_may_be_urgent_IB_11_IB_22(facts: CustomerFacts, allowed: bool) -> None:
    decision = ask(facts, URGENT)
    assert decision.allowed is allowed
    assert decision.surcharge == (Surcharge(50, None) if allowed else None)
    if not allowed:
        assert decision.refusal is not None and decision.refusal.rule == "IB-11"
        assert [way.render() for way in decision.ways_forward] == [
            "Ask the question without urgency.",
            "With SLA8 an urgent question is possible.",
        ]


@pytest.mark.parametrize(
    ("at", "rate"),
    [
        pytest.param(NOW, RateNow("zone-1", 8500), id="Friday afternoon: zone 1"),
        pytest.param("2026-11-20 17:00", RateNow("zone-2", 12750), id="at five the high rate begins"),
        pytest.param("2026-11-21 11:59", RateNow("zone-1", 8500), id="Saturday morning: zone 1"),
        pytest.param("2026-11-21 12:00", RateNow("zone-2", 12750), id="Saturday noon: zone 2"),
        pytest.param("2026-11-20 21:00", None, id="at night nobody works"),
        pytest.param("2026-12-25 12:00", None, id="on a holiday neither"),
        pytest.param("2026-12-31 16:59", RateNow("zone-1", 8500), id="the last day of a year"),
    ],
)
def test_what_an_hour_of_work_costs_at_that_moment_IB_29(at: str, rate: RateNow | None) -> None:
    assert ask(SLA8, PREPAID, at).rate == rate


def test_an_urgent_wish_on_a_holiday_is_taken_with_its_surcharge_and_no_rate_IB_22() -> None:
    decision = ask(SLA8, URGENT, "2026-12-25 12:00")
    assert decision.allowed
    assert (decision.rate, decision.surcharge) == (None, Surcharge(50, None))
    said = [reason.render() for reason in decision.reasons]
    assert (
        "Urgent goes before all planned work and all earlier questions, at a surcharge of 50% on the rate."
        in said
    )
    assert "No work is done at this moment; the rate is that of the moment of the work." in said


@pytest.mark.parametrize(
    ("facts", "is_charity", "says"),
    [
        pytest.param(CustomerFacts(charity_until=TODAY), True, None, id="checked, until today"),
        pytest.param(
            CustomerFacts(charity_until=date(2026, 11, 19)), False,
            "The free support of a charity ended on 2026-11-19.", id="ended yesterday: as without",
        ),
        pytest.param(
            CustomerFacts(charity_application=CharityApplication.APPLIED), False,
            "The application for a charity licence is being checked; until then it gives nothing.",
            id="applied for, not checked",
        ),
        pytest.param(
            having(licence("charity"), charity_application=CharityApplication.APPLIED), False,
            "The application for a charity licence is being checked; until then it gives nothing.",
            id="a licence that is still to be checked gives nothing either",
        ),
        pytest.param(
            having(licence("charity"), charity_application=CharityApplication.CHECKED), True, None, id="checked"
        ),
        pytest.param(having(licence("charity")), True, None, id="a licence without an application"),
        pytest.param(
            CustomerFacts(charity_until=TODAY, charity_application=CharityApplication.APPLIED), True,
            "The renewal of the charity licence is being checked.", id="renewed in time: the old days still count",
        ),
        pytest.param(
            having(licence("charity"), charity_application=CharityApplication.DECLINED), False,
            "The application for a charity licence was declined.", id="declined",
        ),
    ],
)  # fmt: skip
def test_a_charity_licence_is_applied_for_checked_and_renewed_IB_07(
    facts: CustomerFacts, is_charity: bool, says: str | None
) -> None:
    decision = ask(facts)
    assert decision.is_charity is is_charity
    said = {reason.render(): reason.setting for reason in decision.reasons if reason.rule == "IB-07"}
    assert says is None or (said[says] or "").startswith("customer.charity_")


@pytest.mark.parametrize(
    ("facts", "at", "shows", "allowed", "rule"),
    [
        pytest.param(CustomerFacts(), NOW, False, False, "IB-01", id="without a contract"),
        pytest.param(having(contract("phone-support")), NOW, True, True, None, id="with one"),
        pytest.param(
            having(contract("phone-support", last="2026-11-20")), NOW, True, True, None, id="ends today"
        ),
        pytest.param(
            having(contract("phone-support", last="2026-11-19")),
            NOW,
            False,
            False,
            "IB-01",
            id="ended yesterday",
        ),
        pytest.param(
            having(contract("phone-support", first="2026-11-21")),
            NOW,
            False,
            False,
            "IB-01",
            id="starts tomorrow",
        ),
        pytest.param(SLA4, NOW, False, False, "IB-01", id="SLA4 is no phone contract"),
        pytest.param(
            having(contract("phone-support")),
            "2026-11-20 22:00",
            True,
            False,
            "IB-29",
            id="shown, but at night closed",
        ),
        pytest.param(
            having(contract("phone-support")), "2026-12-25 12:00", True, False, "IB-29", id="and on a holiday"
        ),
        pytest.param(having(contract("unknown")), NOW, False, False, "IB-01", id="a contract nobody knows"),
    ],
)
def test_the_number_is_for_who_has_a_phone_contract_IB_01_IB_04(
    facts: CustomerFacts, at: str, shows: bool, allowed: bool, rule: str | None
) -> None:
    by_phone = ask(facts, PHONE, at)
    assert (by_phone.shows_phone_number, by_phone.allowed) == (shows, allowed)
    assert ask(facts, ASK, at).shows_phone_number is shows
    if by_phone.refusal is not None:
        assert (by_phone.refusal.rule or PRESET.rule_of(by_phone.refusal.setting or "")) == rule
        assert any("Make a ticket" in way.render() for way in by_phone.ways_forward)


@pytest.mark.parametrize(
    ("licences", "says"),
    [
        pytest.param(
            (licence("infokasv3-l", None, "2026-11-30"), licence("infokasv3-s", "2026-12-05")),
            ["SLA8 begins again on 2026-12-05."],
            id="days without it lie between",
        ),
        pytest.param(
            (licence("infokasv3-l", None, "2026-11-30"), licence("infokasv3-s", "2026-12-01")),
            [],
            id="the one follows on the other",
        ),
        pytest.param(
            (licence("infokasv3-l"), licence("infokasv3-s", "2026-12-05")), [], id="the first has no end"
        ),
        pytest.param(
            (licence("infokasv3-l", "2026-12-05"), licence("infokasv3-s", "2027-01-01")),
            ["SLA8 begins on 2026-12-05."],
            id="nothing yet: the first of two",
        ),
    ],
)
def test_a_renewal_after_days_without_a_plan_is_said_IB_18(
    licences: tuple[LicenceFact, ...], says: list[str]
) -> None:
    told = [each.render() for each in ask(having(*licences), ASK).reasons]
    assert [each for each in told if "begins" in each] == says


def test_a_call_is_priced_as_phone_support_and_not_as_an_answer_on_the_site_IB_21() -> None:
    facts = having(licence("infokasv3-l"), contract("phone-support"))
    assert ask(facts, PHONE).price is PriceBasis.CONTRACT
    assert ask(facts, ASK).price is PriceBasis.INCLUDED


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        pytest.param(
            (),
            "No number is registered yet. As soon as one is, a call from it is put through; no other call is.",
            id="none",
        ),
        pytest.param(
            ("+31612345678",),
            "Call from a registered number, with the number shown: only then the call is put through.",
            id="one",
        ),
    ],
)
def test_a_caller_hears_that_the_number_must_be_registered_IB_02(numbers: tuple[str, ...], says: str) -> None:
    decision = ask(having(contract("phone-support"), phone_numbers=numbers), PHONE)
    assert says in [reason.render() for reason in decision.reasons]


def test_a_question_that_has_reached_us_is_not_refused_for_its_channel_IB_21() -> None:
    at = datetime(2026, 11, 20, 22, tzinfo=TZ)
    received = decide_received(CustomerFacts(), PHONE, INFOBITS, at=at)
    assert received.allowed and received.price is PriceBasis.FREE
    assert not decide_received(CustomerFacts(), replace(PHONE, urgent=True), INFOBITS, at=at).allowed
