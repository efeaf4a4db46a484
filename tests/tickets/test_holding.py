"""Answers that wait some seconds before they leave, so that they can be taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.cast import FRIDAY_AT_FOUR, at

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail.models import OutboundKind, OutboundMail
from balie.rules.lifecycle import Actor, Move, MoveNotAllowed, State
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions, jobs
from balie.tickets.actions import Upload, Writing
from balie.tickets.models import HeldAnswer, Message, Ticket

pytestmark = pytest.mark.django_db
IN_TEN_SECONDS = FRIDAY_AT_FOUR + timedelta(seconds=10)


@pytest.fixture
def waiting_desk(infobits: Desk) -> Desk:
    Desk.objects.update(undo_seconds=10)
    infobits.refresh_from_db()
    return infobits


@pytest.fixture
def ticket(waiting_desk: Desk, carla: Contact) -> Ticket:
    return actions.take_in(
        carla,
        Wish(Channel.PORTAL),
        subject="Bon",
        writing=Writing("De bon komt niet."),
        situation=at(waiting_desk),
    )


def sent(
    ticket: Ticket, by: User, desk: Desk, text: str = "Zet hem uit en aan.", **more: object
) -> HeldAnswer:
    writing = more.pop("writing", None) or Writing(text)
    newest = ticket.messages.filter(is_internal=False).latest("pk").pk
    held = actions.hold(ticket, writing=writing, by=by, seen=newest, situation=at(desk), **more)
    assert isinstance(held, HeldAnswer)
    return held


def answers(ticket: Ticket) -> list[str]:
    return [each.text for each in ticket.messages.filter(agent__isnull=False)]


def mails() -> int:
    return OutboundMail.objects.filter(kind=OutboundKind.REPLY).count()


def test_until_it_leaves_nothing_has_happened(ticket: Ticket, anna: User, waiting_desk: Desk) -> None:
    held = sent(ticket, anna, waiting_desk, move=Move.SOLVE)

    ticket.refresh_from_db()
    assert (held.leaves_at, ticket.state, ticket.assigned_to) == (IN_TEN_SECONDS, State.NEW, None)
    assert (answers(ticket), mails()) == ([], 0)
    [job] = ProcrastinateJob.objects.filter(task_name=jobs.LET_LEAVE)
    assert (job.args, job.scheduled_at) == ({"held": held.pk}, IN_TEN_SECONDS)


def test_it_leaves_when_its_seconds_have_passed_and_not_before(
    ticket: Ticket, anna: User, waiting_desk: Desk
) -> None:
    held = sent(ticket, anna, waiting_desk, move=Move.SOLVE)

    assert actions.let_leave(held.pk, now=IN_TEN_SECONDS - timedelta(seconds=1)) is None
    message = actions.let_leave(held.pk, now=IN_TEN_SECONDS)

    ticket.refresh_from_db()
    assert message is not None
    assert (message.written_at, message.agent, ticket.state) == (IN_TEN_SECONDS, anna, State.SOLVED)
    assert (answers(ticket), mails()) == (["Zet hem uit en aan."], 1)
    assert actions.let_leave(held.pk, now=IN_TEN_SECONDS) is None
    assert not HeldAnswer.objects.exists()


def test_one_whose_job_was_lost_leaves_with_the_round(ticket: Ticket, anna: User, waiting_desk: Desk) -> None:
    sent(ticket, anna, waiting_desk)

    assert actions.let_due_leave(now=IN_TEN_SECONDS - timedelta(seconds=1)) == 0
    assert actions.let_due_leave(now=IN_TEN_SECONDS) == 1
    assert len(answers(ticket)) == 1


def test_taken_back_it_never_leaves_and_its_words_and_files_wait(
    ticket: Ticket, anna: User, waiting_desk: Desk
) -> None:
    writing = Writing("Bijna goed.", uploads=[Upload("uitleg.pdf", "application/pdf", b"%PDF")])
    held = sent(ticket, anna, waiting_desk, writing=writing)

    actions.take_back(ticket, held.pk, by=anna, situation=at(waiting_desk))

    assert actions.let_leave(held.pk, now=IN_TEN_SECONDS) is None
    back = actions.taken_back(ticket, anna)
    assert back is not None
    assert (back.text, [each.name for each in back.files.all()]) == ("Bijna goed.", ["uitleg.pdf"])
    assert (answers(ticket), mails(), actions.held_on(ticket)) == ([], 0, [])
    assert Entry.objects.filter(action="take_back_answer").exists()


def test_sent_again_its_files_go_along_unless_they_were_dropped(
    ticket: Ticket, anna: User, waiting_desk: Desk
) -> None:
    uploads = [Upload("goed.txt", "text/plain", b"1"), Upload("fout.txt", "text/plain", b"2")]
    held = sent(ticket, anna, waiting_desk, writing=Writing("Bijna.", uploads=uploads))
    back = actions.take_back(ticket, held.pk, by=anna, situation=at(waiting_desk))
    keeps = [back.files.get(name="goed.txt").pk]

    again = sent(ticket, anna, waiting_desk, "Beter.", again=back, keeps=keeps)
    message = actions.let_leave(again.pk, now=IN_TEN_SECONDS)

    assert message is not None
    assert (message.text, [each.name for each in message.attachments.all()]) == ("Beter.", ["goed.txt"])
    assert actions.taken_back(ticket, anna) is None


def test_what_has_left_cannot_be_taken_back_and_that_is_said(
    ticket: Ticket, anna: User, waiting_desk: Desk
) -> None:
    held = sent(ticket, anna, waiting_desk)
    actions.let_leave(held.pk, now=IN_TEN_SECONDS)

    with pytest.raises(actions.HasLeft):
        actions.take_back(ticket, held.pk, by=anna, situation=at(waiting_desk))


def test_a_colleague_does_not_take_back_my_answer(
    ticket: Ticket, anna: User, ben: User, waiting_desk: Desk
) -> None:
    held = sent(ticket, anna, waiting_desk)

    with pytest.raises(actions.OfAColleague):
        actions.take_back(ticket, held.pk, by=ben, situation=at(waiting_desk))
    assert actions.let_leave(held.pk, now=IN_TEN_SECONDS) is not None


def test_while_it_waits_a_colleague_does_not_answer_over_it(
    ticket: Ticket, anna: User, ben: User, waiting_desk: Desk
) -> None:
    sent(ticket, anna, waiting_desk)

    with pytest.raises(actions.SomebodyWasFirst, match="Anna has just answered"):
        sent(ticket, ben, waiting_desk, "Ik ook.")


def test_the_same_form_sent_twice_is_one_answer(ticket: Ticket, anna: User, waiting_desk: Desk) -> None:
    writing = Writing("Een keer.", submission=uuid4())
    first = sent(ticket, anna, waiting_desk, writing=writing)

    assert sent(ticket, anna, waiting_desk, writing=writing) == first
    left = actions.let_leave(first.pk, now=IN_TEN_SECONDS)
    newest = ticket.messages.latest("pk").pk
    assert actions.hold(ticket, writing=writing, by=anna, seen=newest, situation=at(waiting_desk)) == left


def test_a_message_of_the_customer_meanwhile_does_not_hold_it_up(
    ticket: Ticket, anna: User, carla: Contact, waiting_desk: Desk
) -> None:
    held = sent(ticket, anna, waiting_desk)
    actions.receive(
        ticket, carla, channel=Channel.PORTAL, writing=Writing("En nu?"), situation=at(waiting_desk)
    )

    assert actions.let_leave(held.pk, now=IN_TEN_SECONDS) is not None


def test_what_the_ticket_does_not_take_any_more_stays_with_the_reason(
    ticket: Ticket, anna: User, ben: User, waiting_desk: Desk
) -> None:
    held = sent(ticket, anna, waiting_desk)
    actions.move(ticket, Move.CLOSE, actor=Actor.AGENT, by=ben, situation=at(waiting_desk))

    assert actions.let_leave(held.pk, now=IN_TEN_SECONDS) is None
    [shown] = actions.held_on(ticket)
    assert shown.because["message"]
    assert (answers(ticket), mails()) == ([], 0)
    taken = actions.take_back(ticket, held.pk, by=ben, situation=at(waiting_desk))
    assert (taken.agent, actions.taken_back(ticket, ben)) == (ben, taken)


def test_what_cannot_be_sent_is_refused_at_once(ticket: Ticket, anna: User, waiting_desk: Desk) -> None:
    with pytest.raises(actions.NothingWritten):
        sent(ticket, anna, waiting_desk, " ")
    actions.move(ticket, Move.CLOSE, actor=Actor.AGENT, by=anna, situation=at(waiting_desk))
    with pytest.raises(MoveNotAllowed):
        sent(ticket, anna, waiting_desk)
    assert not HeldAnswer.objects.exists()


def test_with_no_seconds_it_leaves_at_once(ticket: Ticket, anna: User, waiting_desk: Desk) -> None:
    Desk.objects.update(undo_seconds=0)
    newest = ticket.messages.latest("pk").pk

    message = actions.hold(
        ticket, writing=Writing("Meteen."), by=anna, seen=newest, situation=at(waiting_desk)
    )

    assert isinstance(message, Message)
    assert (answers(ticket), HeldAnswer.objects.count()) == (["Meteen."], 0)


def test_what_was_taken_back_long_ago_is_forgotten(ticket: Ticket, anna: User, waiting_desk: Desk) -> None:
    held = sent(ticket, anna, waiting_desk)
    actions.take_back(ticket, held.pk, by=anna, situation=at(waiting_desk))

    assert actions.clean_up_held(now=FRIDAY_AT_FOUR + timedelta(days=29)) == 0
    assert actions.clean_up_held(now=FRIDAY_AT_FOUR + timedelta(days=31)) == 1


def test_thrown_away_it_is_gone_but_only_by_who_wrote_it(
    ticket: Ticket, anna: User, ben: User, waiting_desk: Desk
) -> None:
    held = sent(ticket, anna, waiting_desk)
    assert not actions.throw_away(ticket, held.pk, by=anna), "it still waits to leave"
    actions.take_back(ticket, held.pk, by=anna, situation=at(waiting_desk))

    assert not actions.throw_away(ticket, held.pk, by=ben)
    assert actions.throw_away(ticket, held.pk, by=anna)
