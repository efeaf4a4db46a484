"""The page of a mailbox: secrets go in and never out, and a test says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.cast import browser_of
from tests.mail.test_intake import waiting_jobs
from tests.mail.ways_in.mailboxes import by_token, mailbox_on
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import dovecot as dovecot
from tests.servers.fixtures import dovecot_server as dovecot_server

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.desk.models import Desk
from balie.desk.sealing import unseal
from balie.mail import jobs
from balie.mail.models import Mailbox

FILLED_IN: dict[str, Any] = {
    "name": "Postbus",
    "is_on": "on",
    "host": "mail.example",
    "port": 993,
    "security": "tls",
    "user": "help@desk.example",
    "login": "password",
    "password": "p@ss-wörd",
    "folder": "INBOX",
    "begins_with": "unseen",
    "uses_idle": "on",
    "poll_seconds": 60,
    "alarm_after_minutes": 15,
}
ADD = "/admin/mail/mailbox/add/"


def test_a_mailbox_is_made_with_its_secret_sealed(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    assert browser.post(ADD, FILLED_IN).status_code == 302

    mailbox = Mailbox.objects.get()
    assert unseal(mailbox.sealed_password) == "p@ss-wörd"
    page = browser.get(reverse("admin:mail_mailbox_change", args=[mailbox.pk])).content.decode()
    assert "p@ss" not in page
    assert mailbox.sealed_password not in page
    assert len(waiting_jobs(jobs.WATCH)) == 1


def test_the_record_tells_that_a_secret_changed_and_not_to_what(infobits: Desk, willem: User) -> None:
    browser_of(willem).post(ADD, FILLED_IN)
    mailbox = Mailbox.objects.get()
    change = reverse("admin:mail_mailbox_change", args=[mailbox.pk])
    browser_of(willem).post(change, FILLED_IN | {"password": "another-one"})

    told = str(list(Entry.objects.values_list("data", flat=True)))
    assert "'password': ['•••', '•••']" in told
    assert "p@ss" not in told
    assert "another-one" not in told


def test_an_empty_secret_changes_nothing(infobits: Desk, willem: User) -> None:
    browser_of(willem).post(ADD, FILLED_IN)
    mailbox = Mailbox.objects.get()
    change = reverse("admin:mail_mailbox_change", args=[mailbox.pk])
    answer = browser_of(willem).post(change, FILLED_IN | {"password": "", "poll_seconds": 30})

    assert answer.status_code == 302
    mailbox.refresh_from_db()
    assert (unseal(mailbox.sealed_password), mailbox.poll_seconds) == ("p@ss-wörd", 30)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        pytest.param({"password": ""}, "password", id="no password"),
        pytest.param({"login": "oauth2", "client_id": "x"}, "token_url", id="no token endpoint"),
        pytest.param({"login": "oauth2", "token_url": "https://x.example/t"}, "client_id", id="no client"),
        pytest.param(
            {"login": "oauth2", "client_id": "x", "token_url": "http://x.example/t", "refresh_token": "r"},
            "token_url",
            id="an endpoint in the open",
        ),
        pytest.param({"security": "none"}, None, id="no encryption to another machine"),
    ],
)
def test_what_is_missing_is_asked_for(
    infobits: Desk, willem: User, fields: dict[str, Any], name: str | None
) -> None:
    form = browser_of(willem).post(ADD, FILLED_IN | fields).context["adminform"].form

    assert form.errors if name is None else name in form.errors
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("field", [{"host": "evil.example"}, {"port": 143}, {"security": "starttls"}])
def test_a_kept_secret_is_not_sent_to_another_server(
    infobits: Desk, willem: User, field: dict[str, Any]
) -> None:
    browser_of(willem).post(ADD, FILLED_IN)
    change = reverse("admin:mail_mailbox_change", args=[Mailbox.objects.get().pk])
    answer = browser_of(willem).post(change, FILLED_IN | {"password": ""} | field)

    assert "password" in answer.context["adminform"].form.errors
    assert Mailbox.objects.get().host == "mail.example"


def test_another_folder_is_looked_through_from_its_beginning(infobits: Desk, willem: User) -> None:
    browser_of(willem).post(ADD, FILLED_IN)
    Mailbox.objects.update(uid_validity=7, first_uid=10, last_uid=9)
    change = reverse("admin:mail_mailbox_change", args=[Mailbox.objects.get().pk])
    browser_of(willem).post(change, FILLED_IN | {"folder": "Vragen"})

    mailbox = Mailbox.objects.get()
    assert (mailbox.uid_validity, mailbox.first_uid, mailbox.last_uid) == (None, 0, 0)


def outcome_of_test(mailbox: Mailbox, person: User) -> str:
    answer = browser_of(person).post(reverse("admin:mail_mailbox_test", args=[mailbox.pk]), follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def test_the_test_counts_what_is_there(infobits: Desk, willem: User, dovecot: Dovecot) -> None:
    dovecot.deliver(b"Subject: x\r\n\r\n")

    assert outcome_of_test(mailbox_on(dovecot), willem) == "It works: 1 message in “INBOX”, 1 unread."
    assert outcome_of_test(by_token(dovecot, name="Tweede"), willem).startswith("It works")


def test_the_test_says_what_is_wrong(infobits: Desk, willem: User, dovecot: Dovecot) -> None:
    assert "does not let balie in" in outcome_of_test(mailbox_on(dovecot, password="wrong"), willem)
