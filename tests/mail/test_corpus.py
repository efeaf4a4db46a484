"""The corpus: messages after the shapes of programs that people use, each beside what must be read in it and why.

The tables are TOML files in `corpus/`: the message as text (in the given `encoding`; or the `file` it is in), and what
is expected. What is left out of a row is expected to be empty, `sender` to be Carla. `quoted` and `signature` are how
those begin; `"*"` means anything. Messages that are large, deep or binary are built in `built_messages.py`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from tests.mail import built_messages as built
from tests.mail.test_parsing import ROWS as OLDER_ROWS

from balie.mail.explanation import explain_mail
from balie.mail.meetings import in_words
from balie.mail.reading.parsing import ReadMail, read_message
from balie.mail.reading.replies import Split, split_reply
from balie.rules.mail_matching import Place

CORPUS = Path(__file__).parent / "corpus"
ZONE = ZoneInfo("Europe/Amsterdam")
ANYTHING = "*"


@dataclass(frozen=True)
class Row:
    """One message and what is expected."""

    table: str
    name: str
    expected: Mapping[str, Any]

    @property
    def because(self) -> str:
        return str(self.expected["because"])

    @property
    def raw(self) -> bytes:
        if "file" in self.expected:
            return (CORPUS / self.expected["file"]).read_bytes()
        text = self.expected["message"].replace("\n", "\r\n")
        return bytes(text.encode(self.expected.get("encoding", "utf-8")))


def rows() -> Iterator[Row]:
    for path in sorted(CORPUS.glob("*.toml")):
        for name, expected in tomllib.loads(path.read_text(encoding="utf-8")).items():
            yield Row(path.stem, name, expected)


ROWS = tuple(rows())
KNOWN = {
    *(
        "because",
        "message",
        "file",
        "encoding",
        "sender",
        "name",
        "to",
        "subject",
        "reply",
        "quoted",
        "signature",
    ),
    *("files", "automatic", "header", "tokens", "failed", "meetings", "seal", "covers_all", "problems"),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.table}-{row.name}")
def test_a_message_is_read_as_its_row_says(row: Row) -> None:
    mail = read_message(row.raw)
    with translation.override("en"):
        seen = _seen(mail, row.expected)
    assert seen == _expected(row.expected), row.because


def _expected(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sender": given.get("sender", built.CARLA),
        "reply": given["reply"],
        "quoted": given.get("quoted", ""),
        "signature": given.get("signature", ""),
        "files": given.get("files", []),
        "automatic": given.get("automatic", ""),
        "header": given.get("header", ""),
        "tokens": given.get("tokens", []),
        "failed": given.get("failed", []),
        "meetings": given.get("meetings", []),
        "seal": given.get("seal", ""),
        "covers_all": given.get("covers_all", True),
        "problems": given.get("problems", []),
        **{name: given[name] for name in ("subject", "name", "to") if name in given},
    }


def _seen(mail: ReadMail, given: Mapping[str, Any]) -> dict[str, Any]:
    split = split_reply(mail.text)
    only_asked = {
        "subject": mail.subject,
        "name": mail.from_.name if mail.from_ else "",
        "to": [each.address for each in mail.to],
    }
    failures = mail.report.failures if mail.report else ()
    return {
        "sender": mail.from_.address if mail.from_ else "",
        **_parts(split, given),
        "files": [[each.filename, each.content_type, each.size] for each in mail.attachments],
        "automatic": mail.automatic.kind.value if mail.automatic else "",
        "header": mail.automatic.header if mail.automatic else "",
        "tokens": [claim.place.value for claim in mail.claims],
        "failed": [[each.address, each.status, each.words] for each in failures],
        "meetings": [in_words(each, zone=ZONE) for each in mail.meetings],
        "seal": _seal(mail),
        "covers_all": mail.seal.covers_all if mail.seal else True,
        "problems": list(mail.problems),
        **{name: value for name, value in only_asked.items() if name in given},
    }


def _parts(split: Split, given: Mapping[str, Any]) -> dict[str, str]:
    """The parts of the text: of quote and signature only as much as the row tells."""
    found = {"reply": split.reply, "quoted": split.quoted, "signature": split.signature}
    for name in found:
        wanted = str(given.get(name, ""))
        if wanted == ANYTHING:
            found[name] = ANYTHING
        elif wanted and name != "reply" and found[name].startswith(wanted):
            found[name] = wanted
    return found


def _seal(mail: ReadMail) -> str:
    if mail.seal is None:
        return ""
    return f"{mail.seal.kind.value} {'encrypted' if mail.seal.is_encrypted else 'signed'}"


def test_the_tables_hold_nothing_that_is_not_looked_at() -> None:
    for row in ROWS:
        assert row.expected.keys() <= KNOWN, row.name
        assert row.because, row.name


def test_the_corpus_is_large_enough() -> None:
    assert len(ROWS) + len(OLDER_ROWS) + len(BUILT) >= 190


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.table}-{row.name}")
def test_no_line_of_a_message_is_lost(row: Row) -> None:
    """Whatever is folded away can be unfolded: the three parts together are the whole text."""
    text = read_message(row.raw).text
    split = split_reply(text)
    parts = "\n".join((split.reply, split.quoted, split.signature))
    assert sorted(_lines(parts)) == sorted(_lines(text))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.table}-{row.name}")
def test_line_ends_of_any_kind_are_read_alike(row: Row) -> None:
    """Some ways bring CRLF, some LF: the same message, but for the bytes of files that were not encoded."""
    mails = [read_message(row.raw), read_message(row.raw.replace(b"\r\n", b"\n"))]
    texts = [(mail.text, mail.subject, mail.from_, mail.automatic, len(mail.attachments)) for mail in mails]
    assert texts[0] == texts[1]


# --- Built ----------------------------------------------------------------------------------------------

BUILT: dict[str, tuple[bytes, dict[str, Any]]] = {
    "winmail_dat_with_files": (
        built.mixed(
            built.text_part("Zie bijlage."),
            built.file_part("winmail.dat", "application/ms-tnef", built.packed_files()),
        ),
        {
            "reply": "Zie bijlage.\nZie de lijst [logo]",
            "files": [
                ["Prijslijst voorjaar €.xlsx", "application/vnd.ms-excel", 4],
                ["file-2.png", "image/png", 4],
            ],
        },
    ),
    "winmail_dat_under_another_type": (
        built.mixed(
            built.text_part("Zie bijlage."),
            built.file_part("winmail.dat", "application/octet-stream", built.packed_files()),
        ),
        {
            "reply": "Zie bijlage.\nZie de lijst [logo]",
            "files": [
                ["Prijslijst voorjaar €.xlsx", "application/vnd.ms-excel", 4],
                ["file-2.png", "image/png", 4],
            ],
        },
    ),
    "winmail_dat_is_all_there_is": (
        built.with_head(
            "Content-Type: application/ms-tnef",
            body=built.tnef((0x69003, built.properties((0x102, 0x1009, built.PACKED_RTF)))),
        ),
        {"reply": "hello world"},
    ),
    "winmail_dat_with_a_message_inside": (
        built.mixed(
            built.text_part("Doorgestuurd."),
            built.file_part("winmail.dat", "application/ms-tnef", built.packed_message()),
        ),
        {
            "reply": "Doorgestuurd.",
            "files": [["Storing.txt", "text/plain", 18], ["log.txt", "application/octet-stream", 4]],
        },
    ),
    "winmail_dat_cut_off": (
        built.mixed(
            built.text_part("Zie bijlage."),
            built.file_part("winmail.dat", "application/ms-tnef", built.packed_files()[:-20]),
        ),
        {
            "reply": "Zie bijlage.\nZie de lijst [logo]",
            "files": [
                ["winmail.dat", "application/ms-tnef", len(built.packed_files()) - 20],
                ["Prijslijst voorjaar €.xlsx", "application/vnd.ms-excel", 4],
                ["file-3.bin", "application/octet-stream", 0],
            ],
            "problems": ["a winmail.dat that cannot be read to its end"],
        },
    ),
    "smime_signed": (
        built.smime_signed(),
        {"reply": "Graag de factuur naar dit adres.", "seal": "smime signed", "files": ["smime.p7s"]},
    ),
    "smime_opaque": (
        built.smime_opaque(),
        {"reply": "Dit zit in de handtekening.", "seal": "smime signed", "files": ["smime.p7m"]},
    ),
    "smime_encrypted": (
        built.smime_encrypted(),
        {"reply": "", "seal": "smime encrypted", "files": ["smime.p7m"]},
    ),
    "smime_signed_with_a_footer_of_a_list": (
        built.with_head(
            "Content-Type: multipart/mixed; boundary=voet",
            body=b"--voet\r\n"
            + built.smime_signed().split(b"MIME-Version: 1.0\r\n")[1]
            + b"\r\n--voet\r\n\r\nVoettekst\r\n--voet--\r\n",
        ),
        {
            "reply": "Graag de factuur naar dit adres.\n\nVoettekst",
            "seal": "smime signed",
            "covers_all": False,
            "files": ["smime.p7s"],
        },
    ),
    "zip_bomb": (
        built.mixed(
            built.text_part("Zie zip."),
            built.file_part("b.zip", "application/zip", built.zip_of_zeroes(20_000_000)),
        ),
        {"reply": "Zie zip.", "files": ["b.zip"]},
    ),
    "nested_a_hundred_deep": (
        built.nested(100),
        {
            "reply": "",
            "files": ["file-1.bin"],
            "problems": ["a multipart without its end", "parts nested deeper than are read"],
        },
    ),
    "nested_twenty_deep": (
        built.nested(20),
        {"reply": "Onderin", "problems": ["a multipart without its end"]},
    ),
    "header_line_of_a_megabyte": (
        b"From: carla@winkel.example\r\nX-Lang: " + b"a" * 1_000_000 + b"\r\nSubject: Kort\r\n\r\nTekst\r\n",
        {"reply": "Tekst", "subject": "Kort"},
    ),
    "subject_of_a_megabyte": (
        b"From: carla@winkel.example\r\nSubject: " + b"b" * 1_000_000 + b"\r\n\r\nTekst\r\n",
        {"reply": "Tekst", "subject": "b" * 100_000},
    ),
    "line_of_a_megabyte": (
        b"From: carla@winkel.example\r\nSubject: x\r\n\r\n" + b"c" * 1_000_000,
        {"reply": "c" * 1_000_000},
    ),
    "nul_bytes": (
        b"From: carla@winkel.example\r\nSubject: nu\x00l\r\n\r\nEen \x00nul.\r\n",
        {"reply": "Een nul.", "subject": "nul"},
    ),
    "carriage_returns_only": (
        b"From: carla@winkel.example\rSubject: Mac\r\rEen\rTwee\r",
        {"reply": "Een\nTwee", "subject": "Mac"},
    ),
    "line_ends_mixed": (
        b"From: carla@winkel.example\r\nSubject: x\n\r\nEen\rTwee\nDrie\r\n",
        {"reply": "Een\nTwee\nDrie", "subject": "x"},
    ),
    "nothing_at_all": (b"", {"sender": "", "reply": "", "problems": ["no readable sender"]}),
    "a_picture_and_no_more": (
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        {
            "sender": "",
            "reply": "*",
            "problems": ["no empty line between headers and text", "no readable sender"],
        },
    ),
    "utf_16_with_mark": (
        built.with_head("Content-Type: text/plain; charset=utf-16", body="Prijs: €\n5".encode("utf-16")),
        {"reply": "Prijs: €\n5"},
    ),
    "utf_16_little_endian_without_mark": (
        built.with_head("Content-Type: text/plain; charset=utf-16", body="Prijs: € 5".encode("utf-16-le")),
        {"reply": "Prijs: € 5"},
    ),
    "utf_16_big_endian_without_mark": (
        built.with_head("Content-Type: text/plain; charset=unicode", body="Prijs: € 5".encode("utf-16-be")),
        {"reply": "Prijs: € 5"},
    ),
    "a_thousand_recipients": (
        b"From: carla@winkel.example\r\nTo: "
        + b", ".join(b"k%d@winkel.example" % n for n in range(1000))
        + b"\r\n\r\nx\r\n",
        {"reply": "x"},
    ),
    "a_thousand_files": (
        built.mixed(*(built.file_part(f"{n}.txt", "text/csv", b"x") for n in range(1001))),
        {
            "reply": "",
            "files": [f"{n}.txt" for n in range(1001)],
            "problems": ["more parts than are read", "a multipart without its end"],
        },
    ),
}


@pytest.mark.parametrize("name", BUILT)
def test_a_built_message_is_read_as_its_row_says(name: str) -> None:
    raw, given = BUILT[name]
    mail = read_message(raw)
    seen, expected = _seen(mail, given), _expected(given)
    if given.get("files") and isinstance(given["files"][0], str):
        seen["files"] = [each.filename for each in mail.attachments]
    assert seen == expected


def test_the_picture_of_a_winmail_dat_has_its_place_in_the_html() -> None:
    raw, _given = BUILT["winmail_dat_with_files"]
    mail = read_message(raw)
    assert mail.html is not None
    assert 'src="cid:logo@winkel"' in mail.html
    assert mail.attachments[1].content_id == "logo@winkel"
    assert mail.attachments[1].is_inline


def test_a_token_is_found_wherever_a_program_repeats_it() -> None:
    answered = [row for row in ROWS if "tokens" in row.expected]
    assert {place for row in answered for place in row.expected["tokens"]} >= {
        Place.IN_REPLY_TO.value,
        Place.REFERENCES.value,
        Place.RETURNED.value,
    }


# --- Explained ------------------------------------------------------------------------------------------


def test_an_explanation_tells_of_meetings_and_of_the_words_of_servers() -> None:
    by_name = {row.name: row for row in ROWS}
    [meeting] = explain_mail(by_name["outlook_invitation"].raw)["result"]["meetings"]
    assert (meeting["method"], meeting["summary"]) == ("request", "Uitleg kassa, deel 1")
    assert (meeting["begins"], meeting["answer"]) == ("2026-11-25T09:00:00+00:00", None)
    [failure] = explain_mail(by_name["postfix"].raw)["result"]["failures"]
    assert failure == {"address": built.CARLA, "status": "5.2.2", "words": "552 5.2.2 mailbox full"}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (built.smime_signed(), "It is signed (S/MIME)"),
        (built.smime_encrypted(), "It is encrypted (S/MIME)"),
        (BUILT["smime_signed_with_a_footer_of_a_list"][0], "A part of it is signed (S/MIME)"),
    ],
    ids=["signed", "encrypted", "in part"],
)
def test_an_explanation_tells_of_the_seal(raw: bytes, says: str) -> None:
    explained = explain_mail(raw)
    assert any(each["text"].startswith(says) for each in explained["reasons"])
    assert explained["result"]["seal"]["checked"] is False
