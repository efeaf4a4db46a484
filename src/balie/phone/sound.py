"""Sound as a telephone carries it: 8,000 samples a second, one channel, 16 bits; spoken by espeak-ng.

Runs without Django. Nothing here is lifelike: what a person recorded is played instead (`prompts`).
"""

from __future__ import annotations

import array
import io
import math
import operator
import re
import subprocess
import sys
import wave
from collections.abc import Mapping, Sequence
from functools import cache

RATE = 8000
"""Samples a second."""
VOICES: Mapping[str, str] = {"nl": "nl", "en": "en-gb"}
LONGEST_TEXT = 2000
WORDS_A_MINUTE = 150
SPEAKING_SECONDS = 20.0
HOW_TO_INSTALL = "Speaking texts needs espeak-ng; install it with: apt install espeak-ng"

_TAPS = 24
_CUTOFF = 3600
_SILENCE = array.array("h", [0] * (RATE // 2))  # what has no word in it
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f\[\]<>|_]+")


class CannotSpeak(Exception):
    """A text could not be made into sound; the text says why in one sentence."""


def spoken(text: str, *, language: str) -> bytes:
    """This text as a WAV file. Raises `CannotSpeak`; takes at most `SPEAKING_SECONDS`.

    The text goes in by standard input, without the signs that espeak-ng reads as phonemes or markup.
    """
    words = _UNSPEAKABLE.sub(" ", text)[:LONGEST_TEXT].strip()
    voice = VOICES.get(language, VOICES["en"])
    command = ["espeak-ng", "-v", voice, "-s", str(WORDS_A_MINUTE), "--stdin", "--stdout"]
    try:
        made = subprocess.run(
            command, input=words.encode(), capture_output=True, timeout=SPEAKING_SECONDS, check=True
        )
    except FileNotFoundError:
        raise CannotSpeak(HOW_TO_INSTALL) from None
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotSpeak(f"espeak-ng could not speak a text in {language}: {error}.") from error
    return wav(_at_telephone_rate(made.stdout) if made.stdout else _SILENCE)


def wav(samples: array.array[int]) -> bytes:
    """A WAV file of these samples."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setparams((1, 2, RATE, len(samples), "NONE", "not compressed"))
        file.writeframes(_little_endian(samples).tobytes())
    return kept.getvalue()


def samples_of(file: bytes) -> array.array[int]:
    """The samples of a WAV file of one channel and 16 bits, whatever its rate. Raises `CannotSpeak`."""
    return _read(file)[1]


def raw(file: bytes) -> bytes:
    """The samples of a WAV file without a head: what Asterisk calls `sln`."""
    return _little_endian(samples_of(file)).tobytes()


def alaw(file: bytes) -> bytes:
    """A WAV file in G.711 A-law, as European telephony carries it and Asterisk calls `alaw`."""
    return bytes(map(_alaw_table().__getitem__, (each >> 3 for each in samples_of(file))))


# -- From the rate of the speaker to that of the telephone ---------------------------------------------------


def _read(file: bytes) -> tuple[int, array.array[int]]:
    try:
        with wave.open(io.BytesIO(_with_sizes(file)), "rb") as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
                raise CannotSpeak("The sound is not of one channel with 16 bits.")
            samples = array.array("h", sound.readframes(sound.getnframes()))
            return sound.getframerate(), _little_endian(samples)
    except (wave.Error, EOFError, ValueError) as error:
        raise CannotSpeak(f"This is no sound: {error}.") from error


def _with_sizes(file: bytes) -> bytes:
    """espeak-ng does not know the length when it writes the head to a pipe: the right sizes, by what came."""
    if file[:4] != b"RIFF" or file[36:40] != b"data":
        return file
    riff, data = (size.to_bytes(4, "little") for size in (len(file) - 8, len(file) - 44))
    return file[:4] + riff + file[8:40] + data + file[44:]


def _at_telephone_rate(file: bytes) -> array.array[int]:
    """The sound at 8 kHz: a low-pass filter (windowed sinc) worked out for each place between two samples."""
    rate, samples = _read(file)
    if rate == RATE:
        return samples
    common = math.gcd(rate, RATE)
    up, down = RATE // common, rate // common
    filters = [_filter(phase / up, rate) for phase in range(up)]
    padded = [0] * _TAPS + samples.tolist() + [0] * _TAPS
    made = array.array("h")
    for position in range(0, len(samples) * up, down):
        at, phase = divmod(position, up)
        window = padded[at + _TAPS // 2 + 1 : at + _TAPS // 2 + 1 + _TAPS]
        made.append(_clipped(sum(map(operator.mul, filters[phase], window))))
    return made


def _filter(phase: float, rate: int) -> Sequence[float]:
    """The weights of the samples around a place that lies `phase` of a sample behind one; they add up to one."""
    cutoff = 2 * min(_CUTOFF, rate / 2) / rate
    weights = []
    for tap in range(_TAPS):
        distance = tap - (_TAPS // 2 - 1) - phase
        sinc = math.sin(math.pi * cutoff * distance) / (math.pi * distance) if distance else cutoff
        weights.append(sinc * (0.5 + 0.5 * math.cos(2 * math.pi * distance / (_TAPS + 2))))
    whole = sum(weights)
    return [each / whole for each in weights]


def _clipped(value: float) -> int:
    return max(-32768, min(32767, round(value)))


def _little_endian(samples: array.array[int]) -> array.array[int]:
    if sys.byteorder == "big":
        samples = array.array("h", samples)
        samples.byteswap()
    return samples


@cache
def _alaw_table() -> Mapping[int, int]:
    """G.711 A-law of every sample of 13 bits."""
    return {sample: _alaw(sample) for sample in range(-4096, 4096)}


def _alaw(sample: int) -> int:
    sign, size = (0xD5, sample) if sample >= 0 else (0x55, ~sample)
    segment = max(0, size.bit_length() - 5)
    step = size >> 1 if segment == 0 else (size >> segment) & 0x0F
    return (segment << 4 | step & 0x0F) ^ sign
