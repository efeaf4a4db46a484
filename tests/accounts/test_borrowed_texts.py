"""Our Dutch for texts of Django and allauth: they are really theirs, and the pages say ours."""

from __future__ import annotations

from pathlib import Path

import allauth
import pytest
from babel.messages.pofile import read_po
from django.contrib import admin
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from balie.accounts import borrowed_texts

ALLAUTHS = (
    borrowed_texts.LOGGING_IN,
    borrowed_texts.PASSWORDS,
    borrowed_texts.EMAIL_ADDRESSES,
    borrowed_texts.TWO_STEPS,
    borrowed_texts.MAILS,
)


def texts_of(catalogue: Path) -> set[str]:
    with catalogue.open("rb") as file:
        return {message.id for message in read_po(file) if isinstance(message.id, str)}


def test_each_of_them_is_still_a_text_of_allauth():
    theirs = texts_of(Path(allauth.__file__).parent / "locale/nl/LC_MESSAGES/django.po")
    assert [text for group in ALLAUTHS for text in group if text not in theirs] == []


def test_each_of_the_administration_is_still_a_text_of_django():
    theirs = texts_of(Path(admin.__file__).parent / "locale/en/LC_MESSAGES/django.po")
    assert [text for text in borrowed_texts.ADMINISTRATION if text not in theirs] == []


def test_a_password_that_is_too_short_is_refused_in_dutch():
    with (
        translation.override("nl"),
        pytest.raises(ValidationError, match="te kort; gebruik minstens 10 tekens"),
    ):
        MinimumLengthValidator(10).validate("kassa")


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("account_reset_password", "Vul uw e-mailadres in."),
        ("account_reset_password_done", "Wij hebben u een e-mail gestuurd."),
        ("account_request_login_code", "waarmee u zonder wachtwoord inlogt"),
        ("account_signup", "Wij mailen u eerst een code"),
    ],
)
def test_the_login_pages_speak_to_customers_as_the_other_pages_do(infobits, page: str, says: str):
    answer = Client().get(reverse(page), headers={"Accept-Language": "nl"})
    assert says in answer.content.decode()


def test_english_stays_as_allauth_wrote_it():
    with translation.override("en"):
        assert translation.gettext("You have signed out.") == "You have signed out."
