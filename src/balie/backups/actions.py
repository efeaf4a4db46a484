"""Every write on back-ups: asking for the instruction video, and setting it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from balie import events as bus
from balie.audit.actions import record
from balie.backups.links import the_video, token_of, until_of
from balie.backups.models import VideoRequest
from balie.customers.events import VideoLinkMade
from balie.customers.models import Contact
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

MOST_A_DAY = 5
SAME_CLICK = timedelta(minutes=1)
"""Within it a second request is taken for the same one."""


class AskedTooOften(Refusal):
    """So many links were mailed already that another one would not help."""

    def __init__(self) -> None:
        super().__init__(
            Reason(_("The link was mailed %(most)s times in a day already."), {"most": MOST_A_DAY}, "IB-28"),
            Reason(_("Look in your mail, also among the unwanted mail. The link works for a week.")),
            Reason(_("Ask a question when no mail arrives.")),
        )


@transaction.atomic
def request_video(contact: Contact, *, base_url: str, now: datetime) -> VideoRequest:
    """Mail a contact the link to the instruction video (IB-28); raises `NoVideo` and `AskedTooOften`.

    `base_url` is the address of the desk without a slash at the end. The same button pressed twice is one mail.
    """
    the_video()
    Contact.objects.select_for_update(no_key=True).only("pk").get(pk=contact.pk)
    asked = VideoRequest.objects.filter(contact=contact, requested_at__gt=now - timedelta(days=1))
    newest = asked.first()
    if newest is not None and now - newest.requested_at < SAME_CLICK:
        return newest
    if asked.count() >= MOST_A_DAY:
        raise AskedTooOften
    request = VideoRequest.objects.create(contact=contact, requested_at=now)
    link = base_url.rstrip("/") + reverse("backup_video", args=[token_of(request)])
    record("request_video", request, by=contact.user or str(contact), now=now)
    bus.publish(VideoLinkMade(contact, link, until_of(request), now))
    return request
