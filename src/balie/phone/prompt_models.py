"""What a desk says to callers in words of its own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_PROMPT = 500


class PromptText(models.Model):
    """The desk's own words for one prompt (`rules.spoken_texts`) in one language, instead of the standard text."""

    name = models.CharField(_("name"), max_length=40)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.CharField(_("text"), max_length=LONGEST_PROMPT)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("spoken text")
        verbose_name_plural = _("spoken texts")
        constraints = [
            models.UniqueConstraint(fields=["name", "language"], name="prompt_text_once"),
            models.CheckConstraint(condition=~Q(text=""), name="prompt_text_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
