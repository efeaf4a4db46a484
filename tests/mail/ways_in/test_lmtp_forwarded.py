"""Which server sent a message, as the mail server in front tells it by LMTP (XFORWARD): by that it is checked."""

from __future__ import annotations

import pytest
from tests.cast import FRIDAY_AT_FOUR
from tests.mail.letters import letter
from tests.mail.names import serving
from tests.mail.ways_in.lmtp_client import LmtpServer

from balie.config.desk_setup import make_desk
from balie.desk.models import Desk
from balie.mail import actions, opening
from balie.mail.models import InboundMail, InboundOutcome
from balie.mail.proof.checking import Client, Resolver
from balie.mail.ways_in.lmtp import client_header
from balie.presets.reading import load

HELP = "helpdesk@infobits.example"
LETTER = letter("carla@shop.example", to=HELP).replace(b"\n", b"\r\n")
SERVER = "203.0.113.66"


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return make_desk(load("infobits"))


def worked_on() -> InboundMail:
    mail = InboundMail.objects.get()
    actions.process(mail.pk, now=FRIDAY_AT_FOUR)
    mail.refresh_from_db()
    return mail


def test_a_sender_is_checked_by_the_server_that_the_one_in_front_tells(
    desk: Desk, lmtp: LmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lmtp.client() as client:
        client.ehlo_or_helo_if_needed()
        assert "xforward" in client.esmtp_features
        assert (
            client.docmd("XFORWARD", f"NAME=mx+2Eevil.example ADDR={SERVER} HELO=mx.evil.example")[0] == 250
        )
        client.sendmail("carla@shop.example", [HELP], LETTER)

    with serving({("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=reject"']}) as port:
        monkeypatch.setattr(opening, "resolver", lambda: Resolver(servers=["127.0.0.1"], port=port))
        mail = worked_on()

    assert mail.outcome == InboundOutcome.FORGED
    assert mail.client == {"address": SERVER, "helo": "mx.evil.example", "sender": "carla@shop.example"}


def test_a_line_in_the_message_itself_tells_nothing(
    desk: Desk, lmtp: LmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "resolver", lambda: pytest.fail("the DNS was asked"))
    with lmtp.client() as client:
        client.sendmail(
            "carla@shop.example", [HELP], b"X-Balie-Client: 192.0.2.10 mx.shop.example\r\n" + LETTER
        )

    assert worked_on().client == {}


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"addr": "192.0.2.1", "helo": "mx.example"}, b"X-Balie-Client: 192.0.2.1 mx.example\r\n"),
        ({"addr": "IPV6:2001:db8::1"}, b"X-Balie-Client: 2001:db8::1 \r\n"),
        ({"addr": "192.0.2.1", "helo": "a\r\nFrom: x"}, b"X-Balie-Client: 192.0.2.1 aFrom:x\r\n"),
        ({"addr": ""}, b""),
        ({"addr": "here\r\nX: y"}, b""),
        ({}, b""),
    ],
    ids=["plain", "IPv6", "nothing is smuggled in", "not told", "no address", "nothing"],
)
def test_what_is_written_on_top(told: dict[str, str], line: bytes) -> None:
    assert client_header(told) == line


def test_what_was_written_is_read_again() -> None:
    raw = client_header({"addr": "192.0.2.1", "helo": "mx.example"}) + LETTER
    assert Client.of_lmtp(raw, sender="x@y.example") == Client("192.0.2.1", "mx.example", "x@y.example")
    assert Client.of_lmtp(LETTER, sender="") is None
    assert Client.of_lmtp(b"", sender="") is None
