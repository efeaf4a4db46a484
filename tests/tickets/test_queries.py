"""The queue's order, its pages, and what a search finds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import FRIDAY_AT_FOUR, at

from balie.customers.models import PhoneNumber
from balie.rules import visibility
from balie.rules.lifecycle import Actor, Move
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions, queries
from balie.tickets.actions import Writing
from balie.tickets.models import Ticket
from balie.tickets.queries import Place, Tab


def opened(contact, desk, subject, *, minutes=0, text="tekst", **wish) -> Ticket:
    return actions.take_in(
        contact,
        Wish(Channel.MAIL, **wish),
        subject=subject,
        writing=Writing(text),
        situation=at(desk, FRIDAY_AT_FOUR + timedelta(minutes=minutes)),
    )


def subjects(rows) -> list[str]:
    return [row.subject for row in rows]


@pytest.fixture
def five(infobits, sla8, carla, dario, softwear_free) -> None:
    """Urgent, with deadline and without, asked in another order than they must be answered."""
    opened(carla, infobits, "later deadline", minutes=30)
    opened(dario, infobits, "no deadline, newer", minutes=20)
    opened(carla, infobits, "sooner deadline", minutes=10)
    opened(carla, infobits, "urgent, newer", minutes=40, urgent=True)
    opened(carla, infobits, "urgent, older", minutes=5, urgent=True)
    opened(dario, infobits, "no deadline, older", minutes=1)


@pytest.fixture
def softwear_free(infobits) -> None:
    """The free plan promises nothing here, so that Dario's tickets have no deadline."""
    from balie.contracts.models import SupportPlan

    SupportPlan.objects.filter(key="SLA24").update(response_minutes=None)


IN_ORDER = [
    "urgent, older",
    "urgent, newer",
    "sooner deadline",
    "later deadline",
    "no deadline, older",
    "no deadline, newer",
]


def test_urgent_first_then_by_deadline_then_without_IB_22(five, anna):
    assert subjects(queries.queue(Tab.TO_DO, anna)) == IN_ORDER


@pytest.mark.parametrize("size", [1, 2, 4])
def test_pages_follow_each_other_without_gap_or_repeat(five, anna, size):
    seen, after = [], None
    while rows := queries.queue(Tab.ALL, anna, after=after, limit=size):
        seen += subjects(rows)
        after = Place.read(str(Place.after(rows[-1])))
    assert seen == IN_ORDER


@pytest.mark.parametrize("text", ["", "x", "1~gisteren~3", "1~2026-11-20T10:00:00~3", "a~b~c", "1~2~3~4"])
def test_a_made_up_place_is_no_place(text):
    assert Place.read(text) is None


def test_the_tabs_hold_what_their_names_say(infobits, anna, ben, carla, sla8):
    mine, waiting, ended = (opened(carla, infobits, name) for name in ("mine", "waiting", "ended"))
    opened(carla, infobits, "unassigned")
    actions.assign(mine, to=anna, by=ben, situation=at(infobits))
    actions.reply(
        waiting, writing=Writing("Zo?"), by=ben, seen=waiting.messages.latest("id").pk, situation=at(infobits)
    )
    actions.move(ended, Move.CLOSE, actor=Actor.AGENT, by=ben, situation=at(infobits))
    held = {tab: set(subjects(queries.queue(tab, anna))) for tab in Tab}
    assert held == {
        Tab.TO_DO: {"mine", "unassigned"},
        Tab.MINE: {"mine"},
        Tab.UNASSIGNED: {"unassigned"},
        Tab.WAITING: {"waiting"},
        Tab.ALL: {"mine", "waiting", "unassigned"},
    }
    assert queries.counts(anna) == {tab: len(names) for tab, names in held.items()}


@pytest.mark.parametrize("how_many", [1, 40])
def test_the_queue_costs_one_query_whatever_its_size(
    infobits, anna, carla, sla8, how_many, django_assert_num_queries
):
    for number in range(how_many):
        opened(carla, infobits, f"vraag {number}")
    with django_assert_num_queries(1):
        assert len(queries.queue(Tab.TO_DO, anna)) == how_many


class TestFind:
    @pytest.fixture(autouse=True)
    def tickets(self, infobits, carla, dario, sla8, bakery):
        self.printer = opened(carla, infobits, "Bonprinter", text="De kassabonnen worden niet geprint.")
        self.scanner = opened(dario, infobits, "Scanner", text="Hij piept maar leest niets.")
        PhoneNumber.objects.create(customer=bakery, e164="+31201234567")

    def numbers(self, text: str) -> list[int]:
        return [row.number for row in queries.find(text).tickets]

    def test_by_number_with_or_without_a_hash(self):
        assert (
            self.numbers(f"#{self.scanner.number}")
            == self.numbers(str(self.scanner.number))
            == [self.scanner.number]
        )

    def test_by_phone_number_as_people_write_it(self):
        assert self.numbers("020 123 45 67") == [self.printer.number]

    def test_by_words_in_any_dutch_form(self):
        assert self.numbers("kassabon") == [self.printer.number]
        assert self.numbers("scanners") == [self.scanner.number]

    def test_by_the_beginning_of_words_while_somebody_types(self):
        assert self.numbers("kassab gep") == [self.printer.number]

    def test_all_words_must_be_there(self):
        assert not self.numbers("kassabon scanner")

    def test_by_customer_and_by_contact(self):
        assert [each.name for each in queries.find("korenbloem").customers] == ["Bakkerij De Korenbloem"]
        assert [each.name for each in queries.find("dario@").contacts] == ["Dario"]

    @pytest.mark.parametrize(
        "text", ["", "   ", "%", "_", "'; DROP TABLE tickets_ticket; --", '"', "((((", "\x00", "é" * 500]
    )
    def test_odd_texts_find_nothing_and_break_nothing(self, text):
        assert not queries.find(text).tickets


def test_the_newest_of_a_contact_are_its_own_only(infobits, carla, dario):
    opened(carla, infobits, "van Carla")
    opened(dario, infobits, "van Dario")
    viewer = visibility.Contact(key=carla.pk, customer=carla.customer_id, reach=visibility.Reach.ALL)
    assert subjects(queries.newest(viewer, open_only=False)) == ["van Carla"]


def test_a_call_back_has_the_same_place_in_the_queue(infobits, anna, carla, sla8):
    opened(carla, infobits, "bel mij", answer_mode=AnswerMode.CALLBACK, billing_mode=BillingMode.POSTPAID)
    assert subjects(queries.queue(Tab.TO_DO, anna)) == ["bel mij"]
