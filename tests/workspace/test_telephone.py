"""The pop-up: what an agent sees of a call at its own telephone, and what is asked when it is over."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.cast import at
from tests.workspace.conftest import browser_of, page_of
from tests.workspace.telephone import NUMBER, WRITTEN, Pbx, registered, telephone_of

from balie.contracts.models import Contract, ContractType
from balie.live.models import LiveEvent
from balie.phone import at_telephone
from balie.phone.models import Call
from balie.tickets import actions
from balie.tickets.models import CallBack, Ticket, TimeEntry

MINUTES = timedelta(minutes=1)


@pytest.fixture
def pbx(infobits, anna, ben):
    telephone_of(anna, "201")
    telephone_of(ben, "202")
    return Pbx()


def popup(person):
    return page_of(browser_of(person).get(reverse("telephone")))


def done(person, call, **fields):
    given = {"minutes": "2", "note": "Reset the printer.", "submission": str(uuid4()), "ticket": "", **fields}
    data = {f"call-{call.pk}-{name}": value for name, value in given.items()}
    return browser_of(person).post(reverse("call_done", args=[call.pk]), data)


def test_a_call_that_rings_shows_who_calls_what_it_may_ask_and_its_open_tickets_IB_03(
    pbx, anna, carla, support_contract, ask
):
    ticket = ask("The drawer jams")
    registered(carla.customer, contact=carla)
    call = pbx.rings()
    shown = popup(anna)
    assert "Your telephone rings" in shown
    assert WRITTEN in shown and "Bakkerij De Korenbloem" in shown
    assert "phone about this now." in shown, "allowed or not by the hour; always said, with the reasons"
    assert reverse("ticket", args=[ticket.number]) in shown
    assert f"?contact={carla.pk}&amp;call={call.pk}" in shown
    assert reverse("customer", args=[carla.customer.pk]) in shown


def test_nothing_pops_up_for_an_agent_whose_telephone_does_not_ring(pbx, anna, ben):
    pbx.rings(at="201")
    assert "Your telephone rings" in popup(anna)
    assert "call-card" not in popup(ben)
    assert LiveEvent.objects.filter(topic=f"phone-{anna.pk}").exists()
    assert not LiveEvent.objects.filter(topic=f"phone-{ben.pk}").exists()


def test_a_number_of_two_customers_shows_both(pbx, anna, carla, dario, infobits):
    registered(carla.customer)
    registered(dario.customer)
    pbx.rings()
    shown = popup(anna)
    assert "Bakkerij De Korenbloem" in shown and "Bloemsierkunst Flora" in shown
    assert "?contact=" not in shown, "nobody guesses which of the two it is"


def test_an_unknown_caller_is_said_to_be_unknown_and_can_be_found_or_placed(pbx, anna):
    pbx.rings()
    shown = popup(anna)
    assert "No customer registered this number." in shown and WRITTEN in shown
    assert reverse("find") + "?q=%2B31205550101" in shown


def test_a_caller_who_hides_its_number_is_said_to_do_so_IB_02(pbx, anna):
    pbx.rings(caller="anonymous")
    assert "The caller hides its number" in popup(anna)


def test_it_changes_when_it_is_answered_and_goes_away_when_it_is_over(pbx, anna, ben):
    pbx.rings(ago=2 * MINUTES)
    pbx.talks(ago=MINUTES)
    assert "Anna talks" in popup(anna) and "data-since" in popup(anna)
    pbx.ends()
    after = popup(anna)
    assert "Anna talks" not in after and "What did you do?" in after
    assert "call-card" not in popup(ben)


def test_two_calls_at_once_stand_above_each_other(pbx, anna):
    pbx.rings("call-1", ago=MINUTES)
    pbx.rings("call-2", caller="+31205550199")
    assert popup(anna).count("Your telephone rings") == 2


def test_note_and_minutes_become_time_on_the_ticket_once(pbx, anna, carla, ask):
    ticket = ask("The drawer jams")
    pbx.talks(ago=timedelta(seconds=95))
    call = pbx.ends()
    assert 'value="2"' in popup(anna), "95 seconds are two minutes"
    submission = str(uuid4())
    for _again in range(2):
        done(anna, call, ticket=str(ticket.number), submission=submission)
    entry = TimeEntry.objects.get()
    assert (entry.ticket, entry.person, entry.minutes, entry.kind) == (ticket, anna, 2, "call")
    assert entry.note == "Reset the printer."
    call.refresh_from_db()
    assert call.ticket == ticket
    assert "What did you do?" not in popup(anna)


def test_work_after_the_call_counts_but_not_time_that_is_still_to_come(pbx, anna, ask):
    ticket = ask()
    pbx.talks(ago=10 * MINUTES)
    call = pbx.ends(ago=8 * MINUTES)
    assert done(anna, call, ticket=str(ticket.number), minutes="60").status_code == 422
    assert not TimeEntry.objects.exists()
    done(anna, call, ticket=str(ticket.number), minutes="5")
    assert TimeEntry.objects.get().minutes == 5


def test_without_a_ticket_no_time_is_kept_and_it_says_so(pbx, anna):
    pbx.talks(ago=MINUTES)
    call = pbx.ends()
    answer = done(anna, call)
    assert answer.status_code == 422
    assert "The call has no ticket yet." in page_of(answer)
    browser_of(anna).post(reverse("call_leave", args=[call.pk]))
    assert "What did you do?" not in popup(anna)


def test_the_ticket_of_a_call_is_made_with_its_topic_and_tied_to_it_IB_21(pbx, anna, carla, sla8):
    registered(sla8, contact=carla)
    call = pbx.rings()
    address = f"{reverse('new_ticket')}?contact={carla.pk}&call={call.pk}"
    form = page_of(browser_of(anna).get(address))
    assert f'value="{NUMBER}"' in form, "the number to call back"
    answer = browser_of(anna).post(
        address,
        {
            "subject": "x",
            "text": "x",
            "submission": str(uuid4()),
            "channel": "phone",
            "answer_mode": "site",
            "billing_mode": "none",
        },
    )
    ticket = Ticket.objects.get()
    assert answer.url == reverse("ticket", args=[ticket.number])
    assert Call.objects.get().ticket == ticket
    assert WRITTEN in page_of(browser_of(anna).get(answer.url)), "the ticket shows its calls"


@pytest.mark.parametrize("name", ["queue", "calls", "missed", "telephones", "newcomers"])
def test_every_page_of_agents_listens_once_and_asks_one_small_question_for_it(
    name, pbx, anna, django_assert_max_num_queries
):
    shown = page_of(browser_of(anna).get(reverse(name)))
    assert shown.count("sse-connect") == 1
    assert "sse:phone-" in shown and ", load" not in shown
    pbx.rings()
    assert ", load" in page_of(browser_of(anna).get(reverse(name)))


def test_what_pops_up_costs_the_same_with_many_tickets(pbx, anna, carla, ask, django_assert_max_num_queries):
    Contract.objects.create(customer=carla.customer, type=ContractType.objects.get(key="phone-support"))
    registered(carla.customer)
    pbx.rings()
    popup(anna)
    for number in range(8):
        ask(f"Question {number}")
    browser = browser_of(anna)
    with django_assert_max_num_queries(22):
        shown = page_of(browser.get(reverse("telephone")))
    assert "and more" in shown


def test_customers_and_strangers_get_nothing(pbx, carla, dario):
    call = pbx.rings()
    for person in (carla, dario):
        for name, arguments in (("telephone", ()), ("calls", ()), ("call", (call.pk,)), ("wallboard", ())):
            assert browser_of(person).get(reverse(name, args=arguments)).status_code == 404
    assert browser_of(None).get(reverse("telephone")).status_code == 302


def test_the_page_of_a_call_asks_with_a_form_of_its_own_so_that_both_can_stand_on_it(pbx, anna):
    pbx.talks(ago=MINUTES)
    call = pbx.ends()
    page = page_of(browser_of(anna).get(reverse("call", args=[call.pk])))
    assert f'id="page_call-{call.pk}-minutes"' in page and "hx-preserve" not in page
    assert f'id="id_call-{call.pk}-minutes"' in popup(anna)
    wrong = done(anna, call, minutes="0")
    assert wrong.status_code == 422 and f'id="page_call-{call.pk}-minutes"' in page_of(wrong)


def test_a_telephone_does_not_ring_for_ever_when_nobody_tells_that_it_stopped(pbx, anna):
    pbx.rings(ago=31 * MINUTES)
    assert "call-card" not in popup(anna)


def test_an_agent_is_told_that_a_number_proves_nobody_IB_02(pbx, anna, bakery):
    registered(bakery)
    pbx.rings()
    assert "A number can be forged" in popup(anna)


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (11, []),  # the desk reminds ten minutes before
        (9, ["Planned calls"]),
        (-30, ["Planned calls", "overdue"]),
    ],
)
def test_a_planned_call_is_on_every_page_of_its_owner_when_it_is_due_IB_21(
    infobits, anna, ben, ask, minutes, shown
):
    ticket, now = ask(), timezone.now()
    begin = now + timedelta(minutes=minutes)
    CallBack.objects.create(
        ticket=ticket,
        phone=NUMBER,
        owner=anna,
        planned_from=begin,
        planned_until=begin + timedelta(minutes=15),
        made_at=now,
    )
    assert [each for each in ("Planned calls", "overdue") if each in popup(anna)] == shown
    assert at_telephone.at_a_glance(anna, now=now).may_show is bool(shown)
    assert "Planned calls" not in popup(ben)
    assert not at_telephone.at_a_glance(ben, now=now).may_show


def test_the_reminder_reaches_the_screen_of_its_owner_at_once(infobits, anna, ask):
    ticket, now = ask(), timezone.now()
    CallBack.objects.create(
        ticket=ticket,
        phone=NUMBER,
        owner=anna,
        planned_from=now,
        planned_until=now + timedelta(minutes=15),
        made_at=now,
    )
    actions.remind_due(situation=at(infobits, now))
    assert LiveEvent.objects.filter(topic=f"phone-{anna.pk}").exists()


def test_after_several_calls_one_form_is_asked_and_the_others_wait_in_a_line(pbx, anna):
    """The oldest keeps its form, in which something may be typed already."""
    calls = []
    for place in (1, 2):
        pbx.talks(f"call-{place}", ago=timedelta(minutes=9 - place))
        calls.append(pbx.ends(f"call-{place}", ago=timedelta(minutes=5 - place)))
    first, second = calls
    shown = popup(anna)
    assert f'id="call-{first.pk}-done"' in shown and f'id="call-{second.pk}-done"' not in shown
    assert "Still to write down" in shown and reverse("call", args=[second.pk]) in shown
    browser_of(anna).post(reverse("call_leave", args=[first.pk]))
    shown = popup(anna)
    assert f'id="call-{second.pk}-done"' in shown and "Still to write down" not in shown
