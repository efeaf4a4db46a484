"""Files with mail: read in batches that can be taken up again, through the one intake."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import Settings
from tests.cast import FRIDAY_AT_FOUR, browser_of
from tests.mail.letters import letter
from tests.mail.test_intake import waiting_jobs

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.desk.models import Desk
from balie.mail import actions, intake, jobs
from balie.mail.models import InboundMail, MailFile, Way
from balie.mail.ways_in import handed_in
from balie.workspace import mail_files

pytestmark = pytest.mark.django_db


def an_mbox(count: int) -> bytes:
    return b"".join(
        b"From x Fri\n" + letter("carla@shop.example", subject=f"Oud {number}") + b"\n"
        for number in range(count)
    )


def hand_in(content: bytes, by: User) -> MailFile:
    upload = SimpleUploadedFile("oud.mbox", content)
    return handed_in.hand_in(upload, by=by, now=FRIDAY_AT_FOUR)


def left_on_disk(settings: Settings) -> list[Path]:
    return list((Path(settings.FILES_FOLDER) / "handed-in").iterdir())


def test_a_file_is_read_by_a_job_and_then_gone(
    infobits: Desk, willem: User, settings: Settings, django_capture_on_commit_callbacks: object
) -> None:
    file = hand_in(an_mbox(5), willem)
    assert [job.args for job in waiting_jobs(jobs.READ_FILE)] == [{"file": file.pk}]
    assert Entry.objects.filter(action="hand_in", actor_id=willem.pk).exists()

    with django_capture_on_commit_callbacks(execute=True):
        handed_in.read_on(file.pk, now=FRIDAY_AT_FOUR)

    file.refresh_from_db()
    assert (file.kept, file.known, file.left_out, file.percent) == (5, 0, 0, 100)
    assert file.finished_at == FRIDAY_AT_FOUR
    assert set(InboundMail.objects.values_list("way", "file")) == {(Way.FILE, file.pk)}
    assert left_on_disk(settings) == []


def test_what_came_before_is_known_and_what_is_too_large_is_counted(
    infobits: Desk, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGEST_BYTES", 5_000)
    known = letter("carla@shop.example", subject="Bekend")
    intake.store(known, now=FRIDAY_AT_FOUR)
    large = letter("carla@shop.example", text="x" * 6_000)
    file = hand_in(b"From x\n" + known + b"\nFrom x\n" + large + b"\n" + an_mbox(2), willem)

    handed_in.read_on(file.pk, now=FRIDAY_AT_FOUR)

    file.refresh_from_db()
    assert (file.kept, file.known, file.left_out) == (2, 1, 1)


def test_killed_in_the_middle_it_goes_on_where_it_was(
    infobits: Desk, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handed_in, "MOST_TOGETHER", 2)
    file = hand_in(an_mbox(5), willem)
    store_all, calls = intake.store_all, []

    def dies(*given: object, **more: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return store_all(*given, **more)

    with monkeypatch.context() as killed:
        killed.setattr(intake, "store_all", dies)
        with pytest.raises(KeyboardInterrupt):
            handed_in.read_on(file.pk, now=FRIDAY_AT_FOUR)
    file.refresh_from_db()
    assert (file.kept, file.finished_at, handed_in.unfinished()) == (2, None, [file.pk])

    handed_in.read_on(file.pk, now=FRIDAY_AT_FOUR)

    file.refresh_from_db()
    assert (file.kept, InboundMail.objects.count()) == (5, 5)


def test_a_file_that_is_gone_says_so(infobits: Desk, willem: User, settings: Settings) -> None:
    file = hand_in(an_mbox(1), willem)
    for path in left_on_disk(settings):
        path.unlink()

    handed_in.read_on(file.pk, now=FRIDAY_AT_FOUR)

    file.refresh_from_db()
    assert "cannot be read" in file.trouble["message"]


def test_an_administrator_hands_a_file_in_and_sees_what_came_of_it(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    willem.language = "en"
    willem.save()
    upload = SimpleUploadedFile("vraag.eml", letter("carla@shop.example", subject="Los"))
    shown = browser.post(reverse("mail_files"), {"file": upload}, follow=True)
    assert "Being read" in shown.content.decode()
    file = MailFile.objects.get()

    handed_in.read_on(file.pk, now=FRIDAY_AT_FOUR)

    assert "every 2s" in browser.get(reverse("mail_file", args=[file.pk])).content.decode()
    actions.process_waiting(now=FRIDAY_AT_FOUR)
    page = browser.get(reverse("mail_file", args=[file.pk])).content.decode()
    assert "every 2s" not in page
    assert reverse("mail_shown", args=["in", InboundMail.objects.get().pk]) in page
    assert "vraag.eml" in browser.get(reverse("mail_files")).content.decode()


def test_a_file_larger_than_what_the_other_forms_take_goes_by_the_disk(
    infobits: Desk, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from balie.web import uploads

    monkeypatch.setattr(uploads, "LARGEST_TOTAL", 1_000)
    content = an_mbox(20)

    browser_of(willem).post(reverse("mail_files"), {"file": SimpleUploadedFile("oud.mbox", content)})

    assert MailFile.objects.get().size == len(content)


def test_a_file_over_the_limit_and_no_file_at_all_are_refused(
    infobits: Desk, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_files, "LARGEST_BYTES", 100)
    browser = browser_of(willem)
    browser.post(reverse("mail_files"), {"file": SimpleUploadedFile("x.eml", b"x" * 200)})
    browser.post(reverse("mail_files"), {})

    assert not MailFile.objects.exists()


def test_a_form_from_elsewhere_is_refused(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    browser.handler.enforce_csrf_checks = True

    assert browser.post(reverse("mail_files"), {"file": SimpleUploadedFile("x.eml", b"x")}).status_code == 403
