"""What every page knows: the desk, the moment, who looks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "request": request,
        "user": request.user,
        "desk": request.desk,  # type: ignore[attr-defined]
        "now": request.now,  # type: ignore[attr-defined]
        "languages": settings.LANGUAGES,
    }
