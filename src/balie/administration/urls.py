"""The addresses of our screens inside the administration; the site guards each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from balie.administration import hours, mail_out, mail_texts, phone_texts, privacy

Guard = Callable[[Callable[..., Any]], Callable[..., Any]]


def screens(guard: Guard) -> list[URLPattern]:
    """Every screen, for administrators only: `guard` is `AdminSite.admin_view`."""
    return [
        path("hours/", guard(hours.hours), name="hours"),
        path("hours/<slug:line>/<str:on>/", guard(hours.day), name="day"),
        path("moment/", guard(hours.test_moment), name="test_moment"),
        path("mail-texts/", guard(mail_texts.texts_of_mails), name="mail_texts"),
        path("mail-texts/<slug:kind>/<slug:language>/", guard(mail_texts.text), name="mail_text"),
        path("phone-texts/", guard(phone_texts.texts_of_calls), name="phone_texts"),
        path("phone-texts/<slug:name>/<slug:language>/", guard(phone_texts.text), name="phone_text"),
        path("phone-texts/<slug:name>/<slug:language>/sound/", guard(phone_texts.heard), name="phone_sound"),
        path("mail-out/", guard(mail_out.mail_out), name="mail_out"),
        path("mail-out/keys/<int:key>/", guard(mail_out.signing_key), name="signing_key"),
        path("privacy/", guard(privacy.privacy), name="privacy"),
        path("privacy/kept/", guard(privacy.keeping), name="retention"),
        path("privacy/exports/<int:key>/", guard(privacy.export), name="privacy_export"),
        path("privacy/exports/<int:key>/file/", guard(privacy.export_file), name="privacy_export_file"),
        path("privacy/erasures/<int:key>/", guard(privacy.erasure), name="privacy_erasure"),
        path("privacy/<slug:kind>/<int:key>/", guard(privacy.person), name="person"),
        path("privacy/<slug:kind>/<int:key>/export/", guard(privacy.export_person), name="export_person"),
        path("privacy/<slug:kind>/<int:key>/erase/", guard(privacy.erase_person), name="erase_person"),
        path("recount/<int:order>/", guard(hours.recount), name="recount"),
    ]
