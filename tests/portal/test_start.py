"""The page for anybody: hours, open or closed now, ways to ask, logins to try."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from tests.cast import at, browser_of, contact, moment
from tests.portal.reading import words

from balie.config.desk_setup import make_desk
from balie.customers.models import Contact
from balie.desk.models import DatedHours, Line
from balie.portal.opening_hours import change_in_words, opening_hours
from balie.presets.reading import load

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def page(person=None) -> str:
    answer = browser_of(person).get(reverse("start"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_anybody_sees_the_name_of_the_desk_and_where_to_log_in(infobits):
    assert infobits.name in page()
    assert reverse("account_login") in page()


def test_every_line_says_whether_it_is_open_and_when_that_changes_SW_01(softwear, clock):
    clock("2026-11-20 16:00")
    text = words(page())
    assert "Office hours open closes at 17:00" in text
    assert "Till helpdesk closed opens at 17:00" in text


def test_hours_stand_in_the_page_as_published_SW_01(softwear, clock):
    clock("2026-11-20 16:00")
    text = words(page())
    assert "Wednesday 09:30-17:00 17:00-18:00" in text
    assert "Sunday closed 12:00-17:00" in text


def test_today_stands_out(softwear, clock):
    clock("2026-11-20 16:00")
    today = re.search(r'<tr class="is-today" aria-current="date">.*?</tr>', page(), re.S)
    assert today and words(today[0]) == "Friday today 09:00-17:00 17:00-21:00"


def test_holidays_that_are_near_show_the_hours_that_replace_the_day_SW_02(softwear, clock):
    clock("2026-12-20 12:00")
    text = words(page())
    assert "Friday 25 December" in text
    assert "Saturday 26 December Second Day of Christmas closed 12:00-17:00" in text


def test_holidays_are_named_in_dutch_for_who_reads_dutch(softwear, clock):
    clock("2026-12-20 12:00")
    answer = browser_of(None).get(reverse("start"), headers={"Accept-Language": "nl"})
    assert "Tweede kerstdag" in answer.content.decode()


def test_on_a_holiday_the_row_of_today_has_the_real_hours(softwear, clock):
    clock("2026-12-26 10:00")
    today = re.search(r'<tr class="is-today" aria-current="date">.*?</tr>', page(), re.S)
    assert today and words(today[0]) == "Saturday today Second Day of Christmas closed 12:00-17:00"


def test_an_exception_is_told_in_the_words_of_the_desk(softwear, clock):
    clock("2026-11-20 16:00")
    line = Line.objects.get(key="office")
    DatedHours.objects.create(line=line, on="2026-11-25", hours="10:00-12:00", because="Team day")
    assert "Wednesday 25 November Team day 10:00-12:00" in words(page())


def test_an_exception_with_the_hours_of_the_week_changes_nothing(softwear):
    DatedHours.objects.create(line=Line.objects.get(key="office"), on="2026-11-25", hours="09:30-17:00")
    assert "Wednesday 25 November" not in [day.name for day in opening_hours(at(softwear)).coming]


def test_a_desk_with_two_windows_a_day_shows_both(db, clock):
    desk = make_desk(load("example"))
    clock("2026-11-20 13:50")  # 12:50 in London: lunch
    office = opening_hours(at(desk, moment("2026-11-20 13:50"))).channels.lines[0]
    assert not office.is_open
    assert office.change == "opens at 13:15"
    assert "08:30-12:30, 13:15-16:00" in page()


def test_a_line_without_hours_is_closed_and_never_changes(softwear):
    Line.objects.get(key="office").weekdays.update(hours="")
    office = opening_hours(at(softwear)).channels.lines[0]
    assert (office.is_open, office.change) == (False, "")


@pytest.mark.parametrize(
    ("is_open", "changes_at", "says"),
    [
        (True, "2026-11-20 17:00", "closes at 17:00"),
        (False, "2026-11-20 17:00", "opens at 17:00"),
        (False, "2026-11-21 09:00", "opens tomorrow 09:00"),
        (False, "2026-11-23 09:00", "opens Monday 09:00"),
        (False, "2026-11-26 09:00", "opens Thursday 09:00"),  # six days on, still only one Thursday
        (False, "2026-11-27 09:00", "opens Friday 27 November 09:00"),  # a week on: which Friday?
        (True, "2026-11-21 02:00", "closes tomorrow 02:00"),
    ],
)
def test_the_next_change_is_told_in_words(is_open, changes_at, says):
    now = moment("2026-11-20 16:00")
    assert change_in_words(is_open, moment(changes_at), now=now, zone=AMSTERDAM) == says


def test_the_day_of_a_change_is_that_of_the_desk_not_of_greenwich():
    now = moment("2026-11-20 23:30")
    just_after_midnight = now + timedelta(hours=1)
    assert change_in_words(False, just_after_midnight, now=now, zone=AMSTERDAM) == "opens tomorrow 00:30"


def test_the_one_number_of_softwear_is_public_with_what_it_is_for_SW_01(softwear):
    html = page()
    assert 'href="tel:+31202292929"' in html
    assert "020 229 29 29" in html
    assert "Till helpdesk: incidents at the till" in words(html)


def test_what_an_urgent_incident_is_stands_with_the_number_SW_03(softwear):
    text = words(page())
    for incident in (
        "Cannot log in",
        "Program error on screen",
        "Cash drawer does not open",
        "Scanner does not work",
    ):
        assert incident in text


def test_every_other_question_is_led_to_the_site_SW_05(softwear):
    assert "Ask every other question here on the site." in words(page())


@pytest.mark.parametrize("who", ["eve", "carla", "willem"])
def test_the_number_of_infobits_never_stands_on_the_public_page_IB_01(
    infobits, support_contract, who, request
):
    person = request.getfixturevalue(who) if who != "eve" else None
    html = page(person)
    assert "tel:" not in html
    assert infobits.phone_number.lstrip("+31") not in html.replace(" ", "")


def test_the_mail_address_of_the_desk_is_a_way_to_ask_SW_17(softwear):
    assert 'href="mailto:help@softwear.nl"' in page()


def test_a_desk_without_a_mail_address_says_nothing_about_mail(infobits):
    infobits.mail_address = ""
    infobits.save()
    assert "mailto:" not in page()


def test_an_agent_finds_the_queue_and_a_contact_its_questions(infobits, anna, carla):
    assert reverse("queue") in page(anna)
    assert reverse("my_tickets") in page(carla)
    assert reverse("ask") in page(carla)


def test_after_login_everybody_begins_where_it_belongs(infobits, anna, carla):
    def begins(person):
        return browser_of(person).get(reverse("after_login")).url

    assert begins(anna) == reverse("queue")
    assert begins(carla) == reverse("my_helpdesk")
    assert begins(None) == reverse("start")


def test_a_login_that_belongs_to_nobody_is_told_so(infobits, carla: Contact):
    user = carla.user
    carla.user = None
    carla.save()
    assert browser_of(user).get(reverse("after_login")).url == reverse("start")
    assert "hoort niet bij een klant" in page(user)
    answer = browser_of(user).get(reverse("my_tickets"))
    assert answer.status_code == 403
    assert "Vraag de servicedesk om uw login" in answer.content.decode()


LOGINS = [
    {
        "role": {"nl": "medewerker", "en": "agent"},
        "name": "Anna",
        "email": "anna@desk.example",
        "password": "kassa-lade-open",
        "what_to_try": {"nl": "De wachtrij", "en": "The queue"},
    },
    {
        "role": "contact",
        "name": "Carla",
        "email": "carla@shop.example",
        "password": "x",
        "what_to_try": "Ask",
    },
]


@pytest.mark.parametrize("name", ["start", "account_login"])
def test_a_demo_desk_shows_the_logins_to_try_in_the_language_of_the_reader(infobits, name):
    infobits.is_demo, infobits.demo_logins = True, LOGINS
    infobits.save()
    english = browser_of(None).get(reverse(name)).content.decode()
    assert 'data-fill-email="anna@desk.example"' in english
    assert "The queue" in english
    assert (
        "De wachtrij"
        in browser_of(None).get(reverse(name), headers={"Accept-Language": "nl"}).content.decode()
    )


@pytest.mark.parametrize("name", ["start", "account_login"])
def test_a_real_desk_shows_no_logins_whatever_its_row_says(infobits, name):
    infobits.demo_logins = LOGINS
    infobits.save()
    assert "anna@desk.example" not in browser_of(None).get(reverse(name)).content.decode()


def test_who_is_logged_in_sees_no_logins_to_try(infobits, dario):
    infobits.is_demo, infobits.demo_logins = True, LOGINS
    infobits.save()
    assert "data-fill-email" not in page(dario)


def test_the_page_costs_a_fixed_number_of_queries(softwear, django_assert_max_num_queries):
    page()
    with django_assert_max_num_queries(8):
        page()


def test_a_contact_without_a_customer_is_welcome_too(infobits):
    assert reverse("ask") in page(contact("Nora", None))
