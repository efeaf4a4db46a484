"""Time worked, as an agent writes it down; nobody else gets there."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.workspace.conftest import browser_of

from balie.tickets import actions
from balie.tickets.models import Stopwatch, TimeEntry


def form_of(**changes: str) -> dict[str, str]:
    return {"minutes": "12", "kind": "call", "note": "Explained", "submission": str(uuid4()), **changes}


@pytest.fixture
def entry(ask, anna) -> TimeEntry:
    now = timezone.now()
    return actions.log_time(
        ask(), person=anna, started_at=now - timedelta(minutes=30), ended_at=now, now=now, note="Explained"
    )


def test_minutes_are_written_down_and_stand_on_the_ticket(ask, anna):
    ticket, browser = ask(), browser_of(anna)
    sent = browser.post(reverse("ticket_time", args=[ticket.number]), form_of(is_visible="on"), follow=True)
    assert "12 minutes are written down." in sent.content.decode()
    entry = TimeEntry.objects.get()
    assert (entry.minutes, entry.kind, entry.person, entry.is_visible) == (12, "call", anna, True)
    assert "12 minutes" in browser.get(reverse("ticket", args=[ticket.number])).content.decode()


def test_a_stretch_of_yesterday_evening(ask, anna):
    ticket = ask()
    stretch = {"on": "2026-01-05", "start": "23:30", "end": "00:15", "minutes": "40"}
    browser_of(anna).post(reverse("ticket_time", args=[ticket.number]), form_of(**stretch))
    entry = TimeEntry.objects.get()
    assert (entry.ended_at - entry.started_at, entry.minutes) == (timedelta(minutes=45), 40)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"minutes": ""}, "required"),
        ({"minutes": "0"}, "greater than or equal to 1"),
        ({"minutes": "twelve"}, "whole number"),
        ({"start": "10:00"}, "Fill in both times"),
        ({"on": "2026-01-05"}, "Fill in both times"),
        ({"on": "2026-01-05", "start": "10:00", "end": "10:05"}, "do not fit between these times"),
        ({"on": "2199-01-05", "start": "10:00", "end": "11:00"}, "still to come"),
        ({"on": "2026-13-45", "start": "25:00", "end": "x"}, "valid"),
        ({"kind": "leisure"}, "valid choice"),
        ({"note": "x" * 501}, "500"),
    ],
    ids=str,
)
def test_what_cannot_be_comes_back_with_the_reason(ask, anna, changes, says):
    ticket = ask()
    answer = browser_of(anna).post(reverse("ticket_time", args=[ticket.number]), form_of(**changes))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not TimeEntry.objects.exists()


def test_overlapping_time_is_kept_and_said(entry, anna):
    answer = browser_of(anna).post(reverse("ticket_time", args=[entry.ticket.number]), form_of(), follow=True)
    assert "are both right?" in answer.content.decode()
    assert TimeEntry.objects.count() == 2


def test_an_entry_is_corrected_removed_and_brought_back(entry, anna):
    browser = browser_of(anna)
    page = browser.get(reverse("time_entry", args=[entry.pk])).content.decode()
    assert 'value="30"' in page and "Explained" in page
    browser.post(reverse("time_entry", args=[entry.pk]), form_of(minutes="5"))
    entry.refresh_from_db()
    assert (entry.minutes, entry.is_visible) == (5, False)
    gone = browser.post(reverse("time_remove", args=[entry.pk]), follow=True).content.decode()
    assert "5 minutes count no longer." in gone and reverse("time_bring_back", args=[entry.pk]) in gone
    assert "0 minutes" in gone
    back = browser.post(reverse("time_bring_back", args=[entry.pk]), follow=True).content.decode()
    assert "5 minutes count again." in back


def test_a_removed_entry_cannot_be_corrected(entry, anna):
    actions.remove_time(entry.pk, by=anna, now=timezone.now())
    answer = browser_of(anna).post(reverse("time_entry", args=[entry.pk]), form_of(minutes="5"))
    assert answer.status_code == 422
    assert "bring it back" in answer.content.decode()


def test_the_stopwatch_runs_without_a_script(ask, anna):
    ticket, browser = ask(), browser_of(anna)
    watch = reverse("ticket_stopwatch", args=[ticket.number])
    page = browser.post(watch, {"what": "start"}, follow=True).content.decode()
    assert "Your stopwatch runs." in page and "Stop; runs since" in page
    other = browser.get(reverse("ticket", args=[ask().number])).content.decode()
    assert watch in other and f"(#{ticket.number})" in other
    browser.post(watch, {"what": "stop"})
    assert TimeEntry.objects.get().ticket == ticket
    browser.post(watch, {"what": "start"})
    browser.post(watch, {"what": "drop"})
    assert (Stopwatch.objects.count(), TimeEntry.objects.count()) == (0, 1)
    assert browser.post(watch, {"what": "explode"}).status_code == 404


def test_a_stopwatch_that_was_forgotten_says_what_to_do(ask, anna):
    ticket = ask()
    actions.start_stopwatch(ticket, person=anna, now=timezone.now() - timedelta(hours=25))
    watch = reverse("ticket_stopwatch", args=[ticket.number])
    page = browser_of(anna).post(watch, {"what": "stop"}, follow=True).content.decode()
    assert "It ran for a day or longer." in page
    assert Stopwatch.objects.exists()


@pytest.mark.parametrize("name", ["ticket_time", "time_entry", "time_remove", "time_bring_back"])
def test_only_agents_get_there(entry, carla, dario, name):
    address = reverse(name, args=[entry.ticket.number if name == "ticket_time" else entry.pk])
    for person in (carla, dario):
        assert browser_of(person).post(address, form_of()).status_code == 404
    assert browser_of(None).post(address, form_of()).status_code == 302
    entry.refresh_from_db()
    assert (entry.minutes, entry.removed_at, TimeEntry.objects.count()) == (30, None, 1)
