"""Reading how the ways in stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext

from balie.desk.models import Desk
from balie.mail.models import InboundMail
from balie.mail.ways_in.models import Alarm, Mailbox
from balie.rules.desk import LineKind
from balie.rules.mail_silence import is_unusual, unusual_after
from balie.rules.reasons import Reason
from balie.rules.working_time import Calendar
from balie.tickets.facts import Situation

LEARNED_FROM_DAYS = 28
LEARNED_FROM_MAILS = 400


@dataclass(frozen=True, slots=True)
class Silence:
    """No mail since a moment, which is longer than the limit of open time."""

    since: datetime
    limit: timedelta


def mailboxes_on() -> list[Mailbox]:
    """The mailboxes that are to be emptied."""
    return list(Mailbox.objects.filter(is_on=True))


def ringing() -> QuerySet[Alarm]:
    """The alarms that are not over, the oldest first."""
    return Alarm.objects.filter(ended_at=None).select_related("mailbox").order_by("began_at")


def sentence(alarm: Alarm, *, desk: Desk) -> str:
    """An alarm in the reader's language, moments on the desk's clock."""
    reason = Reason.from_json(alarm.reason)
    values = dict(reason.values)
    if "since" in values:
        since = datetime.fromisoformat(values["since"]).astimezone(ZoneInfo(desk.zone))
        values["since"] = date_format(since, "SHORT_DATETIME_FORMAT")
    words = gettext(reason.message) % values
    if alarm.mailbox is None:
        return words
    return gettext("The mailbox %(name)s cannot be emptied. %(why)s") % {
        "name": alarm.mailbox.name,
        "why": words,
    }


def unusual_silence(situation: Situation) -> Silence | None:
    """Whether no mail came for an unusual time, learned from four weeks; never at a demo desk."""
    if situation.row.is_demo:
        return None
    moments = _arrivals(situation.now)
    calendar = _hours(situation)
    if len(moments) < 2 or calendar is None:
        return None
    gaps = [calendar.measure(earlier, later) for earlier, later in pairwise(moments)]
    limit = unusual_after(gaps)
    silence = calendar.measure(moments[-1], situation.now)
    return Silence(moments[-1], limit) if limit is not None and is_unusual(silence, gaps) else None


def _arrivals(now: datetime) -> Sequence[datetime]:
    """When the newest mails came in, the oldest of them first."""
    since = now - timedelta(days=LEARNED_FROM_DAYS)
    newest = InboundMail.objects.order_by("-id").values_list("received_at", flat=True)[:LEARNED_FROM_MAILS]
    return sorted(moment for moment in newest if since <= moment <= now)


def _hours(situation: Situation) -> Calendar | None:
    """The hours in which mail is expected: those that deadlines count in, else those of the first line."""
    lines = situation.desk.lines
    wanted = (situation.row.counts_with_support_contract, situation.row.counts_without_support_contract)
    channels = [key for key, line in lines.items() if line.kind is LineKind.CHANNEL]
    key = next((key for key in (*wanted, *channels) if key in lines), None)
    return situation.calendar(key) if key else None
