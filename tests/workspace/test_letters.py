"""What came with a message can be read and saved, and does nothing by itself."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.workspace.conftest import browser_of, page_of

from balie.files import actions as files
from balie.mail.reading.html import sanitise
from balie.tickets.actions import Upload

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
HOSTILE = """<p style="color: red">Hello <script>alert(1)</script><img src=x onerror=alert(2)>
<img src="https://spy.example/pixel.png" alt="logo"><a href="javascript:alert(3)">click</a></p>"""


def fetch(person, ticket):
    key = ticket.messages.get().attachments.get().pk
    return browser_of(person).get(reverse("desk_attachment", args=[key]))


def letter(person, ticket, **query):
    message = ticket.messages.get()
    return browser_of(person).get(reverse("letter", args=[ticket.number, message.pk]), query)


def with_html(ask):
    safe = sanitise(HOSTILE)
    return ask(html=safe.html, has_remote_images=safe.has_remote_images)


def test_a_picture_is_shown(ask, anna):
    response = fetch(anna, ask(uploads=(Upload("receipt.png", "image/png", PNG),)))
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert response.content == PNG


@pytest.mark.parametrize(
    ("name", "content_type", "content"),
    [
        ("page.html", "text/html", b"<script>alert(1)</script>"),
        ("drawing.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("lies.png", "image/png", b"<script>alert(1)</script>"),
        ("paper.pdf", "application/pdf", b"%PDF-1.7"),
        ("odd", "text/html; charset=utf-7", b"+ADw-script+AD4-"),
    ],
)
def test_anything_else_is_only_ever_saved(name, content_type, content, ask, anna):
    response = fetch(anna, ask(uploads=(Upload(name, content_type, content),)))
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ['x"; filename="y.exe', "a\r\nSet-Cookie: b=c", "<script>.txt", "Überraschung ☕.txt"]
)
def test_a_hostile_name_breaks_neither_a_header_nor_a_page(name, ask, anna):
    ticket = ask(uploads=(Upload(name, "text/plain", b"x"),))
    response = fetch(anna, ticket)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert "\n" not in response.headers["Content-Disposition"]
    page = page_of(browser_of(anna).get(reverse("ticket", args=[ticket.number])))
    assert "<script>.txt" not in page


def test_a_file_whose_bytes_are_gone_is_not_found_rather_than_an_error(ask, anna, caplog):
    ticket = ask(uploads=(Upload("list.txt", "text/plain", b"one"),))
    files.path_of(ticket.messages.get().attachments.get().file.sha256).unlink()
    assert fetch(anna, ticket).status_code == 404
    assert "not in the data folder" in caplog.text


def test_a_mail_is_shown_without_anything_that_runs_or_calls_home(ask, anna):
    response = letter(anna, with_html(ask))
    page = page_of(response)
    for danger in ("alert(", "onerror", "javascript:", ' src="https://spy'):
        assert danger not in page
    assert "Hello" in page
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "img-src 'self' data:;" in policy
    assert "allow-scripts" not in policy
    assert "sandbox allow-same-origin" in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_pictures_from_elsewhere_come_only_when_asked_for(ask, anna):
    response = letter(anna, with_html(ask), pictures="show")
    assert 'src="https://spy.example/pixel.png"' in page_of(response)
    assert "img-src 'self' data: https:;" in response.headers["Content-Security-Policy"]
    assert "script-src" not in response.headers["Content-Security-Policy"]


def test_the_page_says_that_there_are_pictures_to_ask_for(ask, anna):
    ticket = with_html(ask)
    page = page_of(browser_of(anna).get(reverse("ticket", args=[ticket.number])))
    assert "Pictures from elsewhere are not fetched" in page
    assert "spy.example" not in page


def test_a_message_of_another_ticket_or_without_html_is_not_found(ask, anna):
    one, other = with_html(ask), ask()
    browser = browser_of(anna)
    for number, message in ((other.number, one.messages.get()), (other.number, other.messages.get())):
        assert browser.get(reverse("letter", args=[number, message.pk])).status_code == 404
