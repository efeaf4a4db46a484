"""Click to dial: the exchange rings the agent's telephone first, and says in plain words what went wrong."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from tests.phone.dialled_exchange import SECRET, USER, Rung, exchange
from tests.workspace.conftest import browser_of

from balie.desk import sealing
from balie.live.models import LiveEvent
from balie.phone import dialling
from balie.phone.actions import made
from balie.phone.dial_models import DialOrder
from balie.phone.models import Exchange, Extension

NUMBER = "020 229 29 29"


@pytest.fixture
def rung() -> Iterator[Rung]:
    with exchange() as rung:
        yield rung


@pytest.fixture
def telephone(anna) -> Extension:
    return Extension.objects.create(number="201", user=anna)


def dials_by(kind: str, url: str, *, secret: str = SECRET, context: str = "") -> Exchange:
    found, _token = made("Centrale", by=None, now=timezone.now())
    found.dial_kind, found.dial_url, found.dial_user, found.dial_context = kind, url, USER, context
    found.sealed_dial_secret = sealing.seal(secret)
    found.save()
    return found


def dialled(anna, number: str = NUMBER) -> DialOrder:
    order = dialling.order(number, by=anna, country="NL", now=timezone.now())
    dialling.carry_out(order.pk)
    order.refresh_from_db()
    return order


def test_kamailio_rings_the_agent_first_and_then_the_number(infobits, anna, telephone, rung):
    dials_by("jsonrpc", f"{rung.url}/RPC", context="pbx.example")
    assert dialled(anna).state == "ringing"
    assert rung.calls == [("sip:201@pbx.example", "sip:+31202292929@pbx.example")]


def test_asterisk_rings_the_agent_first_and_goes_on_in_the_dialplan(infobits, anna, telephone, rung):
    dials_by("ari", f"{rung.url}/ari/", context="from-internal")
    assert dialled(anna).state == "ringing"
    assert rung.calls == [("PJSIP/201", "+31202292929@from-internal")]


def test_the_agents_screens_hear_what_became_of_it(infobits, anna, telephone, rung):
    dials_by("ari", f"{rung.url}/ari")
    dialled(anna)
    told = LiveEvent.objects.filter(topic=f"phone-{anna.pk}").order_by("seq")
    assert [event.data["state"] for event in told] == ["asked", "ringing"]


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


TROUBLES = [
    ("jsonrpc", "/RPC", "wrong", "201", "does not accept the user or the secret"),
    ("ari", "/ari", "wrong", "201", "does not accept the user or the secret"),
    ("jsonrpc", "/elsewhere", SECRET, "201", "knows no such address"),
    ("ari", "/ari", SECRET, "SIP/201", "The exchange says: Invalid endpoint specified"),
    ("ari", "/ari", SECRET, "999", "The exchange says: Allocation failed"),
    ("jsonrpc", "/RPC", SECRET, "sip:nobody", "The exchange says: Invalid address"),
]


@pytest.mark.parametrize(("kind", "path", "secret", "extension", "said"), TROUBLES)
def test_what_went_wrong_is_said_in_plain_words(
    infobits, anna, telephone, rung, kind, path, secret, extension, said
):
    Extension.objects.filter(pk=telephone.pk).update(number=extension)
    dials_by(kind, rung.url + path, secret=secret)
    order = dialled(anna)
    assert order.state == "failed" and not rung.calls
    page = browser_of(anna).get(reverse("telephone")).content.decode()
    assert said in page and "020 229 29 29 was not phoned." in page


@pytest.mark.parametrize("kind", ["jsonrpc", "ari"])
def test_an_exchange_that_is_away_or_is_none_is_said_to_be_so(infobits, anna, telephone, rung, kind):
    away = dials_by(kind, f"http://127.0.0.1:{closed_port()}/")
    assert "does not answer at" in dialled(anna).trouble["message"]
    rung.garbles = True
    Exchange.objects.filter(pk=away.pk).update(dial_url=rung.url)
    assert "is no telephone exchange" in dialled(anna).trouble["message"]


def test_the_job_that_runs_twice_rings_once(infobits, anna, telephone, rung):
    dials_by("ari", f"{rung.url}/ari")
    order = dialled(anna)
    dialling.carry_out(order.pk)
    assert len(rung.calls) == 1


def test_one_click_defers_one_job_and_keeps_the_order_on_the_record(infobits, anna, telephone, rung):
    dials_by("ari", f"{rung.url}/ari")
    answer = browser_of(anna).post(reverse("dial"), {"number": NUMBER, "next": "/desk/calls/"})
    assert answer.url == "/desk/calls/"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args ->> 'order')::bigint FROM procrastinate_jobs WHERE task_name = 'phone.dial'"
        )
        assert cursor.fetchall() == [(DialOrder.objects.get().pk,)]
    elsewhere = browser_of(anna).post(reverse("dial"), {"number": NUMBER, "next": "https://evil.example/"})
    assert elsewhere.url == reverse("queue")


def test_a_double_click_is_one_order(infobits, anna, telephone, rung):
    dials_by("ari", f"{rung.url}/ari")
    for _click in range(2):
        browser_of(anna).post(reverse("dial"), {"number": NUMBER})
    assert DialOrder.objects.count() == 1
    later = timezone.now() + timedelta(seconds=4)
    dialling.order(NUMBER, by=anna, country="NL", now=later)
    assert DialOrder.objects.count() == 2


REFUSED = [
    ("", "020 229 29 29", dialling.NoTelephone),
    ("201", "112'; drop", dialling.NoNumber),
    ("201", "1" * 40, dialling.NoNumber),
]


@pytest.mark.parametrize(("extension", "number", "refusal"), REFUSED)
def test_what_cannot_be_dialled_is_refused(infobits, anna, rung, extension, number, refusal):
    if extension:
        Extension.objects.create(number=extension, user=anna)
    dials_by("ari", f"{rung.url}/ari")
    with pytest.raises(refusal):
        dialling.order(number, by=anna, country="NL", now=timezone.now())
    assert not DialOrder.objects.exists()


def test_without_an_exchange_that_dials_numbers_stay_plain_links(infobits, anna, telephone, carla):
    made("Centrale", by=None, now=timezone.now())
    with pytest.raises(dialling.NothingDials):
        dialling.order(NUMBER, by=anna, country="NL", now=timezone.now())
    assert "data-dial" not in browser_of(anna).get(reverse("queue")).content.decode()


def test_pages_let_the_exchange_dial_where_it_can(infobits, anna, telephone, rung):
    dials_by("ari", f"{rung.url}/ari")
    assert f'data-dial="{reverse("dial")}"' in browser_of(anna).get(reverse("queue")).content.decode()


def test_the_secret_is_sealed_and_an_exchange_that_dials_has_an_address(infobits):
    found = dials_by("ari", "https://pbx.example/ari")
    assert SECRET not in found.sealed_dial_secret
    assert dialling.way_of(found).secret == SECRET
    found.dial_url = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        found.save()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://pbx.example/", "pbx.example"])
def test_nothing_but_http_is_asked(infobits, anna, telephone, url):
    dials_by("ari", url)
    assert "begins with http://" in dialled(anna).trouble["message"]
