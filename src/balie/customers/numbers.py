"""Numbers that others hand out: phone numbers, chamber of commerce, VAT."""

from __future__ import annotations

import re
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.eu import vat

from balie.rules.routing import Caller, Known, Unreadable, Withheld

DUTCH = 31
HIDDEN = frozenset({"", "anonymous", "private", "restricted", "unavailable", "unknown", "withheld"})
"""What networks and exchanges write for a caller who hides its number (RFC 3323 has `anonymous`)."""
_ADDRESS = re.compile(r"(?:sips?|tel):([^@;>]*)", re.IGNORECASE)
_NUMBER = re.compile(r"[+\d][\d ().-]{2,30}")


@lru_cache(maxsize=1000)
def to_e164(text: str, *, country: str = "NL") -> str | None:
    """`text` as a person writes it (020 123 45 67) in E.164, or `None` when it is no number in use anywhere."""
    import phonenumbers  # large, and not needed for the first page

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def caller_in(text: str | None, *, country: str = "NL") -> Caller:
    """Who calls, from what the network gives: E.164 with or without its plus, a national number, a SIP or tel address.

    Numbers that are in use nowhere (extensions, forty digits) are `Unreadable`, as is any other text.
    """
    given = (text or "").strip()
    if (address := _ADDRESS.search(given)) is not None:
        given = address[1].strip()
    if given.lower() in HIDDEN:
        return Withheld()
    if not _NUMBER.fullmatch(given):
        return Unreadable(given)
    known = to_e164(given, country=country) or (given.isdigit() and to_e164(f"+{given}")) or None
    return Unreadable(given) if known is None else Known(known)


def as_people_write(e164: str, *, country: str = "NL") -> str:
    """`020 229 29 29`, `06 12 34 56 78`: a number of `country` as within it, others as `+32 2 555 12 12`.

    The end of a Dutch number is in pairs, a mobile one as a whole.
    """
    import phonenumbers

    number = phonenumbers.parse(e164)
    if number.country_code != phonenumbers.country_code_for_region(country):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    if number.country_code != DUTCH:
        return national
    mobile = re.fullmatch(r"06 ?(\d\d)(\d\d)(\d\d)(\d\d)", national)
    return " ".join(("06", *mobile.groups())) if mobile else re.sub(r"(\d\d)(\d\d)$", r"\1 \2", national)


def validate_e164(text: str) -> None:
    if to_e164(text) != text:
        raise ValidationError(
            _("“%(text)s” is not a phone number in the international form, such as +31201234567."),
            params={"text": text},
            code="e164",
        )


def validate_kvk(text: str) -> None:
    """Eight digits (Handelsregisterbesluit 2008): the number has no check digit."""
    if not (len(text) == 8 and text.isascii() and text.isdigit()):
        raise ValidationError(
            _("A chamber of commerce number (KvK) has eight digits; “%(text)s” has not."),
            params={"text": text},
            code="kvk",
        )


def validate_vat(text: str) -> None:
    if not vat.is_valid(text):
        raise ValidationError(
            _(
                "“%(text)s” is not a VAT number of a country of the European Union; a Dutch one is like NL123456789B01."
            ),
            params={"text": text},
            code="vat",
        )
