"""A number confirmed by phoning it: six digits, a day, five tries (IB-02)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from tests.cast import FRIDAY_AT_FOUR as NOW

from balie.audit.models import Entry
from balie.customers import number_codes, phone_numbers
from balie.customers.models import NumberCode, PhoneNumber
from balie.customers.number_codes import NoCode, WrongCode, confirm_by_code, make_code
from balie.customers.phone_numbers import AlreadyDecided
from balie.mail.models import OutboundMail


@pytest.fixture
def number(infobits, carla) -> PhoneNumber:
    return phone_numbers.hand_in(carla, "020 123 45 67", label="", country="NL", now=NOW)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_code_that_was_read_out_registers_the_number_IB_02(number, carla, anna, bakery):
    _number, code = make_code(number.pk, by=anna, now=NOW)
    assert len(code) == 6 and code.isdigit()
    confirmed = confirm_by_code(carla, number.pk, f" {code[:3]} {code[3:]} ", now=NOW + number_codes.GOOD_FOR)
    assert confirmed.registered_on is not None
    assert phone_numbers.owners_of(number.e164) == [bakery.pk]
    assert not NumberCode.objects.exists()
    assert Entry.objects.filter(action="confirm_number_by_code", who="Carla").exists()
    assert OutboundMail.objects.exists()


def test_the_code_itself_is_kept_nowhere(number, anna):
    _number, code = make_code(number.pk, by=anna, now=NOW)
    assert code not in NumberCode.objects.get().digest
    assert not Entry.objects.filter(data__icontains=code).exists()


def test_five_wrong_tries_end_it_also_for_the_right_code(number, carla, anna):
    _number, code = make_code(number.pk, by=anna, now=NOW)
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode, match=f"{left} times"):
            confirm_by_code(carla, number.pk, other_than(code), now=NOW)
    with pytest.raises(NoCode):
        confirm_by_code(carla, number.pk, other_than(code), now=NOW)
    with pytest.raises(NoCode):
        confirm_by_code(carla, number.pk, code, now=NOW)
    assert NumberCode.objects.get().tries == 5


def test_after_a_day_it_works_no_longer(number, carla, anna):
    _number, code = make_code(number.pk, by=anna, now=NOW)
    with pytest.raises(NoCode):
        confirm_by_code(carla, number.pk, code, now=NOW + number_codes.GOOD_FOR + timedelta(seconds=1))


def test_a_new_code_replaces_the_old_one_and_its_tries(number, carla, anna, monkeypatch):
    drawn = iter([111111, 222222])
    monkeypatch.setattr(number_codes.secrets, "randbelow", lambda below: next(drawn))
    make_code(number.pk, by=anna, now=NOW)
    make_code(number.pk, by=anna, now=NOW)
    with pytest.raises(WrongCode):
        confirm_by_code(carla, number.pk, "111111", now=NOW)
    assert confirm_by_code(carla, number.pk, "222222", now=NOW).registered_on is not None


def test_a_code_works_for_its_own_number_only(number, carla, anna):
    other = phone_numbers.hand_in(carla, "020 123 45 68", label="", country="NL", now=NOW)
    _number, code = make_code(number.pk, by=anna, now=NOW)
    with pytest.raises(NoCode):
        confirm_by_code(carla, other.pk, code, now=NOW)


def test_dario_cannot_confirm_a_number_of_carlas(number, dario, anna):
    _number, code = make_code(number.pk, by=anna, now=NOW)
    with pytest.raises(Http404):
        confirm_by_code(dario, number.pk, code, now=NOW)
    assert NumberCode.objects.get().tries == 0


@pytest.mark.parametrize("text", ["", "abcdef", "1" * 5000, "\x00", "１２３４５６"])
def test_whatever_is_typed_is_no_code(number, carla, anna, text):
    make_code(number.pk, by=anna, now=NOW)
    with pytest.raises(WrongCode):
        confirm_by_code(carla, number.pk, text, now=NOW)


def test_what_does_not_wait_any_more_needs_no_code(number, carla, anna):
    phone_numbers.confirm(number.pk, by=anna, now=NOW)
    with pytest.raises(AlreadyDecided):
        make_code(number.pk, by=anna, now=NOW)
    with pytest.raises(AlreadyDecided):
        confirm_by_code(carla, number.pk, "123456", now=NOW)
