"""Mail about which an agent decides: senders whom nobody knows, or perhaps forged, and spam; and the way of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from balie.customers.models import Contact, Customer
from balie.customers.suggestions import customers_like
from balie.mail import queries, releasing, trace
from balie.mail.access import aside_for
from balie.mail.models import InboundMail, InboundOutcome, InboundState
from balie.mail.queries import PAGE, AsideTab
from balie.mail.reading.parsing import ReadMail, read_message
from balie.rules.account_matching import is_free_mail
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.mail_folder import administrators_only
from balie.workspace.undo import offer

LONGEST_SHOWN = 20_000  # characters of a text
SILENCED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AsideLink:
    """One of the two lists; `count` is empty where nothing is to be done."""

    tab: AsideTab
    label: str
    count: str


@agents_only
@require_safe
def mail_aside(request: AgentRequest) -> HttpResponse:
    """One of the lists, the newest first; `before` goes on below a mail."""
    tab = AsideTab.SPAM if request.GET.get("tab") == AsideTab.SPAM else AsideTab.WAITING
    mails = queries.aside(tab, request.user)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        mails = mails.filter(pk__lt=int(before))
    found = list(mails[: PAGE + 1])
    page = {
        "tab": tab,
        "tabs": _tabs(request),
        "mails": found[:PAGE],
        "next_before": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return render(request, "workspace/mail_aside.html", page)


@agents_only
@require_http_methods(["GET", "HEAD", "POST"])
def mail_decide(request: AgentRequest, key: int) -> HttpResponse:
    """One mail: why it waits, what it says, and what is to become of it."""
    mail = aside_for(request.user, key)
    read = read_message(bytes(mail.raw))
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    suggested = _suggested(read, words)
    trouble = ""
    if request.method == "POST":
        customer = _customer(request)
        if request.POST.get("do") != "place" or customer is not None:
            return _decide(request, mail, customer)
        trouble = _("Choose a customer.")
    page = {
        "mail": mail,
        "read": read,
        "text": read.text[:LONGEST_SHOWN],
        "known": _known(read),
        "suggested": suggested,
        "words": words,
        "trouble": trouble,
        "can_decide": mail.state in {InboundState.WAITING, InboundState.SPAM},
        "is_spam": mail.state == InboundState.SPAM,
        "is_forged": mail.outcome == InboundOutcome.FORGED,
    }
    return render(request, "workspace/mail_decide.html", page, status=422 if trouble else 200)


@agents_only
@require_POST
def mail_take_back(request: AgentRequest, key: int) -> HttpResponse:
    """Undo what was decided, as long as nobody has been answered."""
    releasing.take_back(aside_for(request.user, key), by=request.user, now=request.now)
    messages.success(request, _("The mail waits again."))
    return redirect("mail_decide", key)


@administrators_only
@require_safe
def mail_trace(request: AgentRequest) -> HttpResponse:
    """Every step of the mails with a Message-ID or an address; without one, whom Balie stopped answering."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:998]
    page = {
        "asked": asked,
        "found": trace.trace(asked),
        "silenced": [] if asked else queries.silenced(since=request.now - SILENCED_FOR),
    }
    return render(request, "workspace/mail_trace.html", page)


def _tabs(request: AgentRequest) -> list[AsideLink]:
    counts = queries.aside_counts(request.user)
    labels = {AsideTab.WAITING: _("Waits for you"), AsideTab.SPAM: _("Spam")}
    return [AsideLink(tab, label, _capped(counts[tab])) for tab, label in labels.items()]


def _capped(count: int) -> str:
    return f"{PAGE}+" if count > PAGE else str(count or "")


def _decide(request: AgentRequest, mail: InboundMail, customer: Customer | None) -> HttpResponse:
    if request.POST.get("do") == "refuse":
        releasing.refuse(mail, by=request.user, now=request.now)
        done = _("This mail is not for us: nobody is answered.")
    else:
        at = customer if request.POST.get("do") == "place" else None
        releasing.release(mail, at=at, by=request.user, now=request.now)
        seconds = releasing.SECONDS_TO_TAKE_BACK
        done = ngettext(
            "In %(seconds)s second this mail becomes a ticket.",
            "In %(seconds)s seconds this mail becomes a ticket.",
            seconds,
        ) % {"seconds": seconds}
    offer(request, reverse("mail_take_back", args=[mail.pk]), done, _("Undo"), {})
    return redirect(reverse("mail_aside", query={"tab": "spam"} if mail.state == InboundState.SPAM else {}))


def _known(read: ReadMail) -> Contact | None:
    """The contact whom the mail says it is from."""
    address = read.from_.address if read.from_ else ""
    return (
        Contact.objects.select_related("customer").filter(email__iexact=address).first() if address else None
    )


def _suggested(read: ReadMail, words: str) -> list[Customer]:
    """Customers at which the sender may work: by what was typed, else by the mail domain."""
    if words:
        return customers_like(number=words, name=words)
    domain = (read.from_.address if read.from_ else "").rpartition("@")[2]
    if not domain or is_free_mail(domain):
        return []
    own = list(Customer.objects.filter(is_active=True, domains__domain=domain))
    alike = customers_like(number="", name=domain.rpartition(".")[0].replace("-", " "))
    return list(dict.fromkeys([*own, *alike]))


def _customer(request: AgentRequest) -> Customer | None:
    key = request.POST.get("customer", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return Customer.objects.filter(pk=int(key), is_active=True).first()
