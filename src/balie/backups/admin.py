from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from balie.audit.administration import OnTheRecord
from balie.backups.models import BackupVideo
from balie.files import actions as files
from balie.files.downloads import video_type
from balie.web.uploads import LARGEST_TOTAL, MEGABYTE, safe_name

if TYPE_CHECKING:
    _VideoForm = forms.ModelForm[BackupVideo]
else:
    _VideoForm = forms.ModelForm


class VideoForm(_VideoForm):
    """Either a link or a file that a browser plays; what is chosen now replaces what was there."""

    link = forms.URLField(
        label=_("link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Where the video stands: a page or a channel of your own."),
    )
    upload = forms.FileField(
        label=_("file"),
        required=False,
        help_text=_("An mp4, webm or ogv of at most 25 MB. A longer film is better as a link."),
        widget=forms.ClearableFileInput(attrs={"accept": "video/mp4,video/webm,video/ogg"}),
    )

    class Meta:
        model = BackupVideo
        fields = ("link",)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        link, upload = found.get("link"), found.get("upload")
        if getattr(self, "has_left_out_files", False) or (upload and upload.size > LARGEST_TOTAL):
            size = {"limit": LARGEST_TOTAL // MEGABYTE}
            self.add_error(
                "upload",
                _("The film is larger than %(limit)s MB. Put it elsewhere and give the link.") % size,
            )
        elif upload:
            self._take(upload)
        has_file = bool(upload or (self.instance.file_id and not link))
        if not self.errors and bool(link) is has_file:
            self.add_error("link", _("Give either a link or a file."))
        return found

    def _take(self, upload: Any) -> None:
        content = upload.read()
        kind = video_type(content)
        if kind is None:
            self.add_error("upload", _("This is no video that a browser plays: make it an mp4 or a webm."))
            return
        self.instance.file, self.instance.content_type = files.store(content), kind
        self.instance.name = safe_name(upload.name or "")

    def _post_clean(self) -> None:
        """A link takes the place of the file that was there, and the other way round."""
        if self.cleaned_data.get("link") and not self.cleaned_data.get("upload"):
            self.instance.file, self.instance.name, self.instance.content_type = None, "", ""
        super()._post_clean()  # type: ignore[misc]


@admin.register(BackupVideo)
class BackupVideoAdmin(OnTheRecord[BackupVideo]):
    """The one instruction video of this desk (IB-28)."""

    form = VideoForm
    list_display = ("__str__", "link", "name")
    fields = ("link", "upload")
    actions = None

    def get_form(
        self, request: HttpRequest, obj: BackupVideo | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.has_left_out_files = getattr(request, "has_left_out_files", False)  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: BackupVideo, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not BackupVideo.objects.exists()
