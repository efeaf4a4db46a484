"""Checking the seals of messages, S/MIME with `openssl` and PGP with `gpgv`, by the keys that are known of the sender.

Without a key of the sender nothing is started: who signs with a key that nobody vouched for proves nothing. Both
programs read from files in a folder that goes away, know no keys but the given ones, and have a few seconds.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from balie.mail.reading.parsing import ReadMail
from balie.mail.reading.seals import Seal, SealKind

SECONDS = 10
_CERTIFICATES = re.compile(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")
_PGP_KEY = re.compile(
    r"-----BEGIN PGP PUBLIC KEY BLOCK-----(?:\r?\n[^\n:]+: [^\n]*)*\r?\n\r?\n(?P<data>[A-Za-z0-9+/=\s]+?)"
    r"(?:\n=[A-Za-z0-9+/]{4}\s*)?-----END PGP PUBLIC KEY BLOCK-----"
)
_MOST_KEY = 200_000  # characters
_STATUS = re.compile(r"^\[GNUPG:\] (\w+) ?(.*)$", re.MULTILINE)


class UnreadableKey(ValueError):
    """What was pasted is neither a certificate nor a public key; its text says so to an administrator."""


@dataclass(frozen=True, slots=True)
class Key:
    """A certificate or public key. `material`: as text, PEM or armoured; `fingerprint`: hexadecimal, capitals."""

    kind: SealKind
    material: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a seal came to: a `Verdict`, and the key that made the signature when it is known."""

    verdict: str
    fingerprint: str = ""


def read_key(text: str) -> Key:
    """The certificate or public key in a text. Raises `UnreadableKey`."""
    text = text[:_MOST_KEY]
    if pem := _CERTIFICATES.search(text):
        return Key(SealKind.SMIME, text, _certificate_fingerprint(pem[0]))
    if found := _PGP_KEY.search(text):
        return Key(SealKind.PGP, text, _pgp_fingerprint(_dearmoured(found["data"])))
    raise UnreadableKey(_("This is neither a certificate nor a public PGP key."))


def check(read: ReadMail, keys: Sequence[Key], *, at: datetime) -> Checked | None:
    """What the seal on a message came to with the keys of its sender, at a moment; `None` when it has no seal."""
    seal = read.seal
    if seal is None:
        return None
    if seal.is_encrypted:
        return Checked("encrypted")
    fitting = [key for key in keys if key.kind is seal.kind]
    if not fitting:
        return Checked("no_key")
    try:
        with TemporaryDirectory(prefix="balie-seal-") as folder:
            found = _PROGRAMS[seal.kind](seal, fitting, Path(folder), read, at)
    except (OSError, subprocess.SubprocessError):
        return Checked("not_checked")
    if found.verdict == "genuine" and not seal.covers_all:
        return Checked("partly", found.fingerprint)
    return found


def _run(*command: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(each) for each in command],
        capture_output=True,
        check=False,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
    )


def _canonical(content: bytes) -> bytes:
    """With the line ends that were signed: mail servers here and there make others of them."""
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


# --- S/MIME ---------------------------------------------------------------------------------------------


def _check_smime(seal: Seal, keys: Sequence[Key], folder: Path, read: ReadMail, at: datetime) -> Checked:
    """The signature must fit, its certificate lead to one that is known, and name the sender's address."""
    (folder / "trusted.pem").write_text("\n".join(key.material for key in keys))
    (folder / "signature.der").write_bytes(seal.signature)
    content: list[str | Path] = []
    if seal.signed is not None:
        (folder / "content").write_bytes(_canonical(seal.signed))
        content = ["-content", folder / "content", "-binary"]
    verify: list[str | Path] = [
        "openssl",
        "cms",
        "-verify",
        "-inform",
        "DER",
        "-in",
        folder / "signature.der",
    ]
    verify += [*content, "-out", folder / "out", "-signer", folder / "signer.pem"]
    trusted: list[str | Path] = [
        "-CAfile",
        folder / "trusted.pem",
        "-no-CApath",
        "-no-CAstore",
        "-partial_chain",
    ]
    trusted += ["-purpose", "smimesign"]
    if _run(*verify, *trusted, "-attime", str(int(at.timestamp()))).returncode == 0:
        return _of_signer((folder / "signer.pem").read_text(), read)
    if _run(*verify, "-noverify").returncode != 0:
        return Checked("broken")
    if _run(*verify, *trusted, "-no_check_time").returncode == 0:
        return Checked("expired", _certificate_fingerprint((folder / "signer.pem").read_text()))
    return Checked("other_key")


def _of_signer(pem: str, read: ReadMail) -> Checked:
    fingerprint = _certificate_fingerprint(pem)
    sender = read.from_.address.lower() if read.from_ else ""
    return Checked("genuine" if sender in _addresses_in(pem) else "other_key", fingerprint)


def _addresses_in(pem: str) -> set[str]:
    """The mail addresses that a certificate was given out for, in lower case."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    certificate = x509.load_pem_x509_certificate(pem.encode())
    found = {str(each.value) for each in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)}
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found |= set(names.get_values_for_type(x509.RFC822Name))
    except (x509.ExtensionNotFound, ValueError):
        pass
    return {each.lower() for each in found}


def _certificate_fingerprint(pem: str) -> str:
    """The SHA-256 of a certificate. Raises `UnreadableKey`."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        return x509.load_pem_x509_certificate(pem.encode()).fingerprint(SHA256()).hex().upper()
    except ValueError:
        raise UnreadableKey(_("This certificate cannot be read."))


# --- PGP ------------------------------------------------------------------------------------------------


def _check_pgp(seal: Seal, keys: Sequence[Key], folder: Path, read: ReadMail, at: datetime) -> Checked:
    rings = [_PGP_KEY.search(key.material) for key in keys]
    (folder / "keys.gpg").write_bytes(b"".join(_dearmoured(each["data"]) for each in rings if each))
    (folder / "signature").write_bytes(seal.signature)
    files = [folder / "signature"]
    if seal.signed is not None:
        (folder / "content").write_bytes(_canonical(seal.signed))
        files.append(folder / "content")
    done = _run("gpgv", "--homedir", folder, "--keyring", folder / "keys.gpg", "--status-fd", "1", *files)
    said = dict(_STATUS.findall(done.stdout.decode("utf-8", "replace")))
    fingerprint = said.get("VALIDSIG", "").split(" ")[-1][:64]
    if "GOODSIG" in said and done.returncode == 0:
        return Checked("genuine", fingerprint)
    if {"EXPKEYSIG", "EXPSIG", "REVKEYSIG"} & said.keys():
        return Checked("expired", fingerprint)
    if "BADSIG" in said:
        return Checked("broken")
    return Checked("other_key" if "NO_PUBKEY" in said else "not_checked")


def _dearmoured(data: str) -> bytes:
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableKey(_("This PGP key cannot be read."))


def _pgp_fingerprint(key: bytes) -> str:
    """The fingerprint of the first key of version 4 (RFC 4880, 12.2). Raises `UnreadableKey`."""
    try:
        begin, end = _first_packet(key)
    except IndexError:
        raise UnreadableKey(_("This PGP key cannot be read."))
    packet = key[begin:end]
    if not packet or packet[0] != 4:
        raise UnreadableKey(_("Only PGP keys of version 4 can be used."))
    return hashlib.sha1(b"\x99" + len(packet).to_bytes(2) + packet, usedforsecurity=False).hexdigest().upper()


def _first_packet(key: bytes) -> tuple[int, int]:
    """Where the content of the first packet, a public key, begins and ends. Raises IndexError, `UnreadableKey`."""
    tag, first = key[0], key[1]
    if not tag & 0x80 or (tag & 0x3F if tag & 0x40 else tag >> 2 & 15) != 6:
        raise UnreadableKey(_("This PGP key cannot be read."))
    if not tag & 0x40:
        width = 1 << (tag & 3)
        return 1 + width, 1 + width + int.from_bytes(key[1 : 1 + width])
    if first < 192:
        return 2, 2 + first
    if first < 224:
        return 3, 3 + ((first - 192) << 8) + key[2] + 192
    return 6, 6 + int.from_bytes(key[2:6])


_PROGRAMS = {SealKind.SMIME: _check_smime, SealKind.PGP: _check_pgp}
