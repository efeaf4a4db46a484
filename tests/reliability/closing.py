"""The end of a run: waiting until the desk has nothing left to do, and reading its books."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Sequence

from tests.reliability.books import Answer, Books, Inbound, Outbound
from tests.reliability.letters import MARK_HEADER, Letter, Planned
from tests.reliability.living_desk import LivingDesk
from tests.reliability.sink import Sink
from tests.servers.dovecot import Dovecot

STANDS_STILL_SECONDS = 240.0
"""So long nothing may become less before what is left counts as left behind."""

_MARK = re.compile(rb"^" + MARK_HEADER.encode() + rb": (\S+)", re.MULTILINE)

_LEFT_TO_DO = """
    SELECT
        (SELECT count(*) FROM mail_inboundmail WHERE state = 'stored') AS mails_to_work_on,
        (SELECT count(*) FROM mail_fetched) AS mails_to_file,
        (SELECT count(*) FROM mail_outboundmail WHERE state = 'queued') AS mails_to_send,
        (SELECT count(*) FROM tickets_heldanswer WHERE leaves_at IS NOT NULL) AS answers_that_wait,
        (SELECT count(*) FROM procrastinate_jobs
         WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS jobs_to_do,
        (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing') AS jobs_being_done
"""
_NAMES = (
    "mails to work on",
    "mails to file",
    "mails to send",
    "answers that wait",
    "jobs to do",
    "jobs being done",
)

_INBOUND = """
    SELECT mail.id, mail.way, mail.state, mail.outcome, ticket.id, mail.message_id,
           coalesce(ticket.subject, '') || ' ' || coalesce(message.text, ''), substring(mail.raw FROM 1 FOR 4000)
    FROM mail_inboundmail AS mail
    LEFT JOIN tickets_ticket AS ticket ON ticket.id = mail.ticket_id
    LEFT JOIN tickets_message AS message ON message.id = mail.message_id
    ORDER BY mail.id
"""
_OUTBOUND = "SELECT message_id_header, state, kind, recipient, ticket_id, message_id FROM mail_outboundmail ORDER BY id"
_ANSWERS = "SELECT id, text FROM tickets_message WHERE agent_id IS NOT NULL AND NOT is_internal ORDER BY id"
_HALF_MADE = {
    "ticket {} has no message": """
        SELECT number FROM tickets_ticket AS ticket
        WHERE NOT EXISTS (SELECT FROM tickets_message WHERE ticket_id = ticket.id)
    """,
    "message {} has no event": """
        SELECT id FROM tickets_message AS message
        WHERE NOT EXISTS (SELECT FROM tickets_ticketevent WHERE message_id = message.id)
          AND NOT EXISTS (
              SELECT FROM tickets_ticketevent AS event
              WHERE event.ticket_id = message.ticket_id
                AND message.id = (SELECT min(id) FROM tickets_message WHERE ticket_id = message.ticket_id))
    """,
    "message {} of a customer came from no mail": """
        SELECT id FROM tickets_message AS message
        WHERE contact_id IS NOT NULL AND agent_id IS NULL
          AND NOT EXISTS (SELECT FROM mail_inboundmail WHERE message_id = message.id)
    """,
    "ticket {} has no confirmation, and nothing says why": """
        SELECT ticket.number FROM tickets_ticket AS ticket
        JOIN mail_inboundmail AS mail ON mail.ticket_id = ticket.id AND mail.outcome = 'new_ticket'
        WHERE mail.reasons = '[]'
          AND NOT EXISTS (
              SELECT FROM mail_outboundmail WHERE ticket_id = ticket.id AND kind = 'confirmation')
    """,
    "job {} failed": """
        SELECT task_name || ' ' || args::text FROM procrastinate_jobs
        WHERE status = 'failed' AND queueing_lock IS NULL  -- a periodic one comes again by itself
    """,
}


def drained(desk: LivingDesk, dovecot: Dovecot) -> dict[str, int]:
    """Wait until nothing is left to do; answers what still is, once it has not become less for a long time.

    How long everything takes depends on the machine; whether it goes on does not.
    """
    least, give_up_at = math.inf, math.inf
    while left := left_to_do(desk, dovecot):
        if (now := time.monotonic()) > give_up_at:
            return left
        if sum(left.values()) < least:
            least, give_up_at = sum(left.values()), now + STANDS_STILL_SECONDS
        time.sleep(1)
    return {}


def left_to_do(desk: LivingDesk, dovecot: Dovecot) -> dict[str, int]:
    [row] = desk.ask(_LEFT_TO_DO)
    told = dict(zip(_NAMES, row, strict=True)) | {"messages in the inbox": in_the_inbox(dovecot)}
    return {name: count for name, count in told.items() if count}


def in_the_inbox(dovecot: Dovecot) -> int:
    """How many messages lie there; their files may be on the move meanwhile."""
    return sum(len(list((dovecot.box() / part).iterdir())) for part in ("cur", "new"))


def books(
    desk: LivingDesk,
    dovecot: Dovecot,
    sink: Sink,
    *,
    offered: Sequence[tuple[Planned, Letter]],
    accepted_answers: Sequence[str],
) -> Books:
    return Books(
        offered=offered,
        inbound=[
            Inbound(key, _mark(bytes(raw)), way, state, outcome, ticket, message, words)
            for key, way, state, outcome, ticket, message, words, raw in desk.ask(_INBOUND)
        ],
        outbound=[Outbound(*row) for row in desk.ask(_OUTBOUND)],
        accepted_answers=accepted_answers,
        answers=[Answer(*row) for row in desk.ask(_ANSWERS)],
        sent=[each.message_id for each in sink.received()],
        left_in_inbox=in_the_inbox(dovecot),
        half_made=[
            sentence.format(key) for sentence, question in _HALF_MADE.items() for (key,) in desk.ask(question)
        ],
    )


def _mark(raw: bytes) -> str:
    found = _MARK.search(raw)
    return found[1].decode() if found else ""
