"""Which ticket a message belongs to: a table of cases, tokens that cannot be made up, and loops that stop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.rules.mail_matching import (
    AlreadyReceived,
    Answers,
    Automatic,
    AutomaticKind,
    Bounce,
    Claim,
    DeskMail,
    FiledAutomatic,
    FollowUp,
    MailFacts,
    NewLinkedTicket,
    NewTicket,
    NewTicketWithPointer,
    Outcome,
    OwnMail,
    Place,
    TicketFacts,
    automatic_for,
    check_claims,
    claims_in_message_ids,
    claims_in_recipients,
    is_genuine,
    make_message_id,
    make_reply_address,
    match,
    may_answer_automatically,
)
from balie.rules.reasons import Reason

SECRET, OLD_SECRET, FOREIGN_SECRET = (
    b"new secret of the desk",
    b"old secret of the desk",
    b"secret of somebody else",
)
HELP = "help@desk.example"
DESK = DeskMail(addresses={HELP}, secrets=(SECRET, OLD_SECRET), lists={"help.desk.example"})
NOW = datetime(2026, 11, 23, 10, 12, tzinfo=UTC)
CARLA, DARIO, EVE = "carla@winkel.example", "dario@bakker.example", "eve@kwaad.example"


def answered(ticket: int, *, secret: bytes = SECRET, place: Place = Place.IN_REPLY_TO) -> Claim:
    """The claim of a message that answers our mail 12 about `ticket`."""
    message_id = make_message_id(ticket, 12, domain="desk.example", secrets=[secret])
    [claim] = claims_in_message_ids([message_id], place=place)
    return claim


def sent_to(ticket: int, *, secret: bytes = SECRET) -> Claim:
    [claim] = claims_in_recipients([make_reply_address(HELP, ticket, secrets=[secret])])
    return claim


def mail(
    sender: str | None, *claims: Claim, kind: AutomaticKind | None = None, list_id: str | None = None
) -> MailFacts:
    automatic = Automatic(kind, "Auto-Submitted", "auto-replied", list_id) if kind else None
    return MailFacts("fingerprint", sender, claims, answer_to=sender, automatic=automatic)


TICKETS = {
    4711: TicketFacts(4711, {CARLA, "Baas@Winkel.example"}),
    4712: TicketFacts(4712, {DARIO}),
    60: TicketFacts(60, {CARLA}),
    61: TicketFacts(61, {CARLA}, ended_for_good=Reason("Ticket 61 has been closed for more than 60 days.")),
}


def decided(facts: MailFacts) -> Outcome:
    return match(facts, tickets=TICKETS, desk=DESK, already_received={"seen"})


@dataclass(frozen=True)
class Row:
    because: str
    mail: MailFacts
    outcome: Outcome  # without its reasons
    reasons: tuple[str, ...]  # how each begins


ROWS = (
    Row("a first question", mail(CARLA), NewTicket(), ("It carries no token",)),
    Row(
        "Carla answers our mail",
        mail(CARLA, answered(4711)),
        FollowUp(4711),
        ("It answers a mail of ours about ticket 4711", "The sender is on that ticket."),
    ),
    Row(
        "Carla writes to the reply address",
        mail(CARLA, sent_to(4711)),
        FollowUp(4711),
        ("It was sent to the reply address of ticket 4711", "The sender"),
    ),
    Row(
        "only References has the token: her program drops In-Reply-To",
        mail(CARLA, answered(4711, place=Place.REFERENCES)),
        FollowUp(4711),
        ("It refers to a mail of ours", "The sender"),
    ),
    Row(
        "an address in another case is the same address",
        mail("BAAS@winkel.EXAMPLE", answered(4711)),
        FollowUp(4711),
        ("It answers", "The sender"),
    ),
    Row(
        "the secret was changed since our mail went out",
        mail(CARLA, answered(4711, secret=OLD_SECRET)),
        FollowUp(4711),
        ("It answers", "The sender"),
    ),
    Row(
        "Eve got our mail forwarded: a new ticket, and nothing of Carla's is shown to her",
        mail(EVE, answered(4711)),
        NewTicketWithPointer(4711),
        ("It answers", "The sender eve@kwaad.example is not on ticket 4711."),
    ),
    Row(
        "Dario answers with a token of Carla's ticket",
        mail(DARIO, sent_to(4711)),
        NewTicketWithPointer(4711),
        ("It was sent", "The sender dario@bakker.example is not on ticket 4711."),
    ),
    Row(
        "a genuine token, but nobody's name on it",
        mail(None, answered(4711)),
        NewTicketWithPointer(4711),
        ("It answers", "The message names no sender."),
    ),
    Row(
        "a token that another desk, or Eve, made",
        mail(CARLA, answered(4711, secret=FOREIGN_SECRET)),
        NewTicket(),
        ("It carries a token that this desk did not make.",),
    ),
    Row(
        "a genuine token of a ticket that is gone",
        mail(CARLA, answered(9999)),
        NewTicket(),
        ("Its token is for ticket 9999, which does not count here.",),
    ),
    Row(
        "the token of the reply address goes before the one of References",
        mail(CARLA, answered(60, place=Place.REFERENCES), sent_to(4711)),
        FollowUp(4711),
        ("It was sent", "The sender"),
    ),
    Row(
        "the newest of two references counts",
        mail(CARLA, answered(60, place=Place.REFERENCES), answered(4711, place=Place.REFERENCES)),
        FollowUp(4711),
        ("It refers", "The sender"),
    ),
    Row(
        "of two genuine tokens that of the ticket she is on counts",
        mail(CARLA, sent_to(4712), answered(4711)),
        FollowUp(4711),
        ("It answers", "The sender"),
    ),
    Row(
        "closed sixty days ago to the second: re-opens",
        mail(CARLA, answered(60)),
        FollowUp(60),
        ("It answers", "The sender"),
    ),
    Row(
        "closed a second longer: a new ticket that is linked",
        mail(CARLA, answered(61)),
        NewLinkedTicket(61),
        ("It answers", "Ticket 61 has been closed for more than 60 days."),
    ),
    Row(
        "an absence message of Carla's stays with the ticket",
        mail(CARLA, answered(4711), kind=AutomaticKind.AUTO_REPLY),
        FiledAutomatic(4711),
        ("This is an automatic reply", "It answers"),
    ),
    Row(
        "an automatic reply from somebody who is not on the ticket touches no ticket",
        mail(EVE, answered(4711), kind=AutomaticKind.AUTO_REPLY),
        FiledAutomatic(None),
        ("This is an automatic reply", "Its token is for ticket 4711"),
    ),
    Row(
        "a program's mail without a token",
        mail(CARLA, kind=AutomaticKind.AUTO_GENERATED),
        FiledAutomatic(None),
        ("A program wrote this",),
    ),
    Row(
        "a read receipt",
        mail(CARLA, answered(4711), kind=AutomaticKind.READ_RECEIPT),
        FiledAutomatic(4711),
        ("This is a read receipt", "It answers"),
    ),
    Row(
        "late is not failed",
        mail(EVE, answered(4711, place=Place.RETURNED), kind=AutomaticKind.DELIVERY_REPORT),
        FiledAutomatic(None),
        ("A mail server reports", "Its token"),
    ),
    Row(
        "a newsletter",
        mail(EVE, kind=AutomaticKind.BULK),
        FiledAutomatic(None),
        ("This was sent to many at once",),
    ),
    Row(
        "Carla's answer comes through her company's list",
        mail(CARLA, answered(4711), kind=AutomaticKind.LIST, list_id="kassa.winkel.example"),
        FollowUp(4711),
        ("It answers", "The sender"),
    ),
    Row(
        "the desk's address is itself a list: everything comes through it",
        mail(CARLA, kind=AutomaticKind.LIST, list_id="help.desk.example"),
        NewTicket(),
        ("It carries no token",),
    ),
    Row(
        "a person behind an address that takes no answers",
        mail(CARLA, kind=AutomaticKind.NO_ANSWER_WANTED),
        NewTicket(),
        ("It carries no token",),
    ),
    Row(
        "our mail came back",
        replace(
            mail("mailer-daemon@mx.example", answered(4711, place=Place.RETURNED), kind=AutomaticKind.BOUNCE),
            failed_recipients=(CARLA,),
        ),
        Bounce(4711, (CARLA,)),
        ("A mail could not be delivered", "The mail that came back was ours, about ticket 4711"),
    ),
    Row(
        "a bounce of a mail that we did not send: spam under our name",
        replace(mail("mailer-daemon@mx.example", kind=AutomaticKind.BOUNCE), failed_recipients=(EVE,)),
        Bounce(None, (EVE,)),
        ("A mail could not be delivered",),
    ),
    Row(
        "a made-up bounce cannot name a ticket",
        mail(EVE, answered(4711, secret=FOREIGN_SECRET, place=Place.RETURNED), kind=AutomaticKind.BOUNCE),
        Bounce(None, ()),
        ("A mail could not be delivered", "It carries a token that this desk did not make."),
    ),
    Row(
        "the same message again",
        replace(mail(CARLA, answered(4711)), fingerprint="seen"),
        AlreadyReceived(),
        ("The same message was received before.",),
    ),
    Row(
        "the desk writes to itself",
        mail("Help@Desk.example"),
        OwnMail(),
        ("The sender Help@Desk.example is an address of the desk itself.",),
    ),
    Row(
        "from one of our reply addresses",
        mail(make_reply_address(HELP, 4711, secrets=[SECRET])),
        OwnMail(),
        ("The sender help+4711-",),
    ),
    Row(
        "our own message came back by a forwarding address, under another sender",
        mail(CARLA, answered(4711, place=Place.MESSAGE_ID)),
        OwnMail(),
        ("We wrote this message ourselves",),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.because)
def test_what_becomes_of_a_message_SW_17(row: Row) -> None:
    outcome = decided(row.mail)
    assert replace(outcome, reasons=()) == row.outcome
    told = [reason.render() for reason in outcome.reasons]
    assert len(told) == len(row.reasons)
    for text, begins in zip(told, row.reasons, strict=True):
        assert text.startswith(begins)


@pytest.mark.parametrize("kind", AutomaticKind)
def test_every_kind_of_automatic_mail_can_say_why(kind: AutomaticKind) -> None:
    assert "Precedence" in Automatic(kind, "Precedence", "x").reason().render()


# --- Tokens ---------------------------------------------------------------------------------------------

NUMBERS = st.integers(min_value=1, max_value=10**12)
SECRETS = st.binary(min_size=16, max_size=64)


@settings(deadline=None)
@given(NUMBERS, NUMBERS, SECRETS)
def test_our_own_token_is_read_back(ticket: int, message: int, secret: bytes) -> None:
    message_id = make_message_id(ticket, message, domain="desk.example", secrets=[secret])
    [in_id] = claims_in_message_ids([message_id], place=Place.REFERENCES)
    [in_address] = claims_in_recipients([make_reply_address(HELP, ticket, secrets=[secret])])
    assert (in_id.ticket, in_id.message, in_address.ticket, in_address.message) == (
        ticket,
        message,
        ticket,
        None,
    )
    assert is_genuine(in_id, secrets=[secret])
    assert is_genuine(in_address, secrets=[secret])


@settings(deadline=None)
@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_token_of_another_ticket_is_never_accepted(ticket: int, other: int, message: int) -> None:
    for claim in (answered(ticket), sent_to(ticket)):
        assert is_genuine(replace(claim, ticket=other), secrets=[SECRET]) == (other == ticket)
    assert is_genuine(replace(answered(ticket), message=message), secrets=[SECRET]) == (message == 12)


@settings(deadline=None)
@given(NUMBERS, SECRETS)
def test_a_token_made_with_another_secret_is_never_accepted(ticket: int, secret: bytes) -> None:
    assert not is_genuine(answered(ticket, secret=secret), secrets=[SECRET, OLD_SECRET])


@settings(deadline=None)
@given(NUMBERS, st.data())
def test_another_character_anywhere_kills_the_token(ticket: int, data: st.DataObject) -> None:
    alphabet = "abcdefghijklmnopqrstuvwxyz234567019-.+@mM<>%"
    message_id = make_message_id(ticket, 12, domain="desk.example", secrets=[SECRET])
    address = make_reply_address(HELP, ticket, secrets=[SECRET])
    position = data.draw(st.integers(0, message_id.index("@") - 1))
    letter = data.draw(
        st.sampled_from(alphabet).filter(lambda each: each.lower() != message_id[position].lower())
    )
    broken = message_id[:position] + letter + message_id[position + 1 :]
    claims = claims_in_message_ids([broken], place=Place.REFERENCES)
    assert not any(is_genuine(claim, secrets=[SECRET]) for claim in claims)
    position = data.draw(st.integers(address.index("+"), address.index("@") - 1))
    letter = data.draw(
        st.sampled_from(alphabet).filter(lambda each: each.lower() != address[position].lower())
    )
    broken = address[:position] + letter + address[position + 1 :]
    assert not any(is_genuine(claim, secrets=[SECRET]) for claim in claims_in_recipients([broken]))


def test_a_reply_token_does_not_serve_as_a_message_token() -> None:
    assert not is_genuine(replace(sent_to(4711), message=12), secrets=[SECRET])
    assert not is_genuine(replace(answered(4711), message=None), secrets=[SECRET])


def test_a_mail_server_that_writes_addresses_in_capitals_does_no_harm() -> None:
    [claim] = claims_in_recipients([make_reply_address(HELP, 4711, secrets=[SECRET]).upper()])
    assert is_genuine(claim, secrets=[SECRET])


@pytest.mark.parametrize(
    "text",
    [
        "<other-4711.m12.mfrggzdfmztwq2lk@desk.example>",
        "<ticket-04711.m12.mfrggzdfmztwq2lk@desk.example>",
        "<ticket-4711.m12.mfrggzdfmztwq2l@desk.example>",
        "<ticket-4711.m12.mfrggzdfmztwq2lk1@desk.example>",
        "<ticket-4711.m12.mfrggzdfmztwq2lk>",
        "ticket-4711.m12.mfrggzdfmztwq2lk@desk.example",
        "<x <ticket-4711.m12.mfrggzdfmztwq2lk@desk.example>",
        "<ticket-4711.m12.mfrggzdfmztwq2lk@desk.example>\n",
        "<ticket-\u0664\u0667.m12.mfrggzdfmztwq2lk@desk.example>",
    ],
)
def test_what_only_looks_like_our_message_id_carries_no_claim(text: str) -> None:
    assert claims_in_message_ids([text], place=Place.REFERENCES) == ()


@pytest.mark.parametrize(
    "text", ["help@desk.example", "help+4711@desk.example", "+4711-mfrggzdfmztwq2lk@desk.example"]
)
def test_what_only_looks_like_our_reply_address_carries_no_claim(text: str) -> None:
    assert claims_in_recipients([text]) == ()


def test_the_token_has_eighty_bits_and_nothing_that_a_mail_server_may_change() -> None:
    token = answered(4711).token
    assert len(token) == 16
    assert token == token.lower()
    assert len(make_reply_address(HELP, 10**9, secrets=[SECRET]).partition("@")[0]) <= 64


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        make_message_id(4711, 12, domain="desk.example", secrets=[b"short"])


def test_the_first_secret_signs() -> None:
    address = make_reply_address(HELP, 4711, secrets=[SECRET, OLD_SECRET])
    assert address == make_reply_address(HELP, 4711, secrets=[SECRET])
    assert address != make_reply_address(HELP, 4711, secrets=[OLD_SECRET])


def test_claims_are_sorted_by_what_they_tell_and_forged_ones_counted() -> None:
    first, last = answered(1, place=Place.REFERENCES), answered(2, place=Place.REFERENCES)
    forged = answered(3, secret=FOREIGN_SECRET)
    proven = check_claims([first, last, answered(4), forged, sent_to(5)], secrets=[SECRET])
    assert [claim.ticket for claim in proven.claims] == [5, 4, 2, 1]
    assert proven.forged == 1


@settings(deadline=None)
@given(
    st.sampled_from([CARLA, DARIO, EVE, None]),
    st.sampled_from([SECRET, OLD_SECRET, FOREIGN_SECRET]),
    st.sampled_from(sorted(TICKETS)),
    st.sampled_from(Place),
    st.sampled_from([None, *AutomaticKind]),
)
def test_nobody_gets_into_a_ticket_without_a_token_and_without_being_on_it(
    sender: str | None, secret: bytes, ticket: int, place: Place, kind: AutomaticKind | None
) -> None:
    outcome = decided(mail(sender, answered(ticket, secret=secret, place=place), kind=kind))
    if isinstance(outcome, FollowUp | NewLinkedTicket):
        assert sender in TICKETS[outcome.ticket].people
        assert secret != FOREIGN_SECRET


# --- May a program answer? ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("because", "facts", "answers", "told"),
    [
        ("Carla asks something", mail(CARLA), 0, None),
        ("her tenth answer this hour", mail(CARLA), 9, None),
        ("her eleventh", mail(CARLA), 10, "carla@winkel.example got 10 automatic answers"),
        ("a program", mail(CARLA, kind=AutomaticKind.AUTO_REPLY), 0, "This is an automatic reply"),
        ("a list", mail(CARLA, kind=AutomaticKind.LIST), 0, "This came through a mailing list"),
        (
            "the sender asks for none",
            mail(CARLA, kind=AutomaticKind.NO_ANSWER_WANTED),
            0,
            "The sender wants no",
        ),
        ("the desk's own list", mail(CARLA, kind=AutomaticKind.LIST, list_id="help.desk.example"), 0, None),
        ("the null sender", replace(mail(CARLA), has_null_sender=True), 0, "There is no address"),
        ("no sender at all", mail(None), 0, "There is no address"),
        ("the desk itself", mail("HELP@desk.example"), 0, "An answer to HELP@desk.example would come back"),
        (
            "Reply-To names the desk",
            replace(mail(CARLA), answer_to=HELP),
            0,
            "An answer to help@desk.example",
        ),
        (
            "Reply-To names a reply address of the desk",
            replace(mail(CARLA), answer_to="help+1-x@desk.example"),
            0,
            "An answer to help+1-x@desk.example",
        ),
        ("no Reply-To: the sender is answered", replace(mail(CARLA), answer_to=None), 0, None),
        ("from the desk, answers elsewhere", replace(mail(HELP), answer_to=CARLA), 0, "An answer to"),
    ],
)
def test_a_program_answers_only_people_and_not_for_ever_SW_17(
    because: str, facts: MailFacts, answers: int, told: str | None
) -> None:
    verdict = may_answer_automatically(facts, desk=DESK, so_far=Answers(answers, answers))
    assert verdict.allowed == (told is None), because
    assert [reason.render().startswith(told or "") for reason in verdict.reasons] == ([True] if told else [])


def test_two_programs_stop_writing_to_each_other() -> None:
    """A program that says nothing of itself answers each of our answers: ours stop at the cap."""
    sent = Answers()
    for _round in range(100):
        if may_answer_automatically(mail(EVE), desk=DESK, so_far=sent).allowed:
            sent = sent.and_one()
    assert sent == Answers(DESK.answers_per_hour, DESK.answers_per_hour)


def test_only_the_desks_own_list_is_no_list() -> None:
    listed = mail(CARLA, kind=AutomaticKind.LIST, list_id="elsewhere.example")
    assert automatic_for(listed, DESK) is listed.automatic
    assert automatic_for(mail(CARLA), DESK) is None
