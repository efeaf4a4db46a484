"""Forgetting a person: nothing in any table names it any more, and the questions stay."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from tests.cast import browser_of
from tests.privacy.conftest import EMAIL, NAME, PICTURE

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.customers.models import Contact, Customer, PhoneNumber
from balie.desk.models import Desk
from balie.files.actions import path_of
from balie.files.models import File
from balie.mail.models import InboundMail, OutboundMail
from balie.privacy import actions, erasing
from balie.privacy.actions import NotTyped, OnlyAdministrator
from balie.privacy.models import Erasure, Export
from balie.privacy.persons import Person
from balie.tickets.models import Attachment, Draft, Message, Ticket

HERS = re.compile(
    r"\bCarla\b|\bde Wit\b|carla@|carla\.prive|205550101|020\W{0,3}555\W?01\W?01", re.IGNORECASE
)


def erase(carla: Contact, willem: User, *, with_files: bool = True) -> Erasure:
    carla.refresh_from_db()
    return erase_person(Person.of_contact(carla), typed=EMAIL, with_files=with_files, by=willem)


def erase_person(person: Person, *, typed: str, with_files: bool, by: User) -> Erasure:
    order = actions.ask_erasure(person, typed=typed, with_files=with_files, by=by, now=timezone.now())
    actions.erase(order.pk, now=timezone.now())
    order.refresh_from_db()
    assert order.finished_at is not None
    return order


def places_that_say(pattern: re.Pattern[str]) -> Iterator[str]:
    """Every column of every table in which a value matches."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            columns = [column.name for column in cursor.description or ()]
            for row in cursor.fetchall():
                for name, value in zip(columns, row, strict=True):
                    text = (
                        bytes(value).decode("latin-1")
                        if isinstance(value, memoryview | bytes)
                        else str(value)
                    )
                    if found := pattern.search(text):
                        yield f"{model._meta.label}.{name}: {found[0]} in {text[:120]}"


def test_nothing_names_the_person_any_more(known: Ticket, carla: Contact, willem: User) -> None:
    assert list(places_that_say(HERS))
    erase(carla, willem)
    assert not list(places_that_say(HERS))


def test_the_question_its_answer_and_its_promise_stay(known: Ticket, carla: Contact, willem: User) -> None:
    known.refresh_from_db()
    due = known.due_at
    before = list(known.messages.values_list("pk", "written_at", "is_internal"))
    erase(carla, willem)
    known.refresh_from_db()
    assert (known.customer, known.contact, known.due_at) == (carla.customer, carla, due)
    assert list(known.messages.values_list("pk", "written_at", "is_internal")) == before
    assert "De bon komt niet." in known.messages.order_by("pk")[0].text
    assert known.messages.order_by("pk")[1].text.startswith("Dag [c")
    assert known.subject.startswith("Bon van [c")


def test_the_login_its_sessions_and_its_secrets_are_gone(known: Ticket, carla: Contact, willem: User) -> None:
    browser = browser_of(carla)
    assert browser.get("/my/").status_code == 200
    user = carla.user_id
    erase(carla, willem)
    assert not User.objects.filter(pk=user).exists()
    assert not [
        each for each in Session.objects.all() if each.get_decoded().get("_auth_user_id") == str(user)
    ]
    assert "/login/" in browser.get("/my/").url  # type: ignore[attr-defined]


def test_mail_goes_but_the_same_mail_does_not_come_in_twice(
    known: Ticket, carla: Contact, willem: User
) -> None:
    received = InboundMail.objects.get(sender=EMAIL)
    erase(carla, willem)
    left = InboundMail.objects.get(pk=received.pk)
    assert (bytes(left.raw), left.sender, left.subject, left.digest) == (b"", "", "", received.digest)
    assert not OutboundMail.objects.filter(recipient__icontains="carla").exists()


def test_a_number_of_the_customer_that_it_handed_in_stays(
    known: Ticket, carla: Contact, willem: User
) -> None:
    erase(carla, willem)
    number = PhoneNumber.objects.get()
    assert (number.e164, number.requested_by) == ("+31205550199", None)


@pytest.mark.parametrize("with_files", [True, False])
@pytest.mark.django_db(transaction=True)
def test_files_go_by_choice_with_their_bytes(
    known: Ticket, carla: Contact, willem: User, with_files: bool
) -> None:
    file = Attachment.objects.get(name="bon.png").file
    erase(carla, willem, with_files=with_files)
    assert Attachment.objects.filter(message__ticket=known).exists() is not with_files
    assert File.objects.filter(pk=file.pk).exists() is not with_files
    assert path_of(file.sha256).exists() is not with_files
    assert file.size == len(PICTURE)
    assert not Draft.objects.exists()
    assert not File.objects.filter(sha256=hashlib.sha256(b"draft of carla").hexdigest()).exists()


def test_nobody_else_is_touched(
    known: Ticket, carla: Contact, dario: Contact, anna: User, willem: User
) -> None:
    erase(carla, willem)
    dario.refresh_from_db()
    assert (dario.name, dario.is_active, dario.user.name) == ("Dario", True, "Dario")  # type: ignore[union-attr]
    assert Message.objects.filter(agent=anna).count() == 2
    assert browser_of(dario).get("/my/").status_code == 200
    assert Customer.objects.filter(pk=carla.customer_id).exists()


def test_the_record_says_that_it_was_done_and_not_to_whom(
    known: Ticket, carla: Contact, willem: User
) -> None:
    done = erase(carla, willem)
    entry = Entry.objects.get(action="erase_person")
    assert (entry.actor_id, entry.subject_type, entry.subject_id) == (
        willem.pk,
        "privacy.erasure",
        str(done.pk),
    )
    assert done.counts["messages"] == entry.data["counts"]["messages"] >= 1
    assert not HERS.search(str(entry.data))
    look = Entry.objects.get(action="look_up")
    assert look.data["question"] == f"Is [c{carla.pk}] here?"


def test_the_record_itself_stays_closed(known: Ticket, carla: Contact, willem: User) -> None:
    erase(carla, willem)
    refused = pytest.raises(Exception, match="written once")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET who = 'nobody'")


def asked(carla: Contact, willem: User) -> Erasure:
    carla.refresh_from_db()
    person = Person.of_contact(carla)
    return actions.ask_erasure(person, typed=EMAIL, with_files=True, by=willem, now=timezone.now())


@pytest.mark.parametrize("killed_after", range(len(erasing.STEPS)))
def test_an_erasure_that_was_killed_goes_on_where_it_was(
    known: Ticket, carla: Contact, willem: User, killed_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = asked(carla, willem)
    whole = erasing.STEPS

    def killed(person: Person, *, with_files: bool) -> None:
        whole[killed_after](person, with_files=with_files)
        raise KeyboardInterrupt

    steps = (*whole[:killed_after], killed, *whole[killed_after + 1 :])
    monkeypatch.setattr(erasing, "STEPS", steps)
    with pytest.raises(KeyboardInterrupt):
        actions.erase(order.pk, now=timezone.now())
    order.refresh_from_db()
    assert (order.done, order.finished_at) == (killed_after, None)
    monkeypatch.setattr(erasing, "STEPS", whole)
    actions.erase(order.pk, now=timezone.now())
    assert not list(places_that_say(HERS))
    actions.erase(order.pk, now=timezone.now())  # once more: there is nothing to do
    assert Entry.objects.filter(action="erase_person").count() == 1


def test_asked_twice_is_one_erasure(known: Ticket, carla: Contact, willem: User) -> None:
    assert asked(carla, willem) == asked(carla, willem)
    assert Erasure.objects.count() == 1


def test_the_door_is_shut_before_anything_is_erased(known: Ticket, carla: Contact, willem: User) -> None:
    browser, order = browser_of(carla), asked(carla, willem)
    actions._erase_step(order.pk, now=timezone.now())
    assert "/login/" in browser.get("/my/").url  # type: ignore[attr-defined]
    carla.refresh_from_db()
    assert (carla.is_active, carla.name) == (False, NAME)


def test_how_far_it_is_goes_up_to_the_end(known: Ticket, carla: Contact, willem: User) -> None:
    order = asked(carla, willem)
    seen = [0]
    while actions._erase_step(order.pk, now=timezone.now()):
        order.refresh_from_db()
        seen.append(order.percent_of(len(erasing.STEPS)))
    order.refresh_from_db()
    assert seen == sorted(set(seen)) and seen[-1] < 100
    assert order.percent_of(len(erasing.STEPS)) == 100


def test_what_must_be_typed_is_the_address(known: Ticket, carla: Contact, willem: User) -> None:
    with pytest.raises(NotTyped):
        erase_person(Person.of_contact(carla), typed=NAME, with_files=True, by=willem)
    carla.refresh_from_db()
    assert carla.name == NAME


def test_an_export_of_an_erased_person_goes_too(known: Ticket, carla: Contact, willem: User) -> None:
    export = actions.ask_export(Person.of_contact(carla), by=willem, now=timezone.now())
    actions.make_export(export.pk, now=timezone.now())
    erase(carla, willem)
    assert not Export.objects.exists()
    actions.make_export(export.pk, now=timezone.now())  # a job that comes late finds nothing to do
    assert not Export.objects.exists()


def test_somebody_of_the_desk_loses_name_and_login_and_its_answers_stay(
    known: Ticket, anna: User, willem: User
) -> None:
    answers = Message.objects.filter(agent=anna).count()
    erase_person(Person.of_user(anna), typed=anna.email, with_files=False, by=willem)
    anna.refresh_from_db()
    assert (anna.is_active, anna.has_usable_password(), anna.name) == (False, False, f"[u{anna.pk}]")
    assert Message.objects.filter(agent=anna).count() == answers
    assert not list(places_that_say(re.compile(r"\bAnna\b|anna@")))


def test_the_only_administrator_is_not_erased(infobits: Desk, willem: User) -> None:
    with pytest.raises(OnlyAdministrator):
        erase_person(Person.of_user(willem), typed=willem.email, with_files=False, by=willem)


def test_a_new_contact_may_have_the_address_that_was_erased(
    known: Ticket, carla: Contact, willem: User
) -> None:
    erase(carla, willem)
    again = Contact.objects.create(name="Carla", email=EMAIL, customer=carla.customer)
    assert again.pk != carla.pk
    assert timezone.now() - again.created_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bel Carla de Wit op 020-555 01 01.", "Bel [p] op [p]."),
        ("CARLA DE WIT, +31 (0)20 5550101", "[p], [p]"),
        ("0031205550101 en 06-12345678", "[p] en 06-12345678"),
        ("een wit scherm; mevrouw Wit", "een wit scherm; mevrouw [p]"),
        ("Carlaatje en carla@shop.example", "Carlaatje en [p]"),
        ("order 1205550101234", "order 1205550101234"),
    ],
    ids=[
        "name and number",
        "other writing",
        "other numbers stay",
        "a colour",
        "part of a word",
        "longer number",
    ],
)
def test_a_text_loses_the_person_and_nothing_else(
    known: Ticket, carla: Contact, text: str, left: str
) -> None:
    person = Person.of_contact(carla)
    assert person.redact(text).replace(person.pseudonym, "[p]") == left
    assert person.redact({"a": [text, 3, None]})["a"][1:] == [3, None]
