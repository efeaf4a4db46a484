"""Django's administration, installed as our site. Read before any model is."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "balie.config.administration.Administration"
