"""Files that nobody uses are forgotten; whatever is in use, or may be so in a moment, stays."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from balie.backups.models import BackupVideo
from balie.files import actions, sweeping
from balie.files.actions import path_of
from balie.files.models import File

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=3)

pytestmark = pytest.mark.django_db


def stored(content: bytes) -> File:
    file = actions.store(content)
    File.objects.filter(pk=file.pk).update(stored_at=LONG_AGO)
    return made_long_ago(file)


def made_long_ago(file: File) -> File:
    os.utime(path_of(file.sha256), (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    return file


def nameless(content: bytes) -> Path:
    """Bytes whose row was undone with its transaction."""
    file = made_long_ago(actions.store(content))
    file.delete()
    return path_of(file.sha256)


def test_a_file_of_a_form_that_was_never_sent_is_forgotten_with_its_bytes() -> None:
    file = stored(b"never sent")
    assert sweeping.sweep(now=NOW) == 1
    assert not File.objects.exists()
    assert not path_of(file.sha256).exists()


def test_bytes_that_a_transaction_left_behind_are_forgotten() -> None:
    path = nameless(b"undone")
    assert sweeping.sweep(now=NOW) == 1
    assert not path.exists()


def test_what_a_crash_left_half_written_is_forgotten() -> None:
    half = path_of("ab" * 32).parent / ".new-x1"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    os.utime(half, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    assert sweeping.sweep(now=NOW) == 1
    assert not half.exists()


def test_a_file_in_use_stays() -> None:
    file = stored(b"a film")
    BackupVideo.objects.create(pk=1, file=file, content_type="video/mp4")
    assert sweeping.sweep(now=NOW) == 0
    assert actions.read(file) == b"a film"


def test_what_came_in_a_moment_ago_stays_because_its_form_may_still_be_sent() -> None:
    file = actions.store(b"just now")
    fresh = path_of("cd" * 32)
    fresh.parent.mkdir(parents=True)
    fresh.write_bytes(b"of a transaction that still runs")
    assert sweeping.sweep(now=NOW) == 0
    assert File.objects.filter(pk=file.pk).exists()
    assert fresh.exists()


def test_a_second_time_there_is_nothing_to_do() -> None:
    stored(b"never sent")
    nameless(b"undone")
    assert [sweeping.sweep(now=NOW), sweeping.sweep(now=NOW)] == [2, 0]


def test_every_table_that_refers_to_files_is_asked() -> None:
    """A hidden relation (`related_name="+"`) is one too."""
    referring = {
        field.related_model._meta.label  # type: ignore[union-attr]
        for field in File._meta.get_fields(include_hidden=True)
        if field.one_to_many
    }
    assert {"tickets.Attachment", "tickets.DraftFile", "backups.BackupVideo", "privacy.Export"} <= referring


def test_an_empty_data_folder_is_no_trouble() -> None:
    assert sweeping.sweep(now=NOW) == 0
