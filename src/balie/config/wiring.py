"""Who listens to what: the one list."""

from __future__ import annotations

from balie.events import subscribe


def connect() -> None:
    """Subscribe every listener. Called once, when Django is ready."""
    from balie.customers import events as customers
    from balie.mail import handlers as mail
    from balie.tickets import events as tickets
    from balie.tickets import handlers as on_tickets

    subscribe(customers.ContactPlaced, on_tickets.on_contact_placed)
    subscribe(tickets.TicketOpened, mail.on_ticket_opened)
    subscribe(tickets.AnswerWritten, mail.on_answer_written)
    subscribe(tickets.StateChanged, mail.on_state_changed)
    subscribe(tickets.ClosingAnnounced, mail.on_closing_announced)
