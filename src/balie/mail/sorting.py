"""What becomes of one message: matched to a ticket by the rules, and brought there."""

from __future__ import annotations

from dataclasses import replace

from django.utils import translation

from balie.mail import landing, senders
from balie.mail.composing import Letter
from balie.mail.facts import tickets_claimed
from balie.mail.landing import NoSender
from balie.mail.models import InboundMail
from balie.mail.proof import in_front
from balie.mail.round import Arrival, Paper, Round, state_for
from balie.rules import mail_matching as rules
from balie.rules.mail_matching import MailFacts, Proof, Trust
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.return_path import mail_returned_to

__all__ = ["Arrival", "NoSender", "Round", "sort"]


def sort(mail: InboundMail, with_: Round) -> list[Letter]:
    """Bring a stored message where it belongs, in the caller's transaction; `with_.finish()` notes it on its row.

    Answers the letters that confirm it, which the caller posts. Raises whatever went wrong, also `IntegrityError` when
    another worker was first with the same message or the same new contact.
    """
    paper, situation = with_.paper(mail), with_.situation
    arrival = Arrival(mail, paper, _facts(mail, paper, with_), with_)
    is_new = with_.claim(arrival.facts.fingerprint)
    _label(mail, paper)
    mail.meant_for = (with_.desk.meant(arrival.facts.recipients) or "")[:320]
    outcome = rules.match(
        arrival.facts,
        tickets=tickets_claimed((claim.ticket for claim in arrival.facts.claims), situation),
        desk=with_.desk,
        already_received=() if is_new else {arrival.facts.fingerprint},
        is_known=paper.forwarded is not None or paper.author.key in with_.contacts,
        is_released=mail.released_by_id is not None,
    )
    mail.fingerprint = arrival.facts.fingerprint if is_new else ""
    mail.state = state_for(outcome)
    mail.reasons = [reason.as_json() for reason in outcome.reasons]
    with translation.override(situation.row.language):
        letters = landing.land(arrival, outcome)
    with_.left.arrivals.append(arrival)
    return letters


def _facts(mail: InboundMail, paper: Paper, with_: Round) -> MailFacts:
    """What the rules want to know: of the message itself, and of what servers in front and checks say about it."""
    headers = in_front.headers_of(bytes(mail.raw))
    facts = paper.read.facts()
    proof = with_.proof(mail, paper, headers)
    if paper.author.by_form:
        facts = replace(facts, sender=paper.author.key)
        proof = _proof_of_form(paper, proof, with_)
    recipients = senders.recipients(paper.read)
    return replace(
        facts,
        recipients=recipients,
        is_returned=mail_returned_to(recipients, secrets=with_.desk.secrets) is not None,
        proof=proof,
        spam=in_front.spam(headers, marks=with_.rules.marks),
    )


def _proof_of_form(paper: Paper, proof: Proof, with_: Round) -> Proof:
    """Anybody can write our address in From: a known contact is believed through a form only when that is proven."""
    if proof.trust is Trust.PROVEN or paper.author.key not in with_.contacts:
        return proof
    words = _(
        "It says that %(address)s filled in a form on our website, but nothing proves that it came from there."
    )
    return Proof(Trust.FORGED, (Reason(words, {"address": paper.author.key}, setting="mail_care"),))


def _label(mail: InboundMail, paper: Paper) -> None:
    read = paper.read
    mail.message_id_header = (read.message_id or "")[:600]
    mail.sender = (read.from_.address if read.from_ else "")[:320]
    mail.subject = read.subject[:200]
