"""Balie's addresses, and one that returns a fixed text through the same middleware: what a page costs at least."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from balie.config.urls import urlpatterns as balies


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("A fixed text.")


urlpatterns = [path("bare/", bare), *balies]
