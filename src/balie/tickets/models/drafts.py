"""What a contact is still writing: kept on the server, so that a closed tab or an ended session loses nothing."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from balie.customers.models import Contact
from balie.files.downloads import PICTURES
from balie.files.models import File
from balie.tickets.models.ticket import Ticket


class Draft(models.Model):
    """A form that has not been sent: a new question, or with `ticket` a reply on it.

    `key` is made with the form. `revision` grows with every saving and `writer` is the form that saved last, so that of
    two tabs the later one does not write over what it never showed. `dropped_at`: the contact started over; until it
    is cleaned up it can be brought back.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("contact")
    )
    ticket = models.ForeignKey(
        Ticket,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        verbose_name=_("ticket"),
    )
    key = models.UUIDField(default=uuid4, editable=False)
    fields = models.JSONField(_("what was filled in"), default=dict)
    writer = models.UUIDField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    saved_at = models.DateTimeField(_("saved at"))
    dropped_at = models.DateTimeField(_("dropped at"), null=True, blank=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["contact", "key"], name="draft_once")]
        indexes = [
            models.Index(fields=["contact", "-saved_at"], name="draft_newest"),
            models.Index(fields=["saved_at"], name="draft_age"),
        ]

    def __str__(self) -> str:
        return str(self.fields.get("subject") or self.fields.get("text", ""))[:60]


class DraftFile(models.Model):
    """A file that was sent ahead, before the form it belongs to."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files", verbose_name=_("draft"))
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=120)

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draft", "file"], name="draft_file_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a browser shows it by itself."""
        return self.content_type in PICTURES
