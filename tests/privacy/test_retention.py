"""Nothing is kept for longer than the desk says, and nothing goes before it says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.cast import at
from tests.mail.letters import arrives, letter

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.files.models import File
from balie.mail.models import InboundMail
from balie.privacy import actions, retention
from balie.privacy.models import Retention
from balie.rules.lifecycle import Actor, Move
from balie.tickets import actions as tickets
from balie.tickets.models import Attachment, Ticket


def in_days(days: int):  # type: ignore[no-untyped-def]
    return timezone.now() + timedelta(days=days)


def test_nothing_goes_before_a_kind_is_switched_on(known: Ticket) -> None:
    assert actions.delete_due(now=in_days(36_500)) == {"exports": 0}
    assert InboundMail.objects.exclude(raw=b"").exists()


@pytest.mark.parametrize("kind", retention.KINDS)
def test_every_kind_counts_what_is_due_and_deletes_exactly_that(
    known: Ticket, carla: Contact, infobits: Desk, kind: str
) -> None:
    tickets.move(known, Move.SOLVE, actor=Actor.AGENT, by=None, situation=at(infobits, timezone.now()))
    now = in_days(40_000)
    assert retention.due(kind, days=39_990, now=timezone.now()).count() == 0
    counted = retention.due(kind, days=10, now=now).count()
    assert retention.forget(kind, days=10, now=now) == counted
    assert retention.due(kind, days=10, now=now).count() == 0
    assert retention.forget(kind, days=10, now=now) == 0
    if kind not in ("sessions", "claims"):
        assert counted > 0


def test_only_what_is_older_goes(known: Ticket, willem: User) -> None:
    mail = InboundMail.objects.get()
    age = (timezone.now() - mail.received_at).days
    actions.keep_for("raw_mail", age + 2, by=willem, now=timezone.now())
    assert actions.delete_due(now=timezone.now())["raw_mail"] == 0
    actions.keep_for("raw_mail", max(1, age - 1), by=willem, now=timezone.now())
    assert actions.delete_due(now=in_days(2))["raw_mail"] == 1
    assert bytes(InboundMail.objects.get().raw) == b""
    rule = Retention.objects.get()
    assert (rule.last_count, rule.last_run_at is not None) == (1, True)


def test_it_goes_in_batches(infobits: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        arrives(letter(sender="eve@example.org"))
    assert retention.forget("raw_mail", days=1, now=in_days(400)) == 5


@pytest.mark.django_db(transaction=True)
def test_files_of_closed_tickets_go_with_their_bytes_and_those_of_open_ones_stay(
    known: Ticket, infobits: Desk
) -> None:
    assert retention.forget("attachments", days=1, now=in_days(10)) == 0
    tickets.move(known, Move.SOLVE, actor=Actor.AGENT, by=None, situation=at(infobits, timezone.now()))
    file = Attachment.objects.get(name="bon.png").file_id
    assert retention.forget("attachments", days=1, now=in_days(10)) == 1
    assert not File.objects.filter(pk=file).exists()
    assert known.messages.exists()


def test_a_setting_is_on_the_record_and_can_be_taken_back(infobits: Desk, willem: User) -> None:
    now = timezone.now()
    actions.keep_for("drafts", 30, by=willem, now=now)
    actions.keep_for("drafts", 30, by=willem, now=now)
    actions.keep_for("drafts", None, by=willem, now=now)
    told = Entry.objects.filter(action="keep_for").order_by("pk").values_list("data__days", flat=True)
    assert list(told) == [[None, 30], [30, None]]
    assert not Retention.objects.exists()


def test_the_record_is_shortened_only_by_its_own_setting(known: Ticket, willem: User) -> None:
    before = Entry.objects.count()
    actions.keep_for("record", 2557, by=willem, now=timezone.now())
    actions.delete_due(now=timezone.now())
    assert Entry.objects.count() >= before
