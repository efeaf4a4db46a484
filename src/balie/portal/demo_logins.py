"""The logins that a demo desk offers to try. The demo writes them into the desk's row; a real desk has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from balie.desk.models import Desk

Wording = str | Mapping[str, str]
"""A text, or the same text by language: `{"nl": "medewerker", "en": "agent"}`."""


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login to try, in the reader's language. The password is public: it opens invented data only."""

    role: str
    name: str
    email: str
    password: str
    what_to_try: str


def demo_logins(desk: Desk) -> list[DemoLogin]:
    """The logins to try, from `desk.demo_logins`: objects with the fields of `DemoLogin`.

    `role` and `what_to_try` may be a text or a text by language. Nothing when the desk is no demo.
    """
    if not desk.is_demo:
        return []
    return [
        DemoLogin(
            role=_in_words(each["role"]),
            name=each["name"],
            email=each["email"],
            password=each["password"],
            what_to_try=_in_words(each["what_to_try"]),
        )
        for each in desk.demo_logins
    ]


def _in_words(wording: Wording) -> str:
    if isinstance(wording, str):
        return wording
    language = (get_language() or "nl")[:2]
    return wording.get(language) or next(iter(wording.values()), "")
