"""What becomes of a message, and which ticket it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from balie.rules.mail_matching.mail_facts import (
    MAY_BE_A_PERSON,
    THROUGH_A_LIST,
    Automatic,
    AutomaticKind,
    DeskMail,
    MailFacts,
    Strangers,
    TicketFacts,
    same,
)
from balie.rules.mail_matching.outcomes import (
    AlreadyReceived,
    Bounce,
    FiledAutomatic,
    FollowUp,
    ForAdministrators,
    NewLinkedTicket,
    NewTicket,
    NewTicketWithPointer,
    Outcome,
    OwnMail,
    Spam,
    Waiting,
)
from balie.rules.mail_matching.tokens import Claim, Place, Proven, check_claims
from balie.rules.mail_matching.trust import Trust
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _


def match(
    mail: MailFacts,
    *,
    tickets: Mapping[int, TicketFacts],
    desk: DeskMail,
    already_received: Collection[str] = (),
    is_known: bool = True,
    is_released: bool = False,
) -> Outcome:
    """What becomes of `mail`.

    `tickets`: at least those that a claim of `mail` names and that exist. `already_received`: fingerprints of
    earlier messages. `is_known`: its sender is a contact, or an agent who forwards. `is_released`: an agent looked at
    it and said that it is no spam and who wrote it. Never decides by subject; never loses a message: whatever is not
    surely something else is a new ticket, or waits for an agent.
    """
    if mail.fingerprint in already_received:
        return AlreadyReceived((Reason(_("The same message was received before.")),))
    proven = check_claims(mail.claims, secrets=desk.secrets)
    if ours := _written_by_us(proven):
        return OwnMail((ours,))
    if not is_released and (role := desk.role_of(mail.recipients)):
        return ForAdministrators(role, (_for_role(role), *mail.proof.reasons))
    if own := _from_ourselves(mail, desk):
        return OwnMail((own,))
    known = [claim for claim in proven.claims if claim.ticket in tickets]
    automatic = automatic_for(mail, desk)
    is_forged = mail.proof.trust is Trust.FORGED and not is_released
    mine = None if is_forged else _mine(known, tickets, mail)
    is_bounce = automatic is not None and automatic.kind is AutomaticKind.BOUNCE
    is_expected = is_released or mine is not None or mail.is_returned or (is_bounce and bool(known))
    if mail.spam is not None and not is_expected:
        return Spam((mail.spam,))
    if automatic is not None and is_bounce:
        ticket = known[0].ticket if known else None
        return Bounce(ticket, mail.failed_recipients, (automatic.reason(), *_carried(known, proven)))
    if automatic is not None and automatic.kind not in MAY_BE_A_PERSON:
        came_in = mine is not None and automatic.kind in THROUGH_A_LIST
        if not came_in:
            number = mine.ticket if mine else None
            return FiledAutomatic(number, (automatic.reason(), *_carried([mine] if mine else [], proven)))
    if is_forged:
        return Waiting(known[0].ticket if known else None, (*mail.proof.reasons, *_carried(known, proven)))
    if mine is not None:
        return _on_ticket(tickets[mine.ticket], mine)
    if not is_known and not is_released and desk.strangers is Strangers.WAIT:
        return Waiting(known[0].ticket if known else None, (_stranger(mail), *_carried(known, proven)))
    if known:
        return _not_on_it(known[0], mail)
    return NewTicket(_carried([], proven) or (Reason(_("It carries no token of an earlier mail of ours.")),))


def _mine(known: Sequence[Claim], tickets: Mapping[int, TicketFacts], mail: MailFacts) -> Claim | None:
    """The most telling claim of a ticket that the sender is on."""
    return next((claim for claim in known if _is_on(tickets[claim.ticket], mail.sender)), None)


def _for_role(role: str) -> Reason:
    return Reason(_("It was sent to %(address)s, which always reaches an administrator."), {"address": role})


def _stranger(mail: MailFacts) -> Reason:
    if mail.sender is None:
        return Reason(_("The message names no sender."), setting="strangers")
    return Reason(_("Nobody knows %(address)s yet."), {"address": mail.sender}, setting="strangers")


def automatic_for(mail: MailFacts, desk: DeskMail) -> Automatic | None:
    """Whether a program wrote `mail`; a list that belongs to the desk itself does not count."""
    if mail.automatic is not None and mail.automatic.list_id in {same(each) for each in desk.lists}:
        return None
    return mail.automatic


def _written_by_us(proven: Proven) -> Reason | None:
    if any(claim.place is Place.MESSAGE_ID for claim in proven.claims):
        return Reason(_("We wrote this message ourselves: its Message-ID carries our token."))
    return None


def _from_ourselves(mail: MailFacts, desk: DeskMail) -> Reason | None:
    if desk.owns(mail.sender):
        return Reason(_("The sender %(address)s is an address of the desk itself."), {"address": mail.sender})
    return None


def _on_ticket(ticket: TicketFacts, claim: Claim) -> FollowUp | NewLinkedTicket:
    carried = _genuine(claim)
    if ticket.ended_for_good is None:
        return FollowUp(ticket.number, (carried, Reason(_("The sender is on that ticket."))))
    return NewLinkedTicket(ticket.number, (carried, ticket.ended_for_good))


def _not_on_it(claim: Claim, mail: MailFacts) -> NewTicketWithPointer:
    if mail.sender is None:
        stranger = Reason(_("The message names no sender."))
    else:
        stranger = Reason(
            _("The sender %(address)s is not on ticket %(ticket)s."),
            {"address": mail.sender, "ticket": claim.ticket},
        )
    return NewTicketWithPointer(claim.ticket, (_genuine(claim), stranger))


_WHERE = {
    Place.RECIPIENT: _("It was sent to the reply address of ticket %(ticket)s, with a token of ours."),
    Place.IN_REPLY_TO: _("It answers a mail of ours about ticket %(ticket)s: In-Reply-To has our token."),
    Place.REFERENCES: _("It refers to a mail of ours about ticket %(ticket)s: References has our token."),
    Place.RETURNED: _("The mail that came back was ours, about ticket %(ticket)s: it has our token."),
}


def _genuine(claim: Claim) -> Reason:
    return Reason(_WHERE[claim.place], {"ticket": claim.ticket})


def _carried(known: Sequence[Claim], proven: Proven) -> tuple[Reason, ...]:
    """What to say of the tokens: the one that counts, or why none does."""
    if known:
        return (_genuine(known[0]),)
    if proven.claims:
        number = proven.claims[0].ticket
        return (
            Reason(_("Its token is for ticket %(ticket)s, which does not count here."), {"ticket": number}),
        )
    if proven.forged:
        return (Reason(_("It carries a token that this desk did not make.")),)
    return ()


def _is_on(ticket: TicketFacts, sender: str | None) -> bool:
    return sender is not None and same(sender) in {same(each) for each in ticket.people}
