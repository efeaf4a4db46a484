"""Whether a program may answer a message, so that no two programs write to each other for ever."""

from __future__ import annotations

from dataclasses import dataclass, field

from balie.rules.mail_matching.mail_facts import DeskMail, MailFacts
from balie.rules.mail_matching.matching import automatic_for
from balie.rules.mail_matching.trust import Trust
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


@dataclass(frozen=True, slots=True)
class MayAnswer:
    """Whether a program may answer, and why (not). `is_capped`: only because it answered so often already."""

    allowed: bool
    reasons: tuple[Reason, ...] = field(default=())
    is_capped: bool = False


DAYS_WORTH = 3
"""As many hours' worth of answers fit into a day: so also a program that answers slowly comes to an end."""


@dataclass(frozen=True, slots=True)
class Answers:
    """How many automatic answers went to one address in the past hour, and in the past day."""

    hour: int = 0
    day: int = 0

    def and_one(self) -> Answers:
        return Answers(self.hour + 1, self.day + 1)


def may_answer_automatically(
    mail: MailFacts, *, desk: DeskMail, so_far: Answers, answers_on_ticket: int = 0
) -> MayAnswer:
    """Whether `mail` may get an automatic answer (the confirmation of SW-17, the quota's answer of IB-10).

    Never: to programs, lists and the null sender, to the desk itself, to `postmaster@` and `abuse@`, to a forged
    sender, and more than `desk.answers_per_hour` times an hour (three times that in a day) to one address or
    `desk.answers_per_ticket` times an hour about one ticket, so that two programs cannot write to each other for ever.
    `so_far`: to that address; `answers_on_ticket`: about that ticket in the past hour.
    """
    if refused := _refusal(mail, desk):
        return MayAnswer(False, (refused,))
    if capped := _cap(mail.answer_to or mail.sender or "", desk, so_far, answers_on_ticket):
        return MayAnswer(False, (capped,), is_capped=True)
    return MayAnswer(True)


def may_tell(desk: DeskMail, *, answers_on_ticket: int) -> MayAnswer:
    """Whether one more automatic mail about a ticket may go out, such as a change of its state."""
    capped = _cap("", desk, Answers(), answers_on_ticket)
    return MayAnswer(capped is None, (capped,) if capped else (), is_capped=capped is not None)


def _refusal(mail: MailFacts, desk: DeskMail) -> Reason | None:
    automatic = automatic_for(mail, desk)
    if automatic is not None:
        return automatic.reason()
    answer_to = mail.answer_to or mail.sender
    if mail.has_null_sender or answer_to is None:
        return Reason(_("There is no address to answer to."))
    if desk.owns(answer_to) or desk.owns(mail.sender):
        return Reason(_("An answer to %(address)s would come back to the desk."), {"address": answer_to})
    if role := desk.role_of(mail.recipients):
        return Reason(_("What is sent to %(address)s gets no automatic answer."), {"address": role})
    if mail.proof.trust is Trust.FORGED:
        return Reason(_("An answer would go to somebody who did not write this."))
    return None


def _cap(address: str, desk: DeskMail, to_address: Answers, on_ticket: int) -> Reason | None:
    if to_address.hour >= desk.answers_per_hour:
        return Reason(
            _("%(address)s got %(count)s automatic answers in the past hour; more is never sent."),
            {"address": address, "count": to_address.hour},
            setting="automatic_answers_per_hour",
        )
    if to_address.day >= DAYS_WORTH * desk.answers_per_hour:
        return Reason(
            _("%(address)s got %(count)s automatic answers in the past day; more is never sent."),
            {"address": address, "count": to_address.day},
            setting="automatic_answers_per_hour",
        )
    if on_ticket >= desk.answers_per_ticket:
        return Reason(
            _("%(count)s automatic mails about this ticket went out in the past hour; more is never sent."),
            {"count": on_ticket},
            setting="automatic_answers_per_ticket",
        )
    return None
