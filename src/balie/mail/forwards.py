"""A mail that somebody passed on: who wrote it at first, when, and what.

Mail programs write the headers of what is forwarded as lines of text, each in its own order and language: Dutch,
English, German and French are read here. A message that is attached as a whole (message/rfc822) is read as such.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from balie.mail.reading.headers import Address, addresses, moment
from balie.mail.reading.parsing import ReadMail, read_message

_SUBJECT = re.compile(
    r"^\s*(?:\[?(?:fwd?|fw|doorst|doorgestuurd|wg|weitergeleitet|tr|i|rv)\s*:\s*)+", re.IGNORECASE
)
_LABELS = {
    "from": ("from", "van", "von", "de"),
    "date": (
        "date", "sent", "datum", "verzonden", "verstuurd", "gesendet", "envoyé", "envoye", "date d'envoi",
    ),
    "to": ("to", "aan", "an", "à", "a", "pour"),
    "cc": ("cc", "kopie", "copie à", "copie"),
    "subject": ("subject", "onderwerp", "betreff", "objet", "sujet"),
    "reply": ("reply-to", "antwoord aan", "antwort an", "répondre à"),
    "other": ("importance", "belang", "urgentie", "wichtigkeit", "attachments", "bijlagen", "anlagen"),
}  # fmt: skip
_LABEL_OF = {name: key for key, names in _LABELS.items() for name in names}
_LINE = re.compile(r"^[\s>*]*([^\W\d_][^:\n]{0,20}?)\s?\**\s?:\s*\**\s*(.*?)\s*\**$")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\]]+")
_MAILTO = re.compile(r"\[mailto:([^\]]+)\]|<mailto:([^>]+)>", re.IGNORECASE)
_MARKER = re.compile(
    r"^[\s>]*(?:-{2,}|_{5,}|begin|start|anfang|début|debut)?[\s-]*"
    r"(?:forwarded message|original message|doorgestuurd bericht|oorspronkelijk bericht|weitergeleitete nachricht|"
    r"der weitergeleiteten nachricht|ursprüngliche nachricht|original-?nachricht|message transf[ée]r[ée]|"
    r"(?:du )?message r[ée]exp[ée]di[ée]|message d'origine|doorgestuurd door .*|forwarded by .*)\s*:?\s*-*\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[\s_-]*$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan januari january januar janvier janv",
            "feb februari february februar février fevrier févr fév",
            "mrt maart mar march märz maerz mär mars",
            "apr april avril avr",
            "mei may mai",
            "jun juni june juin",
            "jul juli july juillet juil",
            "aug augustus august août aout",
            "sep sept september septembre",
            "okt oct oktober october octobre",
            "nov november novembre",
            "dec dez december dezember décembre decembre déc",
        ],
        start=1,
    )
    for name in names.split()
}
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:er|st|nd|rd|th)?\.?\s+(?:de\s+)?([^\W\d_]{3,9})\.?,?\s+(\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,\s+(\d{4})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[-./](\d{1,2})[-./](\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_TIME = re.compile(r"\b(\d{1,2})[:.h](\d{2})(?::\d{2})?(?:\s*([ap])\.?m\b)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What was passed on. `note`: what the one who forwarded wrote above it. `whole`: it came as a whole message."""

    sender: Address
    written_at: datetime | None
    subject: str
    text: str
    note: str
    whole: ReadMail | None = None


def find(read: ReadMail, *, zone: str) -> Forwarded | None:
    """The message that `read` passes on, or `None` when it does not.

    A mail that answers also quotes headers: only what calls itself forwarded, in its subject or above the headers,
    counts. A time without a zone is read on the clocks of `zone`.
    """
    return _attached(read) or _in_text(read, zone)


def _attached(read: ReadMail) -> Forwarded | None:
    wholes = [each for each in read.attachments if each.content_type == "message/rfc822"]
    if len(wholes) != 1:
        return None
    whole = read_message(wholes[0].content)
    if whole.from_ is None:
        return None
    return Forwarded(whole.from_, whole.date, whole.subject, whole.text, read.text.strip(), whole)


def _in_text(read: ReadMail, zone: str) -> Forwarded | None:
    lines = read.text.split("\n")
    calls_itself_so = bool(_SUBJECT.match(read.subject))
    for start, line in enumerate(lines):
        is_marked = bool(_MARKER.match(line))
        if not (is_marked or (calls_itself_so and _label(line))):
            continue
        block = _block(lines, start + is_marked)
        if block is None:
            continue
        told, end = block
        sender = _sender(told["from"])
        if sender is None:
            continue
        return Forwarded(
            sender,
            read_moment(told.get("date", ""), zone=zone),
            told.get("subject", "") or bare_subject(read.subject),
            "\n".join(lines[end:]).strip(),
            _without_rules(lines[:start]),
        )
    return None


def _label(line: str) -> str | None:
    found = _LINE.match(line)
    return _LABEL_OF.get(found[1].strip().lower()) if found else None


def _block(lines: Sequence[str], start: int) -> tuple[dict[str, str], int] | None:
    """The headers that begin at a line or just below it, and the line after them; at least From and two others."""
    told: dict[str, str] = {}
    last = ""
    position = start
    while position < len(lines):
        line = lines[position]
        key = _label(line)
        found = _LINE.match(line)
        if key and found and key not in told:
            told[key], last = found[2], key
        elif not line.strip(" \t>*") and not told and position < start + 3:
            pass
        elif last and line.strip() and line[:1] in " \t" and key is None:
            told[last] = f"{told[last]} {line.strip()}"
        else:
            break
        position += 1
    if "from" not in told or len(told) < 3:
        return None
    return told, position


def _sender(value: str) -> Address | None:
    """The mailbox of a From line as mail programs show it: also `Carla [mailto:carla@shop.example]`."""
    shown = _MAILTO.sub(lambda match: f" <{match[1] or match[2]}>", value)
    found = addresses(shown)
    if found:
        return found[0]
    bare = _ADDRESS.search(shown)
    return Address("", bare[0]) if bare else None


def _without_rules(lines: Sequence[str]) -> str:
    kept = list(lines)
    while kept and _RULE.match(kept[-1]):
        kept.pop()
    return "\n".join(kept).strip()


def bare_subject(subject: str) -> str:
    """A subject without the Fwd:, FW:, Doorst:, WG: or TR: in front of it."""
    return _SUBJECT.sub("", subject).strip(" ]") or subject


def read_moment(text: str, *, zone: str) -> datetime | None:
    """A moment as a mail program shows it in one of four languages; `None` when it cannot be read."""
    if exact := _exact(text):
        return exact
    day = _day(text)
    if day is None:
        return None
    hour, minute = _clock(text)
    try:
        return datetime(*day, hour, minute, tzinfo=ZoneInfo(zone))
    except ValueError:
        return None


def _exact(text: str) -> datetime | None:
    """As in a Date header, with its own zone."""
    return moment(text) if re.search(r"[+-]\d{4}\b|\bGMT\b", text) else None


def _day(text: str) -> tuple[int, int, int] | None:
    if found := _ISO.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    for found in _DAY_FIRST.finditer(text):
        if month := _MONTHS.get(found[2].lower()):
            return int(found[3]), month, int(found[1])
    for found in _MONTH_FIRST.finditer(text):
        if month := _MONTHS.get(found[1].lower()):
            return int(found[3]), month, int(found[2])
    if found := _NUMBERS.search(text):
        day, month = int(found[1]), int(found[2])
        return (int(found[3]), month, day) if month <= 12 else (int(found[3]), day, month)
    return None


def _clock(text: str) -> tuple[int, int]:
    found = next(iter(_TIME.finditer(text)), None)
    if found is None:
        return 0, 0
    hour = int(found[1])
    if found[3]:
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    return hour, int(found[2])
