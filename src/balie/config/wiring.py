"""Who listens to what: the one list."""

from __future__ import annotations

from balie.events import subscribe


def connect() -> None:
    """Subscribe every listener. Called once, when Django is ready."""
    from allauth.account.signals import email_confirmed

    from balie.accounts import events as accounts
    from balie.config.accounts import on_address_verified
    from balie.contracts import events as contracts
    from balie.customers import events as customers
    from balie.mail import handlers as mail
    from balie.phone import events as phone
    from balie.phone import handlers as on_phone
    from balie.tickets import events as tickets
    from balie.tickets import handlers as on_tickets

    email_confirmed.connect(on_address_verified)
    subscribe(customers.ContactPlaced, on_tickets.on_contact_placed)
    subscribe(customers.PhoneNumberConfirmed, mail.on_phone_number_confirmed)
    subscribe(customers.PhoneNumberRefused, mail.on_phone_number_refused)
    subscribe(customers.VideoLinkMade, mail.on_video_link_made)
    subscribe(contracts.CreditBooked, on_tickets.on_credit_booked)
    subscribe(accounts.Invited, mail.on_invited)
    subscribe(tickets.TicketOpened, mail.on_ticket_opened)
    subscribe(tickets.AnswerWritten, mail.on_answer_written)
    subscribe(tickets.StateChanged, mail.on_state_changed)
    subscribe(tickets.ClosingAnnounced, mail.on_closing_announced)
    subscribe(phone.CallChanged, on_phone.on_call_changed)
    subscribe(tickets.TicketOpened, on_tickets.on_ticket_opened)  # after the confirmation
    subscribe(tickets.StateChanged, on_tickets.on_state_changed)
    subscribe(tickets.CallBackPlanned, mail.on_call_back_planned)
    subscribe(tickets.UrgencyRaised, mail.on_urgency_raised)
    subscribe(tickets.UrgencyTakenBack, mail.on_urgency_taken_back)
    subscribe(tickets.CallBackMoved, mail.on_call_back_planned)
    subscribe(tickets.CallBackReached, on_phone.on_call_back_reached)
    subscribe(tickets.CallBackGivenUp, mail.on_call_back_given_up)
    subscribe(tickets.CallBackDue, mail.on_call_back_due)
