"""What the API publishes about itself: a page, and an OpenAPI document that is what it does."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from balie.api import openapi
from balie.desk.models import Desk


def test_everybody_may_read_what_the_api_is(infobits: Desk) -> None:
    page = Client(headers={"Accept-Language": "en"}).get("/api/")
    assert page.status_code == 200
    for call in openapi.calls():
        assert call.path in page.content.decode()


def test_the_document_names_every_address_and_every_answer(infobits: Desk) -> None:
    document = json.loads(Client().get("/api/openapi.json").content)
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {call.path for call in openapi.calls()}
    for path in ("/api/phone/route", "/api/phone/events"):
        answers = document["paths"][path]["post"]["responses"]
        assert {"200", "401", "403", "422", "429"} <= set(answers)


@pytest.mark.parametrize("path", ["/api/phone/route", "/api/phone/events"])
def test_only_post_is_answered(infobits: Desk, path: str) -> None:
    assert Client().get(path).status_code == 405
