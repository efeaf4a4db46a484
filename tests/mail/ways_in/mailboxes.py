"""Mailboxes on the test's Dovecot."""

from __future__ import annotations

from tests.servers.dovecot import USERS, Dovecot
from tests.servers.tokens import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN

from balie.mail.ways_in import emptying, imap
from balie.mail.ways_in.emptying import Round
from balie.mail.ways_in.models import BeginsWith, Login, Mailbox, Security


def mailbox_on(dovecot: Dovecot, **fields: object) -> Mailbox:
    """A mailbox that is reached as its server wants it, unless told otherwise."""
    secrets = {
        name: str(fields.pop(name, default))
        for name, default in (
            ("password", USERS["balie"]),
            ("client_secret", CLIENT_SECRET),
            ("refresh_token", REFRESH_TOKEN),
        )
    }
    usual = {
        "name": "Postbus",
        "host": "127.0.0.1",
        "port": dovecot.tls_port,
        "security": Security.TLS,
        "user": "balie",
        "token_url": f"{dovecot.tokens.url}/token",
        "client_id": CLIENT_ID,
        "begins_with": BeginsWith.ALL,
    }
    mailbox = Mailbox(**usual | fields)
    mailbox.seal(**secrets)
    mailbox.save()
    return mailbox


def by_token(dovecot: Dovecot, **fields: object) -> Mailbox:
    return mailbox_on(dovecot, login=Login.OAUTH2, **fields)


def emptied(mailbox: Mailbox) -> Round:
    """One look into the mailbox, and the filing of what was worked on before."""
    mailbox.refresh_from_db()
    with imap.opened(mailbox) as client:
        emptying.begin(client, mailbox)
        emptying.file_away(client, mailbox)
        return emptying.empty(client, mailbox)
