"""Every request belongs to a desk, is answered at one moment, on the desk's clock, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from balie.desk.queries import the_desk


class AtTheDesk:
    """Give the request its `desk` and its `now`, and speak the language that the person chose.

    Chosen by cookie, else by the login's setting, else by the browser (Django's own middleware), else the desk's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        request.desk = desk = the_desk()  # type: ignore[attr-defined]
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            chosen = request.user.language if request.user.is_authenticated else None
            if chosen or "Accept-Language" not in request.headers:
                translation.activate(chosen or desk.language)
                request.LANGUAGE_CODE = chosen or desk.language
        with timezone.override(ZoneInfo(desk.zone)):
            return self.get_response(request)
