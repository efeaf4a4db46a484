"""Two at the same moment, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from tests.cast import agent, at, contact

from balie.config.desk_setup import make_desk
from balie.presets.reading import load
from balie.rules.refusals import Refusal
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Writing
from balie.tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(transactional_db):
    return make_desk(load("infobits"))


@pytest.fixture
def shop(desk):
    from balie.customers.models import Customer

    return Customer.objects.create(number="K-1", name="Winkel")


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run all in threads that start together; answers what each returned, or its refusal."""
    start, results = Barrier(len(works)), [None] * len(works)

    def run(index: int, work: Callable[[], object]) -> None:
        start.wait()
        try:
            results[index] = work()
        except Refusal as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_the_same_form_sent_twice_at_once_is_one_ticket(desk, shop):
    carla, situation, form = contact("Carla", shop), at(desk), uuid4()

    def send() -> Ticket:
        return actions.open(
            carla,
            Wish(Channel.PORTAL),
            subject="Bon",
            writing=Writing("tekst", submission=form),
            by=None,
            situation=situation,
        )

    one, two = at_once(send, send)
    assert one == two
    assert Ticket.objects.count() == Message.objects.count() == 1


def test_two_tabs_do_not_pass_the_quota_together_IB_10(desk, shop):
    carla, situation = contact("Carla", shop), at(desk)

    def send() -> Ticket:
        return actions.open(
            carla, Wish(Channel.PORTAL), subject="Bon", writing=Writing("tekst"), by=None, situation=situation
        )

    send()
    results = at_once(send, send, send)
    assert sum(isinstance(each, Ticket) for each in results) == 1
    assert sum(isinstance(each, Refusal) for each in results) == 2
    assert Ticket.objects.count() == 2


def test_an_answer_sent_twice_at_once_is_one_message_and_no_quarrel(desk, shop):
    carla, anna, situation, form = contact("Carla", shop), agent("Anna"), at(desk), uuid4()
    ticket = actions.take_in(
        carla, Wish(Channel.MAIL), subject="Bon", writing=Writing("tekst"), situation=situation
    )
    seen = ticket.messages.get().pk

    def send() -> Message:
        return actions.reply(
            ticket, writing=Writing("antwoord", submission=form), by=anna, seen=seen, situation=situation
        )

    one, two = at_once(send, send)
    assert one == two


def test_two_agents_at_once_send_one_answer(desk, shop):
    carla, anna, ben, situation = contact("Carla", shop), agent("Anna"), agent("Ben"), at(desk)
    ticket = actions.take_in(
        carla, Wish(Channel.MAIL), subject="Bon", writing=Writing("tekst"), situation=situation
    )
    seen = ticket.messages.get().pk
    results = at_once(
        *(
            lambda by=by: actions.reply(
                ticket, writing=Writing(f"van {by}"), by=by, seen=seen, situation=situation
            )
            for by in (anna, ben)
        )
    )
    assert sorted(type(each).__name__ for each in results) == ["Message", "SomebodyWasFirst"]
