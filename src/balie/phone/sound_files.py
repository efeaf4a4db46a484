"""The folder of what callers hear: what a person recorded, else the text as espeak-ng speaks it, made once.

    nl/closed.wav       what an exchange plays
    nl/closed.txt       what was spoken there; another text is spoken anew
    own/nl/closed.wav   recorded by a person: it wins, and is never written here

Runs without Django, so that it can live beside the exchange.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from balie.phone import sound
from balie.phone.sound import CannotSpeak

OWN = "own"
RECORDED = (".wav", ".alaw", ".ulaw", ".sln", ".gsm", ".g722")
"""How the name of a recording may end: what Asterisk plays by itself."""
FORMATS = {"sln": sound.raw, "alaw": sound.alaw}
"""What can be written besides the WAV file, for an exchange that plays no WAV."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class SoundFiles:
    """The folder; it is made when something is spoken. Every method raises `CannotSpeak`."""

    folder: Path

    def ready(self, name: str, text: str, *, language: str) -> Path:
        """The file to play, without its ending: the recording, else the text, spoken now when it is not there yet."""
        return self.recorded(name, language=language) or self.spoken(
            name, text, language=language
        ).with_suffix("")

    def there(self, name: str, *, language: str) -> Path | None:
        """The file to play as it is there, when nobody knows the text."""
        made = self._path(name, language)
        found = self.recorded(name, language=language)
        return found or (made if made.with_suffix(".wav").is_file() else None)

    def recorded(self, name: str, *, language: str) -> Path | None:
        """What a person recorded, without its ending."""
        path = self._path(name, f"{OWN}/{language}")
        return path if any(path.with_suffix(each).is_file() for each in RECORDED) else None

    def spoken(self, name: str, text: str, *, language: str) -> Path:
        """The WAV file of the spoken text, made when it is not there or says something else."""
        path = self._path(name, language)
        file, said = path.with_suffix(".wav"), path.with_suffix(".txt")
        if not file.is_file() or not said.is_file() or said.read_text("utf-8") != text:
            _write(said, b"")  # should we be stopped between the two, it is spoken again
            _write(file, sound.spoken(text, language=language))
            _write(said, text.encode())
        return file

    def heard(self, name: str, text: str, *, language: str) -> bytes:
        """The sound itself as WAV, to listen to: the recording when it is one, else the spoken text."""
        own = self.recorded(name, language=language)
        if own is not None and (file := own.with_suffix(".wav")).is_file():
            return file.read_bytes()
        return self.spoken(name, text, language=language).read_bytes()

    def make_all(
        self, texts: Mapping[str, str], *, language: str, formats: Iterable[str] = ()
    ) -> tuple[list[str], list[str]]:
        """Everything that can be said, under plain names; answers what was spoken and what is recorded."""
        spoken, recorded = [], []
        for name, text in texts.items():
            own = self.recorded(name, language=language)
            if own is None:
                file = self.spoken(name, text, language=language)
                for each in formats:
                    _write(file.with_suffix(f".{each}"), FORMATS[each](file.read_bytes()))
                spoken.append(name)
            else:
                self._take_over(own, self._path(name, language))
                recorded.append(name)
        return spoken, recorded

    def _take_over(self, own: Path, path: Path) -> None:
        """The recording in the place of the spoken file, for an exchange that knows one folder only."""
        for ending in (*RECORDED, ".txt"):
            path.with_suffix(ending).unlink(missing_ok=True)
            if (file := own.with_suffix(ending)).is_file() and ending in RECORDED:
                _write(path.with_suffix(ending), file.read_bytes())

    def _path(self, name: str, folder: str) -> Path:
        language = folder.removeprefix(f"{OWN}/")
        if not _NAME.fullmatch(name) or not _LANGUAGE.fullmatch(language):
            raise CannotSpeak(f"{name[:40]!r} in {language[:40]!r} is no name of a sound file.")
        return self.folder / folder / name


def can_speak() -> bool:
    """Whether espeak-ng is installed."""
    return shutil.which("espeak-ng") is not None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: an exchange may be about to play it, and two calls may make it at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(content)
        made = Path(file.name)
        made.chmod(0o644)  # the exchange runs as another user
        made.replace(path)
    except OSError as error:
        raise CannotSpeak(f"{path} cannot be written: {error.strerror or error}.") from error
