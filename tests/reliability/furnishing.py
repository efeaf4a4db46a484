"""Make a served desk ready for a run: `python -m tests.reliability.furnishing DESK_ADDRESS IMAP_PORT`.

Two agents, customers some of whose people are known, and a mailbox. Writes what the test must know as JSON.
"""

from __future__ import annotations

import json
import sys


def furnish(address: str, imap_port: int) -> dict[str, object]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from tests.cast import agent
    from tests.servers.dovecot import USERS

    from balie.accounts.models import User
    from balie.accounts.sessions import SessionStore
    from balie.customers.models import Contact, Customer
    from balie.desk.models import Desk
    from balie.mail.ways_in import actions
    from balie.mail.ways_in.models import BeginsWith, Mailbox, Security

    def session_of(user: User) -> str:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return str(session.session_key)

    desk = Desk.objects.get()
    desk.mail_address = address
    desk.save(update_fields=["mail_address"])
    for number in range(0, 400, 2):
        shop = number % 3
        customer = Customer.objects.get_or_create(number=f"K-{shop}", defaults={"name": f"Winkel {shop}"})[0]
        Contact.objects.create(
            name=f"Klant {number}", email=f"klant{number}@winkel{shop}.example", customer=customer
        )
    mailbox = Mailbox(
        name="Postbus",
        host="127.0.0.1",
        port=imap_port,
        security=Security.TLS,
        user="balie",
        begins_with=BeginsWith.ALL,
        poll_seconds=5,
        processed_folder="Klaar",
        automatic_folder="Automatisch",
        quarantine_folder="Quarantaine",
    )
    mailbox.seal(password=USERS["balie"])
    mailbox.save()
    actions.see_to_it()
    sessions = [session_of(agent(name)) for name in ("Anna", "Ben")]
    return {"cookie": settings.SESSION_COOKIE_NAME, "sessions": sessions, "csrf": settings.CSRF_COOKIE_NAME}


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(furnish(sys.argv[1], int(sys.argv[2]))))
