"""Who wrote a message: its author, and which contact that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from balie.customers.models import Contact
from balie.mail.forwards import Forwarded
from balie.mail.reading.headers import Address
from balie.mail.reading.parsing import ReadMail
from balie.rules.mail_matching import DeskMail

MOST_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a message. `by_form`: a form on the desk's own website sent it, in the name of who filled it in."""

    address: Address | None
    by_form: bool = False

    @property
    def key(self) -> str:
        """The address in lower case, empty when there is none."""
        return self.address.address.lower() if self.address else ""


def author(read: ReadMail, desk: DeskMail) -> Author:
    """The author in From, else who sent it, else the sender on the envelope; never the desk itself.

    What comes from the desk's own address and asks for answers elsewhere was filled in on a website of the desk.
    """
    named = [each for each in (read.from_, read.sender) if each]
    if named and desk.owns(named[0].address):
        asked = next((each for each in read.reply_to if not desk.owns(each.address)), None)
        return Author(asked, by_form=asked is not None)
    if named:
        return Author(named[0])
    path = read.return_path
    return Author(Address("", path) if path and not desk.owns(path) else None)


def addresses(read: ReadMail, forwarded: Forwarded | None) -> Iterator[str]:
    """Of everybody who may be a contact of ours."""
    named = (read.from_, read.sender, *read.reply_to, *read.to, *read.cc)
    yield from (each.address for each in named if each)
    if read.return_path:
        yield read.return_path
    if forwarded is not None:
        yield forwarded.sender.address


def also_addressed(read: ReadMail, contact: Contact, contacts: Mapping[str, Contact]) -> list[Contact]:
    """Known people of the same customer to whom the mail was sent as well: they follow the ticket."""
    if contact.customer_id is None:
        return []
    addressed = dict.fromkeys(each.address.lower() for each in (*read.to, *read.cc))
    known = [contacts[each] for each in addressed if each in contacts]
    others = [each for each in known if each.customer_id == contact.customer_id and each.pk != contact.pk]
    return others[:MOST_PEOPLE]


def recipients(read: ReadMail) -> tuple[str, ...]:
    """Whom the message was meant for, the most certain first: as servers noted it, then To, then Cc."""
    named = [each.address for each in (*read.to, *read.cc)]
    return tuple(dict.fromkeys([*read.delivered_to, *named]))
