"""Which ticket a message belongs to, and whether a program may answer it (SW-17, IB-10).

A follow-up is known by a keyed token that only this desk can make, which our mails carry in their Message-ID
and reply address; never by the subject, which anybody can write. The token proves that somebody has seen
our mail, not who sends this one: a message becomes part of a ticket only when its sender is on that ticket
as well, and is not known to be forged.
"""

from balie.rules.mail_matching.answering import (
    DAYS_WORTH,
    Answers,
    MayAnswer,
    may_answer_automatically,
    may_tell,
)
from balie.rules.mail_matching.mail_facts import (
    ROLES,
    Automatic,
    AutomaticKind,
    DeskMail,
    MailFacts,
    Strangers,
    TicketFacts,
)
from balie.rules.mail_matching.matching import automatic_for, match
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
from balie.rules.mail_matching.tokens import (
    SHORTEST_SECRET,
    TOKEN_BYTES,
    Claim,
    Place,
    Proven,
    check_claims,
    claims_in_message_ids,
    claims_in_recipients,
    is_genuine,
    make_message_id,
    make_reply_address,
)
from balie.rules.mail_matching.trust import Care, Method, Proof, Result, Trust, judge

__all__ = [
    "DAYS_WORTH",
    "ROLES",
    "SHORTEST_SECRET",
    "TOKEN_BYTES",
    "AlreadyReceived",
    "Answers",
    "Automatic",
    "AutomaticKind",
    "Bounce",
    "Care",
    "Claim",
    "DeskMail",
    "FiledAutomatic",
    "FollowUp",
    "ForAdministrators",
    "MailFacts",
    "MayAnswer",
    "Method",
    "NewLinkedTicket",
    "NewTicket",
    "NewTicketWithPointer",
    "Outcome",
    "OwnMail",
    "Place",
    "Proof",
    "Proven",
    "Result",
    "Spam",
    "Strangers",
    "TicketFacts",
    "Trust",
    "Waiting",
    "automatic_for",
    "check_claims",
    "claims_in_message_ids",
    "claims_in_recipients",
    "is_genuine",
    "judge",
    "make_message_id",
    "make_reply_address",
    "match",
    "may_answer_automatically",
    "may_tell",
]
