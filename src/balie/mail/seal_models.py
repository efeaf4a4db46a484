"""Keys of the people who write to the desk, and what the seals on their messages came to."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balie.customers.models import Contact
from balie.mail.reading.seals import SealKind
from balie.tickets.models import Message

KINDS = [(SealKind.SMIME.value, "S/MIME"), (SealKind.PGP.value, "PGP")]


class KnownKey(models.Model):
    """The certificate (S/MIME) or public key (PGP) of a contact; an administrator has made sure that it is theirs.

    A certificate of who issues certificates stands for all that they issued to the contact's address.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="mail_keys", verbose_name=_("contact")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=KINDS, editable=False)
    material = models.TextField(
        _("certificate or public key"),
        help_text=_("As text: “BEGIN CERTIFICATE” for S/MIME, “BEGIN PGP PUBLIC KEY BLOCK” for PGP."),
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=64, editable=False)
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)

    class Meta:
        verbose_name = _("key of a contact")
        verbose_name_plural = _("keys of contacts")
        ordering = ["contact", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "fingerprint"], name="known_key_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _name in KINDS]), name="known_key_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.fingerprint[-16:]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.fingerprint:
            self.clean()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Find out what was pasted. Raises ValidationError when it is no key."""
        from balie.mail.seals import UnreadableKey, read_key

        try:
            found = read_key(self.material)
        except UnreadableKey as trouble:
            raise ValidationError({"material": str(trouble)})
        self.kind, self.fingerprint = found.kind.value, found.fingerprint


class Verdict(models.TextChoices):
    """What the seal on a message came to."""

    GENUINE = "genuine", _("signed, and checked")
    PARTLY = "partly", _("only a part of it is signed")
    BROKEN = "broken", _("the signature does not fit: changed on its way, or by somebody else")
    EXPIRED = "expired", _("signed with a key that was no longer, or not yet, valid")
    NO_KEY = "no_key", _("signed; no key of the sender is known here")
    OTHER_KEY = "other_key", _("signed with another key than is known of the sender")
    NOT_CHECKED = "not_checked", _("signed; it could not be checked here")
    ENCRYPTED = "encrypted", _("encrypted; the desk cannot read it")


class MessageSeal(models.Model):
    """What the signature on a message came to when it came in, or that it is encrypted. Written once."""

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, related_name="seal", verbose_name=_("message")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=KINDS)
    verdict = models.CharField(_("result"), max_length=12, choices=Verdict.choices)
    fingerprint = models.CharField(_("fingerprint of the key"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("seal on a message")
        verbose_name_plural = _("seals on messages")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="message_seal_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _name in KINDS]), name="message_seal_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_verdict_display()}"

    @property
    def is_genuine(self) -> bool:
        return self.verdict == Verdict.GENUINE

    @property
    def is_worrying(self) -> bool:
        """The reader should be warned."""
        return self.verdict in {Verdict.BROKEN, Verdict.OTHER_KEY, Verdict.EXPIRED}
