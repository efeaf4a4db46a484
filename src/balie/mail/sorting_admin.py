"""The administration of mail that comes in: its rules, and the addresses of the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from balie.audit.administration import OnTheRecord
from balie.mail.models import DeskAddress, MailSettings


@admin.register(MailSettings)
class MailSettingsAdmin(OnTheRecord[MailSettings]):
    """The rules for mail that comes in: one row at most; without it the standard holds."""

    fieldsets = (
        (_("Who"), {"fields": ("strangers",)}),
        (_("Is it really they?"), {"fields": ("care", "trusted_checkers", "checks_here")}),
        (_("Spam"), {"fields": ("spam_headers", "spam_kept_days")}),
        (_("Programs that answer"), {"fields": ("answers_per_hour", "answers_per_ticket", "own_lists")}),
    )

    def save_model(self, request: HttpRequest, obj: MailSettings, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not MailSettings.objects.exists()


@admin.register(DeskAddress)
class DeskAddressAdmin(OnTheRecord[DeskAddress]):
    """The desk's addresses, and what a mail to each becomes."""

    list_display = ("address", "category", "team", "language")
    search_fields = ("address",)
    list_select_related = ("category", "team")
