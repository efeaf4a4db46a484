"""Signing what leaves (DKIM, RFC 6376): a key for each domain, its record for the DNS, the signature."""

from __future__ import annotations

import base64
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.desk.sealing import seal, unseal
from balie.mail.models import SigningKey
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BITS = 2048  # what every verifier takes, and a TXT record still holds
SIGNED = (
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Auto-Submitted",
)
"""Signed where present; what is absent is signed as absent, so that nobody on the way can add it."""

_NAMES = (*SIGNED, "From", "Subject")
"""From and Subject once more than they are there, so that no second one can be added."""

_CANONICAL = b"relaxed/relaxed"  # survives a server that folds lines another way
_FIELD = b"DKIM-Signature"
_LINE = 72  # characters of the signature itself


class KeyIsGone(NoLongerSo):
    """Another administrator removed the key."""


@transaction.atomic
def make_key(domain: str, *, by: User, now: datetime) -> SigningKey:
    """A new key for `domain`, which does not sign yet: its record must be in the DNS first."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import rsa

    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    public = private.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    secret = private.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()
    )
    key = SigningKey.objects.create(
        domain=domain.lower(),
        selector=_free_selector(domain.lower(), now),
        public_key=base64.b64encode(public).decode(),
        private_key=seal(secret.decode()),
        created_at=now,
    )
    record("make_signing_key", key, by=by, now=now, domain=key.domain)
    return key


@transaction.atomic
def sign_with(key: SigningKey, *, by: User, now: datetime) -> None:
    """From now on sign the mail of the key's domain with it, and no more with the one before. Raises `KeyIsGone`."""
    keys = SigningKey.objects.select_for_update().filter(domain=key.domain)
    if key.pk not in {each.pk for each in keys}:
        raise KeyIsGone(_("This key is not there any more."))
    keys.filter(is_active=True).update(is_active=False)
    keys.filter(pk=key.pk).update(is_active=True)
    record("sign_with_key", key, by=by, now=now, domain=key.domain)


@transaction.atomic
def remove_key(key: SigningKey, *, by: User, now: datetime) -> None:
    """Forget a key; mail that it would sign leaves unsigned. Raises `KeyIsGone`."""
    record("remove_signing_key", key, by=by, now=now, domain=key.domain)
    if not SigningKey.objects.filter(pk=key.pk).delete()[0]:
        raise KeyIsGone(_("This key is not there any more."))


def keys_of(domain: str) -> list[SigningKey]:
    """The keys of a domain, newest first."""
    return list(SigningKey.objects.filter(domain=domain.lower()))


def record_name(key: SigningKey) -> str:
    """Where in the DNS the public key belongs."""
    return f"{key.selector}._domainkey.{key.domain}"


def record_text(key: SigningKey) -> str:
    """What stands there, as one TXT record."""
    return f"v=DKIM1; k=rsa; p={key.public_key}"


def signed(message: bytes, *, domain: str) -> bytes:
    """`message` with a signature of `domain` before it; as it is when no key of that domain signs.

    Raises `SealedElsewhere` when the key was sealed under another secret of the installation.
    """
    key = SigningKey.objects.filter(domain=domain.lower(), is_active=True).first()
    return signature(message, key) + message if key is not None else message


def signature(message: bytes, key: SigningKey) -> bytes:
    """The header field that signs `message`, in the form of dkimpy, with the RSA of `cryptography`: its own is slow."""
    import dkim  # type: ignore[import-untyped]
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.hashes import SHA256
    from dkim.canonicalization import CanonicalizationPolicy  # type: ignore[import-untyped]

    form = CanonicalizationPolicy.from_c_value(_CANONICAL)
    headers, body = dkim.rfc822_parse(message)
    body_hash = base64.b64encode(sha256(form.canonicalize_body(body)).digest())
    unsigned = dkim.fold(_tags(key, body_hash), namelen=len(_FIELD)) + b"\r\n b="
    fields = dkim.select_headers(
        form.canonicalize_headers(headers), [name.lower().encode() for name in _NAMES]
    )
    [(name, value)] = form.canonicalize_headers([(_FIELD, b" " + unsigned)])
    said = b"".join(b"%s:%s" % field for field in (*fields, (name, value.rstrip())))
    private = _private_key(unseal(key.private_key))
    made = base64.b64encode(private.sign(said, padding.PKCS1v15(), SHA256()))
    return b"%s: %s%s\r\n" % (_FIELD, unsigned, b"\r\n ".join(_pieces(made)))


def _tags(key: SigningKey, body_hash: bytes) -> bytes:
    tags = {
        "v": "1",
        "a": "rsa-sha256",
        "c": _CANONICAL.decode(),
        "d": key.domain,
        "s": key.selector,
        "h": " : ".join(_NAMES).lower(),
        "bh": body_hash.decode(),
    }
    return " ".join(f"{name}={value};" for name, value in tags.items()).encode()


def _pieces(signature: bytes) -> list[bytes]:
    return [signature[start : start + _LINE] for start in range(0, len(signature), _LINE)]


@lru_cache(maxsize=16)
def _private_key(pem: str) -> RSAPrivateKey:
    """Reading a key takes longer than signing with it. It is our own, so its numbers are not checked again."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return cast(
        "RSAPrivateKey", load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    )


def _free_selector(domain: str, now: datetime) -> str:
    """`balie-2026-11`, and with a number behind it when there is one of this month already."""
    taken = set(SigningKey.objects.filter(domain=domain).values_list("selector", flat=True))
    names: Any = (f"balie-{now:%Y-%m}{suffix}" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(str(each) for each in names if each not in taken)
