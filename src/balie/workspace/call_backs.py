"""Planned calls: those of a day, each with its attempts, and the form that plans one (IB-15, IB-24, SW-18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import babel.dates
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from balie.customers.models import PhoneNumber
from balie.customers.numbers import as_people_write
from balie.rules import call_backs as rules
from balie.rules.call_backs import Outcome, Span, Standing
from balie.rules.lifecycle import ENDED
from balie.rules.refusals import Refusal
from balie.tickets import access, actions
from balie.tickets.models import CallBack, Ticket, TimeKind
from balie.tickets.reading import call_request_of
from balie.workspace import undo
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.work_forms import AttemptForm, MomentForm, OwnerForm, PlanForm, Reason, value_of

SHOWN = 200
OFFERED = 12
PICTURE = (7, 22)
"""The hours of the picture of a day; what lies outside is drawn at its edge."""


@dataclass(frozen=True, slots=True)
class Row:
    """A planned call in a list. `left`, `width`: its place in the picture of the day, in parts of a thousand."""

    call_back: CallBack
    is_overdue: bool
    attempts: int
    left: int
    width: int


def calls_about(ticket: Ticket) -> Sequence[CallBack]:
    """The calls about a ticket, the planned ones first. Two queries."""
    calls = ticket.call_backs.select_related("owner").prefetch_related("attempts__by")
    return sorted(calls[:SHOWN], key=lambda each: (not each.is_planned, each.planned_from))


@agents_only
@require_safe
def call_backs(request: AgentRequest) -> HttpResponse:
    """What is planned for a day, by time; today also what is overdue from before."""
    zone = ZoneInfo(request.desk.zone)
    today = request.now.astimezone(zone).date()
    on = _day(request.GET.get("on", ""), today)
    mine = request.GET.get("whose") == "mine"
    begin, end = (datetime.combine(each, time(), zone) for each in (on, on + timedelta(days=1)))
    wanted = (
        Q(planned_from__gte=begin) | Q(planned_from__lt=request.now)
        if on == today
        else Q(planned_from__gte=begin)
    )
    planned = CallBack.objects.filter(wanted, planned_from__lt=end, standing=Standing.PLANNED)
    if mine:
        planned = planned.filter(owner=request.user)
    planned = planned.select_related("owner", "ticket__customer", "ticket__contact").prefetch_related(
        "attempts"
    )
    found = list(planned.order_by("planned_from", "pk")[: SHOWN + 1])
    context = {
        "rows": [_row(each, on, zone, request.now) for each in found[:SHOWN]],
        "has_more": len(found) > SHOWN,
        "hours": [(hour, _place(time(hour), 0)) for hour in range(PICTURE[0], PICTURE[1] + 1)],
        "at_now": _place(request.now.astimezone(zone).time(), 0) if on == today else None,
        "on": on,
        "day": babel.dates.format_date(on, "EEEE d MMMM y", locale=get_language() or "nl"),
        "is_today": on == today,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "mine": mine,
        "listens": ["call-backs"],
    }
    return render(request, "workspace/call_backs.html", context)


@agents_only
def plan(request: AgentRequest, number: int) -> HttpResponse:
    """Plan a call about a ticket (SW-18)."""
    ticket = access.ticket_for(request.user, number)
    if request.method != "POST":
        return _plan_page(request, ticket, _plan_form(request, ticket))
    form = _plan_form(request, ticket, is_sent=True)
    if not form.is_valid():
        return _plan_page(request, ticket, form, status=422)
    given = form.cleaned_data
    try:
        call_back = actions.plan_call_back(
            ticket,
            span=given["span"],
            owner=given["owner"].user if given["owner"] else None,
            by=request.user,
            situation=situation_of(request),
            phone=given["phone"],
            anydesk=given["anydesk"],
            agreed=given["agreed"],
            submission=given["submission"],
        )
    except Refusal as refusal:
        return _plan_page(request, ticket, form, refusal=refusal, status=422)
    messages.success(request, _("The call is planned; the customer gets a mail."))
    return redirect("call_back", call_back.pk)


@agents_only
@require_safe
def call_back(request: AgentRequest, key: int) -> HttpResponse:
    """One call: where to, when, what was tried, and what can be done."""
    return _page(request, _found(key))


@agents_only
@require_POST
def tried(request: AgentRequest, key: int) -> HttpResponse:
    """Log an attempt, with the minutes that it took."""
    form = AttemptForm(request.POST)
    found = _found(key)
    if not form.is_valid():
        return _page(request, found, attempt=form, status=422)
    situation, minutes = situation_of(request), form.cleaned_data["minutes"]
    actions.tried(
        key,
        outcome=form.what,
        by=request.user,
        situation=situation,
        note=form.cleaned_data["note"],
        submission=form.cleaned_data["submission"],
    )
    if minutes:
        actions.log_time(
            found.ticket,
            person=request.user,
            started_at=request.now - timedelta(minutes=minutes),
            ended_at=request.now,
            minutes=minutes,
            note=form.cleaned_data["note"],
            kind=TimeKind.ANYDESK if found.anydesk and not found.phone else TimeKind.CALL,
            now=request.now,
            submission=form.cleaned_data["submission"],
        )
    _say_tried(request, _found(key), form.what)
    return redirect("ticket", found.ticket.number)


@agents_only
@require_POST
def move(request: AgentRequest, key: int) -> HttpResponse:
    """Plan it for another moment; the customer gets a mail."""
    found = _found(key)
    form = _moment_form(request, found, is_sent=True)
    if not form.is_valid():
        return _page(request, found, moment=form, status=422)
    try:
        actions.move_call_back(
            key,
            span=form.cleaned_data["span"],
            by=request.user,
            situation=situation_of(request),
            agreed=form.cleaned_data["agreed"],
        )
    except Refusal as refusal:
        return _page(request, found, moment=form, refusal=refusal, status=422)
    messages.success(request, _("The call is planned for another moment; the customer gets a mail."))
    return redirect("call_back", key)


@agents_only
@require_POST
def hand_over(request: AgentRequest, key: int) -> HttpResponse:
    """Let somebody else call."""
    form = OwnerForm(request.POST)
    if not form.is_valid():
        return _page(request, _found(key), owner=form, status=422)
    chosen = form.cleaned_data["owner"]
    to = chosen.user if chosen else None
    actions.hand_over_call_back(key, to=to, by=request.user, now=request.now)
    said = _("%(who)s makes the call.") % {"who": to} if to else _("The call is nobody's in particular now.")
    messages.success(request, said)
    return redirect("call_back", key)


@agents_only
@require_POST
def cancel(request: AgentRequest, key: int) -> HttpResponse:
    """Do not make the call, with the way back."""
    form = Reason(request.POST)
    because = form.cleaned_data["because"] if form.is_valid() else ""
    cancelled = actions.cancel_call_back(key, by=request.user, now=request.now, because=because)
    undo.offer(request, reverse("call_restore", args=[key]), _("The call is cancelled."), _("Undo"), {})
    return redirect("ticket", cancelled.ticket.number)


@agents_only
@require_POST
def restore(request: AgentRequest, key: int) -> HttpResponse:
    """Make a cancelled call after all."""
    actions.restore_call_back(key, by=request.user, now=request.now)
    messages.success(request, _("The call is planned again."))
    return redirect("call_back", key)


def _found(key: int) -> CallBack:
    return get_object_or_404(
        CallBack.objects.select_related("ticket__customer", "ticket__contact", "owner"), pk=key
    )


def _page(
    request: AgentRequest,
    found: CallBack,
    *,
    attempt: AttemptForm | None = None,
    moment: MomentForm | None = None,
    owner: OwnerForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "call_back": found,
        "ticket": found.ticket,
        "attempts": list(found.attempts.select_related("by")),
        "is_overdue": found.is_planned and rules.is_overdue(found.planned_until, now=request.now),
        "attempt": attempt or AttemptForm(initial={"outcome": Outcome.REACHED.value}),
        "moment": moment or _moment_form(request, found),
        "owner": owner or OwnerForm(initial={"owner": found.owner_id}),
        "cancelling": Reason(),
        "wished": _to_come(found.ticket, request.now),
        "refusal": refusal,
        "is_moving": moment is not None,
    }
    return render(request, "workspace/call_back.html", context, status=status)


def _to_come(ticket: Ticket, now: datetime) -> list[Span]:
    """The times that suit the customer and are not over."""
    return [each for each in actions.wished_times(ticket) if each[1] > now]


def _plan_page(
    request: AgentRequest,
    ticket: Ticket,
    form: PlanForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "form": form,
        "refusal": refusal,
        "wished": _to_come(ticket, request.now),
        "has_ended": ticket.state in ENDED,
    }
    return render(request, "workspace/call_plan.html", context, status=status)


def _plan_form(request: AgentRequest, ticket: Ticket, *, is_sent: bool = False) -> PlanForm:
    owner = ticket.assigned_to or request.user
    offered = _offered(
        actions.offer(ticket, situation_of(request), owner=owner, most=OFFERED).moments, request
    )
    initial = {"owner": owner.pk, **PlanForm.where(call_request_of(ticket), _known_number(request, ticket))}
    data = request.POST if is_sent else None
    if data is not None and data.get("moment"):
        offered = _with_chosen(offered, str(data["moment"]), request)
    return PlanForm(
        data, initial=initial, offered=offered, zone=request.desk.zone, country=request.desk.country
    )


def _moment_form(request: AgentRequest, found: CallBack, *, is_sent: bool = False) -> MomentForm:
    situation = situation_of(request)
    free = actions.offer(found.ticket, situation, owner=found.owner, but=found, most=OFFERED)
    offered = _offered(free.moments, request)
    data = request.POST if is_sent else None
    if data is not None and data.get("moment"):
        offered = _with_chosen(offered, str(data["moment"]), request)
    return MomentForm(data, offered=offered, zone=request.desk.zone)


def _with_chosen(offered: list[tuple[str, str]], chosen: str, request: AgentRequest) -> list[tuple[str, str]]:
    """What was offered when the page was made may still be chosen: the action looks whether it can be."""
    start, _dash, end = chosen.partition("-")
    is_ours = start.isascii() and start.isdigit() and end.isascii() and end.isdigit()
    if not is_ours or max(len(start), len(end)) > 11 or any(chosen == value for value, _label in offered):
        return offered
    return [*offered, (chosen, chosen)]


def _offered(moments: Sequence[Span], request: AgentRequest) -> list[tuple[str, str]]:
    zone = ZoneInfo(request.desk.zone)
    found = []
    for each in moments:
        start, end = (moment.astimezone(zone) for moment in each)
        on = babel.dates.format_date(start.date(), "EEE d MMM", locale=get_language() or "nl")
        found.append((value_of(each), f"{on} {start:%H:%M}-{end:%H:%M}"))
    return found


def _known_number(request: AgentRequest, ticket: Ticket) -> str:
    """A number of the person who asked, else of the customer."""
    mine = PhoneNumber.objects.filter(contact=ticket.contact_id).first()
    known = mine or PhoneNumber.objects.filter(customer=ticket.customer_id or 0).order_by("pk").first()
    return as_people_write(known.e164, country=request.desk.country) if known else ""


def _say_tried(request: AgentRequest, found: CallBack, outcome: Outcome) -> None:
    if outcome is Outcome.REACHED:
        messages.success(request, _("Reached: it counts as an answer."))
    elif found.standing == Standing.GIVEN_UP:
        messages.warning(
            request, _("That was the last attempt. The customer gets a mail that says how to reach us.")
        )
    else:
        messages.success(request, _("Noted. The call is planned for the next free moment."))


def _row(each: CallBack, on: date, zone: ZoneInfo, now: datetime) -> Row:
    start, end = (moment.astimezone(zone) for moment in (each.planned_from, each.planned_until))
    left = _place(start.time(), 0) if start.date() == on else 0
    right = _place(end.time(), 1000) if start.date() == on else 0
    is_overdue = rules.is_overdue(each.planned_until, now=now)
    return Row(each, is_overdue, len(each.attempts.all()), left, max(right - left, 6))


def _place(at: time, beyond: int) -> int:
    """Where a time of day stands in the picture, in parts of a thousand."""
    first, last = PICTURE
    place = round((at.hour + at.minute / 60 - first) * 1000 / (last - first))
    return min(max(place, 0), 1000) if at != time() else beyond


def _day(text: str, today: date) -> date:
    """The day of the address; anything else is today. Far days are no days of a desk."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return today
    return on if abs((on - today).days) <= 3660 else today
