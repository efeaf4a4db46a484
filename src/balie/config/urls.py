"""The addresses of all screens."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("balie.portal.urls")),
    path("desk/", include("balie.workspace.urls")),
    path("api/", include("balie.api.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
]
