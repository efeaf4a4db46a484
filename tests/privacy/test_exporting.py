"""Everything about a person in one file, for the administrator who asked, for a week."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.privacy.conftest import EMAIL, NAME, PICTURE

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.files import actions as files
from balie.files.models import File
from balie.privacy import actions
from balie.privacy.holdings import HOLDINGS
from balie.privacy.models import Export
from balie.privacy.persons import Person
from balie.rules.refusals import NotAllowed
from balie.tickets.models import Ticket


@pytest.fixture
def export(known: Ticket, carla: Contact, willem: User) -> Export:
    asked = actions.ask_export(Person.of_contact(carla), by=willem, now=timezone.now())
    actions.make_export(asked.pk, now=timezone.now())
    asked.refresh_from_db()
    return asked


def content(export: Export) -> zipfile.ZipFile:
    assert export.file is not None
    return zipfile.ZipFile(io.BytesIO(files.read(export.file)))


def test_every_kind_of_data_is_in_it(export: Export) -> None:
    names = set(content(export).namelist())
    assert {f"{holding.key}.json" for holding in HOLDINGS} <= names
    empty = {
        holding.key for holding in HOLDINGS if json.loads(content(export).read(f"{holding.key}.json")) == []
    }
    of_agents = {"agent", "assigned", "articles", "bookings", "extensions", "handled_calls"}
    of_agents |= {"calls_to_make", "planned_calls", "time_worked", "attempts"}
    assert empty <= of_agents | {"registration", "invitations", "mail_keys"}


def test_it_holds_the_words_the_mails_and_the_files_as_they_came(export: Export, known: Ticket) -> None:
    archive = content(export)
    [contact] = json.loads(archive.read("contact.json"))
    assert (contact["name"], contact["email"]) == (NAME, EMAIL)
    texts = [each["text"] for each in json.loads(archive.read("messages.json"))]
    assert any("De bon komt niet." in text for text in texts)
    assert any(name.startswith("mail/") and name.endswith(".eml") for name in archive.namelist())
    [picture] = [name for name in archive.namelist() if name.endswith("-bon.png")]
    assert archive.read(picture) == PICTURE
    assert known.number in [each["number"] for each in json.loads(archive.read("tickets.json"))]


def test_nothing_of_somebody_else_is_in_it(export: Export, dario: Contact) -> None:
    archive = content(export)
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert dario.email.encode() not in whole
    assert b"printer uit en aan" not in archive.read("messages.json")  # Anna wrote that


def test_no_secret_of_the_login_is_in_it(export: Export, carla: Contact) -> None:
    archive = content(export)
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert carla.user is not None
    assert carla.user.password.encode() not in whole


def test_its_progress_reaches_the_end(export: Export) -> None:
    assert (export.done, export.percent) == (export.total, 100)


def test_only_who_asked_gets_it_and_only_for_a_week(export: Export, anna: User, willem: User) -> None:
    now = timezone.now()
    assert actions.file_for(export, by=willem, now=now) == export
    with pytest.raises(NotAllowed):
        actions.file_for(export, by=anna, now=now)
    with pytest.raises(NotAllowed):
        actions.file_for(export, by=willem, now=now + timedelta(days=7))


@pytest.mark.django_db(transaction=True)
def test_after_a_week_the_file_is_gone(export: Export) -> None:
    assert actions.delete_due(now=timezone.now())["exports"] == 0
    assert actions.delete_due(now=timezone.now() + timedelta(days=8))["exports"] == 1
    assert not Export.objects.exists()
    assert not File.objects.filter(pk=export.file_id).exists()


def test_making_it_twice_makes_it_once(export: Export) -> None:
    file = export.file_id
    actions.make_export(export.pk, now=timezone.now())
    export.refresh_from_db()
    assert export.file_id == file


def test_a_file_that_is_gone_from_the_folder_does_not_stop_it(
    known: Ticket, carla: Contact, willem: User
) -> None:
    attachment = known.messages.order_by("pk")[0].attachments.get()
    files.path_of(attachment.file.sha256).unlink()
    asked = actions.ask_export(Person.of_contact(carla), by=willem, now=timezone.now())
    actions.make_export(asked.pk, now=timezone.now())
    asked.refresh_from_db()
    assert f"files/{attachment.pk}-missing.txt" in content(asked).namelist()
