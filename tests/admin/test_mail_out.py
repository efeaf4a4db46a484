"""How mail leaves, in the administration: the server tried out step by step, keys, records and a look in the DNS."""

from __future__ import annotations

import pytest
from pytest_django import Settings
from tests.cast import browser_of
from tests.mail.names import serving
from tests.servers.fixtures import dovecot_server, postfix, postfix_server
from tests.servers.postfix import Postfix

from balie.accounts.models import User
from balie.administration import mail_out
from balie.audit.models import Entry
from balie.desk.models import Desk
from balie.mail import signing
from balie.mail.models import OutboundMail, SigningKey
from balie.mail.proof.checking import Resolver

__all__ = ["dovecot_server", "postfix", "postfix_server"]
pytestmark = pytest.mark.django_db
PAGE = "/admin/mail-out/"


def shown(browser, **form: str) -> str:
    answer = browser.post(PAGE, form, follow=True) if form else browser.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_server_the_page_says_how_to_set_one(
    softwear: Desk, willem: User, settings: Settings
) -> None:
    settings.SMTP_URL = ""

    assert "BALIE_SMTP_URL" in shown(browser_of(willem))


def test_an_address_that_names_no_server_is_told_and_no_password_is_shown(
    softwear: Desk, willem: User, settings: Settings
) -> None:
    settings.SMTP_URL = "smtp://balie:geheim123@mail.example:25?tls=no"
    assert "on this machine only" in shown(browser_of(willem))

    settings.SMTP_URL = "smtp://balie:geheim123@mail.example"
    page = shown(browser_of(willem))
    assert "mail.example" in page and "STARTTLS" in page
    assert "geheim123" not in page


def test_a_test_mail_shows_every_step_and_arrives(
    softwear: Desk, willem: User, postfix: Postfix, settings: Settings
) -> None:
    settings.SMTP_URL = f"smtp://balie:p%40ss%2Fword@localhost:{postfix.submission_port}"

    page = shown(browser_of(willem), _try="1")

    for words in (
        *(str(each) for each in mail_out.STEPS.values()),
        "The mail is on its way to you.",
        "TLSv1.",
    ):
        assert words.replace("'", "&#x27;") in page
    assert [each["Subject"] for each in postfix.await_letters(to=willem.email)] == [
        "Test of the outgoing mail of Softwear servicedesk"
    ]
    assert not OutboundMail.objects.exists()
    assert Entry.objects.filter(action="try_mail_server").exists()


def test_where_it_stops_is_told_in_plain_words_and_in_the_servers(
    softwear: Desk, willem: User, postfix: Postfix, settings: Settings
) -> None:
    settings.SMTP_URL = f"smtp://balie:wrong@localhost:{postfix.submission_port}"

    page = shown(browser_of(willem), _try="1")

    assert "The connection is encrypted" in page
    assert "does not accept the user name and password" in page
    assert "535 5.7.8" in page
    assert "The server took the mail" not in page


def test_a_demo_sends_no_test_either(
    softwear: Desk, willem: User, postfix: Postfix, settings: Settings
) -> None:
    settings.SMTP_URL = f"smtp://127.0.0.1:{postfix.port}?tls=no"
    Desk.objects.update(is_demo=True)

    page = shown(browser_of(willem), _try="1")

    assert "This is a demo: nothing is sent." in page
    assert "connect from" not in postfix.told().rpartition("reload")[2]


def test_a_key_signs_only_when_it_is_told_to_and_its_private_half_is_sealed(
    softwear: Desk, willem: User
) -> None:
    browser = browser_of(willem)
    page = shown(browser, _make="1")
    key = SigningKey.objects.get()

    assert "does not sign" in page
    assert signing.record_text(key) in page
    assert "PRIVATE KEY" not in key.private_key
    browser.post(f"{PAGE}keys/{key.pk}/", {"_sign": "1"})
    key.refresh_from_db()
    assert key.is_active
    browser.post(f"{PAGE}keys/{key.pk}/", {"_remove": "1"})
    assert not SigningKey.objects.exists()
    assert browser.post(f"{PAGE}keys/{key.pk}/", {"_sign": "1"}).status_code == 404


def test_of_two_keys_of_a_domain_one_signs(softwear: Desk, willem: User) -> None:
    browser = browser_of(willem)
    shown(browser, _make="1")
    shown(browser, _make="1")
    new, old = SigningKey.objects.all()
    for each in (old, new):
        browser.post(f"{PAGE}keys/{each.pk}/", {"_sign": "1"})

    assert old.selector != new.selector
    assert [each.is_active for each in SigningKey.objects.all()] == [True, False]


def test_the_records_are_looked_up_in_the_dns(
    softwear: Desk, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(willem)
    shown(browser, _make="1")
    key = SigningKey.objects.get()
    text = signing.record_text(key)
    zone = {
        ("softwear.nl", "TXT"): ['"v=spf1 include:mail.example ~all"', '"google-site-verification=x"'],
        (signing.record_name(key), "TXT"): [f'"{text[:200]}" "{text[200:]}"'],
    }
    with serving(zone) as port:
        monkeypatch.setattr(mail_out, "Resolver", lambda: Resolver(servers=["127.0.0.1"], port=port))
        page = shown(browser, _look="1")

    assert page.count("It is there.") == 2
    assert "v=spf1 include:mail.example ~all" in page
    assert page.count("It is not there.") == 1, "DMARC"


def test_a_key_that_is_not_ours_and_a_dns_that_is_silent_are_told(
    softwear: Desk, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(willem)
    shown(browser, _make="1")
    key = SigningKey.objects.get()
    with serving({(signing.record_name(key), "TXT"): ['"v=DKIM1; p=AAAA"']}) as port:
        monkeypatch.setattr(mail_out, "Resolver", lambda: Resolver(servers=["127.0.0.1"], port=port))
        assert "Something else is there:" in shown(browser, _look="1")
    monkeypatch.setattr(mail_out, "Resolver", lambda: Resolver(servers=["127.0.0.1"], port=9, seconds=0.2))
    assert "The DNS did not answer" in shown(browser, _look="1")
