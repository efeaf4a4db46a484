"""The month view of the hours, its exceptions, and the box in which a moment is tested."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import HttpResponse
from tests.cast import AMSTERDAM, browser_of, moment

from balie.accounts.models import User
from balie.administration import months
from balie.administration.moments import UnreadableMoment, read_moment
from balie.audit.models import Entry
from balie.contracts.models import Contract
from balie.customers.models import Customer
from balie.desk.models import DatedHours, Desk, Line
from balie.rules.moments import zone_named

HOURS = "/admin/hours/"
MOMENT = "/admin/moment/"
MONDAY = "/admin/hours/helpdesk/2026-11-23/"


def day_of(response: HttpResponse, on: date) -> months.Day:
    month: months.Month = response.context["month"]  # type: ignore[attr-defined]
    return next(day for week in month.weeks for day in week if day.on == on)


def all_lines_but(key: str) -> list[int]:
    return list(Line.objects.exclude(key=key).values_list("pk", flat=True))


# The month


def test_a_month_shows_the_hours_of_each_day_of_a_line_SW_02(infobits: Desk, willem: User) -> None:
    page = browser_of(willem).get(HOURS, {"line": "helpdesk", "month": "2026-12"})
    christmas, after, saturday = (day_of(page, date(2026, 12, day)) for day in (25, 28, 5))
    assert (christmas.hours, christmas.is_special, christmas.because) == ("", True, "Christmas Day")
    assert (after.hours, after.is_special) == ("09:00-17:00", False)
    assert saturday.hours == ""


def test_an_exception_stands_out_in_the_month(infobits: Desk, willem: User) -> None:
    line = Line.objects.get(key="zone-1")
    DatedHours.objects.create(line=line, on=date(2026, 11, 23), hours="10:00-12:00", because="Beurs")
    page = browser_of(willem).get(HOURS, {"line": "zone-1", "month": "2026-11"})
    monday = day_of(page, date(2026, 11, 23))
    assert (monday.hours, monday.is_exception, monday.because) == ("10:00-12:00", True, "Beurs")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("2026-02", date(2026, 2, 1)),
        ("2026-13", None),
        ("yesterday", None),
        ("1066-10", None),
        ("", None),
    ],
    ids=["a month", "no such month", "words", "before any calendar", "nothing"],
)
def test_a_month_that_is_none_is_this_month(
    infobits: Desk, willem: User, asked: str, shown: date | None
) -> None:
    page = browser_of(willem).get(HOURS, {"month": asked})
    today = page.context["today"]
    assert page.context["month"].first == (shown or today.replace(day=1))


def test_the_days_on_which_the_clock_changes_say_so() -> None:
    zone = zone_named("Europe/Amsterdam")
    assert "forward" in months.clock_change(date(2026, 3, 29), zone)
    assert "back" in months.clock_change(date(2026, 10, 25), zone)
    assert months.clock_change(date(2026, 10, 26), zone) == ""


# A day


def test_a_day_gets_other_hours_on_several_lines_at_once(infobits: Desk, willem: User) -> None:
    lines = [line.pk for line in Line.objects.filter(key__in=["helpdesk", "zone-1"])]
    sent = {"hours": "10:00-12:00", "because": "Beurs", "lines": lines}
    assert browser_of(willem).post(MONDAY, sent).status_code == 302
    kept = DatedHours.objects.order_by("line__key").values_list("line__key", "hours", "because")
    assert list(kept) == [("helpdesk", "10:00-12:00", "Beurs"), ("zone-1", "10:00-12:00", "Beurs")]
    entries = Entry.objects.filter(action="except_day")
    assert {entry.data["on"] for entry in entries} == {"2026-11-23"}
    assert entries.first().data["hours"] == [None, ["10:00-12:00", "Beurs"]]  # type: ignore[union-attr]


def test_an_exception_is_changed_and_taken_back_on_the_record(infobits: Desk, willem: User) -> None:
    browser, line = browser_of(willem), Line.objects.get(key="helpdesk")
    browser.post(MONDAY, {"hours": "", "because": "Uitje", "lines": [line.pk]})
    browser.post(MONDAY, {"hours": "13:00-17:00", "because": "Uitje", "lines": [line.pk]})
    assert DatedHours.objects.get().hours == "13:00-17:00"
    browser.post(MONDAY, {"_remove": "yes"})
    assert not DatedHours.objects.exists()
    last = Entry.objects.filter(action="except_day").latest("pk")
    assert last.data["hours"] == [["13:00-17:00", "Uitje"], None]


@pytest.mark.parametrize("hours", ["nine to five", "09:00-13:00, 12:00-17:00", "09:00-25:00"])
def test_hours_that_mean_nothing_are_refused(infobits: Desk, willem: User, hours: str) -> None:
    line = Line.objects.get(key="helpdesk")
    refused = browser_of(willem).post(MONDAY, {"hours": hours, "lines": [line.pk]})
    assert refused.status_code == 200
    assert refused.context["form"].errors["hours"]
    assert not DatedHours.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/admin/hours/helpdesk/2026-02-30/",
        "/admin/hours/no-line/2026-11-23/",
        "/admin/hours/helpdesk/9999-01-01/",
    ],
)
def test_a_day_or_a_line_that_is_not_there_is_not_found(infobits: Desk, willem: User, address: str) -> None:
    assert browser_of(willem).get(address).status_code == 404


# A moment


def test_a_moment_tells_of_each_line_whether_it_is_open_and_what_comes_IB_29(
    infobits: Desk, willem: User
) -> None:
    page = browser_of(willem).get(MOMENT, {"at": "2026-11-20T16:00"})
    answer = page.context["answer"]
    helpdesk = next(line for line in answer.lines if not line.is_zone)
    assert helpdesk.is_open
    assert helpdesk.changes_at == moment("2026-11-20 17:00")
    assert answer.zone is not None and "1" in answer.zone.name


def test_a_moment_tells_the_deadline_of_each_plan_with_and_without_a_contract_IB_30(
    infobits: Desk, willem: User
) -> None:
    """Friday at four under SLA8: Monday at one with a support contract, Monday at four without."""
    answer = browser_of(willem).get(MOMENT, {"at": "2026-11-20T16:00"}).context["answer"]
    due = {(each.plan, each.with_contract): each.due_at for each in answer.deadlines}
    assert due["SLA8", True] == moment("2026-11-23 13:00")
    assert due["SLA8", False] == moment("2026-11-23 16:00")
    assert ("SLA4", False) not in due  # nobody has SLA4 without a support contract
    one = browser_of(willem).get(MOMENT, {"at": "2026-11-20T16:00", "plan": "SLA8"}).context["answer"]
    assert {each.plan for each in one.deadlines} == {"SLA8"}
    counted = [step for step in one.deadlines[0].steps if step.is_open]
    assert sum(step.length.total_seconds() for step in counted) == 8 * 3600


def test_a_moment_tells_what_one_customer_would_be_promised_and_why(
    infobits: Desk, willem: User, sla8: Customer, support_contract: Contract
) -> None:
    page = browser_of(willem).get(MOMENT, {"at": "2026-11-20T16:00", "customer": sla8.number})
    found = page.context["answer"].of_customer
    assert (found.customer, found.due_at) == (sla8, moment("2026-11-23 13:00"))
    assert "IB-30" in {reason.rule for reason in found.decision.reasons}
    assert "Mon 23 Nov 2026 13:00" in page.content.decode()


def test_a_customer_is_found_by_name_and_asked_for_when_there_are_several(
    infobits: Desk, willem: User, bakery: Customer, florist: Customer
) -> None:
    browser, at = browser_of(willem), {"at": "2026-11-20T16:00"}
    assert (
        browser.get(MOMENT, {**at, "customer": "korenbloem"}).context["answer"].of_customer.customer == bakery
    )
    assert browser.get(MOMENT, {**at, "customer": "K-100"}).context["candidates"] == [bakery, florist]
    assert "No customer" in browser.get(MOMENT, {**at, "customer": "nobody"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "meant", "oddity"),
    [
        ("2026-03-29T02:30", "2026-03-29T03:30+02:00", "skips"),
        ("2026-10-25T02:30", "2026-10-25T02:30+02:00", "twice"),
        ("2026-11-20T16:00", "2026-11-20T16:00+01:00", ""),
    ],
    ids=["in the gap", "the first of two", "an ordinary moment"],
)
def test_the_nights_when_the_clock_changes_are_told_apart(typed: str, meant: str, oddity: str) -> None:
    at, told = read_moment(typed, AMSTERDAM)
    assert at.isoformat(timespec="minutes") == meant
    assert oddity in told if oddity else told == ""


@pytest.mark.parametrize("typed", ["tomorrow", "1066-10-14T09:00", "2026-02-30T10:00"])
def test_what_is_no_moment_is_refused_in_words(infobits: Desk, willem: User, typed: str) -> None:
    with pytest.raises(UnreadableMoment):
        read_moment(typed, AMSTERDAM)
    page = browser_of(willem).get(MOMENT, {"at": typed})
    assert page.status_code == 200
    assert page.context["trouble"]


def test_only_administrators_see_hours_and_moments(infobits: Desk, anna: User, carla, dario) -> None:
    for person in (anna, carla, dario):
        for address in (HOURS, MONDAY, MOMENT, "/admin/recount/1/"):
            assert browser_of(person).get(address).status_code == 403
    for address in (HOURS, MONDAY, MOMENT):
        assert "/login/" in browser_of(None).get(address).url  # type: ignore[attr-defined]
