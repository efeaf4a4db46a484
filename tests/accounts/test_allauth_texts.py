"""Our Dutch for allauth's texts: they are really allauth's, and the pages say ours."""

from __future__ import annotations

from pathlib import Path

import allauth
import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from django.utils import translation

from balie.accounts import allauth_texts

GROUPS = (
    allauth_texts.LOGGING_IN,
    allauth_texts.PASSWORDS,
    allauth_texts.EMAIL_ADDRESSES,
    allauth_texts.TWO_STEPS,
    allauth_texts.MAILS,
)


def test_each_of_them_is_still_a_text_of_allauth():
    catalogue = Path(allauth.__file__).parent / "locale/nl/LC_MESSAGES/django.po"
    with catalogue.open("rb") as file:
        theirs = {message.id for message in read_po(file)}
    assert [text for group in GROUPS for text in group if text not in theirs] == []


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("account_reset_password", "Vul uw e-mailadres in."),
        ("account_reset_password_done", "Wij hebben u een e-mail gestuurd."),
        ("account_request_login_code", "waarmee u zonder wachtwoord inlogt"),
        ("account_signup", "U kunt hier zelf geen account maken."),
    ],
)
def test_the_login_pages_speak_to_customers_as_the_other_pages_do(infobits, page: str, says: str):
    answer = Client().get(reverse(page), headers={"Accept-Language": "nl"})
    assert says in answer.content.decode()


def test_english_stays_as_allauth_wrote_it():
    with translation.override("en"):
        assert translation.gettext("You have signed out.") == "You have signed out."
