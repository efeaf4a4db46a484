"""Calls through FastAGI to the whole desk: who is put through, who hears what (SW-03 to SW-05, IB-02 to IB-04)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone
from tests.cast import moment
from tests.phone.asterisk import WITHHELD, Asterisk, Caller, Heard, running_agi
from tests.phone.exchange import CARLAS, registers, rings
from tests.servers.daemons import until

from balie.contracts.models import Contract
from balie.customers.models import Customer
from balie.desk.models import Desk
from balie.phone import actions
from balie.phone.agi import desk as asking
from balie.phone.models import Call, CallState

OFFICE, EVENING, NIGHT = "2026-11-20 10:00", "2026-11-20 19:00", "2026-11-20 23:00"
SOMEBODY = "+31206543210"
THE_CLOCK = timezone.now
SOMETHING_ELSE = "*"


class Pbx(Asterisk):
    """Asterisk in front of the whole desk; `token` is that of its exchange."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(port, f"route?token={token}")
        self.token = token

    def calls(self, number: str = SOMEBODY, *presses: str, **caller: object) -> Heard:
        """A call of this number, whose caller presses these keys after the first words of the menu."""
        return self.call(replace(Caller(number=number, presses=presses), **caller))  # type: ignore[arg-type]

    def tells(self, *arguments: str) -> None:
        self.call(Caller(number=CARLAS, arguments=arguments), script=f"event?token={self.token}")


def the_clock_shows(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment(text))


@pytest.fixture
def pbx(live_server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pbx]:
    monkeypatch.setattr(asking, "SECONDS", 30.0)  # the first page of a test's server may be slow
    the_clock_shows(OFFICE, monkeypatch)
    _exchange, token = actions.made("Asterisk", by=None, now=moment(OFFICE))
    with running_agi(live_server.url, tmp_path) as port:
        yield Pbx(port, token)


# -- Softwear: everybody may call, the topic decides ---------------------------------------------------------


def test_an_urgent_incident_is_put_through_in_office_hours_by_a_key_SW_03(softwear: Desk, pbx: Pbx) -> None:
    rings("office", "201", "202")

    heard = pbx.calls(SOMEBODY, "", "", "3")

    assert heard.names[:2] == ["ask-topic", "topic-back-office-cannot-log-in"]
    assert not heard.missing
    assert (heard.action, heard.variables["BALIE_TARGET"]) == ("forward", "office")
    assert heard.variables["BALIE_GROUP_1"] == "PJSIP/201&PJSIP/202"
    call = Call.objects.get()
    assert call.topic is not None and call.topic.key == "back-office-program-error"
    assert call.state == CallState.RINGING


def test_only_till_incidents_are_in_the_menu_outside_office_hours_SW_04(
    softwear: Desk, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_clock_shows(EVENING, monkeypatch)
    rings("till-helpdesk", "301")

    heard = pbx.calls(SOMEBODY, *[""] * 25, "1")

    topics = [name for name in heard.names if name.startswith("topic-")]
    assert topics and all(name.startswith(("topic-till-", "topic-something-else")) for name in topics)
    assert "topic-till-question" not in topics
    assert (heard.action, heard.variables["BALIE_TARGET"]) == ("forward", "till-helpdesk")


def test_anything_else_is_led_to_a_ticket_by_the_star_key_SW_05(softwear: Desk, pbx: Pbx) -> None:
    heard = pbx.calls(SOMEBODY, SOMETHING_ELSE)

    assert heard.names == ["ask-topic", "not-by-phone"]
    assert (heard.action, heard.is_hung_up) == ("announce", True)
    assert Call.objects.get().state == CallState.HELPED_ON


def test_a_caller_who_presses_nothing_is_led_to_a_ticket_SW_05(softwear: Desk, pbx: Pbx) -> None:
    heard = pbx.calls()

    assert heard.names.count("ask-topic") == 3
    assert heard.names[-1] == "make-ticket"
    assert heard.is_hung_up


def test_a_closed_desk_says_when_it_opens_again_SW_01_SW_05(
    softwear: Desk, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_clock_shows(NIGHT, monkeypatch)

    heard = pbx.calls()

    assert heard.names == ["closed", "open-again", "day-tomorrow", "clock-0900", "make-a-ticket"]
    spoken = [Path(f"{each}.txt").read_text() for each in heard.played]
    assert " ".join(spoken) == (
        "Wij zijn nu gesloten. Wij zijn weer bereikbaar vanaf morgen om negen uur. "
        "U kunt uw vraag stellen op onze website."
    )


# -- Infobits: only registered numbers of customers with a phone contract -------------------------------------


@pytest.mark.parametrize("number", [CARLAS, "0205550101"])
def test_a_registered_number_is_put_through_at_once_IB_03(
    infobits: Desk, support_contract: Contract, bakery: Customer, pbx: Pbx, number: str
) -> None:
    registers(bakery)
    rings("helpdesk", "201")

    heard = pbx.calls(number)

    assert (heard.action, heard.variables["BALIE_TARGET"]) == ("forward", "helpdesk")
    assert heard.variables["BALIE_GROUP_1"] == "PJSIP/201"
    assert not heard.is_answered and not heard.played
    assert not any("Korenbloem" in value for value in heard.variables.values())


def test_a_hidden_number_is_asked_to_show_itself_even_when_the_network_tells_it_IB_02(
    infobits: Desk, support_contract: Contract, bakery: Customer, pbx: Pbx
) -> None:
    registers(bakery)

    heard = pbx.calls(CARLAS, presentation=WITHHELD)

    assert heard.names == ["show-number"]
    assert (heard.action, heard.is_hung_up) == ("announce", True)
    assert Call.objects.get().caller == ""


def test_the_asserted_number_counts_before_what_a_caller_says_of_itself_IB_02(
    infobits: Desk, support_contract: Contract, bakery: Customer, pbx: Pbx
) -> None:
    registers(bakery)
    from_the_network = {"BALIE_ASSERTED": f"<sip:{SOMEBODY}@carrier.example>"}

    heard = pbx.calls(CARLAS, variables=from_the_network)

    assert heard.names == ["make-ticket"]


@pytest.mark.parametrize("number", [SOMEBODY, "9" * 40, "'; DROP TABLE phone_call; --", "unknown"])
def test_any_other_number_hears_how_to_make_a_ticket_IB_03_IB_04(
    infobits: Desk, support_contract: Contract, bakery: Customer, pbx: Pbx, number: str
) -> None:
    registers(bakery)

    heard = pbx.calls(number)

    assert heard.names in (["make-ticket"], ["show-number"])
    assert (heard.names == ["show-number"]) is (number == "unknown")
    assert (heard.action, heard.is_hung_up) == ("announce", True)


def test_without_a_phone_contract_a_registered_number_hears_the_same_IB_04(
    infobits: Desk, bakery: Customer, pbx: Pbx
) -> None:
    registers(bakery)

    assert pbx.calls(CARLAS).names == ["make-ticket"]


# -- The telephone of the desk -------------------------------------------------------------------------------


def test_what_the_dialplan_tells_becomes_the_call(
    infobits: Desk, support_contract: Contract, bakery: Customer, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", THE_CLOCK)  # the server for Asterisk has a clock of its own
    registers(bakery)
    rings("helpdesk", "201")
    pbx.calls(CARLAS, call="pbx-7")

    for kind, extension in (("ringing", "201"), ("answered", "201"), ("ended", "")):
        pbx.tells(kind, "pbx-7", extension)
    until(lambda: Call.objects.get().events.count() == 3, seconds=20)

    call = Call.objects.get()
    assert [each.kind for each in call.events.order_by("at")] == ["ringing", "answered", "ended"]
    assert call.state == CallState.ENDED
    assert call.extension is not None and call.extension.number == "201"


def test_a_wrong_token_gets_the_fallback_and_nothing_of_the_desk(infobits: Desk, pbx: Pbx) -> None:
    heard = pbx.call(Caller(), script="route?token=wrong")

    assert heard.variables == {"BALIE_ACTION": "fallback"}
    assert not Call.objects.exists()
