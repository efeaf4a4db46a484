"""Asking a question: what it is about, and on what terms before it is sent (SW-05, SW-19, IB-05, IB-09)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from balie.portal.letters import Letter
from balie.portal.terms import Terms
from balie.portal.topics import topic_choices
from balie.portal.visitors import CustomerVisit, customers_only, situation_of
from balie.rules.refusals import Refusal
from balie.tickets import actions
from balie.tickets.access import ticket_for
from balie.tickets.models import Message, Ticket

LONGEST_SUBJECT = 200


class Question(Letter):
    """A new question. `urgent` is not a field of the page's form but of the terms, which know whether it can be."""

    topic = forms.ChoiceField(label=_("What is it about?"))
    subject = forms.CharField(label=_("Your question in one line"), max_length=LONGEST_SUBJECT)
    urgent = forms.BooleanField(required=False)
    seen = forms.CharField(required=False)

    field_order = ("topic", "subject", "text", "files")

    def __init__(self, request: CustomerVisit, *, bound: bool, initial: dict[str, Any] | None = None) -> None:
        super().__init__(request, bound=bound, initial=initial)
        self.fields["topic"].choices = [("", _("Choose a topic")), *topic_choices()]  # type: ignore[attr-defined]


@customers_only
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: CustomerVisit) -> HttpResponse:
    """The form; sent, it becomes a ticket, or comes back with everything still in it and the reason why."""
    if request.method != "POST" or "draft" in request.POST:
        draft = {name: request.POST.get(name, "") for name in ("subject", "text")}
        return _page(request, Question(request, bound=False, initial=draft), _terms(request, request.GET))
    form = Question(request, bound=True)
    terms = _terms(request, request.POST)
    if not form.is_valid() or not terms.decision.allowed or form.cleaned_data["seen"] != terms.seen:
        if already := _sent_before(request):
            return redirect("asked", already.number)
        return _page(request, form, terms, must_look=form.is_valid(), status=422)
    try:
        ticket = actions.open(
            request.contact,
            terms.wish,
            subject=form.cleaned_data["subject"],
            writing=form.writing(),
            by=request.user,
            situation=terms.situation,
        )
    except Refusal as refusal:
        return _page(request, form, terms, refusal=refusal, status=422)
    except IntegrityError:
        if (same := _sent_before(request)) is None:
            raise
        ticket = same
    return redirect("asked", ticket.number)


@customers_only
@require_safe
def terms(request: CustomerVisit) -> HttpResponse:
    """The terms of another topic or urgency, for the page that is open."""
    return render(request, "portal/terms.html", {"terms": _terms(request, request.GET)})


@customers_only
@require_safe
def asked(request: CustomerVisit, number: int) -> HttpResponse:
    """The confirmation: its number, and until when the desk has to respond."""
    return render(request, "portal/asked.html", {"ticket": ticket_for(request.user, number)})


def _terms(request: CustomerVisit, wish: Any) -> Terms:
    return Terms(
        contact=request.contact,
        topic=wish.get("topic") or None,
        wants_urgent="urgent" in wish,
        situation=situation_of(request),
    )


def _sent_before(request: CustomerVisit) -> Ticket | None:
    """The ticket that this contact made with the same form: sent twice is one."""
    try:
        submission = UUID(request.POST.get("submission", ""))
    except ValueError:
        return None
    found = Message.objects.select_related("ticket").filter(submission=submission, contact=request.contact)
    return message.ticket if (message := found.first()) else None


def _page(
    request: CustomerVisit, form: Question, terms: Terms, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": form, "terms": terms, "must_look": False, "refusal": None, **more}
    return render(request, "portal/ask.html", context, status=status)
