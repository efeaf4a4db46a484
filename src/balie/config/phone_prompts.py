"""`balie phone prompts`: makes the sound files of everything that callers hear."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from balie.config import command_line
from balie.config.data_folder import DataFolderTrouble
from balie.phone import sound
from balie.phone.sound_files import FORMATS, OWN, SoundFiles, can_speak

AT_ONCE = 4


class CannotSpeakNow(DataFolderTrouble):
    """The files cannot be made; the text says why in one sentence."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "prompts",
        help="make the sound files of what callers hear",
        description="Speak everything that callers may hear, by espeak-ng, as WAV files of 8 kHz. What a person "
        f"recorded as FOLDER/{OWN}/nl/NAME.wav is taken instead and never written over. Run it again after a change of "
        "hours, topics or texts: only what changed is spoken.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER", help="where to (default: “sounds” in the data folder)"
    )
    parser.add_argument(
        "--languages", type=languages, metavar="nl,en", help="which (default: all that the desk speaks)"
    )
    parser.add_argument(
        "--formats",
        type=formats,
        default=(),
        metavar="alaw,sln",
        help=f"beside WAV: {', '.join(FORMATS)} (default: none)",
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.set_defaults(run=run)


def languages(text: str) -> Sequence[str]:
    """Languages that espeak-ng is asked to speak."""
    chosen = [each.strip() for each in text.split(",")]
    for each in chosen:
        if each not in sound.VOICES:
            raise argparse.ArgumentTypeError(f"“{each}” is not spoken; give {', '.join(sound.VOICES)}")
    return chosen


def formats(text: str) -> Sequence[str]:
    """Other forms of the same sound."""
    chosen = [each.strip() for each in text.split(",") if each.strip() != "wav"]
    for each in chosen:
        if each not in FORMATS:
            raise argparse.ArgumentTypeError(f"“{each}” is no format; give {', '.join(FORMATS)}")
    return chosen


def run(arguments: argparse.Namespace) -> int:
    if not can_speak():
        raise CannotSpeakNow(sound.HOW_TO_INSTALL)
    with command_line.django(arguments) as folder:
        from balie.desk.queries import the_desk
        from balie.phone.prompts import every_prompt
        from balie.phone.wording import LANGUAGES

        texts = every_prompt(the_desk())
        spoken_in = arguments.languages or LANGUAGES
    target = arguments.to or folder / "sounds"
    try:
        made = make(SoundFiles(target), texts, languages=spoken_in, formats=arguments.formats)
    except sound.CannotSpeak as trouble:
        raise CannotSpeakNow(str(trouble)) from trouble
    if arguments.json:
        command_line.show_json({"folder": str(target), **made})
    else:
        sys.stdout.write(
            f"{target}: {made['spoken']} texts are spoken, {made['recorded']} are recorded by a person.\n"
        )
    return command_line.GOOD


def make(
    files: SoundFiles,
    texts: Mapping[str, Mapping[str, str]],
    *,
    languages: Sequence[str],
    formats: Sequence[str] = (),
) -> dict[str, int]:
    """Speak every text in these languages, some at once; answers how many were spoken and how many are recorded."""

    def one(named: tuple[str, str, str]) -> tuple[list[str], list[str]]:
        language, name, text = named
        return files.make_all({name: text}, language=language, formats=formats)

    wanted = [
        (language, name, said[language])
        for language in languages
        for name, said in texts.items()
        if language in said
    ]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = list(threads.map(one, wanted))
    return {"spoken": sum(len(each) for each, _own in done), "recorded": sum(len(own) for _each, own in done)}
