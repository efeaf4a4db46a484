"""Reading messages: a corpus of real shapes, each with what must be read from it and why."""

from __future__ import annotations

import email
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.mail.explanation import explain_mail
from balie.mail.reading.contents import unflowed
from balie.mail.reading.files import safe_filename
from balie.mail.reading.headers import Address, addresses, header_text, message_ids, parameters
from balie.mail.reading.mime import Limits
from balie.mail.reading.parsing import ReadMail, read_message
from balie.mail.reading.replies import split_reply
from balie.rules.mail_matching import Place

CORPUS = Path(__file__).parent / "corpus"
CARLA = "carla@winkel.example"
BOUNCED = (4711, Place.RETURNED)
ANSWERED = (4711, Place.IN_REPLY_TO)
REFERRED = (4711, Place.REFERENCES)
SENT_TO = (4711, Place.RECIPIENT)


def read(name: str) -> ReadMail:
    return read_message((CORPUS / f"{name}.eml").read_bytes())


@dataclass(frozen=True)
class Row:
    """A file of the corpus and what is read from it; `because` is why this row is in the table."""

    name: str
    because: str
    reply: str
    quoted_begins: str = ""
    signature: str = ""
    sender: str | None = CARLA
    subject: str | None = None
    files: tuple[str, ...] = ()
    automatic: str | None = None
    header: str | None = None
    tokens: tuple[tuple[int, Place], ...] = ()
    failed: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())


ROWS = (
    # Replies, by program and language
    Row(
        "outlook_nl_reply",
        "Outlook draws a ruler above its header block; tokens stand in three places",
        "Hallo Anna,\n\nDe printer staat aan, maar de café-kassa print nog steeds niet.\n\nGroeten,\nCarla",
        "________________________________\nVan: Helpdesk",
        tokens=(SENT_TO, ANSWERED, REFERRED),
    ),
    Row(
        "outlook_en_reply",
        "a folded References line, a name with a comma in it",
        "Yes, it is on.",
        "From: Helpdesk <help@desk.example>\nSent: Monday",
        tokens=(REFERRED,),
    ),
    Row(
        "outlook_de_reply",
        "Von / Gesendet / An / Betreff",
        "Ja, er läuft.",
        "Von: Helpdesk",
        sender="carla@laden.example",
    ),
    Row(
        "outlook_fr_reply",
        "a space before the colon, accents in the header names, Windows-1252",
        "Oui, elle est allumée.",
        "De : Helpdesk",
        sender="carla@magasin.example",
    ),
    Row(
        "gmail_nl_reply",
        "Op … schreef …:",
        "Het werkt weer, bedankt!",
        "Op ma 23 nov 2026 om 10:12 schreef",
        tokens=(SENT_TO, ANSWERED, REFERRED),
    ),
    Row(
        "gmail_nl_wrapped_reply",
        "Gmail breaks a long attribution over two lines",
        "Nee, nog niet.",
        "Op ma 23 nov 2026 om 10:12 schreef Servicedesk van de kassaleverancier\n<help@desk.example>:",
        tokens=(SENT_TO, ANSWERED, REFERRED),
    ),
    Row(
        "gmail_en_reply",
        "On … wrote:",
        "It works again, thanks!",
        "On Mon, Nov 23, 2026",
        sender="carla@shop.example",
        tokens=(SENT_TO, ANSWERED, REFERRED),
    ),
    Row(
        "gmail_de_reply",
        "Am … schrieb …:",
        "Es läuft wieder, danke!",
        "Am Mo., 23. Nov. 2026",
        sender="carla@laden.example",
        tokens=(SENT_TO, ANSWERED, REFERRED),
    ),
    Row(
        "gmail_fr_reply",
        "Le … a écrit :",
        "Ça marche, merci !",
        "Le lun. 23 nov. 2026",
        sender="carla@magasin.example",
        tokens=(SENT_TO, ANSWERED, REFERRED),
    ),
    Row(
        "apple_mail_nl_reply",
        "Apple Mail marks its own attribution as quoted",
        "De lade doet het alweer – dank.",
        "> Op 23 nov. 2026, om 10:12 heeft Helpdesk",
        tokens=(ANSWERED, REFERRED),
    ),
    Row(
        "apple_mail_inline_answers",
        "answers between quotes: all kept, only the unanswered end is set apart",
        "Op 23 nov. 2026, om 10:12 heeft Helpdesk <help@desk.example> het volgende geschreven:\n\n"
        "> Staat de printer aan?\n\nJa.\n\n> Welk model is het?\n\nEen TM-T20.",
        "> Met vriendelijke groet,\n> Anna",
    ),
    Row(
        "thunderbird_nl_reply",
        "Thunderbird answers below, in flowed lines, with a real signature",
        "Ja, het bedrag klopt nu, ook op de tweede kassa, en op de bonnen staat het goed.",
        "Op 23-11-2026 om 10:12 schreef Helpdesk:\n> Klopt het bedrag op de dagafsluiting nu wel?",
        "--\nCarla de Boer\nWinkel in Wol",
    ),
    Row(
        "thunderbird_en_reply",
        "a date in digits, no address",
        "The amount is right now.",
        "On 23/11/2026 10:12, Helpdesk wrote:",
        sender="carla@shop.example",
    ),
    Row(
        "iphone_nl_reply",
        "the telephone's line stands above the quote",
        "Bel me maar",
        "> Op 23 nov 2026 om 10:12",
        "Verstuurd vanaf mijn iPhone",
        tokens=(ANSWERED, REFERRED),
    ),
    Row(
        "samsung_nl_reply",
        "-------- Oorspronkelijk bericht --------, the whole text in base64",
        "Pin doet het niet",
        "-------- Oorspronkelijk bericht --------",
        "Verzonden vanaf mijn Galaxy",
    ),
    Row(
        "html_only_reply",
        "no text part: the text comes out of the HTML, its blockquote becomes a quote",
        "De etiketten zijn goed.",
        "Op ma 23 nov 2026 om 10:12 schreef",
        tokens=(ANSWERED,),
    ),
    Row(
        "marker_line_reply",
        "our own line above the quote",
        "Graag morgen om tien uur.",
        "## Schrijf uw antwoord boven deze regel ##",
    ),
    Row(
        "forwarded_question",
        "a forwarded mail is what the sender wants to show: nothing is set apart",
        "Wat moet ik hiermee?\n\n---------- Forwarded message ---------\nVan: Leverancier <info@leverancier.example>\n"
        "Date: ma 23 nov 2026 om 09:00\nSubject: Update\nTo: <carla@winkel.example>\n\n"
        "Uw kassa wordt vannacht bijgewerkt.",
    ),
    # Programs
    Row(
        "auto_reply_outlook_nl",
        "Exchange's absence message",
        "Ik ben tot en met vrijdag afwezig.",
        automatic="auto_generated",
        header="Auto-Submitted",
        tokens=(ANSWERED,),
    ),
    Row(
        "auto_reply_vacation",
        "a comment behind auto-replied, the name in a comment behind the address",
        "Ik ben weg.",
        automatic="auto_reply",
        header="Auto-Submitted",
        tokens=(REFERRED,),
    ),
    Row(
        "auto_reply_null_sender_only",
        "nothing says automatic but the null sender, which must never be answered",
        "Ik ben er even niet.",
        automatic="auto_reply",
        header="Return-Path",
    ),
    Row(
        "person_about_automatic_reply",
        "a subject proves nothing, and Auto-Submitted: no is a person",
        "Hoe zet ik het automatische antwoord van de webwinkel uit?",
        subject="Automatisch antwoord uitzetten?",
    ),
    Row(
        "dsn_failed",
        "a delivery report: one failed, one late; the returned mail carries our token",
        "<carla@winkel.example>: host mail.winkel.example said: 550 No such user",
        sender="MAILER-DAEMON@mx.desk.example",
        files=("file-1.txt", "[4711] Bonprinter print niet.eml"),
        automatic="bounce",
        header="Content-Type",
        tokens=(BOUNCED,),
        failed=(CARLA,),
    ),
    Row(
        "dsn_delayed",
        "late is not failed",
        "Your message is late.",
        sender="MAILER-DAEMON@mx.desk.example",
        files=("file-1.txt", "file-2.txt"),
        automatic="delivery_report",
        header="Content-Type",
        tokens=(BOUNCED,),
    ),
    Row(
        "bounce_exim_without_report",
        "Exim makes no report: a header names the address, the text our Message-ID",
        "This message was created automatically by mail delivery software.\n\n  carla@winkel.example\n"
        "    Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\n\n"
        "Message-ID: <ticket-4711.m12.mfrggzdfmztwq2lk@desk.example>\nSubject: Uw vraag",
        sender="Mailer-Daemon@mx.desk.example",
        automatic="bounce",
        header="X-Failed-Recipients",
        tokens=(BOUNCED,),
        failed=(CARLA,),
    ),
    Row(
        "read_receipt",
        "a receipt is a report too, but nothing bounced",
        "Uw bericht is gelezen.",
        files=("file-1.txt",),
        automatic="read_receipt",
        header="Content-Type",
    ),
    Row(
        "mailing_list",
        "List-Id",
        "Wie heeft ervaring met deze printer?",
        sender="kassa-lijst@lists.example",
        automatic="list",
        header="List-Id",
    ),
    Row(
        "newsletter",
        "List-Unsubscribe without a list",
        "Nu met korting!",
        sender="nieuws@leverancier.example",
        subject="De beste aanbiedingen €",
        automatic="bulk",
        header="List-Unsubscribe",
    ),
    Row(
        "no_reply_shop_form",
        "a person's words from an address that takes no answer",
        "Ik kan niet betalen met iDEAL.",
        sender="no-reply@winkel.example",
        automatic="no_answer_wanted",
        header="From",
    ),
    # Charsets
    Row(
        "charset_latin1_raw",
        "raw 8-bit letters, in the subject too",
        "Het café is op maandag geopend.",
        subject="Café dicht",
    ),
    Row("charset_windows_1252", "the euro sign and typographic quotes", "Het is € 5,00 – “korting”."),
    Row("charset_koi8_r", "Cyrillic", "Касса не работает.", subject="Касса"),
    Row("charset_utf_7", "UTF-7 is read like any other", "De printer in het café is stuk."),
    Row("charset_utf_8_called_ascii", "8-bit under the name of ASCII", "Het is € 5 in het café."),
    Row("charset_unknown", "a charset that nobody knows", "Café gesloten."),
    Row(
        "charset_utf_8_cut_in_a_letter",
        "one broken letter does not spoil the others",
        "Eén café, twee cafés, één caf\ufffd",
    ),
    Row("charset_utf_16_and_nul", "a NUL, which PostgreSQL cannot hold", "Prijslijst €"),
    Row("subject_split_in_a_letter", "two encoded words share one letter", "x", subject="Café gesloten"),
    # Files
    Row("zip_bomb", "kept closed, the size is that of the zip", "Zie bijlage.", files=("administratie.zip",)),
    Row(
        "winmail_dat",
        "one that cannot be read is kept as a file",
        "Bijgaand de agenda.",
        files=("winmail.dat",),
        problems=("a winmail.dat that cannot be read to its end",),
    ),
    Row("inline_picture", "a picture in the HTML", "Zie de foto.", files=("scherm.png",)),
    Row(
        "filenames_of_all_kinds",
        "RFC 2231 pieces, RFC 2047 words, paths, reversed reading direction, none, a text file",
        "Namen.",
        files=(
            "Factuur café november.pdf",
            "rekening €.pdf",
            "passwd",
            "kassa.log",
            "fotognp.exe",
            "file-6.jpg",
            "log.txt",
        ),
    ),
    Row(
        "nested_message",
        "a mail in a mail is a file named after its subject; its text is not the sender's",
        "Zie de mail in de bijlage.",
        files=("Storing in het betaalverkeer.eml",),
    ),
    Row(
        "apple_mail_text_picture_text",
        "text on both sides of a picture",
        "Voor de foto.\nNa de foto.",
        files=("foto.png",),
    ),
    # Broken
    Row(
        "no_from",
        "a mail without From is a mail",
        "Zonder afzender.",
        sender=None,
        problems=("no readable sender",),
    ),
    Row(
        "no_headers_at_all",
        "only text",
        "De kassa doet het niet.\nKunt u bellen?",
        sender=None,
        problems=("no empty line between headers and text", "no readable sender"),
    ),
    Row(
        "broken_mime_no_end",
        "cut off on the way",
        "Dit bericht houdt halverwege op, maar de tekst is er wel.",
        problems=("a multipart without its end",),
    ),
    Row(
        "broken_mime_no_parts",
        "the boundary is nowhere",
        "De grens komt nergens voor, dit is gewoon tekst.",
        problems=("a multipart without parts",),
    ),
    Row("broken_mime_no_boundary", "the boundary is not named, but seen", "De grens stond niet in de kop."),
    Row("broken_base64", "foreign signs and a wrong length", "De kassa doet het"),
    Row("garbage_date_and_ids", "a date that is none, a name that looks like an address", "x"),
    Row(
        "display_name_hides_address",
        "an encoded name is decoded after the address was found",
        "Stuur mij uw wachtwoord.",
        sender="eve@kwaad.example",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_message_of_the_corpus_is_read(row: Row) -> None:
    mail = read(row.name)
    split = split_reply(mail.text)
    assert split.reply == row.reply, row.because
    assert split.quoted.startswith(row.quoted_begins), row.because
    assert bool(split.quoted) == bool(row.quoted_begins), row.because
    assert split.signature == row.signature, row.because
    assert (mail.from_.address if mail.from_ else None) == row.sender, row.because
    assert row.subject is None or mail.subject == row.subject, row.because
    assert tuple(each.filename for each in mail.attachments) == row.files, row.because
    assert (mail.automatic.kind.value if mail.automatic else None) == row.automatic, row.because
    assert (mail.automatic.header if mail.automatic else None) == row.header, row.because
    assert tuple((claim.ticket, claim.place) for claim in mail.claims) == row.tokens, row.because
    assert mail.failed_recipients == row.failed, row.because
    assert mail.problems == row.problems, row.because


def test_every_file_of_the_corpus_is_in_the_table() -> None:
    """Those of PGP are in `corpus/seals.toml`."""
    assert {path.stem for path in CORPUS.glob("*.eml") if not path.stem.startswith("pgp_")} == {
        row.name for row in ROWS
    }


@pytest.mark.parametrize("row", [row for row in ROWS if row.files], ids=lambda row: row.name)
def test_the_standard_library_sees_the_same_files(row: Row) -> None:
    """A second opinion on sound messages: the same files with the same bytes, mails inside mails apart."""
    raw = (CORPUS / f"{row.name}.eml").read_bytes()
    theirs = [
        part.get_payload(decode=True)
        for part in _leaves(email.message_from_bytes(raw))
        if part.get_filename() or part.get_content_type() not in {"text/plain", "text/html"}
    ]
    ours = [
        each.content for each in read_message(raw).attachments if not each.content_type.startswith("message/")
    ]
    assert ours == [content for content in theirs if content is not None]


def _leaves(message: Any) -> list[Any]:
    if message.get_content_maintype() != "multipart":
        return [message]
    return [leaf for part in message.get_payload() for leaf in _leaves(part)]


def test_names_dates_and_recipients_are_read() -> None:
    mail = read("outlook_en_reply")
    assert mail.from_ == Address("Boer, Carla de", CARLA)
    assert mail.to == (Address("", "help@desk.example"),)
    assert mail.date == datetime(2026, 11, 23, 10, 2, 9, tzinfo=UTC)
    assert mail.references[0] == "<older@winkel.example>"


def test_an_unreadable_date_is_none_and_the_ids_lose_their_white_space() -> None:
    mail = read("garbage_date_and_ids")
    assert mail.date is None
    assert mail.message_id == "<in twee stukken@winkel.example>".replace(" ", "")
    assert mail.references == ()
    assert mail.to == ()
    assert mail.cc == (
        Address("Jansen, Piet", "piet@winkel.example"),
        Address("Café, De Zon", "zon@winkel.example"),
    )


def test_the_inline_picture_belongs_to_the_html() -> None:
    [picture] = read("inline_picture").attachments
    assert (picture.content_id, picture.is_inline, picture.size) == ("foto1@winkel.example", True, 70)
    assert picture.content.startswith(b"\x89PNG")


def test_a_zip_bomb_is_never_unpacked() -> None:
    [bomb] = read("zip_bomb").attachments
    assert bomb.size < 10_000
    with zipfile.ZipFile(BytesIO(bomb.content)) as unpacked:
        assert unpacked.infolist()[0].file_size == 10_000_000


def test_a_thousand_multiparts_inside_each_other_are_read_to_the_limit() -> None:
    levels = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000)
    )
    mail = read_message(b"From: carla@winkel.example\r\n" + levels + b"\r\nonderin\r\n")
    assert "parts nested deeper than are read" in mail.problems
    assert [b"onderin" in each.content for each in mail.attachments] == [True]


def test_limits_cut_and_say_so() -> None:
    limits = Limits(headers=2, parts=3, text_characters=10)
    many_parts = (
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n" + b"--B\n\nabcdefg\n" * 10
    )
    mail = read_message(many_parts, limits=limits)
    assert set(mail.problems) == {
        "more parts than are read",
        "a multipart without its end",
        "a longer text than is read",
    }
    assert mail.text == "abcdefg\nab"
    many_headers = read_message(b"From: a@b.example\n" + b"X-A: b\n" * 10 + b"\nx", limits=limits)
    assert many_headers.problems == ("more headers than are read",)
    assert many_headers.text == "x"


def test_the_same_mail_by_another_way_has_the_same_fingerprint() -> None:
    raw = (CORPUS / "gmail_nl_reply.eml").read_bytes()
    other_way = b"Received: from elsewhere.example\nDelivered-To: info@desk.example\n" + raw
    assert read_message(raw).fingerprint == read_message(other_way).fingerprint


def test_another_text_under_the_same_message_id_is_another_mail() -> None:
    """Or Eve could keep Carla's mail out by sending hers first under the same Message-ID."""
    raw = (CORPUS / "outlook_en_reply.eml").read_bytes()
    assert read_message(raw).fingerprint != read_message(raw.replace(b"it is on", b"it is off")).fingerprint


def test_the_facts_for_the_rules_come_from_the_message() -> None:
    facts = read("no_reply_shop_form").facts()
    assert (facts.sender, facts.answer_to) == ("no-reply@winkel.example", "klant@thuis.example")
    assert read("auto_reply_vacation").facts().has_null_sender
    assert read("no_from").facts().answer_to is None
    assert read("dsn_failed").facts().failed_recipients == (CARLA,)


def test_where_the_mail_server_delivered_counts_as_a_recipient() -> None:
    raw = b"Delivered-To: help+12-mfrggzdfmztwq2lk@desk.example\nTo: someone@else.example\n\nx"
    [claim] = read_message(raw).claims
    assert (claim.ticket, claim.place) == (12, Place.RECIPIENT)


@pytest.mark.parametrize(
    ("given_name", "safe", "because"),
    [
        ("factuur.pdf", "factuur.pdf", "an ordinary name stays"),
        ("../../etc/passwd", "passwd", "a path"),
        ("..\\..\\windows\\system.ini", "system.ini", "a path of the other kind"),
        ("a\x00b\r\nc.txt", "abc.txt", "control characters"),
        ("foto\u202egnp.exe", "fotognp.exe", "reversed reading direction"),
        (".htaccess", "htaccess", "hidden"),
        ("  ..  ", "file-3.pdf", "nothing left"),
        ("", "file-3.pdf", "no name"),
        ("???", "file-3.pdf", "only forbidden signs"),
        ('a<b>:"c|d?.txt', "a_b___c_d_.txt", "signs that a file system or a page cannot bear"),
        ("CON.txt", "_CON.txt", "a device of Windows"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf", "too long, the extension stays"),
        ("a" * 300, "a" * 120, "too long without extension"),
        ("half\ud800.txt", "half\ufffd.txt", "half a surrogate pair"),
    ],
)
def test_a_filename_is_safe(given_name: str, safe: str, because: str) -> None:
    assert safe_filename(given_name, "application/pdf", 3) == safe, because


@pytest.mark.parametrize(
    ("line", "expected", "because"),
    [
        ("a@b.example", ["a@b.example"], "bare"),
        ("A B <a@B.Example>", ["a@b.example"], "domain in lower case"),
        ('"x@evil.example" <a@b.example>', ["a@b.example"], "a quoted name is no address"),
        ("a@b.example (Carla), c@d.example", ["a@b.example", "c@d.example"], "comment"),
        ("a@b.example (never (closed)", ["a@b.example"], "open comment"),
        (
            "Groep: a@b.example, c@d.example;, e@f.example",
            ["a@b.example", "c@d.example", "e@f.example"],
            "group",
        ),
        ("<@relay.example:a@b.example>", ["a@b.example"], "route"),
        ("<a@b.example", ["a@b.example"], "open bracket"),
        ("a@b.example <x@y.example> <z@y.example>", ["x@y.example"], "the first bracket counts"),
        ("Carla, de Boer <a@b.example>", ["a@b.example"], "unquoted comma"),
        ("<>", [], "the null sender"),
        ("a@b@c.example", [], "two signs"),
        ("", [], "empty"),
        ("=?utf-8?q?a=40b=2Eexample?=", [], "an encoded word is no address"),
        ('"a b"@c.example', ['"a b"@c.example'.replace(" ", "")], "quoted local part"),
        ("a@[192.0.2.1]", ["a@[192.0.2.1]"], "address literal"),
    ],
)
def test_addresses_are_found(line: str, expected: list[str], because: str) -> None:
    assert [each.address for each in addresses(line)] == expected, because


def test_no_more_addresses_than_asked_are_read() -> None:
    assert len(addresses("a@b.example, " * 50, most=7)) == 7


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b"  folded\r\n  twice ", "folded twice"),
        ("café".encode(), "café"),
        ("café".encode("latin-1"), "café"),
        (b"=?utf-8?q?caf=C3=A9?= =?utf-8?q?_x?= y", "café x y"),
        (b"=?utf-8*nl?q?caf=C3=A9?=", "café"),
        (b"=?x-unknown?b?Y2Fm6Q==?=", "café"),
        (b"=?utf-8?b?broken", "=?utf-8?b?broken"),
        (b"a =?iso-8859-1?q?=E9?= b", "a é b"),
        (b"=?iso-8859-1?q?=E9?= =?utf-8?q?=C3=A9?=", "éé"),
    ],
)
def test_header_text_is_decoded(raw: bytes, text: str) -> None:
    assert header_text(raw) == text


def test_parameters_are_read_however_they_are_written() -> None:
    assert parameters(b'Text/Plain; Charset="utf-8"; x=y') == ("text/plain", {"charset": "utf-8", "x": "y"})
    assert parameters(b"a/b; name*=iso-8859-1'nl'caf%E9")[1] == {"name": "café"}
    assert parameters(b'a/b; name="open')[1] == {"name": "open"}
    assert parameters(b"a/b; name*1=b; name*0=a")[1] == {"name": "ab"}


def test_of_very_many_message_ids_the_first_and_the_last_stay() -> None:
    found = message_ids(" ".join(f"<{n}@x.example>" for n in range(500)), most=10)
    assert (len(found), found[0], found[-1]) == (10, "<0@x.example>", "<499@x.example>")
    assert message_ids("bare@x.example") == ("<bare@x.example>",)


@pytest.mark.parametrize(
    ("headers", "kind", "because"),
    [
        ("Auto-Submitted: auto-replied; owner-email=x@y.example", "auto_reply", "with parameters"),
        ("Auto-Submitted: auto-notified", "auto_generated", "other words of the registry"),
        ("Auto-Submitted:", None, "empty says nothing"),
        ("X-Autoreply: yes", "auto_reply", "older programs"),
        ("X-Autorespond: no", None, "which can say no"),
        ("X-Cron-Env: <SHELL=/bin/sh>", "auto_generated", "cron"),
        ("Precedence: auto_reply", "auto_reply", "before Auto-Submitted there was Precedence"),
        ("Precedence: bulk", "bulk", "bulk"),
        ("Precedence: first-class", None, "an ordinary mail"),
        ("List-Post: <mailto:x@y.example>", "list", "a list without List-Id"),
        (
            "List-Id: Kassa\nAuto-Submitted: auto-replied",
            "auto_reply",
            "a reply on a list is first of all a reply",
        ),
        ("X-Auto-Response-Suppress: DR, OOF", "no_answer_wanted", "asks for no absence message"),
        ("X-Auto-Response-Suppress: DR, RN", None, "asks for no receipts only"),
        ("From: no-reply@shop.example", "no_answer_wanted", "by its name"),
        ("From: noreen@shop.example", None, "a name that begins like it"),
        ("From: postmaster@shop.example", "bounce", "the postmaster"),
        ("Return-Path: <bounces@shop.example>", None, "an ordinary envelope sender"),
        (
            "Content-Type: multipart/report; report-type=feedback-report",
            "auto_generated",
            "a complaint about spam",
        ),
        ("Subject: Automatisch antwoord: ik ben weg", None, "a subject is no header that tells"),
    ],
)
def test_headers_say_whether_a_program_wrote_it(headers: str, kind: str | None, because: str) -> None:
    found = read_message(f"{headers}\n\ntekst".encode()).automatic
    assert (found.kind.value if found else None) == kind, because


def test_a_list_is_known_by_its_id() -> None:
    found = read_message(b"List-Id: De kassa <Kassa.Lists.example>\n\nx").automatic
    assert found is not None
    assert found.list_id == "kassa.lists.example"


def test_a_boundary_in_the_middle_of_a_line_is_text() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=B\n\n--B\n\nvoor --B na\n--Bx\n--B--"
    assert read_message(raw).text == "voor --B na\n--Bx"


def test_flowed_lines_are_joined_within_their_quote() -> None:
    text = "een \ntwee\n> drie \n> vier\n>> vijf \n> zes \n-- \nCarla \nde Boer"
    assert unflowed(text) == "een twee\n> drie vier\n>> vijf \n> zes \n-- \nCarla de Boer"


def test_an_attachment_in_uuencode_is_decoded() -> None:
    head = b"From: a@b.example\nContent-Type: application/x-y\nContent-Transfer-Encoding: x-uuencode\n\n"
    [read_well] = read_message(head + b"begin 644 x\n#0V%T\n`\nend\n").attachments
    assert read_well.content == b"Cat"
    [no_begin] = read_message(head + b"nothing").attachments
    assert no_begin.content == b"nothing"
    [broken] = read_message(head + b"begin 644 x\n\x7f\x80\xff\nend\n").attachments
    assert broken.content.startswith(b"begin")


def test_old_line_ends_and_a_mailbox_line_do_not_confuse() -> None:
    mail = read_message(b"From carla Mon Nov 23\rFrom: carla@winkel.example\rSubject: Oud\r\rtekst\r")
    assert (mail.subject, mail.text) == ("Oud", "tekst\n")


def test_text_and_html_in_one_mail_are_both_in_the_html() -> None:
    head = b"Content-Type: multipart/mixed; boundary=B\n\n"
    raw = head + b"--B\nContent-Type: text/html\n\n<p>een</p>\n--B\n\n<twee>\n--B--"
    mail = read_message(raw)
    assert mail.text == "een\n<twee>"
    assert mail.html is not None
    assert "<p>een</p>" in mail.html
    assert "&lt;twee&gt;" in mail.html


def test_an_empty_text_beside_html_does_not_count() -> None:
    head = b"Content-Type: multipart/alternative; boundary=B\n\n"
    raw = head + b"--B\n\n  \n--B\nContent-Type: text/html\n\n<p>een</p>\n--B--"
    assert read_message(raw).text == "een"


def all_texts(mail: ReadMail) -> list[str]:
    people = [*mail.to, *mail.cc, *mail.reply_to, *filter(None, (mail.from_, mail.sender))]
    return [
        mail.subject,
        mail.text,
        mail.html or "",
        mail.message_id or "",
        *mail.references,
        *mail.in_reply_to,
        *mail.delivered_to,
        *(text for person in people for text in (person.name, person.address)),
        *(
            text
            for file in mail.attachments
            for text in (file.filename, file.content_type, file.content_id or "")
        ),
        *((mail.automatic.value, mail.automatic.list_id or "") if mail.automatic else ()),
        *mail.failed_recipients,
    ]


def assert_storable(raw: bytes) -> None:
    mail = read_message(raw)
    for text in all_texts(mail):
        assert "\x00" not in text
        text.encode("utf-8")
    assert len(mail.fingerprint) == 64
    mail.facts()
    explain_mail(raw)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    assert_storable(raw)


HEADER_NAMES = st.sampled_from(
    [
        *(
            "From",
            "To",
            "Cc",
            "Reply-To",
            "Sender",
            "Subject",
            "Date",
            "Message-ID",
            "References",
            "In-Reply-To",
        ),
        *("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID", "Return-Path"),
        *("Auto-Submitted", "List-Id", "Precedence", "X-Failed-Recipients", "Delivered-To", "X-Autoreply"),
    ]
)
HEADER_PIECES = st.sampled_from(
    [
        *(
            b"multipart/mixed; boundary=B",
            b"multipart/alternative; boundary=B",
            b"multipart/report; boundary=B",
        ),
        *(
            b"message/rfc822",
            b"message/delivery-status",
            b"text/html; charset=utf-7",
            b"text/plain; charset=idna",
        ),
        *(
            b"; report-type=delivery-status",
            b"; charset=utf-16",
            b"; charset=\x00",
            b"; name*0*=utf-8'",
            b"x/y",
        ),
        *(
            b"base64",
            b"quoted-printable",
            b"x-uuencode",
            b"attachment; filename=",
            b"<a@b.example>",
            b"<",
            b">",
        ),
        *(
            b"=?utf-8?q?=00=ED=A0=80?=",
            b"=?utf-7?b?2AA=?=",
            b"=?punycode?q?x?=",
            b'"',
            b"(",
            b",",
            b":",
            b"auto-replied",
        ),
        *(b"Mon, 23 Nov 99999 10:00:00 +9999", b"\xff\xfe", b"\n ", b"help+1-aaaaaaaaaaaaaaaa@x.example"),
    ]
)
BODIES = st.sampled_from(
    [
        *(
            b"--B\n",
            b"--B--\n",
            b"\n",
            b"Content-Type: text/html\n\n",
            b"<p>x",
            b"=C3=",
            b"begin 644 x\n#0V%T\n",
            b"aGFsbG8",
        ),
        *(
            b"Content-Type: message/delivery-status\n\nAction: failed\nFinal-Recipient: rfc822; a@b.example\n\n"
        ),
        *(b"> quoted\n", b"Op 3 mei 10:12 schreef X:\n", b"-- \n", b"+2AA-", b"\x00", b"\xed\xa0\x80"),
    ]
)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(HEADER_NAMES, st.lists(HEADER_PIECES, max_size=4)), max_size=8),
    st.lists(
        st.one_of(
            BODIES.map(lambda each: each if isinstance(each, bytes) else bytes([each])),
            st.binary(max_size=20),
        ),
        max_size=20,
    ),
)
def test_any_message_made_of_nasty_pieces_is_read_without_an_error(
    headers: list[tuple[str, list[bytes]]], body: list[bytes]
) -> None:
    head = b"".join(name.encode() + b": " + b"".join(pieces) + b"\n" for name, pieces in headers)
    assert_storable(head + b"\n" + b"".join(body))


def test_the_explanation_has_the_shape_that_the_command_promises() -> None:
    explained = explain_mail((CORPUS / "outlook_nl_reply.eml").read_bytes())
    assert set(explained) == {"result", "reasons", "trace"}
    result = explained["result"]
    assert result["from"] == {"name": "Carla de Boer", "address": CARLA}
    assert result["reply"].startswith("Hallo Anna,")
    assert result["quoted"].startswith("____")
    assert [(each["ticket"], each["place"], each["checked"]) for each in result["tokens"]] == [
        (4711, "recipient", False),
        (4711, "in_reply_to", False),
        (4711, "references", False),
    ]
    assert all(set(each) == {"rule", "setting", "text"} for each in explained["reasons"])
    assert [each["text"] for each in explained["reasons"]] == [
        "No header says that a program wrote this.",
        "The quoted mail begins at its header lines, “Van: Helpdesk <help@desk.example>”.",
        "It carries a token for ticket 4711, which only the running desk can check.",
    ]


def test_the_explanation_of_a_bounce_without_sender_names_why() -> None:
    explained = explain_mail(b"X-Failed-Recipients: carla@winkel.example\n\nweg")
    assert explained["result"]["automatic"] == "bounce"
    assert explained["result"]["failed_recipients"] == [CARLA]
    assert explained["reasons"][0]["text"] == "The message names no sender."
    assert "X-Failed-Recipients" in explained["reasons"][1]["text"]
