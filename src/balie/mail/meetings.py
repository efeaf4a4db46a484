"""An invitation to a meeting, or the answer to one, as words in a conversation."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import babel.dates
from django.utils import translation
from django.utils.translation import gettext as _

from balie.mail.reading.invitations import Answer, Meeting, Method

MOST_NAMED = 10  # of those who are asked


def in_words(meeting: Meeting, *, zone: ZoneInfo) -> str:
    """What the sender wants, when (in `zone`), where and with whom: a few lines in the language of now."""
    lines = [f"{_what(meeting)}: {meeting.summary or _('(without a title)')}"]
    if meeting.begins is not None:
        when = _when(meeting, zone)
        lines.append(_("When: %(when)s") % {"when": f"{when} ({_('repeats')})" if meeting.repeats else when})
    if meeting.location:
        lines.append(_("Where: %(where)s") % {"where": meeting.location})
    if meeting.organiser:
        lines.append(_("Organiser: %(who)s") % {"who": meeting.organiser})
    if meeting.attendees and meeting.answer is None:
        lines.append(_("With: %(who)s") % {"who": _people(meeting.attendees)})
    return "\n".join(lines)


def _what(meeting: Meeting) -> str:
    if meeting.is_cancelled:
        return _("Meeting cancelled")
    if meeting.method is Method.COUNTER:
        return _("Another time proposed")
    if meeting.answer is not None:
        return _ANSWERS[meeting.answer]()
    return _("Invitation") if meeting.method is Method.REQUEST else _("Meeting")


_ANSWERS = {
    Answer.ACCEPTED: lambda: _("Accepted"),
    Answer.DECLINED: lambda: _("Declined"),
    Answer.TENTATIVE: lambda: _("Perhaps"),
}


def _people(people: tuple[str, ...]) -> str:
    named = ", ".join(people[:MOST_NAMED])
    more = len(people) - MOST_NAMED
    return _("%(people)s and %(count)d more") % {"people": named, "count": more} if more > 0 else named


def _when(meeting: Meeting, zone: ZoneInfo) -> str:
    begins, ends = _local(meeting.begins, zone), _local(meeting.ends, zone)
    if isinstance(begins, datetime) and isinstance(ends, datetime) and begins.date() == ends.date():
        return f"{_moment(begins)} – {ends:%H:%M}"
    shown = [_shown(each) for each in (begins, ends) if each is not None]
    return shown[0] if shown[1:] == shown[:1] else " – ".join(shown)


def _local(moment: datetime | date | None, zone: ZoneInfo) -> datetime | date | None:
    """In the desk's zone; a reading of a clock that is unknown stays as it is."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(zone)
    return moment


def _shown(moment: datetime | date) -> str:
    return _moment(moment) if isinstance(moment, datetime) else _day(moment)


def _moment(at: datetime) -> str:
    unknown = "" if at.tzinfo else f" ({_('in a time zone that is unknown here')})"
    return f"{_day(at.date())} {at:%H:%M}{unknown}"


def _day(on: date) -> str:
    return babel.dates.format_date(
        on, "EEE d MMM y", locale=translation.to_locale(translation.get_language() or "en")
    )
