"""What a person wrote now, apart from what they quote and from their signature.

Text is never lost: every line of a message is in one of the three parts, and when it is not sure what a line
is, it counts as written now. Made for Dutch, English, German and French mail programs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from balie.mail.reading.signatures import without_signature
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _

# The line that our own mails put above what they quote.
MARKERS = ("Schrijf uw antwoord boven deze regel", "Write your reply above this line")

_MOST_WRAPPED = 4  # lines that "On … wrote:" may be broken over
_LONGEST_ATTRIBUTION = 400  # characters
_LONGEST_HEADING = 500  # characters; a longer line is no header, ruler or attribution

_QUOTED = re.compile(r"\s{0,3}[>|›»](?!-)")
_MARKER = re.compile("|".join(map(re.escape, MARKERS)), re.IGNORECASE)
_ADDRESS_OR_TIME = re.compile(r"\S@\S|\d{1,2}[:.h]\d\d")

_ATTRIBUTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:op|am|on|le)\s.*\d.*\b(?:schreef|schrieb|wrote|écrit|geschreven|geschrieben)\b[^:]*:",
        r"(?:op|am|on|le)\s.*\d.*\b(?:schreef|schrieb)\b.*:",
        r".*\S@\S+\s.*\b(?:schreef|schrieb|wrote|écrit)\b.*:",  # X <x@y> schreef op ma 23 nov. 2026 10:12:
        r".{1,80}\s(?:schreef|schrieb|wrote|a\s+écrit)\s+(?:op|am|on|le)\s.*\d{1,2}[:.h]\d\d.*:",  # Roundcube
        r"(?:citeren|quoting|zitat\svon|citation\sde)\s.*\S@\S+.*:",  # Horde
        r"\d{4}-\d\d-\d\d\s\d{1,2}:\d\d\s.*<\S+@\S+>\s*:",  # 2026-11-23 10:12 GMT+01:00 X <x@y>:
    )
)
_GROUPWISE = re.compile(r">>>\s.*\S@\S+.*>>>")
# Only where quoted lines follow: "X wrote:" can be part of a sentence.
_BARE_ATTRIBUTION = re.compile(r".{1,80}\s(?:schreef|schrieb|wrote|a\s+écrit)\s*:", re.IGNORECASE)
_BEGINS_ATTRIBUTION = re.compile(r"(?:op|am|on|le)\s", re.IGNORECASE)

_ORIGINAL = re.compile(
    r"\s*-{2,}\s*(?:oorspronkelijk(?:e)?\s+(?:bericht|e-?mail)|original\s+(?:message|e-?mail)"
    r"|ursprüngliche\s+(?:nachricht|e-?mail)|original-?nachricht|(?:message|mail|courriel)\s+(?:d['’]origine|original|initial))"
    r"\s*-{2,}\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s*(?:-{2,}\s*(?:doorgestuurd\s+bericht|forwarded\s+message|weitergeleitete\s+nachricht"
    r"|message\s+transféré|forwarded\s+by\b.*|weergeleitet)\s*-{2,}"
    r"|begin\s+(?:doorgestuurd\s+bericht|forwarded\s+message)\s*:"
    r"|anfang\s+der\s+weitergeleiteten\s+nachricht\s*:|début\s+du\s+message\s+(?:transféré|réexpédié)\s*:)\s*",
    re.IGNORECASE,
)
_FROM = re.compile(r"\W{0,3}(?:van|from|von|de|expéditeur)\s?:\W{0,3}.*\w", re.IGNORECASE)
_OTHER_HEADER = re.compile(
    r"\W{0,3}(?:verzonden|verstuurd|datum|aan|onderwerp|sent|date|to|subject|cc|gesendet|an|betreff|envoyé"
    r"|à|objet|destinataire|bijlagen|attachments|reply-to|antwoord\s+aan|belang|prioriteit|importance)\s?:",
    re.IGNORECASE,
)
_RULER = re.compile(r"\s*(?:_{10,}|-{20,})\s*")


@dataclass(frozen=True, slots=True)
class Split:
    """The three parts of a text, each without blank lines around it, in the order in which they were written."""

    reply: str
    quoted: str = ""
    signature: str = ""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cut:
    """From line `at` on somebody else's words begin. `marks_lines`: each of those is marked with `>`."""

    at: int
    because: Reason
    marks_lines: bool = False


def split_reply(text: str) -> Split:
    """`text` apart: written now, quoted, signature. What is in doubt stays in the reply."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cut = _first_cut(lines)
    if cut is None:
        return _finished(lines, [], ())
    head, tail = lines[: cut.at], lines[cut.at :]
    if not cut.marks_lines:
        if _is_blank(head):  # nothing above it: a forwarded mail, or answers inside the quote
            return _finished(lines, [], (Reason(_KEPT_WHOLE),))
        return _finished(head, tail, (cut.because,))
    return _around_marked_quotes(head, tail, cut.because)


def _around_marked_quotes(head: list[str], tail: list[str], because: Reason) -> Split:
    """With `>` before every quoted line the answers can be found between and below the quotes."""
    last_quoted = max((index for index, line in enumerate(tail) if _QUOTED.match(line)), default=0)
    after = tail[last_quoted + 1 :]
    answers_between = _unmarked_between(tail[: last_quoted + 1])
    below, signature = without_signature(after)
    if answers_between or (not _is_blank(below) and not _is_blank(head)):
        end = len(tail) if not _is_blank(below) else _end_of_answers(tail, last_quoted)
        return _finished([*head, *tail[:end]], tail[end:], (Reason(_INLINE),))
    if not _is_blank(below):
        return _finished(after, tail[: last_quoted + 1], (because, Reason(_BELOW)))
    if _is_blank(signature):
        return _finished(head, tail, (because,))
    split = _finished(head, tail[: last_quoted + 1], (because,))
    both = [part for part in (split.signature, _stripped(signature)) if part]
    return Split(split.reply, split.quoted, "\n".join(both), split.reasons)


_KEPT_WHOLE = _("Nothing was written above the quoted mail, so all of it counts as written now.")
_INLINE = _("There are answers between the quoted lines, so the quotes stay with them.")
_BELOW = _("The answer is below the quoted lines.")
_BY_MARKER = _("The quoted mail begins at our own line “%(line)s”.")
_BY_ATTRIBUTION = _("The quoted mail begins at “%(line)s”.")
_BY_HEADERS = _("The quoted mail begins at its header lines, “%(line)s”.")
_BY_SIGN = _("The quoted lines are marked with “>”.")


def _first_cut(lines: list[str]) -> _Cut | None:
    """Where the quoted mail begins, or `None`. A forwarded mail is what the sender wants to say: no cut in it."""
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        if len(line) <= _LONGEST_HEADING and _FORWARDED.fullmatch(line):
            return None
        if cut := _cut_at(lines, index):
            return cut
    return None


def _cut_at(lines: list[str], index: int) -> _Cut | None:
    line = lines[index]
    shown = {"line": line.strip()[:80]}
    if _QUOTED.match(line):
        if line.startswith(">>>") and _GROUPWISE.fullmatch(line.rstrip()[:_LONGEST_ATTRIBUTION]):
            return _Cut(index, Reason(_BY_ATTRIBUTION, shown))
        return _Cut(index, Reason(_BY_SIGN), marks_lines=True)
    if len(line) > _LONGEST_HEADING:
        return None
    if _MARKER.search(line):
        return _Cut(index, Reason(_BY_MARKER, shown))
    if _ORIGINAL.fullmatch(line):
        return _Cut(index, Reason(_BY_ATTRIBUTION, shown), marks_lines=_quotes_follow(lines, index + 1))
    if _FROM.match(line) and _is_header_block(lines, index):
        return _Cut(_above_ruler(lines, index), Reason(_BY_HEADERS, shown))
    if length := _attribution(lines, index):
        marked = _quotes_follow(lines, index + length)
        sentence = " ".join(each.strip() for each in lines[index : index + length])
        if marked or _ADDRESS_OR_TIME.search(sentence):
            return _Cut(index, Reason(_BY_ATTRIBUTION, {"line": sentence[:120]}), marks_lines=marked)
    return None


def _attribution(lines: list[str], index: int) -> int:
    """How many lines an "On … wrote:" that begins at `index` takes; 0 when none does."""
    first = lines[index].strip()
    may_wrap = bool(_BEGINS_ATTRIBUTION.match(first)) or "<" in first or "@" in first
    sentence = ""
    for length in range(1, (_MOST_WRAPPED if may_wrap else 1) + 1):
        if index + length > len(lines) or not (line := lines[index + length - 1].strip()):
            return 0
        sentence = f"{sentence} {line}".strip()
        if len(sentence) > _LONGEST_ATTRIBUTION or (length > 1 and _QUOTED.match(line)):
            return 0
        if sentence.endswith(":") and _is_attribution(sentence, lines, index + length):
            return length
    return 0


def _is_attribution(sentence: str, lines: list[str], after: int) -> bool:
    if any(pattern.fullmatch(sentence) for pattern in _ATTRIBUTIONS):
        return True
    return bool(_BARE_ATTRIBUTION.fullmatch(sentence)) and _quotes_follow(lines, after)


def _quotes_follow(lines: list[str], index: int) -> bool:
    """Whether the next line with something in it (of the next three) is marked as quoted."""
    following = next((line for line in lines[index : index + 3] if line.strip()), "")
    return bool(_QUOTED.match(following))


def _is_header_block(lines: list[str], index: int) -> bool:
    """`Van:` with at least two of `Verzonden:`, `Aan:`, `Onderwerp:` and the like in the six lines below it."""
    block: list[str] = []
    for line in lines[index + 1 : index + 8]:
        if not line.strip() and block:
            break
        block.append(line)
    return sum(1 for line in block if _OTHER_HEADER.match(line)) >= 2


def _above_ruler(lines: list[str], index: int) -> int:
    """Where the header block at `index` begins: a ruler above it (Outlook), or other header lines (GMX, Notes)."""
    while index > 0 and _OTHER_HEADER.match(lines[index - 1]) and len(lines[index - 1]) <= _LONGEST_HEADING:
        index -= 1
    above = index - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and _RULER.fullmatch(lines[above]) else index


def _unmarked_between(lines: list[str]) -> bool:
    """Whether something unmarked stands between quoted lines; an attribution of an older quote does not count."""
    begun = False
    index = 0
    while index < len(lines):
        if _QUOTED.match(lines[index]):
            begun = True
        elif begun and lines[index].strip():
            length = _attribution(lines, index)
            if not length or not _quotes_follow(lines, index + length):
                return True
            index += length - 1
        index += 1
    return False


def _end_of_answers(tail: list[str], last_quoted: int) -> int:
    """Behind the last line that is an answer: a quote that follows it has been answered by nobody."""
    index = last_quoted
    while index > 0 and (_QUOTED.match(tail[index]) or not tail[index].strip()):
        index -= 1
    return index + 1


def _finished(reply: list[str], quoted: list[str], reasons: tuple[Reason, ...]) -> Split:
    written, signature = without_signature(reply)
    if _is_blank(written) and not _is_blank(signature) and _is_blank(quoted):
        written, signature = reply, []
    return Split(_stripped(written), _stripped(quoted), _stripped(signature), reasons)


def _is_blank(lines: list[str]) -> bool:
    return not any(line.strip() for line in lines)


def _stripped(lines: list[str]) -> str:
    """The lines as one text without blank lines before and after; the first line keeps its indentation."""
    begin, end = 0, len(lines)
    while begin < end and not lines[begin].strip():
        begin += 1
    while end > begin and not lines[end - 1].strip():
        end -= 1
    return "\n".join(line.rstrip() for line in lines[begin:end])
