"""What a mail server reports about a mail of ours: whom it did not reach, and which mail it was (RFC 3464)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from balie.mail.reading.charsets import decode
from balie.mail.reading.headers import addresses, message_ids
from balie.mail.reading.mime import Limits, Part, Tally

_RECIPIENT = re.compile(r"^(?:Final|Original)-Recipient:\s*[\w-]+\s*;\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^Action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_OUR_ID = re.compile(r"<ticket-[^<>\s]{1,200}>", re.IGNORECASE)
_MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A report: the addresses that failed, and the Message-IDs of the mail that came back.

    `actions`: what happened to the recipients, as the report words it (`failed`, `delayed`, `delivered`, …).
    """

    failed: tuple[str, ...]
    returned_ids: tuple[str, ...]
    actions: frozenset[str]

    @property
    def is_only_news(self) -> bool:
        """Nothing failed: the mail was delivered, passed on, or is late."""
        return bool(self.actions) and "failed" not in self.actions


def read_report(top: Part, text: str) -> DeliveryReport:
    """The report in the message `top`, whose readable text is `text` (servers that make no proper report)."""
    failed = [each.address for each in addresses(top.undecoded("x-failed-recipients"))]
    actions: set[str] = set()
    returned: list[str] = []
    for part in _leaves(top):
        if part.content_type in {"message/delivery-status", "message/global-delivery-status"}:
            new_actions, recipients = _read_status(decode(part.content()[:_MOST_TEXT]).replace("\r", ""))
            actions |= new_actions
            failed += recipients
        elif part.content_type in {"message/rfc822", "text/rfc822-headers", "message/global-headers"}:
            returned += _ids_of(part)
    returned += _OUR_ID.findall(text[:_MOST_TEXT])
    return DeliveryReport(tuple(dict.fromkeys(failed)), tuple(dict.fromkeys(returned)), frozenset(actions))


def _leaves(part: Part) -> Iterator[Part]:
    children = part.children()
    if children is None:
        yield part
        return
    for child in children:
        yield from _leaves(child)


def _read_status(status: str) -> tuple[set[str], list[str]]:
    """The actions, and the recipients whose action is `failed`, one block of fields per recipient."""
    actions: set[str] = set()
    failed: list[str] = []
    for block in re.split(r"\n[ \t]*\n", status):
        action = _ACTION.search(block)
        if action is None:
            continue
        actions.add(action[1].lower())
        if action[1].lower() == "failed":
            found = [each for line in _RECIPIENT.findall(block) for each in addresses(line)]
            failed += [each.address for each in found]
    return actions, failed


def _ids_of(part: Part) -> list[str]:
    """The Message-ID and References of the mail that came back, whole or only its headers."""
    content = part.content()[:_MOST_TEXT]
    returned = Part(content, 0, len(content), Tally(Limits()))
    return [each for name in ("message-id", "references") for each in message_ids(returned.undecoded(name))]
