"""Who somebody is, and what their house makes them say: the lines below a mail that nobody wrote today.

Folded away is only what is sure: a line with a question in it, or a sentence behind the greeting, stays to be read.
"""

from __future__ import annotations

import re

_LONGEST_SIGNATURE = 30  # lines
_LONGEST_LINE = 500  # characters; a longer line is part of no signature but a legal one
_MOST_LINES = 60  # from the end, in which a signature is looked for

_QUOTED = re.compile(r"\s{0,3}[>|›»](?!-)")
_DASHES = re.compile(r"-- ?\s*")
_MOBILE = re.compile(
    r"\s*(?:(?:verstuurd|verzonden)\s+(?:vanaf|vanuit|met|via)\s+\S.{0,60}"
    r"|sent\s+(?:from|with|via)\s+(?:my|mail|outlook|yahoo|proton|samsung|bluemail|gmail|the|a)\b.{0,60}"
    r"|(?:von\s+mein\w*\s.{1,40}\s(?:gesendet|geschickt)|gesendet\s+(?:von|mit|über)\s.{1,60})"
    r"|envoyé\s+(?:de(?:puis)?|à\s+partir\s+de|avec)\s.{1,60}"
    r"|(?:outlook\s+voor\s+(?:ios|android)\s+downloaden|download\s+outlook\s+voor\s.{1,20}|get\s+outlook\s+for\s.{1,20}"
    r"|outlook\s+für\s+(?:ios|android)\s+(?:beziehen|herunterladen)|(?:télécharger|obtenir)\s+outlook\s+pour\s.{1,20}"
    r"|outlook\s+(?:voor|for|für|pour)\s+(?:ios|android|mac)))\s*(?:[<(\[]\S{1,200}[>)\]])?\.?\s*",
    re.IGNORECASE,
)
# Added by programs at the very end.
_ADDED = re.compile(
    r"\s*(?:(?:virusvrij|virus-?free|garanti sans virus|virenfrei)\.?\b.{0,120}"
    r"|.{0,40}(?:denk|think|consider|pense[rz]|bitte).{0,40}(?:milieu|environment|before (?:you )?print|environnement"
    r"|umwelt).{0,120}"
    r"|(?:deze|dit|this|diese|ce)\s.{0,40}\b(?:avast|avg|mcafee|norton|kaspersky)\b.{0,120}"
    r"|_{5,}|-{5,}|\*{5,}|={5,})\s*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\s*(?:met\s+(?:vriendelijke|hartelijke|beste|warme|zonnige|sportieve|collegiale)\s+groet(?:en)?|vriendelijke\s+groet(?:en)?"
    r"|m(?:et)?\.?\s?v(?:riendelijke)?\.?\s?g(?:r(?:oet)?)?\.?|hoogachtend|(?:hartelijke\s+)?groet(?:en|jes)?|gr\.?|mvg|with\s+kind\s+regards"
    r"|(?:with\s+)?(?:kind|best|warm|many)\s+(?:regards|wishes)|(?:best\s+)?regards|(?:yours\s+)?(?:sincerely|faithfully|truly)"
    r"|cheers|mit\s+freundlichen?\s+grü(?:ß|ss)en?|(?:freundliche|viele|beste|schöne|herzliche)\s+grü(?:ß|ss)e|mfg|lg|vg|hochachtungsvoll"
    r"|(?:bien\s+)?(?:cordialement|à\s+vous)|(?:sincères|meilleures|cordiales)\s+salutations|bien\s+à\s+vous|salutations)\s*[,.!]?\s*",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"\W{0,4}(?:disclaimer|confidentiality\s+notice|avertissement|haftungsausschluss|vertraulichkeits\w*)\b"
    r"|\W{0,4}(?:de\s+informatie|dit\s+(?:e-?mail)?bericht|deze\s+e-?mail|this\s+(?:e-?mail|message|communication)|the\s+information"
    r"|the\s+contents?\s+of\s+this|diese\s+(?:e-?mail|nachricht)|der\s+inhalt\s+dieser|ce\s+(?:message|courriel|mail)|cet\s+e-?mail"
    r"|les\s+informations)\b.{0,300}?(?:vertrouwelijk|uitsluitend|bestemd\s+voor|geadresseerde|confidential|intended|privileged|addressee"
    r"|vertraulich|bestimmt|adressat|unbefugt|confidentiel|destinataire|exclusive)",
    re.IGNORECASE | re.DOTALL,
)
_SHORTEST_LEGAL = 80  # characters
_SENTENCE = re.compile(r".*\w\W*[.!:]\s*")
_FEWEST_WORDS = 6  # of a sentence
_LATER_THOUGHT = re.compile(r"\s*(?:p\.?\s?s|n\.?b)\b", re.IGNORECASE)
_LINK = re.compile(r"\S*(?:://|www\.)\S*")
_FEWEST_LINES = 2  # below a greeting; a greeting and a name stay with the words that they end


def without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """`lines` up to the signature, and the signature, which may be empty."""
    for index in range(max(0, len(lines) - _LONGEST_SIGNATURE), len(lines)):
        line = lines[index]
        if line[:2] == "--" and _DASHES.fullmatch(line) and not any(map(_QUOTED.match, lines[index:])):
            return lines[:index], lines[index:]
    end = _before_what_was_added(lines)
    end = _before_closing(lines, end)
    return lines[:end], lines[end:]


def _before_what_was_added(lines: list[str]) -> int:
    """Where the lines begin that programs and lawyers put at the end; the length of `lines` when there are none."""
    end = len(lines)
    while (last := _last_filled(lines, end)) is not None:
        begin = _paragraph_of(lines, last)
        if len(lines[last]) <= _LONGEST_LINE and (
            _MOBILE.fullmatch(lines[last]) or _ADDED.fullmatch(lines[last])
        ):
            end = last
        elif _is_legal(lines[begin : last + 1]):
            end = begin
        else:
            break
    return end


def _is_legal(paragraph: list[str]) -> bool:
    text = " ".join(line.strip() for line in paragraph)[:2000]
    return len(text) >= _SHORTEST_LEGAL and bool(_LEGAL.match(text))


def _before_closing(lines: list[str], end: int) -> int:
    """Where a greeting with a block of name, company and telephone below it begins; else `end`."""
    filled = 0
    for index in range(end - 1, max(-1, end - _MOST_LINES - 1), -1):
        line = lines[index]
        if not line.strip():
            continue
        if len(line) <= _LONGEST_LINE and _CLOSING.fullmatch(line):
            return index if filled >= _FEWEST_LINES else end
        filled += 1
        if filled > _LONGEST_SIGNATURE or _may_be_meant(line):
            break
    return end


def _may_be_meant(line: str) -> bool:
    """Whether a line below a greeting says something: a question, a sentence, a later thought, a quote."""
    if len(line) > 100 or _LATER_THOUGHT.match(line) or _QUOTED.match(line):
        return True
    words = _LINK.sub("", line)
    if "?" in words:
        return True
    return len(words.split()) >= _FEWEST_WORDS and bool(_SENTENCE.fullmatch(words))


def _last_filled(lines: list[str], end: int) -> int | None:
    return next((index for index in range(end - 1, -1, -1) if lines[index].strip()), None)


def _paragraph_of(lines: list[str], last: int) -> int:
    """Where the paragraph that ends at `last` begins."""
    begin = last
    while begin > 0 and last - begin < _LONGEST_SIGNATURE and lines[begin - 1].strip():
        begin -= 1
    return begin
