"""Signatures on mail: checked by the keys that are known of the sender, and what a forger cannot do."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from tests.cast import FRIDAY_AT_FOUR
from tests.mail import built_messages as built
from tests.mail.built_messages import CARLA, SIGNED_AT
from tests.mail.letters import arrives

from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.mail import seals
from balie.mail.models import KnownKey, MessageSeal
from balie.mail.reading.parsing import ReadMail, read_message
from balie.mail.seals import Key, UnreadableKey, check, read_key

CORPUS = Path(__file__).parent / "corpus"
EVE = "eve@kwaad.example"


def pgp(name: str) -> Key:
    return read_key((CORPUS / "keys" / f"{name}.asc").read_text())


def certificate_of(address: str, *, days: int = 365) -> Key:
    return read_key(built.pem(address, days=days))


def letter(name: str) -> ReadMail:
    return read_message((CORPUS / f"{name}.eml").read_bytes())


def verdict(mail: ReadMail, *keys: Key, at: datetime = SIGNED_AT) -> str | None:
    checked = check(mail, keys, at=at)
    return checked.verdict if checked else None


# --- S/MIME ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [built.smime_signed(), built.smime_opaque()], ids=["beside", "inside"])
def test_a_certificate_that_is_known_makes_a_signature_genuine(raw: bytes) -> None:
    known = certificate_of(CARLA)
    checked = check(read_message(raw), [known], at=SIGNED_AT)
    assert checked == seals.Checked("genuine", known.fingerprint)


def test_line_ends_that_a_server_changed_do_not_break_a_signature() -> None:
    raw = built.smime_signed().replace(b"\r\n", b"\n")
    assert verdict(read_message(raw), certificate_of(CARLA)) == "genuine"


def test_one_letter_changed_on_the_way_breaks_it() -> None:
    raw = built.smime_signed().replace(b"naar dit adres", b"naar ons adres")
    assert verdict(read_message(raw), certificate_of(CARLA)) == "broken"


def test_another_certificate_in_the_same_name_is_another_key() -> None:
    """Anybody can make a certificate that says it is Carla's."""
    raw = built.smime_signed(days=364)
    assert verdict(read_message(raw), certificate_of(CARLA)) == "other_key"


def test_a_known_certificate_does_not_speak_for_another_sender() -> None:
    """Eve's certificate was given out for Eve: in Carla's name it proves nothing, also when it is known."""
    assert verdict(read_message(built.smime_signed(by=EVE)), certificate_of(EVE)) == "other_key"


def test_a_signature_after_its_certificate_ended_says_so() -> None:
    late = SIGNED_AT + timedelta(days=800)
    assert verdict(read_message(built.smime_signed()), certificate_of(CARLA), at=late) == "expired"


def test_words_around_the_signed_part_are_not_signed() -> None:
    signed = built.smime_signed().split(b"MIME-Version: 1.0\r\n")[1]
    raw = built.with_head(
        "Content-Type: multipart/mixed; boundary=om",
        body=b"--om\r\n\r\nBetaal op rekening 123.\r\n--om\r\n" + signed + b"\r\n--om--\r\n",
    )
    assert verdict(read_message(raw), certificate_of(CARLA)) == "partly"


def test_a_part_behind_the_signature_is_not_signed() -> None:
    raw = built.smime_signed().replace(b"\r\n--s--", b"\r\n--s\r\n\r\nNog iets.\r\n--s--")
    assert verdict(read_message(raw), certificate_of(CARLA)) == "partly"


# --- PGP ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pgp_signed_inline", "pgp_signed_mime"])
def test_a_pgp_key_that_is_known_makes_a_signature_genuine(name: str) -> None:
    carla = pgp("carla")
    assert check(letter(name), [carla], at=SIGNED_AT) == seals.Checked("genuine", carla.fingerprint)


@pytest.mark.parametrize("name", ["pgp_signed_inline", "pgp_signed_mime"])
def test_a_pgp_signature_of_somebody_else_is_another_key(name: str) -> None:
    assert verdict(letter(name), pgp("eve")) == "other_key"


@pytest.mark.parametrize(
    ("name", "word", "other"),
    [("pgp_signed_inline", b"zoek", b"weg!"), ("pgp_signed_mime", b"terecht", b"verkeer")],
)
def test_a_changed_word_breaks_a_pgp_signature(name: str, word: bytes, other: bytes) -> None:
    raw = (CORPUS / f"{name}.eml").read_bytes().replace(word, other)
    assert verdict(read_message(raw), pgp("carla")) == "broken"


def test_words_around_an_inline_signature_are_not_signed() -> None:
    raw = (CORPUS / "pgp_signed_inline.eml").read_bytes()
    raw = raw.replace(
        b"\r\n\r\n-----BEGIN PGP SIGNED", b"\r\n\r\nBetaal vandaag.\r\n\r\n-----BEGIN PGP SIGNED"
    )
    assert verdict(read_message(raw), pgp("carla")) == "partly"


# --- Without -------------------------------------------------------------------------------------------


def test_without_a_key_of_the_sender_no_program_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert verdict(letter("pgp_signed_mime")) == "no_key"
    assert verdict(letter("pgp_signed_mime"), certificate_of(CARLA)) == "no_key"


def test_without_the_program_it_says_that_nothing_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert verdict(letter("pgp_signed_mime"), pgp("carla")) == "not_checked"
    assert verdict(read_message(built.smime_signed()), certificate_of(CARLA)) == "not_checked"


def test_the_programs_are_there() -> None:
    """Else the tests above would say little."""
    assert shutil.which("openssl")
    assert shutil.which("gpgv")


def test_what_is_encrypted_is_called_encrypted() -> None:
    assert verdict(letter("pgp_encrypted_mime"), pgp("carla")) == "encrypted"
    assert verdict(read_message(built.smime_encrypted()), certificate_of(CARLA)) == "encrypted"


def test_a_plain_message_has_no_seal() -> None:
    assert check(read_message(b"From: carla@winkel.example\r\n\r\nx"), [], at=SIGNED_AT) is None


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "sleutel",
        "-----BEGIN CERTIFICATE-----\nabcd\n-----END CERTIFICATE-----",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabcd\n-----END PGP PUBLIC KEY BLOCK-----",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n!!\n-----END PGP PUBLIC KEY BLOCK-----",
    ],
)
def test_what_is_no_key_is_refused_in_words(garbage: str) -> None:
    with pytest.raises(UnreadableKey):
        read_key(garbage)


# --- On the desk ----------------------------------------------------------------------------------------


def as_carla(raw: bytes, carla: Contact) -> bytes:
    return raw.replace(CARLA.encode(), carla.email.encode())


def test_the_result_is_kept_with_the_message(softwear: Desk, carla: Contact) -> None:
    KnownKey.objects.create(contact=carla, material=pgp("carla").material)
    raw = as_carla((CORPUS / "pgp_signed_mime.eml").read_bytes(), carla)
    mail = arrives(raw, now=FRIDAY_AT_FOUR)
    assert mail.message is not None
    seal = MessageSeal.objects.get(message=mail.message)
    assert (seal.kind, seal.verdict, seal.fingerprint) == ("pgp", "genuine", pgp("carla").fingerprint)
    assert seal.is_genuine
    assert [each.name for each in mail.message.attachments.all()] == ["OpenPGP_signature"]


def test_a_key_of_somebody_else_is_not_asked(softwear: Desk, carla: Contact, dario: Contact) -> None:
    KnownKey.objects.create(contact=dario, material=pgp("carla").material)
    mail = arrives(as_carla((CORPUS / "pgp_signed_mime.eml").read_bytes(), carla))
    assert MessageSeal.objects.get(message=mail.message).verdict == "no_key"


def test_a_key_is_looked_at_when_it_is_entered(carla: Contact) -> None:
    key = KnownKey(contact=carla, material="geen sleutel")
    with pytest.raises(ValidationError):
        key.full_clean()
    key.material = built.pem(CARLA)
    key.full_clean()
    assert (key.kind, len(key.fingerprint)) == ("smime", 64)
