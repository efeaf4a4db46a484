"""The addresses that programs call."""

from __future__ import annotations

from django.urls import path

from balie.api import views

urlpatterns = [
    path("", views.documentation, name="api"),
    path("openapi.json", views.schema, name="api_schema"),
    path("phone/route", views.route, name="api_phone_route"),
    path("phone/events", views.events, name="api_phone_events"),
    path("phone/prompts", views.prompts, name="api_phone_prompts"),
]
