"""Changing the desk and its hours in the browser."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.admin.pages import errors_of, send
from tests.cast import AMSTERDAM, at, browser_of, moment

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.contracts.models import SupportPlan
from balie.customers.models import Contact, Customer
from balie.desk import examples
from balie.desk.models import DatedHours, Desk, HolidayHours, Line
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.models import Ticket

DESK = "/admin/desk/desk/1/change/"


def page_of(line: str) -> str:
    return reverse("admin:desk_line_change", args=[Line.objects.get(key=line).pk])


def ask(desk: Desk, carla: Contact) -> Ticket:
    """On Friday at four, under SLA8 without a support contract."""
    writing = actions.Writing("De bon komt er niet uit.")
    wish = Wish(Channel.PORTAL)
    return actions.open(carla, wish, subject="Bon", writing=writing, by=carla.user, situation=at(desk))


# The desk


def test_there_is_one_desk_that_is_neither_added_nor_deleted(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    assert browser.get("/admin/desk/desk/").url == DESK  # type: ignore[attr-defined]
    assert browser.get("/admin/desk/desk/add/").status_code == 403
    assert browser.post("/admin/desk/desk/1/delete/", {"post": "yes"}).status_code == 403
    assert Desk.objects.count() == 1


def test_what_the_vendor_has_not_published_is_marked(infobits: Desk, willem: User) -> None:
    form = browser_of(willem).get(DESK).context["adminform"].form
    marked = {name for name, field in form.fields.items() if "has not published" in str(field.help_text)}
    assert "tickets_per_month" in marked
    assert "default_plan" not in marked


def test_a_change_is_stored_goes_on_the_record_and_is_our_example_no_longer(
    infobits: Desk, willem: User
) -> None:
    assert send(browser_of(willem), DESK, tickets_per_month=5).status_code == 302
    infobits.refresh_from_db()
    assert infobits.tickets_per_month == 5
    assert not examples.is_example("tickets_per_month", infobits.example_keys)
    assert examples.is_example("reactions_per_ticket", infobits.example_keys)
    entry = Entry.objects.get(action="change")
    assert (entry.actor_id, entry.subject_type) == (willem.pk, "desk.desk")
    assert entry.data == {"fields": {"tickets_per_month": [2, 5]}}


def test_saving_without_a_change_puts_nothing_on_the_record(infobits: Desk, willem: User) -> None:
    assert send(browser_of(willem), DESK).status_code == 302
    assert not Entry.objects.filter(action="change").exists()


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("zone", "Europe/Amsterdm", "is not a time zone"),
        ("country", "QQ", "No holidays are known"),
        ("country", "FR", "holidays that this country has not"),
        ("default_plan", "SLA99", "valid choice"),
        ("counts_with_support_contract", "zone-9", "valid choice"),
        ("warns_before_closing_days", 14, "warning must come before"),
    ],
)
def test_a_setting_that_names_nothing_is_refused_in_words(
    infobits: Desk, willem: User, field: str, value: object, complaint: str
) -> None:
    refused = send(browser_of(willem), DESK, **{field: value})
    assert refused.status_code == 200
    assert complaint in errors_of(refused)


def test_how_to_pay_beforehand_is_a_text_of_the_desk_and_on_the_record_IB_13(
    infobits: Desk, willem: User
) -> None:
    before = infobits.how_to_pay_nl
    assert before
    assert send(browser_of(willem), DESK, how_to_pay_nl="Bel Willem.").status_code == 302
    infobits.refresh_from_db()
    assert infobits.how_to_pay_nl == "Bel Willem."
    assert Entry.objects.get(action="change").data == {"fields": {"how_to_pay_nl": [before, "Bel Willem."]}}
    assert not examples.is_example("how_to_pay_nl", infobits.example_keys)


def test_a_table_that_is_an_example_loses_only_what_was_decided() -> None:
    left = examples.decided(["mail_in"], ["settings", "products"])
    assert not examples.is_example("mail_in", left)
    assert examples.is_example("notification", left)
    assert "products" in left


# Hours


def test_other_hours_count_for_the_next_deadline_IB_30(
    infobits: Desk, willem: User, carla: Contact, sla8: Customer
) -> None:
    """Friday's hours end at 16:30 instead of 17:00: the eight hours end half an hour later on Monday."""
    friday = {"weekdays-4-hours": "09:00-16:30"}
    assert send(browser_of(willem), page_of("helpdesk"), **friday).status_code == 302
    after = ask(infobits, carla)
    assert after.due_at is not None
    assert after.due_at.astimezone(AMSTERDAM) == moment("2026-11-23 16:30")


def test_a_change_of_hours_is_on_the_record_with_the_old_and_the_new(infobits: Desk, willem: User) -> None:
    send(browser_of(willem), page_of("helpdesk"), **{"weekdays-4-hours": "09:00-16:30"})
    entry = Entry.objects.get(action="change", subject_type="desk.line")
    assert entry.data["parts"][0]["fields"] == {"hours": ["09:00-17:00", "09:00-16:30"]}


@pytest.mark.parametrize(
    ("hours", "complaint"),
    [
        ("09:00-13:00, 12:00-17:00", "09:00-13:00 and 12:00-17:00 overlap"),
        ("nine to five", "is not a window"),
        ("09:00-25:00", "no clock shows"),
        ("20:00-10:00", "overlap"),
    ],
    ids=["overlap", "words", "no such time", "into the next morning"],
)
def test_hours_that_mean_nothing_are_refused_in_words(
    infobits: Desk, willem: User, hours: str, complaint: str
) -> None:
    refused = send(browser_of(willem), page_of("helpdesk"), **{"weekdays-0-hours": hours})
    assert refused.status_code == 200
    assert complaint in errors_of(refused)
    assert Line.objects.get(key="helpdesk").weekdays.get(weekday=0).hours == "09:00-17:00"


def test_a_holiday_is_chosen_by_name_from_those_of_the_country(infobits: Desk, willem: User) -> None:
    User.objects.filter(pk=willem.pk).update(language="en")
    page = page_of("helpdesk")
    there = HolidayHours.objects.filter(line__key="helpdesk").count()
    browser = browser_of(willem)
    choices = dict(
        browser.get(page).context["inline_admin_formsets"][1].formset.forms[-1].fields["holiday"].choices
    )
    assert choices["good_friday"] == "Good Friday"
    saved = send(browser, page, **{f"holidays-{there}-holiday": "good_friday", f"holidays-{there}-hours": ""})
    assert saved.status_code == 302
    assert HolidayHours.objects.get(line__key="helpdesk", holiday="good_friday").hours == ""
    refused = send(browser, page, **{f"holidays-{there + 1}-holiday": "whale_day"})
    assert "valid choice" in errors_of(refused)


def test_an_exception_closes_one_day(infobits: Desk, willem: User, carla: Contact, sla8: Customer) -> None:
    monday = {"exceptions-0-on": "2026-11-23", "exceptions-0-hours": "", "exceptions-0-because": "Uitje"}
    assert send(browser_of(willem), page_of("helpdesk"), **monday).status_code == 302
    assert DatedHours.objects.get().because == "Uitje"
    assert ask(infobits, carla).due_at == moment("2026-11-24 16:00")


def test_a_line_that_deadlines_count_in_and_the_default_plan_stay(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    line, plan = Line.objects.get(key="zone-1"), SupportPlan.objects.get(key="SLA24")
    assert browser.post(f"/admin/desk/line/{line.pk}/delete/", {"post": "yes"}).status_code == 403
    assert browser.post(f"/admin/contracts/supportplan/{plan.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_new_line_is_closed_until_its_hours_are_filled_in(infobits: Desk, willem: User) -> None:
    new = {"key": "chat", "name_nl": "Chat", "name_en": "Chat", "kind": "channel"}
    assert send(browser_of(willem), "/admin/desk/line/add/", **new).status_code == 302
    assert [day.hours for day in Line.objects.get(key="chat").weekdays.all()] == [""] * 7


def test_the_administration_speaks_dutch_too(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    browser.cookies["django_language"] = "nl"
    page = browser.get(page_of("helpdesk"))
    known = dict(page.context["inline_admin_formsets"][1].formset.forms[-1].fields["holiday"].choices)
    assert known["boxing_day"] == "Tweede kerstdag"
