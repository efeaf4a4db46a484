"""Messages of the corpus that are too large, too binary or too deep to write down.

Also keys and certificates for signed ones: made for the test and thrown away.
"""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CARLA = "carla@winkel.example"
SIGNED_AT = datetime(2026, 11, 23, 9, 31, tzinfo=UTC)
_HEAD = f"From: Carla de Boer <{CARLA}>\r\nTo: help@desk.example\r\nSubject: Bijlage\r\nMIME-Version: 1.0\r\n".encode()


def with_head(*lines: str, body: bytes = b"") -> bytes:
    """A message from Carla with more header lines, and a body."""
    return _HEAD + "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body


def mixed(*parts: bytes) -> bytes:
    """A multipart of parts that each have their own headers."""
    body = b"".join(b"--grens\r\n" + part + b"\r\n" for part in parts) + b"--grens--\r\n"
    return with_head("Content-Type: multipart/mixed; boundary=grens", body=body)


def text_part(words: str) -> bytes:
    return f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}".encode()


def file_part(name: str, content_type: str, content: bytes) -> bytes:
    head = f'Content-Type: {content_type}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
    return f'{head}Content-Disposition: attachment; filename="{name}"\r\n\r\n'.encode() + base64.encodebytes(
        content
    )


# --- winmail.dat ----------------------------------------------------------------------------------------


def tnef(*attributes: tuple[int, bytes]) -> bytes:
    """A `winmail.dat` of attributes, with right sums."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    for name, value in attributes:
        level = 2 if name in {0x69002, 0x18010, 0x6800F, 0x69005} else 1
        out += struct.pack("<BII", level, name, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
    return out


def properties(*given: tuple[int, int, bytes]) -> bytes:
    """MAPI properties: (kind, number, value); one of `0x8000` and above gets a name."""
    out = struct.pack("<I", len(given))
    for kind, number, value in given:
        out += struct.pack("<HH", kind, number)
        if number >= 0x8000:
            name = "kleur\0".encode("utf-16-le")
            out += bytes(16) + struct.pack("<II", 1, len(name)) + _padded(name)
        if kind in {0x1E, 0x1F, 0x102, 0x0D}:
            out += struct.pack("<II", 1, len(value))
        out += _padded(value)
    return out


def _padded(value: bytes) -> bytes:
    return value + bytes(-len(value) % 4)


def stored_rtf(rtf: bytes) -> bytes:
    """RTF in Outlook's packing, as it came."""
    return struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf


# "{\rtf1\ansi\ansicpg1252\pard hello world}\r\n", the example of Microsoft's description of the packing.
PACKED_RTF = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def packed_files() -> bytes:
    """Two files, one of them with its long name in Unicode, the other a picture of the HTML."""
    long_name = properties(
        (0x1F, 0x3707, "Prijslijst voorjaar €.xlsx\0".encode("utf-16-le")),
        (0x1E, 0x370E, b"application/vnd.ms-excel\0"),
        (0x03, 0x8001, struct.pack("<I", 7)),
    )
    picture = properties(
        (0x1E, 0x3712, b"logo@winkel\0"), (0x1E, 0x370E, b"image/png\0"), (0x102, 0x3701, b"\x89PNG")
    )
    html = properties((0x102, 0x1013, b'<p>Zie de lijst <img src="cid:logo@winkel" alt="logo"></p>'))
    return tnef(
        (0x69007, struct.pack("<II", 1252, 0)),
        (0x69003, html),
        (0x69002, bytes(14)),
        (0x18010, b"PRIJSL~1.XLS\0"),
        (0x6800F, b"PK\x03\x04"),
        (0x69005, long_name),
        (0x69002, bytes(14)),
        (0x69005, picture),
    )


def packed_message() -> bytes:
    """A message inside the message, with a file of its own."""
    inner = tnef(
        (0x18004, b"Storing\0"),
        (0x2800C, b"Er is een storing.\0"),
        (0x69002, bytes(14)),
        (0x18010, b"log.txt\0"),
        (0x6800F, b"fout"),
    )
    enclosed = properties((0x0D, 0x3701, bytes(16) + inner))
    return tnef((0x69002, bytes(14)), (0x69005, enclosed))


# --- S/MIME ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def certificate(
    address: str, *, days: int = 365, begins: datetime = SIGNED_AT - timedelta(days=30)
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A certificate that its holder signed, for one mail address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
    builder = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), begins, begins + timedelta(days=days)
        )
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    )
    return builder.sign(key, SHA256()), key


def pem(address: str, *, days: int = 365) -> str:
    return certificate(address, days=days)[0].public_bytes(Encoding.PEM).decode()


def smime_signed(
    words: str = "Graag de factuur naar dit adres.", *, by: str = CARLA, days: int = 365
) -> bytes:
    """A message with the signature beside it."""
    signed = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n".encode()
    signature = _signature(signed, by, days, pkcs7.PKCS7Options.DetachedSignature)
    part = b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    body = b"--s\r\n" + signed + b"\r\n--s\r\n" + part + base64.encodebytes(signature) + b"\r\n--s--\r\n"
    return with_head(
        'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s', body=body
    )


def smime_opaque(words: str = "Dit zit in de handtekening.") -> bytes:
    """A message inside its signature, as Outlook can send it."""
    inner = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n".encode()
    return _p7m("signed-data", _signature(inner, CARLA, 365))


def smime_encrypted() -> bytes:
    """Only its beginning says what it is: nothing more is looked at."""
    enveloped = bytes.fromhex("300d" + "06092a864886f70d010703" + "a000")
    return _p7m("enveloped-data", enveloped)


def _p7m(kind: str, content: bytes) -> bytes:
    return with_head(
        f"Content-Type: application/pkcs7-mime; smime-type={kind}; name=smime.p7m",
        "Content-Transfer-Encoding: base64",
        'Content-Disposition: attachment; filename="smime.p7m"',
        body=base64.encodebytes(content),
    )


def _signature(content: bytes, by: str, days: int, *options: pkcs7.PKCS7Options) -> bytes:
    holder, key = certificate(by, days=days)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(holder, key, SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])


# --- Large, deep, binary --------------------------------------------------------------------------------


def nested(levels: int) -> bytes:
    """Multiparts inside each other, with a text in the innermost."""
    heads = [f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(levels)]
    return f"From: {CARLA}\r\n{''.join(heads)}\r\nOnderin\r\n".encode()


def zip_of_zeroes(size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bom.txt", bytes(size))
    return packed.getvalue()


def many_files(count: int, size: int) -> bytes:
    """A message with files of which no two are the same."""
    files = [file_part(f"foto-{n}.jpg", "image/jpeg", n.to_bytes(4) * (size // 4)) for n in range(count)]
    return mixed(text_part("Alle foto's van de winkel."), *files)
