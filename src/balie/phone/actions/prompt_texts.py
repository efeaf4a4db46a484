"""What callers hear, in words of the desk's own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from balie.accounts.models import User
from balie.audit.actions import record
from balie.phone.asking import clean
from balie.phone.prompt_models import LONGEST_PROMPT, PromptText
from balie.phone.wording import LANGUAGES
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.spoken_texts import STANDARD


class NothingSaid(Refusal):
    """A spoken text has words."""


class TooLongToSay(Refusal):
    """A spoken text is short: callers wait for its end."""


@transaction.atomic
def say(name: str, language: str, *, text: str, by: User | None, now: datetime) -> PromptText:
    """Let callers hear these words. Raises `NothingSaid` and `TooLongToSay`, and `KeyError` for what is no prompt."""
    if name not in STANDARD or language not in LANGUAGES:
        raise KeyError(name)
    words = clean(text)
    if not any(each.isalnum() for each in words):
        raise NothingSaid(_("Write what callers hear."))
    if len(words) > LONGEST_PROMPT:
        raise TooLongToSay(
            _("Callers wait for the end: write %(most)s letters at the most."), most=LONGEST_PROMPT
        )
    before = PromptText.objects.select_for_update().filter(name=name, language=language).first()
    if before is not None and before.text == words:
        return before
    row, _made = PromptText.objects.update_or_create(
        name=name, language=language, defaults={"text": words, "changed_at": now}
    )
    record("write_prompt", row, by=by, now=now, name=str(row), text=[before and before.text, words])
    return row


@transaction.atomic
def say_the_standard(name: str, language: str, *, by: User, now: datetime) -> None:
    """Let callers hear the standard text again; what the desk had written is on the record."""
    row = PromptText.objects.filter(name=name, language=language).first()
    if row is not None:
        record("prompt_to_standard", row, by=by, now=now, name=str(row), text=[row.text, None])
        row.delete()
