from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from balie.audit import wording
from balie.audit.administration import ReadOnly
from balie.audit.models import Entry


class InWords(admin.AllValuesFieldListFilter):
    """The values that there are, each in the reader's words."""

    words: ClassVar[dict[str, Callable[[str], str]]] = {
        "action": wording.of_action,
        "subject_type": wording.of_subject,
    }

    def choices(self, changelist: Any) -> Iterator[Any]:
        everything, *values = super().choices(changelist)
        yield everything
        for value in values:
            yield {**value, "display": self.words[self.field.name](str(value["display"]))}


@admin.register(Entry)
class EntryAdmin(ReadOnly[Entry]):
    """Who did what, when. Nobody can write here, administrators included."""

    list_display = ("at", "who", "what", "about")
    list_filter = (("action", InWords), ("subject_type", InWords))
    search_fields = ("who", "subject_id")
    ordering = ("-id",)
    fields = ("at", "who", "what", "about", "details")
    readonly_fields = ("what", "about", "details")

    @admin.display(description=_("action"), ordering="action")
    def what(self, entry: Entry) -> str:
        return wording.of_action(entry.action)

    @admin.display(description=_("subject"), ordering="subject_type")
    def about(self, entry: Entry) -> str:
        """What it was about, as a link where there is a page of it."""
        subject = f"{wording.of_subject(entry.subject_type)} {entry.subject_id}"
        try:
            page = reverse(f"admin:{entry.subject_type.replace('.', '_')}_change", args=[entry.subject_id])
        except NoReverseMatch:
            return subject
        return format_html('<a href="{}">{}</a>', page, subject)

    @admin.display(description=_("details"))
    def details(self, entry: Entry) -> Any:
        return format_html("<pre>{}</pre>", json.dumps(entry.data, ensure_ascii=False, indent=2))
