"""`balie.prepared` answers what the queryset would, however often and in every thread, and saves what `save` would."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.utils import timezone

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.customers.models import Contact, Customer
from balie.prepared import Given, IsAnyGiven, Prepared, insert
from balie.tickets.models import Ticket

pytestmark = pytest.mark.django_db
OFTEN = 8  # more than psycopg's threshold for preparing on the server


def _people() -> list[Contact]:
    shop = Customer.objects.create(number="S", name="Shop")
    return [
        Contact.objects.create(name=name, email=f"{name}@shop.example", customer=customer)
        for name, customer in (("a", shop), ("b", shop), ("c", None))
    ]


def test_a_prepared_question_answers_as_its_queryset_however_often():
    people = _people()
    by_key = Prepared(lambda: Contact.objects.select_related("customer", "user").filter(pk=Given("key")))
    for _ in range(OFTEN):
        for person in people:
            found = by_key.first(key=person.pk)
            assert found == person
            assert found.name == person.name
            assert found.customer == person.customer
    assert by_key.first(key=-1) is None
    assert by_key.all(key=-1) == []


def test_it_may_ask_for_any_of_a_list_of_values():
    people = _people()
    named = Prepared(lambda: Contact.objects.filter(IsAnyGiven("name", "names")).order_by("name"))
    for _ in range(OFTEN):
        assert named.all(names=["b", "a", "nobody"]) == people[:2]
        assert named.all(names=[]) == []


def test_it_reads_what_is_joined_in_the_same_statement(django_assert_num_queries):
    person = _people()[0]
    by_key = Prepared(lambda: Contact.objects.select_related("customer").filter(pk=Given("key")))
    with django_assert_num_queries(1) as counted:
        assert by_key.first(key=person.pk).customer.name == "Shop"
    assert str(person.pk) in counted.captured_queries[0]["sql"]


def test_values_unions_order_and_limits_are_the_queryset_s_own():
    people = _people()

    def names(kind: str):
        at = Contact.objects.filter(customer=Given("customer")).order_by()
        return at.values_list("pk", Value(kind), F("name"))

    both = Prepared(lambda: names("x").union(names("y"), all=True))
    newest = Prepared(lambda: Contact.objects.order_by("-pk").values_list("name")[:1])
    for _ in range(OFTEN):
        rows = both.all(customer=people[0].customer_id)
        assert sorted(rows) == sorted((each.pk, kind, each.name) for each in people[:2] for kind in "xy")
        assert newest.all() == [("c",)]


def test_a_value_that_is_missing_is_an_error_and_one_that_is_too_much_does_no_harm():
    by_key = Prepared(lambda: Contact.objects.filter(pk=Given("key")))
    with pytest.raises(KeyError, match="key"):
        by_key.first()
    assert by_key.first(key=1, other=2) is None


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_by_its_own_connection():
    person = _people()[0]
    by_key = Prepared(lambda: Contact.objects.filter(pk=Given("key")))
    answers: list[Contact | None] = [by_key.first(key=person.pk)]

    def ask() -> None:
        try:
            answers.append(by_key.first(key=person.pk))
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [person] * 4


def test_a_row_is_saved_as_save_would_with_what_the_database_gives():
    now = timezone.now()
    for number in range(OFTEN):
        entry = Entry(
            at=now, who="x", action="a", subject_type="t", subject_id=str(number), data={"n": [number]}
        )
        insert(entry)
        assert entry.pk is not None and not entry._state.adding
        stored = Entry.objects.get(pk=entry.pk)
        assert (stored.data, stored.at, stored.actor_id) == ({"n": [number]}, now, None)


def test_a_row_with_a_key_of_its_own_and_generated_columns_comes_back_whole():
    contact = _people()[0]
    now = timezone.now()
    ticket = Ticket(
        subject="Bon", contact=contact, customer=contact.customer, channel="portal", answer_mode="site",
        billing_mode="none", state="new", initiative="desk", decision={}, opened_at=now, changed_at=now,
    )  # fmt: skip
    insert(ticket)
    assert ticket.number == Ticket.objects.get(pk=ticket.pk).number
    user = User(pk=987_654, email="x@desk.example", name="X")
    insert(user)
    assert User.objects.get(pk=987_654).name == "X"


def test_what_the_database_refuses_is_the_same_error():
    _people()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Contact(name="again", email="a@shop.example"))
