"""The texts of our mails: a standard in each language, which an administrator can replace by the desk's own words.

A text is plain: paragraphs with blank lines between them, and places such as `{number}` that are filled in for each
mail. Everything is escaped, so no text can break a mail. A paragraph whose places all stay empty is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from balie.contracts.facts import Revision
from balie.desk.models import Desk
from balie.mail.models import MailText
from balie.rules.reasons import gettext_noop
from balie.rules.refusals import Refusal

PLACE = re.compile(r"\{([^{}\n]*)\}")
BLANK_LINES = re.compile(r"\n\s*\n")
LONGEST_BODY = 10_000


class UnknownPlace(Refusal):
    """A text names a place that this mail has not."""


class PlaceIsMissing(Refusal):
    """A text leaves out what the mail is for."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a place: as text, and as HTML that is safe. `is_block`: it is paragraphs of its own."""

    text: str
    html: SafeString
    is_block: bool = False

    @classmethod
    def of(cls, value: object) -> Filled:
        """Words in a sentence."""
        text = str(value)
        return cls(text, text if isinstance(text, SafeString) else SafeString(escape(text)))

    @classmethod
    def block(cls, text: str, html: SafeString) -> Filled:
        return cls(text.strip("\n"), html, is_block=True)


NOTHING = Filled("", mark_safe(""), is_block=True)
Places = Mapping[str, Filled]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of mail: its standard text, its places with what they hold, and those that must be in the body.

    `subject` and `body` are messages in the catalogue; each language has its own.
    """

    name: Any
    about: Any
    subject: str
    body: str
    places: Mapping[str, Any]
    obligatory: tuple[str, ...]


_OF_A_TICKET = {
    "number": _("the number of the ticket"),
    "subject": _("the subject of the ticket"),
    "name": _("the name of the reader"),
    "desk": _("the name of the desk"),
    "state": _("the state of the ticket"),
    "meaning": _("what that state means, in a sentence"),
    "link": _("the way to the ticket; nothing for who has no login"),
}

_OF_A_NUMBER = {
    "phone": _("the phone number, as people write it"),
    "name": _("the name of the reader"),
    "desk": _("the name of the desk"),
    "link": _("the way to the reader's helpdesk page"),
}

_OF_A_CALL = {
    **_OF_A_TICKET,
    "moment": _("when we call"),
    "where": _("the phone number or the AnyDesk address at which we call"),
}

KINDS: Mapping[str, Kind] = {
    "confirmation": Kind(
        _("Confirmation"),
        _("When a question came in."),
        gettext_noop("[#{number}] {subject}"),
        gettext_noop(
            "We received your question “{subject}”. Its number is {number}.\n\n{promise}\n\n"
            "Do you want to add something? Reply to this mail.\n\n{link}"
        ),
        {**_OF_A_TICKET, "promise": _("when the answer can be expected, or why none is promised")},
        ("promise", "link"),
    ),
    "status": Kind(
        _("Change of state"),
        _("When the state changes without an answer."),
        gettext_noop("[#{number}] {subject}"),
        gettext_noop(
            "Question {number}, “{subject}”, was: {before}. It is now: {state}.\n\n{because}\n\n{meaning}\n\n{link}"
        ),
        {
            **_OF_A_TICKET,
            "before": _("the state of before"),
            "because": _("the reason that was given, if any"),
        },
        ("state", "because", "link"),
    ),
    "reply": Kind(
        _("Answer"),
        _("When one of us answered."),
        gettext_noop("[#{number}] {subject}"),
        gettext_noop("{answer}\n\nQuestion {number} is now: {state}. {meaning}\n\n{link}"),
        {**_OF_A_TICKET, "answer": _("the answer with its files, or where to read it")},
        ("answer", "link"),
    ),
    "closing": Kind(
        _("Warning before closing"),
        _("Some days before a silent ticket closes."),
        gettext_noop("[#{number}] {subject}"),
        gettext_noop(
            "We answered your question {number}, “{subject}”, and have not heard from you since. "
            "It closes by itself on {closes_at}.\n\n"
            "Is it solved? Then you need do nothing. Is it not? Reply to this mail and we go on.\n\n{link}"
        ),
        {**_OF_A_TICKET, "closes_at": _("when it closes")},
        ("closes_at", "link"),
    ),
    "quota": Kind(
        _("Over the quota"),
        _("When a message comes to which no answer is promised."),
        gettext_noop("[#{number}] {subject}"),
        gettext_noop(
            "We received your message on question {number} and keep it, but cannot promise you an answer: "
            "{refusal}\n\n{ways}\n\n{link}"
        ),
        {**_OF_A_TICKET, "refusal": _("why not"), "ways": _("what the reader can do instead")},
        ("refusal", "ways", "link"),
    ),
    "call_planned": Kind(
        _("Planned call"),
        _("When a call to the customer is planned, or moved."),
        gettext_noop("[#{number}] {subject}"),
        gettext_noop(
            "We call you about your question {number}, “{subject}”, on {moment}, at {where}.\n\n"
            "Does that not suit you? Choose another moment with your question, or reply to this mail.\n\n{link}"
        ),
        _OF_A_CALL,
        ("moment", "link"),
    ),
    "call_given_up": Kind(
        _("Customer could not be reached"),
        _("After as many failed attempts to call as the desk makes."),
        gettext_noop("[#{number}] {subject}"),
        gettext_noop(
            "We called you {attempts} times about your question {number}, “{subject}”, at {where}, and could not reach "
            "you.\n\nHow you reach us: reply to this mail, and say at which number and at which times we can call "
            "you. Then we plan a new call.\n\n{link}"
        ),
        {**_OF_A_CALL, "attempts": _("how often we called")},
        ("where", "link"),
    ),
    "urgent": Kind(
        _("Made urgent"),
        _("When one of us made a question urgent."),
        gettext_noop("[#{number}] {subject}"),
        gettext_noop(
            "We made your question {number}, “{subject}”, urgent.\n\n{surcharge}\n\n"
            "Is that not what you want? As long as nobody works on it you take the urgency back with your question; or "
            "reply to this mail.\n\n{link}"
        ),
        {**_OF_A_TICKET, "surcharge": _("what urgent means, and the surcharge to who may see money")},
        ("surcharge", "link"),
    ),
    "not_urgent": Kind(
        _("Urgency taken back"),
        _("When one of us took the urgency of a question back."),
        gettext_noop("[#{number}] {subject}"),
        gettext_noop(
            "We took the urgency of your question {number}, “{subject}”, back. It waits its turn, and costs no "
            "surcharge.\n\n{promise}\n\nIs that not what you want? Reply to this mail.\n\n{link}"
        ),
        {**_OF_A_TICKET, "promise": _("when the answer can be expected, or why none is promised")},
        ("promise", "link"),
    ),
    "call_due": Kind(
        _("Reminder of a call"),
        _("To the agent who makes a call: shortly before it, and when its time has passed."),
        gettext_noop("[#{number}] {when}: {subject}"),
        gettext_noop("{when}: call {customer} at {where} about question {number}, “{subject}”.\n\n{link}"),
        {
            **{
                name: about
                for name, about in _OF_A_CALL.items()
                if name not in ("state", "meaning", "moment")
            },
            "when": _("when the call is, or that it is overdue"),
            "customer": _("whom to call"),
        },
        ("when", "where"),
    ),
    "pointer": Kind(
        _("Way to the portal"),
        _("The answer to a mail when the desk takes questions on the site only."),
        gettext_noop("{re_subject}"),
        gettext_noop(
            "We received {your_mail}, but questions are asked on our site.\n\n"
            "There you log in, ask your question and see when you can expect an answer:\n\n{portal}"
        ),
        {
            "desk": _("the name of the desk"),
            "re_subject": _("“Re:” and the subject of the mail, else the name of the desk"),
            "your_mail": _("“your mail”, with its subject if it has one"),
            "portal": _("the address of the site"),
        },
        ("portal",),
    ),
    "phone_registered": Kind(
        _("Phone number registered"),
        _("When a number that somebody handed in can be used from now on."),
        gettext_noop("Your phone number {phone}"),
        gettext_noop(
            "Your phone number {phone} is registered.\n\nWhen you may phone the helpdesk, a call from this number is "
            "put through. Let the number be shown when you call.\n\n{link}"
        ),
        _OF_A_NUMBER,
        ("phone",),
    ),
    "phone_refused": Kind(
        _("Phone number not registered"),
        _("When a number that somebody handed in cannot be used."),
        gettext_noop("Your phone number {phone}"),
        gettext_noop(
            "You handed in the phone number {phone}. We do not register it, because:\n\n{because}\n\n"
            "Without a registered number your question is welcome as a ticket. On your helpdesk page you can hand in "
            "another number.\n\n{link}"
        ),
        {**_OF_A_NUMBER, "because": _("the reason that was given")},
        ("phone", "because"),
    ),
    "video": Kind(
        _("Back-up video"),
        _("When somebody asked for the instruction video."),
        gettext_noop("The video about back-ups"),
        gettext_noop(
            "You asked for the video that shows how to make an (extra) back-up.\n\n{link}\n\n"
            "The link works until {until}. After that you can ask for a new one on your helpdesk page."
        ),
        {
            "desk": _("the name of the desk"),
            "name": _("the name of the reader"),
            "link": _("the way to the video"),
            "until": _("how long that link works"),
        },
        ("link", "until"),
    ),
    "invitation": Kind(
        _("Invitation"),
        _("When somebody may choose a password."),
        gettext_noop("Your login at {desk}"),
        gettext_noop(
            "You can log in at {desk}.\n\nChoose a password here; the link works once, for a week:\n\n{link}"
        ),
        {
            "desk": _("the name of the desk"),
            "name": _("the name of the reader"),
            "link": _("the address at which the password is chosen"),
        },
        ("link",),
    ),
}
"""Mails whose texts can be changed. Those about passwords and codes keep the words of the login."""


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one kind of mail in one language. `is_standard`: nobody changed them."""

    subject: str
    body: str
    is_standard: bool = True


@dataclass(frozen=True, slots=True)
class Composed:
    """A text with its places filled in; `html` is the inside of a page, without styles of its own."""

    subject: str
    text: str
    html: SafeString


def standard(kind: str) -> Text:
    """The standard text in the language that is spoken now."""
    return Text(gettext(KINDS[kind].subject), gettext(KINDS[kind].body))


def text_of(kind: str, language: str, desk: Desk) -> Text:
    """The desk's own text in this language, else the standard, in the language that is spoken now."""
    return _own_texts(Revision(desk)).get((kind, language)) or standard(kind)


@lru_cache(maxsize=64)
def _own_texts(_revision: Revision) -> dict[tuple[str, str], Text]:
    """All that the desk wrote itself, by kind and language; read once for a revision of the desk."""
    return {
        (row.kind, row.language): Text(row.subject, row.body, is_standard=False)
        for row in MailText.objects.all()
    }


def check(kind: str, *, subject: str, body: str) -> None:
    """Raise `UnknownPlace` or `PlaceIsMissing`, each naming the place."""
    known = KINDS[kind].places
    for name in (*places_in(subject), *places_in(body)):
        if name not in known:
            raise UnknownPlace(
                gettext_noop("“{%(name)s}” is no place of this mail; it has %(known)s."),
                name=name,
                known=", ".join(f"{{{each}}}" for each in known),
            )
    there = set(places_in(body))
    for name in KINDS[kind].obligatory:
        if name not in there:
            raise PlaceIsMissing(
                gettext_noop(
                    "The text must have the place {%(name)s}: without it the mail misses its purpose."
                ),
                name=name,
            )


def places_in(text: str) -> list[str]:
    return PLACE.findall(text)


def compose(text: Text, places: Places) -> Composed:
    """Fill in the places. A subject is one line; an unknown place, of a text that was never checked, stays empty."""
    subject = " ".join("".join(part.text for part in _parts(text.subject, places)).split())
    paragraphs = [
        found for each in BLANK_LINES.split(text.body.strip()) if (found := _paragraph(each, places))
    ]
    plain = "\n\n".join(each.text for each in paragraphs if each.text)
    return Composed(subject, plain + "\n", mark_safe("\n".join(each.html for each in paragraphs)))


def _paragraph(source: str, places: Places) -> Filled | None:
    """One paragraph, or several when blocks stand in it; `None` when all its places stay empty."""
    parts = list(_parts(source, places))
    named = [part for part in parts if part.from_place]
    if named and not any(part.text for part in named):
        return None
    text: list[str] = []
    html: list[str] = []
    sentence: list[_Part] = []
    for part in [*parts, None]:
        if part is not None and not part.is_block:
            sentence.append(part)
            continue
        if any(each.text.strip() for each in sentence):
            text.append("".join(each.text for each in sentence).strip())
            html.append(format_html("<p>{}</p>", mark_safe("".join(each.html for each in sentence).strip())))
        sentence = []
        if part is not None and part.text:
            text.append(part.text)
            html.append(part.html)
    return Filled("\n\n".join(text), mark_safe("\n".join(html)))


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    html: str
    is_block: bool = False
    from_place: bool = False


def _parts(source: str, places: Places) -> Iterator[_Part]:
    for number, piece in enumerate(PLACE.split(source)):
        if number % 2:
            found = places.get(piece, Filled.of(""))
            yield _Part(found.text, found.html, found.is_block, from_place=True)
        elif piece:
            yield _Part(piece, _as_html(piece))


@lru_cache(maxsize=500)
def _as_html(words: str) -> str:
    """Words between places, which are the same in every mail of a kind."""
    return urlize(words, autoescape=True).replace("\n", "<br>\n")
