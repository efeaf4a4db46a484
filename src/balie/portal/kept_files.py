"""Files that came with a form which could not be sent yet: kept, so that nobody has to choose them again."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing

from balie.files import actions as files
from balie.files.downloads import PICTURES
from balie.tickets.actions import Upload
from balie.web.uploads import Uploaded, safe_name

SALT = "balie.portal.kept_files"
VALID_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of which the bytes are stored; `size` in bytes."""

    sha256: str
    name: str
    content_type: str
    size: int


def keep(uploaded: Iterable[Uploaded]) -> list[KeptFile]:
    """Store the bytes and say what they are, by their beginning and name; never by what the browser says."""
    kept = []
    for each in uploaded:
        content, name = each.read(), safe_name(each.name or "")
        file = files.store(content)
        kept.append(KeptFile(file.sha256, name, content_type_of(name, content), file.size))
    return kept


def seal(kept: Sequence[KeptFile], *, user_key: int) -> str:
    """`kept` as a text that only this user can hand in again, within a day."""
    return (
        signing.dumps([user_key, *(asdict(each) for each in kept)], salt=SALT, compress=True) if kept else ""
    )


def unseal(text: str, *, user_key: int) -> list[KeptFile]:
    """What `seal` wrote; nothing for a text that is somebody else's, too old or damaged."""
    try:
        owner, *kept = signing.loads(text, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return []
    return [KeptFile(**each) for each in kept] if owner == user_key else []


def as_uploads(kept: Iterable[KeptFile]) -> list[Upload]:
    """The files with their bytes, as a message takes them."""
    return [Upload(each.name, each.content_type, files.path_of(each.sha256).read_bytes()) for each in kept]


def content_type_of(name: str, content: bytes) -> str:
    """A picture is what begins like one; for anything else the name tells."""
    for kind, beginnings in PICTURES.items():
        if content.startswith(beginnings):
            return kind
    guessed: Any = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return "application/octet-stream" if guessed in PICTURES else str(guessed)
