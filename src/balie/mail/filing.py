"""A message that was read as a piece of a conversation: its words, its files, its pictures in place, its seal."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext

from balie.mail import seals
from balie.mail.meetings import in_words
from balie.mail.models import KnownKey, MessageSeal
from balie.mail.reading.files import Attachment
from balie.mail.reading.html import sanitise
from balie.mail.reading.parsing import ReadMail
from balie.mail.reading.replies import split_reply
from balie.mail.reading.seals import SealKind
from balie.tickets.actions import Upload, Writing
from balie.tickets.models import Message

LONGEST_TEXT = 200_000  # characters; the database indexes the words of less than a megabyte


def writing_of(read: ReadMail, *, zone: ZoneInfo, is_automatic: bool = False) -> Writing:
    """What was written, apart from what was quoted; nothing is left out. Moments of meetings in `zone`."""
    split = split_reply(read.text)
    text = "\n\n".join(part for part in (split.reply, *_added(read, zone)) if part)
    text = text or read.subject or gettext("(a message without text)")
    uploads = [_upload(each) for each in read.attachments]
    if len(text) > LONGEST_TEXT:
        uploads.append(Upload("message.txt", "text/plain", read.text.encode()))
        text = text[:LONGEST_TEXT]
    safe = sanitise(read.html) if read.html and not has_pictures(read) else None
    return Writing(
        text=text,
        quoted="\n\n".join(part for part in (split.signature, split.quoted) if part),
        html=safe.html if safe else "",
        has_remote_images=safe.has_remote_images if safe else False,
        uploads=uploads,
        is_automatic=is_automatic,
    )


def _added(read: ReadMail, zone: ZoneInfo) -> list[str]:
    """What the message says in other ways than words: meetings, and that its words are encrypted."""
    words = [in_words(meeting, zone=zone) for meeting in read.meetings]
    if read.seal is not None and read.seal.is_encrypted:
        words.append(gettext("(This message is encrypted: only who has the key can read the file with it.)"))
    return words


def _upload(attachment: Attachment) -> Upload:
    return Upload(
        attachment.filename,
        attachment.content_type,
        attachment.content,
        content_id=attachment.content_id or "",
        is_inline=attachment.is_inline,
    )


def has_pictures(read: ReadMail) -> bool:
    """Whether its HTML shows pictures that came with it."""
    return bool(read.html) and any(each.content_id for each in read.attachments)


def place_pictures(message: Message, read: ReadMail) -> None:
    """Sanitise the HTML now that its pictures have addresses."""
    addresses = {
        content_id: reverse("desk_attachment", args=[key])
        for key, content_id in message.attachments.exclude(content_id="").values_list("pk", "content_id")
    }
    safe = sanitise(read.html or "", attachments=addresses)
    Message.objects.filter(pk=message.pk).update(html=safe.html, has_remote_images=safe.has_remote_images)


def note_seal(message: Message, read: ReadMail, *, at: datetime) -> None:
    """Check the seal on a message with the keys that are known of its sender, and keep the result beside it."""
    if read.seal is None or read.from_ is None:
        return
    known = KnownKey.objects.filter(contact__email__iexact=read.from_.address, kind=read.seal.kind.value)
    keys = [seals.Key(SealKind(each.kind), each.material, each.fingerprint) for each in known]
    if checked := seals.check(read, keys, at=at):
        MessageSeal.objects.create(
            message=message,
            kind=read.seal.kind.value,
            verdict=checked.verdict,
            fingerprint=checked.fingerprint,
        )
