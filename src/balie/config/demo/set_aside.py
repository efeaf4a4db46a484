"""Mail of the demo about which an agent decides: a stranger, a forged customer, and spam."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from django.db import transaction

from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail import actions, intake
from balie.mail.facts import address_of, domain_of
from balie.mail.models import InboundMail, MailSettings

STRANGER = """\
Goedemiddag,

Wij openen volgende maand een tweede winkel en zoeken een kassa die met onze webwinkel samenwerkt.
Kunnen jullie ons bellen?

Groet,
Marit de Wit, Bloembinderij Wit
"""
FORGED = """\
Hallo,

Ons rekeningnummer is veranderd. Graag vandaag nog aanpassen en mij een overzicht sturen van wat er openstaat.

Groet
"""
SPAM = "Bestel nu honderd bonrollen voor de prijs van tien! Alleen vandaag.\n"


@transaction.atomic
def arrive(desk: Desk, *, now: datetime) -> int:
    """Let the three mails come in, some hours ago; answers how many came. Safe to run twice."""
    if MailSettings.objects.exists():
        return 0
    server = f"mx.{domain_of(desk)}"
    MailSettings.objects.create(pk=1, strangers="list", trusted_checkers=server)
    customer = Contact.objects.filter(customer__isnull=False, user__isnull=False).order_by("pk").first()
    sender = customer.email if customer else "info@winkel.example"
    failed = f"{server}; dmarc=fail (p=reject) header.from={sender.rpartition('@')[2]}"
    letters = [
        _letter(
            "Marit de Wit <marit@bloembinderij-wit.example>", "Kassa voor twee winkels", STRANGER, desk, now
        ),
        _letter(sender, "Nieuw rekeningnummer", FORGED, desk, now, **{"Authentication-Results": failed}),
        _letter("aanbieding@bonrollen.example", "100 bonrollen", SPAM, desk, now, **{"X-Spam-Flag": "YES"}),
    ]
    for hours, raw in enumerate(letters, start=1):
        at = now - timedelta(hours=hours)
        actions.process(intake.store(raw, now=at).key, now=at)
    return InboundMail.objects.filter(digest__in=[intake.digest_of(raw) for raw in letters]).count()


def _letter(sender: str, subject: str, text: str, desk: Desk, now: datetime, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, address_of(desk), subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{subject.lower().replace(' ', '-')}@demo.example>"
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()
