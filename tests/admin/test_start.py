"""The start of the administration: a map with every place, what it is for and how it stands."""

from __future__ import annotations

from datetime import date

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from tests.cast import browser_of, contact

from balie.accounts.models import User
from balie.administration.start import Group, Place
from balie.customers.models import Contact, Customer
from balie.customers.phone_numbers import hand_in
from balie.desk.models import DatedHours, Desk, Line

START = "/admin/"


def places(willem: User) -> dict[str, Place]:
    groups: list[Group] = browser_of(willem).get(START).context["groups"]
    return {place.address: place for group in groups for place in group.places}


def test_every_place_can_be_reached(infobits: Desk, willem: User, bakery: Customer) -> None:
    browser = browser_of(willem)
    for address, place in places(willem).items():
        assert browser.get(address).status_code in (200, 302), place.name


def test_every_table_with_a_page_is_on_the_map(infobits: Desk, willem: User) -> None:
    there = places(willem)
    for model in admin.site._registry:
        meta = model._meta
        page = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        assert page in there or page == reverse("admin:desk_desk_changelist"), page


def test_phone_numbers_that_wait_lead_to_where_they_are_confirmed_IB_02(
    infobits: Desk, willem: User, carla: Contact
) -> None:
    assert reverse("numbers") not in places(willem)
    hand_in(carla, "020 229 29 29", label="", country="NL", now=timezone.now())
    assert places(willem)[reverse("numbers")].asks


def test_rates_teams_and_the_video_stand_with_what_they_belong_to(infobits: Desk, willem: User) -> None:
    groups: list[Group] = browser_of(willem).get(START).context["groups"]
    others = {place.address for place in groups[-1].places}
    for table in ("contracts_pricebasis", "contracts_kindprice", "accounts_team", "backups_backupvideo"):
        assert reverse(f"admin:{table}_changelist") not in others


def test_hours_tell_how_many_exceptions_this_month_has(infobits: Desk, willem: User) -> None:
    line, today = Line.objects.first(), timezone.localdate()
    DatedHours.objects.create(line=line, on=today, hours="")
    DatedHours.objects.create(line=line, on=date(today.year + 1, today.month, 1), hours="")
    assert "1 exception this month" in places(willem)[reverse("admin:hours")].state


def test_what_waits_for_somebody_stands_out(infobits: Desk, willem: User, carla: Contact) -> None:
    page = reverse("admin:customers_contact_changelist")
    assert not places(willem)[page].asks
    contact("Eva", None)
    there = places(willem)[page]
    assert (there.asks, there.state) == (True, "1 not placed yet")


def test_it_costs_a_fixed_number_of_queries(
    infobits: Desk, willem: User, bakery: Customer, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for number in range(30):
        Customer.objects.create(number=f"X-{number}", name=str(number))
    with django_assert_max_num_queries(56):
        browser_of(willem).get(START)


def test_it_speaks_dutch(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    browser.cookies["django_language"] = "nl"
    page = browser.get(START).content.decode()
    assert "Openingstijden" in page or "Maand voor maand" in page
    assert "What we sell" not in page
