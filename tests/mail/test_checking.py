"""SPF, DKIM and DMARC checked here, against a name server on this machine."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.mail.names import serving

from balie.mail.proof.checking import Client, Resolver, check
from balie.rules.mail_matching import Care, Method, Trust, judge

KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()

ZONE = {
    ("shop.example", "TXT"): ['"v=spf1 ip4:192.0.2.10 a:mail.shop.example -all"'],
    ("mail.shop.example", "A"): ["192.0.2.11"],
    ("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=reject; aspf=r"'],
    ("key._domainkey.shop.example", "TXT"): [f'"v=DKIM1; k=rsa; p={PUBLIC[:200]}" "{PUBLIC[200:]}"'],
    ("strict.example", "TXT"): ['"v=spf1 ip4:192.0.2.10 -all"'],
    ("news.strict.example", "TXT"): ['"v=spf1 ip4:192.0.2.10 -all"'],
    ("_dmarc.strict.example", "TXT"): ['"v=DMARC1; p=quarantine; aspf=s"'],
    ("watching.example", "TXT"): ['"v=spf1 -all"'],
    ("_dmarc.watching.example", "TXT"): ['"v=DMARC1; p=none"'],
    ("soft.example", "TXT"): ['"v=spf1 ~all"'],
    ("parts.example", "TXT"): ['"v=spf1 -all"'],
    ("_dmarc.parts.example", "TXT"): ['"v=DMARC1; p=none; sp=reject"'],
    ("evil.example", "TXT"): ['"v=spf1 ip4:203.0.113.66 -all"'],
    ("loop.example", "TXT"): ['"v=spf1 include:loop.example -all"'],
}
OF_THE_SHOP, OF_SOMEBODY = "192.0.2.10", "203.0.113.66"


@pytest.fixture(scope="module")
def dns() -> Iterator[Callable[[], Resolver]]:
    with serving(ZONE) as port:
        yield lambda: Resolver(servers=["127.0.0.1"], port=port, seconds=2)


def letter(sender: str) -> bytes:
    return (
        f"From: Carla <{sender}>\r\nTo: help@desk.example\r\nSubject: Kassa\r\n"
        "Date: Fri, 20 Nov 2026 16:00:00 +0100\r\nMessage-ID: <1@shop.example>\r\n\r\nDe lade klemt.\r\n"
    ).encode()


def signed(raw: bytes, domain: bytes = b"shop.example") -> bytes:
    return bytes(dkim.sign(raw, b"key", domain, PRIVATE)) + raw


def judged(
    raw: bytes, client: Client, sender: str, dns: Callable[[], Resolver]
) -> tuple[dict[Method, str], Trust]:
    results = check(raw, client, from_=sender, dns=dns())
    found = {each.method: each.result for each in results}
    return found, judge(results, sender=sender, care=Care.POLICY).trust


@pytest.mark.parametrize(
    ("sender", "envelope", "address", "spf", "dmarc", "trust"),
    [
        ("carla@shop.example", "carla@shop.example", OF_THE_SHOP, "pass", "pass", Trust.PROVEN),
        ("carla@shop.example", "carla@shop.example", "192.0.2.11", "pass", "pass", Trust.PROVEN),
        ("carla@shop.example", "carla@shop.example", OF_SOMEBODY, "fail", "fail", Trust.FORGED),
        ("carla@shop.example", "x@evil.example", OF_SOMEBODY, "pass", "fail", Trust.FORGED),
        ("carla@deep.shop.example", "x@evil.example", OF_SOMEBODY, "pass", "fail", Trust.FORGED),
        ("carla@watching.example", "carla@watching.example", OF_SOMEBODY, "fail", "fail", Trust.UNPROVEN),
        ("carla@a.parts.example", "x@evil.example", OF_SOMEBODY, "pass", "fail", Trust.FORGED),
        ("carla@soft.example", "carla@soft.example", OF_SOMEBODY, "softfail", "none", Trust.UNPROVEN),
        ("carla@nothing.example", "carla@nothing.example", OF_SOMEBODY, "none", "none", Trust.UNPROVEN),
        ("carla@strict.example", "x@news.strict.example", OF_THE_SHOP, "pass", "fail", Trust.FORGED),
        ("carla@loop.example", "carla@loop.example", OF_SOMEBODY, "permerror", "none", Trust.UNPROVEN),
        (
            "carla@broken.example",
            "carla@broken.example",
            OF_SOMEBODY,
            "temperror",
            "temperror",
            Trust.UNPROVEN,
        ),
        ("carla@shop.example", "", OF_SOMEBODY, "none", "fail", Trust.FORGED),
        ("carla@shop.example", "carla@shop.example", "no address", "permerror", "fail", Trust.FORGED),
    ],
    ids=[
        "from the shop's server",
        "from its mail server, by name",
        "spoofed on the envelope, too",
        "spoofed in From only",
        "a name below the domain that asks",
        "the domain only watches",
        "the domain asks for names below it only",
        "no policy, soft fail",
        "nothing published",
        "strict alignment",
        "SPF without end",
        "the name server fails",
        "no sender on the envelope",
        "an address that is none",
    ],
)
def test_what_the_checks_come_to(
    sender: str, envelope: str, address: str, spf: str, dmarc: str, trust: Trust, dns: Callable[[], Resolver]
) -> None:
    found, judgement = judged(letter(sender), Client(address, "mx.example", envelope), sender, dns)
    assert (found[Method.SPF], found[Method.DMARC], judgement) == (spf, dmarc, trust)


def test_a_signature_proves_the_domain_by_whatever_server_it_came(dns: Callable[[], Resolver]) -> None:
    sender = "carla@shop.example"
    forwarded = Client(OF_SOMEBODY, "mx.example", "x@evil.example")
    found, trust = judged(signed(letter(sender)), forwarded, sender, dns)
    assert (found[Method.DKIM], found[Method.DMARC], trust) == ("pass", "pass", Trust.PROVEN)


def test_a_changed_message_loses_its_signature(dns: Callable[[], Resolver]) -> None:
    sender = "carla@shop.example"
    changed = signed(letter(sender)).replace(b"klemt", b"is leeg")
    found, trust = judged(changed, Client(OF_SOMEBODY, "", "x@evil.example"), sender, dns)
    assert (found[Method.DKIM], trust) == ("fail", Trust.FORGED)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"DKIM-Signature: x\r\n\r\n",
        b"DKIM-Signature: v=1; d=shop.example; s=gone; b=x\r\n\r\n",
        b"\xff\x00",
    ],
    ids=["nothing", "no signature", "half a signature", "no mail"],
)
def test_no_bytes_make_it_raise(raw: bytes, dns: Callable[[], Resolver]) -> None:
    results = check(raw, Client("::1", "é", "ünder@x"), from_="", dns=dns())
    assert {each.method for each in results} >= {Method.SPF, Method.DMARC}


def test_all_questions_about_one_message_share_their_time() -> None:
    with serving({}) as port:
        late = Resolver(servers=["127.0.0.1"], port=port, seconds=0)
        client = Client(OF_SOMEBODY, "", "c@shop.example")
        results = check(letter("carla@shop.example"), client, from_="c@shop.example", dns=late)
    assert results[-1].result == "temperror"


def test_a_mail_without_a_known_server_is_not_checked() -> None:
    assert Client.read({}) is None
    assert Client.read({"address": "192.0.2.1", "helo": "mx"}) == Client("192.0.2.1", "mx")
