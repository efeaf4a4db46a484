"""Our signatures (DKIM), as dkimpy checks them; through a real server: test_postfix."""

from __future__ import annotations

import dkim
import pytest
from tests.cast import FRIDAY_AT_FOUR

from balie.accounts.models import User
from balie.mail import signing
from balie.mail.models import SigningKey

pytestmark = pytest.mark.django_db

HEADER = (
    b"Date: Fri, 20 Nov 2026 16:00:00 +0100\r\nFrom: Help <help@softwear.nl>\r\nTo: carla@shop.example\r\n"
    b"Subject: =?utf-8?q?De_lade_klemt=2C?=\r\n\t=?utf-8?q?_nog_steeds?=\r\nMessage-ID: <1@softwear.nl>\r\n"
)


@pytest.fixture
def key(willem: User) -> SigningKey:
    made = signing.make_key("softwear.nl", by=willem, now=FRIDAY_AT_FOUR)
    signing.sign_with(made, by=willem, now=FRIDAY_AT_FOUR)
    return made


def holds(message: bytes, key: SigningKey) -> bool:
    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        is_asked = name.decode().rstrip(".") == signing.record_name(key)
        return signing.record_text(key).encode() if is_asked else None

    return bool(dkim.verify(message, dnsfunc=look_up))


@pytest.mark.parametrize(
    ("body", "because"),
    [
        (b"De lade klemt.\r\n", "an ordinary mail"),
        (b"", "nothing at all"),
        (b"\r\n\r\n", "lines at the end are not counted"),
        (b"twee  spaties en een tab\t \r\n .punt\r\n\r\n\r\n", "white space is counted once"),
        (b"zonder einde", "the last line has no end"),
        (b"x" * 5_000_000, "large files"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_signature_holds(key: SigningKey, body: bytes, because: str) -> None:
    message = HEADER + b"\r\n" + body
    made = signing.signature(message, key)

    assert holds(made + message, key), because
    assert all(len(line) <= 78 for line in made.splitlines())
    assert not holds(made + message.replace(b"\r\n\r\n", b"\r\n\r\nBetaal hier: ", 1), key)


@pytest.mark.parametrize(
    "field", [b"From: eve@else.example", b"Subject: Betaal", b"Reply-To: eve@else.example"]
)
def test_nobody_adds_a_field_that_is_signed(key: SigningKey, field: bytes) -> None:
    message = HEADER + b"\r\nDe lade klemt.\r\n"
    made = signing.signature(message, key)

    assert holds(made + message, key)
    assert not holds(field + b"\r\n" + made + message, key)


def test_a_server_on_the_way_may_fold_another_way_and_add_its_own_lines(key: SigningKey) -> None:
    signed = signing.signed(HEADER + b"\r\nDe lade klemt.\r\n", domain="SOFTWEAR.nl")

    folded = signed.replace(b"Subject: =?", b"Subject:\r\n  =?")
    assert folded != signed and holds(b"Received: from here\r\n" + folded, key)


def test_a_domain_without_a_key_that_signs_leaves_unsigned(key: SigningKey) -> None:
    message = HEADER + b"\r\nDe lade klemt.\r\n"
    assert signing.signed(message, domain="else.example") == message
