"""Whatever the bytes: reading ends, soon, without an exception, and with texts that a database can hold.

Any bytes at all; messages of the corpus with bytes changed, cut off, and put together; and shapes that have cost other
programs minutes. The clock is that of the processor, and generous: it fails for what grows with the square.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.mail import built_messages as built
from tests.mail.test_corpus import BUILT, ROWS

from balie.mail.explanation import explain_mail
from balie.mail.reading.html import html_to_text, sanitise
from balie.mail.reading.invitations import read_meetings
from balie.mail.reading.parsing import ReadMail, read_message
from balie.mail.reading.replies import split_reply
from balie.mail.reading.rtf import decompressed, rtf_to_text
from balie.mail.reading.seals import enclosed_message
from balie.mail.reading.tnef import unpacked

SECONDS = 4  # of the processor; the machine may be several times as slow as ours
SMALL = tuple(
    raw for raw in (*(row.raw for row in ROWS), *(raw for raw, _given in BUILT.values())) if len(raw) < 20_000
)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_whole(raw: bytes) -> ReadMail:
    """Everything that happens to a message before it reaches the database, within the time it may take."""
    began = time.process_time()
    mail = read_message(raw)
    split = split_reply(mail.text)
    mail.facts()
    if mail.html:
        sanitise(mail.html)
    assert time.process_time() - began < SECONDS
    for text in (
        mail.subject,
        mail.text,
        mail.html or "",
        split.reply,
        *(each.filename for each in mail.attachments),
    ):
        text.encode()
        assert "\x00" not in text
    assert all(each.filename and "/" not in each.filename for each in mail.attachments)
    return mail


@FEW
@given(st.binary(max_size=3_000))
def test_any_bytes_can_be_read(raw: bytes) -> None:
    read_whole(raw)


@FEW
@given(
    st.lists(
        st.sampled_from(
            [
                b"Content-Type: multipart/mixed; boundary=b\r\n",
                b"Content-Type: multipart/signed; protocol=x; boundary=b\r\n",
                b"Content-Type: message/rfc822\r\n",
                b"Content-Type: application/ms-tnef\r\n",
                b"Content-Type: text/calendar; method=REQUEST\r\n",
                b"Content-Type: application/pkcs7-mime\r\n",
                b"Content-Type: text/html; charset=utf-16\r\n",
                b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
                b"Content-Transfer-Encoding: base64\r\n",
                b"Content-Transfer-Encoding: quoted-printable\r\n",
                b"From: =?utf-8?q?a?= <a@b.example>, (b) c@d.example;\r\n",
                b"\r\n",
                b"--b\r\n",
                b"--b--\r\n",
                b"begin 644 x\n#0V%T\nend\n",
                b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261125T100000Z\r\n",
                b"-----BEGIN PGP SIGNED MESSAGE-----\r\n",
                b"-----BEGIN PGP SIGNATURE-----\r\n-----END PGP SIGNATURE-----\r\n",
                b"<table><tr><td>",
                b"> quoted\r\n",
                b"On Mon 1 a@b.example 10:12 wrote:\r\n",
                b"Met vriendelijke groet,\r\n",
                b"\x00\xff\x1b$B",
            ]
        ),
        max_size=40,
    )
)
def test_pieces_of_messages_in_any_order_can_be_read(pieces: list[bytes]) -> None:
    read_whole(b"".join(pieces))


@settings(FEW, max_examples=200)
@given(st.sampled_from(SMALL), st.randoms(use_true_random=False))
def test_a_message_of_the_corpus_with_changed_bytes_can_be_read(raw: bytes, random: random.Random) -> None:
    changed = bytearray(raw)
    for _each in range(random.randint(1, 20)):
        position = random.randrange(len(changed) + 1)
        match random.randint(0, 3):
            case 0:
                changed[position : position + 1] = bytes([random.randrange(256)])
            case 1:
                del changed[position : position + random.randint(1, 50)]
            case 2:
                changed[position:position] = changed[: random.randint(0, 200)]
            case 3:
                changed[position:position] = random.choice(SMALL)[:300]
    read_whole(bytes(changed))


@pytest.mark.parametrize(
    "name",
    [
        "winmail_dat_with_files",
        "winmail_dat_with_a_message_inside",
        "smime_opaque",
        "smime_signed",
        "winmail_dat_is_all_there_is",
    ],
)
def test_a_message_cut_off_anywhere_can_be_read(name: str) -> None:
    raw, _given = BUILT[name]
    for end in range(len(raw)):
        read_message(raw[:end])


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.table in {"reports", "meetings", "seals"}], ids=lambda row: row.name
)
def test_a_report_or_invitation_cut_off_anywhere_can_be_read(row: object) -> None:
    raw = row.raw  # type: ignore[attr-defined]
    for end in range(0, len(raw), 3):
        split_reply(read_message(raw[:end]).text)


@FEW
@given(st.binary(max_size=400))
def test_packed_content_of_any_bytes_can_be_read(content: bytes) -> None:
    unpacked(content)
    unpacked(built.tnef((0x69003, content), (0x69002, b""), (0x69005, content)))
    decompressed(content)
    decompressed(b"\xff\xff\xff\xff\xff\xff\xff\x7fLZFu\0\0\0\0" + content)
    rtf_to_text(content)
    enclosed_message(content)
    read_meetings(content.decode("latin-1"))


# Shapes of half a megabyte that cost the square of their length where somebody was careless.
LONG = 500_000


def repeated(piece: bytes, length: int = LONG) -> bytes:
    return piece * (length // len(piece))


HARD = {
    "angles": b"From: " + repeated(b"<") + b"\r\n\r\nx",
    "brackets": b"From: " + repeated(b"(") + b"\r\n\r\nx",
    "quotes": b"From: " + repeated(b'"') + b"\r\n\r\nx",
    "encoded words": b"Subject: " + repeated(b"=?utf-8?q?a?=") + b"\r\n\r\nx",
    "beginnings of encoded words": b"Subject: " + repeated(b"=?a?q?") + b"\r\n\r\nx",
    "encoded words without end": b"Subject: " + repeated(b"=?utf-8?q?aaaaaaaaaaaaaaaaaa ") + b"\r\n\r\nx",
    "message ids": b"References: " + repeated(b"<a@b>") + b"\r\n\r\nx",
    "parameters": b"Content-Type: text/plain" + repeated(b";a=b") + b"\r\n\r\nx",
    "pieces of a parameter": b"Content-Type: text/plain" + repeated(b"; name*1*=a") + b"\r\n\r\nx",
    "headers": repeated(b"A: b\r\n") + b"\r\nx",
    "boundaries": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + repeated(b"--b\r\n"),
    "boundaries that are none": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    + repeated(b"--bx\r\n"),
    "quote marks": b"\r\n" + repeated(b"> > > x\r\n"),
    "attributions": b"\r\n" + repeated(b"On Monday 23 at 10:12 a@b.example wrote\r\n"),
    "attributions in one line": b"\r\n" + repeated(b"On Monday 23 wrote "),
    "heads of mails": b"\r\n" + repeated(b"Van: a\r\n"),
    "greetings": b"\r\n" + repeated(b"Met vriendelijke groet,\r\nCarla\r\n"),
    "dashes": b"\r\n" + repeated(b"-- \r\n"),
    "white space": b"\r\n" + repeated(b" "),
    "empty lines": b"\r\n" + repeated(b"\r\n"),
    "legal words": b"\r\n" + repeated(b"Dit bericht "),
    "links": b"\r\nMet vriendelijke groet,\r\n" + repeated(b"www.", 90) + b"\r\n" + repeated(b"www."),
    "tags": b"Content-Type: text/html\r\n\r\n" + repeated(b"<b>"),
    "tables": b"Content-Type: text/html\r\n\r\n" + repeated(b"<table><tr><td>"),
    "beginnings of tags": b"Content-Type: text/html\r\n\r\n" + repeated(b"<a "),
    "beginnings of comments": b"Content-Type: text/html\r\n\r\n" + repeated(b"<!--"),
    "entities": b"Content-Type: text/html\r\n\r\n" + repeated(b"&amp;"),
    "quotes in HTML": b"Content-Type: text/html\r\n\r\n" + repeated(b"<blockquote>"),
    "flowed lines": b"Content-Type: text/plain; format=flowed\r\n\r\n" + repeated(b"a \r\n"),
    "uuencode": b"\r\n" + repeated(b"begin 644 a\n"),
    "uuencode with one end": b"\r\n" + repeated(b"begin 644 a\n") + b"end\n",
    "armour": b"\r\n" + repeated(b"-----BEGIN PGP SIGNED MESSAGE-----\n"),
    "armour with signatures": b"\r\n"
    + repeated(b"-----BEGIN PGP SIGNED MESSAGE-----\n\n-----BEGIN PGP SIGNATURE-----\n"),
    "armour of keys": b"\r\n" + repeated(b"-----BEGIN PGP MESSAGE-----\n"),
    "events": b"Content-Type: text/calendar\r\n\r\n" + repeated(b"BEGIN:VEVENT\r\n"),
    "a line of a calendar": b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nATTENDEE"
    + repeated(b';A="b"'),
    "folded lines": b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nSUMMARY:" + repeated(b"a\r\n "),
    "elements in elements": b"Content-Type: application/pkcs7-mime\r\n\r\n" + repeated(b"\x30\x80"),
    "listed addresses": b"From: mailer-daemon@a.example\r\n\r\n" + repeated(b"<a@b.example>:\n"),
    "empty lines of servers": b"From: mailer-daemon@a.example\r\n\r\n" + repeated(b"\n"),
    "dashes of servers": b"From: mailer-daemon@a.example\r\n\r\n" + repeated(b"- \t"),
    "words of servers": b"From: mailer-daemon@a.example\r\n\r\n" + repeated(b"a@b.example "),
    "blocks of a report": b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\n"
    + repeated(b"Action: failed\nFinal-Recipient: rfc822; a@b.example\n\n"),
    "rtf groups": built.with_head(
        "Content-Type: application/ms-tnef",
        body=built.tnef(
            (0x69003, built.properties((0x102, 0x1009, built.stored_rtf(repeated(b"{\\b "))))),
        ),
    ),
}


@pytest.mark.parametrize("name", HARD)
def test_half_a_megabyte_of_one_thing_takes_no_longer_than_other_mail(name: str) -> None:
    read_whole(HARD[name])


@FEW
@given(st.text(max_size=500))
def test_any_text_is_split_without_loss(text: str) -> None:
    split = split_reply(text)
    kept = "".join((split.reply, split.quoted, split.signature)).split()
    assert sorted(kept) == sorted("".join(text.split("\r")).split()) or len("".join(kept)) == len(
        "".join(text.split())
    )


@FEW
@given(st.text(max_size=500))
def test_any_html_becomes_text(html: str) -> None:
    html_to_text(html)


@FEW
@given(st.sampled_from(SMALL))
def test_every_message_can_be_explained(raw: bytes) -> None:
    assert explain_mail(raw)["reasons"]


MEMORY = """
import sys
from balie.mail.reading.parsing import read_message
from balie.mail.reading.replies import split_reply
raw = open(sys.argv[1], "rb").read()
mail = read_message(raw)
split_reply(mail.text)
mail.facts()
print(len(mail.attachments), sum(each.size for each in mail.attachments))
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) // 1024)
"""


def test_a_message_of_25_mb_takes_at_most_200_mb(tmp_path: Path) -> None:
    """25 MB as it travels, in forty files; measured in a process of its own, Python and all included."""
    raw = built.many_files(40, 464_000)
    assert 25_000_000 <= len(raw) <= 26_000_000
    (tmp_path / "large.eml").write_bytes(raw)
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path / "large.eml")],
        capture_output=True,
        text=True,
        check=True,
    )
    files, megabytes = done.stdout.split("\n")[:2]
    assert files == "40 18560000"
    assert int(megabytes) <= 200
