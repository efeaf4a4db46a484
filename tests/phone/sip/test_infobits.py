"""Infobits by real SIP: SIPp calls, Kamailio asks, Balie decides (IB-01 to IB-04)."""

from __future__ import annotations

import pytest
from tests.phone.sip.desks import Telephony, address_of, customer_with
from tests.phone.sip.telephones import call, caller, header, telephone
from tests.servers import daemons
from tests.servers.kamailio import DIAL_SECRET, PHONES_HOST, TRUNK_HOST

from balie.customers.models import Contact
from balie.phone.dialects import CannotDial, DialWay, dial
from balie.phone.models import Call, Extension

PRESET = "infobits"
REGISTERED, WITHOUT_CONTRACT = "+31612345678", "+31201234567"
SQL = "Robert'); DROP TABLE customers_customer; --"


@pytest.fixture(scope="module", autouse=True)
def desk(phones: Telephony) -> Telephony:
    """The helpdesk is open; the bakery has a phone contract, the florist registered a number without one."""
    phones.open("helpdesk", "zone-1")
    customer_with(REGISTERED, name="Bakkerij De Korenbloem")
    customer_with(WITHOUT_CONTRACT, name="Bloemsierkunst Flora", phone_contract=False)
    return phones


def at_the_network(number: str) -> str:
    return f"<sip:{number}@provider.example>"


RECOGNISED = [
    (
        "P-Asserted-Identity",
        at_the_network("0201111111"),
        f"P-Asserted-Identity: <sip:{REGISTERED}@provider.example>",
    ),
    ("tel: in P-Asserted-Identity", at_the_network("anonymous"), f"P-Asserted-Identity: <tel:{REGISTERED}>"),
    ("From alone", at_the_network(REGISTERED), "Subject: none"),
    ("national From", at_the_network("0612345678"), "Subject: none"),
    ("SQL in the display name", f'"{SQL}" <sip:{REGISTERED}@provider.example>', "Subject: none"),
    ("quotes in the display name", f'"a \\" b \\\\ c" <sip:{REGISTERED}@provider.example>', "Subject: none"),
]
HELPED_ON = [
    ("anonymous From", "<sip:anonymous@anonymous.invalid>", "Subject: none", "show-number"),
    (
        "Privacy: id",
        "<sip:anonymous@anonymous.invalid>",
        f"P-Asserted-Identity: <sip:{REGISTERED}@provider.example>\r\nPrivacy: id",
        "show-number",
    ),
    ("Privacy with a known From", at_the_network(REGISTERED), "Privacy: user;id", "show-number"),
    ("nobody's number", at_the_network("+31207654321"), "Subject: none", "make-ticket"),
    ("no phone contract", at_the_network(WITHOUT_CONTRACT), "Subject: none", "make-ticket"),
    ("40 digits", at_the_network("9" * 40), "Subject: none", "make-ticket"),
    ("garbage", at_the_network("%27%3B--"), "Subject: none", "make-ticket"),
    (
        "an asserted stranger over a known From",
        at_the_network(REGISTERED),
        "P-Asserted-Identity: <sip:+31207654321@provider.example>",
        "make-ticket",
    ),
    ("an unreadable identity", at_the_network(REGISTERED), "P-Asserted-Identity: <<>>", "make-ticket"),
]


@pytest.mark.parametrize(
    ("who", "more"), [each[1:] for each in RECOGNISED], ids=[each[0] for each in RECOGNISED]
)
def test_a_recognised_number_is_put_through_and_the_call_is_told_of_IB_01_IB_02_IB_03(
    desk: Telephony, who: str, more: str
) -> None:
    extension, port = address_of("201")
    desk.ring("helpdesk", [extension])
    with telephone("answers", desk.folder, port=port) as phone:
        assert call(desk.kamailio, desk.folder, who, more=more) == [180, 200]
        assert header(phone.await_invite(), "X-Balie-Prompts") is None
    found = desk.await_call(state="ended", kinds=["ringing", "answered", "ended"])
    assert (found.caller, found.action, found.line and found.line.key) == (REGISTERED, "forward", "helpdesk")
    assert found.extension == Extension.objects.get(number=extension)
    assert [each.name for each in found.customers.all()] == ["Bakkerij De Korenbloem"]


@pytest.mark.parametrize(
    ("who", "more", "announcement"), [each[1:] for each in HELPED_ON], ids=[each[0] for each in HELPED_ON]
)
def test_everybody_else_hears_how_to_be_helped_and_rings_at_nobody_IB_02_IB_03_IB_04(
    desk: Telephony, who: str, more: str, announcement: str
) -> None:
    extension, port = address_of("201")
    desk.ring("helpdesk", [extension])
    with (
        telephone("rings", desk.folder, port=port) as phone,
        telephone("answers", desk.folder, host="127.0.0.3", port=desk.ports.media, after=0) as media,
    ):
        assert call(desk.kamailio, desk.folder, who, more=more) == [180, 200]
        invite = media.await_invite()
        assert phone.invites() == []
    assert invite.startswith(f"INVITE sip:{announcement}@")
    assert header(invite, "X-Balie-Prompts") == announcement
    assert header(invite, "X-Balie-Language") == "nl"
    assert desk.await_call(state="helped_on").announcement == announcement


def test_what_a_caller_hears_names_no_customer_and_no_reason_IB_01(desk: Telephony) -> None:
    with telephone("answers", desk.folder, host="127.0.0.3", port=desk.ports.media, after=0) as media:
        with caller(desk.kamailio, desk.folder, at_the_network(WITHOUT_CONTRACT)) as calling:
            calling.end()
        for message in (*calling.messages(), *media.messages()):
            assert "Flora" not in message and "contract" not in message


def test_outside_the_hours_a_recognised_caller_hears_when_to_call_IB_03(desk: Telephony) -> None:
    desk.open()
    try:
        with telephone("answers", desk.folder, host="127.0.0.3", port=desk.ports.media, after=0) as media:
            assert call(desk.kamailio, desk.folder, at_the_network(REGISTERED)) == [180, 200]
            prompts = (header(media.await_invite(), "X-Balie-Prompts") or "").split(", ")
    finally:
        desk.open("helpdesk", "zone-1")
    assert (prompts[:2], prompts[-1]) == (["closed", "open-again"], "make-a-ticket")


def test_an_agent_that_logs_off_while_it_rings_leaves_the_call_to_the_next_one(desk: Telephony) -> None:
    (first, at_first), (second, at_second) = address_of("201"), address_of("202")
    desk.ring("helpdesk", [first], [second])
    with (
        telephone("logs_off", desk.folder, port=at_first, after=300) as leaving,
        telephone("answers", desk.folder, port=at_second),
        caller(desk.kamailio, desk.folder, at_the_network(REGISTERED)) as calling,
    ):
        leaving.await_invite()
        Extension.objects.filter(number=first).update(takes_calls=False)
        assert calling.end() == [180, 180, 200]
    found = desk.await_call(state="ended")
    assert found.extension == Extension.objects.get(number=second)
    with telephone("answers", desk.folder, port=at_second):
        assert call(desk.kamailio, desk.folder, at_the_network(REGISTERED)) == [180, 200]


def test_the_telephones_of_a_group_ring_together_and_those_that_lose_stop(desk: Telephony) -> None:
    (first, at_first), (second, at_second) = address_of("201"), address_of("202")
    desk.ring("helpdesk", [first, second])
    with (
        telephone("rings", desk.folder, port=at_first) as losing,
        telephone("answers", desk.folder, port=at_second, after=400),
    ):
        assert call(desk.kamailio, desk.folder, at_the_network(REGISTERED))[-1] == 200
        losing.end()
    assert [each.splitlines()[0].split()[0] for each in losing.messages() if "CANCEL sip" in each] == [
        "CANCEL"
    ]


def test_two_calls_of_one_customer_go_to_two_telephones(desk: Telephony) -> None:
    (first, at_first), (second, at_second) = address_of("201"), address_of("202")
    desk.ring("helpdesk", [first], [second])
    before = Call.objects.count()
    with (
        telephone("answers", desk.folder, port=at_first),
        telephone("answers", desk.folder, port=at_second) as other,
        caller(desk.kamailio, desk.folder, at_the_network(REGISTERED), talk=1500) as one,
    ):
        desk.await_call(state="talking")
        busy_now_elsewhere = Extension.objects.filter(number=first)
        busy_now_elsewhere.update(takes_calls=False)
        assert call(desk.kamailio, desk.folder, at_the_network(REGISTERED)) == [180, 200]
        assert other.invites() and one.end() == [180, 200]
    assert Call.objects.count() == before + 2


def test_nobody_takes_it_so_the_voicemail_does(desk: Telephony) -> None:
    extension, port = address_of("201")
    desk.ring("helpdesk", [extension])
    with (
        telephone("logs_off", desk.folder, port=port),
        telephone("answers", desk.folder, host="127.0.0.3", port=desk.ports.voicemail),
    ):
        assert call(desk.kamailio, desk.folder, at_the_network(REGISTERED)) == [180, 180, 200]
    desk.await_call(state="voicemail")


def test_a_caller_that_gives_up_is_missed(desk: Telephony) -> None:
    extension, port = address_of("201")
    desk.ring("helpdesk", [extension])
    with telephone("rings", desk.folder, port=port) as phone:
        assert call(desk.kamailio, desk.folder, at_the_network(REGISTERED), manner="hangs_up") == [180, 487]
        phone.end()
    desk.await_call(state="missed", kinds=["ringing", "missed"])


def test_nobody_but_peers_is_answered(desk: Telephony) -> None:
    calls = Call.objects.count()
    with caller(desk.kamailio, desk.folder, at_the_network(REGISTERED), host="127.0.0.9") as stranger:
        with telephone("answers", desk.folder, host="127.0.0.3", port=desk.ports.media, after=0):
            assert call(desk.kamailio, desk.folder, at_the_network("+31207654321")) == [180, 200]
        assert stranger.heard() == []
    assert Call.objects.count() == calls + 1


def test_a_call_that_goes_round_is_ended(desk: Telephony) -> None:
    assert call(desk.kamailio, desk.folder, at_the_network(REGISTERED), hops=0) == [483]


def test_somebody_who_tries_numbers_reaches_nobody_by_it(desk: Telephony) -> None:
    """Once Balie will hear of no more new numbers the call is refused: the fallback is not for that."""
    desk.exchange.refresh_from_db()
    desk.exchange.new_numbers_left, desk.exchange.new_numbers_at = 0, None
    desk.exchange.made_at = desk.exchange.made_at.replace(year=2100)
    desk.exchange.save()
    assert call(desk.kamailio, desk.folder, at_the_network("+31207777777")) == [480]
    desk.exchange.made_at = desk.exchange.made_at.replace(year=2020)
    desk.exchange.save()


def dialled(desk: Telephony, secret: str = DIAL_SECRET) -> None:
    way = DialWay("jsonrpc", desk.kamailio.orders, user="balie", secret=secret, context=desk.kamailio.address)
    dial(way, telephone="201", number="+31207654321")


def test_click_to_dial_rings_the_agent_first(desk: Telephony) -> None:
    with telephone("answers", desk.folder, port=desk.ports.phones, after=0) as phone:
        dialled(desk)
        assert phone.await_invite().startswith("INVITE sip:201@")
        daemons.until(lambda: [each for each in phone.messages() if each.startswith("REFER ")])
    [refer] = [each for each in phone.messages() if each.startswith("REFER ")]
    assert header(refer, "Refer-To") == f"sip:+31207654321@{desk.kamailio.address}"


def test_nobody_else_orders_calls(desk: Telephony) -> None:
    with pytest.raises(CannotDial):
        dialled(desk, secret="nonsense")


def test_a_call_of_an_agent_goes_to_the_trunk_and_is_in_the_log(desk: Telephony) -> None:
    with telephone("answers", desk.folder, host=TRUNK_HOST, port=desk.ports.trunk) as outside:
        assert call(
            desk.kamailio, desk.folder, "<sip:201@phones.example>", to="+31207654321", host=PHONES_HOST
        ) == [180, 200]
        assert outside.await_invite().startswith("INVITE sip:+31207654321@")
    found = desk.await_call(state="ended", kinds=["ringing", "answered", "ended"])
    assert (found.direction, found.caller, found.action) == ("out", "+31207654321", "")


def test_nothing_that_callers_send_harmed_the_desk(desk: Telephony) -> None:
    assert Contact.objects.count() == 0 and Call.objects.filter(caller_text__contains="DROP TABLE").exists()
