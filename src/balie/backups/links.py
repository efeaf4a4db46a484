"""The link to the instruction video: signed, and good for a week (IB-28)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core import signing

from balie.backups.models import BackupVideo, VideoRequest
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

SALT = "balie.backups.video"
VALID_FOR = timedelta(days=7)


class LinkEnded(Refusal):
    """The link is damaged, too old, or of somebody who is no contact any more."""

    def __init__(self) -> None:
        super().__init__(
            _("This link to the video does not work any more."),
            Reason(_("Log in and ask for a new link on your helpdesk page.")),
        )


class NoVideo(Refusal):
    """The desk has no video to show."""

    def __init__(self) -> None:
        super().__init__(
            _("The desk has no video about back-ups at the moment."),
            Reason(_("Ask a question: we help you with making a back-up.")),
        )


def until_of(request: VideoRequest) -> datetime:
    """The last moment at which the link of this request works."""
    return request.requested_at + VALID_FOR


def token_of(request: VideoRequest) -> str:
    return signing.dumps([request.pk, int(until_of(request).timestamp())], salt=SALT)


def video_behind(token: str, *, now: datetime) -> tuple[BackupVideo, datetime]:
    """The video that a link leads to, and until when; raises `LinkEnded` and `NoVideo`."""
    try:
        key, until = signing.loads(token, salt=SALT)
        ends_at = datetime.fromtimestamp(int(until), UTC)
    except (signing.BadSignature, TypeError, ValueError):
        raise LinkEnded from None
    if now > ends_at or not VideoRequest.objects.filter(pk=key, contact__is_active=True).exists():
        raise LinkEnded
    return the_video(), ends_at


def the_video() -> BackupVideo:
    """The video that the desk set; raises `NoVideo`."""
    video = BackupVideo.objects.select_related("file").first()
    if video is None:
        raise NoVideo
    return video
