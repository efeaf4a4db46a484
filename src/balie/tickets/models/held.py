"""An answer that has been sent but has not left yet, and who is written to besides the people on the ticket."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from balie.files.models import File
from balie.tickets.models.ticket import Message, Ticket


class HeldAnswer(models.Model):
    """What an agent sent: until `leaves_at` it can be taken back, and nothing on the ticket has happened.

    Without `leaves_at` it was taken back, or could not leave (`because`, a `Reason`): its words and files wait in the
    answer form of the agent.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="held_answers", verbose_name=_("ticket")
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("agent")
    )
    text = models.TextField(_("text"), blank=True)
    move = models.CharField(_("what"), max_length=20)
    copies = models.JSONField(_("copies"), default=list)
    blind_copies = models.JSONField(_("blind copies"), default=list)
    submission = models.UUIDField(unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"))
    leaves_at = models.DateTimeField(_("leaves at"), null=True, blank=True)
    because = models.JSONField(_("why it could not leave"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer that has not left yet")
        verbose_name_plural = _("answers that have not left yet")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(leaves_at__isnull=True) | Q(because__isnull=True),
                name="held_answer_waits_or_failed",
            )
        ]
        indexes = [
            models.Index(
                fields=["leaves_at"], condition=Q(leaves_at__isnull=False), name="held_answer_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class HeldFile(models.Model):
    """A file of a held answer."""

    answer = models.ForeignKey(
        HeldAnswer, on_delete=models.CASCADE, related_name="files", verbose_name=_("answer")
    )
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=120)

    class Meta:
        verbose_name = _("file of a held answer")
        verbose_name_plural = _("files of held answers")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Copy(models.Model):
    """Somebody at no login of the customer who gets answers by mail.

    A visible copy is on the ticket from then on: it gets every later answer, and may answer by mail. A blind one
    (`is_blind`) got the answer `message` and nothing else, and only the desk sees that.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="copies", verbose_name=_("ticket")
    )
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="copies", verbose_name=_("message")
    )
    email = models.EmailField(_("e-mail address"))
    is_blind = models.BooleanField(_("blind copy"), default=False)

    class Meta:
        verbose_name = _("copy")
        verbose_name_plural = _("copies")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "ticket", condition=Q(is_blind=False), name="copy_once_on_a_ticket"
            )
        ]

    def __str__(self) -> str:
        return self.email
