"""What the network gives of a caller, and what we make of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import FRIDAY_AT_FOUR

from balie.phone.asking import Asked, NotNow, as_given, caller_of, check_moment, clean
from balie.rules.routing import Caller, Known, Unreadable, Withheld

CARLA = Known("+31205550101")

CASES: list[tuple[Asked, Caller, str]] = [
    (Asked("1", number="+31205550101"), CARLA, "E.164"),
    (Asked("1", number="0205550101"), CARLA, "as within the country"),
    (Asked("1", number="0031205550101"), CARLA, "with the international prefix"),
    (Asked("1", number="31205550101"), CARLA, "E.164 without its plus"),
    (Asked("1", number='"Carla" <sip:+31205550101@provider.example;user=phone>'), CARLA, "a SIP address"),
    (Asked("1", number="tel:+31-20-555-0101"), CARLA, "a tel address"),
    (Asked("1", number="+3225550101"), Known("+3225550101"), "of another country"),
    (Asked("1", number=None), Withheld(), "nothing at all"),
    (Asked("1", number="  "), Withheld(), "an empty From"),
    (Asked("1", number="sip:anonymous@anonymous.invalid"), Withheld(), "anonymous, as RFC 3323 writes it"),
    (Asked("1", number="1" * 40), Unreadable("1" * 40), "forty digits"),
    (Asked("1", number="201"), Unreadable("201"), "a telephone inside"),
    (Asked("1", number="'; DROP TABLE phone_call; --"), Unreadable("'; DROP TABLE phone_call; --"), "SQL"),
    (Asked("1", number="+999123456789"), Unreadable("+999123456789"), "of a country that is none"),
    (Asked("1", number="anonymous", asserted="<sip:+31205550101@x>"), CARLA, "asserted counts before From"),
    (Asked("1", number="+31205550199", asserted="tel:+31205550101"), CARLA, "asserted against another From"),
    (Asked("1", number="+31205550101", asserted="anonymous"), Withheld(), "asserted that it is hidden"),
    (Asked("1", asserted="<sip:+31205550101@x>, <tel:+31205550199>"), CARLA, "two asserted: the first"),
    (Asked("1", number="+31205550101", asserted=" "), CARLA, "an empty asserted is none"),
    (Asked("1", asserted="+31205550101", privacy="id"), Withheld(), "asserted, and asks for privacy"),
    (Asked("1", number="+31205550101", privacy="header; critical"), Withheld(), "privacy among others"),
    (Asked("1", number="+31205550101", privacy="USER"), Withheld(), "in capitals"),
    (Asked("1", number="+31205550101", privacy="none"), CARLA, "wants no privacy"),
    (Asked("1", number="+31205550101", privacy="session"), CARLA, "hides its media, not its number"),
]


@pytest.mark.parametrize(("asked", "caller"), [each[:2] for each in CASES], ids=[each[2] for each in CASES])
def test_who_calls_IB_02(asked: Asked, caller: Caller) -> None:
    assert caller_of(asked, country="NL") == caller


def test_nothing_is_kept_of_a_caller_that_hides_its_number_IB_02() -> None:
    asked = Asked("1", number="+31205550101", asserted="+31205550101", name="Carla", privacy="id")
    assert as_given(asked, caller_of(asked, country="NL")) == ""


def test_what_the_network_gave_is_kept_as_it_can_be_shown() -> None:
    asked = Asked("1", number="0205550101\x00", name="Robert'); DROP TABLE\r\n phone_call;--\ud800")
    assert as_given(asked, CARLA) == "Robert'); DROP TABLE phone_call;-- <0205550101>"
    assert len(as_given(Asked("1", number="1" * 5000), Unreadable("1"))) == 200
    assert clean(None) == ""


def test_no_name_turns_around_what_stands_beside_it() -> None:
    """A right-to-left override shows a number backwards, and what is invisible makes two names look like one."""
    assert clean("\u202e10 10 555 020\u202c \u2066x\u2069 b\u200bank\ufeff") == "10 10 555 020 x bank"


@pytest.mark.parametrize("minutes", [0, 4, -60, -30 * 24 * 60 + 1])
def test_a_moment_may_be_late(minutes: int) -> None:
    check_moment(FRIDAY_AT_FOUR + timedelta(minutes=minutes), now=FRIDAY_AT_FOUR)


@pytest.mark.parametrize(("minutes", "words"), [(6, "future"), (-30 * 24 * 60 - 1, "30 days")])
def test_a_moment_too_far_away_is_refused_with_what_to_do(minutes: int, words: str) -> None:
    with pytest.raises(NotNow, match=words):
        check_moment(FRIDAY_AT_FOUR + timedelta(minutes=minutes), now=FRIDAY_AT_FOUR)
