"""Emptying a mailbox of a real server: everything once, kept before it is marked, whoever reads it besides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import FRIDAY_AT_FOUR
from tests.mail.letters import letter
from tests.mail.ways_in.mailboxes import emptied, mailbox_on
from tests.servers.dovecot import Dovecot

from balie.desk.models import Desk
from balie.mail import actions, intake
from balie.mail.models import Fetched, InboundMail, InboundOutcome, InboundState, Way
from balie.mail.ways_in import emptying, imap
from balie.mail.ways_in.emptying import Round
from balie.mail.ways_in.models import BeginsWith, Mailbox
from balie.mail.ways_in.troubles import MailboxTrouble

pytestmark = pytest.mark.django_db


def numbered(number: int, *, size: int = 0) -> bytes:
    return letter("carla@shop.example", subject=f"Vraag {number}", text="x" * size or "Hij print niet.")


def subjects() -> list[str]:
    return [_subject(bytes(mail.raw)) for mail in InboundMail.objects.order_by("id")]


def _subject(raw: bytes) -> str:
    return raw.partition(b"Subject: ")[2].partition(b"\n")[0].decode().strip()


def seen(dovecot: Dovecot, folder: str = "INBOX") -> list[bool]:
    return ["S" in name.partition(":2,")[2] for name in sorted(dovecot.messages(folder=folder))]


def test_everything_is_kept_in_order_and_marked_as_read(dovecot: Dovecot) -> None:
    for number in (1, 2, 3):
        dovecot.deliver(numbered(number))

    assert emptied(mailbox_on(dovecot)) == Round(kept=3)
    assert subjects() == ["Vraag 1", "Vraag 2", "Vraag 3"]
    assert seen(dovecot) == [True, True, True]


def test_a_message_knows_its_mailbox_and_is_the_bytes_that_lie_there(dovecot: Dovecot) -> None:
    raw = numbered(1).replace(b"\n", b"\r\n")
    dovecot.deliver(raw)
    mailbox = mailbox_on(dovecot)
    emptied(mailbox)

    mail = InboundMail.objects.get()
    assert (mail.way, mail.mailbox, mail.state) == (Way.IMAP, mailbox, InboundState.STORED)
    assert bytes(mail.raw) == raw


def test_the_next_look_takes_what_is_new(dovecot: Dovecot) -> None:
    mailbox = mailbox_on(dovecot)
    dovecot.deliver(numbered(1))
    emptied(mailbox)
    dovecot.deliver(numbered(2))

    assert emptied(mailbox) == Round(kept=1)
    assert emptied(mailbox) == Round()
    assert subjects() == ["Vraag 1", "Vraag 2"]


def test_what_somebody_has_read_already_comes_in_all_the_same(dovecot: Dovecot) -> None:
    mailbox = mailbox_on(dovecot)
    emptied(mailbox)
    read = dovecot.deliver(numbered(1))
    read.rename(dovecot.box() / "cur" / f"{read.name}:2,S")

    assert emptied(mailbox) == Round(kept=1)


@pytest.mark.parametrize(
    ("begins_with", "taken"),
    [
        pytest.param(BeginsWith.ALL, ["Vraag 1", "Vraag 2", "Vraag 3"], id="everything"),
        pytest.param(BeginsWith.UNSEEN, ["Vraag 2", "Vraag 3"], id="what is unread"),
        pytest.param(BeginsWith.NEW, ["Vraag 3"], id="only what comes from now on"),
    ],
)
def test_what_was_there_before_us_is_taken_as_it_was_asked(
    dovecot: Dovecot, begins_with: BeginsWith, taken: list[str]
) -> None:
    read = dovecot.deliver(numbered(1))
    read.rename(dovecot.box() / "cur" / f"{read.name}:2,S")
    dovecot.deliver(numbered(2))
    mailbox = mailbox_on(dovecot, begins_with=begins_with)
    emptied(mailbox)
    dovecot.deliver(numbered(3))
    emptied(mailbox)

    assert subjects() == taken


def test_killed_between_the_commit_and_the_mark_nothing_is_lost_or_doubled(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = mailbox_on(dovecot)
    dovecot.deliver(numbered(1))
    with monkeypatch.context() as killed:
        killed.setattr(
            "imapclient.IMAPClient.add_flags", lambda *given, **more: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            emptied(mailbox)
    assert seen(dovecot) == [False]
    InboundMail.objects.update(state=InboundState.DONE)

    assert emptied(mailbox) == Round()
    assert subjects() == ["Vraag 1"]
    assert seen(dovecot) == [True]


def test_a_message_that_came_another_way_before_is_known(dovecot: Dovecot) -> None:
    raw = numbered(1).replace(b"\n", b"\r\n")
    intake.store(raw, now=FRIDAY_AT_FOUR)
    dovecot.deliver(raw)

    assert emptied(mailbox_on(dovecot)) == Round(known=1)


def test_a_mailbox_that_was_made_anew_is_looked_through_again_without_doubles(dovecot: Dovecot) -> None:
    mailbox = mailbox_on(dovecot)
    dovecot.deliver(numbered(1))
    emptied(mailbox)
    _forget_uids(dovecot, mailbox)
    dovecot.deliver(numbered(2))

    assert emptied(mailbox) == Round(kept=1, known=1)
    validity = Mailbox.objects.get().uid_validity
    assert set(Fetched.objects.values_list("uid_validity", flat=True)) == {validity} != {1}


def test_a_mailbox_that_was_made_anew_gives_only_the_unread_when_not_all_was_asked(dovecot: Dovecot) -> None:
    old = dovecot.deliver(numbered(1))
    old.rename(dovecot.box() / "cur" / f"{old.name}:2,S")
    mailbox = mailbox_on(dovecot, begins_with=BeginsWith.NEW)
    emptied(mailbox)
    _forget_uids(dovecot, mailbox)
    dovecot.deliver(numbered(2))
    emptied(mailbox)

    assert subjects() == ["Vraag 2"]


def _forget_uids(dovecot: Dovecot, mailbox: Mailbox) -> None:
    """What a move to another server does: the same messages under another UIDVALIDITY."""
    Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=1)


def test_batches_are_bounded_and_all_is_kept(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emptying, "MOST_TOGETHER", 3)
    monkeypatch.setattr(emptying, "MOST_BYTES_TOGETHER", 20_000)
    monkeypatch.setattr(emptying, "SIZES_TOGETHER", 5)
    batches: list[int] = []
    store_all = intake.store_all
    monkeypatch.setattr(
        intake, "store_all", lambda raws, **more: (batches.append(len(raws)), store_all(raws, **more))[1]
    )
    for number in range(8):
        dovecot.deliver(numbered(number, size=15_000 if number in {3, 4} else 0))

    assert emptied(mailbox_on(dovecot)) == Round(kept=8)
    assert batches == [3, 1, 1, 3]


def test_a_message_that_is_too_large_stays_and_does_not_stop_the_next(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGEST_BYTES", 10_000)
    dovecot.deliver(numbered(1, size=20_000))
    dovecot.deliver(numbered(2))
    mailbox = mailbox_on(dovecot)

    assert emptied(mailbox) == Round(kept=1, too_large=1)
    assert sorted(seen(dovecot)) == [False, True]
    assert emptied(mailbox) == Round()


@pytest.mark.parametrize(
    ("state", "outcome", "folder"),
    [
        pytest.param(InboundState.DONE, InboundOutcome.NEW_TICKET, "Klaar", id="a ticket"),
        pytest.param(InboundState.DONE, InboundOutcome.AUTOMATIC, "Automatisch", id="an automatic mail"),
        pytest.param(InboundState.DONE, InboundOutcome.BOUNCE, "Automatisch", id="a delivery report"),
        pytest.param(InboundState.QUARANTINED, "", "Quarantaine", id="in quarantine"),
        pytest.param(InboundState.STORED, "", "INBOX", id="not worked on yet"),
    ],
)
def test_a_message_goes_to_the_folder_of_its_result(
    dovecot: Dovecot, state: InboundState, outcome: str, folder: str
) -> None:
    mailbox = mailbox_on(
        dovecot, processed_folder="Klaar", automatic_folder="Automatisch", quarantine_folder="Quarantaine"
    )
    dovecot.deliver(numbered(1))
    emptied(mailbox)
    InboundMail.objects.update(state=state, outcome=outcome)
    emptied(mailbox)

    assert [_subject(raw) for raw in dovecot.messages(folder=folder).values()] == ["Vraag 1"]
    assert seen(dovecot, folder) == [True]
    assert len(dovecot.messages()) == (1 if folder == "INBOX" else 0)


def test_without_the_extension_a_message_is_copied_and_only_ours_is_deleted(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    has = imap.IMAPClient.has_capability
    monkeypatch.setattr(
        imap.IMAPClient, "has_capability", lambda client, name: name != "MOVE" and has(client, name)
    )
    mailbox = mailbox_on(dovecot, processed_folder="Klaar2")
    deleted = dovecot.deliver(numbered(7))
    emptied(mailbox)
    Fetched.objects.all().delete()
    [name] = dovecot.messages()
    (dovecot.box() / "cur" / name).rename(dovecot.box() / "cur" / f"{deleted.name}:2,ST")
    dovecot.deliver(numbered(1))
    emptied(mailbox)
    InboundMail.objects.update(state=InboundState.DONE)
    emptied(mailbox)

    assert [_subject(raw) for raw in dovecot.messages(folder="Klaar2").values()] == ["Vraag 1"]
    assert [_subject(raw) for raw in dovecot.messages().values()] == ["Vraag 7"]


def test_a_message_that_a_person_moved_meanwhile_is_filed_already(dovecot: Dovecot) -> None:
    mailbox = mailbox_on(dovecot, processed_folder="Klaar3")
    dovecot.deliver(numbered(1))
    emptied(mailbox)
    dovecot.empty()
    InboundMail.objects.update(state=InboundState.DONE)

    emptied(mailbox)

    assert not Fetched.objects.exists()


def test_several_mailboxes_are_emptied_beside_each_other(dovecot: Dovecot) -> None:
    dovecot.deliver(numbered(1))
    dovecot.deliver(numbered(2), user="second@desk.example")
    first = mailbox_on(dovecot)
    second = mailbox_on(dovecot, name="Tweede", user="second@desk.example", password="geheim")

    assert (emptied(first), emptied(second)) == (Round(kept=1), Round(kept=1))
    assert [mail.mailbox for mail in InboundMail.objects.order_by("id")] == [first, second]


def test_another_folder_than_the_inbox_is_emptied(dovecot: Dovecot) -> None:
    dovecot.deliver(numbered(1), folder="Vragen")

    assert emptied(mailbox_on(dovecot, folder="Vragen")) == Round(kept=1)


def test_a_folder_that_is_not_there_is_said_with_those_that_are(dovecot: Dovecot) -> None:
    with pytest.raises(MailboxTrouble) as said:
        emptied(mailbox_on(dovecot, folder="Nergens"))

    assert "Nergens" in str(said.value)
    assert "INBOX" in str(said.value)


def test_what_comes_by_imap_becomes_a_ticket(dovecot: Dovecot, infobits: Desk) -> None:
    dovecot.deliver(numbered(1))
    emptied(mailbox_on(dovecot))

    actions.process_waiting(now=FRIDAY_AT_FOUR + timedelta(minutes=1))

    mail = InboundMail.objects.get()
    assert (mail.state, mail.subject) == (InboundState.DONE, "Vraag 1")
