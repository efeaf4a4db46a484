from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.cast import at
from tests.workspace.conftest import assigned, browser_of, page_of

from balie.rules.lifecycle import Move
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Ticket
from balie.workspace.queue import capped

HTMX = {"HX-Request": "true"}


def numbers(response) -> list[int]:
    return [int(each) for each in re.findall(r'id="t-(\d+)"', page_of(response))]


@pytest.fixture
def many(ask):
    """Copies of one ticket: as many open tickets as asked for, by the second."""

    def many(count: int) -> None:
        model = ask()
        now = timezone.now()
        Ticket.objects.bulk_create(
            Ticket(
                subject=f"Question {each}",
                customer=model.customer,
                contact=model.contact,
                channel=model.channel,
                decision=model.decision,
                opened_at=now + timedelta(seconds=each),
                changed_at=now,
            )
            for each in range(count)
        )

    return many


def test_urgent_goes_first_then_the_deadline_then_the_oldest_without_one(ask, anna, sla8, dario):
    now = timezone.now()
    without = ask("No promise", by=dario, now=now - timedelta(days=30))
    Ticket.objects.filter(pk=without.pk).update(due_at=None)
    late = ask("Due later", now=now - timedelta(hours=1))
    early = ask("Due earlier", now=now - timedelta(days=9))
    urgent = ask("Urgent", urgent=True, now=now)
    found = numbers(browser_of(anna).get(reverse("queue")))
    assert found == [each.number for each in (urgent, early, late, without)]


def test_each_tab_shows_its_part_and_an_unknown_one_what_there_is_to_do(ask, anna, ben, infobits):
    free, mine, waiting = ask("Free"), ask("Mine"), ask("Waiting")
    assigned(mine, anna, infobits)
    now = at(infobits, timezone.now())
    actions.reply(
        waiting, writing=Writing(text="Which one?"), by=ben, seen=10**9, situation=now, move=Move.ASK_BACK
    )
    browser = browser_of(anna)
    shown = {tab: set(numbers(browser.get(reverse("queue"), {"tab": tab}))) for tab in TABS}
    assert shown == {
        "to-do": {free.number, mine.number},
        "mine": {mine.number},
        "unassigned": {free.number},
        "waiting": {waiting.number},
        "all": {free.number, mine.number, waiting.number},
        "<script>": {free.number, mine.number},
    }


TABS = ["to-do", "mine", "unassigned", "waiting", "all", "<script>"]


def test_a_tab_counts_what_it_shows(ask, anna, ben, infobits):
    for number in range(4):
        assigned(ask(), anna if number else ben, infobits)
    answered, closed, _free = ask(), ask(), ask()
    now = at(infobits, timezone.now())
    actions.reply(
        answered, writing=Writing(text="Which?"), by=anna, seen=10**9, situation=now, move=Move.ASK_BACK
    )
    browser = browser_of(anna)
    browser.post(reverse("ticket_move", args=[closed.number]), {"move": "close"})
    for tab in TABS[:5]:
        response = browser.get(reverse("queue"), {"tab": tab})
        badge = re.search(
            rf'id="tab-{tab}"[^>]*>[^<]*<span class="badge badge-count">(\d+)<', page_of(response)
        )
        assert badge, tab
        assert int(badge[1]) == len(numbers(response)), tab


@pytest.mark.parametrize("tab", TABS[:5])
def test_an_empty_tab_says_so_in_words_that_help(tab, anna, infobits):
    page = page_of(browser_of(anna).get(reverse("queue"), {"tab": tab}))
    assert "empty-title" in page
    assert "<table" not in page


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (999, "999"), (1000, "999+"), (1001, "999+")])
def test_a_tab_counts_no_further_than_999(count, shown):
    assert capped(count) == shown


def test_more_goes_on_after_the_last_row_without_repeating_or_leaving_out_any(many, anna):
    many(119)
    browser, found, address = browser_of(anna), [], reverse("queue")
    while address:
        response = browser.get(address, headers=HTMX)
        found += numbers(response)
        link = re.search(r'id="more" class="[^"]*" href="([^"]+)"', page_of(response))
        address = link[1].replace("&amp;", "&") if link else None
    assert len(found) == 120
    assert len(set(found)) == 120


def test_more_works_as_a_plain_link_with_a_way_back_to_the_beginning(many, anna):
    many(60)
    browser = browser_of(anna)
    link = re.search(r'id="more" class="[^"]*" href="([^"]+)"', page_of(browser.get(reverse("queue"))))
    assert link
    response = browser.get(link[1].replace("&amp;", "&"))
    assert len(numbers(response)) == 11
    assert "To the beginning" in page_of(response)


def test_a_page_that_lies_about_where_it_was_begins_at_the_beginning(ask, anna):
    ticket = ask()
    for place in ("x", "1~2~3", "9~2026-01-01T00:00:00~1", "1~2026-11-20T16:00:00+01:00~x"):
        assert numbers(browser_of(anna).get(reverse("queue"), {"after": place})) == [ticket.number]


@pytest.mark.parametrize(("rows", "shown"), [("120", 120), ("99999", 121), ("7", 50), ("-1", 50), ("x", 50)])
def test_a_list_that_follows_changes_comes_back_as_long_as_it_was(rows, shown, many, anna):
    many(120)
    response = browser_of(anna).get(reverse("queue"), {"rows": rows}, headers=HTMX)
    assert len(numbers(response)) == shown
    assert "<html" not in page_of(response)
    assert response.headers["Vary"].count("HX-Request") == 1


def test_the_queue_costs_the_same_number_of_queries_with_one_ticket_and_with_hundreds(many, ask, anna):
    browser = browser_of(anna)
    ask()
    _queries(browser)  # the first of all reads the desk
    few = _queries(browser)
    many(400)
    assert _queries(browser) == few
    assert few <= 7


def _queries(browser) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(reverse("queue")).status_code == 200
    return len(captured)


def test_what_a_customer_wrote_is_shown_and_does_nothing(ask, anna, carla):
    carla.name = "<img src=x onerror=alert(1)>"
    carla.save()
    ask('<script>alert("x")</script>')
    page = page_of(browser_of(anna).get(reverse("queue")))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in page


def test_the_page_listens_to_the_queue_and_the_agents_telephone_and_nothing_else(ask, anna):
    from urllib.parse import unquote

    from balie.live.tokens import read_token

    page = page_of(browser_of(anna).get(reverse("queue")))
    token = re.search(r"/live/\?token=([^\"]+)", page)
    assert token
    assert read_token(unquote(token[1])).topics == {"queue", f"phone-{anna.pk}"}
