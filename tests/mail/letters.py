"""Raw messages for the tests, and what the desk does with them."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from tests.cast import FRIDAY_AT_FOUR

from balie.mail import actions, intake
from balie.mail.models import InboundMail, OutboundMail

DESK = "help@softwear.nl"
_counter = iter(range(1, 1_000_000))


def letter(
    sender: str | None,
    text: str = "De lade gaat niet open.",
    *,
    subject: str = "Kassalade",
    to: str = DESK,
    html: str | None = None,
    files: tuple[tuple[str, str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """A message as a mail program writes it; `In_Reply_To="…"` gives the header In-Reply-To."""
    message = EmailMessage()
    if sender is not None:
        message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Fri, 20 Nov 2026 16:00:00 +0100"
    headers.setdefault("Message_ID", f"<letter-{next(_counter)}@mail.example>")
    for name, value in headers.items():
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, content_type, content in files:
        main, _slash, sub = content_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def arrives(raw: bytes, *, now: datetime = FRIDAY_AT_FOUR) -> InboundMail:
    """The message taken in and worked on."""
    stored = intake.store(raw, now=now)
    actions.process(stored.key, now=now)
    return InboundMail.objects.select_related("ticket", "message").get(pk=stored.key)


def replies_to(
    sent: OutboundMail, text: str = "Nog steeds niet.", *, sender: str = "", **headers: str
) -> bytes:
    """A reply to one of our mails, as a mail program makes it."""
    return letter(
        sender or sent.recipient,
        text,
        to=sent.reply_to or DESK,
        subject=f"Re: {sent.subject}",
        In_Reply_To=sent.message_id_header,
        References=sent.message_id_header,
        **headers,
    )
