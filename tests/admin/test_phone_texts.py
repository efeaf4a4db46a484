"""What callers hear, changed in the browser: listened to, kept, and back to the standard."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest
from tests.cast import browser_of, moment

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.customers.models import Contact
from balie.desk.models import Desk
from balie.phone import actions
from balie.phone.asking import Asked, Routed
from balie.phone.models import PromptText
from balie.phone.prompts import every_prompt
from balie.rules.spoken_texts import STANDARD

LIST = "/admin/phone-texts/"
CLOSED = "/admin/phone-texts/closed/nl/"
NIGHT = moment("2026-11-20 23:00")


@pytest.fixture(autouse=True)
def sounds_of_the_test(settings, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path


def asked(at=NIGHT) -> Routed:
    exchange, _token = actions.made("Centrale", by=None, now=at)
    return actions.route_call(exchange, Asked(call="call-1", number="0206543210"), now=at)


def test_every_text_is_in_the_list_in_both_languages(infobits: Desk, willem: User) -> None:
    page = browser_of(willem).get(LIST).content.decode()

    for name in STANDARD:
        assert f"/admin/phone-texts/{name}/nl/" in page
        assert f"/admin/phone-texts/{name}/en/" in page
    assert "Wij zijn nu gesloten." in page


def test_a_text_is_kept_said_to_callers_and_given_back_SW_01(softwear: Desk, willem: User) -> None:
    browser = browser_of(willem)
    standard = asked().text
    assert browser.post(CLOSED, {"text": "  Goedenavond,\nwij zijn nu dicht. "}).status_code == 302

    softwear.refresh_from_db()
    assert every_prompt(softwear)["closed"]["nl"] == "Goedenavond, wij zijn nu dicht."
    answer = actions.route_call(
        actions.made("Andere", by=None, now=NIGHT)[0], Asked(call="call-2", number="0206543210"), now=NIGHT
    )
    assert answer.text is not None and standard is not None
    assert answer.text["nl"] == standard["nl"].replace(
        "Wij zijn nu gesloten.", "Goedenavond, wij zijn nu dicht."
    )
    assert answer.text["en"] == standard["en"]

    assert browser.post(CLOSED, {"_standard": "yes"}).status_code == 302
    softwear.refresh_from_db()
    assert every_prompt(softwear)["closed"]["nl"] == "Wij zijn nu gesloten."
    assert not PromptText.objects.exists()
    done = Entry.objects.filter(action__in=["write_prompt", "prompt_to_standard"]).order_by("id")
    assert [each.action for each in done] == ["write_prompt", "prompt_to_standard"]


def test_the_same_words_again_are_no_change(infobits: Desk, willem: User) -> None:
    for _time in range(2):
        browser_of(willem).post(CLOSED, {"text": "Wij zijn dicht."})

    assert Entry.objects.filter(action="write_prompt").count() == 1


@pytest.mark.parametrize(
    "text",
    [pytest.param("", id="nothing"), pytest.param(" .!? ", id="no word"), pytest.param("a" * 501, id="long")],
)
def test_what_cannot_be_said_is_named_and_not_kept(infobits: Desk, willem: User, text: str) -> None:
    page = browser_of(willem).post(CLOSED, {"text": text})

    assert page.status_code == 422
    assert page.context["form"].errors["text"]
    assert not PromptText.objects.exists()


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "[[h@l'oU]]", "'; DROP TABLE phone_call; --", "\x00\x1b[0m ja"]
)
def test_any_words_are_shown_as_they_are_and_spoken(infobits: Desk, willem: User, text: str) -> None:
    browser = browser_of(willem)

    browser.post(CLOSED, {"text": text})

    assert "<script>alert" not in browser.get(CLOSED).content.decode()
    assert browser.get(f"{CLOSED}sound/").status_code == 200


def test_a_text_is_listened_to_as_callers_hear_it(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    first = browser.get(f"{CLOSED}sound/")
    browser.post(CLOSED, {"text": "Wij zijn gesloten tot en met maandag."})
    second = browser.get(f"{CLOSED}sound/")

    assert first.headers["Content-Type"] == "audio/wav"
    with wave.open(io.BytesIO(first.content), "rb") as file:
        assert (file.getframerate(), file.getnchannels()) == (8000, 1)
        assert max(file.readframes(file.getnframes())) > 0
    assert second.content != first.content


def test_a_recording_is_listened_to_instead_of_the_text(infobits: Desk, willem: User, tmp_path: Path) -> None:
    own = tmp_path / "sounds" / "own" / "nl" / "closed.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"RIFF a voice")
    browser = browser_of(willem)

    assert browser.get(f"{CLOSED}sound/").content == b"RIFF a voice"
    assert "A person recorded this" in browser.get(CLOSED).content.decode()


def test_without_espeak_ng_the_page_says_what_to_install(
    infobits: Desk, willem: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    browser = browser_of(willem)

    assert "apt install espeak-ng" in browser.get(CLOSED).content.decode()
    assert browser.get(f"{CLOSED}sound/").status_code == 503


@pytest.mark.parametrize("path", ["nothing/nl/", "closed/fr/", "topic-till-scanner/nl/", "closed/nl/x/"])
def test_what_is_no_text_is_not_found(infobits: Desk, willem: User, path: str) -> None:
    assert browser_of(willem).get(f"{LIST}{path}").status_code == 404


@pytest.mark.parametrize("path", [LIST, CLOSED, f"{CLOSED}sound/"])
def test_nobody_but_an_administrator_gets_in(infobits: Desk, anna: User, carla: Contact, path: str) -> None:
    for somebody in (anna, carla):
        assert browser_of(somebody).get(path).status_code in {302, 403, 404}
    assert browser_of(None).get(path).status_code == 302
