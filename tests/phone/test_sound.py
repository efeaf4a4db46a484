"""What callers hear: real speech of espeak-ng, in the form that a telephone carries."""

from __future__ import annotations

import array
import io
import itertools
import math
import shutil
import wave
from pathlib import Path

import pytest

from balie.phone import sound
from balie.phone.sound import CannotSpeak
from balie.phone.sound_files import SoundFiles

CLOSED = {"nl": "Wij zijn nu gesloten.", "en": "We are closed now."}


def seconds_of(file: bytes) -> float:
    with wave.open(io.BytesIO(file), "rb") as opened:
        assert (opened.getframerate(), opened.getnchannels(), opened.getsampwidth()) == (8000, 1, 2)
        return float(opened.getnframes() / opened.getframerate())


def loudness(samples: array.array[int]) -> float:
    return math.sqrt(sum(each * each for each in samples) / len(samples))


def test_espeak_ng_is_there() -> None:
    """The tests below need it; in CI a missing program is a failure and no reason to look away."""
    assert shutil.which("espeak-ng"), sound.HOW_TO_INSTALL


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_text_is_spoken_as_a_telephone_carries_it(language: str) -> None:
    file = sound.spoken(CLOSED[language], language=language)

    assert 0.8 < seconds_of(file) < 5
    assert loudness(sound.samples_of(file)) > 500, "it is silent"


def test_the_two_languages_sound_differently() -> None:
    assert sound.spoken("Menu 1", language="nl") != sound.spoken("Menu 1", language="en")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("-x --version", id="what looks like an option"),
        pytest.param("[[h@l'oU]] <break time='10s'/>", id="phonemes and markup"),
        pytest.param("a\x00b\nc\x1b[0m", id="control characters"),
        pytest.param("é ñ 漢字 🙂", id="other scripts"),
        pytest.param("nu " * 5000, id="very long"),
    ],
)
def test_any_text_makes_a_sound_file(text: str) -> None:
    assert seconds_of(sound.spoken(text, language="nl")) >= 0


def test_without_espeak_ng_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotSpeak, match="apt install espeak-ng"):
        sound.spoken("We are closed now.", language="en")


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"RIFF", id="cut off"),
        pytest.param(b"RIFF" + b"\xff" * 200, id="garbage"),
    ],
)
def test_what_is_no_sound_is_named(file: bytes) -> None:
    with pytest.raises(CannotSpeak):
        sound.samples_of(file)


# -- The filter and the law ----------------------------------------------------------------------------------


def tone(hertz: float, *, rate: int = 22_050, seconds: float = 0.5) -> bytes:
    made = array.array(
        "h", (round(10_000 * math.sin(2 * math.pi * hertz * at / rate)) for at in range(int(rate * seconds)))
    )
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(made.tobytes())
    return kept.getvalue()


def crossings(samples: array.array[int]) -> int:
    return sum(before < 0 <= after for before, after in itertools.pairwise(samples))


def test_a_tone_keeps_its_height_and_its_loudness_at_eight_kilohertz() -> None:
    made = sound._at_telephone_rate(tone(440))

    assert len(made) == pytest.approx(4000, abs=1)
    assert crossings(made) == pytest.approx(220, abs=2)
    assert loudness(made[100:-100]) == pytest.approx(10_000 / math.sqrt(2), rel=0.03)


def test_what_a_telephone_cannot_carry_does_not_come_back_as_another_tone() -> None:
    """6 kHz would come back as 2 kHz when it were only thinned out."""
    made = sound._at_telephone_rate(tone(6000))

    assert loudness(made[100:-100]) < 10_000 / math.sqrt(2) / 20


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        (0, 0xD5),
        (-8, 0x55),
        (8, 0xD5),
        (16, 0xD4),
        (32767, 0xAA),
        (-32768, 0x2A),
        (1000, 0xFA),
        (-1000, 0x7A),
    ],
)
def test_a_law_is_that_of_g_711(sample: int, code: int) -> None:
    assert sound.alaw(sound.wav(array.array("h", [sample]))) == bytes([code])


# -- The folder ----------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> SoundFiles:
    return SoundFiles(tmp_path / "sounds")


def test_a_text_is_spoken_once_and_anew_when_it_changes(files: SoundFiles) -> None:
    file = files.spoken("closed", "We are closed now.", language="en")
    before = file.stat().st_mtime_ns
    assert files.spoken("closed", "We are closed now.", language="en").stat().st_mtime_ns == before

    first = file.read_bytes()
    files.spoken("closed", "We are closed until Monday morning.", language="en")

    assert file.read_bytes() != first
    assert file.with_suffix(".txt").read_text() == "We are closed until Monday morning."


def test_a_recording_wins_and_is_never_written_over(files: SoundFiles) -> None:
    own = files.folder / "own" / "nl" / "closed.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(recording := tone(440, rate=8000))

    spoken, recorded = files.make_all({"closed": CLOSED["nl"], "today": "vandaag"}, language="nl")

    assert (spoken, recorded) == (["today"], ["closed"])
    assert own.read_bytes() == recording
    assert (files.folder / "nl" / "closed.wav").read_bytes() == recording
    assert files.ready("closed", CLOSED["nl"], language="nl") == own.with_suffix("")
    assert files.heard("closed", CLOSED["nl"], language="nl") == recording


def test_when_the_recording_is_taken_away_the_text_is_spoken_again(files: SoundFiles) -> None:
    own = files.folder / "own" / "nl" / "closed.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(tone(440, rate=8000))
    files.make_all({"closed": CLOSED["nl"]}, language="nl")
    own.unlink()

    files.make_all({"closed": CLOSED["nl"]}, language="nl")

    assert (files.folder / "nl" / "closed.wav").read_bytes() == sound.spoken(CLOSED["nl"], language="nl")


def test_other_forms_are_written_beside_it(files: SoundFiles) -> None:
    files.make_all({"closed": CLOSED["en"]}, language="en", formats=["sln", "alaw"])

    wav, raw, alaw = (
        (files.folder / "en" / f"closed.{each}").stat().st_size for each in ("wav", "sln", "alaw")
    )
    assert (raw, alaw) == (wav - 44, (wav - 44) // 2)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("../../etc/passwd", "nl"),
        ("closed", "../own"),
        ("", "nl"),
        ("a/b", "nl"),
        ("closed\n", "nl"),
        ("closed", ""),
    ],
)
def test_a_name_never_leads_out_of_the_folder(files: SoundFiles, name: str, language: str) -> None:
    with pytest.raises(CannotSpeak):
        files.ready(name, "text", language=language)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "sounds").write_text("a file")

    with pytest.raises(CannotSpeak, match="cannot be written"):
        SoundFiles(tmp_path / "sounds").spoken("closed", "We are closed now.", language="en")


def test_what_nobody_knows_the_text_of_is_played_as_it_is_there(files: SoundFiles) -> None:
    assert files.there("closed", language="en") is None
    files.spoken("closed", CLOSED["en"], language="en")

    assert files.there("closed", language="en") == files.folder / "en" / "closed"
