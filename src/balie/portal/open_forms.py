"""Forms as people have them open: which draft they belong to, and who is writing, also when the session has ended."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.core import signing

from balie.customers.models import Contact
from balie.tickets.actions import OpenForm

SALT = "balie.portal.open_forms"
SEAL_HOLDS = timedelta(days=14)
MOST_REVISIONS = 2**31 - 1


def open_form_of(data: Any) -> OpenForm:
    """The keys that a form sends along. Missing or damaged ones are made anew: the form then has no draft yet."""
    submission = key_in(data.get("submission")) or uuid.uuid4()
    key = key_in(data.get("draft_key")) or submission
    return OpenForm(key, submission, _revision(data.get("revision")))


def seal(contact: Contact, form: OpenForm) -> str:
    """A text with which this form can be kept for its writer, and with which nothing can be read."""
    return signing.dumps([contact.pk, str(form.submission)], salt=SALT)


def sealed_writer(data: Any) -> Contact | None:
    """The contact to whom the form was shown that is handed in now; `None` for a forged, old or foreign seal."""
    try:
        key, submission = signing.loads(data.get("seal", ""), salt=SALT, max_age=SEAL_HOLDS)
    except signing.BadSignature:
        return None
    if submission != data.get("submission"):
        return None
    found = Contact.objects.select_related("customer", "site", "user")
    return found.filter(pk=key, is_active=True, user__is_active=True).first()


def key_in(text: str | None) -> uuid.UUID | None:
    """The key that stands in a form or an address; `None` for anything else."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _revision(text: str | None) -> int:
    is_number = text is not None and text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_number and text is not None else 0
