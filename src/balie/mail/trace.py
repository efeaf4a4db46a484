"""The way of a mail, step by step: found by its Message-ID or by somebody's address, for whoever asks where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from balie.accounts.models import User
from balie.mail.models import InboundMail, InboundState, MailStep, OutboundMail, OutboundState, Step
from balie.rules.reasons import Reason

MOST = 50  # mails of one address, of each direction, the newest


@dataclass(frozen=True, slots=True)
class Passed:
    """One step. `reasons`: as JSON; `words`: what a mail server said."""

    at: datetime
    what: str
    reasons: Sequence[Mapping[str, Any]] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Traced:
    """One mail with its steps in order. `direction`: `in` or `out`; `other`: who sent it, or gets it."""

    direction: str
    key: int
    message_id: str
    other: str
    subject: str
    state: str
    ticket: int | None
    begun_at: datetime
    steps: list[Passed] = field(default_factory=list)


def trace(asked: str) -> list[Traced]:
    """The mails with this Message-ID, or from or to this address; the newest first. A fixed number of queries."""
    wanted = asked.strip()
    if not wanted:
        return []
    inbound, outbound = _found(wanted)
    written = _written(inbound, outbound)
    names = _names(written.values())
    found = [
        *(_inbound(mail, written.get(("in", mail.pk), ()), names) for mail in inbound),
        *(_outbound(mail, written.get(("out", mail.pk), ())) for mail in outbound),
    ]
    return sorted(found, key=lambda each: each.begun_at, reverse=True)


def _found(wanted: str) -> tuple[list[InboundMail], list[OutboundMail]]:
    inbound = InboundMail.objects.defer("raw").select_related("ticket", "mailbox").order_by("-id")
    outbound = OutboundMail.objects.defer("text", "html").select_related("ticket").order_by("-id")
    bare = wanted.strip("<>")
    if _is_address(wanted):
        # An address and a Message-ID look alike: both are looked for, each by its index.
        return (
            list(
                inbound.filter(
                    Q(sender=wanted) | Q(sender=wanted.lower()) | Q(message_id_header=f"<{bare}>")
                )[:MOST]
            ),
            list(
                outbound.filter(Q(recipient__in={wanted, wanted.lower()}) | Q(message_id_header=f"<{bare}>"))[
                    :MOST
                ]
            ),
        )
    of_id = {"message_id_header": f"<{bare}>"}
    return list(inbound.filter(**of_id)[:MOST]), list(outbound.filter(**of_id)[:MOST])


def _is_address(text: str) -> bool:
    return "@" in text and not text.startswith("<")


def _written(
    inbound: Sequence[InboundMail], outbound: Sequence[OutboundMail]
) -> dict[tuple[str, int], list[MailStep]]:
    rows = MailStep.objects.filter(
        Q(inbound__in=[mail.pk for mail in inbound]) | Q(outbound__in=[mail.pk for mail in outbound])
    ).order_by("id")
    found: dict[tuple[str, int], list[MailStep]] = {}
    for row in rows:
        key = ("in", row.inbound) if row.inbound is not None else ("out", row.outbound or 0)
        found.setdefault(key, []).append(row)
    return found


def _names(written: Any) -> dict[int, str]:
    """Who did what, by key; somebody who was erased is called as the desk calls such people now."""
    keys = {row.data["by"] for rows in written for row in rows if "by" in row.data}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=keys)} if keys else {}


def _inbound(mail: InboundMail, rows: Sequence[MailStep], names: Mapping[int, str]) -> Traced:
    traced = Traced(
        "in",
        mail.pk,
        mail.message_id_header,
        mail.sender,
        mail.subject,
        str(mail.get_state_display()),
        mail.ticket.number if mail.ticket else None,
        mail.received_at,
    )
    traced.steps.append(Passed(mail.received_at, _arrived(mail)))
    traced.steps.extend(_of_inbound(mail, rows, names))
    if mail.state == InboundState.QUARANTINED:
        traced.steps.append(
            Passed(mail.processed_at or mail.received_at, _("Put in quarantine."), mail.reasons, mail.error)
        )
    return traced


def _arrived(mail: InboundMail) -> str:
    by = mail.mailbox.name if mail.mailbox else mail.get_way_display()
    words = _("Arrived by %(way)s and stored: %(size)s bytes.") % {"way": by, "size": mail.size}
    if address := mail.client.get("address"):
        words += " " + _("Sent by the server %(address)s.") % {"address": address}
    return words


def _of_inbound(mail: InboundMail, rows: Sequence[MailStep], names: Mapping[int, str]) -> Iterator[Passed]:
    last_sorted = next((row.pk for row in reversed(rows) if row.step == Step.SORTED), None)
    if last_sorted is None and mail.state == InboundState.DONE and mail.processed_at:
        yield Passed(
            mail.processed_at, _sorted(mail, mail.outcome), mail.reasons
        )  # from before steps were kept
    for row in rows:
        what = _words(mail, row, names)
        yield Passed(row.at, what, mail.reasons if row.pk == last_sorted else ())


def _words(mail: InboundMail, row: MailStep, names: Mapping[int, str]) -> str:
    who = names.get(row.data.get("by", 0), _("somebody"))
    match Step(row.step):
        case Step.SORTED:
            return _sorted(mail, row.data.get("outcome", ""))
        case Step.RELEASED:
            return _("%(who)s let it through.") % {"who": who}
        case Step.REFUSED:
            return _("%(who)s said that it is not for us.") % {"who": who}
        case Step.TAKEN_BACK:
            return _("%(who)s took that back.") % {"who": who}
        case Step.CAPPED:
            return _("No automatic answer went out, because there were too many.")
        case other:
            return str(other.label)


def _sorted(mail: InboundMail, outcome: str) -> str:
    names = dict(InboundMail._meta.get_field("outcome").flatchoices)
    words = _("Sorted: %(outcome)s.") % {"outcome": names.get(outcome, outcome)}
    if mail.ticket is not None and mail.outcome == outcome:
        words += " " + _("Ticket #%(number)s.") % {"number": mail.ticket.number}
    return words


def _outbound(mail: OutboundMail, rows: Sequence[MailStep]) -> Traced:
    traced = Traced(
        "out",
        mail.pk,
        mail.message_id_header,
        mail.recipient,
        mail.subject,
        str(mail.get_state_display()),
        mail.ticket.number if mail.ticket else None,
        mail.created_at,
    )
    traced.steps.append(Passed(mail.created_at, _("Composed: %(kind)s.") % {"kind": mail.get_kind_display()}))
    for row in rows:
        traced.steps.append(Passed(row.at, _of_outbound(row), words=str(row.data.get("words", ""))))
    traced.steps.extend(_how_it_stands(mail, has_steps=bool(rows)))
    return traced


def _of_outbound(row: MailStep) -> str:
    if row.step == Step.BOUNCED:
        return _("It came back.")
    result = str(row.data.get("result", ""))
    told = {
        "sent": _("it took it"),
        "refused": _("it refused it for good"),
        "later": _("it does not take it now"),
        "unreachable": _("it could not be reached"),
    }
    return _("Offered to the mail server: %(result)s.") % {"result": told.get(result, result)}


def _how_it_stands(mail: OutboundMail, *, has_steps: bool) -> Iterator[Passed]:
    """What the row itself tells at its end."""
    if mail.state == OutboundState.SENT and mail.sent_at:
        yield Passed(mail.sent_at, _("The mail server took it."))
    elif mail.state == OutboundState.FAILED:
        yield Passed(
            mail.failed_at or mail.created_at, _("Not delivered."), words="" if has_steps else mail.error
        )
    elif mail.state == OutboundState.KEPT:
        yield Passed(mail.created_at, _("Kept in the mail folder: nothing leaves here."))
    elif mail.next_attempt_at:
        yield Passed(mail.next_attempt_at, _("The next attempt."))


def as_json(found: Sequence[Traced]) -> list[dict[str, Any]]:
    """For a program: moments in ISO 8601, reasons as sentences."""
    return [
        {
            "direction": mail.direction,
            "mail": mail.key,
            "message_id": mail.message_id,
            "address": mail.other,
            "subject": mail.subject,
            "state": mail.state,
            "ticket": mail.ticket,
            "steps": [
                {
                    "at": step.at.isoformat(),
                    "what": step.what,
                    "because": [Reason.from_json(each).render(_) for each in step.reasons],
                    "words": step.words,
                }
                for step in mail.steps
            ],
        }
        for mail in found
    ]
