"""How exchanges are asked to make a call: the agent's telephone first, then the number.

Kamailio: `dlg.bridge_dlg from to proxy` by its JSON-RPC (modules jsonrpcs and dialog). Asterisk: `POST /channels` of
its REST interface (ARI), which rings an endpoint and then goes on in the dialplan. Both answer as soon as they ring.
"""

from __future__ import annotations

import base64
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from balie.phone.dial_models import DialKind
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

PATIENCE_SECONDS = 8
RINGS_SECONDS = 30
MOST_READ = 100_000
LONGEST_SAID = 120


class CannotDial(Refusal):
    """The exchange did not make the call; the reason says why to an agent."""


@dataclass(frozen=True, slots=True)
class DialWay:
    """Where and as whom an exchange is asked. `context`: a SIP domain, or a context of the dialplan."""

    kind: str
    url: str
    user: str = ""
    secret: str = ""
    context: str = ""


def dial(way: DialWay, *, telephone: str, number: str, name: str = "Balie") -> None:
    """Let the exchange ring `telephone`, and then `number` (E.164). Raises `CannotDial`."""
    if urlsplit(way.url).scheme not in {"http", "https"}:
        raise CannotDial(
            _("The address for dialling begins with http:// or https://; an administrator can correct it.")
        )
    answer = _sent(_ASK[way.kind](way, telephone, number, name), urlsplit(way.url).hostname or way.url)
    _CHECK[way.kind](answer)


def _ask_kamailio(way: DialWay, telephone: str, number: str, name: str) -> urllib.request.Request:
    domain = way.context or urlsplit(way.url).hostname or ""
    addresses = [_sip(each, domain) for each in (telephone, number)]
    question = {"jsonrpc": "2.0", "method": "dlg.bridge_dlg", "params": [*addresses, "."], "id": 1}
    body = json.dumps(question).encode()
    return urllib.request.Request(
        way.url, data=body, headers=_headers(way) | {"Content-Type": "application/json"}, method="POST"
    )


def _ask_asterisk(way: DialWay, telephone: str, number: str, name: str) -> urllib.request.Request:
    query = {
        "endpoint": telephone if "/" in telephone else f"PJSIP/{telephone.removeprefix('sip:')}",
        "extension": number,
        "context": way.context or "default",
        "priority": "1",
        "callerId": f'"{name}" <{number}>',
        "timeout": str(RINGS_SECONDS),
    }
    address = f"{way.url.rstrip('/')}/channels?{urlencode(query)}"
    return urllib.request.Request(address, data=b"", headers=_headers(way), method="POST")


def _sip(each: str, domain: str) -> str:
    return each if each.startswith(("sip:", "sips:")) else f"sip:{each}@{domain}"


def _headers(way: DialWay) -> dict[str, str]:
    if not way.user:
        return {}
    given = base64.b64encode(f"{way.user}:{way.secret}".encode()).decode()
    return {"Authorization": f"Basic {given}"}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A secret goes nowhere else than where the administrator sent it."""

    def redirect_request(self, *_given: Any, **_more: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))


def _sent(request: urllib.request.Request, host: str) -> Any:
    """The JSON of the answer; nothing for an answer without any."""
    try:
        with _OPENER.open(request, timeout=PATIENCE_SECONDS) as response:
            text = response.read(MOST_READ)
    except urllib.error.HTTPError as error:
        raise CannotDial(_of_status(error.code, error.read(MOST_READ))) from None
    except (OSError, http.client.HTTPException, ValueError):
        raise CannotDial(Reason(_("The exchange does not answer at %(host)s."), {"host": host})) from None
    try:
        return json.loads(text) if text.strip() else {}
    except ValueError:
        raise CannotDial(
            Reason(_("What answers at %(host)s is no telephone exchange."), {"host": host})
        ) from None


def _of_status(status: int, body: bytes) -> Reason:
    if status in {401, 403}:
        return Reason(_("The exchange does not accept the user or the secret that Balie shows."))
    if status == 404:
        return Reason(
            _("The exchange knows no such address: an administrator can look at the address for dialling.")
        )
    if said := _said(body):
        return Reason(_("The exchange says: %(text)s"), {"text": said})
    return Reason(_("The exchange answers with error %(status)s."), {"status": status})


def _said(body: bytes) -> str:
    """What an exchange says of an error: `message` of ARI, `error.message` of JSON-RPC."""
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    inner = found.get("error", found) if isinstance(found, dict) else found
    text = inner.get("message", "") if isinstance(inner, dict) else inner
    return str(text)[:LONGEST_SAID] if isinstance(text, str) else ""


def _check_kamailio(answer: Any) -> None:
    if not isinstance(answer, dict) or not ({"result", "error"} & answer.keys()):
        raise CannotDial(_("The exchange answered something that is no answer to an order to dial."))
    if error := answer.get("error"):
        said = _said(json.dumps({"error": error}).encode()) or str(error)[:LONGEST_SAID]
        raise CannotDial(Reason(_("The exchange says: %(text)s"), {"text": said}))


def _check_asterisk(answer: Any) -> None:
    if not isinstance(answer, dict) or "id" not in answer:
        raise CannotDial(_("The exchange answered something that is no answer to an order to dial."))


_ASK: Mapping[str, Callable[[DialWay, str, str, str], urllib.request.Request]] = {
    DialKind.JSONRPC: _ask_kamailio,
    DialKind.ARI: _ask_asterisk,
}
_CHECK: Mapping[str, Callable[[Any], None]] = {
    DialKind.JSONRPC: _check_kamailio,
    DialKind.ARI: _check_asterisk,
}
