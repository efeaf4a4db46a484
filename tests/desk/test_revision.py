"""The desk's revision: what was read under one may be remembered, so every change must make a new one."""

from __future__ import annotations

import pytest
from tests.cast import FRIDAY_AT_FOUR

from balie.contracts.facts import desk_for_rules
from balie.contracts.models import ContractType, KindPrice, PriceBasis, Product, SupportPlan
from balie.desk.models import DatedHours, Desk, HolidayHours, Line, WeekdayHours
from balie.mail.models import MailText
from balie.tickets.facts import desk_for_rules as desk_with_topics
from balie.tickets.models import Category


def revision():
    return Desk.objects.get().revision


@pytest.mark.parametrize(
    ("rows", "change"),
    [
        (Desk, {"tickets_per_month": 5}),
        (Line, {"name_nl": "Andere naam"}),
        (WeekdayHours, {"hours": "10:00-11:00"}),
        (HolidayHours, {"hours": "10:00-11:00"}),
        (SupportPlan, {"response_minutes": 60}),
        (Product, {"is_charity": True}),
        (ContractType, {"counts_zone_1": False}),
        (PriceBasis, {"site": "free"}),
        (KindPrice, {"price": "quote"}),
        (Category, {"may_phone_in_office_hours": True}),
        (MailText, {"body": "Dag {name}! {promise} {link}"}),
    ],
)
def test_any_change_that_is_remembered_by_it_makes_a_new_revision(infobits, rows, change):
    before = revision()
    rows.objects.update(**change)
    assert revision() != before


def test_a_new_exception_and_its_removal_make_a_new_revision(infobits):
    before = revision()
    exception = DatedHours.objects.create(line=Line.objects.first(), on=FRIDAY_AT_FOUR.date(), hours="")
    between = revision()
    exception.delete()
    assert len({before, between, revision()}) == 3


def test_saving_a_stale_desk_does_not_bring_an_old_revision_back(infobits):
    stale = Desk.objects.get()
    SupportPlan.objects.update(response_minutes=60)
    changed = revision()
    stale.save()
    assert revision() not in {stale.revision, changed}


def test_the_progress_of_the_demo_is_no_change(infobits):
    before = revision()
    Desk.objects.update(demo_progress={"done": 1, "total": 2})
    assert revision() == before


def test_a_revision_is_read_once_and_a_new_one_again(infobits, django_assert_num_queries):
    desk = Desk.objects.get()
    first = desk_for_rules(desk)
    with django_assert_num_queries(0):
        assert desk_for_rules(desk) is first
    SupportPlan.objects.filter(key="SLA8").update(response_minutes=60)
    assert desk_for_rules(Desk.objects.get()).plans["SLA8"].response_minutes == 60


def test_a_topic_that_may_phone_is_known_to_the_rules_at_once_SW_03(softwear):
    assert not desk_with_topics(Desk.objects.get()).topics["till-question"].may_phone_in_office_hours
    Category.objects.filter(key="till-question").update(may_phone_in_office_hours=True)
    assert desk_with_topics(Desk.objects.get()).topics["till-question"].may_phone_in_office_hours


def test_a_topic_that_can_no_longer_be_chosen_may_not_phone_SW_03(softwear):
    Category.objects.filter(key="till-scanner").update(is_active=False)
    assert not desk_with_topics(Desk.objects.get()).topics["till-scanner"].may_phone_in_office_hours


def test_a_price_that_an_administrator_changed_counts_at_once_IB_19(infobits):
    PriceBasis.objects.filter(plan__key="SLA24").update(callback=["prepaid", "postpaid"])
    Desk.objects.update(urgent_surcharge="12.50", urgent_surcharge_percent=None)
    Line.objects.filter(key="zone-1").update(hourly_rate="90.00")
    desk = desk_for_rules(Desk.objects.get())
    assert desk.prices["SLA24"].callback == ("prepaid", "postpaid")
    assert (desk.settings.urgent_surcharge_cents, desk.lines["zone-1"].hourly_rate_cents) == (1250, 9000)
