"""Time worked on a ticket: the card beside it, the page with every entry, the stopwatch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.accounts.models import User
from balie.rules.refusals import Refusal
from balie.rules.time_worked import LONGEST
from balie.tickets import access, actions
from balie.tickets.models import Stopwatch, Ticket, TimeEntry
from balie.workspace import undo
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.work_forms import TimeForm

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked on a ticket: the newest entries, the total of all that count, and one's own stopwatch."""

    entries: Sequence[TimeEntry]
    total: int
    watch: Stopwatch | None
    is_elsewhere: bool


def worked_on(ticket: Ticket, person: User) -> Worked:
    """Two queries."""
    entries = ticket.time_entries.select_related("person").order_by("-started_at", "-pk")[:SHOWN]
    found = list(entries)
    watch = Stopwatch.objects.select_related("ticket").filter(person=person).first()
    total = sum(each.minutes for each in found if each.removed_at is None)
    return Worked(found, total, watch, is_elsewhere=watch is not None and watch.ticket_id != ticket.pk)


@agents_only
def ticket_time(request: AgentRequest, number: int) -> HttpResponse:
    """Every entry of a ticket, and the form for a new one."""
    ticket = access.ticket_for(request.user, number)
    if request.method != "POST":
        return _page(request, ticket, _form(request))
    form = TimeForm(request.POST, now=request.now, zone=request.desk.zone)
    if not form.is_valid():
        return _page(request, ticket, form, status=422)
    try:
        entry = actions.log_time(
            ticket,
            person=request.user,
            now=request.now,
            submission=form.cleaned_data["submission"],
            **form.values,
        )
    except Refusal as refusal:
        return _page(request, ticket, form, refusal=refusal, status=422)
    _say_kept(request, entry)
    return redirect("ticket", number)


@agents_only
@require_POST
def stopwatch(request: AgentRequest, number: int) -> HttpResponse:
    """Start, stop or drop one's own stopwatch; it runs in the database, so also without this page."""
    ticket = access.ticket_for(request.user, number)
    match request.POST.get("what"):
        case "start":
            actions.start_stopwatch(ticket, person=request.user, now=request.now)
            messages.success(request, _("Your stopwatch runs."))
        case "stop":
            return _stop(request, ticket)
        case "drop":
            actions.drop_stopwatch(ticket, person=request.user, now=request.now)
            messages.success(request, _("Your stopwatch is stopped; nothing is written down."))
        case _:
            raise Http404
    return redirect("ticket", number)


@agents_only
def time_entry(request: AgentRequest, key: int) -> HttpResponse:
    """Correct an entry; what it said before is on the record."""
    entry = get_object_or_404(TimeEntry.objects.select_related("ticket", "person"), pk=key)
    if request.method != "POST":
        return _correct(request, entry, TimeForm.of(entry, now=request.now, zone=request.desk.zone))
    form = TimeForm(request.POST, now=request.now, zone=request.desk.zone)
    if not form.is_valid():
        return _correct(request, entry, form, status=422)
    try:
        corrected = actions.correct_time(key, by=request.user, now=request.now, **form.values)
    except Refusal as refusal:
        return _correct(request, entry, form, refusal=refusal, status=422)
    _say_kept(request, corrected)
    return redirect("ticket_time", entry.ticket.number)


@agents_only
@require_POST
def remove(request: AgentRequest, key: int) -> HttpResponse:
    """Let an entry count no longer, with the way back."""
    entry = actions.remove_time(key, by=request.user, now=request.now)
    said = _("%(minutes)s minutes count no longer.") % {"minutes": entry.minutes}
    undo.offer(request, reverse("time_bring_back", args=[key]), said, _("Undo"), {})
    return redirect("ticket_time", entry.ticket.number)


@agents_only
@require_POST
def bring_back(request: AgentRequest, key: int) -> HttpResponse:
    """Let a removed entry count again."""
    entry = actions.bring_back_time(key, by=request.user, now=request.now)
    messages.success(request, _("%(minutes)s minutes count again.") % {"minutes": entry.minutes})
    return redirect("ticket_time", entry.ticket.number)


def _stop(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    """What ran for a day was forgotten: it cannot be written down, only dropped."""
    watch = Stopwatch.objects.filter(person=request.user, ticket=ticket).first()
    if watch is not None and request.now - watch.started_at >= LONGEST:
        messages.error(
            request, _("It ran for a day or longer. Drop it, and write down the time that you worked.")
        )
        return redirect("ticket_time", ticket.number)
    pressed = uuid5(NAMESPACE_OID, f"stopwatch {watch.pk}") if watch else None
    entry = actions.stop_stopwatch(ticket, person=request.user, now=request.now, submission=pressed)
    _say_kept(request, entry)
    return redirect("time_entry", entry.pk)


def _say_kept(request: AgentRequest, entry: TimeEntry) -> None:
    messages.success(request, _("%(minutes)s minutes are written down.") % {"minutes": entry.minutes})
    for other in actions.overlaps(entry):
        messages.warning(
            request,
            _("%(who)s has time on ticket #%(number)s at the same moment: are both right?")
            % {"who": entry.person, "number": other.ticket.number},
        )


def _form(request: AgentRequest) -> TimeForm:
    return TimeForm(now=request.now, zone=request.desk.zone)


def _page(
    request: AgentRequest,
    ticket: Ticket,
    form: TimeForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"ticket": ticket, "form": form, "worked": worked_on(ticket, request.user), "refusal": refusal}
    return render(request, "workspace/time.html", context, status=status)


def _correct(
    request: AgentRequest,
    entry: TimeEntry,
    form: TimeForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"ticket": entry.ticket, "entry": entry, "form": form, "refusal": refusal}
    return render(request, "workspace/time_entry.html", context, status=status)
