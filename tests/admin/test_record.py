"""The record as administrators read it: words, and links to what it is about."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from tests import written_down
from tests.cast import browser_of

from balie.accounts.models import User
from balie.audit import wording
from balie.audit.actions import record
from balie.customers.models import Customer
from balie.desk.models import Desk
from balie.rules import address_claims
from balie.rules.lifecycle import Move

RECORD = "/admin/audit/entry/"
COMPUTED = {
    "what.value": {move.value for move in Move},
    "move.value": {move.value for move in Move},
    "f'{wanted}_claim'": {
        f"{move}_claim" for move in (address_claims.Move.REFUSE, address_claims.Move.REVOKE)
    },
}
"""Kinds that the code puts together: the expression, and what can come out of it."""


def page(willem: User, language: str, query: str = "") -> str:
    browser = browser_of(willem)
    browser.cookies["django_language"] = language
    return browser.get(RECORD + query).content.decode()


def test_what_was_done_is_said_in_words_and_leads_to_its_subject(
    infobits: Desk, willem: User, bakery: Customer
) -> None:
    record("book_credit", bakery, by=willem, now=timezone.now(), minutes=30)
    shown = page(willem, "en")
    assert "booked credit" in shown
    assert f'<a href="{reverse("admin:customers_customer_change", args=[bakery.pk])}">Customer ' in shown
    assert "tegoed geboekt" in page(willem, "nl")


def test_a_part_of_the_record_is_chosen_in_words(infobits: Desk, willem: User, bakery: Customer) -> None:
    record("book_credit", bakery, by=willem, now=timezone.now(), minutes=30)
    record("change", infobits, by=willem, now=timezone.now())
    shown = page(willem, "en", "?action=book_credit")
    assert "action=change" in shown and "subject_type=desk.desk" in shown
    assert shown.count('class="field-what"') == 1


def test_an_action_without_words_and_a_table_that_is_gone_keep_their_names() -> None:
    assert wording.of_action("polish_shoes") == "polish shoes"
    assert wording.of_subject("shop.window") == "shop.window"
    assert wording.of_subject("nonsense") == "nonsense"


def test_whatever_the_code_can_put_on_the_record_has_words() -> None:
    done = written_down.kinds("record", position=0, keyword="action", elsewhere=COMPUTED)
    assert {"open", "book_credit", "claim_takes_effect", "call_back_moved"} <= done.keys()
    assert {kind: place for kind, place in done.items() if kind not in wording.ACTIONS} == {}


def test_the_words_of_the_record_are_there_in_both_languages() -> None:
    with override("en"):
        english = {kind: str(words) for kind, words in wording.ACTIONS.items()}
    with override("nl"):
        assert {kind for kind, words in wording.ACTIONS.items() if str(words) == english[kind]} == set()
