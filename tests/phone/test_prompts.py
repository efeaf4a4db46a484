"""The prompts of a desk: whole sentences in both languages, and the files that exchanges play (SW-01 to 05, IB-03)."""

from __future__ import annotations

import argparse
import json
import wave
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.cast import moment
from tests.phone.exchange import CARLAS, pbx, registers

from balie.config import phone_prompts
from balie.config.desk_setup import make_desk
from balie.contracts.models import Contract, ContractType
from balie.customers.models import Customer
from balie.desk.models import DatedHours, Desk, Line
from balie.phone import actions
from balie.phone.asking import Asked, Routed
from balie.phone.prompts import every_prompt
from balie.phone.sound_files import SoundFiles
from balie.presets.reading import load
from balie.rules.routing import Announcement

FRIDAY_EVENING = moment("2026-11-20 21:30")


def said(desk: Desk, names: Iterable[str], language: str) -> str:
    """What a caller hears, piece after piece."""
    desk.refresh_from_db()
    texts = every_prompt(desk)
    return " ".join(texts[name][language] for name in names)


def asked(at: datetime, number: str = "0206543210") -> Routed:
    exchange, _token = actions.made("Centrale", by=None, now=at)
    return actions.route_call(exchange, Asked(call="call-1", number=number), now=at)


@pytest.mark.parametrize(
    ("at", "dutch", "english"),
    [
        pytest.param("2026-11-20 21:30", "morgen om negen uur", "tomorrow at nine o'clock", id="tomorrow"),
        pytest.param(
            "2026-11-22 08:00",
            "vandaag om twaalf uur 's middags",
            "today at twelve o'clock in the afternoon",
            id="today",
        ),
        pytest.param("2026-11-24 23:00", "morgen om half tien", "tomorrow at half past nine", id="half past"),
        pytest.param(
            "2026-12-25 09:00",
            "morgen om twaalf uur 's middags",
            "tomorrow at twelve o'clock in the afternoon",
            id="Christmas",
        ),
    ],
)
def test_a_closed_desk_says_in_words_when_it_opens_SW_01_SW_02(
    softwear: Desk, at: str, dutch: str, english: str
) -> None:
    answer = asked(moment(at))

    assert said(softwear, answer.prompts, "nl") == (
        f"Wij zijn nu gesloten. Wij zijn weer bereikbaar vanaf {dutch}. U kunt uw vraag stellen op onze website."
    )
    assert said(softwear, answer.prompts, "en") == (
        f"We are closed now. We can be reached again from {english}. You can make a ticket on our website."
    )


def test_whatever_the_hour_the_pieces_are_the_sentence_and_each_is_there_SW_01_SW_02(softwear: Desk) -> None:
    """Through Christmas and New Year's Day, in steps that meet every weekday and hour."""
    exchange, _token = actions.made("Centrale", by=None, now=moment("2026-12-20 00:30"))
    for number in range(55):
        at = moment("2026-12-20 00:30") + timedelta(hours=7 * number)
        answer = actions.route_call(exchange, Asked(call=f"call-{number}", number="0206543210"), now=at)

        if answer.announcement is Announcement.CLOSED:
            assert answer.text == {each: said(softwear, answer.prompts, each) for each in ("nl", "en")}
        assert set(answer.prompts) <= set(every_prompt(softwear))


def test_a_long_closing_is_said_with_its_date(infobits: Desk, bakery: Customer) -> None:
    for line in Line.objects.all():
        for day in range(1, 21):
            DatedHours.objects.create(line=line, on=date(2026, 12, day))
    Contract.objects.create(customer=bakery, type=ContractType.objects.get(key="phone-support"))
    registers(bakery)

    answer = asked(moment("2026-12-01 10:00"), CARLAS)

    assert "date-1221" in answer.prompts
    assert "maandag eenentwintig december om negen uur." in said(infobits, answer.prompts, "nl")
    assert "Monday the twenty-first of December at nine o'clock." in said(infobits, answer.prompts, "en")


def test_the_menu_says_the_topic_and_then_its_key_SW_03(softwear: Desk) -> None:
    answer = asked(moment("2026-11-20 10:00"))

    assert said(softwear, answer.prompts, "nl").startswith(
        "Waar gaat uw gesprek over? Voor Storing in de backoffice: Niet kunnen inloggen, toets 1."
    )
    assert said(softwear, answer.prompts, "en").endswith(
        "For something else, press the star key. To hear this again, press the hash key."
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_fixed_files_of_a_desk_are_there_in_sound(infobits: Desk, tmp_path: Path, language: str) -> None:
    texts = {name: text for name, text in every_prompt(infobits).items() if not name.startswith("date-")}
    some = dict([*texts.items()][:12])

    made = phone_prompts.make(SoundFiles(tmp_path), some, languages=[language], formats=["alaw"])

    assert made == {"spoken": 12, "recorded": 0}
    for name in some:
        with wave.open(str(tmp_path / language / f"{name}.wav"), "rb") as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
            assert max(file.readframes(file.getnframes())) > 0
        assert (tmp_path / language / f"{name}.alaw").stat().st_size > 1000


@pytest.mark.parametrize("text", ["fr", "nl,", "NL", "../x"])
def test_a_language_that_is_not_spoken_is_named(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="nl, en"):
        phone_prompts.languages(text)


@pytest.mark.parametrize("text", ["mp3", "alaw,ogg"])
def test_a_format_that_is_not_made_is_named(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="sln"):
        phone_prompts.formats(text)


def test_without_espeak_ng_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from balie.config.command_line import main

    monkeypatch.setenv("PATH", str(tmp_path))

    assert main(["phone", "prompts", "--json"]) == 1
    assert "apt install espeak-ng" in json.loads(capsys.readouterr().out)["error"]


def test_an_exchange_reads_what_every_file_says(infobits: Desk) -> None:
    exchange = pbx(FRIDAY_EVENING)
    answer = exchange.client.get("/api/phone/prompts", headers={"Authorization": f"Bearer {exchange.token}"})

    assert answer.status_code == 200
    assert answer.json()["closed"] == {"nl": "Wij zijn nu gesloten.", "en": "We are closed now."}


@pytest.mark.parametrize("token", ["", "wrong", "é"])
def test_nobody_else_does(infobits: Desk, token: str) -> None:
    answer = pbx(FRIDAY_EVENING).client.get(
        "/api/phone/prompts", headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 401


def test_a_preset_gives_spoken_texts_of_its_own(db: None) -> None:
    texts = every_prompt(make_desk(load("example")))

    assert texts["closed"]["en"] == "You are calling outside our hours."
    assert texts["show-number"]["en"].startswith("We cannot see your number")
