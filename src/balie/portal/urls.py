"""The addresses of the public page and of the customer's screens."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
