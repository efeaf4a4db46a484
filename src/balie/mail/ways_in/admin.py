"""The page of a mailbox: how it is reached, how it stands, and a button that tries it. Secrets go in and never out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from balie.audit.actions import record
from balie.audit.administration import OnTheRecord
from balie.mail.ways_in import actions, troubles
from balie.mail.ways_in.models import Login, Mailbox, Security
from balie.rules.refusals import Refusal

if TYPE_CHECKING:
    _MailboxForm = forms.ModelForm[Mailbox]
else:
    _MailboxForm = forms.ModelForm

SECRETS = ("password", "client_secret", "refresh_token")
WHERE_SECRETS_GO = ("host", "port", "security", "token_url")
WHICH_MESSAGES = ("host", "user", "folder")
HIDDEN = "•••"


def _secret(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        strip=False,
        max_length=4000,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_("It is kept sealed and never shown again. Empty: as it was."),
    )


class MailboxForm(_MailboxForm):
    """A secret that is kept is sent nowhere else: another server wants it given again."""

    token_url = forms.URLField(
        label=_("Token endpoint"), required=False, max_length=500, assume_scheme="https"
    )
    password = _secret(_("Password"))
    client_secret = _secret(_("Client secret"))
    refresh_token = _secret(_("Refresh token"))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        needed = ("refresh_token",) if found.get("login") == Login.OAUTH2 else ("password",)
        moved = self.instance.pk and any(name in self.changed_data for name in WHERE_SECRETS_GO)
        for name in needed:
            if not found.get(name) and (moved or not getattr(self.instance, f"sealed_{name}")):
                words = (
                    _("Give it again: what is kept is not sent to another server.")
                    if moved
                    else _("Give it.")
                )
                self.add_error(name, words)
        if found.get("login") == Login.OAUTH2:
            self._demand_endpoint(found)
        return found

    def _demand_endpoint(self, found: dict[str, Any]) -> None:
        from balie.mail.ways_in import oauth2

        if not found.get("client_id"):
            self.add_error("client_id", _("OAuth2 needs it."))
        try:
            oauth2.checked(found.get("token_url") or "")
        except Refusal as refusal:
            self.add_error("token_url", ValidationError(refusal.reason.render(gettext)))
        if found.get("security") == Security.NONE:
            self.add_error("security", _("A token is not sent without encryption."))

    def save(self, commit: bool = True) -> Mailbox:
        self.instance.seal(**{name: self.cleaned_data.get(name) or "" for name in SECRETS})
        mailbox: Mailbox = super().save(commit)
        return mailbox


@admin.register(Mailbox)
class MailboxAdmin(OnTheRecord[Mailbox]):
    """The mailboxes that are emptied into this desk. A change takes effect within seconds."""

    form = MailboxForm
    change_form_template = "admin/mail/mailbox/change_form.html"
    list_display = ("name", "user", "host", "folder", "is_on", "looked_at", "how_it_stands")
    readonly_fields = ("looked_at", "unreachable_since", "how_it_stands")
    fieldsets = (
        (None, {"fields": ("name", "is_on", "how_it_stands", "looked_at", "unreachable_since")}),
        (_("Server"), {"fields": ("host", "port", "security", "user", "login", "password")}),
        ("OAuth2", {"fields": ("token_url", "client_id", "client_secret", "refresh_token", "scope")}),
        (
            _("Folders"),
            {
                "fields": (
                    "folder",
                    "begins_with",
                    "processed_folder",
                    "automatic_folder",
                    "quarantine_folder",
                )
            },
        ),
        (_("How often"), {"fields": ("uses_idle", "poll_seconds", "alarm_after_minutes")}),
        (_("What it is for"), {"fields": ("address", "category")}),
    )

    @admin.display(description=_("how it stands"))
    def how_it_stands(self, mailbox: Mailbox) -> str:
        if mailbox.trouble:
            return troubles.rendered(mailbox.trouble, gettext)
        if not mailbox.is_on:
            return gettext("turned off")
        return gettext("all is well") if mailbox.looked_at else gettext("not looked at yet")

    def construct_change_message(
        self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False
    ) -> Any:
        """That a secret was changed goes on the record; the secret does not."""
        changes = super().construct_change_message(request, form, formsets, add)
        for name in set(SECRETS) & set(changes["fields"]):
            changes["fields"][name] = [HIDDEN, HIDDEN]
        return changes

    def save_model(self, request: HttpRequest, obj: Mailbox, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and any(name in form.changed_data for name in WHICH_MESSAGES):
            actions.begin_anew(obj)
        actions.see_to_it()

    def get_urls(self) -> list[URLPattern]:
        test = self.admin_site.admin_view(require_POST(self.test))
        return [path("<int:key>/test/", test, name="mail_mailbox_test"), *super().get_urls()]

    def test(self, request: HttpRequest, key: int) -> HttpResponse:
        """Log in, count, and say in plain words what is wrong. Nothing in the mailbox is touched."""
        from balie.mail.ways_in import imap

        mailbox = get_object_or_404(Mailbox, pk=key)
        record("test", mailbox, by=request.user, now=request.now)  # type: ignore[attr-defined,arg-type]
        try:
            imap.forget_token(mailbox)
            found = imap.look(mailbox)
        except Refusal as refusal:
            messages.error(request, refusal.reason.render(gettext))
        else:
            messages.success(request, self._words(mailbox, found))
        return redirect(reverse("admin:mail_mailbox_change", args=[mailbox.pk]))

    def _words(self, mailbox: Mailbox, found: Any) -> str:
        words = ngettext(
            "It works: %(num)s message in “%(folder)s”, %(unread)s unread.",
            "It works: %(num)s messages in “%(folder)s”, %(unread)s unread.",
            found.messages,
        ) % {"num": found.messages, "folder": mailbox.folder, "unread": found.unread}
        if mailbox.uses_idle and not found.can_idle:
            words += " " + gettext(
                "The server cannot tell of new mail by itself; it is looked at every so often."
            )
        return words
