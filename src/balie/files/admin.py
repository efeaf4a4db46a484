from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from balie.files.models import File

if TYPE_CHECKING:
    _FileAdmin = admin.ModelAdmin[File]
else:
    _FileAdmin = admin.ModelAdmin


@admin.register(File)
class FileAdmin(_FileAdmin):
    """What lies in the data folder, to look at only; the files themselves are opened on their tickets."""

    list_display = ("sha256", "size", "stored_at")
    search_fields = ("sha256",)
    ordering = ("-id",)
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: File | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: File | None = None) -> bool:
        return False
