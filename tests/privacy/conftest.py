"""Carla with everything that the desk can know of somebody, and Dario who must not be touched."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone
from tests.cast import at
from tests.mail.letters import arrives, letter

from balie.accounts.models import User
from balie.audit.actions import record
from balie.backups.models import VideoRequest
from balie.customers.models import AddressClaim, Contact, Customer, Invitation, PhoneNumber
from balie.desk.models import Desk
from balie.files import actions as files
from balie.knowledge.models import Article, Section, Translation, Vote
from balie.knowledge.voting import digest_of
from balie.mail import bounces
from balie.phone.actions import made
from balie.phone.models import Call, CallEvent, Extension
from balie.rules.delivery import meaning_of
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Upload, Writing
from balie.tickets.models import CallRequest, Copy, Draft, DraftFile, Ticket

NAME, EMAIL, PHONE = "Carla de Wit", "carla@shop.example", "+31205550101"
PICTURE = b"\x89PNG\r\n\x1a\n carla"
SIGNATURE = "Groet, Carla de Wit\n020 - 555 01 01 / carla@shop.example"


def called(carla: Contact, anna: User, *, now: datetime) -> Call:
    """Carla phoned, and Anna took the call."""
    exchange, _token = made("Centrale", by=None, now=now)
    telephone = Extension.objects.create(number="201", user=anna)
    call = Call.objects.create(
        exchange=exchange,
        name="call-1",
        caller=PHONE,
        caller_text=f"{NAME} <{PHONE}>",
        contact=carla,
        state="ended",
        began_at=now,
        answered_at=now,
        ended_at=now,
        extension=telephone,
        handled_by=anna,
    )
    CallEvent.objects.create(
        call=call, exchange=exchange, name="1", kind="ended", at=now, received_at=now, data={"from": PHONE}
    )
    return call


@pytest.fixture
def known(infobits: Desk, sla8: Customer, carla: Contact, dario: Contact, anna: User) -> Ticket:
    """A ticket of Carla's; around it, a row in every table that can hold something of hers."""
    now = timezone.now()
    Contact.objects.filter(pk=carla.pk).update(name=NAME)
    User.objects.filter(pk=carla.user_id).update(name=NAME)
    carla.refresh_from_db()
    assert carla.user is not None
    carla.user.refresh_from_db()
    PhoneNumber.objects.create(customer=sla8, contact=carla, e164=PHONE, label="mobiel van Carla")
    PhoneNumber.objects.create(customer=sla8, requested_by=carla, e164="+31205550199", requested_at=now)
    ticket = actions.open(
        carla,
        Wish(Channel.PORTAL),
        subject="Bon van Carla de Wit",
        writing=Writing(
            f"De bon komt niet.\n\n{SIGNATURE}", uploads=[Upload("bon.png", "image/png", PICTURE)]
        ),
        by=carla.user,
        situation=at(infobits, now),
    )
    seen = ticket.messages.get()
    actions.reply(
        ticket,
        writing=Writing("Dag Carla, zet de printer uit en aan."),
        by=anna,
        seen=seen.pk,
        situation=at(infobits, now),
    )
    actions.note(
        ticket,
        writing=Writing("Mevrouw De Wit belt vanaf +31 20 5550101."),
        by=anna,
        situation=at(infobits, now),
    )
    arrives(letter(sender=f"{NAME} <{EMAIL}>", subject="Nog een vraag van Carla", text=f"Hallo\n{SIGNATURE}"))
    CallRequest.objects.create(ticket=ticket, phone=PHONE)
    called(carla, anna, now=now)
    Copy.objects.create(ticket=ticket, message=seen, email=EMAIL)
    bounces.mark(EMAIL, meaning_of("550 5.1.1 unknown"), "550 5.1.1 unknown", now=now)
    file = files.store(b"draft of carla")
    draft = Draft.objects.create(contact=carla, fields={"text": "Ik, Carla"}, saved_at=now)
    DraftFile.objects.create(draft=draft, file=file, name="carla.txt", content_type="text/plain")
    VideoRequest.objects.create(contact=carla, requested_at=now)
    EmailAddress.objects.create(user=carla.user, email="carla.prive@thuis.example")
    Authenticator.objects.create(user=carla.user, type=Authenticator.Type.TOTP, data={})
    Invitation.objects.create(
        customer=sla8, name="Karin", email="karin@shop.example", invited_by=carla, invited_at=now
    )
    AddressClaim.objects.create(
        name=NAME,
        company="x",
        new_email="carla@nieuw.example",
        phone="020 5550101",
        requested_at=now,
        contact=carla,
    )
    vote_of(carla.user, now)
    record("look_up", sla8, by=anna, now=now, question=f"Is {NAME} here?", sender=EMAIL)
    return ticket


def vote_of(user: User, now: Any) -> Vote:
    section = Section.objects.create(name_nl="x", name_en="x", slug="x")
    article = Article.objects.create(section=section, created_at=now - timedelta(days=1))
    translation = Translation.objects.create(article=article, language="nl")
    return Vote.objects.create(
        translation=translation,
        visitor=digest_of(f"user {user.pk}"),
        is_useful=False,
        why="Carla vindt van niet",
        voted_at=now,
    )
