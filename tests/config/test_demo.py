"""Filling a demo desk: people at once, tickets through the same actions as everybody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.cast import moment

from balie.accounts.models import Agent, Role, User
from balie.audit.models import Entry
from balie.config.demo import data, filling, people, telephone
from balie.config.demo.filling import DeskInUse, NotADemoDesk, begin, go_on, stories_of
from balie.config.demo.telling import Stage, tell
from balie.config.desk_setup import make_desk
from balie.contracts.facts import customer_facts, desk_for_rules
from balie.customers.models import Contact, Customer, PhoneNumber
from balie.desk.models import Desk
from balie.mail.models import OutboundMail, OutboundState
from balie.phone.models import Call, CalledNumber, Extension
from balie.presets.reading import load
from balie.rules.lifecycle import State
from balie.tickets.models import Attachment, Ticket, TicketEvent

NOW = moment("2026-11-20 16:00")
STATES: Mapping[str, State] = {
    "overdue": State.NEW,
    "due_within_the_hour": State.NEW,
    "new": State.NEW,
    "taken_up": State.OPEN,
    "followed_up": State.OPEN,
    "asked_back": State.WAITING,
    "answered": State.WAITING,
    "calling": State.OPEN,
    "planned": State.PLANNED,
    "awaiting_payment": State.AWAITING_PAYMENT,
    "awaiting_acceptance": State.AWAITING_ACCEPTANCE,
    "solved": State.SOLVED,
    "reopened": State.WAITING,
    "closed_by_itself": State.CLOSED,
    "closed": State.CLOSED,
    "closed_by_customer": State.CLOSED,
    "declined": State.DECLINED,
    "withdrawn": State.WITHDRAWN,
}


@pytest.fixture(params=["infobits", "softwear"])
def demo(request: pytest.FixtureRequest, db: None) -> Desk:
    """A demo desk with its people, and no ticket yet."""
    desk = make_desk(load(request.param), is_demo=True)
    begin(desk, now=NOW)
    return Desk.objects.get()


# People


def test_the_rows_of_every_shop_say_what_is_written_about_it(demo: Desk) -> None:
    rules = desk_for_rules(demo)
    for shop in data.shops(demo.key):
        customer = Customer.objects.get(number=shop.number)
        facts, written = customer_facts(customer), shop.terms.facts(NOW.date(), rules)
        assert set(facts.licences) == set(written.licences)
        assert set(facts.contracts) == set(written.contracts)
        for name in (
            "hardware_from_us",
            "existing_since",
            "maintained_by",
            "charity_until",
            "prepaid_minutes",
        ):
            assert getattr(facts, name) == getattr(written, name)


def test_everything_that_an_administrator_may_edit_is_valid(demo: Desk) -> None:
    for model in (Customer, Contact, PhoneNumber):
        for row in model.objects.all():
            try:
                row.full_clean()
            except ValidationError as error:
                pytest.fail(f"{row}: {error}")


def test_five_agents_in_two_teams_and_an_administrator(demo: Desk) -> None:
    assert Agent.objects.filter(role=Role.AGENT).count() == 5
    assert Agent.objects.filter(role=Role.AGENT).values("team").distinct().count() == 2
    assert Agent.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_every_login_that_is_offered_works_and_leads_somewhere(demo: Desk) -> None:
    assert [each["name"] for each in demo.demo_logins][:3] == ["Anna", "Ben", "Willem"]
    for offered in demo.demo_logins:
        client = Client()
        assert client.login(email=offered["email"], password=offered["password"])
        assert client.get(reverse("after_login"), follow=True).status_code == 200


def test_the_login_page_shows_the_logins_of_a_demo(demo: Desk) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert all(each["email"] in page for each in demo.demo_logins)
    assert people.PASSWORD in page


def test_a_real_desk_gets_no_invented_people(infobits: Desk) -> None:
    with pytest.raises(NotADemoDesk):
        begin(infobits, now=NOW)
    assert not Customer.objects.exists()
    assert people.PASSWORD not in Client().get(reverse("account_login")).content.decode()


def test_a_desk_with_customers_of_its_own_is_left_alone(db: None) -> None:
    desk = make_desk(load("infobits"), is_demo=True)
    Customer.objects.create(number="1", name="Echte klant")
    with pytest.raises(DeskInUse):
        begin(desk, now=NOW)
    assert User.objects.count() == 0


def test_beginning_twice_makes_nobody_twice(demo: Desk) -> None:
    people_there = User.objects.count()
    again = begin(demo, now=NOW + timedelta(hours=3))
    assert (User.objects.count(), again.begun_at) == (people_there, NOW)


def test_a_preset_of_ones_own_has_a_demo_too(db: None) -> None:
    begin(make_desk(load("example"), is_demo=True), now=NOW)
    assert Customer.objects.count() == 40
    assert len(stories_of(Desk.objects.get(), begun_at=NOW)) == 300


def test_every_telephone_has_an_agent_and_both_lines_stand_behind_one_number_SW_01(demo: Desk) -> None:
    """A number is tied to a line only where that is the only one: else the moment decides."""
    assert Extension.objects.exists() and not Extension.objects.filter(user=None).exists()
    tied = list(CalledNumber.objects.values_list("line__key", flat=True))
    assert tied == (["helpdesk"] if demo.key == "infobits" else [])


def test_a_preset_without_telephones_has_a_demo_without_calls(db: None) -> None:
    preset = load("infobits")
    quiet = replace(preset, phone=replace(preset.phone, queues={}))
    desk = make_desk(quiet, is_demo=True)
    begin(desk, now=NOW)
    telephone.ring(desk, now=NOW)
    assert not Call.objects.exists()


# Tickets


def test_a_story_of_every_kind_ends_as_it_says(demo: Desk) -> None:
    stage = Stage.at(demo)
    first = {story.ending: story for story in reversed(stories_of(demo, begun_at=NOW.astimezone(UTC)))}
    for ending, story in sorted(first.items(), key=lambda item: item[1].opened_at):
        ticket = tell(story, stage)
        ticket.refresh_from_db()
        assert ticket.state == STATES[ending], ending
        assert ticket.opened_at == story.opened_at
        assert (ticket.due_at is not None and ticket.due_at < NOW) == (ending == "overdue"), ending
        if ending == "due_within_the_hour":
            assert ticket.due_at is not None
            assert ticket.due_at - NOW < timedelta(hours=1)
        events = [*TicketEvent.objects.filter(ticket=ticket).order_by("id").values_list("at", flat=True)]
        assert events == sorted(events)
        assert ticket.decision["decision"]["allowed"]
        assert Entry.objects.filter(subject_type="tickets.ticket", subject_id=str(ticket.pk)).exists()


def test_mail_of_a_demo_stays_in_the_mail_folder(demo: Desk, settings: object) -> None:
    settings.SMTP_URL = "smtp://mail.example"  # type: ignore[attr-defined]
    next(go_on(4))
    assert OutboundMail.objects.exists()
    assert set(OutboundMail.objects.values_list("state", flat=True)) == {OutboundState.KEPT}


def test_a_photo_lies_with_the_question_that_mentions_it(demo: Desk) -> None:
    story = next(each for each in stories_of(demo, begun_at=NOW) if each.has_photo)
    ticket = tell(story, Stage.at(demo))
    attachment = Attachment.objects.get(message__ticket=ticket)
    assert attachment.content_type == "image/png"


def test_filling_goes_on_where_it_was_left(demo: Desk) -> None:
    assert next(go_on(3)).done == 3
    second = next(go_on(2))
    assert (second.done, second.is_complete) == (5, False)
    assert Ticket.objects.count() == 5
    expected = [story.opened_at for story in stories_of(demo, begun_at=NOW)[:5]]
    assert [*Ticket.objects.order_by("number").values_list("opened_at", flat=True)] == expected


def test_what_a_visitor_changed_meanwhile_is_left_out(demo: Desk) -> None:
    story = stories_of(demo, begun_at=NOW)[0]
    Contact.objects.filter(email=story.shop.mail_address(story.person)).delete()
    assert next(go_on(2)).done == 2
    assert Ticket.objects.count() == 1


def test_the_page_tells_how_far_it_is_until_all_are_there(demo: Desk) -> None:
    client = Client(headers={"Accept-Language": "en"})
    assert "Demo tickets: 0 of 300" in client.get(reverse("start")).content.decode()
    next(go_on(2))
    banner = client.get(reverse("demo_progress")).content.decode()
    assert "Demo tickets: 2 of 300" in banner
    assert "hx-get" in banner
    filling.Progress(NOW, 300, 300).store(Desk.objects.get())
    last = client.get(reverse("demo_progress")).content.decode()
    assert "All 300 demo tickets are here." in last
    assert "hx-get" not in last
    assert "demo tickets" not in client.get(reverse("start")).content.decode().lower()


NEVER: dict[str, set[State]] = {
    "infobits": set(),
    # there nothing is paid beforehand, and no request is accepted first
    "softwear": {State.AWAITING_PAYMENT, State.AWAITING_ACCEPTANCE, State.DECLINED},
}


@pytest.mark.long
def test_all_three_hundred_are_told_and_none_is_refused(demo: Desk) -> None:
    for progress in go_on(50):
        assert Ticket.objects.count() == progress.done
    assert Ticket.objects.count() == 300
    states = set(Ticket.objects.values_list("state", flat=True))
    assert states == {state.value for state in State} - NEVER[demo.key]
