"""The month view of the hours, a day of it, and the box in which a moment is tested (SW-01, SW-02, IB-29, IB-30)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from balie.administration import actions, moments, months
from balie.administration.models import Recount
from balie.administration.pages import page
from balie.administration.weighing import weigh
from balie.contracts.models import SupportPlan
from balie.customers.models import Customer
from balie.desk.models import DatedHours, Desk, Line, validate_hours
from balie.rules.hours_notation import format_windows, parse_windows
from balie.rules.refusals import Refusal
from balie.tickets.facts import Situation

MOST_CUSTOMERS = 10


class DayForm(forms.Form):
    """Other hours on one day, on one line or on several at once."""

    hours = forms.CharField(
        label=_("Hours"),
        max_length=200,
        required=False,
        validators=[validate_hours],
        help_text=_("For instance 09:00-12:00, 13:00-17:00. Empty is closed."),
    )
    because = forms.CharField(
        label=_("Because"),
        max_length=120,
        required=False,
        help_text=_("Customers read this too: a day out, stocktaking, a fair."),
    )
    lines = forms.ModelMultipleChoiceField(
        label=_("On"), queryset=Line.objects.all(), widget=forms.CheckboxSelectMultiple
    )

    def clean_hours(self) -> str:
        """As they are stored: the same hours are always the same text."""
        return format_windows(parse_windows(self.cleaned_data["hours"]))


@require_GET
def hours(request: HttpRequest) -> HttpResponse:
    """A month of one line. `?line=` its key, `?month=2026-11`."""
    desk, today = _desk(request), _today(request)
    lines = list(Line.objects.all())
    if not lines:
        raise Http404
    shown = next((line for line in lines if line.key == request.GET.get("line")), lines[0])
    situation = Situation(desk, now=request.now)  # type: ignore[attr-defined]
    first = months.month_named(request.GET.get("month"), today=today)
    month = months.month_of(situation.desk.lines[shown.key], first, desk=desk, today=today)
    tab: dict[str, Any] = {"lines": lines, "shown": shown, "month": month, "today": today}
    return page(request, "hours.html", gettext("Opening hours"), **tab, **_test_box(request))


@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, line: str, on: str) -> HttpResponseBase:
    """One day of one line: its hours, and the exception that can replace them."""
    shown, when = get_object_or_404(Line, key=line), _day_named(on)
    there = DatedHours.objects.filter(line=shown, on=when).first()
    initial = {
        "hours": there.hours if there else "",
        "because": there.because if there else "",
        "lines": [shown.pk],
    }
    form = DayForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and (_removes(request) or form.is_valid()):
        because = gettext("other hours on %(day)s") % {"day": when.strftime("%d-%m-%Y")}
        return weigh(request, lambda: _keep(request, form, shown, when), because=because)
    situation = Situation(_desk(request), now=request.now)  # type: ignore[attr-defined]
    first = when.replace(day=1)
    month = months.month_of(
        situation.desk.lines[shown.key], first, desk=_desk(request), today=_today(request)
    )
    found = next(each for week in month.weeks for each in week if each.on == when)
    return page(
        request,
        "day.html",
        gettext("One day"),
        trail=[(_month_address(shown, when), gettext("Opening hours"))],
        form=form,
        shown=shown,
        day=found,
        there=there,
        back=_month_address(shown, when),
    )


@require_GET
def test_moment(request: HttpRequest) -> HttpResponse:
    """What the desk would say then, to whom, and why: the answer to the box, or the box with its answer."""
    return page(request, "moment.html", gettext("Test a moment"), **_test_box(request))


@require_GET
def recount(request: HttpRequest, order: int) -> HttpResponse:
    """How far the deadlines have been counted anew; asks again by itself until it is done."""
    return page(
        request,
        "recount.html",
        gettext("Deadlines counted anew"),
        order=get_object_or_404(Recount.objects.select_related("by"), pk=order),
    )


def _removes(request: HttpRequest) -> bool:
    return "_remove" in request.POST


def _keep(request: HttpRequest, form: DayForm, line: Line, on: date) -> HttpResponse:
    who = {"by": request.user, "now": request.now}  # type: ignore[attr-defined]
    if _removes(request):
        actions.follow_the_week(on, [line], **who)
        messages.success(request, gettext("The hours of the week count again on this day."))
    else:
        kept = form.cleaned_data
        actions.except_day(on, kept["lines"], hours=kept["hours"], because=kept["because"], **who)
        messages.success(request, gettext("The exception is kept."))
    return redirect(_month_address(line, on))


def _month_address(line: Line, on: date) -> str:
    return f"{reverse('admin:hours')}?line={line.key}&month={on:%Y-%m}"


def _day_named(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Http404
    if not months.FIRST_YEAR <= found.year <= months.LAST_YEAR:
        raise Http404
    return found


def _desk(request: HttpRequest) -> Desk:
    return request.desk  # type: ignore[attr-defined, no-any-return]


def _today(request: HttpRequest) -> date:
    zone = ZoneInfo(_desk(request).zone)
    return request.now.astimezone(zone).date()  # type: ignore[attr-defined, no-any-return]


def _test_box(request: HttpRequest) -> dict[str, Any]:
    """What the box shows: what was filled in, its answer, or what is wrong with it."""
    asked = {name: request.GET.get(name, "").strip() for name in ("at", "customer", "plan")}
    box: dict[str, Any] = {
        "asked": asked,
        "plans": SupportPlan.objects.all(),
        "answer": None,
        "candidates": [],
    }
    zone = ZoneInfo(_desk(request).zone)
    if not asked["at"]:
        soon = request.now.astimezone(zone) + timedelta(minutes=1)  # type: ignore[attr-defined]
        return box | {"asked": {**asked, "at": f"{soon:%Y-%m-%dT%H:%M}"}}
    try:
        at, oddity = moments.read_moment(asked["at"], zone)
        candidates = _customers(asked["customer"])
        if len(candidates) > 1:
            return box | {"candidates": candidates}
        if asked["customer"] and not candidates:
            return box | {"trouble": gettext("No customer has this number or name.")}
        answer = moments.test(
            Situation(_desk(request), now=at),
            oddity=oddity,
            plan=asked["plan"],
            customer=candidates[0] if candidates else None,
        )
    except Refusal as refusal:
        return box | {"trouble": refusal.reason.render(gettext)}
    return box | {"answer": answer}


def _customers(text: str) -> list[Customer]:
    """The customer with this number, else those with this in their name."""
    if not text:
        return []
    exact = list(Customer.objects.filter(number__iexact=text)[:1])
    named = Customer.objects.filter(Q(name__icontains=text) | Q(number__istartswith=text))
    return exact or list(named.order_by("name")[:MOST_CUSTOMERS])
