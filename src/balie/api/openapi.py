"""The API as an OpenAPI document: what `reading` reads and `views` answers (tests compare them)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import balie
from balie.phone.actions import MOST_EVENTS
from balie.phone.models import LONGEST_NAME, Direction
from balie.rules.call_progress import Kind
from balie.rules.routing import SOMETHING_ELSE, Action, Announcement

Schema = dict[str, Any]

NAME = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
TEXT = {"type": ["string", "null"]}
MOMENT = {"type": ["string", "null"], "format": "date-time"}
BY_LANGUAGE = {"type": "object", "additionalProperties": {"type": "string"}}


def _object(properties: Mapping[str, Schema], *, required: tuple[str, ...] | None = None) -> Schema:
    needed = list(properties) if required is None else list(required)
    return {"type": "object", "properties": dict(properties), "required": needed}


def _or_null(values: Any) -> Schema:
    return {"enum": [*(each.value for each in values), None]}


def _about(schema: Schema, text: str) -> Schema:
    return {**schema, "description": text}


ASKED = _object(
    {
        "call": _about(NAME, "The exchange's own identity of the call: the same each time it asks about it."),
        "from": _about(
            TEXT, "The caller as the network gives it: a number, a SIP or tel address, “anonymous”."
        ),
        "asserted": _about(
            TEXT, "P-Asserted-Identity, when a trusted network gave it. Counts before `from`."
        ),
        "privacy": _about(TEXT, "The Privacy header. `id`, `user` or `header`: the caller hides its number."),
        "name": _about(TEXT, "The display name."),
        "to": _about(TEXT, "The number that was called."),
        "line": _about(TEXT, "The key of the line that was called, when the exchange knows it."),
        "topic": _about(TEXT, f"The key of a topic that was chosen, or `{SOMETHING_ELSE}`."),
        "digit": _about({"enum": [*"0123456789#*", None]}, "The key that was pressed in the menu."),
        "at": _about(MOMENT, "When it called, with an offset. Without it: now."),
    },
    required=("call",),
)
ROUTED = _object(
    {
        "action": _about({"enum": [each.value for each in Action]}, "What to do with the call."),
        "target": _about(TEXT, "forward: the key of the line that it goes to."),
        "extensions": _about(
            {"type": "array", "items": {"type": "string"}},
            "forward: the telephones that take calls now, in the order in which to ring. May be empty.",
        ),
        "groups": _about(
            {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
            "The same in groups: those of a group ring together.",
        ),
        "announcement": _about(_or_null(Announcement), "What the caller hears."),
        "text": _about({"anyOf": [BY_LANGUAGE, {"type": "null"}]}, "The same as text, by language."),
        "language": _about({"type": "string"}, "The language of the desk."),
        "prompts": _about(
            {"type": "array", "items": {"type": "string"}},
            "The same as names of sound files, to be played in this order.",
        ),
        "choices": _about(
            {
                "type": "array",
                "items": _object(
                    {"digit": {"type": "string"}, "topic": {"type": "string"}, "name": BY_LANGUAGE}
                ),
            },
            "menu: the keys that a caller may press. Ask again with `digit` or `topic`.",
        ),
        "next_opening": _about(
            MOMENT, "When this caller can be put through, when the hour is what is against it."
        ),
        "reasons": _about(
            {"type": "array", "items": _object({"rule": TEXT, "text": {"type": "string"}})},
            "Why, for agents. Names no customer. Never to be said to a caller.",
        ),
    }
)
EVENT = _object(
    {
        "id": _about(NAME, "The exchange's own identity of the event. The same one is kept once."),
        "call": _about(NAME, "The identity of the call. A call that was never asked about is made."),
        "kind": _about({"enum": [each.value for each in Kind]}, "What happened."),
        "at": _about(
            {"type": "string", "format": "date-time"},
            "When it happened, with an offset: at most 30 days ago, and at most five minutes ahead of our clock.",
        ),
        "extension": _about(TEXT, "The telephone that took part."),
        "direction": _about(
            {"enum": [*Direction.values, None]}, "Who phones whom; `in` when it is not told."
        ),
        "from": TEXT,
        "to": TEXT,
        "data": _about(
            {"type": ["object", "null"]}, "Whatever the exchange likes to tell: 4,000 characters are kept."
        ),
    },
    required=("id", "call", "kind", "at"),
)
EVENTS = _object({"events": {"type": "array", "maxItems": MOST_EVENTS, "items": EVENT}})
TAKEN = _object(
    {
        "taken": _about({"type": "integer"}, "New events that were kept."),
        "known": _about({"type": "integer"}, "Events that were kept before."),
        "refused": _about(
            {"type": "array", "items": _object({"id": {"type": "string"}, "why": {"type": "string"}})},
            "Events that were not kept, and why. They do not keep the others out.",
        ),
    }
)
NOTHING: Schema = {}
PROMPTS = {
    "type": "object",
    "description": "Name of a sound file to what it says, by language.",
    "additionalProperties": BY_LANGUAGE,
}
WRONG = _object({"message": {"type": "string"}, "errors": BY_LANGUAGE})
NOS = {
    "401": "No exchange has this token.",
    "403": "The exchange is switched off.",
    "422": "What was sent cannot be read; `errors` says for each field what to send.",
    "429": "Too many new numbers, or too many calls of one. Refuse the call; ask again after `Retry-After` seconds.",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One address of the API."""

    path: str
    name: str
    summary: str
    about: str
    sent: Schema
    answered: Schema
    method: str = "post"


def calls() -> tuple[Call, ...]:
    return (
        Call(
            "/api/phone/route",
            "route",
            "Where does this call go?",
            "Ask for each call, and again with what the caller chose from the menu. The same call is kept once.",
            ASKED,
            ROUTED,
        ),
        Call(
            "/api/phone/events",
            "events",
            "What became of calls",
            "Tell what happened, when it suits: late, twice and in any order give the same.",
            EVENTS,
            TAKEN,
        ),
        Call(
            "/api/phone/prompts",
            "prompts",
            "What every sound file says",
            "For an exchange that speaks the files itself. Changes with the hours, topics and texts of the desk.",
            NOTHING,
            PROMPTS,
            method="get",
        ),
    )


def type_of(schema: Schema) -> str:
    """What may be sent, in a few words: `string, null`, `forward, menu, announce, refuse`."""
    if "anyOf" in schema:
        return ", ".join(type_of(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join("null" if each is None else str(each) for each in schema["enum"])
    found = schema["type"]
    return found if isinstance(found, str) else ", ".join(found)


@lru_cache(maxsize=1)
def document() -> Schema:
    """The whole API."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Balie",
            "version": balie.__version__,
            "description": "What a telephone exchange asks and tells. Each exchange has a token of its own.",
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Wrong": WRONG},
        },
        "security": [{"token": []}],
        "paths": {each.path: {each.method: _operation(each)} for each in calls()},
    }


def _operation(call: Call) -> Schema:
    wrong = {"application/json": {"schema": {"$ref": "#/components/schemas/Wrong"}}}
    body = {"requestBody": {"required": True, "content": {"application/json": {"schema": call.sent}}}}
    return {
        "operationId": call.name,
        "summary": call.summary,
        "description": call.about,
        **(body if call.sent else {}),
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": call.answered}}},
            **{status: {"description": text, "content": wrong} for status, text in NOS.items()},
        },
    }
