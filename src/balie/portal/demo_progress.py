"""How far a demo desk has come with its tickets, for the banner that asks again until all are there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def demo_progress(request: HttpRequest) -> HttpResponse:
    """The banner as it is now; the last one says that everything is there, and asks no more."""
    return render(request, "demo_progress.html")
