"""A desk of full size for the benchmarks: its own embedded PostgreSQL in a folder that goes away with it.

`running(tickets=…, open_tickets=…)` starts it and fills it by `INSERT … SELECT`, so that 50,000 tickets take seconds.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

PASSWORD = "benchmark-benchmark"
AGENT, CONTACT = "agent@desk.example", "contact@shop.example"

FILL = """
INSERT INTO customers_customer (number, name, kvk, vat, notes, is_active, created_at)
SELECT 'K-' || n, 'Winkel ' || n, '', '', '', true, now() FROM generate_series(1, %(customers)s) n;

INSERT INTO customers_contact
    (customer_id, name, email, language, reach, may_see_money, may_order,
    may_manage, is_active, created_at)
SELECT id, 'Contact van ' || name, 'contact' || id || '@shop.example', 'nl', 'all', false, false, false, true, now()
FROM customers_customer;

INSERT INTO tickets_ticket (subject, customer_id, contact_id, category_id, channel, answer_mode, billing_mode, urgent,
    state, initiative, assigned_to_id, decision, opened_at, changed_at, due_at, warn_at, closed_at)
SELECT 'Bonprinter ' || n || ' print niet meer', contact.customer_id, contact.id,
    (SELECT min(id) + n %% 5 FROM tickets_category), (ARRAY['portal', 'mail', 'phone'])[1 + n %% 3], 'site', 'none',
    is_open AND n %% 50 = 0,
    CASE WHEN NOT is_open THEN 'closed' ELSE (ARRAY['new', 'open', 'waiting'])[1 + n %% 3] END,
    CASE WHEN NOT is_open OR n %% 3 = 2 THEN 'customer' ELSE 'desk' END,
    CASE WHEN n %% 2 = 0 THEN %(agent)s END,
    %(decision)s::jsonb, now() - n * interval '10 minutes', now(),
    CASE WHEN is_open AND n %% 3 < 2 THEN now() + (n %% 5000 - 500) * interval '1 minute' END, NULL,
    CASE WHEN NOT is_open THEN now() END
FROM (SELECT n, n <= %(open)s AS is_open FROM generate_series(1, %(tickets)s) n) numbered
JOIN (SELECT id, customer_id, row_number() OVER (ORDER BY id) AS place FROM customers_contact) contact
    ON contact.place = 1 + n %% %(customers)s;

INSERT INTO tickets_message (ticket_id, is_internal, is_automatic, channel, contact_id, text, quoted, html,
    has_remote_images, written_at)
SELECT id, false, false, channel, contact_id,
    'Goedemorgen, sinds vanochtend doet de kassa het niet goed meer. Kunnen jullie meekijken? Groet, winkel ' || id,
    '', '', false, opened_at
FROM tickets_ticket;

INSERT INTO tickets_ticket_people (ticket_id, contact_id) SELECT id, contact_id FROM tickets_ticket;

INSERT INTO tickets_ticketevent (ticket_id, at, kind, clocks, who, message_id, data)
SELECT ticket_id, written_at, 'opened', '["opened"]', 'Contact', id, '{}' FROM tickets_message;
"""


@contextlib.contextmanager
def running(*, tickets: int, open_tickets: int, customers: int = 2_000) -> Iterator[Path]:
    """A filled desk (preset infobits) for as long as the block lasts; Django is set up on it. Answers its folder."""
    folder = Path(tempfile.mkdtemp(prefix="balie-benchmark-"))
    os.environ["BALIE_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "balie.config.settings"
    try:
        from balie.config import embedded_postgres

        with embedded_postgres.running(folder) as server:
            os.environ["DATABASE_URL"] = getattr(server, "url", server)
            import django

            django.setup()
            _fill(tickets=tickets, open_tickets=open_tickets, customers=customers)
            from django.db import connections

            connections.close_all()
            yield folder
            connections.close_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(*, tickets: int, open_tickets: int, customers: int) -> None:
    import json

    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from balie.accounts.models import Agent, Role, User
    from balie.config.desk_setup import make_desk
    from balie.contracts.models import Licence, Product
    from balie.customers.models import Contact, Customer
    from balie.presets.reading import load
    from balie.rules import entitlement
    from balie.rules.wishes import Channel, Wish
    from balie.tickets.facts import Situation, plain

    print(f"Filling a desk with {tickets:,} tickets …", file=sys.stderr)
    call_command("migrate", verbosity=0)
    preset = load("infobits")
    desk = make_desk(replace(preset, phone=replace(preset.phone, queues={})))
    agent = User.objects.create_user(AGENT, PASSWORD, name="Agent")
    Agent.objects.create(user=agent, role=Role.AGENT)
    shop = Customer.objects.create(number="SHOP", name="De winkel van de meting")
    Licence.objects.create(customer=shop, product=Product.objects.get(key="infokasv3-l"))
    user = User.objects.create_user(CONTACT, PASSWORD, name="Contact")
    Contact.objects.create(
        customer=shop,
        user=user,
        name="Contact",
        email=CONTACT,
        may_see_money=True,
        may_order=True,
        may_manage=True,
    )
    situation, wish = Situation(desk, now=timezone.now()), Wish(Channel.PORTAL)
    facts = situation.facts(shop)
    decision = {
        "at": situation.now.isoformat(),
        "wish": plain(wish),
        "facts": plain(facts),
        "decision": entitlement.decide(facts, wish, situation.desk, at=situation.now).as_json(),
    }
    values = {
        "customers": customers,
        "tickets": tickets,
        "open": open_tickets,
        "agent": agent.pk,
        "decision": json.dumps(decision),
    }
    with connection.cursor() as cursor:
        for statement in FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
        cursor.execute("VACUUM ANALYZE")  # as autovacuum leaves a desk that is in use


def fill_calls(exchange: int, *, calls: int = 20_000) -> None:
    """Calls of earlier days: strangers who heard an announcement, one every five minutes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FILL_CALLS, {"exchange": exchange, "calls": calls})
        cursor.execute("VACUUM ANALYZE phone_call")


FILL_CALLS = """
    INSERT INTO phone_call (exchange_id, name, direction, caller, caller_text, is_withheld, called, action,
        announcement, route, state, began_at, ended_at)
    SELECT %(exchange)s, 'earlier-' || number, 'in', '+3197' || 1000000 + number, '', false, '', 'announce',
        'make-ticket', '{}', 'helped_on', at, at
    FROM generate_series(1, %(calls)s) AS number,
        LATERAL (SELECT now() - interval '1 day' - number * interval '5 minutes' AS at) AS earlier
"""
