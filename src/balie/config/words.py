"""What `balie explain` says, in the reader's language: as sentences or as one JSON object."""

from __future__ import annotations

import gettext
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import balie
from balie.rules.reasons import AMOUNTS, Reason, in_language
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

if TYPE_CHECKING:
    from balie.config.explanations import Explanation, Step
    from balie.presets.preset import Preset

LANGUAGES = ("en", "nl")
LOCALE = Path(balie.__file__).parent / "locale"
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # a terminal would obey them
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
# Named, because Babel does not look for texts inside an f-string.
WHY = _("Why:")
COUNTED = _("The hours that counted:")
OUR_EXAMPLE = _("(Our example: the vendor does not publish this.)")


class Word(str):
    """A value of a reason that is a word of ours: it is translated when the reason is shown."""

    __slots__ = ()


class Words:
    """One language. Falls back to English when its translations are not built."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.translate = gettext.translation("django", LOCALE, [language], fallback=True).gettext

    def sentence(self, reason: Reason, preset: Preset | None = None) -> str:
        """A reason as a sentence, with moments, days, amounts and holidays as people write them."""
        values = {name: self._readable(name, value) for name, value in reason.values.items()}
        if preset is not None and self.language != "en" and reason.values.keys() >= {"holiday", "day"}:
            values["holiday"] = self._holiday(reason.values, preset)
        return replace(reason, values=values).render(self.translate)

    def refused(self, refusal: Refusal) -> str:
        """A refusal, with what to do instead; what was typed stays as it was typed."""
        render = getattr(refusal, "render", None)  # PresetInvalid: one line for each problem
        if callable(render):
            return str(render(self.translate))
        told = (refusal.reason, *refusal.ways_forward)
        return " ".join(each.render(self.translate, language=self.language) for each in told)

    def explanation(self, explanation: Explanation, preset: Preset, *, as_json: bool) -> str:
        if as_json:
            return json_text(self._json(explanation, preset))
        return "\n".join(self._lines(explanation, preset))

    def mail(self, read: Mapping[str, Any]) -> str:
        """What was read in a message, without what is not in it, and why it was read so."""
        reasons = [f"- {each['text']}" for each in read["reasons"]]
        lines = [*_table_lines(read["result"], indent=""), "", self.translate(WHY), *reasons]
        return CONTROL.sub("\N{REPLACEMENT CHARACTER}", "\n".join(lines))

    def _json(self, explanation: Explanation, preset: Preset) -> dict[str, Any]:
        return {
            "result": self._plain(explanation.result),
            "reasons": [
                {"rule": each.rule, "setting": each.setting, "text": self._reason(each, preset)}
                for each in explanation.reasons
            ],
            "trace": [
                {
                    "from": step.start.isoformat(),
                    "to": step.end.isoformat(),
                    "counts": step.counts,
                    "because": self.sentence(step.because, preset),
                }
                for step in explanation.trace
            ],
        }

    def _lines(self, explanation: Explanation, preset: Preset) -> Iterator[str]:
        yield from map(self.sentence, explanation.answer)
        if explanation.reasons:
            yield f"\n{self.translate(WHY)}"
        for reason in explanation.reasons:
            sources = ", ".join(each for each in (reason.rule, reason.setting) if each)
            yield f"- {self._reason(reason, preset)}" + (f" [{sources}]" if sources else "")
        if explanation.trace:
            yield f"\n{self.translate(COUNTED)}"
        for step in explanation.trace:
            yield self._step(step, preset)
        for heading, reasons in explanation.more.items():
            if reasons:
                yield f"\n{self.translate(heading)}"
            yield from (f"- {self.sentence(each)}" for each in reasons)

    def _step(self, step: Step, preset: Preset) -> str:
        message = _("- %(start)s to %(end)s: %(minutes)s minutes. %(because)s")
        return self.translate(message) % {
            "start": self._moment(step.start),
            "end": self._moment(step.end),
            "minutes": step.counts,
            "because": self.sentence(step.because, preset),
        }

    def _reason(self, reason: Reason, preset: Preset) -> str:
        """The sentence, marked when the setting behind it is our example."""
        text = self.sentence(reason, preset)
        if reason.setting and preset.is_example(reason.setting):
            return f"{text} {self.translate(OUR_EXAMPLE)}"
        return text

    def _plain(self, value: Any) -> Any:
        """A JSON value: moments and days in ISO 8601, reasons as sentences."""
        if isinstance(value, Reason):
            return self.sentence(value)
        if isinstance(value, date):  # a datetime, too
            return value.isoformat()
        if isinstance(value, Mapping):
            return {key: self._plain(each) for key, each in value.items()}
        return [self._plain(each) for each in value] if isinstance(value, list) else value

    def _holiday(self, values: Mapping[str, Any], preset: Preset) -> str:
        """The holiday as the reader calls it; by its key when no holiday of the country falls on that day."""
        from balie.desk.holiday_names import holiday_name

        day = date.fromisoformat(values["day"])
        name = holiday_name(preset.country, preset.region or "", day, language=self.language)
        return name or str(values["holiday"])

    def _readable(self, name: str, value: Any) -> Any:
        if isinstance(value, Word):
            return self.translate(value)
        if isinstance(value, Reason):  # a piece of the sentence
            return self.sentence(value)
        value = in_language(value, self.language)
        if name in AMOUNTS and isinstance(value, str):
            return value if self.language == "en" else value.replace(".", ",")
        if isinstance(value, str) and ISO_MOMENT.fullmatch(value):
            return self._moment(datetime.fromisoformat(value))
        if isinstance(value, str) and ISO_DAY.fullmatch(value):
            return f"{date.fromisoformat(value):%d-%m-%Y}"
        return value

    def _moment(self, at: datetime) -> str:
        """`Friday 20-11-2026 16:00`, with seconds when there are any."""
        seconds = f":{at:%S}" if at.second else ""
        return f"{self.translate(WEEKDAYS[at.weekday()])} {at:%d-%m-%Y %H:%M}{seconds}"


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _table_lines(values: Mapping[str, Any], *, indent: str) -> Iterator[str]:
    """One line for each key that has a value, what is inside it indented."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from _table_lines(value, indent=f"{indent}  ")
        elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            for number, each in enumerate(value, start=1):
                yield f"{indent}{key} {number}:"
                yield from _table_lines(each, indent=f"{indent}  ")
        elif value not in (None, "", []):
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield f"{indent}{key}: " + shown.replace("\n", f"\n{indent}  ")
