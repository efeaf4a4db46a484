"""What people can write anywhere, written as an attack: it is shown as text, everywhere, and never steers anything."""

from __future__ import annotations

import io
import zipfile
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.attack.conftest import hidden_fields, strict_browser_of
from tests.cast import browser_of

from balie.accounts.models import Team, User
from balie.contracts.models import Licence, Product
from balie.customers.models import Asset, Contact, Customer, PhoneNumber, Site
from balie.desk.models import Desk
from balie.mail import actions as mail
from balie.mail import intake, wire_format
from balie.mail.models import InboundMail, OutboundMail
from balie.tickets.models import Attachment, Category, Ticket

EVIL = "<script>evil()</script>\"'><img src=x onerror=evil()>{{7*7}}{% evil %}${evil}"
MEGABYTE = 1024 * 1024


class Tags(HTMLParser):
    """Everything in a page that would run or fetch what the attacker wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.evil: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or (
                name in {"src", "href", "action"} and (value or "").startswith(("x", "javascript"))
            ):
                self.evil.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and "evil" in data:
            self.evil.append(f"<script>{data}")


def evil_in(page: str) -> list[str]:
    tags = Tags()
    tags.feed(page)
    return tags.evil


def test_the_reader_of_this_test_finds_an_attack_that_works() -> None:
    assert len(evil_in(EVIL)) == 3


@pytest.fixture
def everything_is_evil(infobits: Desk, carla: Contact, anna: User, bakery: Customer) -> Ticket:
    """Every text that a person can fill in, filled in with an attack."""
    Desk.objects.update(name=EVIL, website="https://desk.example/" + "evil")
    Customer.objects.update(name=EVIL, number=EVIL[:20], notes=EVIL)
    site = Site.objects.create(customer=bakery, name=EVIL)
    Contact.objects.update(name=EVIL, site=site)
    User.objects.update(name=EVIL)
    Team.objects.update(name=EVIL[:60])
    Category.objects.update(name_nl=EVIL[:100], name_en=EVIL[:100])
    Product.objects.update(name=EVIL[:100])
    Asset.objects.create(customer=bakery, name=EVIL, serial=EVIL[:60])
    PhoneNumber.objects.create(customer=bakery, e164="+31201234567", label=EVIL[:60])
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="infokasv3-l"))
    browser = browser_of(carla)
    form = hidden_fields(browser.get("/my/ask/?topic=other"))
    file = SimpleUploadedFile(EVIL.replace("/", "") + ".txt", b"x", content_type=EVIL)
    sent = browser.post("/my/ask/", form | {"topic": "other", "subject": EVIL, "text": EVIL, "files": file})
    assert sent.status_code == 302, sent.content.decode()
    letter = EmailMessage()
    letter["From"], letter["Subject"] = f'"{EVIL.replace(chr(34), "")}" <eve@evil.example>', EVIL
    letter.set_content(EVIL)
    letter.add_alternative(f"<p>{EVIL}</p><a href='javascript:evil()'>x</a>", subtype="html")
    intake.store(letter.as_bytes(), now=timezone.now())
    while mail.process_waiting(now=timezone.now()):
        pass
    return Ticket.objects.earliest("pk")


def test_an_attack_in_every_field_is_shown_as_text_on_every_page(
    everything_is_evil: Ticket, carla: Contact, anna: User, willem: User
) -> None:
    ticket, by_mail = everything_is_evil, Ticket.objects.latest("pk")
    assert by_mail != ticket
    number, evil = ticket.number, EVIL.replace("<", "%3C").replace("#", "%23").replace("&", "%26")
    answer = browser_of(anna).post(
        f"/desk/tickets/{number}/note/",
        hidden_fields(browser_of(anna).get(f"/desk/tickets/{number}/")) | {"note-text": EVIL},
    )
    assert answer.status_code == 302
    pages: list[tuple[Any, list[str]]] = [
        (None, ["/", "/account/login/", f"/account/login/?next={evil}", f"/{evil}/"]),
        (
            carla,
            ["/", "/my/", "/my/ask/", f"/my/ask/?topic={evil}", f"/my/tickets/{number}/"]
            + [f"/my/tickets/{number}/{part}/" for part in ("sent", "conversation")],
        ),
        (
            anna,
            [
                "/desk/?tab=all",
                f"/desk/?tab={evil}&after={evil}",
                f"/desk/find/?q={evil}",
                "/desk/find/?q=evil",
            ]
            + [f"/desk/new/?q={evil}", f"/desk/new/?contact={carla.pk}", f"/desk/new/{carla.pk}/terms/"]
            + [f"/desk/customers/{carla.customer_id}/", f"/desk/tickets/{number}/changes/?after=1"]
            + [f"/desk/tickets/{each.number}/" for each in (ticket, by_mail)],
        ),
        (
            willem,
            ["/desk/mail/", "/desk/mail/?tab=in", "/admin/customers/customer/", "/admin/tickets/ticket/"]
            + [f"/desk/mail/out/{each.pk}/" for each in OutboundMail.objects.all()]
            + [f"/desk/mail/in/{each.pk}/" for each in InboundMail.objects.all()]
            + [f"/admin/customers/customer/{carla.customer_id}/change/", "/admin/audit/entry/"],
        ),
    ]
    for person, addresses in pages:
        for address in addresses:
            page = browser_of(person).get(address)
            text = page.content.decode()
            assert page.status_code in {200, 404}, (address, page.status_code)
            assert not evil_in(text), address
            assert "49{% evil" not in text, address
    for message in by_mail.messages.exclude(html=""):
        assert not evil_in(
            browser_of(anna).get(f"/desk/tickets/{by_mail.number}/letters/{message.pk}/").content.decode()
        )


def test_an_attack_in_every_field_is_text_in_every_mail(everything_is_evil: Ticket) -> None:
    assert OutboundMail.objects.exists()
    for sent in OutboundMail.objects.all():
        assert not evil_in(sent.html)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_a_subject_adds_no_header_to_a_mail(
    infobits: Desk, sla8: Customer, carla: Contact, line_break: str
) -> None:
    browser = browser_of(carla)
    form = hidden_fields(browser.get("/my/ask/?topic=other"))
    subject = f"Hallo{line_break}Bcc: victim@evil.example{line_break}{line_break}Lees dit"
    Contact.objects.filter(pk=carla.pk).update(name=f"Carla{line_break}Cc: victim@evil.example")
    sent = browser.post("/my/ask/", form | {"topic": "other", "subject": subject, "text": "x"})
    assert sent.status_code == 302
    stored = OutboundMail.objects.get()
    read = message_from_bytes(wire_format.as_bytes(stored), policy=policy.default)
    assert read["Bcc"] is None and read["Cc"] is None
    assert read["To"] == carla.email


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "..\\..\\windows\\system.ini",
        "/etc/cron.d/evil",
        "....//....//x",
        "a/../../b",
        "~/.ssh/id",
        ".",
    ],
)
def test_the_name_of_a_file_leads_nowhere(
    infobits: Desk, sla8: Customer, carla: Contact, settings: Any, name: str
) -> None:
    browser = browser_of(carla)
    form = hidden_fields(browser.get("/my/ask/?topic=other"))
    body = multipart(form | {"topic": "other", "subject": "x", "text": "x"}, name, b"inhoud")
    sent = browser.generic("POST", "/my/ask/", body, "multipart/form-data; boundary=b")
    assert sent.status_code == 302
    for attachment in Attachment.objects.all():
        assert not set("/\\") & set(attachment.name)
    kept = [path for path in settings.FILES_FOLDER.rglob("*") if path.is_file()]
    assert all(len(path.name) == 64 for path in kept)


def multipart(fields: dict[str, str], name: str, content: bytes) -> bytes:
    """A form as no browser sends it: the file's name as it is."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    head = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return "".join([*parts, head]).encode() + content + b"\r\n--b--\r\n"


def test_twenty_six_megabytes_are_refused_in_words_and_nothing_is_kept(
    infobits: Desk, sla8: Customer, carla: Contact, settings: Any
) -> None:
    browser = strict_browser_of(carla)
    form = hidden_fields(browser.get("/my/ask/?topic=other"))
    large = SimpleUploadedFile("groot.zip", b"\0" * (26 * MEGABYTE))
    answer = browser.post(
        "/my/ask/", form | {"topic": "other", "subject": "x", "text": "Mijn tekst", "files": large}
    )
    assert answer.status_code == 422
    assert "larger than 25 MB" in answer.content.decode()
    assert "Mijn tekst" in answer.content.decode()
    assert not Ticket.objects.exists()
    assert not settings.FILES_FOLDER.exists()


def test_a_zip_bomb_is_a_small_file_that_nobody_unpacks(
    infobits: Desk, sla8: Customer, carla: Contact, anna: User
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(20):
            bomb.writestr(f"{number}.txt", b"0" * (10 * MEGABYTE))
    browser = browser_of(carla)
    form = hidden_fields(browser.get("/my/ask/?topic=other"))
    file = SimpleUploadedFile("bom.zip", packed.getvalue(), content_type="application/zip")
    browser.post("/my/ask/", form | {"topic": "other", "subject": "x", "text": "x", "files": file})
    kept = Attachment.objects.get()
    assert kept.file.size == len(packed.getvalue()) < MEGABYTE
    given = browser_of(anna).get(f"/desk/attachments/{kept.pk}/")
    assert given.content == packed.getvalue()
    assert given.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"text": "x" * (6 * MEGABYTE)}, "more than a form may hold"),
        ({f"field{number}": "x" for number in range(1500)}, "more fields than any form has"),
    ],
    ids=["too large", "too many fields"],
)
def test_an_oversized_form_is_refused_before_it_is_read(
    infobits: Desk, carla: Contact, form: dict[str, str], why: str
) -> None:
    browser: Client = browser_of(carla)
    assert browser.post("/my/ask/", form).status_code in {400, 413}, why
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud7ff\ue000", "\u202egnp.exe", "😀" * 60, "x" * 199])
def test_odd_letters_are_taken_in_or_refused_but_never_break_a_page(
    infobits: Desk, sla8: Customer, carla: Contact, text: str
) -> None:
    browser = browser_of(carla)
    form = hidden_fields(browser.get("/my/ask/?topic=other"))
    answer = browser.post("/my/ask/", form | {"topic": "other", "subject": text, "text": text})
    assert answer.status_code in {302, 422}
    assert browser.get("/my/").status_code == 200
