"""Collect the texts that people see into the translators' catalogues, `src/balie/locale/*/LC_MESSAGES/django.po`.

`make messages` adds new texts, untranslated, and drops those that are gone; a translation is never guessed from a
similar text. `python tools/translations.py --check` changes nothing and fails when a catalogue lacks a text or a
translation, or when a translation has other `%(name)s` places than its original; one sentence for each.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "balie"
CATALOGUES = "locale/*/LC_MESSAGES/django.po"

JINJA_OPTIONS = {
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
    "silent": "false",
}
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
HEADER = r"""# “make messages” adds texts and drops them; every text must be translated.
msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plural_forms}\n"

"""
PLACE = re.compile(r"%\((\w+)\)[#0\- +]*[\d.*]*[diouxXeEfFgGcrsa]")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail when a catalogue is not complete"
    )
    wanted = collect(PACKAGE)
    troubles: list[str] = []
    check = parser.parse_args().check
    for path in sorted(PACKAGE.glob(CATALOGUES)):
        if check:
            troubles += troubles_of(path, wanted)
        else:
            update(path, wanted)
    for trouble in troubles:
        sys.stderr.write(f"{trouble}\n")
    return 1 if troubles else 0


def collect(package: Path) -> Catalog:
    """Every text below the folder that is marked for translation, with the files that it stands in."""
    methods: list[Any] = [("**.py", "python"), ("**/pages/**", "jinja2"), ("**/templates/**", extract_django)]
    found = extract_from_dir(
        package,
        method_map=methods,
        options_map={"**/pages/**": JINJA_OPTIONS},
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    wanted = Catalog(charset="utf-8", fuzzy=False)
    for name, _line, texts, comments, context in sorted(found, key=lambda each: each[:2]):
        wanted.add(texts, locations=[(f"src/balie/{name}", 1)], auto_comments=comments, context=context)
    return wanted


def extract_django(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Any]:
    """Babel's extraction from a Django template: Django rewrites it as calls of gettext, Babel reads those."""
    rewritten = templatize(file.read().decode("utf-8"))
    flush = "\n".join(line.lstrip() for line in rewritten.splitlines())
    yield from extract_python(BytesIO(flush.encode()), keywords, comment_tags, {"encoding": "utf-8"})


def update(path: Path, wanted: Catalog) -> None:
    """Bring one catalogue in line with the texts in the code; written only when that changes something."""
    catalogue = read(path)
    catalogue.update(wanted, no_fuzzy_matching=True)
    texts = BytesIO()
    write_po(
        texts,
        catalogue,
        width=110,
        omit_header=True,
        ignore_obsolete=True,
        include_lineno=False,
        sort_by_file=True,
    )
    header = HEADER.format(language=catalogue.locale_identifier, plural_forms=catalogue.plural_forms)
    after = header.encode() + texts.getvalue()
    if after != path.read_bytes():
        path.write_bytes(after)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name, domain="django")


def troubles_of(path: Path, wanted: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, a sentence each; the first texts are named."""
    catalogue = read(path)
    name = path.relative_to(ROOT)
    pairs = [(message, catalogue.get(message.id, message.context)) for message in wanted if message.id]
    missing = [message for message, found in pairs if found is None]
    empty = [found for _, found in pairs if found is not None and not is_translated(found)]
    wrong = [
        found for _, found in pairs if found is not None and is_translated(found) and has_other_places(found)
    ]
    gone = [found for found in catalogue if found.id and wanted.get(found.id, found.context) is None]
    if missing or gone:
        yield f"{name} is out of date, run “make messages”: {len(missing)} new {named(missing)}, {len(gone)} gone."
    if empty:
        yield f"{name} has {len(empty)} texts without a translation: {named(empty)}."
    if wrong:
        yield f"{name} has {len(wrong)} translations with other %(…)s places: {named(wrong)}."


def is_translated(message: Message) -> bool:
    """Whether every form has a text, and a person looked at it."""
    return not message.fuzzy and all(_forms(message.string))


def has_other_places(message: Message) -> bool:
    """Whether a form names a place that the original does not have, or the last form lacks one."""
    originals, forms = _forms(message.id), _forms(message.string)
    known = {place for text in originals for place in PLACE.findall(text)}
    unknown = {place for text in forms for place in PLACE.findall(text)} - known
    return bool(unknown) or set(PLACE.findall(forms[-1])) != set(PLACE.findall(originals[-1]))


def named(messages: Sequence[Message], most: int = 3) -> str:
    """The first few texts, in quotation marks."""
    texts = [_forms(each.id)[0] for each in messages[:most]]
    return ", ".join(f"“{text}”" for text in texts) + (", …" if len(messages) > most else "")


def _forms(text: Any) -> list[str]:
    """The forms of a text: one, or singular and plural."""
    return list(text) if isinstance(text, tuple | list) else [text]


if __name__ == "__main__":
    sys.exit(main())
