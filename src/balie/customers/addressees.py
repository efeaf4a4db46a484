"""To whom a mail of ours was written: the login that its link leads to has the address filled in already.

A link opens nothing by itself. The seal only keeps strangers from asking us for addresses one by one.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from django.core import signing

from balie.customers.models import Contact

SALT = "balie.customers.addressees"
NAME = "to"
"""The name in the address of a page."""


def sealed(contact: Contact) -> str:
    """The contact as a text for the address of a page."""
    return signing.dumps(contact.pk, salt=SALT)


def address_for(page: str) -> str | None:
    """The mail address of whom the link to this page was written to; `None` without a seal, or with a forged one."""
    found = parse_qs(page.partition("?")[2]).get(NAME, [""])[0]
    try:
        key = signing.loads(found, salt=SALT)
    except signing.BadSignature:
        return None
    return Contact.objects.filter(pk=key, is_active=True).values_list("email", flat=True).first()
