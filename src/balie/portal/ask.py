"""Asking a question: what it is about, how to be helped, on what terms (SW-05, SW-19, IB-05, IB-09, IB-15)."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_safe

from balie.portal.keeping import keeps_what_was_written, restored
from balie.portal.open_forms import key_in
from balie.portal.question import Question
from balie.portal.terms import Terms, wish_in
from balie.portal.topics import topics_of
from balie.portal.visitors import CustomerVisit, customers_only, situation_of
from balie.rules.promises import says_normally
from balie.rules.refusals import Refusal
from balie.tickets import actions, clocks
from balie.tickets.access import ticket_for
from balie.tickets.calling import call_wish_in, days_to_choose
from balie.tickets.models import Message, Ticket
from balie.tickets.reading import call_request_of


@keeps_what_was_written(Question, page="ask")
@customers_only
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: CustomerVisit) -> HttpResponse:
    """The form; sent, it becomes a ticket, or comes back with everything still in it and the reason why."""
    if request.method != "POST":
        return _opened(request)
    if "draft" in request.POST:
        begun = {name: request.POST.get(name, "") for name in ("subject", "text")}
        return _page(request, Question(request, bound=False, initial=begun), _terms(request, {}))
    terms = _terms(request, request.POST)
    form = Question(request, bound=True, hours=terms.decision.hours)
    if "look" in request.POST:
        form.is_valid()  # takes the files in; that something is still missing is told when it is sent
        form.keep(now=request.now)
        return _page(request, form.without_errors(), terms, opens_at="terms")
    if not form.is_valid() or terms.refusal is not None or form.cleaned_data["seen"] != terms.seen:
        if already := _sent_before(request):
            return redirect("asked", already.number)
        form.keep(now=request.now)
        return _page(request, form, terms, must_look=form.is_valid(), status=422)
    return _send(request, form, terms)


@customers_only
@require_safe
def terms(request: CustomerVisit) -> HttpResponse:
    """What another topic or another way of being helped comes to, for the page that is open."""
    return render(request, "portal/ask_changes.html", {"terms": _terms(request, request.GET)})


@customers_only
@require_safe
def asked(request: CustomerVisit, number: int) -> HttpResponse:
    """The confirmation: its number, and until when the desk has to respond."""
    ticket = ticket_for(request.user, number)
    is_normally = says_normally(clocks.decision_of(ticket).plan, situation_of(request).desk)
    context = {"ticket": ticket, "call": call_request_of(ticket), "is_normally": is_normally}
    return render(request, "portal/asked.html", context)


def _opened(request: CustomerVisit) -> HttpResponse:
    """The form as it was left, or a new one; what else lies unfinished is offered beside it."""
    asks_for = request.GET
    kept = restored(request, None)
    is_begun = kept is not None and (
        "draft" in asks_for or not {"topic", "subject", "dropped"} & set(asks_for)
    )
    if kept is not None and is_begun:
        return _page(
            request, Question(request, bound=False, draft=kept), _terms(request, kept.fields), is_kept=True
        )
    initial = {name: asks_for[name] for name in ("topic", "urgent", "subject") if name in asks_for}
    form = Question(request, bound=False, initial=initial)
    return _page(request, form, _terms(request, asks_for), unfinished=kept)


def _send(request: CustomerVisit, form: Question, terms: Terms) -> HttpResponse:
    try:
        ticket = actions.open(
            request.contact,
            terms.wish,
            subject=form.cleaned_data["subject"],
            writing=form.writing(),
            by=request.user,
            situation=terms.situation,
            call=call_wish_in(terms.wish.answer_mode, form.cleaned_data),
        )
    except Refusal as refusal:
        form.keep(now=request.now)
        return _page(request, form, terms, refusal=refusal, status=422)
    except IntegrityError:
        if (same := _sent_before(request)) is None:
            raise
        ticket = same
    return redirect("asked", ticket.number)


def _terms(request: CustomerVisit, filled_in: Any) -> Terms:
    return Terms(contact=request.contact, wanted=wish_in(filled_in), situation=situation_of(request))


def _sent_before(request: CustomerVisit) -> Ticket | None:
    """The ticket that this contact made with the same form: sent twice is one."""
    if (submission := key_in(request.POST.get("submission"))) is None:
        return None
    found = Message.objects.select_related("ticket").filter(submission=submission, contact=request.contact)
    return message.ticket if (message := found.first()) else None


def _page(
    request: CustomerVisit, form: Question, terms: Terms, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "terms": terms,
        "form": form,
        "topics": topics_of(request.desk),
        "days": days_to_choose(terms.situation, terms.decision.hours),
        "must_look": False,
        "refusal": None,
        "is_kept": False,
        "unfinished": None,
        "dropped": key_in(request.GET.get("dropped")),
        "opens_at": _first_trouble(form, more),
        "suggest": _address_of_suggestions(),
        **more,
    }
    return render(request, "portal/ask.html", context, status=status)


def _first_trouble(form: Question, more: Any) -> str:
    """The step at which the page opens: where something is missing, else where the terms are, else the first."""
    if form.is_bound:
        return next((step for name, step in STEPS_OF.items() if name in form.errors), "terms")
    if more.get("is_kept"):
        return "question" if form.initial.get("topic") else "topic"
    return "topic"


STEPS_OF = {
    "topic": "topic",
    "subject": "question",
    "text": "question",
    "files": "question",
    "phone": "how",
    "anydesk": "how",
    "times": "how",
}


def _address_of_suggestions() -> str | None:
    """Where help articles about a subject are suggested, on a desk that has them."""
    try:
        return reverse("knowledge_suggest")
    except NoReverseMatch:
        return None
