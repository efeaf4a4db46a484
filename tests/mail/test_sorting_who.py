"""Who wrote, to which address, and how far that is believed: strangers, forgers, forms, forwards, spam and roles."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core import mail as post
from tests.cast import FRIDAY_AT_FOUR, at
from tests.mail.letters import arrives, letter, replies_to
from tests.mail.names import serving

from balie.accounts.models import Team, User
from balie.audit.models import Entry
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk
from balie.mail import actions, bounces, intake, opening, releasing
from balie.mail.models import (
    DeskAddress,
    InboundMail,
    InboundOutcome,
    InboundState,
    MailSettings,
    MailStep,
    OutboundKind,
    OutboundMail,
    Step,
)
from balie.mail.proof.checking import Resolver
from balie.rules.lifecycle import Move
from balie.tickets import actions as tickets
from balie.tickets.actions import Writing
from balie.tickets.models import Category, Message, Ticket

pytestmark = pytest.mark.django_db

FAILED = "mx.softwear.nl; dmarc=fail (p=reject) header.from=shop.example"
SAID_LATER = FRIDAY_AT_FOUR + timedelta(seconds=releasing.SECONDS_TO_TAKE_BACK)


def rules(**values: object) -> MailSettings:
    return MailSettings.objects.create(pk=1, **values)


@pytest.fixture
def listing(softwear: Desk) -> MailSettings:
    """Strangers wait; our own mail server is believed."""
    return rules(strangers="list", trusted_checkers="mx.softwear.nl")


@pytest.fixture
def asked(softwear: Desk, carla: Contact) -> Ticket:
    mail = arrives(letter("Carla <carla@shop.example>"))
    assert mail.ticket is not None
    return mail.ticket


def confirmation_of(ticket: Ticket) -> OutboundMail:
    return OutboundMail.objects.filter(ticket=ticket, kind=OutboundKind.CONFIRMATION).latest("id")


def worked_on(mail: InboundMail) -> InboundMail:
    """After the moments in which an agent may take it back."""
    actions.process_waiting(now=SAID_LATER)
    mail.refresh_from_db()
    return mail


# --- Strangers ------------------------------------------------------------------------------------------


def test_a_stranger_waits_by_setting_and_gets_no_answer(listing: MailSettings) -> None:
    mail = arrives(letter("Nieuw <info@nieuw.example>"))

    assert (mail.state, mail.outcome, mail.ticket) == (InboundState.WAITING, InboundOutcome.STRANGER, None)
    assert not Contact.objects.exists() and not OutboundMail.objects.exists()


def test_the_same_mail_again_is_one_mail_that_waits(listing: MailSettings) -> None:
    raw = letter("info@nieuw.example")
    arrives(raw)
    assert arrives(b"Received: from elsewhere\n" + raw).outcome == InboundOutcome.DUPLICATE


def test_an_agent_places_a_stranger_and_it_becomes_a_ticket(
    listing: MailSettings, bakery: Customer, anna: User
) -> None:
    mail = arrives(letter("Nieuw <Info@Nieuw.example>", "De lade klemt."))

    releasing.release(mail, at=bakery, by=anna, now=FRIDAY_AT_FOUR)
    assert actions.process_waiting(now=FRIDAY_AT_FOUR) == 0, "it can still be taken back"
    mail = worked_on(mail)

    someone = Contact.objects.get(email="info@nieuw.example")
    assert (someone.customer, someone.name) == (bakery, "Nieuw")
    assert mail.ticket is not None and (mail.ticket.customer, mail.ticket.contact) == (bakery, someone)
    assert confirmation_of(mail.ticket).recipient == "info@nieuw.example"
    assert Entry.objects.filter(action="release", actor_id=anna.pk).exists()
    assert [row.step for row in MailStep.objects.filter(inbound=mail.pk)] == [
        Step.SORTED,
        Step.RELEASED,
        Step.SORTED,
    ]


def test_what_was_let_through_can_be_taken_back(listing: MailSettings, bakery: Customer, anna: User) -> None:
    mail = arrives(letter("info@nieuw.example"))
    releasing.release(mail, at=bakery, by=anna, now=FRIDAY_AT_FOUR)

    releasing.take_back(mail, by=anna, now=FRIDAY_AT_FOUR)
    mail = worked_on(mail)

    assert (mail.state, mail.outcome, mail.released_to) == (
        InboundState.WAITING,
        InboundOutcome.STRANGER,
        None,
    )
    assert not Ticket.objects.exists() and not Contact.objects.exists()


def test_what_was_let_through_goes_before_all_that_came_in_since(
    listing: MailSettings, bakery: Customer, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    waited = arrives(letter("info@nieuw.example"))
    releasing.release(waited, at=bakery, by=anna, now=FRIDAY_AT_FOUR)
    for number in range(5):
        intake.store(letter(f"somebody{number}@else.example"), now=FRIDAY_AT_FOUR)

    actions.process_waiting(now=SAID_LATER)

    waited.refresh_from_db()
    assert (waited.outcome, waited.attempts) == (InboundOutcome.NEW_TICKET, 2)
    assert InboundMail.objects.filter(state=InboundState.STORED).count() == 4


def test_what_was_let_through_and_ends_the_worker_is_tried_alone_behind_the_others(
    listing: MailSettings, bakery: Customer, anna: User
) -> None:
    waited = arrives(letter("info@nieuw.example"))
    releasing.release(waited, at=bakery, by=anna, now=FRIDAY_AT_FOUR)
    assert actions._take(SAID_LATER) == [waited.pk], "and then the process ended"
    stored = intake.store(letter("somebody@else.example"), now=FRIDAY_AT_FOUR)

    much_later = SAID_LATER + timedelta(hours=1)
    assert [actions._take(much_later), actions._take(much_later)] == [[stored.key], [waited.pk]]


def test_not_for_us_becomes_nothing_and_can_be_taken_back(listing: MailSettings, anna: User) -> None:
    mail = arrives(letter("info@nieuw.example"))

    releasing.refuse(mail, by=anna, now=FRIDAY_AT_FOUR)
    mail.refresh_from_db()
    assert (mail.state, mail.outcome) == (InboundState.DONE, InboundOutcome.NOT_OURS)
    with pytest.raises(releasing.NothingWaits):
        releasing.release(mail, at=None, by=anna, now=FRIDAY_AT_FOUR)

    releasing.take_back(mail, by=anna, now=FRIDAY_AT_FOUR)
    mail.refresh_from_db()
    assert (mail.state, mail.outcome) == (InboundState.WAITING, InboundOutcome.STRANGER)


def test_nothing_is_taken_back_once_it_is_a_ticket(listing: MailSettings, anna: User) -> None:
    mail = arrives(letter("info@nieuw.example"))
    releasing.release(mail, at=None, by=anna, now=FRIDAY_AT_FOUR)
    mail = worked_on(mail)
    with pytest.raises(releasing.NothingWaits):
        releasing.take_back(mail, by=anna, now=SAID_LATER)


def test_a_known_sender_never_waits(listing: MailSettings, carla: Contact) -> None:
    assert arrives(letter("carla@shop.example")).outcome == InboundOutcome.NEW_TICKET


# --- Forged senders -------------------------------------------------------------------------------------


def test_a_spoofed_carla_is_not_carla(listing: MailSettings, asked: Ticket) -> None:
    sent = confirmation_of(asked)
    before = OutboundMail.objects.count()

    mail = arrives(replies_to(sent, sender="carla@shop.example", Authentication_Results=FAILED))

    assert (mail.state, mail.outcome, mail.ticket) == (InboundState.WAITING, InboundOutcome.FORGED, None)
    assert Message.objects.filter(ticket=asked).count() == 1
    assert OutboundMail.objects.count() == before
    assert "DMARC" in mail.reasons[0]["message"]


def test_an_agent_who_knows_better_lets_it_onto_the_ticket(
    listing: MailSettings, asked: Ticket, anna: User
) -> None:
    sent = confirmation_of(asked)
    mail = arrives(replies_to(sent, sender="carla@shop.example", Authentication_Results=FAILED))

    releasing.release(mail, at=None, by=anna, now=FRIDAY_AT_FOUR)

    assert worked_on(mail).outcome == InboundOutcome.FOLLOW_UP
    assert Message.objects.filter(ticket=asked).count() == 2


def test_the_word_of_another_server_counts_for_nothing(listing: MailSettings, carla: Contact) -> None:
    said = FAILED.replace("mx.softwear.nl", "mx.elsewhere.example")
    assert (
        arrives(letter("carla@shop.example", Authentication_Results=said)).outcome
        == InboundOutcome.NEW_TICKET
    )


def test_a_small_shop_without_any_records_loses_nothing(listing: MailSettings, carla: Contact) -> None:
    said = "mx.softwear.nl; spf=none smtp.mailfrom=shop.example; dmarc=none header.from=shop.example"
    assert (
        arrives(letter("carla@shop.example", Authentication_Results=said)).outcome
        == InboundOutcome.NEW_TICKET
    )


def test_a_desk_that_never_takes_anybody_for_forged(softwear: Desk, carla: Contact) -> None:
    rules(care="never", trusted_checkers="mx.softwear.nl")
    assert (
        arrives(letter("carla@shop.example", Authentication_Results=FAILED)).outcome
        == InboundOutcome.NEW_TICKET
    )


def from_server(raw: bytes, address: str) -> InboundMail:
    """The message, as a mail server in front brought it that told who sent it."""
    stored = intake.store(raw, now=FRIDAY_AT_FOUR)
    told = {"address": address, "helo": "mx.example", "sender": "x@evil.example"}
    InboundMail.objects.filter(pk=stored.key).update(client=told)
    actions.process(stored.key, now=FRIDAY_AT_FOUR)
    return InboundMail.objects.get(pk=stored.key)


def test_a_sender_is_checked_here_when_no_server_did(
    softwear: Desk, carla: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving({("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=reject"']}) as port:
        monkeypatch.setattr(opening, "resolver", lambda: Resolver(servers=["127.0.0.1"], port=port))
        mail = from_server(letter("carla@shop.example"), "203.0.113.66")
    assert (mail.state, mail.outcome) == (InboundState.WAITING, InboundOutcome.FORGED)


def test_nothing_is_checked_here_when_the_desk_does_not_want_it(
    softwear: Desk, carla: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules(checks_here=False)
    monkeypatch.setattr(opening, "resolver", lambda: pytest.fail("the DNS was asked"))
    assert from_server(letter("carla@shop.example"), "203.0.113.66").outcome == InboundOutcome.NEW_TICKET


# --- Forms, Reply-To, Sender ----------------------------------------------------------------------------


def test_a_form_on_our_website_is_a_question_of_who_filled_it_in(softwear: Desk) -> None:
    mail = arrives(letter("help@softwear.nl", Reply_To="Nieuw <info@nieuw.example>"))
    assert mail.outcome == InboundOutcome.NEW_TICKET
    assert mail.ticket is not None and mail.ticket.contact.email == "info@nieuw.example"


def test_a_form_in_the_name_of_a_known_contact_must_be_proven(listing: MailSettings, carla: Contact) -> None:
    raw = letter("help@softwear.nl", Reply_To="carla@shop.example")
    assert arrives(raw).outcome == InboundOutcome.FORGED

    proven = "mx.softwear.nl; dmarc=pass header.from=softwear.nl"
    mail = arrives(letter("help@softwear.nl", Reply_To="carla@shop.example", Authentication_Results=proven))
    assert mail.outcome == InboundOutcome.NEW_TICKET
    assert mail.ticket is not None and mail.ticket.contact == carla


def test_our_own_mail_that_comes_back_is_no_form(softwear: Desk) -> None:
    assert arrives(letter("help@softwear.nl", Reply_To="help+x@softwear.nl")).outcome == InboundOutcome.OWN


def test_who_sends_for_somebody_else_is_not_the_author(softwear: Desk, carla: Contact) -> None:
    mail = arrives(letter("carla@shop.example", Sender="secretary@shop.example"))
    assert mail.ticket is not None and mail.ticket.contact == carla


# --- Forwarded by an agent ------------------------------------------------------------------------------

FORWARDED = """Deze is van mijn klant.

---------- Forwarded message ---------
Van: Carla <carla@shop.example>
Date: vr 20 nov 2026 om 09:05
Subject: Kassalade
To: Anna <anna@desk.example>

De lade klemt.
"""


def test_what_an_agent_forwards_is_the_customers_ticket_SW_17(
    softwear: Desk, carla: Contact, anna: User
) -> None:
    mail = arrives(letter("Anna <anna@desk.example>", FORWARDED, subject="Fwd: Kassalade"))

    ticket = mail.ticket
    assert ticket is not None and (ticket.contact, ticket.subject) == (carla, "Kassalade")
    question, note = ticket.messages.order_by("id")
    assert (question.text, question.contact, question.is_internal) == ("De lade klemt.", carla, False)
    assert mail.message == question
    assert note.is_internal and "Deze is van mijn klant." in note.text and "09:05" in note.text
    assert confirmation_of(ticket).recipient == "carla@shop.example"
    assert not Contact.objects.filter(email="anna@desk.example").exists()


def test_a_whole_message_that_an_agent_attaches_is_the_customers_too(
    listing: MailSettings, anna: User
) -> None:
    inner = EmailMessage()
    inner["From"] = "Nieuw <info@nieuw.example>"
    inner["Subject"] = "Kassalade"
    inner.set_content("De lade klemt.")
    inner.add_attachment(b"PDF", maintype="application", subtype="pdf", filename="bon.pdf")
    outer = EmailMessage()
    outer["From"] = "anna@desk.example"
    outer["To"] = "help@softwear.nl"
    outer["Message-ID"] = "<outer@desk.example>"
    outer.set_content("Zie bijlage.")
    outer.add_attachment(inner)

    mail = arrives(outer.as_bytes())

    assert mail.ticket is not None and mail.ticket.contact.email == "info@nieuw.example"
    question = mail.ticket.messages.earliest("id")
    assert question.text == "De lade klemt."
    assert [each.name for each in question.attachments.all()] == ["bon.pdf"]


def test_a_customer_who_forwards_asks_a_question_of_its_own(
    softwear: Desk, carla: Contact, dario: Contact
) -> None:
    mail = arrives(letter("dario@shop.example", FORWARDED, subject="Fwd: Kassalade"))
    assert mail.ticket is not None and mail.ticket.contact == dario
    assert "carla@shop.example" in mail.ticket.messages.get().text + mail.ticket.messages.get().quoted


def test_a_forward_with_our_token_gets_onto_no_ticket(asked: Ticket, anna: User) -> None:
    sent = confirmation_of(asked)
    mail = arrives(replies_to(sent, FORWARDED, sender="anna@desk.example"))
    assert mail.ticket != asked
    assert Message.objects.filter(ticket=asked).count() == 1


# --- Several addresses ----------------------------------------------------------------------------------


@pytest.fixture
def till(softwear: Desk) -> DeskAddress:
    category = Category.objects.filter(is_active=True).first()
    team = Team.objects.create(name="Kassateam")
    return DeskAddress.objects.create(
        address="Kassa@softwear.nl", category=category, team=team, language="en"
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"to": "kassa@softwear.nl"},
        {"to": "boss@shop.example", "Cc": "Kassa@Softwear.nl"},
        {"to": "undisclosed@softwear.nl", "Delivered_To": "kassa@softwear.nl"},
        {"to": "kassa+vrijdag@softwear.nl"},
    ],
    ids=["To", "Cc", "Delivered-To", "with a plus"],
)
def test_what_a_mail_becomes_follows_from_its_address(till: DeskAddress, headers: dict[str, str]) -> None:
    mail = arrives(letter("info@nieuw.example", **headers))
    assert mail.ticket is not None
    assert (mail.ticket.category, mail.ticket.team) == (till.category, till.team)
    assert mail.ticket.contact.language == "en"


def test_a_mail_to_the_desk_itself_has_no_category(till: DeskAddress) -> None:
    mail = arrives(letter("info@nieuw.example"))
    assert mail.ticket is not None and mail.ticket.category is None


def test_what_came_in_at_another_address_is_confirmed_and_answered_from_there(
    till: DeskAddress, carla: Contact, anna: User
) -> None:
    mail = arrives(letter("carla@shop.example", to="Kassa@Softwear.nl"))
    assert mail.ticket is not None
    sent = confirmation_of(mail.ticket)
    assert (mail.meant_for, sent.sender) == ("kassa@softwear.nl", "Softwear servicedesk <kassa@softwear.nl>")
    assert sent.reply_to.startswith(f"kassa+{mail.ticket.number}-")
    assert bounces.return_path_of(sent).startswith(f"kassa+bounce-{sent.pk}-")

    reply = arrives(replies_to(sent))
    assert (reply.outcome, reply.ticket) == (InboundOutcome.FOLLOW_UP, mail.ticket)

    answers(anna, mail.ticket)
    answer = OutboundMail.objects.get(ticket=mail.ticket, kind=OutboundKind.REPLY)
    assert (answer.sender, answer.reply_to) == (sent.sender, sent.reply_to)


def test_a_follow_up_at_another_address_does_not_change_from_where_a_ticket_is_answered(
    till: DeskAddress, asked: Ticket, anna: User
) -> None:
    sent = confirmation_of(asked)
    raw = letter("carla@shop.example", to="kassa@softwear.nl", In_Reply_To=sent.message_id_header)
    assert arrives(raw).outcome == InboundOutcome.FOLLOW_UP

    answers(anna, asked)
    answer = OutboundMail.objects.get(ticket=asked, kind=OutboundKind.REPLY)
    assert answer.sender == "Softwear servicedesk <help@softwear.nl>"


def test_an_address_that_the_desk_gave_up_answers_no_more(
    till: DeskAddress, carla: Contact, anna: User
) -> None:
    ticket = arrives(letter("carla@shop.example", to="kassa@softwear.nl")).ticket
    assert ticket is not None
    till.delete()

    answers(anna, ticket)
    answer = OutboundMail.objects.get(ticket=ticket, kind=OutboundKind.REPLY)
    assert answer.sender == "Softwear servicedesk <help@softwear.nl>"


def answers(agent: User, ticket: Ticket) -> None:
    situation = at(Desk.objects.get(), FRIDAY_AT_FOUR)
    writing = Writing(text="Draai de sleutel om.")
    tickets.reply(ticket, writing=writing, by=agent, seen=10**9, situation=situation, move=Move.ANSWER)


def test_each_address_of_the_desk_is_the_desk(till: DeskAddress) -> None:
    assert arrives(letter("kassa@softwear.nl")).outcome == InboundOutcome.OWN


# --- Spam -----------------------------------------------------------------------------------------------


def test_spam_waits_apart_and_one_click_makes_it_a_ticket(softwear: Desk, carla: Contact, anna: User) -> None:
    mail = arrives(letter("carla@shop.example", X_Spam_Flag="YES"))
    assert (mail.state, mail.outcome, mail.ticket) == (InboundState.SPAM, InboundOutcome.SPAM, None)
    assert not OutboundMail.objects.exists()

    releasing.release(mail, at=None, by=anna, now=FRIDAY_AT_FOUR)

    assert worked_on(mail).outcome == InboundOutcome.NEW_TICKET
    assert OutboundMail.objects.get().kind == OutboundKind.CONFIRMATION


def test_which_headers_count_is_a_setting(softwear: Desk, carla: Contact) -> None:
    rules(spam_headers="X-Our-Filter: bad")
    assert arrives(letter("carla@shop.example", X_Spam_Flag="YES")).outcome == InboundOutcome.NEW_TICKET
    assert arrives(letter("carla@shop.example", X_Our_Filter="Bad, 12")).outcome == InboundOutcome.SPAM


def test_spam_goes_after_a_time(softwear: Desk) -> None:
    mail = arrives(letter("info@nieuw.example", X_Spam_Flag="YES"))

    assert releasing.forget_spam(now=FRIDAY_AT_FOUR + timedelta(days=30)) == 0
    assert releasing.forget_spam(now=FRIDAY_AT_FOUR + timedelta(days=30, seconds=1)) == 1

    mail.refresh_from_db()
    assert (bytes(mail.raw), mail.sender, mail.subject, mail.state) == (b"", "", "", InboundState.DONE)


# --- postmaster and abuse -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{}, {"X_Spam_Flag": "YES"}, {"Auto_Submitted": "auto-generated"}, {"List_Id": "<x.example>"}],
    ids=["plain", "spam", "a program", "a list"],
)
def test_postmaster_always_reaches_an_administrator(
    softwear: Desk, willem: User, headers: dict[str, str]
) -> None:
    mail = arrives(letter("isp@elsewhere.example", subject="Klacht", to="abuse@softwear.nl", **headers))

    assert mail.outcome == InboundOutcome.ROLE and mail.ticket is not None
    [told] = post.outbox
    assert told.to == [willem.email] and "Klacht" in told.subject
    assert f"/tickets/{mail.ticket.number}/" in told.body
    assert not OutboundMail.objects.exists(), "who wrote there gets no automatic answer"


def test_a_report_without_a_sender_waits_and_the_administrator_is_told(softwear: Desk, willem: User) -> None:
    mail = arrives(letter(None, to="postmaster@softwear.nl"))
    assert (mail.state, mail.outcome) == (InboundState.WAITING, InboundOutcome.ROLE)
    assert [told.to for told in post.outbox] == [[willem.email]]


def test_a_flood_to_the_postmaster_is_no_flood_to_the_administrators(softwear: Desk, willem: User) -> None:
    for number in range(12):
        arrives(letter("isp@elsewhere.example", f"{number}", to="postmaster@softwear.nl"))
    assert Ticket.objects.count() == 12
    assert len(post.outbox) == 10


# --- One bad mail ---------------------------------------------------------------------------------------


def test_mails_sorted_together_write_what_they_would_have_written_alone(
    softwear: Desk, carla: Contact
) -> None:
    for number in range(5):
        intake.store(letter("carla@shop.example", f"Vraag {number}"), now=FRIDAY_AT_FOUR)
    intake.store(letter(None), now=FRIDAY_AT_FOUR)

    actions.process_waiting(now=FRIDAY_AT_FOUR)

    assert Ticket.objects.count() == OutboundMail.objects.count() == 5
    assert InboundMail.objects.filter(state=InboundState.QUARANTINED).count() == 1
    assert Entry.objects.filter(action="open").count() == 5
    assert MailStep.objects.filter(step=Step.SORTED).count() == 5
    for mail in InboundMail.objects.exclude(ticket=None):
        assert mail.message is not None and mail.message.ticket == mail.ticket
