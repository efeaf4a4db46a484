"""What is wrong with a mailbox, in words for the person who has to mend it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable

from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

_UNKNOWN_ISSUER = frozenset({18, 19, 20, 21})  # self-signed, or nobody we know vouches for it
_EXPIRED, _NOT_YET, _OTHER_NAME = 10, 9, frozenset({62, 64})


class MailboxTrouble(Refusal):
    """The mailbox cannot be emptied now; the reason says what to look at."""


def trouble_with(host: str, port: int, error: BaseException) -> MailboxTrouble:
    """What a failed connection means."""
    where = {"host": host, "port": port}
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxTrouble(_certificate(error), **where, words=error.verify_message)
    for kinds, message in _CONNECTING:
        if isinstance(error, kinds):
            return MailboxTrouble(message, **where, words=_words(error))
    return MailboxTrouble(_("The server %(host)s broke off: “%(words)s”."), **where, words=_words(error))


def wrong_login(user: str, words: str) -> MailboxTrouble:
    return MailboxTrouble(
        _("The server does not let %(user)s in: “%(words)s”. Check the user name and the password."),
        user=user,
        words=words,
    )


def wrong_token(user: str, words: str) -> MailboxTrouble:
    return MailboxTrouble(
        _(
            "The server does not accept the token for %(user)s: “%(words)s”. Check the user name and the scope."
        ),
        user=user,
        words=words,
    )


def no_folder(folder: str, *, there_are: list[str]) -> MailboxTrouble:
    return MailboxTrouble(
        _("There is no folder “%(folder)s”. The account has: %(folders)s."),
        folder=folder,
        folders=", ".join(there_are[:20]) or "—",
    )


def refused(words: str) -> MailboxTrouble:
    return MailboxTrouble(_("The server refused: “%(words)s”."), words=words)


def no_starttls(host: str, port: int) -> MailboxTrouble:
    return MailboxTrouble(
        _("%(host)s offers no STARTTLS at port %(port)s. Try encryption from the start, at port 993."),
        host=host,
        port=port,
    )


def no_token(url: str, words: str) -> MailboxTrouble:
    return MailboxTrouble(
        _("The token endpoint %(url)s gives no token: “%(words)s”. The permission may have been withdrawn."),
        url=url,
        words=words,
    )


def unreachable_endpoint(url: str, words: str) -> MailboxTrouble:
    return MailboxTrouble(
        _("The token endpoint %(url)s cannot be reached: “%(words)s”."), url=url, words=words
    )


def rendered(trouble: dict[str, object], translate: Callable[[str], str]) -> str:
    """A trouble that was kept on a row, as a sentence; empty when there is none."""
    return Reason.from_json(trouble).render(translate) if trouble else ""


def _words(error: BaseException) -> str:
    """What the other side or the system said, on one line and not for ever."""
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    if words.startswith(("b'", 'b"')) and words[-1:] == words[1]:
        words = words[2:-1]
    return " ".join(str(words).split())[:300]


words_of = _words

_CONNECTING: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, _("There is no server called %(host)s. Check how the name is written.")),
    (ConnectionRefusedError, _("Nobody answers at port %(port)s of %(host)s. Check the port.")),
    (
        TimeoutError,
        _(
            "%(host)s does not answer at port %(port)s within the time. Check the port, and the firewall between."
        ),
    ),
    (
        ssl.SSLError,
        _(
            "%(host)s does not speak TLS at port %(port)s. Port 993 is encrypted from the start, 143 by STARTTLS."
        ),
    ),
)


def _certificate(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code == _EXPIRED:
        return _("The certificate of %(host)s has expired. Whoever runs the server must renew it.")
    if error.verify_code == _NOT_YET:
        return _("The certificate of %(host)s is not valid yet. Check the clock of this machine.")
    if error.verify_code in _OTHER_NAME:
        return _("The certificate is not for %(host)s. Use the name that stands in it.")
    if error.verify_code in _UNKNOWN_ISSUER:
        return _(
            "Nobody this machine trusts vouches for the certificate of %(host)s: it is self-made, or its chain is "
            "incomplete."
        )
    return _("The certificate of %(host)s is not accepted: %(words)s.")
