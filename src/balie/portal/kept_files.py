"""Files that were sent ahead of the form they belong to: what they are, and what of them goes with a message."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from typing import Any

from balie.files import actions as files
from balie.files.downloads import PICTURES
from balie.tickets.actions import Upload
from balie.tickets.models import DraftFile
from balie.web.uploads import Uploaded, safe_name


def as_upload(uploaded: Uploaded) -> Upload:
    """A file as a browser sends it, named safely; what it is follows from its beginning and name."""
    content, name = uploaded.read(), safe_name(uploaded.name or "")
    return Upload(name, content_type_of(name, content), content)


def sent_ahead(kept: Iterable[DraftFile]) -> list[Upload]:
    """The files of a draft with their bytes, as a message takes them."""
    return [Upload(each.name, each.content_type, files.read(each.file)) for each in kept]


def content_type_of(name: str, content: bytes) -> str:
    """A picture is what begins like one; for anything else the name tells."""
    for kind, beginnings in PICTURES.items():
        if content.startswith(beginnings):
            return kind
    guessed: Any = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return "application/octet-stream" if guessed in PICTURES else str(guessed)
