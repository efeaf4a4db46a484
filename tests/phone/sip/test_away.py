"""Balie is killed, or hangs, while people phone: who talks goes on, who calls reaches the fallback, nothing is lost."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest
from tests.phone.sip.desks import Telephony, address_of, customer_with
from tests.phone.sip.telephones import call, caller, telephone
from tests.servers import daemons

from balie.phone.models import Call

PRESET = "infobits"
ANSWER_SECONDS = "1"  # as shipped
REGISTERED = "+31612345678"
WHO = f"<sip:{REGISTERED}@provider.example>"
WITHIN_SECONDS = 2.0


@pytest.fixture(autouse=True)
def desk(phones: Telephony) -> Iterator[tuple[Telephony, int]]:
    if not Call.objects.exists():
        phones.open("helpdesk")
        customer_with(REGISTERED, name="Bakkerij De Korenbloem")
    extension, port = address_of("201")
    phones.ring("helpdesk", [extension])
    yield phones, port


def seconds_to_the_fallback(phones: Telephony) -> float:
    """How long a new call takes until the fallback's telephone rings."""
    with (
        telephone("answers", phones.folder, port=phones.ports.fallback, after=0) as fallback,
        caller(phones.kamailio, phones.folder, WHO) as calling,
    ):
        began = time.monotonic()
        fallback.await_invite()
        took = time.monotonic() - began
        assert calling.end() == [180, 200]
    return took


def test_killed_during_calls_IB_03(desk: tuple[Telephony, int]) -> None:
    phones, port = desk
    with (
        telephone("answers", phones.folder, port=port),
        caller(phones.kamailio, phones.folder, WHO, talk=4000) as talking,
    ):
        phones.await_call(state="talking")
        phones.balie.kill()
        assert seconds_to_the_fallback(phones) < WITHIN_SECONDS
        assert talking.end() == [180, 200], "the established call went on to its end"
    daemons.until(lambda: phones.kamailio.kept_events() >= 1)
    phones.balie.start()
    daemons.until(lambda: phones.kamailio.kept_events() == 0, otherwise=phones.kamailio.told)
    daemons.until(lambda: Call.objects.filter(state="ended").count() == 2)
    asked, not_asked = Call.objects.order_by("began_at")
    assert [each.kind for each in asked.events.all()] == ["ringing", "answered", "ended"]
    assert (asked.action, not_asked.action) == ("forward", "")
    assert [each.kind for each in not_asked.events.all()] == ["ringing", "answered", "ended"]
    assert not_asked.caller == REGISTERED, "the call that nobody asked about is known, too"


def test_a_balie_that_hangs_costs_a_caller_no_two_seconds_and_the_next_ones_nothing(
    desk: tuple[Telephony, int],
) -> None:
    phones, port = desk
    phones.balie.signal(signal.SIGSTOP)
    try:
        assert seconds_to_the_fallback(phones) < WITHIN_SECONDS
        assert seconds_to_the_fallback(phones) < WITHIN_SECONDS / 2, "it is left alone for a while"
    finally:
        phones.balie.signal(signal.SIGCONT)
    time.sleep(3.5)  # the seconds for which Balie is left alone
    with telephone("answers", phones.folder, port=port):
        assert call(phones.kamailio, phones.folder, WHO) == [180, 200]
    phones.await_call(state="ended")


def test_a_balie_that_is_late_once_is_asked_again_as_soon_as_it_answers(desk: tuple[Telephony, int]) -> None:
    phones, port = desk
    with (
        telephone("answers", phones.folder, port=phones.ports.fallback, after=0) as fallback,
        telephone("answers", phones.folder, port=port) as reached,
    ):
        phones.balie.signal(signal.SIGSTOP)
        try:
            with caller(phones.kamailio, phones.folder, WHO) as too_early:
                time.sleep(0.6)
                with caller(phones.kamailio, phones.folder, WHO) as in_time:
                    fallback.await_invite()
                    phones.balie.signal(signal.SIGCONT)
                    reached.await_invite()
                    assert in_time.end() == [180, 200]
                assert too_early.end() == [180, 200]
        finally:
            phones.balie.signal(signal.SIGCONT)
    with telephone("answers", phones.folder, port=port):
        assert call(phones.kamailio, phones.folder, WHO) == [180, 200], "well within the three seconds"


def test_a_token_that_is_worth_nothing_is_no_reason_to_lose_a_call(desk: tuple[Telephony, int]) -> None:
    phones, _port = desk
    phones.exchange.is_active = False
    phones.exchange.save()
    try:
        assert seconds_to_the_fallback(phones) < WITHIN_SECONDS
    finally:
        phones.exchange.is_active = True
        phones.exchange.save()
    daemons.until(lambda: phones.kamailio.kept_events() == 0, otherwise=phones.kamailio.told)
