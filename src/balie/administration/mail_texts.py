"""The texts of mails: the list, and each with its places, its preview and the way back to the standard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from balie.administration import actions
from balie.administration.pages import page
from balie.customers.models import Contact, PhoneNumber
from balie.desk.models import Desk
from balie.mail import places, texts
from balie.mail.composing import speaking
from balie.mail.models import MailText
from balie.rules.decision import Decision
from balie.rules.lifecycle import State
from balie.rules.reasons import Reason
from balie.rules.refusals import Refusal
from balie.tickets import wording
from balie.tickets.models import CallBack, Ticket

NEWEST = 20
STYLE = f' style="{places.BUTTON}"'


class TextForm(forms.Form):
    """What is written is checked by the rule of the texts: unknown and missing places are named."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        max_length=texts.LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
        help_text=_("Leave a line empty between paragraphs. Addresses of pages become links by themselves."),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        try:
            texts.check(self.kind, subject=found.get("subject", ""), body=found.get("body", ""))
        except Refusal as refusal:
            raise forms.ValidationError(refusal.reason.render(gettext))
        return found


@dataclass(frozen=True, slots=True)
class Preview:
    """A text filled in for one ticket, or for somebody who does not exist when the desk has none."""

    subject: str
    text: str
    html: SafeString
    about: str


@require_GET
def texts_of_mails(request: HttpRequest) -> HttpResponse:
    """Every kind of mail, and in which languages the desk has words of its own."""
    own = set(MailText.objects.values_list("kind", "language"))
    rows = [
        (key, kind, [(code, name, (key, code) in own) for code, name in settings.LANGUAGES])
        for key, kind in texts.KINDS.items()
    ]
    return page(request, "mail_texts.html", gettext("Texts of mails"), rows=rows)


@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """One text: looked at with a real ticket (`_preview`), kept, or given back to the standard (`_standard`)."""
    if kind not in texts.KINDS or language not in dict(settings.LANGUAGES):
        raise Http404
    desk: Desk = request.desk  # type: ignore[attr-defined]
    with speaking(language, desk):
        kept, usual = texts.text_of(kind, language, desk), texts.standard(kind)
    if request.method == "POST" and "_standard" in request.POST:
        return _back_to_standard(request, kind, language)
    initial = {"subject": kept.subject, "body": kept.body}
    form = TextForm(request.POST if request.method == "POST" else None, kind=kind, initial=initial)
    if request.method == "POST" and form.is_valid() and "_preview" not in request.POST:
        return _keep(request, form, kind, language)
    words = texts.Text(form["subject"].value() or "", form["body"].value() or "")
    ticket = _ticket(request.POST.get("ticket") or request.GET.get("ticket") or "")
    return page(
        request,
        "mail_text.html",
        gettext("Text of a mail"),
        trail=[(reverse("admin:mail_texts"), gettext("Texts of mails"))],
        form=form,
        kind=texts.KINDS[kind],
        language=dict(settings.LANGUAGES)[language],
        languages=[(code, name) for code, name in settings.LANGUAGES if code != language],
        key=kind,
        is_standard=kept.is_standard,
        usual=usual,
        places=[
            (f"{{{name}}}", about, name in texts.KINDS[kind].obligatory)
            for name, about in texts.KINDS[kind].places.items()
        ],
        preview=preview(kind, language, words, ticket, desk=desk, now=request.now),  # type: ignore[attr-defined]
        tickets=Ticket.objects.order_by("-id").only("number", "subject")[:NEWEST],
        shown=ticket,
    )


def preview(
    kind: str, language: str, words: texts.Text, ticket: Ticket | None, *, desk: Desk, now: datetime
) -> Preview:
    """`words` as they would arrive. The look of the button is the page's own: the policy of our pages has no styles."""
    with speaking(language, desk):
        composed = texts.compose(words, _places(kind, ticket, desk=desk, now=now))
        html = mark_safe(composed.html.replace(STYLE, ""))
    return Preview(composed.subject, composed.text, html, str(ticket or ""))


def _places(kind: str, ticket: Ticket | None, *, desk: Desk, now: datetime) -> texts.Places:
    link, name = f"{settings.BALIE_URL}/…", gettext("Your customer")
    contact = ticket.contact if ticket else Contact(name=name, user_id=0)
    match kind:
        case "pointer":
            return places.of_pointer(ticket.subject if ticket else "", desk=desk)
        case "invitation":
            return places.of_invitation(name=contact.name, link=link, desk=desk)
        case "video":
            return places.of_video(contact, link, until=now + timedelta(days=7), desk=desk)
        case "phone_registered" | "phone_refused":
            because = gettext("The reason that was given.") if kind == "phone_refused" else ""
            number = PhoneNumber(e164="+31201234567", refused_because=because)
            return places.of_number(contact, number, desk=desk)
        case "call_due" if ticket is not None:
            return places.of_call_due(_call_of(ticket, now), is_overdue=False, desk=desk)
    if ticket is None:
        return {}
    return _places_of_ticket(kind, ticket, desk=desk, now=now)


def _places_of_ticket(kind: str, ticket: Ticket, *, desk: Desk, now: datetime) -> texts.Places:
    contact = ticket.contact
    contact.user_id = contact.user_id or 0  # shown as to somebody with a login
    decision = Decision.from_json(ticket.decision["decision"])
    answer = ticket.messages.filter(agent__isnull=False, is_internal=False).last()
    refused = Reason(gettext("The reason that was given."))
    if kind == "quota":
        decision = _refused(decision, refused)
    ticket.closes_at = ticket.closes_at or now + timedelta(days=desk.warns_before_closing_days)
    return places.of_ticket(
        kind,
        ticket,
        contact,
        desk=desk,
        decision=decision,
        before=wording.STATES[State.NEW],
        because=gettext("The reason that was given."),
        message=answer or ticket.messages.last(),
        call_back=_call_of(ticket, now),
    )


def _call_of(ticket: Ticket, now: datetime) -> CallBack:
    """The newest call about a ticket, else one that might have been."""
    known = ticket.call_backs.last()
    at = now + timedelta(days=1)
    call = known or CallBack(
        pk=0, phone="+31201234567", planned_from=at, planned_until=at + timedelta(minutes=15)
    )
    call.ticket = ticket
    return call


def _refused(decision: Decision, because: Reason) -> Decision:
    return replace(decision, refusal=decision.refusal or because)


def _ticket(number: str) -> Ticket | None:
    found = Ticket.objects.select_related("contact").order_by("-id")
    chosen = found.filter(number=number).first() if number.isdecimal() and len(number) < 16 else None
    return chosen or found.first()


def _keep(request: HttpRequest, form: TextForm, kind: str, language: str) -> HttpResponse:
    actions.write_text(
        kind,
        language,
        subject=form.cleaned_data["subject"],
        body=form.cleaned_data["body"],
        by=request.user,  # type: ignore[arg-type]
        now=request.now,  # type: ignore[attr-defined]
    )
    messages.success(request, gettext("From now on this mail has these words."))
    return redirect(reverse("admin:mail_text", args=[kind, language]))


def _back_to_standard(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    actions.back_to_standard(kind, language, by=request.user, now=request.now)  # type: ignore[arg-type, attr-defined]
    messages.success(request, gettext("From now on this mail has its standard text."))
    return redirect(reverse("admin:mail_text", args=[kind, language]))
