"""The telephone in the administration: exchanges and their tokens, numbers of the desk, telephones and queues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from balie.accounts.models import User
from balie.audit.administration import NamedFields, OnTheRecord, ReadOnly
from balie.desk import sealing
from balie.desk.models import Line
from balie.phone import actions
from balie.phone.dial_models import DialKind
from balie.phone.models import Call, CalledNumber, Exchange, Extension, QueuePlace
from balie.rules.desk import PhoneUse

if TYPE_CHECKING:
    _PlaceInline = admin.TabularInline[QueuePlace, Extension]
else:
    _PlaceInline = admin.TabularInline

HIDDEN = "•••"
ANSWERED = Line.objects.exclude(phone_use=PhoneUse.NOBODY)


class ExchangeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The secret for dialling goes in and never out; another address wants it given again."""

    dial_url = forms.URLField(
        label=gettext_lazy("address for dialling"), required=False, assume_scheme="https"
    )
    dial_secret = forms.CharField(
        label=gettext_lazy("secret for dialling"),
        required=False,
        strip=False,
        max_length=400,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("It is kept sealed and never shown again. Empty: as it was."),
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("dial_kind", DialKind.TEL) != DialKind.TEL and not found.get("dial_url"):
            self.add_error("dial_url", _("Give the address at which the exchange is asked to dial."))
        if (
            "dial_url" in self.changed_data
            and self.instance.sealed_dial_secret
            and not found.get("dial_secret")
        ):
            self.add_error("dial_secret", _("Give it again: what is kept is not sent to another server."))
        return found

    def save(self, commit: bool = True) -> Exchange:
        if secret := self.cleaned_data.get("dial_secret"):
            self.instance.sealed_dial_secret = sealing.seal(secret)
        exchange: Exchange = super().save(commit)
        return exchange


@admin.register(Exchange)
class ExchangeAdmin(OnTheRecord[Exchange]):
    """An exchange shows its token; that is shown here once, when it is made, and never again."""

    change_form_template = "admin/phone/exchange/change_form.html"
    list_display = ("name", "is_active", "last_heard_at", "made_at")
    form = ExchangeForm
    fieldsets = (
        (None, {"fields": ("name", "is_active", "last_heard_at", "made_at")}),
        (
            gettext_lazy("Dialling from a page"),
            {"fields": ("dial_kind", "dial_url", "dial_user", "dial_secret", "dial_context")},
        ),
    )
    readonly_fields = ("last_heard_at", "made_at")

    def get_fieldsets(self, request: HttpRequest, obj: Exchange | None = None) -> Any:
        return self.fieldsets if obj else ((None, {"fields": ("name",)}),)

    def get_form(
        self, request: HttpRequest, obj: Exchange | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """A new exchange has a name and gets a token; how it dials is told afterwards."""
        plain: dict[str, Any] = {} if obj else {"form": forms.ModelForm}
        return super().get_form(request, obj, change, **plain, **kwargs)

    def construct_change_message(
        self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False
    ) -> Any:
        """That the secret was changed goes on the record; the secret does not."""
        changes = super().construct_change_message(request, form, formsets, add)
        if "dial_secret" in changes["fields"]:
            changes["fields"]["dial_secret"] = [HIDDEN, HIDDEN]
        return changes

    def save_model(self, request: HttpRequest, obj: Exchange, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made, token = actions.made(obj.name, by=request.user, now=request.now)  # type: ignore[arg-type, attr-defined]
        obj.pk, obj.token_digest, obj.made_at = made.pk, made.token_digest, made.made_at
        obj._state.adding = False
        request.token = token  # type: ignore[attr-defined]

    def log_addition(self, request: HttpRequest, obj: Exchange, message: Any) -> Any:
        """`actions.made` put it on the record."""
        return None

    def response_add(self, request: HttpRequest, obj: Exchange, post_url_continue: str | None = None) -> Any:
        return self._show(request, obj, request.token)  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        renew = self.admin_site.admin_view(require_POST(self.renew))
        return [path("<int:key>/renew/", renew, name="phone_exchange_renew"), *super().get_urls()]

    def renew(self, request: HttpRequest, key: int) -> HttpResponse:
        """A new token; the old one is worth nothing from now on."""
        exchange = get_object_or_404(Exchange, pk=key)
        token = actions.renew_token(exchange, by=request.user, now=request.now)  # type: ignore[attr-defined, arg-type]
        return self._show(request, exchange, token)

    def _show(self, request: HttpRequest, exchange: Exchange, token: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Token of %(exchange)s") % {"exchange": exchange},
            "exchange": exchange,
            "token": token,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/phone/exchange/token.html", context)

    def has_delete_permission(self, request: HttpRequest, obj: Exchange | None = None) -> bool:
        """One that told of calls is switched off."""
        return obj is None or not Call.objects.filter(exchange=obj).exists()


@admin.register(CalledNumber)
class CalledNumberAdmin(OnTheRecord[CalledNumber]):
    """Which line is behind which number."""

    list_display = ("number", "line")
    list_select_related = ("line",)
    search_fields = ("number",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, queryset=ANSWERED, **kwargs)


class PlaceInline(_PlaceInline):
    model = QueuePlace
    formset = NamedFields
    extra = 0

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, queryset=ANSWERED, **kwargs)


class ExtensionForm(forms.ModelForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(agent__is_active=True).order_by("name")  # type: ignore[attr-defined]


@admin.register(Extension)
class ExtensionAdmin(OnTheRecord[Extension]):
    """The telephones of the desk: whose each is, and for which lines it rings."""

    form = ExtensionForm
    list_display = ("number", "user", "takes_calls", "rings_for")
    list_select_related = ("user",)
    search_fields = ("number", "user__name")
    fields = ("number", "user", "takes_calls")
    inlines = (PlaceInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("places__line")

    @admin.display(description=gettext_lazy("rings for"))
    def rings_for(self, extension: Extension) -> str:
        return ", ".join(str(place.line) for place in extension.places.all())


@admin.register(Call)
class CallAdmin(ReadOnly[Call]):
    """Calls to look at, with what was decided and why; the work is done in the workspace."""

    list_display = ("began_at", "direction", "caller", "line", "state", "handled_by")
    list_filter = ("state", "direction", "action")
    list_select_related = ("line", "handled_by")
    search_fields = ("caller", "name")
