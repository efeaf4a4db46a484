"""The Dutch of every text: `python tools/translations.py update` adds what is new, `check` tells what is missing.

Looks at the Python source (`_`, `gettext` and its kin), at our Jinja pages and at the few Django templates.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "balie"
LANGUAGES = ("nl",)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JINJA_OPTIONS = {"trimmed": "false", "silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}


def main() -> int:
    how = sys.argv[1] if len(sys.argv) == 2 else ""
    if how == "update":
        update()
        return 0
    if how == "check":
        return check()
    sys.exit("usage: python tools/translations.py update|check")


def update() -> None:
    """Put every text into each language's catalogue; what has a translation keeps it, what is gone goes."""
    template = collect()
    for language in LANGUAGES:
        path = catalogue_path(language)
        known = read(path, language)
        known.update(template, no_fuzzy_matching=True, keep_user_comments=True)
        known.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, known, width=110, sort_by_file=True, include_lineno=False, omit_header=False)


def check() -> int:
    """Name every text without a translation; exit code 1 when there is one."""
    template, missing = collect(), 0
    for language in LANGUAGES:
        known = read(catalogue_path(language), language)
        for message in template:
            found = known.get(message.id, message.context) if message.id else message
            texts = (
                found.string
                if found and isinstance(found.string, (tuple, list))
                else [found.string if found else ""]
            )
            if message.id and (not found or found.fuzzy or not all(texts)):
                missing += 1
                place = message.locations[0][0] if message.locations else "?"
                sys.stderr.write(f"{place}: no {language} for {message.id!r}\n")
    return 1 if missing else 0


def catalogue_path(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, project="Balie", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def collect() -> Catalog:
    """Every text of the source, with the files that it is in."""
    template = Catalog(project="Balie", charset="utf-8")
    for path in sorted(SOURCE.rglob("*")):
        place = path.relative_to(ROOT).as_posix()
        for line, message, comments, context in texts_of(path):
            template.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return template


def texts_of(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    inside = path.relative_to(SOURCE).parts
    if path.suffix == ".py" and "migrations" not in inside:
        with path.open("rb") as file:
            yield from extract(
                "python", file, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
            )
    elif "pages" in inside and path.suffix in {".html", ".txt"}:
        with path.open("rb") as file:
            yield from extract("jinja2.ext:babel_extract", file, keywords=KEYWORDS, options=JINJA_OPTIONS)
    elif "templates" in inside and path.suffix in {".html", ".txt"}:
        yield from django_texts(path)


def django_texts(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """Django's own way: the template is turned into something like Python, and that is read."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
    like_python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    yield from extract(extract_python, io.BytesIO(like_python.encode()), keywords=KEYWORDS)


if __name__ == "__main__":
    sys.exit(main())
