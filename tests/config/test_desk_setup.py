"""A desk made from a preset decides exactly as the preset says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cast import moment

from balie.config.desk_setup import DeskExists, make_desk
from balie.contracts.facts import desk_for_rules
from balie.contracts.models import SupportPlan
from balie.desk.examples import is_example
from balie.desk.facts import calendar_of
from balie.desk.models import Desk, Line, PhoneUse
from balie.phone.facts import line_behind, queue_of
from balie.phone.models import Extension
from balie.presets.reading import FOLDER, load, preset_names
from balie.tickets.facts import desk_for_rules as situation_desk
from balie.tickets.models import Category

PRESETS = sorted(preset_names())


@pytest.mark.parametrize("name", PRESETS)
def test_the_rows_mean_the_same_to_the_rules_as_the_preset(db: None, name: str) -> None:
    preset = load(name)
    desk = desk_for_rules(make_desk(preset))
    assert desk.settings == preset.desk.settings
    assert desk.plans == preset.desk.plans
    assert desk.products == preset.desk.products
    assert {key: line.hours for key, line in desk.lines.items()} == {
        key: line.hours for key, line in preset.desk.lines.items()
    }
    assert [*desk.lines] == [*preset.desk.lines]
    assert situation_desk(Desk.objects.get()) == preset.desk
    assert {(each.key, each.gives_plan, each.counts_zone_1) for each in desk.contract_types.values()} == {
        (each.key, each.gives_plan, each.counts_zone_1) for each in preset.desk.contract_types.values()
    }


@pytest.mark.parametrize("name", PRESETS)
def test_the_telephones_of_a_preset_ring_for_its_lines_IB_03_SW_01(db: None, name: str) -> None:
    """After `balie init` a call that is forwarded has a target that rings; whose telephone it is comes later."""
    preset = load(name)
    make_desk(preset)
    rung = {
        line: tuple(tuple(each.number for each in group) for group in queue_of(line))
        for line in Line.objects.values_list("key", flat=True)
    }
    assert {line: queue for line, queue in rung.items() if queue} == preset.phone.queues
    assert preset.phone.queues
    assert not Extension.objects.exclude(user=None).exists()


def test_a_number_of_a_preset_leads_to_its_line(db: None, tmp_path: Path) -> None:
    text = (FOLDER / "infobits.toml").read_text() + '\n[phone.numbers]\n"+31850000000" = "helpdesk"\n'
    changed = tmp_path / "changed.toml"
    changed.write_text(text)
    desk = make_desk(load(str(changed)))
    assert line_behind("+31850000000", desk) == "helpdesk"


def test_how_calls_are_planned_comes_along_IB_21(db: None) -> None:
    desk = make_desk(load("example"))
    assert (desk.call_back_minutes, desk.call_back_reminder_minutes, desk.call_back_attempts) == (20, 15, 2)


def test_a_second_desk_is_refused_and_the_first_stays(infobits: Desk) -> None:
    with pytest.raises(DeskExists):
        make_desk(load("softwear"))
    assert Desk.objects.get().key == "infobits"
    assert SupportPlan.objects.filter(key="SLA24").exists()


def test_a_desk_is_no_demo_unless_it_was_asked_for(infobits: Desk) -> None:
    assert infobits.is_demo is False
    assert infobits.demo_logins == []
    assert not infobits.demo_is_loading


def test_both_lines_stand_behind_the_one_number_SW_01(softwear: Desk) -> None:
    """On Thursday at half past five the office is closed and the till helpdesk open."""
    assert softwear.phone_number == "+31202292929"
    lines = desk_for_rules(softwear).lines
    at = moment("2026-11-19 17:30")
    calendars = {key: calendar_of(softwear, line, now=at) for key, line in lines.items()}
    assert {key: calendar.is_open(at) for key, calendar in calendars.items()} == {
        "office": False,
        "till-helpdesk": True,
    }


def test_who_may_phone_on_a_line_comes_along_SW_03_SW_04(softwear: Desk) -> None:
    uses = dict(Line.objects.values_list("key", "phone_use"))
    assert uses == {"office": PhoneUse.URGENT_INCIDENTS, "till-helpdesk": PhoneUse.TILL_INCIDENTS}


def test_the_incident_types_are_children_of_their_place_SW_03(softwear: Desk) -> None:
    drawer = Category.objects.get(key="till-cash-drawer")
    assert drawer.parent == Category.objects.get(key="till-incident")
    assert drawer.may_phone_in_office_hours


def test_without_other_urgent_that_choice_is_not_offered_SW_03(db: None, tmp_path: Path) -> None:
    """The category is kept, so that switching the setting on brings it back."""
    import balie.presets

    text = (Path(balie.presets.__file__).parent / "softwear.toml").read_text()
    changed = tmp_path / "softwear.toml"
    changed.write_text(text.replace("other_urgent = true", "other_urgent = false", 1))
    make_desk(load(str(changed)))
    assert not Category.objects.get(key="till-other-urgent").is_active
    assert Category.objects.get(key="till-scanner").is_active


def test_what_the_page_does_not_say_stays_marked_as_our_example(infobits: Desk) -> None:
    assert is_example("tickets_per_month", infobits.example_keys)
    assert is_example("fair_use_percent", infobits.example_keys)
    assert not is_example("counts_with_support_contract", infobits.example_keys)
