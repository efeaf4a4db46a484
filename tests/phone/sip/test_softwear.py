"""Softwear by real SIP: one public number, two lines behind it, a menu by key presses (SW-01 to SW-05)."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from tests.phone.sip.desks import Telephony, address_of
from tests.phone.sip.telephones import Sipp, call, header, telephone
from tests.servers.kamailio import MEDIA_HOST

from balie.desk.models import Line
from balie.phone.models import CalledNumber

PRESET = "softwear"
NUMBER = "31202292929"
ANYBODY = "<sip:0612345678@provider.example>"


@pytest.fixture(scope="module")
def telephones(phones: Telephony) -> dict[str, tuple[str, int]]:
    """The telephone of each line, and the number of the desk that tells no line."""
    found = {key: address_of(number) for key, number in (("office", "301"), ("till-helpdesk", "302"))}
    for line, (extension, _port) in found.items():
        phones.ring(line, [extension])
    return found


def menu(phones: Telephony, presses: str) -> AbstractContextManager[Sipp]:
    return telephone("presses", phones.folder, host=MEDIA_HOST, port=phones.ports.media, contact=presses)


def key_of(phones: Telephony, topic: str) -> str:
    """The key that the menu has for a topic now: heard, as a caller hears it."""
    with telephone("answers", phones.folder, host=MEDIA_HOST, port=phones.ports.media, after=0) as media:
        assert call(phones.kamailio, phones.folder, ANYBODY, to=NUMBER) == [180, 200]
        prompts = (header(media.await_invite(), "X-Balie-Prompts") or "").split(", ")
    assert prompts[0] == "ask-topic"
    pressed = prompts[prompts.index(f"topic-{topic}") + 1].removeprefix("press-")
    return {"star": "*", "hash": "#"}.get(pressed, pressed)


@pytest.mark.parametrize(
    ("open_line", "topic"),
    [("office", "till-scanner"), ("office", "back-office-cannot-log-in"), ("till-helpdesk", "till-incident")],
)
def test_who_presses_the_key_of_an_urgent_topic_is_put_through_to_the_line_of_that_hour_SW_01_SW_03_SW_04(
    phones: Telephony, telephones: dict[str, tuple[str, int]], open_line: str, topic: str
) -> None:
    phones.open(open_line)
    key = key_of(phones, topic)
    _extension, port = telephones[open_line]
    with menu(phones, key) as asks, telephone("answers", phones.folder, port=port):
        assert call(phones.kamailio, phones.folder, ANYBODY, to=NUMBER) == [180, 200]
        assert asks.await_invite().startswith("INVITE sip:ask-topic@")
    found = phones.await_call(state="ended", kinds=["ringing", "answered", "ended"])
    assert (found.action, found.line and found.line.key) == ("forward", open_line)
    assert found.topic is not None and found.topic.key == topic


def test_any_other_question_is_led_to_a_ticket_SW_05(
    phones: Telephony, telephones: dict[str, tuple[str, int]]
) -> None:
    phones.open("office")
    with menu(phones, "*"), telephone("rings", phones.folder, port=telephones["office"][1]) as phone:
        # The media server of the test takes one call: the announcement after the menu finds nobody.
        assert call(phones.kamailio, phones.folder, ANYBODY, to=NUMBER) == [480]
        assert phone.invites() == []
    found = phones.await_call(state="helped_on")
    assert (found.action, found.announcement) == ("announce", "not-by-phone")


def test_till_questions_are_not_in_the_menu_of_the_evening_SW_04(phones: Telephony) -> None:
    phones.open("till-helpdesk")
    with telephone("answers", phones.folder, host=MEDIA_HOST, port=phones.ports.media, after=0) as media:
        assert call(phones.kamailio, phones.folder, ANYBODY, to=NUMBER) == [180, 200]
        prompts = (header(media.await_invite(), "X-Balie-Prompts") or "").split(", ")
    assert "topic-till-incident" in prompts
    assert not [each for each in prompts if "question" in each or "back-office" in each]


def test_when_both_lines_are_closed_the_next_opening_is_heard_SW_01_SW_02(
    phones: Telephony, telephones: dict[str, tuple[str, int]]
) -> None:
    phones.open()
    with (
        telephone("answers", phones.folder, host=MEDIA_HOST, port=phones.ports.media, after=0) as media,
        telephone("rings", phones.folder, port=telephones["office"][1]) as phone,
    ):
        assert call(phones.kamailio, phones.folder, ANYBODY, to=NUMBER) == [180, 200]
        invite = media.await_invite()
        assert phone.invites() == []
    assert invite.startswith("INVITE sip:closed@")
    assert (header(invite, "X-Balie-Prompts") or "").startswith("closed, open-again, ")


def test_the_line_that_was_called_counts_where_the_number_tells_it_SW_01(
    phones: Telephony, telephones: dict[str, tuple[str, int]]
) -> None:
    CalledNumber.objects.create(number="31202292930", line=Line.objects.get(key="office"))
    phones.open("till-helpdesk")
    with telephone("answers", phones.folder, host=MEDIA_HOST, port=phones.ports.media, after=0) as media:
        assert call(phones.kamailio, phones.folder, ANYBODY, to="31202292930") == [180, 200]
        assert media.await_invite().startswith("INVITE sip:closed@")
