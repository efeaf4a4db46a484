"""What the tests of the workspace share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.cast import at
from tests.cast import browser_of as plain_browser_of

from balie.accounts.models import User
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.rules.wishes import AnswerMode, Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Upload, Writing
from balie.tickets.models import Message, Ticket

Ask = Callable[..., Ticket]


def browser_of(person: User | Contact | None) -> Client:
    """A client of this person who reads English: the words in these tests."""
    browser = plain_browser_of(person)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def ask(infobits: Desk, carla: Contact) -> Ask:
    """Let a contact ask something: `ask("The printer is silent", by=dario)`."""

    def ask(
        subject: str = "The receipt printer is silent",
        *,
        by: Contact | None = None,
        text: str = "Nothing comes out.",
        now: datetime | None = None,
        urgent: bool = False,
        mode: AnswerMode = AnswerMode.SITE,
        uploads: tuple[Upload, ...] = (),
        html: str = "",
        has_remote_images: bool = False,
    ) -> Ticket:
        writing = Writing(text=text, uploads=uploads, html=html, has_remote_images=has_remote_images)
        wish = Wish(Channel.PORTAL, answer_mode=mode, urgent=urgent)
        situation = at(infobits, now or timezone.now())
        return actions.take_in(by or carla, wish, subject=subject, writing=writing, situation=situation)

    return ask


@pytest.fixture
def write(infobits: Desk, carla: Contact) -> Callable[[Ticket, str], Message]:
    """Let Carla add a message to a ticket."""

    def write(ticket: Ticket, text: str) -> Message:
        situation = at(infobits, timezone.now())
        actions.receive(
            ticket, carla, channel=Channel.PORTAL, writing=Writing(text=text), situation=situation
        )
        return ticket.messages.latest("pk")

    return write


def answer_of(ticket: Ticket, text: str = "Switch it off and on.", **changes: Any) -> dict[str, Any]:
    """The form of an answer, as the page of the ticket would send it now."""
    newest = ticket.messages.filter(is_internal=False).latest("pk").pk
    return {
        "reply-text": text,
        "reply-seen": str(newest),
        "reply-submission": "6f6b8a8e-6b1e-4f2d-9d0e-0c5f4f7f1a11",
        "reply-move": "answer",
        **changes,
    }


def page_of(response: Any) -> str:
    return response.content.decode()


def assigned(ticket: Ticket, to: User, desk: Desk) -> Ticket:
    return actions.assign(ticket, to=to, by=to, situation=at(desk, timezone.now()))
