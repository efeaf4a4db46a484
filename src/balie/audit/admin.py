from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from balie.audit.administration import ReadOnly
from balie.audit.models import Entry


@admin.register(Entry)
class EntryAdmin(ReadOnly[Entry]):
    """Who did what, when. Nobody can write here, administrators included."""

    list_display = ("at", "who", "action", "subject_type", "subject_id")
    list_filter = ("action", "subject_type")
    search_fields = ("who", "subject_id")
    ordering = ("-id",)
    fields = ("at", "who", "action", "subject_type", "subject_id", "details")
    readonly_fields = ("details",)

    @admin.display(description=_("details"))
    def details(self, entry: Entry) -> Any:
        return format_html("<pre>{}</pre>", json.dumps(entry.data, ensure_ascii=False, indent=2))
