"""What becomes of a message: a ticket, a follow-up, filed, or in quarantine; never lost, never twice."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import OperationalError
from tests.cast import FRIDAY_AT_FOUR, at, contact
from tests.mail.letters import arrives, letter, replies_to
from tests.mail.test_intake import waiting_jobs

from balie.accounts.models import User
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk, MailIn
from balie.files import actions as files
from balie.mail import actions, filing, intake, jobs, opening
from balie.mail import round as rounds
from balie.mail.models import (
    InboundMail,
    InboundOutcome,
    InboundState,
    OutboundKind,
    OutboundMail,
    OutboundState,
)
from balie.rules.lifecycle import Actor, Move, State
from balie.rules.wishes import Channel
from balie.tickets import actions as tickets
from balie.tickets.actions import Writing
from balie.tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(softwear: Desk, carla: Contact) -> Ticket:
    """Carla's question, which came by mail."""
    mail = arrives(letter("Carla <carla@shop.example>"))
    assert mail.ticket is not None
    return mail.ticket


def confirmation_of(ticket: Ticket) -> OutboundMail:
    return OutboundMail.objects.get(ticket=ticket, kind=OutboundKind.CONFIRMATION)


def texts(ticket: Ticket) -> list[str]:
    return [message.text for message in ticket.messages.order_by("id")]


# --- New questions --------------------------------------------------------------------------------------


def test_a_mail_of_a_known_contact_becomes_its_ticket_SW_17(softwear: Desk, carla: Contact) -> None:
    mail = arrives(letter("Carla van der Berg <CARLA@shop.example>", "De lade klemt.", subject="Kassalade"))

    ticket = mail.ticket
    assert (mail.state, mail.outcome) == (InboundState.DONE, InboundOutcome.NEW_TICKET)
    assert (ticket.contact, ticket.customer, ticket.channel) == (carla, carla.customer, Channel.MAIL)
    assert (ticket.subject, texts(ticket), mail.message.contact) == ("Kassalade", ["De lade klemt."], carla)
    assert (mail.sender, mail.subject) == ("CARLA@shop.example", "Kassalade")


def test_an_unknown_sender_becomes_a_contact_without_customer(softwear: Desk) -> None:
    mail = arrives(letter('"Nieuwe Winkel" <Info@Nieuw.example>'))

    someone = Contact.objects.get(email="info@nieuw.example")
    assert (someone.customer, someone.name, someone.language) == (None, "Nieuwe Winkel", softwear.language)
    assert (mail.ticket.contact, mail.ticket.customer) == (someone, None)


def test_a_second_mail_of_an_unknown_sender_finds_the_same_contact(softwear: Desk) -> None:
    first, second = arrives(letter("Info@Nieuw.example")), arrives(letter("info@nieuw.example"))

    assert first.ticket != second.ticket
    assert first.ticket.contact == second.ticket.contact


def test_known_people_of_the_same_customer_in_cc_follow_the_ticket(
    softwear: Desk, carla: Contact, dario: Contact, bakery: Customer
) -> None:
    karin = contact("Karin", bakery)

    ticket = arrives(
        letter("carla@shop.example", Cc="karin@shop.example, dario@shop.example, x@y.example")
    ).ticket

    assert set(ticket.people.all()) == {carla, karin}


def test_a_mail_without_a_text_has_its_subject_as_text(softwear: Desk, carla: Contact) -> None:
    assert texts(arrives(letter("carla@shop.example", "", subject="Bel me")).ticket) == ["Bel me"]


def test_a_mail_without_anything_is_still_a_ticket(softwear: Desk, carla: Contact) -> None:
    Desk.objects.update(language="en")

    ticket = arrives(letter("carla@shop.example", "", subject="")).ticket

    assert ticket.subject
    assert texts(ticket) == ["(a message without text)"]


def test_what_was_quoted_stands_apart_and_is_kept(softwear: Desk, carla: Contact) -> None:
    text = (
        "Het werkt weer.\n\nOp vr 20 nov 2026 om 12:00 schreef Anna <anna@desk.example>:\n> Probeer dit eens."
    )

    message = arrives(letter("carla@shop.example", text)).message

    assert message.text == "Het werkt weer."
    assert "Probeer dit eens." in message.quoted


# --- What comes with it ---------------------------------------------------------------------------------


def test_files_are_kept_with_the_message(softwear: Desk, carla: Contact) -> None:
    mail = arrives(letter("carla@shop.example", files=(("bon.pdf", "application/pdf", b"%PDF-1.7 bon"),)))

    attachment = mail.message.attachments.get()
    assert (attachment.name, attachment.content_type) == ("bon.pdf", "application/pdf")
    assert files.read(attachment.file) == b"%PDF-1.7 bon"


def test_a_zip_bomb_is_kept_and_never_unpacked(softwear: Desk, carla: Contact) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("0.txt", bytes(50_000_000))

    mail = arrives(letter("carla@shop.example", files=(("bom.zip", "application/zip", packed.getvalue()),)))

    attachment = mail.message.attachments.get()
    assert attachment.file.size == len(packed.getvalue()) < 100_000


def test_fifty_megabytes_become_a_ticket_with_its_file(softwear: Desk, carla: Contact) -> None:
    film = bytes(37_500_000)

    mail = arrives(letter("carla@shop.example", files=(("film.mp4", "video/mp4", film),)))

    assert mail.size > 50_000_000
    assert mail.message.attachments.get().file.size == len(film)


def test_html_is_stored_harmless_with_remote_pictures_held_back(softwear: Desk, carla: Contact) -> None:
    html = '<p onclick="x()">Zie <img src="https://spy.example/p.png"><script>alert(1)</script></p>'

    message = arrives(letter("carla@shop.example", "Zie", html=html)).message

    assert "script" not in message.html
    assert "onclick" not in message.html
    assert message.has_remote_images


def test_a_picture_in_the_html_stands_in_its_place(softwear: Desk, carla: Contact) -> None:
    raw = b"""From: carla@shop.example
Subject: Bon
MIME-Version: 1.0
Content-Type: multipart/related; boundary=x

--x
Content-Type: text/html

<p>Zo: <img src="cid:bon@shop"></p>
--x
Content-Type: image/png
Content-ID: <bon@shop>
Content-Disposition: inline; filename=bon.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--x--
"""

    message = arrives(raw).message

    picture = message.attachments.get()
    assert f'src="/desk/attachments/{picture.pk}/"' in message.html
    assert picture.is_inline


def test_a_text_of_megabytes_is_cut_and_kept_whole_as_a_file(softwear: Desk, carla: Contact) -> None:
    words = " ".join(f"woord{number}" for number in range(150_000))

    mail = arrives(letter("carla@shop.example", words))

    assert mail.state == InboundState.DONE
    assert len(mail.message.text) == filing.LONGEST_TEXT
    assert files.read(mail.message.attachments.get(name="message.txt").file).decode().split() == words.split()


# --- Follow-ups -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["In-Reply-To", "To"])
def test_a_reply_finds_its_ticket_by_either_token(softwear: Desk, asked: Ticket, header: str) -> None:
    sent = confirmation_of(asked)
    carried = {"In-Reply-To": sent.message_id_header} if header == "In-Reply-To" else {}
    to = sent.reply_to if header == "To" else "help@softwear.nl"

    mail = arrives(letter("carla@shop.example", "Nog een ding.", to=to, In_Reply_To=carried.get(header, "")))

    assert (mail.outcome, mail.ticket) == (InboundOutcome.FOLLOW_UP, asked)
    assert texts(asked) == ["De lade gaat niet open.", "Nog een ding."]


def test_the_subject_alone_never_finds_a_ticket(softwear: Desk, asked: Ticket) -> None:
    mail = arrives(letter("carla@shop.example", subject=f"Re: [#{asked.number}] Kassalade"))

    assert mail.outcome == InboundOutcome.NEW_TICKET
    assert mail.ticket != asked


def test_the_token_of_somebody_elses_ticket_opens_a_new_one_and_tells_only_the_agent(
    softwear: Desk, asked: Ticket, dario: Contact
) -> None:
    mail = arrives(replies_to(confirmation_of(asked), "En bij mij ook!", sender="dario@shop.example"))

    assert (mail.outcome, mail.ticket.customer) == (InboundOutcome.POINTER, dario.customer)
    assert texts(asked) == ["De lade gaat niet open."]
    note = mail.ticket.messages.get(is_internal=True)
    assert f"#{asked.number}" in note.text
    for sent in OutboundMail.objects.filter(ticket=mail.ticket):
        assert "De lade" not in sent.text + sent.html


def test_a_forged_token_is_worth_nothing(softwear: Desk, asked: Ticket) -> None:
    forged = f"help+{asked.number}-{'a' * 16}@softwear.nl"

    mail = arrives(letter("carla@shop.example", to=forged))

    assert mail.outcome == InboundOutcome.NEW_TICKET
    assert any("did not make" in reason["message"] for reason in mail.reasons)


def test_a_person_in_cc_of_a_reply_follows_the_ticket_from_then_on(
    softwear: Desk, asked: Ticket, carla: Contact, bakery: Customer
) -> None:
    karin = contact("Karin", bakery)

    arrives(replies_to(confirmation_of(asked), Cc="karin@shop.example"))

    assert set(asked.people.all()) == {carla, karin}


def test_a_reply_within_sixty_days_opens_the_ticket_again_IB_23(
    softwear: Desk, asked: Ticket, anna: User
) -> None:
    tickets.move(asked, Move.SOLVE, actor=Actor.AGENT, by=anna, situation=at(softwear))

    mail = arrives(replies_to(confirmation_of(asked)), now=FRIDAY_AT_FOUR + timedelta(days=59))

    asked.refresh_from_db()
    assert (mail.outcome, asked.state) == (InboundOutcome.FOLLOW_UP, State.OPEN)


def test_a_reply_that_comes_too_late_is_a_new_ticket_that_follows_the_old_IB_23(
    softwear: Desk, asked: Ticket, anna: User
) -> None:
    tickets.move(asked, Move.SOLVE, actor=Actor.AGENT, by=anna, situation=at(softwear))

    mail = arrives(replies_to(confirmation_of(asked)), now=FRIDAY_AT_FOUR + timedelta(days=62))

    asked.refresh_from_db()
    assert (mail.outcome, mail.ticket.follows, asked.state) == (InboundOutcome.LINKED, asked, State.SOLVED)
    assert confirmation_of(mail.ticket).recipient == "carla@shop.example"


# --- Programs -------------------------------------------------------------------------------------------


def test_an_out_of_office_reply_is_filed_and_changes_nothing(
    softwear: Desk, asked: Ticket, anna: User
) -> None:
    first = asked.messages.get().pk
    tickets.reply(asked, writing=Writing("Probeer dit."), by=anna, seen=first, situation=at(softwear))
    before = OutboundMail.objects.count()

    mail = arrives(
        replies_to(OutboundMail.objects.latest("pk"), "Ik ben er niet.", Auto_Submitted="auto-replied")
    )

    asked.refresh_from_db()
    assert (mail.outcome, mail.message.is_automatic) == (InboundOutcome.AUTOMATIC, True)
    assert (asked.state, OutboundMail.objects.count()) == (State.WAITING, before)


def test_automatic_mail_about_nothing_of_ours_opens_no_ticket(softwear: Desk, carla: Contact) -> None:
    mail = arrives(letter("carla@shop.example", "Nieuwsbrief", Auto_Submitted="auto-generated"))

    assert (mail.state, mail.outcome, mail.ticket) == (InboundState.DONE, InboundOutcome.AUTOMATIC, None)
    assert not Ticket.objects.exists()
    assert not OutboundMail.objects.exists()


def test_a_no_reply_sender_gets_a_ticket_and_no_confirmation(softwear: Desk) -> None:
    mail = arrives(letter("no-reply@webshop.example", "Formulier ingevuld"))

    assert mail.outcome == InboundOutcome.NEW_TICKET
    assert not OutboundMail.objects.exists()


@pytest.mark.parametrize("sender", ["help@softwear.nl", "HELP+1001-x@softwear.nl"])
def test_the_desks_own_mail_that_comes_back_opens_nothing(softwear: Desk, sender: str) -> None:
    mail = arrives(letter(sender))

    assert mail.outcome == InboundOutcome.OWN
    assert not Ticket.objects.exists()


def test_one_sender_gets_at_most_ten_confirmations_an_hour(softwear: Desk, carla: Contact) -> None:
    for number in range(12):
        arrives(letter("carla@shop.example", f"Vraag {number}"))

    assert Ticket.objects.count() == 12
    assert OutboundMail.objects.filter(kind=OutboundKind.CONFIRMATION).count() == 10
    mail = arrives(letter("carla@shop.example"), now=FRIDAY_AT_FOUR + timedelta(minutes=61))
    assert OutboundMail.objects.filter(ticket=mail.ticket).exists()


BOUNCE = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Return-Path: <>
Message-ID: <bounce-1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

<{recipient}>: 550 5.1.1 no such user here

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {returned}
Subject: x

--b--
"""


def bounce_of(sent: OutboundMail, *, names_it: bool = True) -> bytes:
    returned = sent.message_id_header if names_it else "<other@mx.example>"
    return BOUNCE.format(to=sent.reply_to, recipient=sent.recipient, returned=returned).encode()


@pytest.mark.parametrize("names_it", [True, False], ids=["by its Message-ID", "by its recipient"])
def test_a_bounce_is_a_note_on_its_ticket_and_our_mail_has_failed(
    softwear: Desk, asked: Ticket, names_it: bool
) -> None:
    sent = confirmation_of(asked)
    OutboundMail.objects.update(state=OutboundState.SENT)

    mail = arrives(bounce_of(sent, names_it=names_it))

    sent.refresh_from_db()
    asked.refresh_from_db()
    assert (mail.outcome, mail.message.is_internal) == (InboundOutcome.BOUNCE, True)
    assert "no such user" in mail.message.text
    assert (sent.state, asked.state) == (OutboundState.FAILED, State.NEW)
    assert "550 5.1.1 no such user here" in sent.error


def test_a_bounce_that_proves_nothing_is_only_filed(softwear: Desk, asked: Ticket) -> None:
    raw = BOUNCE.format(
        to="help@softwear.nl", recipient="carla@shop.example", returned="<x@y.example>"
    ).encode()

    mail = arrives(raw)

    assert (mail.outcome, mail.ticket) == (InboundOutcome.BOUNCE, None)
    assert confirmation_of(asked).state == OutboundState.KEPT


# --- Once, and never lost -------------------------------------------------------------------------------


def test_the_same_mail_by_another_way_is_known_by_its_fingerprint(softwear: Desk, carla: Contact) -> None:
    raw = letter("carla@shop.example")
    first = arrives(raw)

    second = arrives(b"Received: from elsewhere.example\n" + raw)

    assert (first.pk != second.pk, second.outcome) == (True, InboundOutcome.DUPLICATE)
    assert Ticket.objects.count() == Message.objects.count() == 1


def test_working_on_a_mail_twice_changes_nothing(softwear: Desk, carla: Contact) -> None:
    mail = arrives(letter("carla@shop.example"))

    actions.process(mail.pk, now=FRIDAY_AT_FOUR)

    assert Ticket.objects.count() == Message.objects.count() == OutboundMail.objects.count() == 1


def test_a_mail_without_any_sender_waits_in_quarantine(softwear: Desk) -> None:
    mail = arrives(letter(None))

    assert mail.state == InboundState.QUARANTINED
    assert "names no sender" in mail.error
    assert bytes(mail.raw)


@pytest.mark.parametrize("header", ["Sender", "Return-Path"])
def test_without_from_the_sender_or_the_envelope_names_somebody(
    softwear: Desk, carla: Contact, header: str
) -> None:
    mail = arrives(letter(None, **{header.replace("-", "_"): "<carla@shop.example>"}))

    assert (mail.outcome, mail.ticket.contact) == (InboundOutcome.NEW_TICKET, carla)


def test_broken_mime_is_read_as_far_as_it_can_be(softwear: Desk, carla: Contact) -> None:
    raw = b"From: carla@shop.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHelp!\n--y--\n"

    assert "Help!" in texts(arrives(raw).ticket)[0]


def test_what_cannot_be_worked_on_stops_nobody(
    softwear: Desk, carla: Contact, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    breaks_on(monkeypatch, "vergiftigd", ValueError("The well is poisoned."))
    keys = [
        intake.store(letter("carla@shop.example", text), now=FRIDAY_AT_FOUR).key
        for text in ("een", "vergiftigd", "drie")
    ]

    assert actions.process_waiting(now=FRIDAY_AT_FOUR) == 3

    states = [InboundMail.objects.get(pk=key).state for key in keys]
    assert states == [InboundState.DONE, InboundState.QUARANTINED, InboundState.DONE]
    assert InboundMail.objects.get(pk=keys[1]).error == "ValueError: The well is poisoned."
    assert Ticket.objects.count() == 2
    assert "goes into quarantine" in caplog.text


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), OperationalError("connection lost")],
    ids=["disk", "database"],
)
def test_trouble_that_passes_leaves_the_mail_waiting(
    softwear: Desk, carla: Contact, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    with monkeypatch.context() as broken:
        breaks_on(broken, "Kassa", error)
        stored = intake.store(letter("carla@shop.example", "Kassa"), now=FRIDAY_AT_FOUR)
        with pytest.raises(type(error)):
            actions.process_waiting(now=FRIDAY_AT_FOUR)
    assert InboundMail.objects.get(pk=stored.key).state == InboundState.STORED

    actions.process_waiting(now=FRIDAY_AT_FOUR)

    assert InboundMail.objects.get(pk=stored.key).state == InboundState.DONE


class Killed(BaseException):
    """What a kill of the process looks like from inside: nothing after it runs."""


def test_a_mail_that_ends_the_worker_is_tried_alone_behind_the_others_and_then_kept_apart(
    softwear: Desk, carla: Contact, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [
        intake.store(letter("carla@shop.example", text), now=FRIDAY_AT_FOUR).key
        for text in ("een", "dodelijk", "drie")
    ]
    states: dict[int, str] = {}
    ends = 0
    with monkeypatch.context() as broken:
        breaks_on(broken, "dodelijk", Killed())
        for minute in range(15):
            now = FRIDAY_AT_FOUR + timedelta(minutes=minute)
            if minute == 2:
                keys.append(intake.store(letter("carla@shop.example", "vier"), now=now).key)
            for _ in range(4):
                try:
                    actions.process_waiting(now=now)
                except Killed:
                    ends += 1
        states = dict(InboundMail.objects.values_list("pk", "state"))
    assert [states[key] for key in keys] == [
        InboundState.DONE,
        InboundState.QUARANTINED,
        InboundState.DONE,
        InboundState.DONE,
    ]
    assert ends == 1 + len(actions.ALONE_AFTER_SECONDS)
    mail = InboundMail.objects.get(pk=keys[1])
    assert "the program itself ended" in mail.error

    actions.retry(mail, by=willem, now=FRIDAY_AT_FOUR)
    assert actions.process_waiting(now=FRIDAY_AT_FOUR) == 1, "all that it needed was a better program"


def test_a_retried_mail_leaves_the_quarantine(
    softwear: Desk, carla: Contact, willem: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        breaks_on(broken, "Kassa", ValueError("Not today."))
        mail = arrives(letter("carla@shop.example", "Kassa"))
    assert mail.state == InboundState.QUARANTINED

    actions.retry(mail, by=willem, now=FRIDAY_AT_FOUR)
    actions.process_waiting(now=FRIDAY_AT_FOUR)

    mail.refresh_from_db()
    assert (mail.state, mail.error, mail.ticket.subject) == (InboundState.DONE, "", "Kassalade")
    with pytest.raises(actions.NothingToRetry):
        actions.retry(mail, by=willem, now=FRIDAY_AT_FOUR)


def test_several_replies_on_one_ticket_are_sorted_together_each_as_its_own_message(
    softwear: Desk, carla: Contact, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="balie.mail.actions")
    sent = OutboundMail.objects.get(ticket=arrives(letter("carla@shop.example")).ticket)
    for number in range(3):
        intake.store(replies_to(sent, f"Nog {number}"), now=FRIDAY_AT_FOUR)
    intake.store(
        replies_to(sent, "Ik ben er niet.", Auto_Submitted="auto-replied"),
        now=FRIDAY_AT_FOUR,
    )

    assert actions.process_waiting(now=FRIDAY_AT_FOUR) == 4

    mails = InboundMail.objects.select_related("message").order_by("id")[1:]
    texts = [mail.message.text for mail in mails if mail.message]
    assert texts == ["Nog 0", "Nog 1", "Nog 2", "Ik ben er niet."]
    assert "one by one" not in caplog.text


def test_mails_that_were_worked_on_together_leave_no_jobs_behind(softwear: Desk, carla: Contact) -> None:
    for number in range(3):
        intake.store(letter("carla@shop.example", f"Vraag {number}"), now=FRIDAY_AT_FOUR)

    actions.process_waiting(now=FRIDAY_AT_FOUR)

    assert waiting_jobs(jobs.PROCESS) == []


def test_another_worker_that_was_first_with_the_message_makes_ours_the_duplicate(
    softwear: Desk, carla: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = letter("carla@shop.example")
    arrives(raw)
    original, looks = rounds._received, []

    def before_the_other_is_committed(fingerprints: set[str], mails: Sequence[InboundMail]) -> set[str]:
        looks.append(fingerprints)
        return set() if len(looks) == 1 else original(fingerprints, mails)

    monkeypatch.setattr(rounds, "_received", before_the_other_is_committed)

    second = arrives(b"Received: from elsewhere.example\n" + raw)

    assert second.outcome == InboundOutcome.DUPLICATE
    assert Ticket.objects.count() == 1


def test_large_mails_are_worked_on_a_few_at_a_time(softwear: Desk, carla: Contact) -> None:
    for number in range(3):
        attached = (f"{number}.bin", "application/octet-stream", bytes([number]) * 4_000_000)
        intake.store(letter("carla@shop.example", files=(attached,)), now=FRIDAY_AT_FOUR)

    done = [actions.process_waiting(now=FRIDAY_AT_FOUR) for _ in range(4)]

    assert done == [1, 1, 1, 0]


def breaks_on(monkeypatch: pytest.MonkeyPatch, text: str, error: BaseException) -> None:
    """Let working on a mail with this text raise."""
    original = rounds.read_message

    def read_message(raw: bytes) -> object:
        if text.encode() in raw:
            raise error
        return original(raw)

    for module in (opening, rounds):
        monkeypatch.setattr(module, "read_message", read_message)


# --- The settings of the desk ---------------------------------------------------------------------------


def test_a_desk_that_takes_no_mail_answers_with_the_way_to_the_portal(softwear: Desk, carla: Contact) -> None:
    Desk.objects.update(mail_in=MailIn.POINTER)

    mail = arrives(letter("carla@shop.example", subject="Kassalade"))

    sent = OutboundMail.objects.get()
    assert (mail.outcome, mail.ticket, bytes(mail.raw) != b"") == (InboundOutcome.PORTAL, None, True)
    assert (sent.kind, sent.recipient, sent.subject) == (
        OutboundKind.POINTER,
        "carla@shop.example",
        "Re: Kassalade",
    )
    assert "http://127.0.0.1:8000" in sent.text
    assert not Ticket.objects.exists()


def test_the_way_to_the_portal_is_not_told_to_programs(softwear: Desk) -> None:
    Desk.objects.update(mail_in=MailIn.POINTER)

    arrives(letter("no-reply@webshop.example"))

    assert not OutboundMail.objects.exists()


def test_over_the_quota_a_mail_is_kept_and_told_why_IB_10(infobits: Desk, carla: Contact) -> None:
    Contact.objects.update(language="en")
    for number in range(3):
        mail = arrives(letter("carla@shop.example", f"Vraag {number}", to="helpdesk@infobits.example"))

    assert mail.ticket.due_at is None
    assert "cannot promise" in confirmation_of(mail.ticket).text


def test_the_quota_counts_within_a_round_too_IB_10(infobits: Desk, carla: Contact) -> None:
    for number in range(3):
        intake.store(
            letter("carla@shop.example", f"Vraag {number}", to="helpdesk@infobits.example"),
            now=FRIDAY_AT_FOUR,
        )

    actions.process_waiting(now=FRIDAY_AT_FOUR)

    assert [ticket.due_at is not None for ticket in Ticket.objects.order_by("id")] == [True, True, False]


def test_a_reaction_over_the_quota_is_kept_and_told_why_once_IB_10(infobits: Desk, carla: Contact) -> None:
    Contact.objects.update(language="en")
    ticket = arrives(letter("carla@shop.example", to="helpdesk@infobits.example")).ticket

    for number in range(5):
        arrives(replies_to(confirmation_of(ticket), f"Nog iets: {number}"))

    told = OutboundMail.objects.get(kind=OutboundKind.QUOTA)
    assert "cannot promise" in told.text
    assert ticket.messages.count() == 6
