"""What was done, in the reader's words. An action without words shows its own name rather than nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

ACTIONS: Mapping[str, Any] = {
    "open": _("asked a question"),
    "reply": _("wrote"),
    "answer": _("answered"),
    "note": _("left a note"),
    "accept": _("accepted"),
    "decline": _("declined"),
    "ask_payment": _("asked for payment"),
    "pay": _("booked the payment"),
    "take_up": _("took up"),
    "plan": _("planned"),
    "ask_back": _("asked back"),
    "solve": _("solved"),
    "close": _("closed the ticket"),
    "close_by_itself": _("closed by itself"),
    "withdraw": _("withdrew"),
    "reopen": _("opened again"),
    "assign": _("assigned"),
    "change_topic": _("changed the topic"),
    "change_call": _("changed how to reach the customer"),
    "raise_urgency": _("made urgent"),
    "drop_urgency": _("took the urgency back"),
    "place": _("placed at a customer"),
    "place_contact": _("placed at a customer"),
    "enter_contact": _("entered somebody new"),
    "book_credit": _("booked credit"),
    "hand_in_number": _("handed in a phone number"),
    "confirm_number": _("confirmed a phone number"),
    "refuse_number": _("refused a phone number"),
    "remove_number": _("removed a phone number"),
    "register_number": _("registered a phone number"),
    "label_number": _("labelled a phone number"),
    "register_range": _("registered a range of phone numbers"),
    "remove_range": _("removed a range of phone numbers"),
    "make_number_code": _("made a code for a phone number"),
    "try_number_code": _("typed a wrong code for a phone number"),
    "confirm_number_by_code": _("confirmed a phone number with a code"),
    "log_time": _("wrote down time worked"),
    "correct_time": _("corrected time worked"),
    "remove_time": _("removed time worked"),
    "bring_back_time": _("brought back time worked"),
    "drop_stopwatch": _("dropped a stopwatch"),
    "call_back_planned": _("planned a call"),
    "call_back_moved": _("moved a call"),
    "call_back_handed_over": _("handed over a call"),
    "call_back_cancelled": _("cancelled a call"),
    "call_back_restored": _("planned a cancelled call again"),
    "call_tried": _("tried to call"),
    "make_account": _("made an account"),
    "verify_account": _("confirmed the mail address"),
    "place_account": _("placed an account"),
    "refuse_account": _("refused an account"),
    "invite": _("invited"),
    "invite_colleague": _("invited a colleague"),
    "accept_invitation": _("accepted an invitation"),
    "withdraw_invitation": _("withdrew an invitation"),
    "change_roles": _("changed what somebody may do"),
    "let_in_again": _("let in again"),
    "ask_claim": _("claimed a login"),
    "verify_claim": _("confirmed a claim of a login"),
    "claim_takes_effect": _("a claim of a login took effect"),
    "expire_claim": _("a claim of a login expired"),
    "take_off_second_step": _("took off the second step of a login"),
    "write_article": _("wrote an article"),
    "publish_article": _("published an article"),
    "unpublish_article": _("took an article from the help site"),
    "write_text": _("wrote the text of a mail"),
    "back_to_standard": _("gave a mail its standard text"),
    "write_prompt": _("wrote what callers hear"),
    "prompt_to_standard": _("let callers hear the standard text again"),
    "except_day": _("gave a day other hours"),
    "order_recount": _("had deadlines counted anew"),
    "recount": _("counted deadlines anew"),
    "export_person": _("asked for an export of a person"),
    "fetch_export": _("fetched an export of a person"),
    "ask_erasure": _("asked to erase a person"),
    "erase_person": _("erased a person"),
    "keep_for": _("changed how long data is kept"),
    "delete_due": _("deleted what was kept long enough"),
    "request_video": _("asked for the back-up video"),
    "add": _("added"),
    "change": _("changed"),
    "delete": _("deleted"),
}


def of_action(action: str) -> str:
    return str(ACTIONS.get(action) or action.replace("_", " "))


def of_subject(label: str) -> str:
    """`tickets.ticket` -> `Ticket`; a table that is gone keeps its own name."""
    try:
        return str(capfirst(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label
