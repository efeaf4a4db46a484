"""The door of the API: who comes in, and what is said to whom sends something that cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.cast import browser_of
from tests.phone.exchange import Pbx, pbx

from balie.accounts.models import User
from balie.api import openapi, reading
from balie.desk.models import Desk
from balie.phone import actions
from balie.phone.models import Call, Exchange


@pytest.fixture
def exchange(infobits: Desk) -> Pbx:
    return pbx(timezone.now())


@pytest.mark.parametrize("path", ["route", "events"])
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer \u00e9", "x" * 9000])
def test_without_a_token_nobody_comes_in(exchange: Pbx, path: str, header: str) -> None:
    answer = Client().post(
        f"/api/phone/{path}", "{}", content_type="application/json", headers={"Authorization": header}
    )
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "administrator" in answer.json()["message"]


def test_the_login_of_an_administrator_is_no_token(exchange: Pbx, willem: User) -> None:
    answer = browser_of(willem).post("/api/phone/route", "{}", content_type="application/json")
    assert answer.status_code == 401


def test_an_exchange_that_is_switched_off_is_told_so(exchange: Pbx) -> None:
    Exchange.objects.update(is_active=False)
    assert exchange.post("route", {"call": "x"}).status_code == 403
    assert not Call.objects.exists()


def test_after_a_new_token_the_old_one_is_worth_nothing(exchange: Pbx, willem: User) -> None:
    token = actions.renew_token(Exchange.objects.get(), by=willem, now=timezone.now())
    assert exchange.post("route", {"call": "x"}).status_code == 401
    assert exchange.post("route", {"call": "x"}, token=token).status_code == 200


def test_of_a_token_only_its_digest_is_kept(exchange: Pbx) -> None:
    stored = json.dumps(list(Exchange.objects.values("name", "token_digest")))
    assert exchange.token not in stored
    assert len(exchange.token) >= 43


def test_an_exchange_that_asks_was_heard(exchange: Pbx) -> None:
    exchange.asks("x")
    assert Exchange.objects.get().last_heard_at is not None


BAD: list[tuple[Any, str, str]] = [
    ("{", "", "JSON"),
    (b"\xff\xfe", "", "JSON"),
    ("[]", "", "object"),
    ("[" * 100_000, "", "JSON"),
    ('{"call": NaN}', "", "JSON"),
    ({}, "call", "needed"),
    ({"call": ""}, "call", "needed"),
    ({"call": 7}, "call", "needed"),
    ({"call": "x" * 201}, "call", "200"),
    ({"call": "x\x00y"}, "call", "control"),
    ({"call": "x", "from": 31205550101}, "from", "text"),
    ({"call": "x", "digit": "11"}, "digit", "one of"),
    ({"call": "x", "digit": ["1"]}, "digit", "one of"),
    ({"call": "x", "at": "2026-11-20T16:00:00"}, "at", "offset"),
    ({"call": "x", "at": "tomorrow"}, "at", "offset"),
    ({"call": "x", "at": 12}, "at", "offset"),
    ({"call": "x", "at": "0001-01-01T00:00:00+23:59"}, "at", "offset"),
    ({"call": "x", "at": "2001-01-01T00:00:00+01:00"}, "at", "30 days"),
    ({"call": "x", "line": "nowhere"}, "line", "helpdesk"),
]


@pytest.mark.parametrize(("sent", "field", "words"), BAD)
def test_what_cannot_be_read_is_refused_with_what_to_send(
    exchange: Pbx, sent: Any, field: str, words: str
) -> None:
    answer = exchange.post("route", sent)
    assert answer.status_code == 422, answer.content
    assert words in answer.json()["message"]
    assert not field or field in answer.json()["errors"]
    assert not Call.objects.exists()


def test_everything_that_is_wrong_is_said_at_once(exchange: Pbx) -> None:
    answer = exchange.post("route", {"from": 1, "at": "x"})
    assert set(answer.json()["errors"]) == {"call", "from", "at"}


@pytest.mark.parametrize("sent", [{}, {"events": 1}, {"events": [{}] * 501}, []])
def test_a_telling_without_events_is_refused_as_a_whole(exchange: Pbx, sent: Any) -> None:
    assert exchange.post("events", sent).status_code == 422


def test_no_events_are_no_trouble(exchange: Pbx) -> None:
    assert exchange.tells() == {"taken": 0, "known": 0, "refused": []}


def test_the_answer_is_as_published(exchange: Pbx) -> None:
    assert set(exchange.asks("x")) == set(openapi.ROUTED["properties"])
    assert set(exchange.tells()) == set(openapi.TAKEN["properties"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
fields = [*openapi.ASKED["properties"], *openapi.EVENT["properties"]]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(fields), json_values))
def test_whatever_is_sent_is_read_or_refused_by_name(sent: dict[str, Any]) -> None:
    try:
        reading.asked_in(sent)
    except reading.Unreadable as wrong:
        assert wrong.errors
    told, bad = reading.events_in({"events": [sent]})
    assert len(told) + len(bad) == 1


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.text(max_size=60), name=st.text(max_size=60), called=st.text(max_size=60))
@example(number="}t\x00", name="\x00", called="\x00")
@example(number="\ud800", name="\ud800", called="\ud800")
def test_every_text_of_a_network_gets_an_answer_and_is_kept(
    exchange: Pbx, number: str, name: str, called: str
) -> None:
    answer = exchange.post(
        "route", {"call": f"x{Call.objects.count()}", "from": number, "name": name, "to": called}
    )
    assert answer.status_code == 200, answer.content
