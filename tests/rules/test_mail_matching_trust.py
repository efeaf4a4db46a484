"""Who is believed, what waits for an agent, and what always gets through: tables of cases, and what holds for all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.test_mail_matching import (
    CARLA,
    DARIO,
    DESK,
    EVE,
    HELP,
    TICKETS,
    answered,
    mail,
    sent_to,
)

from balie.rules.mail_matching import (
    Answers,
    AutomaticKind,
    Bounce,
    Care,
    FiledAutomatic,
    FollowUp,
    ForAdministrators,
    MailFacts,
    Method,
    NewLinkedTicket,
    NewTicket,
    NewTicketWithPointer,
    Outcome,
    OwnMail,
    Proof,
    Result,
    Spam,
    Strangers,
    Trust,
    Waiting,
    judge,
    match,
    may_answer_automatically,
    may_tell,
)
from balie.rules.reasons import Reason

SHOP = "carla@shop.example"
FORGED = Proof(Trust.FORGED, (Reason("It is not from there."),))
CALLED_SPAM = Reason("The filter calls it spam.")
LISTING = replace(DESK, strangers=Strangers.WAIT)


def spf(result: str, domain: str = "shop.example") -> Result:
    return Result(Method.SPF, result, domain)


def dkim(result: str, domain: str = "shop.example") -> Result:
    return Result(Method.DKIM, result, domain)


def dmarc(result: str, policy: str | None = "reject", domain: str = "shop.example") -> Result:
    return Result(Method.DMARC, result, domain, policy)


JUDGED = [
    ("nobody checked", [], Trust.UNCHECKED, Trust.UNCHECKED),
    ("a small shop that publishes nothing", [spf("none"), dmarc("none")], Trust.UNPROVEN, Trust.UNPROVEN),
    ("a small shop behind a forwarding provider", [spf("softfail")], Trust.UNPROVEN, Trust.UNPROVEN),
    ("DMARC passed", [dmarc("pass")], Trust.PROVEN, Trust.PROVEN),
    ("signed by the domain", [dkim("pass"), spf("fail")], Trust.PROVEN, Trust.PROVEN),
    ("signed by a part of the domain", [dkim("pass", "mail.shop.example")], Trust.PROVEN, Trust.PROVEN),
    ("sent by a server of the domain", [spf("pass")], Trust.PROVEN, Trust.PROVEN),
    ("signed by somebody else", [dkim("pass", "evil.example")], Trust.UNPROVEN, Trust.UNPROVEN),
    ("signed by a look-alike", [dkim("pass", "notshop.example")], Trust.UNPROVEN, Trust.UNPROVEN),
    ("signed by the top of the tree", [dkim("pass", "example")], Trust.UNPROVEN, Trust.UNPROVEN),
    ("the domain asks to refuse it", [dmarc("fail", "reject")], Trust.FORGED, Trust.FORGED),
    ("the domain asks to set it apart", [dmarc("fail", "quarantine")], Trust.FORGED, Trust.FORGED),
    ("what the domain asks is not told", [dmarc("fail", None)], Trust.FORGED, Trust.FORGED),
    ("the domain only watches", [dmarc("fail", "none")], Trust.UNPROVEN, Trust.FORGED),
    ("SPF failed, no policy", [spf("fail"), dmarc("none")], Trust.UNPROVEN, Trust.FORGED),
    ("a broken signature, no policy", [dkim("fail")], Trust.UNPROVEN, Trust.FORGED),
    ("the DNS did not answer", [spf("temperror"), dmarc("temperror")], Trust.UNPROVEN, Trust.UNPROVEN),
    ("DMARC about another From", [dmarc("pass", domain="evil.example")], Trust.UNPROVEN, Trust.UNPROVEN),
    (
        "a strict domain, of which only a part signed",
        [dmarc("fail"), dkim("pass")],
        Trust.FORGED,
        Trust.FORGED,
    ),
]


@pytest.mark.parametrize(
    ("results", "careful", "strict"), [row[1:] for row in JUDGED], ids=[row[0] for row in JUDGED]
)
def test_how_far_a_sender_is_believed(results: list[Result], careful: Trust, strict: Trust) -> None:
    assert judge(results, sender=SHOP, care=Care.POLICY).trust is careful
    assert judge(results, sender=SHOP, care=Care.STRICT).trust is strict
    assert judge(results, sender=SHOP, care=Care.NEVER).trust is not Trust.FORGED


@pytest.mark.parametrize(
    "results", [row[1] for row in JUDGED if row[1]], ids=[row[0] for row in JUDGED if row[1]]
)
def test_every_judgement_has_words(results: list[Result]) -> None:
    [reason] = judge(results, sender=SHOP, care=Care.POLICY).reasons
    assert "shop.example" in reason.render()


def test_without_a_sender_there_is_nothing_to_judge() -> None:
    assert judge([dmarc("fail")], sender=None, care=Care.STRICT).trust is Trust.UNCHECKED


# --- What becomes of it ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    because: str
    mail: MailFacts
    outcome: Outcome  # without its reasons
    is_known: bool = True
    is_released: bool = False


def facts(
    sender: str | None, *claims: object, kind: AutomaticKind | None = None, **more: object
) -> MailFacts:
    return replace(mail(sender, *claims, kind=kind), **more)  # type: ignore[arg-type]


ROWS = (
    Row(
        "a forged Carla with a genuine token waits, and is not on her ticket",
        facts(CARLA, answered(4711), proof=FORGED),
        Waiting(4711),
    ),
    Row("a forged Carla without a token waits", facts(CARLA, proof=FORGED), Waiting()),
    Row(
        "an agent says that it was Carla",
        facts(CARLA, answered(4711), proof=FORGED),
        FollowUp(4711),
        is_released=True,
    ),
    Row(
        "a program in the name of Carla gets onto no ticket",
        facts(CARLA, answered(4711), kind=AutomaticKind.AUTO_REPLY, proof=FORGED),
        FiledAutomatic(None),
    ),
    Row(
        "what only watches changes nothing",
        facts(CARLA, answered(4711), proof=Proof(Trust.UNPROVEN)),
        FollowUp(4711),
    ),
    Row("a stranger waits", facts(EVE), Waiting(), is_known=False),
    Row(
        "a stranger with a token waits, with the ticket it would be about",
        facts(EVE, sent_to(4711)),
        Waiting(4711),
        is_known=False,
    ),
    Row("a stranger who was placed is answered", facts(EVE), NewTicket(), is_known=False, is_released=True),
    Row("who is on the ticket is no stranger", facts(CARLA, sent_to(4711)), FollowUp(4711), is_known=False),
    Row(
        "a newsletter is filed, not listed",
        facts(EVE, kind=AutomaticKind.BULK),
        FiledAutomatic(None),
        is_known=False,
    ),
    Row("spam goes apart", facts(EVE, spam=CALLED_SPAM), Spam()),
    Row("spam of a known sender, too", facts(CARLA, spam=CALLED_SPAM), Spam()),
    Row(
        "an answer on our mail by who is on the ticket is no spam, whatever the filter says",
        facts(CARLA, answered(4711), spam=CALLED_SPAM),
        FollowUp(4711),
    ),
    Row("a token does not save a stranger's spam", facts(EVE, answered(4711), spam=CALLED_SPAM), Spam()),
    Row(
        "a forged answer is spam when the filter says so",
        facts(CARLA, answered(4711), spam=CALLED_SPAM, proof=FORGED),
        Spam(),
    ),
    Row(
        "a bounce of our own mail is no spam",
        facts(None, answered(4711), kind=AutomaticKind.BOUNCE, spam=CALLED_SPAM),
        Bounce(4711, ()),
    ),
    Row(
        "nor is what came back to the address of one mail of ours, also when it carries no other token",
        replace(facts(None, kind=AutomaticKind.BOUNCE, spam=CALLED_SPAM), is_returned=True),
        Bounce(None, ()),
    ),
    Row(
        "nor a note of absence that was sent there",
        replace(facts(EVE, kind=AutomaticKind.AUTO_REPLY, spam=CALLED_SPAM), is_returned=True),
        FiledAutomatic(None),
    ),
    Row(
        "an agent says that it is no spam",
        facts(EVE, spam=CALLED_SPAM),
        NewTicket(),
        is_known=False,
        is_released=True,
    ),
    Row(
        "postmaster reaches an administrator",
        facts(EVE, recipients=("postmaster@desk.example",)),
        ForAdministrators("postmaster@desk.example"),
    ),
    Row(
        "abuse, with a plus and in capitals, too",
        facts(EVE, recipients=("ABUSE+x@Desk.Example",)),
        ForAdministrators("abuse@desk.example"),
    ),
    Row(
        "what the filter says changes nothing there",
        facts(EVE, recipients=("abuse@desk.example",), spam=CALLED_SPAM),
        ForAdministrators("abuse@desk.example"),
    ),
    Row(
        "nor that a program wrote it",
        facts(EVE, recipients=("abuse@desk.example",), kind=AutomaticKind.AUTO_GENERATED),
        ForAdministrators("abuse@desk.example"),
    ),
    Row(
        "nor that it says it is from the desk",
        facts(HELP, recipients=("postmaster@desk.example",)),
        ForAdministrators("postmaster@desk.example"),
    ),
    Row(
        "nor that nobody knows the sender",
        facts(EVE, recipients=("postmaster@desk.example",)),
        ForAdministrators("postmaster@desk.example"),
        is_known=False,
    ),
    Row(
        "the postmaster of somebody else is not ours",
        facts(EVE, recipients=("postmaster@shop.example",)),
        NewTicket(),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.because for row in ROWS])
def test_what_becomes_of_what_is_not_to_be_believed_SW_17(row: Row) -> None:
    outcome = match(
        row.mail, tickets=TICKETS, desk=LISTING, is_known=row.is_known, is_released=row.is_released
    )
    assert replace(outcome, reasons=()) == row.outcome
    assert outcome.reasons


def test_a_stranger_becomes_a_contact_at_once_by_setting() -> None:
    assert isinstance(match(mail(EVE), tickets={}, desk=DESK, is_known=False), NewTicket)


senders = st.sampled_from([CARLA, DARIO, EVE, HELP, None])
claims = st.lists(
    st.builds(
        answered,
        st.sampled_from([*TICKETS, 9999]),
        secret=st.sampled_from([DESK.secrets[0], DESK.secrets[1], b"secret of somebody else"]),
    )
    | st.builds(sent_to, st.sampled_from(list(TICKETS))),
    max_size=3,
)
messages = st.builds(
    lambda sender, claims, kind, proof, spam, recipients, is_returned: replace(
        facts(sender, *claims, kind=kind, proof=proof, spam=spam, recipients=recipients),
        is_returned=is_returned,
    ),
    senders,
    claims,
    st.none() | st.sampled_from(list(AutomaticKind)),
    st.sampled_from([FORGED, Proof(Trust.UNPROVEN), Proof(Trust.PROVEN), Proof(Trust.UNCHECKED)]),
    st.none() | st.just(CALLED_SPAM),
    st.sampled_from([(), (HELP,), ("postmaster@desk.example",)]),
    st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(message=messages, is_known=st.booleans(), desk=st.sampled_from([DESK, LISTING]))
def test_no_mail_lands_on_a_ticket_whose_people_do_not_include_its_sender(
    message: MailFacts, is_known: bool, desk: object
) -> None:
    outcome = match(message, tickets=TICKETS, desk=desk, is_known=is_known)  # type: ignore[arg-type]
    match outcome:
        case FollowUp() | NewLinkedTicket() | FiledAutomatic(ticket=int()):
            assert message.sender in TICKETS[outcome.ticket or 0].people
            assert message.proof.trust is not Trust.FORGED
        case NewTicket() | NewTicketWithPointer():
            assert message.proof.trust is not Trust.FORGED
        case Spam():
            assert message.spam is not None and not message.is_returned
        case OwnMail():
            assert message.sender == HELP


@settings(max_examples=300, deadline=None)
@given(message=messages)
def test_what_is_sent_to_the_postmaster_is_never_swallowed(message: MailFacts) -> None:
    told = replace(message, recipients=("postmaster@desk.example",))
    assert isinstance(match(told, tickets=TICKETS, desk=DESK), ForAdministrators)


# --- Which address was meant ----------------------------------------------------------------------------

ADDRESSES = replace(DESK, addresses={HELP, "help+till@desk.example", "Till@desk.example"})


@pytest.mark.parametrize(
    ("recipients", "meant"),
    [
        (["till@desk.example", HELP], "till@desk.example"),
        (["boss@desk.example", "TILL@Desk.Example"], "till@desk.example"),
        (["help+till@desk.example"], "help+till@desk.example"),
        (["help+4711-abcdefghijklmnop@desk.example"], HELP),
        (["somebody@else.example"], None),
        ([], None),
    ],
    ids=["the first", "in capitals", "its own plus", "a reply address", "not ours", "none"],
)
def test_which_address_a_mail_was_meant_for(recipients: list[str], meant: str | None) -> None:
    assert ADDRESSES.meant(recipients) == meant


# --- May a program answer? ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "to_address", "on_ticket", "allowed", "is_capped"),
    [
        (mail(CARLA), Answers(9, 29), 19, True, False),
        (mail(CARLA), Answers(10, 10), 0, False, True),
        (mail(CARLA), Answers(0, 30), 0, False, True),
        (mail(CARLA), Answers(), 20, False, True),
        (facts(CARLA, proof=FORGED), Answers(), 0, False, False),
        (facts(EVE, recipients=("abuse@desk.example",)), Answers(), 0, False, False),
        (mail(CARLA, kind=AutomaticKind.AUTO_REPLY), Answers(99, 99), 99, False, False),
    ],
    ids=[
        "below all",
        "too many to one in an hour",
        "too many to one in a day",
        "too many about one",
        "forged",
        "to a role",
        "a program",
    ],
)
def test_caps_and_who_is_never_answered(
    message: MailFacts, to_address: Answers, on_ticket: int, allowed: bool, is_capped: bool
) -> None:
    may = may_answer_automatically(message, desk=DESK, so_far=to_address, answers_on_ticket=on_ticket)
    assert (may.allowed, may.is_capped) == (allowed, is_capped)
    assert bool(may.reasons) is not allowed


def test_changes_of_state_are_told_up_to_the_cap_of_the_ticket() -> None:
    assert may_tell(DESK, answers_on_ticket=19).allowed
    assert may_tell(DESK, answers_on_ticket=20).is_capped
