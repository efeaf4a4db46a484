"""`balie explain`: why a desk decides as it does, from its preset, without a database.

Sentences by default; with `--json` one JSON object on standard output. Exit code 0 for an answer, also when the
answer is no; 2 for bad input.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from balie.config.arguments import BAD_INPUT, say
from balie.config.words import LANGUAGES, Words, json_text
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish

if TYPE_CHECKING:
    from balie.presets.preset import Preset

STANDARD_INPUT = "-"
BIGGEST_FILE = 64 * 1024 * 1024

EXAMPLES = """\
examples:
  balie explain deadline --preset infobits --plan SLA8 --support-contract --asked "2026-11-20 16:00"
  balie explain open --preset softwear --line till-helpdesk --at "2026-04-06 12:30"
  balie explain zones --preset infobits --from "2026-11-20 16:30" --to "2026-11-20 17:30"
  balie explain entitlement --preset infobits --facts facts.json --at "2026-11-20 16:00"
  balie explain entitlement --preset infobits --facts facts.json --at "2026-11-20 16:00" --answer callback --urgent
  balie explain call --preset infobits --from "+31612345678" --facts facts.json --at "2026-11-20 16:00"
  balie explain mail message.eml
  balie explain schema

A moment without a zone is in the desk's zone. --preset takes a name or the path of a .toml file.
"""


class UnreadableFile(Refusal):
    """A file that is not there, is too big, or is no text."""


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `explain` with its questions to the command `balie`."""
    explain = subparsers.add_parser(
        "explain",
        help="why the desk decides as it does",
        description="Answer a question from a preset, with the reasons and the hours that counted.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    questions = explain.add_subparsers(title="questions", metavar="QUESTION", required=True)
    for name, (help_text, add_options, answer) in QUESTIONS.items():
        question = questions.add_parser(
            name, help=help_text, description=f"{help_text[0].upper()}{help_text[1:]}."
        )
        add_options(question)
        question.add_argument("--json", action="store_true", help="one JSON object on standard output")
        question.add_argument(
            "--language", choices=LANGUAGES, default="en", help="of the sentences (default: en)"
        )
        question.set_defaults(run=run, answer=answer)


def run(arguments: argparse.Namespace) -> int:
    """Answer the question; the exit code."""
    words = Words(arguments.language)
    try:
        output = arguments.answer(arguments, words)
    except Refusal as refusal:
        return _say_refused(refusal, words, as_json=arguments.json)
    say(output, sys.stdout)
    return 0


def _say_refused(refusal: Refusal, words: Words, *, as_json: bool) -> int:
    error = words.refused(refusal)
    if as_json:
        say(json_text({"error": error}), sys.stdout)
    else:
        say(error, sys.stderr)
    return BAD_INPUT


# -- The questions -------------------------------------------------------------------------------------------


def _add_preset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", required=True, help="the name of a preset, or the path of a .toml file")


def _add_deadline_options(parser: argparse.ArgumentParser) -> None:
    _add_preset(parser)
    parser.add_argument("--plan", help="a support plan (default: the desk's default plan)")
    parser.add_argument(
        "--support-contract", action="store_true", help="the customer has a support contract (IB-30)"
    )
    parser.add_argument("--asked", required=True, metavar="MOMENT", help="when the question was asked")


def _add_open_options(parser: argparse.ArgumentParser) -> None:
    _add_preset(parser)
    parser.add_argument("--line", required=True, help="a line of the preset, such as till-helpdesk or zone-1")
    parser.add_argument("--at", required=True, metavar="MOMENT", help="when")


def _add_zones_options(parser: argparse.ArgumentParser) -> None:
    _add_preset(parser)
    parser.add_argument("--from", required=True, dest="start", metavar="MOMENT", help="when the work began")
    parser.add_argument("--to", required=True, dest="end", metavar="MOMENT", help="when it ended")


def _add_entitlement_options(parser: argparse.ArgumentParser) -> None:
    _add_preset(parser)
    parser.add_argument(
        "--facts", required=True, metavar="FILE", help="JSON by “balie explain schema”; - is stdin"
    )
    parser.add_argument("--at", required=True, metavar="MOMENT", help="when it is asked")
    parser.add_argument(
        "--channel",
        choices=[each.value for each in Channel],
        default=Channel.PORTAL.value,
        help="(default: portal)",
    )
    parser.add_argument("--topic", help="a category of the preset")
    parser.add_argument(
        "--answer",
        "--answer-mode",
        dest="answer_mode",
        choices=[each.value for each in AnswerMode],
        default=AnswerMode.SITE.value,
        help="(default: site)",
    )
    parser.add_argument(
        "--billing",
        "--billing-mode",
        dest="billing_mode",
        choices=[each.value for each in BillingMode],
        default=BillingMode.NONE.value,
        help="(default: none)",
    )
    parser.add_argument(
        "--urgent", action="store_true", help="before all planned work, at a surcharge (IB-22)"
    )


def _add_call_options(parser: argparse.ArgumentParser) -> None:
    _add_preset(parser)
    parser.add_argument(
        "--from",
        dest="caller",
        default="",
        metavar="NUMBER",
        help="the caller's number as the network gives it (default: withheld)",
    )
    parser.add_argument("--line", help="the line that was called (default: the number of the desk)")
    parser.add_argument("--at", required=True, metavar="MOMENT", help="when the call comes in")
    parser.add_argument("--topic", help="what was chosen from the menu: a category, or something-else")
    parser.add_argument(
        "--facts",
        metavar="FILE",
        help="a customer by “balie explain schema”; its phone_numbers are the registered ones (default: nobody)",
    )


def _add_mail_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a raw message (.eml); - is standard input")


def _add_schema_options(parser: argparse.ArgumentParser) -> None:
    """The schema needs none."""


def _deadline(arguments: argparse.Namespace, words: Words) -> str:
    from balie.config import explanations

    preset = _preset(arguments, words)
    explanation = explanations.explain_deadline(
        preset,
        explanations.plan_named(arguments.plan, preset),
        has_support_contract=arguments.support_contract,
        asked_at=explanations.read_moment(arguments.asked, preset),
    )
    return words.explanation(explanation, preset, as_json=arguments.json)


def _open(arguments: argparse.Namespace, words: Words) -> str:
    from balie.config import explanations

    preset = _preset(arguments, words)
    line = explanations.line_named(arguments.line, preset)
    at = explanations.read_moment(arguments.at, preset)
    explanation = explanations.explain_open(preset, line, at=at)
    return words.explanation(explanation, preset, as_json=arguments.json)


def _zones(arguments: argparse.Namespace, words: Words) -> str:
    from balie.config import explanations

    preset = _preset(arguments, words)
    start, end = (explanations.read_moment(each, preset) for each in (arguments.start, arguments.end))
    explanation = explanations.explain_zones(preset, start=start, end=end)
    return words.explanation(explanation, preset, as_json=arguments.json)


def _entitlement(arguments: argparse.Namespace, words: Words) -> str:
    from balie.config import explained_entitlement, explanations, facts_file

    preset = _preset(arguments, words)
    facts = facts_file.read_facts(_text(arguments.facts), preset)
    wish = Wish(
        channel=Channel(arguments.channel),
        topic=explanations.topic_named(arguments.topic, preset),
        answer_mode=AnswerMode(arguments.answer_mode),
        billing_mode=BillingMode(arguments.billing_mode),
        urgent=arguments.urgent,
    )
    at = explanations.read_moment(arguments.at, preset)
    explanation = explained_entitlement.explain_entitlement(preset, facts, wish, at=at)
    return words.explanation(explanation, preset, as_json=arguments.json)


def _call(arguments: argparse.Namespace, words: Words) -> str:
    from balie.config import explained_call, explanations, facts_file

    preset = _preset(arguments, words)
    facts = facts_file.read_facts(_text(arguments.facts), preset) if arguments.facts else None
    explanation = explained_call.explain_call(
        preset,
        arguments.caller,
        facts,
        line=arguments.line,
        topic=arguments.topic,
        at=explanations.read_moment(arguments.at, preset),
    )
    return words.explanation(explanation, preset, as_json=arguments.json)


def _mail(arguments: argparse.Namespace, words: Words) -> str:
    raw = _bytes(arguments.file)
    from balie.mail.explanation import explain_mail

    read = explain_mail(raw, translate=words.translate)
    return json_text(read) if arguments.json else words.mail(read)


def _schema(arguments: argparse.Namespace, words: Words) -> str:
    from balie.config import facts_file

    return json_text(facts_file.FACTS_SCHEMA)


Answer = Callable[[argparse.Namespace, "Words"], str]

QUESTIONS: Mapping[str, tuple[str, Callable[[argparse.ArgumentParser], None], Answer]] = {
    "deadline": ("when the response to a question is due", _add_deadline_options, _deadline),
    "open": ("whether a line is open, and when that changes", _add_open_options, _open),
    "zones": ("how a stretch of work divides over the rate zones", _add_zones_options, _zones),
    "entitlement": ("what a customer may ask now, and on what terms", _add_entitlement_options, _entitlement),
    "call": ("where a telephone call goes, and why", _add_call_options, _call),
    "mail": ("how a message would be read", _add_mail_options, _mail),
    "schema": ("the JSON Schema of the facts for “entitlement”", _add_schema_options, _schema),
}


def _preset(arguments: argparse.Namespace, words: Words) -> Preset:
    """The preset, its names in the reader's language."""
    from balie.presets.reading import load

    preset = load(arguments.preset)
    return replace(preset, desk=replace(preset.desk, language=words.language))


def _bytes(name: str) -> bytes:
    try:
        if name == STANDARD_INPUT:
            read = sys.stdin.buffer.read(BIGGEST_FILE + 1)
        else:
            with Path(name).open("rb") as file:
                read = file.read(BIGGEST_FILE + 1)
    except OSError as error:
        raise UnreadableFile(
            _("%(file)s cannot be read: %(why)s."), file=name, why=error.strerror or str(error)
        )
    if len(read) > BIGGEST_FILE:
        raise UnreadableFile(
            _("%(file)s is bigger than %(most)s MB."), file=name, most=BIGGEST_FILE // 1024**2
        )
    return read


def _text(name: str) -> str:
    try:
        return _bytes(name).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile(_("%(file)s is not UTF-8 text."), file=name)
