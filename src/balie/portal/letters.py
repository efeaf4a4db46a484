"""What a customer writes: a text with files. Nothing of it is lost when it cannot be sent yet."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from balie.customers.models import Contact
from balie.portal.kept_files import as_upload, sent_ahead
from balie.portal.open_forms import open_form_of, seal
from balie.portal.visitors import CustomerVisit
from balie.tickets import actions
from balie.tickets.actions import OpenForm, Upload, Writing
from balie.tickets.models import Draft, DraftFile, Ticket
from balie.web.forms import Styled
from balie.web.uploads import PROGRAMS, FilesField, check_files, too_large

LONGEST_TEXT = 20_000


class Letter(Styled):
    """A text, files and the key that makes the same form sent twice one message.

    Filled from `draft`, when there is one; `kept_fields` are the fields that a draft holds.
    """

    text = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    files = FilesField(  # type: ignore[assignment]  # the name of the field, not of Django's attribute
        label=_("Files"), help_text=_("Pictures, documents or a zip file; together at most 25 MB.")
    )
    draft_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)

    kept_fields: ClassVar[tuple[str, ...]] = ("text",)

    def __init__(
        self,
        request: CustomerVisit,
        *,
        bound: bool,
        ticket: Ticket | None = None,
        draft: Draft | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.contact: Contact = request.contact
        self.ticket, self.draft = ticket, draft
        self.attachments: list[DraftFile] = []
        self.uploaded: list[Upload] = []
        self._has_left_out_files = getattr(request, "has_left_out_files", False)
        if bound:
            super().__init__(request.POST, request.FILES)
            self.open_form = open_form_of(request.POST)
            return
        self.open_form = _opened_on(draft)
        if draft is not None:
            self.attachments = list(draft.files.select_related("file"))
        kept = draft.fields if draft is not None else {}
        super().__init__(initial={**self.keys, **(initial or {}), **kept})

    @property
    def keys(self) -> dict[str, Any]:
        """The hidden fields: which draft this is, and which opening of it."""
        form = self.open_form
        return {"draft_key": form.key, "revision": form.revision, "submission": form.submission}

    @property
    def seal(self) -> str:
        """With which this form is kept for its writer, also when the session has ended meanwhile."""
        return seal(self.contact, self.open_form)

    @property
    def refused_suffixes(self) -> str:
        """Endings that cannot be sent, for the browser to say so before it sends."""
        return " ".join(sorted(PROGRAMS))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        dropped = set(cast(QueryDict, self.data).getlist("drop"))
        self.draft = actions.find_draft(self.contact, self.open_form)
        before = self.draft.files.select_related("file") if self.draft is not None else ()
        self.attachments = [each for each in before if each.file.sha256 not in dropped]
        if self._has_left_out_files:
            self.add_error("files", too_large())
        uploaded = found.get("files") or []
        try:
            check_files(
                [(each.name, each.file.size) for each in self.attachments]
                + [(each.name or "", each.size or 0) for each in uploaded]
            )
        except ValidationError as problem:
            self.add_error("files", problem)
        else:
            self.uploaded = [as_upload(each) for each in uploaded]
        if not found.get("text") and not self.attachments and not uploaded and "text" not in self.errors:
            self.add_error("text", _("Write what it is about."))
        return found

    def keep(self, *, now: Any) -> None:
        """Keep everything that was filled in and sent along, because it cannot be sent on yet."""
        dropped = set(cast(QueryDict, self.data).getlist("drop"))
        draft = actions.save_draft(
            self.contact, self.open_form, fields=kept_of(self, self.data), ticket=self.ticket, now=now
        )
        if draft is None:
            return
        for upload in self.uploaded:
            actions.attach(self.contact, self.open_form, upload, ticket=self.ticket, now=now)
        for sha256 in dropped:
            actions.detach(self.contact, self.open_form, sha256, now=now)
        self.draft, self.uploaded = draft, []
        self.attachments = list(draft.files.select_related("file"))

    def writing(self) -> Writing:
        """What the actions take; only of a valid form."""
        return Writing(
            text=self.cleaned_data["text"],
            uploads=[*sent_ahead(self.attachments), *self.uploaded],
            submission=self.open_form.submission,
            draft=self.open_form,
        )


def kept_of(form: Letter | type[Letter], data: Any) -> dict[str, Any]:
    """What a draft holds of a form that was handed in: texts, and lists where the form takes several."""
    kept: dict[str, Any] = {}
    for name in form.kept_fields:
        is_list = isinstance(form.base_fields[name], forms.MultipleChoiceField)
        values = [text.replace("\x00", "")[:LONGEST_TEXT] for text in data.getlist(name)[:MOST_CHOICES]]
        if any(values):
            kept[name] = values if is_list else values[-1]
    return kept


MOST_CHOICES = 50


def _opened_on(draft: Draft | None) -> OpenForm:
    submission = uuid.uuid4()
    if draft is None:
        return OpenForm(submission, submission)
    return OpenForm(draft.key, submission, draft.revision)
