"""The log of calls, the page of one, who is on the phone, and the wallboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.workspace.conftest import browser_of, page_of
from tests.workspace.telephone import NUMBER, WRITTEN, Pbx, registered, telephone_of

from balie.audit.models import Entry
from balie.phone.models import Call, Extension
from balie.rules.reasons import Reason
from balie.workspace.calls import PAGE

MINUTE = timedelta(minutes=1)


@pytest.fixture
def pbx(infobits, anna, ben):
    telephone_of(anna, "201")
    telephone_of(ben, "202")
    return Pbx()


def get(person, name, *arguments, **query):
    return page_of(browser_of(person).get(reverse(name, args=arguments), query))


def test_the_log_is_narrowed_to_mine_missed_today_and_a_number(pbx, anna, ben):
    pbx.talks("call-1", ago=MINUTE)
    pbx.ends("call-1")
    pbx.misses("call-2", at="202", caller="+31205550177")
    assert "020 555 01 01" in get(anna, "calls") and "020 555 01 77" in get(anna, "calls")
    assert "020 555 01 77" not in get(anna, "calls", tab="mine")
    assert "020 555 01 01" not in get(anna, "calls", tab="missed")
    assert "020 555 01 77" in get(anna, "calls", tab="today")
    assert "020 555 01 77" not in get(anna, "calls", q=WRITTEN)
    assert "020 555 01 77" in get(anna, "calls", q="+31 20 555")
    for odd in ("'; drop table", "(", "9" * 60, "before/after"):
        get(anna, "calls", q=odd, before=odd)


def test_the_log_goes_on_below_its_last_row(pbx, anna, django_assert_max_num_queries):
    now = timezone.now()
    rows = [
        Call(
            exchange=pbx.exchange,
            name=f"old-{number}",
            caller=f"+3120555{number:04}",
            state="ended",
            began_at=now - number * MINUTE,
            ended_at=now,
        )
        for number in range(1, PAGE + 3)
    ]
    Call.objects.bulk_create(rows)
    browser = browser_of(anna)
    with django_assert_max_num_queries(8):
        first = browser.get(reverse("calls"))
    assert first.context is None or first.context
    last = rows[PAGE - 1]
    place = f"{last.began_at.isoformat()}/{last.pk}"
    rest = page_of(browser.get(reverse("calls"), {"before": place}))
    assert rest.count('class="call-row"') == 2


def test_the_page_of_a_call_tells_its_events_and_why_it_went_where_it_went(
    pbx, anna, carla, support_contract
):
    registered(carla.customer, contact=carla)
    pbx.rings(ago=2 * MINUTE)
    call = pbx.talks(ago=MINUTE)
    call.action, call.route = "forward", {"reasons": [Reason("Because it is so.").as_json()]}
    call.save()
    shown = get(anna, "call", call.pk)
    assert "It rang" in shown and "It was answered" in shown and "Because it is so." in shown
    assert "Bakkerij De Korenbloem" in shown


def test_a_call_is_tied_to_a_ticket_afterwards_with_the_way_back(pbx, anna, ask):
    ticket = ask("The drawer jams")
    call = pbx.rings()
    browser = browser_of(anna)
    address = reverse("call_link", args=[call.pk])
    said = page_of(browser.post(address, {"ticket": ticket.number}, follow=True))
    assert f"tied to ticket #{ticket.number}" in said and 'name="ticket" value=""' in said
    assert WRITTEN in get(anna, "ticket", ticket.number)
    browser.post(address, {"ticket": ""})
    call.refresh_from_db()
    assert call.ticket is None
    assert Entry.objects.filter(action="link_call").count() == 2
    assert browser.post(address, {"ticket": "99999"}).status_code == 404
    assert "Give the number of a ticket." in page_of(browser.post(address, {"ticket": "x"}, follow=True))


def test_the_customers_page_shows_its_calls(pbx, anna, bakery):
    registered(bakery)
    pbx.misses()
    assert WRITTEN in get(anna, "customer", bakery.pk)


def test_who_is_on_the_phone_is_seen_at_a_glance(pbx, anna, ben):
    assert get(anna, "telephones").count("free") >= 2
    pbx.talks(at="202")
    shown = get(anna, "telephones")
    assert "talking" in shown and "data-since" in shown


def test_an_agent_takes_no_calls_and_takes_them_again(pbx, anna, ben):
    browser = browser_of(anna)
    for takes, label in (("no", "takes no calls"), ("yes", "free")):
        page = page_of(browser.post(reverse("takes_calls"), {"takes": takes}, follow=True))
        assert label in page
        assert Extension.objects.get(number="201").takes_calls == (takes == "yes")
    assert Extension.objects.get(number="202").takes_calls
    Extension.objects.filter(user=anna).delete()
    assert "You have no telephone here." in page_of(
        browser.post(reverse("takes_calls"), {"takes": "yes"}, follow=True)
    )


def test_the_wallboard_shows_who_waits_the_lines_the_agents_and_today(
    pbx, anna, django_assert_max_num_queries
):
    pbx.rings("call-1", ago=3 * MINUTE)
    pbx.rings("call-2", caller=NUMBER[:-1] + "9", ago=MINUTE)
    pbx.talks("call-3", at="202", caller=NUMBER[:-1] + "8")
    browser = browser_of(anna)
    browser.get(reverse("wallboard"))
    with django_assert_max_num_queries(9):
        shown = page_of(browser.get(reverse("wallboard")))
    assert 'wall-waiting">Waiting</h2><p class="wall-figure">2<' in shown
    assert "data-since" in shown and "Helpdesk" in shown
    assert "Anna" in shown and "Ben" in shown and "talking" in shown
    assert WRITTEN not in shown, "a screen on the wall names no caller"
    assert "until" in shown, "when the lines change"
