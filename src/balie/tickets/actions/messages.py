"""What somebody wrote, with its files: as it is handed in, and as it is stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.files import actions as files
from balie.prepared import Given, Prepared, insert
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal
from balie.rules.wishes import Channel
from balie.tickets.models import Attachment, Message, Ticket

SUBJECT_LENGTH = Ticket._meta.get_field("subject").max_length or 200


class NothingWritten(Refusal):
    """A message needs a text or a file."""


class SomebodyWasFirst(NoLongerSo):
    """A message came in after this person last looked."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that comes with a message."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form as one tab has it open: the draft that it was filled from, as it was then, and its own key.

    A new form has `key` equal to `submission`, and revision 0.
    """

    key: UUID
    submission: UUID
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody wrote: text, the quoted part and sanitised HTML of a mail, files.

    `submission` is made with the form: the same form sent twice is one message. `draft`: what was kept while it was
    being written, and is not needed any more once this is a message. `copies`, `blind_copies`: addresses that an answer
    also goes to.
    """

    text: str
    quoted: str = ""
    html: str = ""
    has_remote_images: bool = False
    uploads: Sequence[Upload] = field(default=())
    submission: UUID | None = None
    is_automatic: bool = False
    draft: OpenForm | None = None
    copies: tuple[str, ...] = ()
    blind_copies: tuple[str, ...] = ()


def refuse_when_empty(writing: Writing, kept: Collection[object] = ()) -> None:
    """Raise `NothingWritten` when there is no text and no file; `kept`: files that are there already."""
    if not (writing.text.strip() or writing.uploads or writing.html or kept):
        raise NothingWritten(_("There is nothing to send yet: write a text or add a file."))


def sent_before(writing: Writing) -> Message | None:
    """The message that the same form made before."""
    if writing.submission is None:
        return None
    return _SENT.first(submission=writing.submission)


_SENT = Prepared(lambda: Message.objects.select_related("ticket").filter(submission=Given("submission")))


def refuse_when_newer(ticket: Ticket, seen: int) -> None:
    """Raise `SomebodyWasFirst` when somebody wrote after the message with key `seen`."""
    newer = (
        ticket.messages.filter(pk__gt=seen, is_internal=False, is_automatic=False)
        .select_related("agent", "contact")
        .last()
    )
    if newer is not None:
        raise SomebodyWasFirst(
            Reason(
                _("%(who)s wrote while you were writing. Read it, then send your text again."),
                {"who": newer.author_name},
            )
        )


def write(
    ticket: Ticket,
    writing: Writing,
    *,
    now: datetime,
    agent: User | None = None,
    contact: Contact | None = None,
    channel: Channel = Channel.PORTAL,
    is_internal: bool = False,
) -> Message:
    """Store a message with its files; raises `NothingWritten` when there is nothing in it."""
    refuse_when_empty(writing)
    message = Message(
        ticket=ticket,
        is_internal=is_internal,
        is_automatic=writing.is_automatic,
        channel=channel,
        agent=agent,
        contact=contact,
        text=writing.text.replace("\x00", ""),
        quoted=writing.quoted.replace("\x00", ""),
        html=writing.html.replace("\x00", ""),
        has_remote_images=writing.has_remote_images,
        written_at=now,
        submission=writing.submission,
    )
    insert(message)
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            file=files.store(upload.content),
            name=upload.name[:200],
            content_type=upload.content_type[:120],
            content_id=upload.content_id[:200],
            is_inline=upload.is_inline,
        )
        for upload in writing.uploads
    )
    return message
