"""Who phoned in vain is phoned back once, by one agent, and never at a cost without a ticket (IB-21, SW-18)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from tests.cast import at
from tests.workspace.conftest import browser_of, page_of
from tests.workspace.telephone import NUMBER, WRITTEN, Pbx, registered, telephone_of

from balie.phone import missed
from balie.phone.missed_models import MissedCaller
from balie.phone.models import Call, Direction
from balie.rules.call_backs import Outcome
from balie.rules.call_progress import Kind
from balie.tickets import actions

MINUTE = timedelta(minutes=1)


@pytest.fixture
def pbx(infobits, anna):
    telephone_of(anna)
    return Pbx()


def post(person, name, key):
    return page_of(browser_of(person).post(reverse(name, args=[key]), follow=True))


def listed(person):
    return page_of(browser_of(person).get(reverse("missed")))


def test_several_missed_calls_of_one_number_are_one_caller(pbx, anna, bakery, support_contract):
    registered(bakery)
    pbx.misses("call-1", ago=2 * MINUTE)
    pbx.misses("call-2", ago=MINUTE)
    caller = MissedCaller.objects.get()
    assert (caller.caller, caller.times, caller.is_owed) == (NUMBER, 2, True)
    shown = listed(anna)
    assert bakery.name in shown and WRITTEN in shown and "2 times" in shown and "to be phoned back" in shown


def test_the_same_missed_call_told_twice_counts_once(pbx, bakery, support_contract):
    registered(bakery)
    pbx.misses("call-1", ago=MINUTE)
    pbx.tells("call-1", Kind.ENDED)
    assert MissedCaller.objects.get().times == 1


def test_a_customer_without_a_phone_contract_is_listed_and_not_owed_a_call_IB_01(pbx, anna, sla8):
    registered(sla8)
    pbx.misses()
    assert not MissedCaller.objects.get().is_owed
    assert sla8.name in listed(anna) and "to be phoned back" not in listed(anna)


def test_who_hides_its_number_cannot_be_phoned_back(pbx):
    pbx.misses(caller="anonymous")
    assert not MissedCaller.objects.exists()


@pytest.mark.parametrize("direction", [Direction.IN, Direction.OUT])
def test_it_closes_by_itself_when_they_are_reached(pbx, anna, bakery, support_contract, direction):
    registered(bakery)
    pbx.misses("call-1", ago=2 * MINUTE)
    other = {"caller": NUMBER} if direction == Direction.IN else {"caller": None, "called": NUMBER}
    pbx.talks("call-2", direction=direction, ago=MINUTE, **other)
    caller = MissedCaller.objects.get()
    assert (caller.outcome, caller.closed_by) == ("reached", anna)
    pbx.ends("call-2", **other)
    pbx.misses("call-3")
    assert MissedCaller.objects.filter(closed_at=None).count() == 1, "missed once more is to do once more"


def test_a_missed_call_that_is_told_after_they_were_reached_is_nothing_to_do(pbx, bakery, support_contract):
    registered(bakery)
    pbx.talks("call-2", ago=MINUTE)
    pbx.misses("call-1", ago=5 * MINUTE)
    assert not MissedCaller.objects.exists()


def test_who_phones_in_vain_again_after_a_talk_waits_on(pbx, bakery, support_contract):
    """A colleague of the caller phoned while the first talked: that the first was answered is told late."""
    registered(bakery)
    pbx.misses("call-1", ago=10 * MINUTE)
    pbx.misses("call-2", ago=2 * MINUTE)
    pbx.talks("call-1", ago=9 * MINUTE)
    assert MissedCaller.objects.get().closed_at is None
    pbx.talks("call-3", ago=MINUTE)
    assert MissedCaller.objects.get().outcome == "reached"


def test_a_missed_call_that_turns_out_to_have_gone_to_the_voicemail_counts_once(
    pbx, bakery, support_contract
):
    registered(bakery)
    pbx.misses("call-1", ago=5 * MINUTE)
    newest = pbx.misses("call-2", ago=MINUTE)
    pbx.tells("call-1", Kind.VOICEMAIL, ago=4 * MINUTE)
    caller = MissedCaller.objects.get()
    assert (caller.times, caller.last_call) == (2, newest)


def test_an_earlier_missed_call_that_is_told_late_is_counted_and_the_newest_stays(
    pbx, bakery, support_contract
):
    registered(bakery)
    newest = pbx.misses("call-2", ago=MINUTE)
    pbx.misses("call-1", ago=5 * MINUTE)
    caller = MissedCaller.objects.get()
    assert (caller.times, caller.last_call) == (2, newest)
    assert caller.first_at < newest.began_at == caller.last_at


def test_a_caller_with_a_planned_call_is_phoned_once_IB_21(
    infobits, pbx, anna, bakery, support_contract, ask
):
    """The list says that a call is planned, and that call takes the number off the list."""
    registered(bakery)
    pbx.misses(ago=MINUTE)
    situation = at(infobits, timezone.now())
    ticket = ask()
    span = actions.offer(ticket, situation, owner=anna).first
    planned = actions.plan_call_back(
        ticket, span=span, owner=anna, by=anna, situation=situation, phone=NUMBER
    )
    assert "A call is planned for" in listed(anna)
    actions.tried(planned.pk, outcome=Outcome.NO_ANSWER, by=anna, situation=situation)
    assert MissedCaller.objects.get().closed_at is None
    actions.tried(planned.pk, outcome=Outcome.REACHED, by=anna, situation=situation)
    caller = MissedCaller.objects.get()
    assert (caller.outcome, caller.closed_by) == ("reached", anna)


def test_one_agent_claims_a_caller_and_may_let_go(pbx, anna, ben, bakery, support_contract):
    registered(bakery)
    pbx.misses()
    key = MissedCaller.objects.get().pk
    assert f"You phone {WRITTEN} back." in post(anna, "missed_claim", key)
    assert "Somebody else phones this caller back" in post(ben, "missed_claim", key)
    assert "Anna phones back" in listed(ben)
    post(anna, "missed_let_go", key)
    assert MissedCaller.objects.get().claimed_by is None


def test_a_caller_whom_somebody_claimed_and_forgot_is_taken_over(pbx, anna, ben, bakery, support_contract):
    registered(bakery)
    pbx.misses()
    key = MissedCaller.objects.get().pk
    post(anna, "missed_claim", key)
    assert reverse("missed_claim", args=[key]) not in listed(ben)
    MissedCaller.objects.update(claimed_at=timezone.now() - missed.CLAIM_LASTS - MINUTE)
    assert reverse("missed_claim", args=[key]) in listed(ben)
    post(ben, "missed_claim", key)
    assert MissedCaller.objects.get().claimed_by == ben


def test_a_call_that_costs_is_refused_without_a_ticket_and_made_with_one_IB_21_SW_18(
    pbx, anna, carla, sla8, ask
):
    registered(sla8)
    call = pbx.misses()
    ticket = ask()
    key = MissedCaller.objects.get().pk
    said = post(anna, "missed_claim", key)
    assert "A call to this customer costs money: it is never made without a ticket." in said
    assert MissedCaller.objects.get().claimed_by is None
    browser_of(anna).post(reverse("call_link", args=[call.pk]), {"ticket": ticket.number})
    post(anna, "missed_claim", key)
    assert MissedCaller.objects.get().claimed_by == anna


def test_dealt_with_can_be_taken_back(pbx, anna):
    pbx.misses()
    key = MissedCaller.objects.get().pk
    assert "is dealt with." in post(anna, "missed_done", key)
    assert WRITTEN not in listed(anna)
    assert "is on the list again" in post(anna, "missed_undo", key)
    assert WRITTEN in listed(anna)


def test_the_log_says_how_many_callers_are_owed_a_call(pbx, anna, bakery, support_contract):
    registered(bakery)
    pbx.misses()
    assert 'badge-count">1<' in page_of(browser_of(anna).get(reverse("calls")))


def test_the_database_keeps_one_open_row_a_number(infobits):
    now = timezone.now()
    MissedCaller.objects.create(caller=NUMBER, first_at=now, last_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        MissedCaller.objects.create(caller=NUMBER, first_at=now, last_at=now)
    assert not Call.objects.exists()


def test_the_list_costs_the_same_however_long_it_is(pbx, anna, django_assert_max_num_queries):
    for number in range(6):
        pbx.misses(f"call-{number}", caller=f"+3120555010{number}")
    browser = browser_of(anna)
    with django_assert_max_num_queries(11):
        page_of(browser.get(reverse("missed")))
