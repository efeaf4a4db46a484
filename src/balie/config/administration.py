"""The administration as a whole: whose it is, and that only administrators get in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _

from balie.administration.standings import Standing, standing_of
from balie.administration.start import groups
from balie.administration.urls import screens
from balie.administration.weighing import weigh
from balie.customers.models import Customer
from balie.rules.reasons import gettext_noop
from balie.rules.refusals import NotAllowed


class Administration(admin.AdminSite):
    """Balie's own tables only: what libraries bring along (sessions of logins, jobs) is not for a screen."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Settings and records")
    empty_value_display = "—"
    index_template = "administration/start.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [*screens(self.admin_view), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """A map of everything, in the words of the desk, instead of a list of tables."""
        found = groups(request.desk, now=request.now)  # type: ignore[attr-defined]
        return super().index(request, {"groups": found, **(extra_context or {})})

    def weigh(
        self, request: HttpRequest, act: Callable[[], HttpResponseBase], *, because: str
    ) -> HttpResponseBase:
        """Save what may move deadlines, after it was shown what that does to the open tickets."""
        return weigh(request, act, because=because)

    def standing_of(self, customer: Customer, request: HttpRequest) -> Standing:
        """What a customer may ask today, for beside its form."""
        return standing_of(customer, desk=request.desk, now=request.now)  # type: ignore[attr-defined]

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, (list, tuple)) else [model_or_iterable]
        ours = [model for model in models if model.__module__.startswith("balie.")]
        super().register(ours, admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Somebody who is logged in and may not come here is told so, instead of being asked to log in again."""
        guarded = super().admin_view(view, cacheable)

        def told(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise NotAllowed(gettext_noop("The administration is for administrators of the desk."))
            return guarded(request, *args, **kwargs)

        return told

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One login page for everybody, with its limits."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise NotAllowed(gettext_noop("The administration is for administrators of the desk."))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")
