"""Files that people send with a form: how much, what kind, and what they are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

Uploaded: TypeAlias = "UploadedFile[bytes]"
MEGABYTE = 1024 * 1024
LARGEST_TOTAL = 25 * MEGABYTE
MOST_FILES = 20
WEB_PAGES = {".hta", ".htm", ".html", ".svg", ".xhtml"}
PACKAGES = {".apk", ".app", ".dmg", ".iso", ".jar", ".msi", ".msp"}
SCRIPTS = {".js", ".jse", ".mjs", ".ps1", ".psm1", ".py", ".reg", ".sh", ".vbe", ".vbs", ".wsf"}
BINARIES = {".bat", ".cmd", ".com", ".cpl", ".dll", ".exe", ".lnk", ".pif", ".scr"}
PROGRAMS = frozenset(WEB_PAGES | PACKAGES | SCRIPTS | BINARIES)
"""What a desk never needs from a customer and what harms whoever opens it. In an archive it can still be sent."""


class UpToTheLimit(FileUploadHandler):
    """Takes in files until together they are too large, and lets the rest pass by without keeping it.

    The text of the form arrives all the same; `request.has_left_out_files` then says that something is missing.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > LARGEST_TOTAL:
            vars(self.request)["has_left_out_files"] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class ManyFiles(forms.ClearableFileInput):
    """The button with which several files are chosen at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, at most 25 MB together and no programs. Cleans to a list of uploaded files, perhaps empty."""

    widget = ManyFiles

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.widget.attrs.update(
            {"multiple": True, "data-largest": LARGEST_TOTAL, "data-too-large": lazy(too_large, str)()}
        )

    def clean(self, data: Any, initial: Any = None) -> list[Uploaded]:
        chosen = data if isinstance(data, (list, tuple)) else [data]
        files = [super(FilesField, self).clean(each) for each in chosen if each]
        check_files([(each.name or "", each.size or 0) for each in files])
        return files


def check_files(files: Sequence[tuple[str, int]]) -> None:
    """Raise `ValidationError` for files, by name and size in bytes, that do not go together or not at all."""
    if len(files) > MOST_FILES:
        raise ValidationError(
            ngettext(
                "At most %(count)s file goes with one message.",
                "At most %(count)s files go with one message.",
                MOST_FILES,
            )
            % {"count": MOST_FILES}
        )
    for name, _size in files:
        if suffix_of(name) in PROGRAMS:
            raise ValidationError(
                _(
                    "“%(name)s” is a program or a web page; those cannot be sent. Make a picture of it, or a zip file."
                ),
                params={"name": name},
            )
    if sum(size for _name, size in files) > LARGEST_TOTAL:
        raise ValidationError(too_large())


def too_large() -> str:
    """The sentence for files that are over the limit together."""
    return gettext(
        "The files are larger than %(limit)s MB together. Leave some out, or send them in parts."
    ) % {"limit": LARGEST_TOTAL // MEGABYTE}


def suffix_of(name: str) -> str:
    """`.exe` of `invoice.pdf.EXE `; trailing dots and spaces, which Windows drops, do not hide it."""
    return PurePosixPath(name.rstrip(". ").lower()).suffix


def safe_name(name: str) -> str:
    """The last part of a name without anything that steers a terminal, a header or the direction of reading."""
    last = re.split(r"[\\/]", name)[-1]
    plain = "".join(each for each in last if unicodedata.category(each)[0] != "C").strip()
    return plain[:200] or "file"
