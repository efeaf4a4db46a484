from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from balie.audit.administration import OnTheRecord
from balie.tickets.models import Category, Ticket


@admin.register(Category)
class CategoryAdmin(OnTheRecord[Category]):
    """The topics that customers choose from. One that was used is not deleted but can no longer be chosen."""

    list_display = ("name", "parent", "kind", "may_phone_in_office_hours", "position", "is_active")
    list_editable = ("may_phone_in_office_hours", "position", "is_active")
    ordering = (
        Coalesce("parent__position", "position"),
        F("parent").asc(nulls_first=True),
        "position",
        "key",
    )
    list_filter = ("kind", "is_active")
    list_select_related = ("parent",)
    search_fields = ("name_nl", "name_en", "key")
    fields = (
        "key",
        ("name_nl", "name_en"),
        "parent",
        "kind",
        "place",
        "may_phone_in_office_hours",
        "position",
        "is_active",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Category | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """A category is never part of itself."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj and "parent" in form.base_fields:
            parent: Any = form.base_fields["parent"]
            parent.queryset = parent.queryset.exclude(pk=obj.pk)
        return form


@admin.register(Ticket)
class TicketAdmin(OnTheRecord[Ticket]):
    """To look at: the work is done in the workspace. Only the category can be put right here; nothing is deleted."""

    list_display = ("number", "subject", "customer", "state", "assigned_to", "opened_at", "due_at")
    list_filter = ("state", "urgent", "channel")
    list_select_related = ("customer", "assigned_to")
    search_fields = ("=number", "subject", "customer__name")
    ordering = ("-id",)
    editable = ("category",)
    fields = (
        "number",
        "subject",
        ("customer", "contact", "site"),
        "category",
        ("channel", "answer_mode", "billing_mode", "urgent"),
        ("state", "initiative"),
        ("assigned_to", "team"),
        ("opened_at", "changed_at", "closed_at"),
        ("due_at", "warn_at", "closes_at"),
    )
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Ticket | None = None) -> tuple[str, ...]:
        names = [
            name for row in self.fields or () for name in ((row,) if isinstance(row, str) else tuple(row))
        ]
        return tuple(name for name in names if name not in self.editable)

    def save_model(self, request: HttpRequest, obj: Ticket, form: Any, change: bool) -> None:
        """Only what can be edited: the rest may have moved since the page was opened."""
        obj.save(update_fields=list(self.editable))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False
