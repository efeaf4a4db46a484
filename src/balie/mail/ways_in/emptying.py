"""One look into a mailbox: what is new is kept for good, then marked as read, and moved when its result is known."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from imapclient import SEEN, IMAPClient

from balie.mail import intake
from balie.mail.models import InboundOutcome, InboundState
from balie.mail.ways_in import imap
from balie.mail.ways_in.models import BeginsWith, Fetched, Mailbox

log = logging.getLogger(__name__)

SIZES_TOGETHER = 1_000
MOST_TOGETHER = 200
MOST_BYTES_TOGETHER = 4 * 1024 * 1024
FILED_TOGETHER = 500

_BODY, _SIZE = "BODY.PEEK[]", "RFC822.SIZE"
_AUTOMATIC = frozenset({InboundOutcome.AUTOMATIC, InboundOutcome.BOUNCE, InboundOutcome.OWN})

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Round:
    """What one look brought: new messages, ones that were known, and ones that are too large and stay."""

    kept: int = 0
    known: int = 0
    too_large: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(self.kept + other.kept, self.known + other.known, self.too_large + other.too_large)


def empty(client: IMAPClient, mailbox: Mailbox, *, clock: Clock = timezone.now) -> Round:
    """Keep everything new in the folder, which `begin` has opened, in batches that need little memory.

    `clock` gives the moment at which each batch is kept. Raises what the server or the database raises; what was
    kept until then stays kept.
    """
    found = Round()
    client.noop()
    for uids in _some_at_a_time(_wanted(client, mailbox), SIZES_TOGETHER):
        sizes = {uid: int(said[_SIZE.encode()]) for uid, said in client.fetch(uids, [_SIZE]).items()}
        for batch in _batches(sizes):
            found += _take(client, mailbox, batch, now=clock())
        too_large = [uid for uid, size in sizes.items() if size > intake.LARGEST_BYTES]
        if too_large:
            log.error("Mailbox %s: messages %s are too large and stay where they are", mailbox, too_large)
            found += Round(too_large=len(too_large))
        _pass_by(mailbox, uids[-1])
    return found


def begin(client: IMAPClient, mailbox: Mailbox) -> None:
    """Open the folder, and find where the last look ended."""
    selected = imap.select(client, mailbox)
    validity = int(selected[b"UIDVALIDITY"])
    if mailbox.uid_validity == validity:
        return
    is_first_look = mailbox.uid_validity is None
    mailbox.uid_validity = validity
    mailbox.first_uid = int(selected.get(b"UIDNEXT") or 1 + max(client.search(["ALL"]), default=0))
    mailbox.last_uid = mailbox.first_uid - 1 if is_first_look and mailbox.begins_with == BeginsWith.NEW else 0
    mailbox.save(update_fields=["uid_validity", "first_uid", "last_uid"])
    Fetched.objects.filter(mailbox=mailbox).exclude(uid_validity=validity).delete()


def file_away(client: IMAPClient, mailbox: Mailbox) -> int:
    """Mark what was worked on as read, and move it to the folder of its result; answers how many messages."""
    assert mailbox.uid_validity is not None  # `begin` comes first
    due = (
        Fetched.objects.filter(mailbox=mailbox, uid_validity=mailbox.uid_validity)
        .exclude(inbound__state=InboundState.STORED)
        .order_by("uid")
        .values_list("pk", "uid", "inbound__state", "inbound__outcome")[:FILED_TOGETHER]
    )
    by_folder: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for key, uid, state, outcome in due:
        by_folder[folder_for(mailbox, state, outcome)].append((key, uid))
    for folder, filed in by_folder.items():
        _file(client, [uid for _key, uid in filed], folder, mailbox)
        Fetched.objects.filter(pk__in=[key for key, _uid in filed]).delete()
    return sum(map(len, by_folder.values()))


def folder_for(mailbox: Mailbox, state: str, outcome: str) -> str:
    """Where a message goes that was worked on; empty when it stays."""
    if state == InboundState.QUARANTINED:
        return mailbox.quarantine_folder
    return mailbox.automatic_folder if outcome in _AUTOMATIC else mailbox.processed_folder


def has_unfiled(mailbox: Mailbox) -> bool:
    return Fetched.objects.filter(mailbox=mailbox).exists()


def _wanted(client: IMAPClient, mailbox: Mailbox) -> list[int]:
    """The UIDs above the last one, lowest first; of what was there before us only what is asked for."""
    after, first = mailbox.last_uid + 1, mailbox.first_uid
    old: set[int] = set()
    if after < first:
        unread = [] if mailbox.begins_with == BeginsWith.ALL else ["UNSEEN"]
        old = set(client.search(["UID", f"{after}:{first - 1}", *unread]))
    new = client.search(
        ["UID", f"{max(after, first)}:*"]
    )  # “7:*” is also the last message when that is the 5th
    return sorted(old.union(uid for uid in new if uid >= max(after, first)))


def _batches(sizes: dict[int, int]) -> Iterator[list[int]]:
    """UIDs in order, as many at a time as fit; those that are too large for ever are left out."""
    batch: list[int] = []
    total = 0
    for uid in sorted(sizes):
        size = sizes[uid]
        if size > intake.LARGEST_BYTES:
            continue
        if batch and (len(batch) == MOST_TOGETHER or total + size > MOST_BYTES_TOGETHER):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch


def _some_at_a_time(uids: Sequence[int], count: int) -> Iterator[list[int]]:
    for start in range(0, len(uids), count):
        yield list(uids[start : start + count])


def _take(client: IMAPClient, mailbox: Mailbox, uids: list[int], *, now: datetime) -> Round:
    """Keep these messages and how far we are in one transaction; only then tell the server."""
    assert mailbox.uid_validity is not None  # `begin` comes first
    validity = mailbox.uid_validity
    said = client.fetch(uids, [_BODY])
    raws = {uid: said[uid][b"BODY[]"] or b"" for uid in uids if b"BODY[]" in said.get(uid, {})}
    with transaction.atomic():
        stored = intake.store_all(
            list(raws.values()), now=now, by=intake.Arrival(intake.IMAP, mailbox=mailbox.pk)
        )
        Fetched.objects.bulk_create(
            [
                Fetched(mailbox=mailbox, uid_validity=validity, uid=uid, inbound_id=each.key)
                for uid, each in zip(raws, stored, strict=True)
            ],
            ignore_conflicts=True,
        )
        Mailbox.objects.filter(pk=mailbox.pk).update(last_uid=uids[-1])
    mailbox.last_uid = uids[-1]
    if raws:
        client.add_flags(list(raws), [SEEN], silent=True)
    new = sum(each.is_new for each in stored)
    return Round(kept=new, known=len(stored) - new)


def _pass_by(mailbox: Mailbox, uid: int) -> None:
    """Nothing up to this message is to be taken any more: it is kept, gone, or too large."""
    if mailbox.last_uid < uid:
        Mailbox.objects.filter(pk=mailbox.pk).update(last_uid=uid)
        mailbox.last_uid = uid


def _file(client: IMAPClient, uids: list[int], folder: str, mailbox: Mailbox) -> None:
    """Mark and move; what is not there any more was moved by a person, which is fine."""
    client.add_flags(uids, [SEEN], silent=True)
    if not folder or folder == mailbox.folder:
        return
    if not client.folder_exists(folder):
        client.create_folder(folder)
    if client.has_capability("MOVE"):
        client.move(uids, folder)
        return
    client.copy(uids, folder)
    client.delete_messages(uids, silent=True)
    if client.has_capability(
        "UIDPLUS"
    ):  # else they stay marked: EXPUNGE alone would take other people's along
        client.uid_expunge(uids)
