"""The administration of mail that comes in: its rules, and the addresses of the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from balie.audit.administration import OnTheRecord
from balie.mail.models import DeskAddress, MailSettings


@admin.register(MailSettings)
class MailSettingsAdmin(OnTheRecord[MailSettings]):
    """One page: the rules for mail that comes in."""

    fieldsets = (
        (_("Who"), {"fields": ("strangers",)}),
        (_("Is it really they?"), {"fields": ("care", "trusted_checkers", "checks_here")}),
        (_("Spam"), {"fields": ("spam_headers", "spam_kept_days")}),
        (_("Programs that answer"), {"fields": ("answers_per_hour", "answers_per_ticket", "own_lists")}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one row at most: to its form, or to the form that makes it."""
        row = MailSettings.objects.first()
        if row is None:
            return redirect("admin:mail_mailsettings_add")
        return redirect("admin:mail_mailsettings_change", row.pk)

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
