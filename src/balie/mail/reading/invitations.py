"""Invitations to a meeting, and the answers to them (iCalendar, RFC 5545 and 5546), as far as a desk needs them.

Who asks whom, when, what and where. A series is told by its first meeting; how it repeats stays in the file, which is
kept. Never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

_LINE = re.compile(
    r"(?P<name>[A-Za-z0-9-]{1,60})(?P<parameters>(?:;[^:;=\"]+=(?:\"[^\"]*\"|[^;:\"])*)*):(?P<value>.*)"
)
_PARAMETER = re.compile(r";([^:;=\"]+)=((?:\"[^\"]*\"|[^;:\"])*)")
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?")
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)")
_ESCAPED = re.compile(r"\\(.)")
_MOST_CHARACTERS = 500_000
_MOST_MEETINGS = 20
_MOST_PEOPLE = 100
_LONGEST = 2_000  # characters of one value


class Method(StrEnum):
    """What the sender wants with it."""

    REQUEST = "request"  # please come; also a change
    REPLY = "reply"  # an answer to a request
    CANCEL = "cancel"
    COUNTER = "counter"  # proposes another time
    PUBLISH = "publish"  # only tells


class Answer(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting as an invitation tells it.

    `begins`, `ends`: aware moments, or days of a meeting that takes whole days (`ends` is then the last of them); a
    clock reading of an unknown zone is naive. `answer`: of the one attendee in a reply. Texts may be empty.
    """

    method: Method
    uid: str
    summary: str
    begins: datetime | date | None
    ends: datetime | date | None = None
    location: str = ""
    organiser: str = ""
    attendees: tuple[str, ...] = ()
    answer: Answer | None = None
    repeats: bool = False
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value with its escapes undone."""
        return _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], self.value)[:_LONGEST].strip()


def read_meetings(text: str, *, method: str = "") -> tuple[Meeting, ...]:
    """The meetings in an iCalendar text. `method`: as the part's Content-Type gives it, when the text does not."""
    events: list[list[_Property]] = []
    offsets: dict[str, timedelta] = {}
    inside: list[str] = []
    zone = ""
    for line in _properties(text[:_MOST_CHARACTERS]):
        value = line.value.strip().upper()
        if line.name == "BEGIN":
            inside.append(value)
            if value == "VEVENT" and len(events) < _MOST_MEETINGS:
                events.append([])
        elif line.name == "END":
            inside = inside[:-1]
        elif inside[-1:] == ["VEVENT"] and events:
            events[-1].append(line)
        elif line.name == "METHOD":
            method = value
        elif line.name == "TZID" and inside[-1:] == ["VTIMEZONE"]:
            zone = line.value.strip()
        elif (
            line.name == "TZOFFSETTO"
            and inside[-1:] == ["STANDARD"]
            and (found := _offset(line.value)) is not None
        ):
            offsets[zone] = found
    known = _method(method)
    return tuple(_meeting(event, known, offsets) for event in events)


def _properties(text: str) -> Iterator[_Property]:
    unfolded = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n ", "").replace("\n\t", "")
    for line in unfolded.split("\n"):
        if found := _LINE.match(line):
            given = {
                name.upper(): value.strip('"') for name, value in _PARAMETER.findall(found["parameters"])
            }
            yield _Property(found["name"].upper(), given, found["value"])


def _method(value: str) -> Method:
    try:
        return Method(value.strip().lower())
    except ValueError:
        return Method.PUBLISH


def _meeting(event: list[_Property], method: Method, offsets: dict[str, timedelta]) -> Meeting:
    first: dict[str, _Property] = {}
    for each in event:
        first.setdefault(each.name, each)
    attendees = [each for each in event if each.name == "ATTENDEE"][:_MOST_PEOPLE]

    def text(name: str) -> str:
        return first[name].text if name in first else ""

    begins = _moment(first.get("DTSTART"), offsets)
    return Meeting(
        method=method,
        uid=text("UID"),
        summary=text("SUMMARY"),
        begins=begins,
        ends=_end(begins, first, offsets),
        location=text("LOCATION"),
        organiser=_person(first["ORGANIZER"]) if "ORGANIZER" in first else "",
        attendees=tuple(_person(each) for each in attendees),
        answer=_answer(attendees[0]) if attendees and method in {Method.REPLY, Method.COUNTER} else None,
        repeats="RRULE" in first or "RDATE" in first,
        is_cancelled=method is Method.CANCEL or text("STATUS").upper() == "CANCELLED",
    )


def _person(given: _Property) -> str:
    """`Name <address>`, or what there is of it."""
    address = re.sub(r"(?i)^mailto:", "", given.value.strip())[:320]
    name = given.parameters.get("CN", "").strip(" '\"")[:150]
    return f"{name} <{address}>" if name and name.lower() != address.lower() else address


def _answer(attendee: _Property) -> Answer | None:
    try:
        return Answer(attendee.parameters.get("PARTSTAT", "").lower())
    except ValueError:
        return None


# --- When -----------------------------------------------------------------------------------------------


def _end(
    begins: datetime | date | None, event: dict[str, _Property], offsets: dict[str, timedelta]
) -> datetime | date | None:
    """DTEND, or the beginning and DURATION; of whole days the last one, where iCalendar names the day after."""
    ends = _moment(event.get("DTEND"), offsets)
    if ends is None and begins is not None and "DURATION" in event:
        ends = _later(begins, event["DURATION"].value)
    if ends is None or begins is None or isinstance(begins, datetime) != isinstance(ends, datetime):
        return None
    if isinstance(ends, datetime):
        return ends
    return max(begins, ends - timedelta(days=1)) if ends > date.min else None


def _later(begins: datetime | date, duration: str) -> datetime | date | None:
    found = _DURATION.fullmatch(duration.strip())
    if found is None or found[1] == "-":
        return None
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups()[1:])
    try:
        return begins + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None


def _moment(given: _Property | None, offsets: dict[str, timedelta]) -> datetime | date | None:
    found = _MOMENT.fullmatch(given.value.strip()) if given else None
    if given is None or found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if found[4] is None:
            return day
        reading = datetime.combine(day, time(int(found[4]), int(found[5]), min(int(found[6] or 0), 59)))
        if found[7]:
            return reading.replace(tzinfo=UTC)
        return _placed(reading, given.parameters.get("TZID", ""), offsets)
    except (ValueError, OverflowError):
        return None


def _placed(reading: datetime, zone: str, offsets: dict[str, timedelta]) -> datetime:
    """A clock reading in its zone: by its name, else by the winter time that the file gives it, else naive.

    A zone that is only known from the file is an hour off in summer: its rules are not worked out. No program in use
    sends such a zone without a name that is known.
    """
    if known := _zone(zone):
        return reading.replace(tzinfo=known).astimezone(UTC)
    if zone in offsets:
        return (reading - offsets[zone]).replace(tzinfo=UTC)
    return reading


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    """The zone by its name in the IANA data base, also behind a path, or by Microsoft's name."""
    from babel.core import get_global

    name = name.strip().strip('"')
    name = get_global("windows_zone_mapping").get(name, name)
    parts = name.split("/")
    candidates = (name, "/".join(parts[-2:]), "/".join(parts[-3:]))
    for each in candidates:
        try:
            return ZoneInfo(each)
        except (ValueError, OSError, KeyError):
            continue
    return None


def _offset(value: str) -> timedelta | None:
    found = _OFFSET.match(value.strip())
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -offset if found[1] == "-" else offset
