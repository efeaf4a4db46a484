"""How mail leaves: the server and a test of it, the keys that sign, the records that make others believe us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from balie.administration.pages import page
from balie.audit.actions import record
from balie.desk.models import Desk
from balie.mail import signing
from balie.mail.connections import Encryption, SmtpServer, Step, UnusableSmtpUrl
from balie.mail.dns_records import Purpose, Standing, look_up, records_for
from balie.mail.facts import domain_of
from balie.mail.models import SigningKey
from balie.mail.outbox import stays_in_folder
from balie.mail.proof.checking import Resolver
from balie.mail.trial import Trial, parcel_for, try_out
from balie.rules.delivery import PLAIN
from balie.rules.refusals import Refusal

STEPS: dict[Step, Any] = {
    Step.NAME: _("The name of the server was found"),
    Step.CONNECTION: _("The server answers"),
    Step.ENCRYPTION: _("The connection is encrypted, the certificate is right"),
    Step.LOGIN: _("The user name and password are accepted"),
    Step.SENDER: _("The desk may send from its address"),
    Step.RECIPIENT: _("Your address is accepted"),
    Step.CONTENT: _("The server took the mail"),
}
PURPOSES: dict[Purpose, Any] = {
    Purpose.SPF: _("SPF: which servers send for your domain. Put those of your provider into it."),
    Purpose.DKIM: _("DKIM: the public key of the signature."),
    Purpose.DMARC: _("DMARC: what others do with mail that is neither. Begin with “none”."),
}
STANDINGS: dict[Standing, Any] = {
    Standing.FOUND: _("It is there."),
    Standing.OTHER: _("Something else is there:"),
    Standing.MISSING: _("It is not there."),
    Standing.UNKNOWN: _("The DNS did not answer; try again."),
}
ENCRYPTIONS: dict[Encryption, Any] = {
    Encryption.STARTTLS: _("STARTTLS, always"),
    Encryption.FROM_THE_START: _("encrypted from the start"),
    Encryption.NONE: _("none, on this very machine"),
}


@dataclass(frozen=True, slots=True)
class ServerShown:
    """The server as its address names it, without the password."""

    server: SmtpServer | None = None
    encryption: Any = ""
    refusal: str = ""


@require_http_methods(["GET", "POST"])
def mail_out(request: HttpRequest) -> HttpResponse:
    """The page; a POST tries out the server (`_try`), looks records up (`_look`), or makes a key (`_make`)."""
    desk: Desk = request.desk  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, desk)
    if "_try" in request.POST:
        return _try(request, desk)
    if "_look" in request.POST:
        return _page(request, desk, looked_up=True)
    if "_make" in request.POST:
        signing.make_key(domain_of(desk), by=request.user, now=request.now)  # type: ignore[arg-type, attr-defined]
        messages.success(request, gettext("The key is there. Set its record, then let it sign."))
    return redirect("admin:mail_out")


@require_http_methods(["POST"])
def signing_key(request: HttpRequest, key: int) -> HttpResponse:
    """Let a key sign (`_sign`), or remove it (`_remove`)."""
    found = SigningKey.objects.filter(pk=key).first()
    if found is None:
        raise Http404
    by, now = request.user, request.now  # type: ignore[attr-defined]
    try:
        if "_sign" in request.POST:
            signing.sign_with(found, by=by, now=now)  # type: ignore[arg-type]
            messages.success(request, gettext("From now on mail is signed with this key."))
        elif "_remove" in request.POST:
            signing.remove_key(found, by=by, now=now)  # type: ignore[arg-type]
            messages.success(request, gettext("The key is removed."))
    except Refusal as refusal:
        messages.warning(request, refusal.reason.render(gettext))
    return redirect("admin:mail_out")


def _try(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = _server()
    if shown.server is None or stays_in_folder(desk):
        return _page(request, desk)
    recipient = request.user.email  # type: ignore[union-attr]
    parcel = parcel_for(
        recipient,
        subject=gettext("Test of the outgoing mail of %(desk)s") % {"desk": desk.name},
        text=gettext("This mail shows that mail of the desk leaves. Nobody has to answer it."),
        desk=desk,
        now=request.now,  # type: ignore[attr-defined]
    )
    trial = try_out(shown.server, parcel)
    trouble = trial.trouble.value if trial.trouble else ""
    record("try_mail_server", desk, by=request.user, now=request.now, trouble=trouble)  # type: ignore[arg-type, attr-defined]
    return _page(request, desk, trial=trial)


def _page(
    request: HttpRequest, desk: Desk, *, trial: Trial | None = None, looked_up: bool = False
) -> HttpResponse:
    shown, domain = _server(), domain_of(desk)
    keys = signing.keys_of(domain)
    host = shown.server.host if shown.server else ""
    records = records_for(domain, server=host, key=next(iter(keys), None))
    found = {each.record: each for each in look_up(records, Resolver())} if looked_up else {}
    return page(
        request,
        "mail_out.html",
        gettext("How mail leaves"),
        shown=shown,
        stays=stays_in_folder(desk),
        domain=domain,
        recipient=request.user.email,  # type: ignore[union-attr]
        keys=keys,
        records=[
            (PURPOSES[each.purpose], each, _told(found.get(each)), getattr(found.get(each), "there", ()))
            for each in records
        ],
        trial=trial,
        steps=[(STEPS[each.step], each.words) for each in trial.steps] if trial else [],
        plain=gettext(PLAIN[trial.trouble]) if trial and trial.trouble else "",
        here=reverse("admin:mail_out"),
    )


def _told(found: Any) -> Any:
    return STANDINGS[found.standing] if found is not None else ""


def _server() -> ServerShown:
    if not settings.SMTP_URL:
        return ServerShown()
    try:
        server = SmtpServer.read(settings.SMTP_URL)
    except UnusableSmtpUrl as refusal:
        return ServerShown(refusal=refusal.reason.render(gettext))
    return ServerShown(server, ENCRYPTIONS[server.encryption])
