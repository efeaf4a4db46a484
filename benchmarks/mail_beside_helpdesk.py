"""The same mails turned into tickets by Balie's worker and by django-helpdesk's `get_email`, one after the other.

    python -m benchmarks.mail_beside_helpdesk [--mails 500] [--json]

Both use one PostgreSQL and 500 mails of 5 kB. django-helpdesk is installed from the registry into a folder that goes
away; its command reads the mails from a folder, and its mail goes nowhere, as Balie's does here. Only the work is
timed, not the start of either.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.full_desk import running
from benchmarks.mail_intake import letter, tickets

PACKAGES = ("django-helpdesk[teams]==2.6.1", "psycopg[binary]", "setuptools<81")
SETTINGS = """
from urllib.parse import parse_qs, unquote, urlsplit
parts = urlsplit({url!r})
SECRET_KEY = "benchmark"
USE_TZ = True
SITE_ID = 1
ROOT_URLCONF = "helpdesk_urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
MEDIA_ROOT = {folder!r}
HELPDESK_KANBAN_BOARD_AVAILABLE = False
DATABASES = {{"default": {{
    "ENGINE": "django.db.backends.postgresql", "NAME": "helpdesk", "USER": unquote(parts.username or ""),
    "PASSWORD": unquote(parts.password or ""), "PORT": parts.port or "",
    "HOST": parse_qs(parts.query).get("host", [parts.hostname or ""])[0],
}}}}
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.sites", "django.contrib.humanize", "account",
    "pinax.invitations", "pinax.teams", "reversion", "helpdesk", "rest_framework",
]
TEMPLATES = [{{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}}]
"""
URLS = """
from django.urls import include, path
urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
"""
WORK = """
import django, logging, sys, time
django.setup()
logging.disable(logging.CRITICAL)
from django.core.management import call_command
from django.contrib.sites.models import Site
from helpdesk.models import Queue, Ticket
call_command("migrate", verbosity=0)
Site.objects.update_or_create(pk=1, defaults={"domain": "desk.example", "name": "desk"})
Queue.objects.create(title="Helpdesk", slug="helpdesk", email_address="helpdesk@infobits.example",
    allow_email_submission=True, email_box_type="local", email_box_local_dir=sys.argv[1], logging_type="none",
    email_box_interval=0)
began = time.perf_counter()
call_command("get_email", "--quiet")
took = time.perf_counter() - began
print(Ticket.objects.count(), took)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    letters = [letter(number) for number in range(arguments.mails)]
    with running(tickets=10_000, open_tickets=2_000) as folder:
        helpdesk = by_helpdesk(letters)
        figures = {"balie_per_second": by_balie(folder, letters), "django_helpdesk_per_second": helpdesk}
    figures["times"] = figures["balie_per_second"] / figures["django_helpdesk_per_second"]
    if arguments.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        for name, figure in figures.items():
            sys.stdout.write(f"{name.replace('_', ' '):28} {figure:8.2f}\n")
    return 0 if figures["times"] > 1 else 1


def by_balie(folder: Path, letters: list[bytes]) -> float:
    """Mails a second, each with its ticket, decision, record and confirmation."""
    from balie.mail import intake

    for raw in letters:
        intake.store(raw, now=datetime.now(UTC))
    return tickets(folder, len(letters))


def by_helpdesk(letters: list[bytes]) -> float:
    """Mails a second, each with its ticket and follow-up."""
    import os

    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute("CREATE DATABASE helpdesk")
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        box = home / "box"
        box.mkdir()
        for number, raw in enumerate(letters):
            (box / f"{number}.eml").write_bytes(raw)
        python = _installed(home / "venv")
        (home / "helpdesk_settings.py").write_text(
            SETTINGS.format(url=os.environ["DATABASE_URL"], folder=str(home / "media"))
        )
        (home / "helpdesk_urls.py").write_text(URLS)
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": name,
            "DJANGO_SETTINGS_MODULE": "helpdesk_settings",
        }
        done = subprocess.run(
            [python, "-W", "ignore", "-c", WORK, str(box)],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    count, took = done.stdout.split()[-2:]
    assert int(count) == len(letters), f"{count} tickets of {len(letters)} mails"
    return len(letters) / float(took)


def _installed(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return python


if __name__ == "__main__":
    sys.exit(main())
