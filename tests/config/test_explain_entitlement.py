"""`balie explain entitlement` and the facts it takes."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from balie.config.command_line import main
from balie.config.explained_entitlement import CHOICES, explain_entitlement
from balie.config.facts_file import FACTS_SCHEMA, BadFacts, read_facts
from balie.config.words import Words
from balie.presets.reading import load
from balie.rules.customer_facts import CharityApplication, CustomerFacts, LicenceFact, MaintainedBy
from balie.rules.wishes import Channel, Wish

AT = "2026-11-20 16:00"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def question(
        customer: dict[str, Any], *options: str, preset: str = "infobits", code: int = 0
    ) -> dict[str, Any]:
        path = tmp_path / "facts.json"
        path.write_text(json.dumps({"customer": customer}), encoding="utf-8")
        given = [
            "explain",
            "entitlement",
            "--preset",
            preset,
            "--facts",
            str(path),
            "--at",
            AT,
            *options,
            "--json",
        ]
        assert main(given) == code
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return question


PHONE = {"type": "phone-support", "from": "2026-01-01", "until": "2026-12-31"}

CUSTOMERS = [
    # the customer, plan, status, deadline
    ({}, "SLA24", "valid", "2026-11-25T16:00:00+01:00", "nothing is known: the free plan"),
    (
        {"licences": [{"product": "infokasv3-l", "from": "2026-01-01", "until": "2026-12-31"}]},
        "SLA8",
        "valid_until",
        "2026-11-23T16:00:00+01:00",
        "included with InfokasV3 L",
    ),
    (
        {"licences": [{"product": "InfokasV3 type S"}], "contracts": [PHONE]},
        "SLA8",
        "valid",
        "2026-11-23T13:00:00+01:00",
        "a phone contract counts zone 1; the licence by its name",
    ),
    (
        {"contracts": [{"type": "SLA4"}], "hardware_from_us": True, "existing_since": "2020-01-01"},
        "SLA4",
        "valid",
        "2026-11-21T12:00:00+01:00",
        "the maintenance contract by its other name",
    ),
    (
        {"licences": [{"product": "infokasv3-l", "until": "2026-10-31"}]},
        "SLA24",
        "expired_on",
        "2026-11-25T16:00:00+01:00",
        "the licence has ended",
    ),
    (
        {"existing_since": "2015-01-01", "last_paid_support_on": "2020-05-01"},
        None,
        "payment",
        None,
        "no paid support for years: pay first",
    ),
]


@pytest.mark.parametrize(
    ("customer", "plan", "status", "deadline", "because"), CUSTOMERS, ids=[row[4] for row in CUSTOMERS]
)
def test_plan_status_and_deadline_follow_from_the_facts_IB_08_IB_18(
    ask: Ask, customer: dict[str, Any], plan: str | None, status: str, deadline: str | None, because: str
) -> None:
    answer = ask(customer)
    result = answer["result"]
    assert (result["plan"], result["status"], result["deadline"]) == (plan, status, deadline), because
    assert answer["reasons"]


def test_the_status_is_also_a_sentence_with_the_day_as_people_write_it_IB_18(ask: Ask) -> None:
    result = ask({"licences": [{"product": "infokasv3-l", "until": "2026-10-31"}]})["result"]
    assert result["status_text"] == "SLA8: expired on 31-10-2026"
    assert (result["status_plan"], result["status_day"]) == ("SLA8", "2026-10-31")


def test_a_refused_wish_is_an_answer_with_a_way_forward_IB_11(ask: Ask) -> None:
    answer = ask({}, "--urgent")
    assert answer["result"]["allowed"] is False
    assert answer["result"]["deadline"] is None
    assert answer["result"]["ways_forward"]
    assert "IB-11" in {each["rule"] for each in answer["reasons"]}


def test_what_must_be_paid_first_has_no_deadline_yet_IB_19(ask: Ask) -> None:
    wish = ("--answer", "callback", "--billing", "prepaid")
    waits = ask({}, *wish)["result"]
    assert (waits["waits_for"], waits["deadline"]) == (["payment"], None)
    paid = ask({"prepaid_minutes": 30}, *wish)["result"]
    assert (paid["waits_for"], paid["deadline"]) == ([], "2026-11-25T16:00:00+01:00")


def test_the_price_the_rate_and_what_is_left_of_the_quota_are_part_of_the_answer_IB_10_IB_22_IB_29(
    ask: Ask,
) -> None:
    free = ask({"tickets_this_month": 1})["result"]
    assert (free["price_basis"], free["quota"]) == ("free", {"tickets": 1, "reactions": 3})
    assert free["rate"] == {"zone": "zone-1", "hourly_cents": 8500}
    urgent = ask({"licences": [{"product": "infokasv3-l"}]}, "--urgent")["result"]
    assert urgent["surcharge"] == {"percent": 50, "cents": None}
    assert (urgent["price_basis"], urgent["quota"]) == ("included", None)


@pytest.mark.parametrize(
    ("customer", "number"),
    [
        pytest.param({"contracts": [PHONE]}, "+31850000000", id="with a phone contract"),
        pytest.param({"contracts": [{**PHONE, "until": "2026-11-19"}]}, None, id="it ended yesterday"),
        pytest.param({"contracts": [{**PHONE, "until": "2026-11-20"}]}, "+31850000000", id="it ends today"),
        pytest.param({}, None, id="without"),
    ],
)
def test_only_a_phone_contract_shows_the_number_IB_01(
    ask: Ask, customer: dict[str, Any], number: str | None
) -> None:
    result = ask(customer)["result"]
    assert (result["shows_phone_number"], result["phone_number"]) == (number is not None, number)
    by_phone = ask(customer, "--channel", "phone")["result"]
    assert by_phone["allowed"] is (number is not None)
    assert bool(by_phone["ways_forward"]) is (number is None)


def test_the_wishes_that_would_be_allowed_are_listed_and_the_others_say_why_not_IB_19(ask: Ask) -> None:
    result = ask({}, "--answer", "callback")["result"]
    assert {(each["answer"], each["billing"], each["price_basis"]) for each in result["choices"]} == {
        ("site", "none", "free"),
        ("callback", "none", "prepaid"),
        ("callback", "prepaid", "prepaid"),
        ("anydesk", "none", "prepaid"),
        ("anydesk", "prepaid", "prepaid"),
    }
    assert not any(each["urgent"] for each in result["choices"])
    assert all(each["refusal"] and each["ways_forward"] for each in result["refused_choices"])


def test_a_choice_says_what_it_would_come_to_IB_15_IB_22(ask: Ask) -> None:
    result = ask({"licences": [{"product": "infokasv3-l"}]}, "--topic", "till")["result"]
    found = {(each["answer"], each["billing"], each["urgent"]): each for each in result["choices"]}
    assert found["callback", "postpaid", True] == {
        "channel": "portal",
        "topic": "till",
        "answer": "callback",
        "billing": "postpaid",
        "urgent": True,
        "allowed": True,
        "price_basis": "postpaid",
        "surcharge": {"percent": 50, "cents": None},
        "deadline": "2026-11-23T16:00:00+01:00",
        "waits_for": [],
    }
    prepaid = found["callback", "prepaid", False]
    assert (prepaid["deadline"], prepaid["waits_for"], prepaid["surcharge"]) == (None, ["payment"], None)


@pytest.mark.parametrize(
    ("customer", "options", "expected"),
    [
        pytest.param(
            {"contracts": [PHONE]},
            (),
            {("site", "none"), ("callback", "none"), ("anydesk", "none")},
            id="IB_01 nothing is to be paid, so there is no way of payment to choose",
        ),
        pytest.param(
            {"contracts": [PHONE]},
            ("--channel", "phone"),
            {("site", "none"), ("callback", "none"), ("anydesk", "none")},
            id="IB_01 nor for a call",
        ),
        pytest.param({}, ("--channel", "phone"), set(), id="IB_01 without the contract nothing by phone"),
        pytest.param(
            {"existing_since": "2015-01-01"},
            (),
            {(answer, pays) for answer in ("site", "callback", "anydesk") for pays in ("none", "prepaid")},
            id="IB_13 with the payment status an answer on the site is paid beforehand, too",
        ),
        pytest.param(
            {"tickets_this_month": 2},
            (),
            {("site", "prepaid"), ("callback", "none"), ("callback", "prepaid"), ("anydesk", "none"),
             ("anydesk", "prepaid")},
            id="IB_10 what is paid has no quota",
        ),
    ],
)  # fmt: skip
def test_only_wishes_that_matter_are_listed(
    ask: Ask, customer: dict[str, Any], options: tuple[str, ...], expected: set[tuple[str, str]]
) -> None:
    result = ask(customer, *options)["result"]
    calm = [each for each in result["choices"] if not each["urgent"]]
    assert {(each["answer"], each["billing"]) for each in calm} == expected
    assert all(each["allowed"] for each in result["choices"])
    assert not any(each["allowed"] for each in result["refused_choices"])


def test_a_refusal_names_its_rule_and_setting_beside_the_sentence_IB_11(ask: Ask) -> None:
    result = ask({}, "--urgent")["result"]
    assert (result["refusal_rule"], result["refusal_setting"]) == ("IB-11", "plans.SLA24.is_free")
    assert [each["text"] for each in result["ways_forward_reasons"]] == result["ways_forward"]
    assert result["ways_forward_reasons"][1] == {
        "text": "With SLA8 an urgent question is possible.",
        "rule": "IB-11",
        "setting": "plans.SLA8",
    }
    urgent = next(each for each in result["refused_choices"] if each["urgent"])
    assert urgent["refusal_rule"] == "IB-11"
    assert urgent["ways_forward_reasons"]


def test_a_wish_that_is_allowed_has_no_refusal(ask: Ask) -> None:
    result = ask({})["result"]
    assert (result["refusal"], result["refusal_rule"], result["refusal_setting"]) == (None, None, None)
    assert result["ways_forward"] == result["ways_forward_reasons"] == []


@pytest.mark.parametrize(
    ("percent", "cents", "said"),
    [
        pytest.param(50, None, "included, and a surcharge of 50% on the rate", id="a percentage"),
        pytest.param(None, 7500, "included, and a surcharge of EUR 75.00", id="an amount"),
        pytest.param(50, 7500, "included, and a surcharge of 50% on the rate and EUR 75.00", id="both"),
        pytest.param(None, None, "included, and a surcharge", id="neither is set"),
    ],
)
def test_the_text_says_what_urgent_costs_on_top_IB_22(
    percent: int | None, cents: int | None, said: str
) -> None:
    preset = load("infobits")
    settings = replace(preset.desk.settings, urgent_surcharge_percent=percent, urgent_surcharge_cents=cents)
    desk = replace(preset.desk, settings=settings)
    facts = CustomerFacts(licences=(LicenceFact("infokasv3-l"),))
    at = datetime(2026, 11, 20, 16, tzinfo=ZoneInfo("Europe/Amsterdam"))
    explained = explain_entitlement(replace(preset, desk=desk), facts, Wish(Channel.PORTAL), at=at)
    lines = [Words("en").sentence(each) for each in explained.more[CHOICES]]
    assert f"answer on the site, urgent: {said}" in lines
    assert "answer on the site: included" in lines


def test_what_would_change_the_answer_is_said_with_its_price_IB_14(ask: Ask) -> None:
    answer = ask({"licences": [{"product": "ts-pos"}]}, "--urgent")
    assert [(each["plan"], each["text"]) for each in answer["result"]["changes"]] == [
        ("SLA8", "With SLA8, EUR 5.00 a month, this would be possible.")
    ]
    assert answer["result"]["changes"][0]["contract"] == "sla8"


@pytest.mark.parametrize(
    ("at", "topic", "allowed", "rule"),
    [
        pytest.param("2026-11-19 10:00", "till-scanner", True, None, id="an urgent incident in office hours"),
        pytest.param("2026-11-19 10:00", "till-incident", False, "SW-03", id="another incident then"),
        pytest.param("2026-11-19 10:00", "till-question", False, "SW-03", id="a question then"),
        pytest.param("2026-11-19 18:00", "till-incident", True, None, id="any till incident in the evening"),
        pytest.param(
            "2026-11-19 18:00", "back-office-cannot-print", False, "SW-04", id="not the back office"
        ),
        pytest.param(
            "2026-11-19 18:00", "till-question", False, "SW-04", id="a till question goes to the chat"
        ),
        pytest.param("2026-11-19 10:00", "layout-logo", False, "SW-11", id="a layout never by phone"),
        pytest.param("2026-11-19 23:00", "till-scanner", False, "SW-01", id="at night nobody answers"),
    ],
)
def test_who_may_phone_follows_from_the_moment_and_the_topic_SW_03_SW_04_SW_11(
    ask: Ask, at: str, topic: str, allowed: bool, rule: str | None
) -> None:
    answer = ask({}, "--channel", "phone", "--topic", topic, "--at", at, preset="softwear")
    assert answer["result"]["allowed"] is allowed
    if not allowed:
        assert answer["reasons"][-1]["rule"] == rule
        assert answer["result"]["ways_forward"]


@pytest.mark.parametrize(
    ("topic", "price"),
    [
        pytest.param("research-figures", "actual_time", id="SW-12 research"),
        pytest.param("layout-logo", "quote", id="SW-11 a layout"),
        pytest.param("third-party", "quote", id="SW-16 caused by others"),
        pytest.param("till-question", "included", id="anything else"),
    ],
)
def test_what_it_is_about_decides_on_the_price_SW_11_SW_12_SW_16(ask: Ask, topic: str, price: str) -> None:
    assert ask({}, "--topic", topic, preset="softwear")["result"]["price_basis"] == price


def test_the_answer_is_dutch_when_dutch_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text('{"customer": {"licences": [{"product": "ts-pos"}]}}')
    given = ["explain", "entitlement", "--preset", "infobits", "--facts", str(path), "--at", AT]
    assert main([*given, "--answer", "callback", "--language", "nl"]) == 0
    said = capsys.readouterr().out
    assert "Keuzes:" in said
    assert "- terugbelverzoek, prepaid: prepaid" in said
    assert "Met SLA8, EUR 5,00 per maand," in said


def test_bad_facts_are_refused_in_dutch_when_dutch_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text('{"customer": {"existing_since": 2020}}')
    given = ["explain", "entitlement", "--preset", "infobits", "--facts", str(path), "--at", AT]
    assert main([*given, "--language", "nl"]) == 2
    assert capsys.readouterr().err.strip() == "customer.existing_since: moet string of null zijn, niet 2020"


def test_a_licence_that_the_desk_does_not_know_is_said_and_does_not_count(ask: Ask) -> None:
    answer = ask({"licences": [{"product": "Kasboek 2000"}]})
    assert answer["result"]["plan"] == "SLA24"
    assert any("Kasboek 2000" in each["text"] for each in answer["reasons"])


def test_softwear_promises_nothing_and_still_takes_the_question(ask: Ask) -> None:
    result = ask({}, preset="softwear")["result"]
    assert (result["allowed"], result["plan"], result["deadline"]) == (True, None, None)


def test_an_unknown_topic_is_bad_input(ask: Ask) -> None:
    error = ask({}, "--topic", "till-scaner", preset="softwear", code=2)["error"]
    assert "“till-scaner” is no category of Softwear servicedesk; write till-scanner" in error


def test_facts_come_on_standard_input_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'\xef\xbb\xbf{"customer": {}}')))
    assert main(["explain", "entitlement", "--preset", "infobits", "--facts", "-", "--at", AT]) == 0
    assert capsys.readouterr().out.startswith(
        "SLA24: valid\nThe response is due on Wednesday 25-11-2026 16:00."
    )


def test_sentences_say_no_and_what_is_possible(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    path.write_text("{}")
    given = ["explain", "entitlement", "--preset", "infobits", "--facts", str(path), "--at", AT, "--urgent"]
    assert main(given) == 0
    assert "This cannot be asked now.\nAsk the question without urgency." in capsys.readouterr().out


def test_everything_may_be_left_out() -> None:
    infobits = load("infobits")
    assert read_facts("{}", infobits) == read_facts('{"customer": {}}', infobits) == CustomerFacts()


def test_every_fact_arrives() -> None:
    customer = {
        "licences": [{"product": "TS Pos", "from": None, "until": "2026-12-31"}],
        "contracts": [{"type": "HaaS"}],
        "hardware_from_us": True,
        "existing_since": "2020-02-29",
        "maintained_by": "third_party",
        "charity_until": "2027-01-01",
        "charity_application": "applied",
        "last_paid_support_on": "2026-01-01",
        "tickets_this_month": 1,
        "reactions_on_ticket": 2,
        "prepaid_minutes": 3,
        "phone_numbers": ["+31612345678"],
    }
    facts = read_facts(json.dumps({"customer": customer}), load("infobits"))
    assert facts.licences[0].product == "ts-pos"
    assert str(facts.licences[0].validity.last) == "2026-12-31"
    assert facts.contracts[0].type == "haas"
    assert (facts.hardware_from_us, facts.maintained_by) == (True, MaintainedBy.THIRD_PARTY)
    assert facts.charity_application is CharityApplication.APPLIED
    days = (facts.existing_since, facts.charity_until, facts.last_paid_support_on)
    assert [str(each) for each in days] == ["2020-02-29", "2027-01-01", "2026-01-01"]
    assert (facts.tickets_this_month, facts.reactions_on_ticket, facts.prepaid_minutes) == (1, 2, 3)
    assert facts.phone_numbers == ("+31612345678",)


BAD_FACTS = [
    ("{", "The facts are not JSON: Expecting property name enclosed in double quotes at line 1, column 2."),
    ("", "The facts are not JSON"),
    ("[" * 100_000, "nested too deeply"),
    ("[]", "facts: should be object, not []"),
    ('{"custommer": {}}', "custommer: unknown key; known here: customer"),
    ('{"customer": []}', "customer: should be object, not []"),
    ('{"customer": {"sla": 8}}', "customer.sla: unknown key; known here: licences, contracts"),
    ('{"customer": {"licences": {}}}', "customer.licences: should be array, not {}"),
    ('{"customer": {"licences": [3]}}', "customer.licences[0]: should be object, not 3"),
    ('{"customer": {"licences": [{}]}}', "customer.licences[0].product: is missing"),
    (
        '{"customer": {"licences": [{"product": "x", "to": "2026-01-01"}]}}',
        "customer.licences[0].to: unknown key",
    ),
    ('{"customer": {"contracts": [{"type": 4}]}}', "customer.contracts[0].type: should be string, not 4"),
    (
        '{"customer": {"licences": [{"product": "x", "until": "31-12-2026"}]}}',
        'customer.licences[0].until: "31-12-2026" is no day; write it as 2026-12-31',
    ),
    ('{"customer": {"existing_since": "2026-02-30"}}', 'customer.existing_since: "2026-02-30" is no day'),
    ('{"customer": {"existing_since": "20260101"}}', 'customer.existing_since: "20260101" is no day'),
    ('{"customer": {"existing_since": 2020}}', "customer.existing_since: should be string or null, not 2020"),
    ('{"customer": {"hardware_from_us": "yes"}}', 'customer.hardware_from_us: should be boolean, not "yes"'),
    ('{"customer": {"hardware_from_us": null}}', "customer.hardware_from_us: should be boolean, not null"),
    (
        '{"customer": {"maintained_by": "me"}}',
        'customer.maintained_by: "me" is not known; write one of desk,',
    ),
    (
        '{"customer": {"tickets_this_month": true}}',
        "customer.tickets_this_month: should be integer, not true",
    ),
    (
        '{"customer": {"tickets_this_month": -1}}',
        "customer.tickets_this_month: -1 is too small; write at least 0",
    ),
    ('{"customer": {"prepaid_minutes": 1.5}}', "customer.prepaid_minutes: should be integer, not 1.5"),
    ('{"customer": {"phone_numbers": [31]}}', "customer.phone_numbers[0]: should be string, not 31"),
    (
        '{"customer": {"contracts": [{"type": "haas", "from": "2026-02-01", "until": "2026-01-31"}]}}',
        "customer.contracts[0]: ends on 2026-01-31, before it begins on 2026-02-01",
    ),
]


@pytest.mark.parametrize(("text", "message"), BAD_FACTS, ids=[row[1][:50] for row in BAD_FACTS])
def test_bad_facts_are_refused_by_their_path(text: str, message: str) -> None:
    with pytest.raises(BadFacts) as refusal:
        read_facts(text, load("infobits"))
    assert message in str(refusal.value)


def test_all_that_is_wrong_in_the_facts_is_said_at_once(ask: Ask) -> None:
    error = ask({"hardware_from_us": 1, "existing_since": "soon", "sla": 8}, code=2)["error"]
    assert [line.split(":")[0] for line in error.splitlines()] == [
        "customer.hardware_from_us",
        "customer.existing_since",
        "customer.sla",
    ]


def test_facts_that_are_no_text_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(b"\xff\xfe{}")
    assert (
        main(["explain", "entitlement", "--preset", "infobits", "--facts", str(path), "--at", AT, "--json"])
        == 2
    )
    assert "is not UTF-8 text" in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["plain", "json"])
def test_the_schema_is_printed_as_it_is_used(
    options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "schema", *options]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema == FACTS_SCHEMA
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["properties"]["customer"]["properties"]) == {
        "licences",
        "contracts",
        "hardware_from_us",
        "existing_since",
        "maintained_by",
        "charity_until",
        "charity_application",
        "last_paid_support_on",
        "tickets_this_month",
        "reactions_on_ticket",
        "prepaid_minutes",
        "phone_numbers",
    }
