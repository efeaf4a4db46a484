"""What must stand in the DNS so that others believe our mail, and whether it does (SPF, DKIM, DMARC)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from balie.mail import signing
from balie.mail.models import SigningKey
from balie.mail.proof.checking import Dns, DnsTrouble


class Standing(Enum):
    """What was found of a record."""

    FOUND = "found"
    OTHER = "other"  # something of the kind stands there, and does not do
    MISSING = "missing"
    UNKNOWN = "unknown"  # the DNS did not answer


class Purpose(Enum):
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"


@dataclass(frozen=True, slots=True)
class Record:
    """A TXT record to set: `text` at `name`."""

    purpose: Purpose
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A record as it stands. `there`: the texts of its kind that were found."""

    record: Record
    standing: Standing
    there: tuple[str, ...] = ()


def records_for(domain: str, *, server: str, key: SigningKey | None) -> list[Record]:
    """What to set for mail from `domain` that the host `server` passes on, signed with `key`."""
    by = f" a:{server}" if server else ""
    found = [Record(Purpose.SPF, domain, f"v=spf1 mx{by} ~all")]
    if key is not None:
        found.append(Record(Purpose.DKIM, signing.record_name(key), signing.record_text(key)))
    return [
        *found,
        Record(Purpose.DMARC, f"_dmarc.{domain}", f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"),
    ]


def look_up(records: Sequence[Record], dns: Dns) -> list[Found]:
    """How each record stands. Waits at most as long as `dns` does for each."""
    return [_look_up(each, dns) for each in records]


def _look_up(record: Record, dns: Dns) -> Found:
    try:
        texts = tuple(_text(each) for each in dns(record.name, "TXT"))
    except DnsTrouble:
        return Found(record, Standing.UNKNOWN)
    kind = record.text.partition(" ")[0].rstrip(";").casefold()
    there = tuple(each for each in texts if each.casefold().replace(" ", "").startswith(kind))
    if not there:
        return Found(record, Standing.MISSING)
    does = len(there) == 1 and (record.purpose is not Purpose.DKIM or _key(there[0]) == _key(record.text))
    return Found(record, Standing.FOUND if does else Standing.OTHER, there)


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _key(text: str) -> str:
    """The public key of a DKIM record, however it is spaced."""
    tags = dict(each.split("=", 1) for each in "".join(text.split()).split(";") if "=" in each)
    return tags.get("p", "")
