"""A person as the privacy law sees it: a contact, a login, or both, with every name and address that points to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q

from balie.accounts.models import User
from balie.customers.models import AddressClaim, Contact, PhoneNumber

SHORTEST_NAME = 3  # of a part; shorter ones ("de", "Bo") stand in too many other words


_ADDRESSES = ("new_email", "old_email", "replaced_email")
_BETWEEN = r"[\s().\-]*"  # what people put between the digits of a phone number


@dataclass(frozen=True)
class Person:
    """A contact with its login, or somebody of the desk. At least one of the two is there, until it is erased."""

    contact: Contact | None
    user: User | None

    @classmethod
    def of_contact(cls, contact: Contact) -> Person:
        return cls(contact, contact.user)

    @classmethod
    def of_user(cls, user: User) -> Person:
        return cls(Contact.objects.filter(user=user).first(), user)

    @property
    def name(self) -> str:
        return str(self.contact or self.user)

    @property
    def is_agent(self) -> bool:
        return self.user is not None and hasattr(self.user, "agent")

    @cached_property
    def emails(self) -> frozenset[str]:
        """Every address that is known to be this person's, in lower case."""
        found = {each.email.lower() for each in (self.contact, self.user) if each is not None}
        if self.contact is not None:
            claims = AddressClaim.objects.filter(contact=self.contact)
            found |= {each.lower() for row in claims.values_list(*_ADDRESSES) for each in row if each}
        if self.user is not None:
            found |= {
                each.lower()
                for each in EmailAddress.objects.filter(user=self.user).values_list("email", flat=True)
            }
        return frozenset(found)

    @cached_property
    def phones(self) -> frozenset[str]:
        """The numbers that are this person's own, in E.164."""
        if self.contact is None:
            return frozenset()
        return frozenset(PhoneNumber.objects.filter(contact=self.contact).values_list("e164", flat=True))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names by which it is called: whole, and each part that is no common short word."""
        whole = {each.name.strip() for each in (self.contact, self.user) if each is not None and each.name}
        parts = {part for name in whole for part in name.split() if len(part) >= SHORTEST_NAME}
        return frozenset(whole | parts)

    @property
    def pseudonym(self) -> str:
        """What stands where the name stood. The key tells two of them apart and leads nowhere."""
        key = f"c{self.contact.pk}" if self.contact else f"u{self.user.pk}" if self.user else ""
        return f"[{key}]"

    @property
    def new_email(self) -> str:
        return f"erased-{self.pseudonym.strip('[]')}@erased.invalid"

    def is_sender(self, field: str) -> Q:
        """Rows whose `field` is one of this person's addresses."""
        found = Q(pk__in=[])
        for email in self.emails:
            found |= Q(**{f"{field}__iexact": email})
        return found

    @cached_property
    def redact(self) -> Callable[[Any], Any]:
        """Takes this person out of a text, or out of JSON; anything else stays as it is."""
        patterns = [f"(?i:{re.escape(each)})" for each in sorted(self.emails, key=len, reverse=True)]
        patterns += [_number(each) for each in sorted(self.phones)]
        patterns += [_name(each) for each in sorted(self.names, key=len, reverse=True)]
        if not patterns:
            return lambda value: value
        anywhere = re.compile("|".join(patterns))
        return lambda value: _redacted(value, anywhere, self.pseudonym)


def _name(name: str) -> str:
    """A whole name in any case; a part of one only with its capital, because "wit" is a colour."""
    found = rf"\b{re.escape(name)}\b"
    return f"(?i:{found})" if " " in name else found


def _number(e164: str) -> str:
    """A number as people write it: `+31 20 555 01 01`, `0031205550101`, `+31 (0)20…`, `020-5550101`."""
    import phonenumbers

    parsed = phonenumbers.parse(e164)
    national = _BETWEEN.join(str(parsed.national_number))
    country = rf"(?:\+|00){_BETWEEN}{_BETWEEN.join(str(parsed.country_code))}{_BETWEEN}(?:\(0\))?"
    return rf"(?:{country}|\b0|\b){_BETWEEN}{national}\b"


def _redacted(value: Any, anywhere: re.Pattern[str], pseudonym: str) -> Any:
    match value:
        case str():
            return anywhere.sub(pseudonym, value)
        case dict():
            return {key: _redacted(each, anywhere, pseudonym) for key, each in value.items()}
        case list() | tuple():
            return [_redacted(each, anywhere, pseudonym) for each in value]
        case _:
            return value
