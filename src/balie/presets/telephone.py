"""What a preset says of the telephone: who may phone when, where it rings, what callers hear."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from balie.presets.preset import LANGUAGES, Phone, Queue
from balie.presets.tables import Table
from balie.rules.reasons import gettext_noop as _
from balie.rules.spoken_texts import STANDARD

EXTENSION = re.compile(r"(?:sip:)?[A-Za-z0-9_.+-]{1,40}(?:@[A-Za-z0-9_.:-]{1,35})?")
"""As an exchange rings it: `201`, `sip:anna@pbx.example`."""
CALLED = re.compile(r"\+?[0-9]{2,20}")


def read_phone(table: Table, lines: Collection[str]) -> Phone:
    """The table `[phone]`; `lines` are the keys of all lines of the desk."""
    office, till = table.reference("office_line", lines), table.reference("till_incidents_line", lines)
    forwarded_on = table.references("forwarded_on", lines)
    answered = [each for each in (office, till, *forwarded_on) if each]
    return Phone(
        office_line=office,
        till_incidents_line=till,
        forwarded_on=forwarded_on,
        other_urgent=table.flag("other_urgent", default=True),
        queues=dict(_queues(table.table("queues"), answered)),
        numbers=dict(_numbers(table.table("numbers"), answered)),
        texts=_spoken_texts(table.table("texts")),
    )


def _queues(table: Table, answered: Collection[str]) -> Iterator[tuple[str, Queue]]:
    for line in table:
        queue = tuple(tuple(group) for group in table.lists(line))
        rung = set[str]()
        for index, group in enumerate(queue):
            if not group:
                table.problem(line, _("group %(place)s has no telephone"), place=index + 1)
            for number in group:
                if not EXTENSION.fullmatch(number):
                    message = _("“%(number)s” is no extension: write 201, or sip:anna@pbx.example")
                    table.problem(line, message, number=number)
                elif number in rung:
                    table.problem(line, _("%(number)s rings once for a line; write it once"), number=number)
                rung.add(number)
        if table.known((line,), line, answered):
            yield line, queue


def _numbers(table: Table, answered: Collection[str]) -> Iterator[tuple[str, str]]:
    for number in table:
        line = table.reference(number, answered)
        if not CALLED.fullmatch(number):
            table.problem(
                number, _("“%(value)s” is no number of a desk: write it as +31201234567"), value=number
            )
        elif line:
            yield number, line


def _spoken_texts(table: Table) -> dict[str, dict[str, str]]:
    found = {}
    for name in table:
        words = table.table(name)
        said = {each: words.text(each) for each in LANGUAGES if words.has(each)}
        if table.known((name,), name, STANDARD):
            found[name] = said
    return found
