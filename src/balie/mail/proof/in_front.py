"""What the mail servers and filters in front of the desk wrote into a message's headers.

Only lines of servers that the desk named are believed. The server at the edge must take away what others wrote under
its name (RFC 8601, section 5); of several lines under one name the topmost counts, because a server writes above.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from balie.mail.reading.charsets import decode
from balie.mail.reading.mime import Limits, Part, Tally
from balie.rules.mail_matching import Method, Result
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _

Headers = dict[str, list[bytes]]
"""Name in lower case -> the values as they came, the topmost first."""

_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_RESULT = re.compile(r"\s*([a-z0-9-]+)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b([a-z-]+)\.([a-z0-9_.-]+)\s*=\s*([^\s;]+)", re.IGNORECASE)
_POLICY = re.compile(r"\b(?:p|policy)\s*[=.]\s*(none|quarantine|reject)\b", re.IGNORECASE)
_PROPERTIES = {
    Method.SPF: ("smtp.mailfrom", "smtp.mail", "smtp.helo"),
    Method.DKIM: ("header.d", "header.i"),
    Method.DMARC: ("header.from",),
}
_POLICY_PROPERTIES = ("policy.published-domain-policy", "policy.dmarc", "policy.p")
_MOST = 50  # results that are looked at


def headers_of(raw: bytes) -> Headers:
    """The header lines of a message."""
    return Part(raw, 0, len(raw), Tally(Limits())).headers


def results(headers: Headers, *, trusted: Collection[str]) -> tuple[Result, ...]:
    """What the trusted servers found; of each server and method with one domain the topmost."""
    names = {each.casefold() for each in trusted}
    if not names:
        return ()
    found: dict[tuple[str, Method, str | None], Result] = {}
    for value in headers.get("authentication-results", ()):
        server, *rest = _pieces(decode(value))
        if _name(server) not in names:
            continue
        for each in _read(rest):
            found.setdefault((_name(server), each.method, each.domain), each)
    return tuple(found.values())[:_MOST]


def _pieces(line: str) -> list[str]:
    """The line cut at its semicolons, which in comments and quotes are none."""
    hidden = line
    for pattern in (_QUOTED, _COMMENT):
        hidden = pattern.sub(lambda match: match[0].replace(";", " "), hidden)
    return hidden.split(";")


def _name(server: str) -> str:
    """The server's name, without its version and comments."""
    return next(iter(_COMMENT.sub(" ", server).split()), "").strip('"').casefold()


def _read(pieces: Iterable[str]) -> Iterator[Result]:
    for piece in pieces:
        plain = _QUOTED.sub(r"\1", _COMMENT.sub(" ", piece))
        found = _RESULT.match(plain)
        if found is None or found[1].lower() not in set(Method):
            continue
        method = Method(found[1].lower())
        told = {f"{each[1]}.{each[2]}".lower(): each[3] for each in _PROPERTY.finditer(plain)}
        policy = _policy(piece, told) if method is Method.DMARC else None
        yield Result(method, found[2].lower(), _domain(method, told), policy)


def _domain(method: Method, told: dict[str, str]) -> str | None:
    given = next((told[name] for name in _PROPERTIES[method] if name in told), "")
    return given.rpartition("@")[2].strip('<>".').casefold() or None


def _policy(piece: str, told: dict[str, str]) -> str | None:
    """What the domain asks for, as OpenDMARC, Gmail, Microsoft and rspamd write it; most put it in a comment."""
    given = next((told[name] for name in _POLICY_PROPERTIES if name in told), "").lower()
    if given in {"none", "quarantine", "reject"}:
        return given
    found = _POLICY.search(piece)
    return found[1].lower() if found else None


def spam(headers: Headers, *, marks: Sequence[tuple[str, str]]) -> Reason | None:
    """Why a message is spam to the filter in front of the desk; `marks`: header in lower case, how its value begins."""
    for name, beginning in marks:
        for value in headers.get(name, ()):
            text = " ".join(decode(value).split())
            if _begins(text.casefold(), beginning):
                return Reason(
                    _(
                        "The filter in front of the desk calls it spam: the header %(header)s says “%(value)s”."
                    ),
                    {"header": name.title(), "value": text[:200]},
                    setting="spam_headers",
                )
    return None


def _begins(text: str, beginning: str) -> bool:
    """Whether a value begins with these words: “5” is no beginning of “50”."""
    return text.startswith(beginning) and not text[len(beginning) : len(beginning) + 1].isalnum()


def read_marks(text: str) -> tuple[tuple[str, str], ...]:
    """The lines of the setting, `X-Spam-Flag: yes`, as header and beginning in lower case; others are passed over."""
    lines = (line.partition(":") for line in text.casefold().splitlines())
    return tuple((name.strip(), value.strip()) for name, colon, value in lines if colon and value.strip())
