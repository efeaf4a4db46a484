from __future__ import annotations

from django.contrib import admin

from balie.audit.administration import OnTheRecord, ReadOnly
from balie.mail import sorting_admin as sorting_admin
from balie.mail.models import InboundMail, KnownKey, OutboundMail
from balie.mail.ways_in import admin as mailbox_admin  # noqa: F401 (it registers itself)


@admin.register(InboundMail)
class InboundMailAdmin(ReadOnly[InboundMail]):
    """Mail that came in, with what became of it and why."""

    list_display = ("received_at", "sender", "subject", "state", "outcome", "ticket")
    list_filter = ("state", "outcome")
    search_fields = ("sender", "subject", "message_id_header")
    list_select_related = ("ticket",)
    exclude = ("raw", "fingerprint", "digest")


@admin.register(OutboundMail)
class OutboundMailAdmin(ReadOnly[OutboundMail]):
    """Mail that goes out. It is read in the mail folder of the workspace."""

    list_display = ("created_at", "recipient", "subject", "kind", "state", "attempts", "ticket")
    list_filter = ("state", "kind")
    search_fields = ("recipient", "subject")
    list_select_related = ("ticket",)
    exclude = ("html",)


@admin.register(KnownKey)
class KnownKeyAdmin(OnTheRecord[KnownKey]):
    """Certificates and PGP keys of contacts, by which signed mail is checked."""

    list_display = ("contact", "kind", "fingerprint", "added_at")
    list_filter = ("kind",)
    search_fields = ("contact__name", "contact__email", "fingerprint")
    list_select_related = ("contact",)
    autocomplete_fields = ("contact",)
    readonly_fields = ("kind", "fingerprint", "added_at")
