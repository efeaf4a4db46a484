from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from balie.accounts import actions
from balie.accounts.invitation_mail import send_invitation
from balie.accounts.models import Agent, Role, Team, User
from balie.accounts.second_step_mail import tell_second_step_taken_off
from balie.audit.administration import OnTheRecord

if TYPE_CHECKING:
    _UserForm = forms.ModelForm[User]
    _AgentForm = forms.ModelForm[Agent]
    _AgentInline = admin.StackedInline[Agent, User]
else:
    _UserForm = _AgentForm = forms.ModelForm
    _AgentInline = admin.StackedInline


def refuse_without_administrator(agent: Agent | None, *, stays: bool) -> None:
    """Raise when `agent` would not stay an administrator and nobody else is one."""
    if stays or agent is None or agent.pk is None:
        return
    others = Agent.objects.filter(role=Role.ADMINISTRATOR, is_active=True, user__is_active=True)
    if others.filter(pk=agent.pk).exists() and not others.exclude(pk=agent.pk).exists():
        raise ValidationError(_("This is the only administrator; make somebody else one first."))


class UserForm(_UserForm):
    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        agent = Agent.objects.filter(user=self.instance).first() if self.instance.pk else None
        refuse_without_administrator(agent, stays=found.get("is_active", True))
        return found


class AgentForm(_AgentForm):
    def has_changed(self) -> bool:
        """Whoever adds an agent means it, also when everything stays as it was proposed."""
        return self.instance.pk is None or super().has_changed()

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        stays = found.get("role") == Role.ADMINISTRATOR and found.get("is_active", False)
        refuse_without_administrator(self.instance, stays=stays)
        return found


class AgentInline(_AgentInline):
    model = Agent
    form = AgentForm
    fields = ("role", "team", "is_active")
    extra = 0
    can_delete = False


@admin.register(User)
class UserAdmin(OnTheRecord[User]):
    """Everybody who logs in. Nobody's password is shown or set here: people choose it by invitation."""

    form = UserForm
    change_form_template = "admin/accounts/user/change_form.html"
    list_display = ("name", "email", "role", "has_password", "is_active", "last_login")
    list_filter = ("is_active", "agent__role")
    list_select_related = ("agent",)
    search_fields = ("name", "email")
    ordering = ("name", "email")
    fields = ("name", "email", "language", "is_active", "last_login", "created_at")
    readonly_fields = ("last_login", "created_at")
    inlines = (AgentInline,)

    @admin.display(description=_("role"))
    def role(self, user: User) -> str:
        agent = getattr(user, "agent", None)
        return agent.get_role_display() if agent else ""

    @admin.display(description=_("chose a password"), boolean=True)
    def has_password(self, user: User) -> bool:
        return user.has_usable_password()

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """What somebody did stays on the record; who leaves may not log in any more."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            actions.vouch_for_address(obj)  # nobody logs in with the old one any more

    def get_urls(self) -> list[URLPattern]:
        invite = self.admin_site.admin_view(require_POST(self.invite))
        take_off = self.admin_site.admin_view(require_POST(self.take_off_second_step))
        return [
            path("<int:key>/invite/", invite, name="accounts_user_invite"),
            path("<int:key>/second-step/", take_off, name="accounts_user_second_step"),
            *super().get_urls(),
        ]

    def invite(self, request: HttpRequest, key: int) -> HttpResponse:
        """Mail the user a link to choose a password, and show it here."""
        user = get_object_or_404(User, pk=key, is_active=True)
        with transaction.atomic():
            link = actions.invite(
                user,
                base_url=settings.BALIE_URL,
                now=request.now,  # type: ignore[attr-defined]
                by=request.user,  # type: ignore[arg-type]
            )
            send_invitation(user, link, desk=request.desk)  # type: ignore[attr-defined]
        message = gettext("%(user)s is invited by mail. The link works once, for a week: %(link)s")
        messages.success(request, message % {"user": user, "link": link})
        return redirect(reverse("admin:accounts_user_change", args=[user.pk]))

    def take_off_second_step(self, request: HttpRequest, key: int) -> HttpResponse:
        """For somebody who lost both the phone and the recovery codes; the person is told by mail."""
        user = get_object_or_404(User, pk=key)
        with transaction.atomic():
            was_there = actions.take_off_second_step(
                user,
                by=request.user,  # type: ignore[arg-type]
                now=request.now,  # type: ignore[attr-defined]
            )
            if was_there:
                tell_second_step_taken_off(user, desk=request.desk)  # type: ignore[attr-defined]
        told = (
            gettext("%(user)s logs in without a second step now, until it sets one up again.")
            if was_there
            else gettext("%(user)s has no second step.")
        )
        messages.success(request, told % {"user": user})
        return redirect(reverse("admin:accounts_user_change", args=[user.pk]))


@admin.register(Agent)
class AgentAdmin(OnTheRecord[Agent]):
    """The people of the desk."""

    form = AgentForm
    list_display = ("user", "role", "team", "is_active")
    list_filter = ("role", "team", "is_active")
    list_select_related = ("user", "team")
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> tuple[str, ...]:
        return ("user",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        return False


@admin.register(Team)
class TeamAdmin(OnTheRecord[Team]):
    list_display = ("name",)
    search_fields = ("name",)
