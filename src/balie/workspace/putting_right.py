"""Putting a ticket right: its topic, its urgency, where the customer is reached (IB-15, IB-22)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from balie.rules import urgency, urgency_raised
from balie.rules.lifecycle import State
from balie.rules.refusals import Refusal
from balie.rules.wishes import AnswerMode
from balie.tickets import access, actions, clocks
from balie.tickets.actions import putting_right
from balie.tickets.call_form import CallDetails
from balie.tickets.calling import call_wish_in, days_to_choose
from balie.tickets.facts import Situation
from balie.tickets.models import Category, Ticket
from balie.tickets.reading import call_request_of
from balie.web.forms import Styled
from balie.workspace.agents import AgentRequest, agents_only, situation_of
from balie.workspace.forms import CategoryChoice


class PutRight(CallDetails, Styled):
    """What can be put right. Ticked times replace those that were there; none ticked leaves them."""

    topic = CategoryChoice(
        Category.objects.none(),
        label=_("Topic"),
        required=False,
        to_field_name="key",
        empty_label="…",
    )

    field_order = ("topic", "phone", "anydesk", "times")

    def __init__(self, *args: Any, ticket: Ticket, situation: Situation, **kwargs: Any) -> None:
        self.ticket, self.situation = ticket, situation
        self.hours = clocks.decision_of(ticket).hours
        call = call_request_of(ticket)
        known = {"topic": ticket.category.key if ticket.category else None}
        known |= {"phone": call.phone, "anydesk": call.anydesk} if call else {}
        super().__init__(*args, initial=known, **kwargs)
        topics = self.fields["topic"]
        assert isinstance(topics, forms.ModelChoiceField)
        topics.queryset = Category.objects.filter(
            Q(is_active=True) | Q(pk=ticket.category_id)
        ).select_related("parent")
        self.fields["phone"].label = _("Number to call back")
        self.fields["times"].label = _("Other times that suit the customer")

    @property
    def mode(self) -> AnswerMode:
        return AnswerMode(self.ticket.answer_mode)

    @property
    def picked_times(self) -> list[str]:
        """The times that are ticked now, valid or not."""
        return self["times"].value() or []


@agents_only
@require_http_methods(["GET", "HEAD", "POST"])
def put_right(request: AgentRequest, number: int) -> HttpResponse:
    """The form, and what was changed on it."""
    ticket = access.ticket_for(request.user, number)
    situation = situation_of(request)
    form = PutRight(request.POST if request.method == "POST" else None, ticket=ticket, situation=situation)
    refusal = None
    if form.is_valid():
        try:
            _keep(request, ticket, form)
        except Refusal as no:
            refusal = no
        else:
            messages.success(request, gettext("The ticket is put right."))
            return redirect("ticket", number)
    context = {
        "ticket": ticket,
        "form": form,
        "refusal": refusal,
        "days": days_to_choose(situation, form.hours) if form.mode is not AnswerMode.SITE else [],
        "may_raise": urgency_raised.may_be_raised(State(ticket.state), urgent=ticket.urgent),
        "may_calm": urgency.may_be_dropped(State(ticket.state), urgent=ticket.urgent),
    }
    return render(request, "workspace/put_right.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def _keep(request: AgentRequest, ticket: Ticket, form: PutRight) -> None:
    """Each thing that is another than it was; all of it or, when something is refused, nothing."""
    situation = form.situation
    putting_right.change_topic(ticket, to=form.cleaned_data["topic"], by=request.user, situation=situation)
    if (call := call_wish_in(form.mode, form.cleaned_data)) is not None:
        putting_right.change_call(ticket, to=call, by=request.user, situation=situation)
    wanted = request.POST.get("urgency")
    if wanted == "raise":
        putting_right.raise_urgency(ticket, by=request.user, situation=situation)
    elif wanted == "drop":
        actions.drop_urgency(ticket, by=request.user, situation=situation)
