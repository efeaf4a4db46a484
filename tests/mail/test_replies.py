"""What somebody wrote now, what they quote, and their signature; no line is ever lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.mail.reading.replies import split_reply

QUOTE = "> Doet hij het nu?\n> Groet, Anna"

ATTRIBUTIONS = [
    ("Gmail nl", "Op ma 23 nov 2026 om 10:12 schreef Helpdesk <help@desk.example>:"),
    ("Gmail nl, older", "Helpdesk <help@desk.example> schreef op ma 23 nov. 2026 10:12:"),
    (
        "Gmail nl, wrapped",
        "Op ma 23 nov 2026 om 10:12 schreef Helpdesk van de leverancier <\nhelp@desk.example>:",
    ),
    (
        "Apple Mail nl",
        "Op 23 nov. 2026, om 10:12 heeft Helpdesk <help@desk.example> het volgende geschreven:",
    ),
    (
        "Apple Mail nl, wrapped",
        "Op 23 nov. 2026, om 10:12 heeft Helpdesk\n<help@desk.example> het volgende\ngeschreven:",
    ),
    ("Thunderbird nl", "Op 23-11-2026 om 10:12 schreef Helpdesk:"),
    ("Yahoo nl", "Op maandag 23 november 2026 om 10:12:00 CET schreef Helpdesk <help@desk.example>:"),
    ("Gmail en", "On Mon, Nov 23, 2026 at 10:12 AM Helpdesk <help@desk.example> wrote:"),
    (
        "Gmail en, wrapped",
        "On Mon, Nov 23, 2026 at 10:12 AM The Helpdesk of the Supplier <help@desk.example>\nwrote:",
    ),
    ("Apple Mail en", "On 23 Nov 2026, at 10:12, Helpdesk <help@desk.example> wrote:"),
    ("Thunderbird en", "On 23/11/2026 10:12, Helpdesk wrote:"),
    ("bare", "Helpdesk wrote:"),
    ("Gmail, long ago", "2026-11-23 10:12 GMT+01:00 Helpdesk <help@desk.example>:"),
    ("Gmail de", "Am Mo., 23. Nov. 2026 um 10:12 Uhr schrieb Helpdesk <help@desk.example>:"),
    ("Gmail de, older", "Helpdesk <help@desk.example> schrieb am Mo., 23. Nov. 2026, 10:12:"),
    ("Thunderbird de", "Am 23.11.26 um 10:12 schrieb Helpdesk:"),
    ("Apple Mail de", "Am 23.11.2026 um 10:12 schrieb Helpdesk <help@desk.example>:"),
    ("Gmail fr", "Le lun. 23 nov. 2026 à 10:12, Helpdesk <help@desk.example> a écrit :"),
    ("Thunderbird fr", "Le 23/11/2026 à 10:12, Helpdesk a écrit :"),
    ("Apple Mail fr", "Le 23 nov. 2026 à 10:12, Helpdesk <help@desk.example> a écrit :"),
    ("original message with quotes", "-----Oorspronkelijk bericht-----"),
]


@pytest.mark.parametrize(("program", "line"), ATTRIBUTIONS, ids=[name for name, _line in ATTRIBUTIONS])
def test_the_line_above_a_quote_belongs_to_the_quote(program: str, line: str) -> None:
    split = split_reply(f"Ja, bedankt!\n\n{line}\n\n{QUOTE}\n")
    assert (split.reply, split.quoted, split.signature) == ("Ja, bedankt!", f"{line}\n\n{QUOTE}", "")
    below = split_reply(f"{line}\n{QUOTE}\n\nJa, bedankt!\n")
    assert (below.reply, below.quoted) == ("Ja, bedankt!", f"{line}\n{QUOTE}")


HEADER_BLOCKS = [
    ("Outlook nl", "Van: Help <help@desk.example>\nVerzonden: maandag\nAan: Carla\nOnderwerp: Bon"),
    (
        "Outlook nl, bold",
        "*Van:* Help <help@desk.example>\n*Verzonden:* maandag\n*Aan:* Carla\n*Onderwerp:* Bon",
    ),
    ("Outlook en", "From: Help <help@desk.example>\nSent: Monday\nTo: Carla\nCc: Baas\nSubject: Receipt"),
    ("Outlook de", "Von: Help <help@desk.example>\nGesendet: Montag\nAn: Carla\nBetreff: Bon"),
    ("Outlook fr", "De : Help <help@desk.example>\nEnvoyé : lundi\nÀ : Carla\nObjet : Bon"),
    ("ruler", "________________________________\nVan: Help\nVerzonden: maandag\nAan: Carla\nOnderwerp: Bon"),
    ("wrapped recipients", "Van: Help\nAan: Carla;\n Baas; Piet\nVerzonden: maandag\nOnderwerp: Bon"),
    ("Outlook of old", "-----Original Message-----\nFrom: Help\nSent: Monday\nTo: Carla"),
    ("German of old", "-----Ursprüngliche Nachricht-----\nVon: Help"),
    ("French of old", "-----Message d'origine-----\nDe : Help"),
    ("Samsung", "-------- Oorspronkelijk bericht --------\nVan: Help\nDatum: 23-11-26 10:12 (GMT+01:00)"),
    ("our own line nl", "## Schrijf uw antwoord boven deze regel ##\nDoet hij het?"),
    ("our own line en", "*--- Write your reply above this line ---*\nDoes it work?"),
    ("Outlook on a telephone marks nothing", "Op 23 nov 2026 om 10:12 schreef Help <help@desk.example>:"),
]


@pytest.mark.parametrize(("program", "block"), HEADER_BLOCKS, ids=[name for name, _block in HEADER_BLOCKS])
def test_an_unmarked_quote_begins_at_its_header(program: str, block: str) -> None:
    split = split_reply(f"Ja, bedankt!\n\n{block}\n\nDoet hij het nu?\n")
    assert (split.reply, split.quoted) == ("Ja, bedankt!", f"{block}\n\nDoet hij het nu?")


SIGNATURES = [
    *("-- \nCarla de Boer\nWinkel in Wol", "--\nCarla"),
    *("Verstuurd vanaf mijn iPhone", "Verzonden vanaf mijn iPad", "Verzonden vanaf mijn Galaxy"),
    *("Verzonden vanuit Mail voor Windows", "Outlook voor iOS downloaden<https://aka.example/ios>"),
    *("Sent from my iPhone", "Sent from Mail for Windows", "Get Outlook for iOS<https://aka.example/ios>"),
    *("Sent from Outlook for Android", "Von meinem iPhone gesendet", "Gesendet mit der Mail App"),
    *("Outlook für iOS beziehen", "Envoyé de mon iPhone", "Télécharger Outlook pour Android"),
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_set_apart(signature: str) -> None:
    assert split_reply(f"Ja.\n\n{signature}\n").signature == signature.replace("-- \n", "--\n")
    with_quote = split_reply(f"Ja.\n\n{signature}\n\nOp 23-11-2026 om 10:12 schreef Help:\n{QUOTE}\n")
    assert (with_quote.reply, with_quote.signature) == ("Ja.", signature.replace("-- \n", "--\n"))
    assert with_quote.quoted.endswith(QUOTE)


KEPT_WHOLE = [
    ("nothing is quoted", "Goedemorgen,\n\nDe kassa: hij doet het niet.\n\nGroet,\nCarla"),
    ("a sentence like an attribution", "Op 3 mei schreef u dit:\nde update komt vrijdag.\nHij kwam niet."),
    ("somebody's words told", "Mijn collega schreef:\nhij doet het niet"),
    ("one header line is no header block", "Van: 9 tot 17 uur zijn wij open.\nBel gerust."),
    ("two lines are none either", "Van: Utrecht\nAan: Zwolle\n\nDat pakket is zoek."),
    (
        "nothing above the quoted mail: forwarded",
        "Van: Help\nVerzonden: maandag\nAan: Carla\nOnderwerp: Bon\n\nKijk eens",
    ),
    (
        "forwarded by Gmail",
        "Kijk eens\n\n---------- Forwarded message ---------\nFrom: X\nDate: Y\nTo: Z\n\ntekst",
    ),
    (
        "forwarded by Apple Mail",
        "Kijk\n\nBegin doorgestuurd bericht:\n\nVan: X\nDatum: Y\nAan: Z\nOnderwerp: W\n\n> tekst",
    ),
    ("an answer after each quote", "> Staat hij aan?\nJa\n> Welk model?\nTM-T20"),
    ("above, between and below", "Zie onder.\n\n> Staat hij aan?\nJa"),
    ("a telephone's line that goes on", "Verstuurd vanaf mijn iPhone krijg ik steeds een fout.\nWat nu?"),
    ("only a signature", "-- \nCarla"),
    ("a signature that is too long to be one", "Lijst:\n--\n" + "\n".join(f"regel {n}" for n in range(40))),
    ("one endless line", "x" * 5000 + " schreef:"),
    ("nothing at all", ""),
]


@pytest.mark.parametrize(("because", "text"), KEPT_WHOLE, ids=[because for because, _text in KEPT_WHOLE])
def test_when_in_doubt_everything_stays(because: str, text: str) -> None:
    split = split_reply(text)
    assert split.reply == "\n".join(line.rstrip() for line in text.split("\n"))
    assert (split.quoted, split.signature) == ("", "")


def test_an_arrow_at_the_start_of_a_line_is_no_quote() -> None:
    assert split_reply("Menu\n>-- Instellingen\nwerkt niet").quoted == ""


def test_the_answers_between_quotes_stay_and_the_unanswered_end_is_set_apart() -> None:
    split = split_reply(
        "Hoi,\n\nOp 3 mei 10:12 schreef X:\n> een?\n\nJa\n\n> twee?\n\nNee\n\n> Groet\n> Anna\n\n-- \nCarla"
    )
    assert split.reply == "Hoi,\n\nOp 3 mei 10:12 schreef X:\n> een?\n\nJa\n\n> twee?\n\nNee"
    assert split.quoted == "> Groet\n> Anna\n\n--\nCarla"
    assert [reason.render() for reason in split.reasons] == [
        "There are answers between the quoted lines, so the quotes stay with them."
    ]


def test_an_older_quote_inside_the_quote_is_no_answer() -> None:
    text = (
        "Ja.\n\nOp 3 mei 2026 10:12 schreef X:\n> Doet hij het?\n>\nOp 2 mei 2026 10:12 schreef Y:\n>> Kapot."
    )
    assert split_reply(text).reply == "Ja."


def test_a_signature_below_the_quote_is_a_signature() -> None:
    split = split_reply("Ja.\n\n> Doet hij het?\n\n-- \nCarla")
    assert (split.reply, split.quoted, split.signature) == ("Ja.", "> Doet hij het?", "--\nCarla")
    two = split_reply("Ja.\n\n-- \nCarla\n\n> Doet hij het?\n\n-- \nVirusvrij")
    assert (two.reply, two.quoted, two.signature) == ("Ja.", "> Doet hij het?", "--\nCarla\n--\nVirusvrij")


def test_only_marked_lines_are_an_empty_reply() -> None:
    assert split_reply(QUOTE).reply == ""
    assert split_reply(QUOTE).quoted == QUOTE


def test_the_reason_names_the_line_where_the_quote_begins() -> None:
    [reason] = split_reply("Ja\n\nVan: Help\nVerzonden: ma\nAan: Carla\nOnderwerp: Bon\n\nx").reasons
    assert reason.render() == "The quoted mail begins at its header lines, “Van: Help”."


LINES = st.sampled_from(
    [
        *("Ja", "", "  ", "> een", ">> twee", ">", "-- ", "--", "Verstuurd vanaf mijn iPhone", "tekst:"),
        *(
            "Op 3 mei 2026 om 10:12 schreef X <x@y.example>:",
            "Op 3 mei",
            "schreef X:",
            "X wrote:",
            "<x@y.example>:",
        ),
        *("Van: X", "Verzonden: Y", "Aan: Z", "Onderwerp: W", "From: X", "Sent: Y", "To: Z", "_" * 32),
        *(
            "-----Original Message-----",
            "---------- Forwarded message ---------",
            "Begin doorgestuurd bericht:",
        ),
        *(
            "## Schrijf uw antwoord boven deze regel ##",
            "> Write your reply above this line",
            "\x0c",
            "\u2028",
        ),
    ]
)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=25), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_line_is_ever_lost_or_told_twice(lines: list[str], line_end: str) -> None:
    split = split_reply(line_end.join(lines))
    written = Counter(part.rstrip() for line in lines for part in line.replace("\r", "\n").split("\n"))
    parts = (split.reply, split.quoted, split.signature)
    told = Counter(line.rstrip() for part in parts if part for line in part.split("\n"))
    del written[""], told[""]
    assert told == written


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(["- ", "-", "> ", "Op 1 ", "a@b ", "_", "Sent from my ", "\n", "<", "Van: ", "schreef "])
)
def test_no_text_makes_the_splitting_slow(piece: str) -> None:
    text = piece * 20_000
    assert "".join(split_reply(text).reply.split()) + "".join(split_reply(text).quoted.split()) == "".join(
        text.split()
    )
