"""The two addresses that a telephone exchange calls, and what they answer (decision 0029)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from balie.api import openapi, reading
from balie.desk.models import Desk
from balie.phone.access import SwitchedOff, UnknownToken, exchange_with
from balie.phone.actions import route_call, take_events
from balie.phone.asking import NotNow, Routed
from balie.phone.limits import TooMany
from balie.phone.models import Exchange
from balie.phone.prompts import every_prompt
from balie.phone.wording import sentences
from balie.rules.refusals import Refusal
from balie.rules.routing import UnknownLine

View = Callable[[Any, Exchange, Desk], JsonResponse]


def _for_an_exchange(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Let in who shows the token of an exchange, and answer everything that goes wrong in JSON and in English."""

    @csrf_exempt  # nobody's browser sends this: the token is in a header that only a program sets
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        with translation.override("en"):
            try:
                exchange, desk = exchange_with(_token(request))
                with timezone.override(ZoneInfo(desk.zone)):
                    return view(request, exchange, desk)
            except UnknownToken as refusal:
                return _no(401, refusal, headers={"WWW-Authenticate": 'Bearer realm="balie"'})
            except SwitchedOff as refusal:
                return _no(403, refusal)
            except TooMany as refusal:
                return _no(429, refusal, headers={"Retry-After": str(refusal.retry_after)})
            except reading.Unreadable as wrong:
                return JsonResponse({"message": str(wrong), "errors": wrong.errors}, status=422)
            except Refusal as refusal:
                return _no(422, refusal, field=_FIELDS.get(type(refusal), ""))

    return answered


_FIELDS: dict[type[Refusal], str] = {UnknownLine: "line", NotNow: "at"}


def _token(request: HttpRequest) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _no(status: int, refusal: Refusal, *, field: str = "", **more: Any) -> JsonResponse:
    told = (refusal.reason, *refusal.ways_forward)
    message = " ".join(each.render(gettext, language="en") for each in told)
    return JsonResponse(
        {"message": message, "errors": {field: message} if field else {}}, status=status, **more
    )


@require_POST
@_for_an_exchange
def route(request: Any, exchange: Exchange, desk: Desk) -> JsonResponse:
    """Where does this call go?"""
    asked = reading.asked_in(reading.json_object(request.body))
    return JsonResponse(_as_json(route_call(exchange, asked, now=request.now, desk=desk)))


@require_POST
@_for_an_exchange
def events(request: Any, exchange: Exchange, _desk: Desk) -> JsonResponse:
    """What became of calls."""
    told, bad = reading.events_in(reading.json_object(request.body))
    taken = take_events(exchange, told, now=request.now)
    late = [{"id": each.name, "why": each.why.render(gettext, language="en")} for each in taken.refused]
    unread = [{"id": each.name, "why": each.why} for each in bad]
    return JsonResponse({"taken": taken.taken, "known": taken.known, "refused": [*unread, *late]})


@require_GET
@_for_an_exchange
def prompts(_request: Any, _exchange: Exchange, desk: Desk) -> JsonResponse:
    """What every sound file says."""
    return JsonResponse(every_prompt(desk))


def _as_json(routed: Routed) -> dict[str, Any]:
    return {
        "action": routed.action.value,
        "target": routed.target,
        "extensions": list(routed.extensions),
        "groups": [list(group) for group in routed.groups],
        "announcement": routed.announcement.value if routed.announcement else None,
        "text": routed.text,
        "language": routed.language,
        "prompts": list(routed.prompts),
        "choices": [{"digit": each.digit, "topic": each.topic, "name": each.name} for each in routed.choices],
        "next_opening": routed.next_opening.isoformat() if routed.next_opening else None,
        "reasons": sentences(routed.reasons, language=routed.language),
    }


@require_GET
def schema(request: HttpRequest) -> JsonResponse:
    """The whole API as OpenAPI 3.1."""
    return JsonResponse(openapi.document(), json_dumps_params={"ensure_ascii": False, "indent": 2})


@require_GET
def documentation(request: HttpRequest) -> HttpResponse:
    """The same for people to read."""
    return render(request, "api/documentation.html", {"calls": openapi.calls(), "type_of": openapi.type_of})
