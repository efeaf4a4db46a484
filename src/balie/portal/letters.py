"""What a customer writes: a text with files. Nothing of it is lost when it cannot be sent yet."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from balie.portal.kept_files import KeptFile, as_uploads, keep, seal, unseal
from balie.portal.visitors import CustomerVisit
from balie.tickets.actions import Writing
from balie.web.forms import Styled
from balie.web.uploads import FilesField, check_files, too_large

LONGEST_TEXT = 20_000


class Letter(Styled):
    """A text, files and the key that makes the same form sent twice one message."""

    text = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    files = FilesField(  # type: ignore[assignment]  # the name of the field, not of Django's attribute
        label=_("Files"), help_text=_("Pictures, documents or a zip file; together at most 25 MB.")
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: CustomerVisit, *, bound: bool, initial: dict[str, Any] | None = None) -> None:
        if bound:
            super().__init__(request.POST, request.FILES)
        else:
            super().__init__(initial={"submission": uuid.uuid4(), **(initial or {})})
        self._user_key = request.user.pk
        self._has_left_out_files = getattr(request, "has_left_out_files", False)
        self.attachments: list[KeptFile] = []

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        dropped = set(cast(QueryDict, self.data).getlist("drop"))
        before = unseal(found.get("kept", ""), user_key=self._user_key)
        self.attachments = [each for each in before if each.sha256 not in dropped]
        if self._has_left_out_files:
            self.add_error("files", too_large())
        uploaded = found.get("files") or []
        try:
            check_files(
                [(each.name, each.size) for each in self.attachments]
                + [(each.name or "", each.size or 0) for each in uploaded]
            )
        except ValidationError as problem:
            self.add_error("files", problem)
        else:
            self.attachments += keep(uploaded)
        if not found.get("text") and not self.attachments and "text" not in self.errors:
            self.add_error("text", _("Write what it is about."))
        return found

    @property
    def sealed(self) -> str:
        """The files that were sent already, for the hidden field of the next page."""
        return seal(self.attachments, user_key=self._user_key)

    def writing(self) -> Writing:
        """What the actions take; only of a valid form."""
        return Writing(
            text=self.cleaned_data["text"],
            uploads=as_uploads(self.attachments),
            submission=self.cleaned_data["submission"] or uuid.uuid4(),
        )
