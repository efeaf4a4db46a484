"""What the desk gives its customers about back-ups: the instruction video, and who asked for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balie.customers.models import Contact
from balie.files.models import File


class BackupVideo(models.Model):
    """The instruction video for making an (extra) back-up (IB-28): a link to elsewhere, or a file of our own.

    There is at most one. `name` and `content_type` belong to the file.
    """

    link = models.URLField(_("link"), max_length=500, blank=True)
    file = models.ForeignKey(
        File, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    name = models.CharField(_("name"), max_length=200, blank=True, editable=False)
    content_type = models.CharField(_("type"), max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = _("back-up video")
        verbose_name_plural = _("back-up video")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="backup_video_one_row"),
            models.CheckConstraint(
                condition=(Q(file__isnull=True) & ~Q(link="")) | (Q(file__isnull=False) & Q(link="")),
                name="backup_video_link_or_file",
                violation_error_message=_("Give either a link or a file."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.link


class VideoRequest(models.Model):
    """Somebody asked for the video; the link in the mail leads back to this."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="video_requests", verbose_name=_("contact")
    )
    requested_at = models.DateTimeField(_("requested at"))

    class Meta:
        verbose_name = _("request for the video")
        verbose_name_plural = _("requests for the video")
        ordering = ["-id"]
        indexes = [models.Index(fields=["contact", "requested_at"], name="video_request_of_contact")]

    def __str__(self) -> str:
        return f"{self.contact} {self.requested_at:%Y-%m-%d %H:%M}"
