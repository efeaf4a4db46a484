"""Quarantine: read, dropped with a way back, on the record; never a page that cannot be shown."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.cast import FRIDAY_AT_FOUR, browser_of

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.desk.models import Desk
from balie.mail import intake
from balie.mail.models import InboundMail, InboundState
from balie.mail.ways_in import quarantine
from balie.workspace import mail_folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def stuck(infobits: Desk) -> InboundMail:
    key = intake.store(b"Subject: <script>x</script>\r\n\r\n<b>raw</b>", now=FRIDAY_AT_FOUR).key
    InboundMail.objects.filter(pk=key).update(state=InboundState.QUARANTINED)
    return InboundMail.objects.get(pk=key)


def test_a_mail_is_dropped_and_taken_back_on_the_record(stuck: InboundMail, willem: User) -> None:
    browser = browser_of(willem)
    browser.post(reverse("mail_drop", args=[stuck.pk]))
    assert InboundMail.objects.get().state == InboundState.DROPPED
    assert reverse("mail_undrop", args=[stuck.pk]) in _page(stuck, willem)

    browser.post(reverse("mail_undrop", args=[stuck.pk]))

    assert InboundMail.objects.get().state == InboundState.QUARANTINED
    assert set(Entry.objects.values_list("action", flat=True)) >= {"drop", "take_back"}


def test_a_mail_is_dropped_once(stuck: InboundMail, willem: User) -> None:
    quarantine.drop(stuck, by=willem, now=FRIDAY_AT_FOUR)

    with pytest.raises(quarantine.NotInQuarantine):
        quarantine.drop(stuck, by=willem, now=FRIDAY_AT_FOUR)


def test_its_source_is_shown_as_text(stuck: InboundMail, willem: User) -> None:
    page = _page(stuck, willem)

    assert "&lt;b&gt;raw&lt;/b&gt;" in page
    assert "<script>x" not in page


def test_what_no_reader_gets_through_is_shown_all_the_same(
    stuck: InboundMail, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = mail_folder.read_message

    def chokes(raw: bytes) -> object:
        if raw:
            raise RecursionError
        return read(raw)

    monkeypatch.setattr(mail_folder, "read_message", chokes)

    assert "&lt;b&gt;raw&lt;/b&gt;" in _page(stuck, willem)


def _page(mail: InboundMail, person: User) -> str:
    answer = browser_of(person).get(reverse("mail_shown", args=["in", mail.pk]))
    assert answer.status_code == 200
    return answer.content.decode()
