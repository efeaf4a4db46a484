"""Time worked: on the ticket, corrected on the record, never silently gone."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from tests.cast import FRIDAY_AT_FOUR as NOW
from tests.cast import at

from balie.audit.models import Entry
from balie.rules.time_worked import BadTime
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Stopwatch, Ticket, TimeEntry, TimeKind

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def ticket(infobits, sla8, carla) -> Ticket:
    return ask(infobits, carla)


def ask(desk, contact) -> Ticket:
    return actions.open(
        contact,
        Wish(Channel.PORTAL),
        subject="Kassa",
        writing=Writing("Hoe werkt het?"),
        by=contact.user,
        situation=at(desk, NOW - timedelta(hours=3)),
    )


def worked(ticket: Ticket, person, *, now=NOW, **more) -> TimeEntry:
    given = {"started_at": now - HALF_AN_HOUR, "ended_at": now} | more
    return actions.log_time(ticket, person=person, now=now, **given)


def test_what_was_worked_is_on_the_ticket_and_on_the_record(ticket, anna):
    entry = worked(ticket, anna, kind=TimeKind.CALL, note="  Uitgelegd  hoe ")
    assert (entry.ticket, entry.minutes, entry.note, entry.is_visible) == (ticket, 30, "Uitgelegd hoe", True)
    on_record = Entry.objects.get(action="log_time")
    assert (on_record.who, on_record.data["minutes"], on_record.data["ticket"]) == ("Anna", 30, ticket.number)


def test_a_pause_makes_fewer_minutes_and_the_stretch_is_kept(ticket, anna):
    entry = worked(ticket, anna, minutes=20)
    assert (entry.minutes, entry.ended_at - entry.started_at) == (20, HALF_AN_HOUR)


def test_the_same_form_sent_twice_is_one_entry(ticket, anna):
    key = uuid4()
    assert worked(ticket, anna, submission=key) == worked(ticket, anna, submission=key)
    assert TimeEntry.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 31},
        {"minutes": 0},
        {"ended_at": NOW + timedelta(minutes=1)},
        {"started_at": NOW},
        {"started_at": NOW - timedelta(hours=24)},
    ],
    ids=str,
)
def test_what_cannot_be_leaves_nothing(ticket, anna, wrong):
    with pytest.raises(BadTime):
        worked(ticket, anna, **wrong)
    assert not TimeEntry.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 31},
        {"minutes": 0},
        {"kind": "leisure"},
        {"started_at": NOW},
        {"started_at": NOW - timedelta(hours=24)},
        {"ended_at": NOW + timedelta(minutes=1)},
    ],
    ids=str,
)
def test_the_database_refuses_it_too(ticket, anna, wrong):
    entry = worked(ticket, anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeEntry.objects.filter(pk=entry.pk).update(**wrong)


def test_a_correction_says_what_it_said_before(ticket, anna, ben):
    entry = worked(ticket, anna)
    actions.correct_time(entry.pk, by=ben, now=NOW, minutes=25, note="Gebeld", is_visible=False)
    entry.refresh_from_db()
    assert (entry.minutes, entry.note, entry.is_visible, entry.changed_at) == (25, "Gebeld", False, NOW)
    on_record = Entry.objects.get(action="correct_time")
    assert on_record.who == "Ben"
    assert on_record.data["changed"] == {
        "minutes": [30, 25],
        "note": ["", "Gebeld"],
        "is_visible": [True, False],
    }


def test_a_correction_that_changes_nothing_is_none(ticket, anna):
    entry = worked(ticket, anna)
    assert actions.correct_time(entry.pk, by=anna, now=NOW, minutes=30).changed_at is None
    assert not Entry.objects.filter(action="correct_time").exists()


def test_a_correction_is_checked_as_the_entry_was(ticket, anna):
    entry = worked(ticket, anna)
    with pytest.raises(BadTime):
        actions.correct_time(entry.pk, by=anna, now=NOW, minutes=99)
    later = NOW + HALF_AN_HOUR
    assert actions.correct_time(entry.pk, by=anna, now=later, ended_at=later).ended_at == later


def test_a_removed_entry_can_be_brought_back_and_not_be_corrected(ticket, anna):
    entry = worked(ticket, anna)
    for _time in range(2):
        assert actions.remove_time(entry.pk, by=anna, now=NOW).removed_at == NOW
    with pytest.raises(actions.EntryRemoved):
        actions.correct_time(entry.pk, by=anna, now=NOW, minutes=5)
    for _time in range(2):
        assert actions.bring_back_time(entry.pk, by=anna, now=NOW).removed_at is None
    assert [
        each.action for each in Entry.objects.filter(subject_type="tickets.timeentry").order_by("pk")
    ] == [
        "log_time",
        "remove_time",
        "bring_back_time",
    ]


def test_an_entry_that_never_was_is_not_found(db, anna):
    for write in (actions.remove_time, actions.bring_back_time, actions.correct_time):
        with pytest.raises(Http404):
            write(4711, by=anna, now=NOW)


def test_overlaps_of_the_same_person_are_told_and_no_others(ticket, anna, ben):
    first = worked(ticket, anna)
    touching = worked(ticket, anna, started_at=NOW - timedelta(hours=1), ended_at=NOW - HALF_AN_HOUR)
    worked(ticket, ben)
    gone = worked(ticket, anna)
    actions.remove_time(gone.pk, by=anna, now=NOW)
    second = worked(ticket, anna, started_at=NOW - timedelta(minutes=10))
    assert actions.overlaps(second) == [first]
    assert actions.overlaps(touching) == []


def test_the_stopwatch_counts_whole_minutes(ticket, anna):
    actions.start_stopwatch(ticket, person=anna, now=NOW, kind=TimeKind.ANYDESK)
    actions.start_stopwatch(ticket, person=anna, now=NOW + timedelta(minutes=5))
    entry = actions.stop_stopwatch(
        ticket, person=anna, now=NOW + timedelta(minutes=7, seconds=1), note="Keek mee"
    )
    assert (entry.started_at, entry.minutes, entry.kind, entry.note) == (NOW, 8, TimeKind.ANYDESK, "Keek mee")
    assert not Stopwatch.objects.exists()


def test_a_stopwatch_that_is_stopped_at_once_counts_a_minute(ticket, anna):
    actions.start_stopwatch(ticket, person=anna, now=NOW)
    assert actions.stop_stopwatch(ticket, person=anna, now=NOW).minutes == 1


def test_a_person_works_on_one_ticket_at_a_time(infobits, ticket, carla, anna, ben):
    other = ask(infobits, carla)
    actions.start_stopwatch(ticket, person=anna, now=NOW)
    actions.start_stopwatch(other, person=ben, now=NOW)
    with pytest.raises(actions.StopwatchRuns, match=str(ticket.number)):
        actions.start_stopwatch(other, person=anna, now=NOW)
    with pytest.raises(actions.NoStopwatch):
        actions.stop_stopwatch(other, person=anna, now=NOW)


def test_a_forgotten_stopwatch_is_dropped_by_hand(ticket, anna):
    actions.start_stopwatch(ticket, person=anna, now=NOW)
    tomorrow = NOW + timedelta(hours=24)
    with pytest.raises(BadTime, match="24 hours"):
        actions.stop_stopwatch(ticket, person=anna, now=tomorrow)
    assert Stopwatch.objects.exists()
    actions.drop_stopwatch(ticket, person=anna, now=tomorrow)
    assert not Stopwatch.objects.exists()
    assert Entry.objects.filter(action="drop_stopwatch", who="Anna").exists()
