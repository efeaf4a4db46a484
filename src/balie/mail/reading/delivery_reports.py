"""What a mail server reports about a mail of ours: whom it did not reach, why, and which mail it was.

As RFC 3464 says it, and as servers said it that knew no such thing: qmail, old Sendmail, Exchange, Exim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from balie.mail.reading.charsets import decode
from balie.mail.reading.headers import addresses, message_ids
from balie.mail.reading.mime import Limits, Part, Tally

_FIELD = re.compile(r"^(?P<name>[A-Za-z-]{1,60}):[ \t]*(?P<value>.*(?:\n[ \t].*)*)", re.MULTILINE)
_OUR_ID = re.compile(r"<ticket-[^<>\s]{1,200}>", re.IGNORECASE)
# Where a report without parts shows the mail that came back.
_COPY = re.compile(
    r"^[- \t]{0,80}(?:below this line is a copy|this is a copy of (?:the|your) message|original message|unsent message"
    r"|the following is a copy|oorspronkelijk bericht|message header follows|transcript of session follows"
    r"|returned message)|^(?:received|return-path|message-id):",
    re.IGNORECASE | re.MULTILINE,
)
# An address at the beginning of a line, as those servers list whom they did not reach.
_LISTED = re.compile(
    r"^[ \t]*['\"]?<?(?:smtp:|mailto:)?([^\s<>()'\";,]{1,100}@[^\s<>()'\";,]{1,250}?)>?['\"]?[:;,.]?(?=\s|$)"
    r"[ \t]*([^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_ONLY_A_WARNING = re.compile(
    r"this is a warning message only|you do not need to resend|delivery (?:has been|was|is) delayed|still trying"
    r"|could not send message for past|will be retried|niet nodig .{0,30}opnieuw te (?:zenden|versturen)",
    re.IGNORECASE,
)
# What the other server answered, in reports of qmail and Sendmail.
_SAID = re.compile(r"(?:^<<<|\bsaid:)[ \t]*([45]\d\d[ -][^\n]*)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_OF_SERVERS = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_WHITE = re.compile(r"\s+")
_MOST_TEXT = 200_000
_MOST_FAILURES = 500
_LONGEST_WORDS = 500  # characters


@dataclass(frozen=True, slots=True)
class Failure:
    """An address that was not reached. `status`: as in RFC 3463, `5.1.1`; `words`: the server's. Both may be empty."""

    address: str
    status: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A report: the addresses that failed, and the Message-IDs of the mail that came back.

    `actions`: what happened to the recipients, as the report words it (`failed`, `delayed`, `delivered`, …).
    """

    failures: tuple[Failure, ...]
    returned_ids: tuple[str, ...]
    actions: frozenset[str]

    @property
    def failed(self) -> tuple[str, ...]:
        """The addresses that failed."""
        return tuple(each.address for each in self.failures)

    @property
    def is_only_news(self) -> bool:
        """Nothing failed: the mail was delivered, passed on, or is late."""
        return bool(self.actions) and "failed" not in self.actions


def read_report(top: Part, text: str) -> DeliveryReport:
    """The report in the message `top`, whose readable text is `text` (servers that make no proper report)."""
    text = text[:_MOST_TEXT]
    failures: list[Failure] = []
    actions: set[str] = set()
    returned: list[str] = []
    for part in _leaves(top):
        if part.content_type in {"message/delivery-status", "message/global-delivery-status"}:
            new_actions, failed = _read_status(decode(part.content()[:_MOST_TEXT]).replace("\r", ""))
            actions |= new_actions
            failures += [each if each.words else _with_words(each, text) for each in failed]
        elif part.content_type in {"message/rfc822", "text/rfc822-headers", "message/global-headers"}:
            returned += _ids_of(part)
    named = addresses(top.undecoded("x-failed-recipients"), most=_MOST_FAILURES)
    failures += [Failure(each.address, words=_words_about(each.address, text)) for each in named]
    if not failures and not actions:
        if _ONLY_A_WARNING.search(text):
            actions.add("delayed")
        else:
            failures += _listed(text)
    returned += _OUR_ID.findall(text)
    return DeliveryReport(_once(failures), tuple(dict.fromkeys(returned)), frozenset(actions))


def _once(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """One per address: the first, which tells most."""
    found: dict[str, Failure] = {}
    for each in failures:
        found.setdefault(each.address.lower(), each)
    return tuple(found.values())[:_MOST_FAILURES]


def _leaves(part: Part) -> Iterator[Part]:
    children = part.children()
    if children is None:
        yield part
        return
    for child in children:
        yield from _leaves(child)


def _read_status(status: str) -> tuple[set[str], list[Failure]]:
    """The actions, and the recipients whose action is `failed`, one block of fields per recipient."""
    actions: set[str] = set()
    failed: list[Failure] = []
    for block in re.split(r"\n[ \t]*\n", status):
        fields: dict[str, str] = {}
        for field in _FIELD.finditer(block):
            fields.setdefault(field["name"].lower(), _WHITE.sub(" ", field["value"]).strip())
        action = re.match(r"\w*", fields.get("action", ""))[0].lower()  # type: ignore[index]  # it always matches
        if action:
            actions.add(action)
        if action == "failed":
            failed += _failures(fields)
    return actions, failed


def _failures(fields: dict[str, str]) -> Iterator[Failure]:
    """Under the address that we wrote to first: a server on the way may have written it otherwise."""
    status = _STATUS.search(fields.get("status", ""))
    words = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
    for name in ("original-recipient", "final-recipient"):
        for each in addresses(fields.get(name, "").partition(";")[2], most=_MOST_FAILURES):
            yield Failure(each.address, status[0] if status else "", words[:_LONGEST_WORDS])


def _listed(text: str) -> list[Failure]:
    """The addresses at the beginnings of lines, above the mail that came back, and what is said about them."""
    copy = _COPY.search(text)
    above = text[: copy.start()] if copy else text
    said = _SAID.search(text)
    return [
        Failure(match[1], *_reason(said[1] if said else match[2].strip() or _next_line(above, match.end())))
        for match in islice(_LISTED.finditer(above), _MOST_FAILURES)
        if not _OF_SERVERS.match(match[1])
    ]


def _with_words(failure: Failure, text: str) -> Failure:
    """A failure about which only the readable text has words, when that tells the same status."""
    words = _words_about(failure.address, text)
    return replace(failure, words=words) if failure.status and failure.status in words else failure


def _words_about(address: str, text: str) -> str:
    """What stands behind or below the address in the text of the report."""
    position = text.find(address)
    if position == -1:
        return ""
    rest = text[position + len(address) : position + len(address) + 1000].lstrip(" >:'\"")
    line, _newline, below = rest.partition("\n")
    return (line.strip() or _next_line(below, 0))[:_LONGEST_WORDS]


def _next_line(text: str, position: int) -> str:
    return next((line.strip() for line in text[position : position + 1000].split("\n") if line.strip()), "")


def _reason(words: str) -> tuple[str, str]:
    """The status in the server's words, and the words."""
    status = _STATUS.search(words)
    return (status[0] if status else ""), words[:_LONGEST_WORDS]


def _ids_of(part: Part) -> list[str]:
    """The Message-ID and References of the mail that came back, whole or only its headers."""
    content = part.content()[:_MOST_TEXT]
    returned = Part(content, 0, len(content), Tally(Limits()))
    return [each for name in ("message-id", "references") for each in message_ids(returned.undecoded(name))]
