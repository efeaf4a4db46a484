"""The presets that come with Balie say what their vendors' pages say."""

from __future__ import annotations

import pytest

from balie.presets.preset import CategoryKind, Place, Preset
from balie.presets.reading import load, preset_names
from balie.rules.desk import LineKind
from balie.rules.hours_notation import format_windows

NINE_DAYS = {
    "new_years_day",
    "easter_sunday",
    "easter_monday",
    "kings_day",
    "ascension_day",
    "whit_sunday",
    "whit_monday",
    "christmas_day",
    "boxing_day",
}

WEEKS = {
    ("softwear", "office"): "09:00-17:00|09:00-17:00|09:30-17:00|09:00-17:00|09:00-17:00||",  # SW-01
    ("softwear", "till-helpdesk"): (  # SW-01
        "17:00-18:00|17:00-18:00|17:00-18:00|17:00-21:00|17:00-21:00|09:00-17:00|12:00-17:00"
    ),
    ("infobits", "helpdesk"): "09:00-17:00|09:00-17:00|09:00-17:00|09:00-17:00|09:00-17:00||",  # IB-29
    ("infobits", "zone-1"): (  # IB-29
        "09:00-17:00|09:00-17:00|09:00-17:00|09:00-17:00|09:00-17:00|09:00-12:00|"
    ),
    ("infobits", "zone-2"): (  # IB-29
        "17:00-21:00|17:00-21:00|17:00-21:00|17:00-21:00|17:00-21:00|12:00-17:00|10:00-17:00"
    ),
}


@pytest.mark.parametrize(("preset", "line"), WEEKS)
def test_the_week_is_the_published_one_SW_01_IB_29(preset: str, line: str) -> None:
    week = load(preset).desk.lines[line].hours.week
    assert "|".join(format_windows(day) for day in week) == WEEKS[preset, line]


def test_six_holidays_close_both_lines_and_three_leave_the_till_helpdesk_an_afternoon_SW_02() -> None:
    lines = load("softwear").desk.lines
    assert lines["office"].hours.holidays == dict.fromkeys(NINE_DAYS, ())
    till = lines["till-helpdesk"].hours.holidays
    assert {key for key, windows in till.items() if not windows} == {
        "new_years_day",
        "easter_sunday",
        "whit_sunday",
        "christmas_day",
        "ascension_day",
        "kings_day",
    }
    for key in ("easter_monday", "whit_monday", "boxing_day"):
        assert format_windows(till[key]) == "12:00-17:00"


def test_the_incidents_that_may_phone_in_office_hours_SW_03() -> None:
    may_phone = [each for each in load("softwear").categories if each.may_phone_in_office_hours]
    named = {each.key: each for each in may_phone if not each.is_other_urgent}
    assert [each.name["nl"] for each in named.values() if each.place is Place.BACK_OFFICE] == [
        "Niet kunnen inloggen",
        "Niet kunnen printen",
        "Programma-error in beeld",
    ]
    assert [each.name["nl"] for each in named.values() if each.place is Place.TILL] == [
        "Niet kunnen inloggen",
        "Kassabon wordt niet geprint",
        "Kassalade gaat niet open",
        "Scanner functioneert niet",
        "Pinnen is niet mogelijk (alleen gekoppelde pin)",
    ]
    assert {each.kind for each in may_phone} == {CategoryKind.INCIDENT}


def test_other_urgent_is_offered_by_default_and_is_our_example_SW_03() -> None:
    softwear = load("softwear")
    assert softwear.phone.other_urgent
    assert {each.place for each in softwear.categories if each.is_other_urgent} == {
        Place.BACK_OFFICE,
        Place.TILL,
    }
    assert softwear.is_example("phone.other_urgent")


def test_one_number_and_one_address_stand_on_the_page_SW_01_SW_17() -> None:
    softwear = load("softwear")
    assert (softwear.phone_number, softwear.mail_address) == ("+31202292929", "help@softwear.nl")
    assert not softwear.is_example("desk.mail_address")


def test_how_to_pay_beforehand_is_our_example_in_both_languages_IB_13_IB_19() -> None:
    infobits = load("infobits")
    assert {"nl", "en"} == {language for language, text in infobits.how_to_pay.items() if text}
    assert infobits.is_example("desk.how_to_pay")
    assert load("softwear").how_to_pay == {}, "nothing is paid beforehand there"


def test_softwear_promises_no_response() -> None:
    assert load("softwear").desk.plans == {}


def test_the_response_follows_the_plan_IB_08_IB_09_IB_16_IB_17() -> None:
    plans = load("infobits").desk.plans
    assert {key: plan.response_minutes for key, plan in plans.items()} == {
        "SLA24": 24 * 60,
        "SLA8": 8 * 60,
        "SLA4": 4 * 60,
    }
    assert sorted(plans, key=lambda key: plans[key].rank) == ["SLA24", "SLA8", "SLA4"]
    assert [key for key, plan in plans.items() if plan.is_free] == ["SLA24"]
    assert [key for key, plan in plans.items() if plan.only_with_our_hardware] == ["SLA4"]
    assert plans["SLA8"].monthly_price_cents == 500
    assert load("infobits").desk.settings.default_plan == "SLA24"


def test_infokas_includes_SLA8_and_ts_pos_offers_it_IB_14() -> None:
    products = load("infobits").desk.products
    assert {key for key, product in products.items() if product.includes_plan == "SLA8"} == {
        "infokasv3-l",
        "infokasv3-s",
        "infokasv3-n",
    }
    assert [key for key, product in products.items() if product.offers_plan == "SLA8"] == ["ts-pos"]
    assert [key for key, product in products.items() if product.is_charity] == ["charity"]


def test_a_support_contract_counts_zone_1_and_nothing_else_does_IB_30() -> None:
    desk = load("infobits").desk
    assert {key for key, kind in desk.contract_types.items() if kind.counts_zone_1} == {
        "phone-support",
        "maintenance",
    }
    assert desk.settings.counts_with_support_contract == "zone-1"
    assert desk.settings.counts_without_support_contract == "helpdesk"


def test_zones_have_their_rate_IB_29() -> None:
    infobits = load("infobits")
    zones = [key for key, line in infobits.desk.lines.items() if line.kind is LineKind.RATE_ZONE]
    assert zones == ["zone-1", "zone-2"]
    assert [infobits.rate_names[key]["nl"] for key in zones] == ["normaal tarief", "hoog tarief"]


def test_infobits_closes_on_nine_days_and_says_that_this_is_an_example() -> None:
    infobits = load("infobits")
    for key, line in infobits.desk.lines.items():
        assert line.hours.holidays == dict.fromkeys(NINE_DAYS, ())
        assert infobits.is_example(f"lines.{key}.holidays.kings_day")
        assert not infobits.is_example(f"lines.{key}.monday")


DEFAULTS = {
    "free_plan_lapses_after_months": 24,  # IB-13
    "tickets_per_month": 2,  # IB-10
    "reactions_per_ticket": 3,  # IB-10
    "closes_after_silent_days": 14,  # IB-23
    "warns_before_closing_days": 3,
    "reopens_within_days": 60,
    "mail_in": "ticket",
}


@pytest.mark.parametrize("setting", DEFAULTS)
def test_what_the_page_does_not_say_has_the_default_and_is_marked(setting: str) -> None:
    infobits = load("infobits")
    assert getattr(infobits.desk.settings, setting) == DEFAULTS[setting]
    assert infobits.is_example(f"settings.{setting}")


def test_fair_use_and_price_basis_are_data_IB_12_IB_19() -> None:
    infobits = load("infobits")
    assert infobits.fair_use is not None
    assert (infobits.fair_use.months, infobits.fair_use.percent_of_revenue) == (12, 50)
    prices = infobits.desk.prices
    assert prices["SLA8"].callback == ("prepaid", "postpaid")
    assert prices["SLA24"].callback == ("prepaid",)
    assert prices["payment-status"].site == "prepaid"
    assert infobits.phone.forwarded_on == ("helpdesk", "zone-1", "zone-2")


def test_softwear_prices_by_what_it_is_about_SW_11_SW_12_SW_16() -> None:
    softwear = load("softwear")
    assert softwear.desk.kind_prices == {
        "change": "quote",
        "research": "actual_time",
        "third_party": "quote",
        "hardware": "actual_time",
    }
    assert softwear.desk.topics["third-party"].kind is CategoryKind.THIRD_PARTY
    assert not softwear.is_example("kind_prices.research")


@pytest.mark.parametrize("name", ["infobits", "softwear"])
def test_rates_and_the_surcharge_are_examples(name: str) -> None:
    preset = load(name)
    settings = preset.desk.settings
    rated = {key: line.hourly_rate_cents for key, line in preset.desk.lines.items() if line.hourly_rate_cents}
    assert settings.hourly_rate_cents or rated
    assert settings.urgent_surcharge_percent
    assert preset.is_example("settings.urgent_surcharge_percent")
    assert all(preset.is_example(f"lines.{key}.hourly_rate") for key in rated)


def test_a_chat_is_on_the_page_of_softwear_only_SW_06() -> None:
    offers = {name: load(name).desk.settings.offers_chat for name in preset_names()}
    assert offers == {"softwear": True, "infobits": False, "example": False}
    assert not load("softwear").is_example("settings.offers_chat")


def test_the_example_has_another_zone_a_lunch_break_and_nights() -> None:
    example = load("example")
    assert example.desk.zone == "Europe/London"
    assert example.languages == ("en",)
    office, night = (example.desk.lines[key].hours for key in ("office", "night-desk"))
    assert format_windows(office.week[0]) == "08:30-12:30, 13:15-17:30"
    assert format_windows(night.week[4]) == "16:00-03:00"
    assert [(day.isoformat(), each.because) for day, each in office.exceptions.items()] == [
        ("2026-12-24", "Christmas Eve")
    ]
    assert example.desk.plans["priority"].response_minutes == 90
    assert example.desk.lines["office"].name == {"nl": "Office", "en": "Office"}


@pytest.fixture(params=preset_names())
def preset(request: pytest.FixtureRequest) -> Preset:
    return load(request.param)


def test_every_name_is_there_in_dutch_and_english(preset: Preset) -> None:
    named = [*preset.desk.lines.values(), *preset.desk.contract_types.values(), *preset.categories]
    assert all(each.name["nl"] and each.name["en"] for each in named)


def test_every_preset_is_asked_for_by_the_name_of_its_desk(preset: Preset) -> None:
    assert load(preset.desk.key) == preset


def test_parents_come_before_their_children(preset: Preset) -> None:
    seen: set[str | None] = {None}
    for category in preset.categories:
        assert category.parent in seen
        seen.add(category.key)


def test_the_rule_behind_a_key_is_that_of_the_nearest_table() -> None:
    softwear = load("softwear")
    assert softwear.rule_of("lines.office.monday") == "SW-01"
    assert softwear.rule_of("lines.office.holidays.kings_day") == "SW-02"
    assert softwear.rule_of("desk.name") is None
