"""What a message that was read becomes in a conversation: words, meetings, files, pictures in their places."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from tests.mail import built_messages as built
from tests.mail.letters import arrives

from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail.filing import writing_of
from balie.mail.meetings import in_words
from balie.mail.models import InboundMail
from balie.mail.reading.invitations import Answer, Meeting, Method, read_meetings
from balie.mail.reading.parsing import read_message

ZONE = ZoneInfo("Europe/Amsterdam")
MEETINGS = tomllib.loads((Path(__file__).parent / "corpus" / "meetings.toml").read_text(encoding="utf-8"))


def from_contact(message: str, contact: Contact) -> bytes:
    return message.replace(built.CARLA, contact.email).encode()


def text_of(mail: InboundMail) -> str:
    assert mail.message is not None
    return mail.message.text


def test_an_invitation_is_told_in_the_conversation_in_the_zone_of_the_desk(
    softwear: Desk, carla: Contact
) -> None:
    mail = arrives(from_contact(MEETINGS["outlook_invitation"]["message"], carla))
    assert text_of(mail).startswith(
        "Kunnen we dit samen bekijken?\n\nUitnodiging: Uitleg kassa, deel 1\nWanneer: wo 25 nov"
    )
    assert mail.message is not None
    assert [each.content_type for each in mail.message.attachments.all()] == ["text/calendar"]


def test_an_answer_without_words_says_what_was_answered(softwear: Desk, carla: Contact) -> None:
    mail = arrives(from_contact(MEETINGS["accepted"]["message"], carla))
    assert text_of(mail).startswith("Geaccepteerd: Demo")


def test_an_encrypted_message_says_that_it_is(softwear: Desk, carla: Contact) -> None:
    mail = arrives(built.smime_encrypted().replace(built.CARLA.encode(), carla.email.encode()))
    assert "versleuteld" in text_of(mail)
    assert mail.message is not None
    assert [each.name for each in mail.message.attachments.all()] == ["smime.p7m"]


def test_the_files_of_a_winmail_dat_are_those_of_the_message(softwear: Desk, carla: Contact) -> None:
    raw = built.mixed(
        built.text_part("Zie bijlage."),
        built.file_part("winmail.dat", "application/ms-tnef", built.packed_files()),
    )
    message = arrives(raw.replace(built.CARLA.encode(), carla.email.encode())).message
    assert message is not None
    assert [each.name for each in message.attachments.all()] == ["Prijslijst voorjaar €.xlsx", "file-2.png"]
    picture = message.attachments.get(content_id="logo@winkel")
    assert f"/{picture.pk}/" in message.html


def test_quote_and_signature_are_kept_beside_the_words() -> None:
    raw = b"From: carla@winkel.example\r\n\r\nJa.\r\n\r\n-- \r\nCarla\r\n\r\n> Goed?\r\n"
    writing = writing_of(read_message(raw), zone=ZONE)
    assert (writing.text, writing.quoted) == ("Ja.", "--\nCarla\n\n> Goed?")


def test_a_text_that_is_too_long_for_the_conversation_is_a_file_as_well() -> None:
    raw = b"From: carla@winkel.example\r\n\r\n" + b"lang " * 50_000
    writing = writing_of(read_message(raw), zone=ZONE)
    assert len(writing.text) == 200_000
    assert [each.name for each in writing.uploads] == ["message.txt"]


# --- Meetings in words ----------------------------------------------------------------------------------

MOMENT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("meeting", "words"),
    [
        (
            Meeting(Method.PUBLISH, "1", "Open dag", date(2026, 7, 1), date(2026, 7, 1)),
            "Meeting: Open dag\nWhen: Wed 1 Jul 2026",
        ),
        (
            Meeting(Method.REQUEST, "1", "", MOMENT),
            "Invitation: (without a title)\nWhen: Wed 1 Jul 2026 10:00",
        ),
        (
            Meeting(Method.REQUEST, "1", "Nacht", MOMENT, datetime(2026, 7, 2, 4, tzinfo=UTC)),
            "Invitation: Nacht\nWhen: Wed 1 Jul 2026 10:00 – Thu 2 Jul 2026 06:00",
        ),
        (Meeting(Method.COUNTER, "1", "Demo", None, answer=Answer.TENTATIVE), "Another time proposed: Demo"),
        (Meeting(Method.REPLY, "1", "Demo", None, answer=Answer.TENTATIVE), "Perhaps: Demo"),
        (
            Meeting(
                Method.REQUEST, "1", "Feest", None, attendees=tuple(f"k{n}@winkel.example" for n in range(12))
            ),
            "Invitation: Feest\nWith: "
            + ", ".join(f"k{n}@winkel.example" for n in range(10))
            + " and 2 more",
        ),
    ],
    ids=["whole day", "no title", "over midnight", "counter", "perhaps", "many"],
)
def test_a_meeting_in_words(meeting: Meeting, words: str) -> None:
    with translation.override("en"):
        assert in_words(meeting, zone=ZONE) == words


@pytest.mark.parametrize(
    ("line", "begins", "because"),
    [
        ("DTSTART:20261125T090000Z", datetime(2026, 11, 25, 9, tzinfo=UTC), "UTC"),
        ("DTSTART;TZID=Europe/Amsterdam:20260701T090000", datetime(2026, 7, 1, 7, tzinfo=UTC), "summer time"),
        (
            "DTSTART;TZID=Romance Standard Time:20260701T090000",
            datetime(2026, 7, 1, 7, tzinfo=UTC),
            "Microsoft's name",
        ),
        (
            'DTSTART;TZID="GMT Standard Time":20260701T090000',
            datetime(2026, 7, 1, 8, tzinfo=UTC),
            "in quotes",
        ),
        (
            "DTSTART;TZID=/softwarestudio.org/Tzfile/Europe/Paris:20261125T090000",
            datetime(2026, 11, 25, 8, tzinfo=UTC),
            "a path",
        ),
        (
            "DTSTART;TZID=Eigen:20261125T090000",
            datetime(2026, 11, 25, 7, tzinfo=UTC),
            "only the file knows the zone",
        ),
        ("DTSTART;TZID=Nergens:20261125T090000", datetime(2026, 11, 25, 9), "nobody knows the zone"),  # noqa: DTZ001
        ("DTSTART;VALUE=DATE:20261125", date(2026, 11, 25), "a day"),
        ("DTSTART:20261325T090000Z", None, "a month that is none"),
        ("DTSTART:morgen", None, "a word"),
    ],
    ids=lambda value: value if isinstance(value, str) and ":" not in value else "",
)
def test_the_moment_of_a_meeting(line: str, begins: object, because: str) -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Eigen\nBEGIN:STANDARD\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n"
    [meeting] = read_meetings(f"BEGIN:VCALENDAR\n{zone}BEGIN:VEVENT\n{line}\nEND:VEVENT\nEND:VCALENDAR")
    assert meeting.begins == begins, because
