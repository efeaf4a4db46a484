"""What the administration itself keeps: how far the deadlines have been counted anew."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Recount(models.Model):
    """One order to count the deadlines of all waiting tickets anew, and how far the job has come with it.

    `new_terms_of`: keys of plans whose tickets get the plan's terms of now; all others keep what was promised.
    `last`: the highest key of a ticket that is done, so that a killed job goes on where it was.
    """

    ordered_at = models.DateTimeField(_("ordered at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    because = models.CharField(_("because"), max_length=200)
    new_terms_of = models.JSONField(_("plans whose new terms count"), default=list)
    total = models.PositiveIntegerField(_("tickets"))
    done = models.PositiveIntegerField(_("done"), default=0)
    moved = models.PositiveIntegerField(_("with another deadline"), default=0)
    last = models.BigIntegerField(default=0, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("recount")
        verbose_name_plural = _("recounts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(moved__lte=F("done")), name="recount_moved_are_done")
        ]

    def __str__(self) -> str:
        return self.because

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100; tickets that came in between can make it reach the end early."""
        if self.finished_at:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0
