"""What other hours or other terms do to the open tickets: shown before it is saved, counted anew after (IB-30)."""

from __future__ import annotations

import json
import time
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.admin.pages import filled
from tests.cast import FRIDAY_AT_FOUR, at, browser_of, moment

from balie.accounts.models import User
from balie.administration import actions as administration
from balie.administration import deadlines
from balie.administration.models import Recount
from balie.audit.models import Entry
from balie.contracts.models import SupportPlan
from balie.customers.models import Contact, Customer
from balie.desk.models import DatedHours, Desk, Line
from balie.rules.lifecycle import Move
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.models import Ticket, TicketEvent

ON_MONDAY = "/admin/hours/helpdesk/2026-11-23/"
SEEN = {"_deadlines_seen": "yes"}


def ask(desk: Desk, who: Contact, now: datetime = FRIDAY_AT_FOUR) -> Ticket:
    writing = actions.Writing("De bon komt er niet uit.")
    return actions.open(
        who, Wish(Channel.PORTAL), subject="Bon", writing=writing, by=who.user, situation=at(desk, now)
    )


def close_monday(browser: Client, **more: str) -> HttpResponse:
    line = Line.objects.get(key="helpdesk")
    return browser.post(ON_MONDAY, {"hours": "", "because": "Uitje", "lines": [line.pk], **more})  # type: ignore[return-value]


def recounted() -> Recount:
    """What the worker does with the order that waits for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [administration.RECOUNT]
        )
        rows = [row[0] for row in cursor.fetchall()]
    found = [json.loads(row) if isinstance(row, str) else row for row in rows]
    return administration.recount(found[-1]["order"], now=FRIDAY_AT_FOUR + timedelta(minutes=5))


@pytest.fixture
def waiting(infobits: Desk, sla8: Customer, carla: Contact) -> Ticket:
    return ask(infobits, carla)


def test_other_hours_are_not_saved_before_it_was_seen_what_they_do(willem: User, waiting: Ticket) -> None:
    page = close_monday(browser_of(willem))
    found: deadlines.Outlook = page.context["by_hours"]  # type: ignore[attr-defined]
    assert page.status_code == 200
    assert (found.looked_at, found.moved, found.earlier, found.late_at_once) == (1, 1, 0, 0)
    assert [(move.number, move.before, move.after) for move in found.sample] == [
        (waiting.number, moment("2026-11-23 16:00"), moment("2026-11-24 16:00"))
    ]
    assert f"#{waiting.number}" in page.content.decode()
    assert not DatedHours.objects.exists()
    assert not Entry.objects.filter(action="except_day").exists()


def test_what_was_filled_in_is_sent_once_more_with_the_confirmation(willem: User, waiting: Ticket) -> None:
    browser = browser_of(willem)
    page = close_monday(browser)
    again = dict(page.context["sent"]) | SEEN  # type: ignore[attr-defined]
    assert browser.post(ON_MONDAY, again).status_code == 302
    assert DatedHours.objects.get().because == "Uitje"


def test_confirmed_hours_move_the_deadlines_and_say_so_on_the_tickets_record(
    willem: User, anna: User, waiting: Ticket
) -> None:
    close_monday(browser_of(willem), **SEEN)
    order = recounted()
    waiting.refresh_from_db()
    assert waiting.due_at == moment("2026-11-24 16:00")
    assert (order.done, order.moved, order.percent) == (1, 1, 100)
    event = waiting.events.get(kind="recounted")
    assert datetime.fromisoformat(event.data["after"]) == moment("2026-11-24 16:00")
    assert Entry.objects.get(action="recount").data["moved"] == 1
    browser = browser_of(anna)
    browser.cookies["django_language"] = "en"
    page = browser.get(reverse("ticket", args=[waiting.number])).content.decode()
    assert "The deadline was counted anew" in page


def test_counting_twice_changes_nothing_more(willem: User, waiting: Ticket) -> None:
    close_monday(browser_of(willem), **SEEN)
    recounted()
    recounted()
    assert waiting.events.filter(kind="recounted").count() == 1
    assert Entry.objects.filter(action="recount").count() == 1


def test_hours_that_move_no_deadline_are_saved_at_once(willem: User, waiting: Ticket) -> None:
    line = Line.objects.get(key="helpdesk")
    far = browser_of(willem).post("/admin/hours/helpdesk/2026-12-28/", {"hours": "", "lines": [line.pk]})
    assert far.status_code == 302
    assert DatedHours.objects.exists()


def test_a_ticket_that_was_answered_or_promised_nothing_does_not_move(
    infobits: Desk, willem: User, anna: User, waiting: Ticket
) -> None:
    seen = waiting.messages.latest("pk")
    writing = actions.Writing("Zet hem uit en aan.")
    actions.reply(waiting, writing=writing, by=anna, seen=seen.pk, situation=at(infobits), move=Move.ANSWER)
    assert close_monday(browser_of(willem)).status_code == 302


def test_the_page_of_a_line_shows_it_too(willem: User, waiting: Ticket) -> None:
    browser, line = browser_of(willem), Line.objects.get(key="helpdesk")
    address = reverse("admin:desk_line_change", args=[line.pk])
    longer = filled(browser.get(address), **{"weekdays-0-hours": "09:00-15:00"})
    page = browser.post(address, longer)
    assert page.context["by_hours"].moved == 1
    line.refresh_from_db()
    assert line.weekdays.get(weekday=0).hours == "09:00-17:00"
    assert browser.post(address, {**longer, **SEEN}).status_code == 302
    assert recounted().moved == 1
    waiting.refresh_from_db()
    assert waiting.due_at == moment("2026-11-24 10:00")


def test_a_holiday_that_opens_makes_deadlines_earlier_and_says_how_many(
    infobits: Desk, sla8: Customer, carla: Contact, willem: User
) -> None:
    before_christmas = moment("2026-12-24 16:00")
    ticket = ask(infobits, carla, before_christmas)
    assert ticket.due_at == moment("2026-12-28 16:00")
    line = Line.objects.get(key="helpdesk")
    opened = {"hours": "09:00-17:00", "lines": [line.pk]}
    page = browser_of(willem).post("/admin/hours/helpdesk/2026-12-25/", opened)
    found = page.context["by_hours"]
    assert (found.moved, found.earlier) == (1, 1)


def test_a_desk_that_never_opens_is_refused_while_somebody_waits(willem: User, waiting: Ticket) -> None:
    browser, line = browser_of(willem), Line.objects.get(key="helpdesk")
    address = reverse("admin:desk_line_change", args=[line.pk])
    page = browser.get(address)
    holidays = page.context["inline_admin_formsets"][1].formset
    closed = {f"weekdays-{day}-hours": "" for day in range(7)}
    closed |= {f"holidays-{each}-hours": "" for each in range(holidays.initial_form_count())}
    assert browser.post(address, filled(page, **closed)).status_code == 422
    assert line.weekdays.get(weekday=0).hours == "09:00-17:00"


# Other terms


@pytest.fixture
def plan_page(infobits: Desk) -> str:
    return reverse("admin:contracts_supportplan_change", args=[SupportPlan.objects.get(key="SLA8").pk])


def faster(browser: Client, address: str, **more: object) -> HttpResponse:
    return browser.post(address, filled(browser.get(address), response_minutes=240, **more))  # type: ignore[return-value]


def test_other_terms_of_a_plan_are_shown_and_leave_what_was_promised(
    willem: User, waiting: Ticket, plan_page: str
) -> None:
    browser = browser_of(willem)
    page = faster(browser, plan_page)
    found: deadlines.Outlook = page.context["by_terms"]  # type: ignore[attr-defined]
    assert [(move.before, move.after) for move in found.sample] == [
        (moment("2026-11-23 16:00"), moment("2026-11-23 12:00"))
    ]
    assert SupportPlan.objects.get(key="SLA8").response_minutes == 480
    assert faster(browser, plan_page, **SEEN).status_code == 302
    assert SupportPlan.objects.get(key="SLA8").response_minutes == 240
    assert not Recount.objects.exists()
    waiting.refresh_from_db()
    assert waiting.due_at == moment("2026-11-23 16:00")


def test_open_tickets_get_the_new_terms_when_the_administrator_says_so(
    infobits: Desk, willem: User, waiting: Ticket, plan_page: str
) -> None:
    decided = waiting.decision
    faster(browser_of(willem), plan_page, **SEEN, _new_terms="yes")
    recounted()
    waiting.refresh_from_db()
    assert waiting.due_at == moment("2026-11-23 12:00")
    assert waiting.decision == decided  # what it was made under is history
    event = waiting.events.get(kind="terms_changed")
    assert (event.who, event.data["terms"]["response_minutes"]) == ("Willem", 240)
    later = ask(infobits, waiting.contact)
    assert later.due_at == waiting.due_at


def test_new_terms_stay_with_the_ticket_when_more_happens_to_it(
    infobits: Desk, willem: User, anna: User, waiting: Ticket, plan_page: str
) -> None:
    faster(browser_of(willem), plan_page, **SEEN, _new_terms="yes")
    recounted()
    later = moment("2026-11-20 16:30")
    actions.assign(waiting, to=anna, by=anna, situation=at(infobits, later))
    waiting.refresh_from_db()
    assert waiting.due_at == moment("2026-11-23 12:00")


def test_another_price_or_name_of_a_plan_is_saved_at_once(
    willem: User, waiting: Ticket, plan_page: str
) -> None:
    browser = browser_of(willem)
    assert browser.post(plan_page, filled(browser.get(plan_page), monthly_price="6.00")).status_code == 302


# Many


def test_hundreds_of_tickets_are_foreseen_and_counted_in_batches(
    infobits: Desk, sla8: Customer, carla: Contact, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures are in docs/performance.md; here it is the batches that must meet."""
    monkeypatch.setattr(deadlines, "BATCH", 100)
    first = ask(infobits, carla)
    many = 300
    copies = copies_of(first, many - 1)
    Ticket.objects.filter(pk=copies[0].pk).update(due_at=None)  # answered: it does not move
    line = Line.objects.get(key="helpdesk")
    DatedHours.objects.create(line=line, on=date(2026, 11, 23), hours="")
    began = time.perf_counter()
    found = deadlines.outlook(at(infobits))
    assert time.perf_counter() - began < 20
    assert (found.looked_at, found.moved, len(found.sample)) == (many - 1, many - 1, deadlines.LARGEST_SAMPLE)
    order = administration.order_recount(because="x", by=willem, now=FRIDAY_AT_FOUR)
    done = administration.recount(order.pk, now=FRIDAY_AT_FOUR)
    assert (done.total, done.done, done.moved) == (many - 1, many - 1, many - 1)
    due = set(Ticket.objects.exclude(pk=copies[0].pk).values_list("due_at", flat=True))
    assert due == {moment("2026-11-24 16:00")}


def copies_of(ticket: Ticket, number: int) -> list[Ticket]:
    """More tickets like this one, each with its event."""
    fields = ("subject", "customer", "contact", "channel", "decision", "opened_at", "changed_at", "due_at")
    rows = [Ticket(**{name: getattr(ticket, name) for name in fields}) for _ in range(number)]
    made = Ticket.objects.bulk_create(rows)
    opened = ticket.events.get()
    TicketEvent.objects.bulk_create(
        TicketEvent(ticket=each, at=opened.at, kind=opened.kind, clocks=opened.clocks) for each in made
    )
    return made
