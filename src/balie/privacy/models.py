"""Exports of what we know about a person, erasures, and how long each kind of data is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.files.models import File


class Export(models.Model):
    """One file with everything about one person, for the administrator who asked for it, until `expires_at`."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("user")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("parts"), default=0)
    file = models.ForeignKey(
        File, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("can be fetched until"))

    class Meta:
        verbose_name = _("export of a person")
        verbose_name_plural = _("exports of persons")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(user__isnull=False), name="export_is_about_somebody"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(file__isnull=False), name="export_finished_has_file"
            ),
        ]

    def __str__(self) -> str:
        return str(self.contact or self.user)

    @property
    def percent(self) -> int:
        if self.finished_at:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


class Erasure(models.Model):
    """A person is being forgotten, or was. Says when, by whom and how much; nothing about who it was.

    `contact_key` and `user_key` are keys of rows that have no name any more, or that are gone. `done`: the steps that
    the worker made of it.
    """

    contact_key = models.BigIntegerField(_("key of the contact"), null=True, blank=True)
    user_key = models.BigIntegerField(_("key of the user"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    with_files = models.BooleanField(_("with the files that it sent"))
    counts = models.JSONField(_("what was done"), default=dict)
    done = models.PositiveSmallIntegerField(_("done"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("erasure of a person")
        verbose_name_plural = _("erasures of persons")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact_key"], condition=Q(finished_at__isnull=True), name="erasure_of_contact_once"
            ),
            models.UniqueConstraint(
                fields=["user_key"], condition=Q(finished_at__isnull=True), name="erasure_of_user_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"

    def percent_of(self, steps: int) -> int:
        """How far it is when it takes so many steps."""
        return 100 if self.finished_at else min(99, self.done * 100 // steps)


class Retention(models.Model):
    """After how many days one kind of data is deleted; a kind without a row is kept."""

    kind = models.SlugField(_("kind"), max_length=30, unique=True)
    days = models.PositiveIntegerField(_("days"))
    changed_at = models.DateTimeField(_("changed at"))
    last_run_at = models.DateTimeField(_("last run at"), null=True, blank=True)
    last_count = models.PositiveIntegerField(_("deleted then"), default=0)

    class Meta:
        verbose_name = _("retention")
        verbose_name_plural = _("retention")
        ordering = ["kind"]
        constraints = [models.CheckConstraint(condition=Q(days__gte=1), name="retention_of_a_day_at_least")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.days}"
