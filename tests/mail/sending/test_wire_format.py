"""Our mail as bytes: short lines, 7 bits, the same at every attempt, nothing in the header that is not meant to be."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.mail.models import OutboundMail
from balie.mail.wire_format import as_bytes, header_line, in_ascii

LONG_ID = "<" + "AM0PR04MB" * 12 + "@AM0PR04MB1234.eurprd04.prod.outlook.com>"


def mail(**changes: object) -> OutboundMail:
    fields: dict[str, object] = {
        "created_at": datetime(2026, 11, 20, 15, 0, tzinfo=UTC),
        "message_id_header": "<ticket-4711.m123456789012345.abcdefghijklmnop@helpdesk.infobits.example>",
        "sender": "Infobits helpdesk <helpdesk@infobits.example>",
        "recipient": "carla@shop.example",
        "subject": "Uw vraag",
        "text": "Beste Carla,\n\nDe lade gaat weer open.\n",
        "headers": {},
    }
    return OutboundMail(**fields | changes)


def read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_header_says_who_to_whom_when_and_which_mail_it_is() -> None:
    found = read(as_bytes(mail(reply_to="helpdesk+4711-abcdefghijklmnop@infobits.example")))

    assert found["From"] == "Infobits helpdesk <helpdesk@infobits.example>"
    assert (found["To"], found["Subject"]) == ("carla@shop.example", "Uw vraag")
    assert found["Reply-To"] == "helpdesk+4711-abcdefghijklmnop@infobits.example"
    assert found["Date"].datetime == datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert found["MIME-Version"] == "1.0"
    assert found.get_all("Bcc") is None


def test_long_message_ids_of_other_programs_stay_whole() -> None:
    """Python's own folding makes `=?utf-8?q?…?=` of them, and the conversation falls apart."""
    raw = as_bytes(
        mail(headers={"In-Reply-To": LONG_ID, "References": f"<a@b.example> {LONG_ID} <c@d.example>"})
    )

    assert LONG_ID.encode() in raw
    assert b"=?" not in raw
    assert read(raw)["References"].split() == ["<a@b.example>", LONG_ID, "<c@d.example>"]


@pytest.mark.parametrize(
    ("sender", "shown", "because"),
    [
        ("Infobits helpdesk <h@d.example>", "Infobits helpdesk <h@d.example>", "plain words"),
        ('"Kassa, B.V." <h@d.example>', '"Kassa, B.V." <h@d.example>', "a comma needs quotes"),
        ("Café Zürich <h@d.example>", "Café Zürich <h@d.example>", "letters outside ASCII"),
        ("h@d.example", "h@d.example", "no name"),
        ("x" * 60 + " é" * 40 + " <h@d.example>", "x" * 60 + " é" * 40 + " <h@d.example>", "a long name"),
    ],
)
def test_a_name_arrives_as_it_was_written(sender: str, shown: str, because: str) -> None:
    raw = as_bytes(mail(sender=sender))

    assert str(make_header(decode_header(message_from_bytes(raw)["From"]))) == shown, because
    assert raw.isascii()


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("carla@shop.example", "carla@shop.example"),
        ("carla@bäckerei.example", "carla@xn--bckerei-5wa.example"),
        ("carla@münchen.bäcker.example", "carla@xn--mnchen-3ya.xn--bcker-gra.example"),
        ("jürgen@shop.example", "jürgen@shop.example"),
        ("carla+kassa@[192.0.2.1]", "carla+kassa@[192.0.2.1]"),
    ],
)
def test_a_domain_is_written_as_the_dns_knows_it(address: str, sent: str) -> None:
    assert in_ascii(address) == sent


@pytest.mark.parametrize(
    "text", ["", "carla", "@shop.example", "a@[", "a@b\r\nBcc: c@d.example", "a b@c.example", "a@"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|label|idna"):
        in_ascii(text)


@given(
    subject=st.text(max_size=300),
    text=st.text(max_size=2000),
    name=st.text(st.characters(exclude_characters='<>@",;\\()[]:', exclude_categories=["C"]), max_size=100),
)
def test_whatever_is_written_makes_lines_that_every_server_takes(subject: str, text: str, name: str) -> None:
    raw = as_bytes(mail(subject=subject, text=text, sender=f"{name} <helpdesk@infobits.example>"))

    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert [name.lower() for name, _value in message_from_bytes(raw).items()].count("subject") == 1
    assert read(raw).get_all("Bcc") is None


@given(st.text(max_size=200))
def test_a_header_is_one_field_whatever_its_value_holds(value: str) -> None:
    line = header_line("Subject", value)

    assert line.endswith("\r\n")
    assert all(rest[:1] in {" ", "\t", ""} for rest in line.split("\r\n")[1:])


def test_every_attempt_sends_the_same_bytes() -> None:
    sent = mail(html="<p>De lade gaat weer open. é</p>", text="De lade gaat weer open. é")

    assert as_bytes(sent) == as_bytes(sent)


def test_two_mails_have_other_boundaries() -> None:
    first, second = (
        as_bytes(mail(html="<p>x</p>", message_id_header=f"<{number}@d.example>")) for number in (1, 2)
    )

    assert read(first).get_boundary() != read(second).get_boundary()
