"""Phone numbers that a customer hands in: read as people write them, pending, then confirmed or refused (IB-02)."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import Http404
from tests.cast import FRIDAY_AT_FOUR, contact, moment

from balie.audit.models import Entry
from balie.contracts.facts import customer_facts
from balie.customers import phone_numbers
from balie.customers.models import PhoneNumber
from balie.customers.numbers import as_people_write
from balie.customers.phone_numbers import AlreadyDecided, TooManyNumbers, UnreadableNumber
from balie.mail.models import OutboundKind, OutboundMail


def hand_in(person, text: str = "020 229 29 29", *, label: str = "winkel", now=FRIDAY_AT_FOUR) -> PhoneNumber:
    return phone_numbers.hand_in(person, text, label=label, country="NL", now=now)


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("020 229 29 29", "+31202292929"),
        ("0202292929", "+31202292929"),
        ("020-2292929", "+31202292929"),
        ("(020) 229 29 29", "+31202292929"),
        ("0031 20 229 29 29", "+31202292929"),
        ("+31 (0)20 229 29 29", "+31202292929"),
        ("  06 12 34 56 78  ", "+31612345678"),
        ("06\u00a012\u00a034\u00a056\u00a078", "+31612345678"),
        ("0032 2 555 12 12", "+3225551212"),
        ("+49 30 901820", "+4930901820"),
    ],
)
def test_a_number_is_read_as_people_write_it_IB_02(typed, e164):
    assert phone_numbers.read_number(typed, country="NL") == e164


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("020 BAKKER", "has letters in it"),
        ("bel mij", "has letters in it"),
        ("020 229 29 29 toestel 4", "has letters in it"),
        ("12", "is not a phone number in use"),
        ("020 229 29 29 29 29", "is not a phone number in use"),
        ("+999 123 456 789", "is not a phone number in use"),
        ("", "is not a phone number in use"),
        ("0" * 300, "is not a phone number in use"),
        ("\u260e", "is not a phone number in use"),
        ("\x00\x00", "is not a phone number in use"),
    ],
)
def test_what_is_no_number_is_refused_with_an_example(typed, says):
    with pytest.raises(UnreadableNumber) as refusal:
        phone_numbers.read_number(typed, country="NL")
    assert says in str(refusal.value)
    assert "020 123 45 67" in refusal.value.ways_forward[0].render()


@pytest.mark.parametrize(
    ("e164", "written"),
    [
        ("+31202292929", "020 229 29 29"),
        ("+31612345678", "06 12 34 56 78"),
        ("+31850000000", "085 000 00 00"),
        ("+3225551212", "+32 2 555 12 12"),
    ],
)
def test_a_number_is_shown_as_people_write_it(e164, written):
    assert as_people_write(e164) == written


def test_a_number_that_is_handed_in_does_not_count_until_it_is_confirmed_IB_02(infobits, bakery, carla, anna):
    number = hand_in(carla)
    assert number.is_pending
    assert customer_facts(bakery).phone_numbers == ()
    confirmed = phone_numbers.confirm(number.pk, by=anna, now=moment("2026-11-21 00:30"))
    assert confirmed.registered_on == date(2026, 11, 21), "the day on the desk's wall"
    assert customer_facts(bakery).phone_numbers == ("+31202292929",)


def test_a_refused_number_says_why_and_can_be_handed_in_again(infobits, bakery, carla, anna):
    number = hand_in(carla)
    phone_numbers.refuse(number.pk, because="Dit nummer is van iemand anders.", by=anna, now=FRIDAY_AT_FOUR)
    number.refresh_from_db()
    assert (number.refused_because, number.is_pending) == ("Dit nummer is van iemand anders.", False)
    assert customer_facts(bakery).phone_numbers == ()
    again = hand_in(carla, "+31202292929", label="")
    assert (again.pk, again.is_pending, again.label) == (number.pk, True, "winkel")


def test_handing_in_twice_is_one_number_and_a_registered_one_stays_registered(infobits, carla, anna):
    number = hand_in(carla)
    assert hand_in(carla).pk == number.pk
    phone_numbers.confirm(number.pk, by=anna, now=FRIDAY_AT_FOUR)
    assert hand_in(carla).registered_on is not None


def test_a_number_that_the_desk_only_knew_becomes_pending(infobits, bakery, carla):
    PhoneNumber.objects.create(customer=bakery, e164="+31202292929", label="uit de administratie")
    assert hand_in(carla, label="").is_pending


def test_the_same_number_may_belong_to_two_customers(infobits, carla, dario):
    assert hand_in(carla).pk != hand_in(dario).pk


@pytest.mark.parametrize("first", ["confirm", "refuse", "remove"])
@pytest.mark.parametrize("second", ["confirm", "refuse"])
def test_what_is_decided_or_gone_cannot_be_decided_again(infobits, carla, anna, first, second):
    number = hand_in(carla)
    decide = {
        "confirm": lambda: phone_numbers.confirm(number.pk, by=anna, now=FRIDAY_AT_FOUR),
        "refuse": lambda: phone_numbers.refuse(number.pk, because="Nee.", by=anna, now=FRIDAY_AT_FOUR),
        "remove": lambda: phone_numbers.remove(carla, number.pk, now=FRIDAY_AT_FOUR),
    }
    decide[first]()
    with pytest.raises(AlreadyDecided):
        decide[second]()


def test_a_number_of_another_customer_cannot_be_removed(infobits, carla, dario):
    number = hand_in(carla)
    with pytest.raises(Http404):
        phone_numbers.remove(dario, number.pk, now=FRIDAY_AT_FOUR)
    assert PhoneNumber.objects.filter(pk=number.pk).exists()


def test_no_customer_keeps_numbers_without_end(infobits, bakery, carla):
    PhoneNumber.objects.bulk_create(
        PhoneNumber(customer=bakery, e164=f"+31205550{each:03}") for each in range(phone_numbers.MOST_NUMBERS)
    )
    with pytest.raises(TooManyNumbers):
        hand_in(carla)


def test_everything_is_on_the_record(infobits, carla, anna):
    refused, confirmed = hand_in(carla), hand_in(carla, "06 12345678")
    phone_numbers.refuse(refused.pk, because="Nee.", by=anna, now=FRIDAY_AT_FOUR)
    phone_numbers.confirm(confirmed.pk, by=anna, now=FRIDAY_AT_FOUR)
    phone_numbers.remove(carla, confirmed.pk, now=FRIDAY_AT_FOUR)
    told = Entry.objects.filter(action__endswith="number").order_by("pk")
    assert [(entry.action, entry.who) for entry in told] == [
        ("hand_in_number", "Carla"),
        ("hand_in_number", "Carla"),
        ("refuse_number", "Anna"),
        ("confirm_number", "Anna"),
        ("remove_number", "Carla"),
    ]
    assert {entry.data["e164"] for entry in told} == {"+31202292929", "+31612345678"}


def test_whoever_handed_it_in_is_told_by_mail(infobits, carla, anna):
    refused, confirmed = hand_in(carla), hand_in(carla, "06 12345678")
    phone_numbers.refuse(refused.pk, because="Onbekend nummer.", by=anna, now=FRIDAY_AT_FOUR)
    phone_numbers.confirm(confirmed.pk, by=anna, now=FRIDAY_AT_FOUR)
    no, yes = OutboundMail.objects.filter(kind=OutboundKind.PHONE_NUMBER).order_by("pk")
    assert no.recipient == yes.recipient == "carla@shop.example"
    assert "Onbekend nummer." in no.text
    assert "Onbekend nummer." in no.html
    assert "06" in yes.subject


def test_who_left_is_not_told(infobits, bakery, anna):
    gone = contact("Otto", bakery)
    number = hand_in(gone)
    gone.is_active = False
    gone.save()
    phone_numbers.confirm(number.pk, by=anna, now=FRIDAY_AT_FOUR)
    assert not OutboundMail.objects.exists()


def test_the_desk_sees_what_waits_the_oldest_first(infobits, carla, dario, anna):
    later, earlier = hand_in(carla), hand_in(dario, now=moment("2026-11-19 10:00"))
    decided = hand_in(carla, "06 12345678")
    phone_numbers.confirm(decided.pk, by=anna, now=FRIDAY_AT_FOUR)
    assert list(phone_numbers.waiting()) == [earlier, later]


def test_an_administrator_who_registers_a_refused_number_takes_the_refusal_back(infobits, carla, anna):
    number = hand_in(carla)
    phone_numbers.refuse(number.pk, because="Nee.", by=anna, now=FRIDAY_AT_FOUR)
    number.refresh_from_db()
    number.registered_on = date(2026, 11, 20)
    number.full_clean()
    number.save()
    assert number.refused_because == ""
