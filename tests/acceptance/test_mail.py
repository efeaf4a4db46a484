"""What the two published pages promise about mail: a customer with a mailbox, an agent with a browser, a real server.

Messages come in as `balie mail receive` takes them, a worker's jobs run, and what the server took is what the
customer reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.cast import browser_of, moment
from tests.postbox import Loopback, Postbox, mail_server, postbox

from balie.accounts.models import User
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk, Notification
from balie.mail import intake
from balie.tickets.models import Ticket

__all__ = ["mail_server", "postbox"]  # fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def friday_at_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment("2026-11-20 16:00"))


class Mailbox:
    """The mail program of a customer: what it sends the desk gets, what the server took it reads."""

    def __init__(self, address: str, postbox: Postbox) -> None:
        self.address, self.postbox = address, postbox

    def write(self, subject: str, text: str, *, to: str, answers: EmailMessage | None = None) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.address, to, subject
        message["Message-ID"] = (
            f"<{len(self.postbox.messages)}.{abs(hash(text))}@{self.address.partition('@')[2]}>"
        )
        if answers is not None:
            message["In-Reply-To"] = message["References"] = answers["Message-ID"]
        message.set_content(text)
        intake.store(message.as_bytes(), now=timezone.now())
        let_the_worker_work()

    def reply(self, mail: EmailMessage, text: str) -> None:
        quoted = "\n".join(f"> {line}" for line in text_of(mail).splitlines())
        self.write(f"Re: {mail['Subject']}", f"{text}\n\n{quoted}", to=mail["Reply-To"], answers=mail)

    def newest(self) -> EmailMessage:
        return next(mail for mail in reversed(self.postbox.messages) if mail["To"] == self.address)


@pytest.fixture
def carlas_mailbox(carla: Contact, mail_server: Loopback, postbox: Postbox) -> Iterator[Mailbox]:
    Contact.objects.filter(pk=carla.pk).update(language="en")
    yield Mailbox(carla.email, postbox)


def let_the_worker_work() -> None:
    """Do the jobs that wait, and those that they cause."""
    while job := ProcrastinateJob.objects.filter(status="todo").order_by("id").first():
        app.tasks[job.task_name](**job.args)
        ProcrastinateJob.objects.filter(pk=job.pk)._raw_delete(
            "default"
        )  # Procrastinate keeps its models read-only


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def send_form(agent: User, ticket: Ticket, form: str, **fields: str) -> None:
    """Fill in one of the forms of the ticket page as an agent, and send it."""
    browser = browser_of(agent)
    page = browser.get(reverse("ticket", args=[ticket.number])).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page))
    answer = browser.post(reverse(form, args=[ticket.number]), {**hidden, **fields})
    assert answer.status_code == 302
    let_the_worker_work()


def test_a_mail_becomes_a_ticket_and_is_confirmed_by_mail_SW_17(
    softwear: Desk, carlas_mailbox: Mailbox
) -> None:
    carlas_mailbox.write("Kassalade", "De lade gaat niet open.", to="help@softwear.nl")

    ticket = Ticket.objects.get()
    confirmed = carlas_mailbox.newest()
    assert (ticket.subject, ticket.contact.email) == ("Kassalade", carlas_mailbox.address)
    assert confirmed["From"] == "Softwear servicedesk <help@softwear.nl>"
    assert f"Its number is {ticket.number}." in text_of(confirmed)


def test_each_change_of_the_state_is_mailed_SW_17(
    softwear: Desk, carlas_mailbox: Mailbox, anna: User
) -> None:
    carlas_mailbox.write("Kassalade", "De lade gaat niet open.", to="help@softwear.nl")

    send_form(anna, Ticket.objects.get(), "ticket_move", move="take_up")
    assert "It is now: being worked on." in text_of(carlas_mailbox.newest())

    send_form(anna, Ticket.objects.get(), "ticket_move", move="solve")
    assert "It is now: solved." in text_of(carlas_mailbox.newest())


def test_question_and_answer_go_to_and_fro_by_mail_on_one_ticket_SW_17(
    softwear: Desk, carlas_mailbox: Mailbox, anna: User
) -> None:
    carlas_mailbox.write("Kassalade", "De lade gaat niet open.", to="help@softwear.nl")
    send_form(
        anna,
        Ticket.objects.get(),
        "ticket_reply",
        **{"reply-text": "Zit de stekker erin?", "reply-move": "answer"},
    )
    answer = carlas_mailbox.newest()
    assert "Zit de stekker erin?" in text_of(answer)

    carlas_mailbox.reply(answer, "Ja, die zit erin.")

    messages = Ticket.objects.get().messages.order_by("id")
    assert [each.text for each in messages] == [
        "De lade gaat niet open.",
        "Zit de stekker erin?",
        "Ja, die zit erin.",
    ]
    page = browser_of(anna).get(reverse("ticket", args=[Ticket.objects.get().number])).content.decode()
    assert "Ja, die zit erin." in page


def test_an_answer_on_the_site_is_told_by_mail_with_the_answer_and_a_link_IB_15(
    infobits: Desk, sla8: Customer, carlas_mailbox: Mailbox, anna: User
) -> None:
    carlas_mailbox.write("Geen bon", "Er komt geen bon.", to="helpdesk@infobits.example")

    send_form(
        anna,
        Ticket.objects.get(),
        "ticket_reply",
        **{"reply-text": "Zet hem uit en aan.", "reply-move": "answer"},
    )

    told = text_of(carlas_mailbox.newest())
    assert "Zet hem uit en aan." in told
    assert f"http://127.0.0.1:8000/my/tickets/{Ticket.objects.get().number}/" in told


def test_by_setting_the_mail_holds_only_the_link_IB_15(
    infobits: Desk, sla8: Customer, carlas_mailbox: Mailbox, anna: User
) -> None:
    Desk.objects.update(notification=Notification.LINK)
    carlas_mailbox.write("Geen bon", "Er komt geen bon.", to="helpdesk@infobits.example")

    send_form(
        anna,
        Ticket.objects.get(),
        "ticket_reply",
        **{"reply-text": "Zet hem uit en aan.", "reply-move": "answer"},
    )

    told = text_of(carlas_mailbox.newest())
    assert "Zet hem" not in told
    assert f"http://127.0.0.1:8000/my/tickets/{Ticket.objects.get().number}/" in told


def test_two_helpdesks_that_answer_each_other_stop_at_once(softwear: Desk, carlas_mailbox: Mailbox) -> None:
    carlas_mailbox.write("Kassalade", "Help", to="help@softwear.nl")
    confirmed = carlas_mailbox.newest()
    theirs = EmailMessage()
    theirs["From"], theirs["To"], theirs["Subject"] = (
        carlas_mailbox.address,
        confirmed["Reply-To"],
        "Received",
    )
    theirs["Auto-Submitted"], theirs["In-Reply-To"] = "auto-replied", confirmed["Message-ID"]
    theirs.set_content("Your request was received.")
    before = len(carlas_mailbox.postbox.messages)

    intake.store(theirs.as_bytes(), now=timezone.now())
    let_the_worker_work()

    assert len(carlas_mailbox.postbox.messages) == before
