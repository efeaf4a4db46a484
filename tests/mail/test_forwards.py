"""Mail that an agent passed on: who wrote it, when and what, as mail programs of four languages show it."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cast import moment

from balie.mail import forwards
from balie.mail.reading.parsing import read_message

CARLA = "carla@shop.example"
AT_NINE = moment("2026-11-20 09:05")
TEXT = "De lade klemt.\n\nGroet, Carla"


def found(body: str, subject: str = "Fwd: Kassalade") -> forwards.Forwarded | None:
    message = EmailMessage()
    message["From"] = "Anna <anna@desk.example>"
    message["Subject"] = subject
    message.set_content(body)
    return forwards.find(read_message(message.as_bytes()), zone="Europe/Amsterdam")


SHAPES = {
    "Gmail": f"""Deze is van mijn klant.

---------- Forwarded message ---------
From: Carla van den Berg <{CARLA}>
Date: Fri, 20 Nov 2026 at 09:05
Subject: Kassalade
To: Anna <anna@desk.example>


{TEXT}""",
    "Gmail, Dutch": f"""Deze is van mijn klant.

---------- Forwarded message ---------
Van: Carla van den Berg <{CARLA}>
Date: vr 20 nov 2026 om 09:05
Subject: Kassalade
To: Anna <anna@desk.example>


{TEXT}""",
    "Outlook, Dutch": f"""Deze is van mijn klant.

________________________________
Van: Carla van den Berg <{CARLA}>
Verzonden: vrijdag 20 november 2026 09:05
Aan: Anna <anna@desk.example>
Onderwerp: Kassalade

{TEXT}""",
    "Outlook, English": f"""Deze is van mijn klant.

From: Carla van den Berg [mailto:{CARLA}]
Sent: Friday, November 20, 2026 9:05 AM
To: Anna
Subject: Kassalade

{TEXT}""",
    "Outlook, German": f"""Deze is van mijn klant.

Von: Carla van den Berg <{CARLA}>
Gesendet: Freitag, 20. November 2026 09:05
An: Anna <anna@desk.example>
Betreff: Kassalade

{TEXT}""",
    "Outlook, French": f"""Deze is van mijn klant.

De : Carla van den Berg <{CARLA}>
Envoyé : vendredi 20 novembre 2026 09:05
À : Anna <anna@desk.example>
Objet : Kassalade

{TEXT}""",
    "Apple Mail, Dutch": f"""Deze is van mijn klant.

> Begin doorgestuurd bericht:
>
> Van: Carla van den Berg <{CARLA}>
> Onderwerp: Kassalade
> Datum: 20 november 2026 om 09:05:11 CET
> Aan: Anna <anna@desk.example>

{TEXT}""",
    "Apple Mail, English": f"""Deze is van mijn klant.

Begin forwarded message:

From: Carla van den Berg <{CARLA}>
Subject: Kassalade
Date: 20 November 2026 at 09:05:11 CET
To: Anna <anna@desk.example>

{TEXT}""",
    "Apple Mail, German": f"""Deze is van mijn klant.

Anfang der weitergeleiteten Nachricht:

Von: Carla van den Berg <{CARLA}>
Betreff: Kassalade
Datum: 20. November 2026 um 09:05:11 MEZ
An: Anna <anna@desk.example>

{TEXT}""",
    "Apple Mail, French": f"""Deze is van mijn klant.

Début du message réexpédié :

De: Carla van den Berg <{CARLA}>
Objet: Kassalade
Date: 20 novembre 2026 à 09:05:11 UTC+1
À: Anna <anna@desk.example>

{TEXT}""",
    "Thunderbird, Dutch": f"""Deze is van mijn klant.


-------- Doorgestuurd bericht --------
Onderwerp: 	Kassalade
Datum: 	Fri, 20 Nov 2026 09:05:00 +0100
Van: 	Carla van den Berg <{CARLA}>
Aan: 	anna@desk.example


{TEXT}""",
    "Thunderbird, French": f"""Deze is van mijn klant.

-------- Message transféré --------
Sujet : 	Kassalade
Date : 	Fri, 20 Nov 2026 09:05:00 +0100
De : 	Carla van den Berg <{CARLA}>
Pour : 	anna@desk.example

{TEXT}""",
    "Samsung, bold labels": f"""Deze is van mijn klant.

-------- Oorspronkelijk bericht --------
*Van:* Carla van den Berg <{CARLA}>
*Datum:* 20-11-2026 09:05 (GMT+01:00)
*Aan:* anna@desk.example
*Onderwerp:* Kassalade

{TEXT}""",
}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES.keys())
def test_who_wrote_it_when_and_what_SW_17(body: str) -> None:
    forwarded = found(body)
    assert forwarded is not None
    assert (forwarded.sender.address, forwarded.sender.name) == (CARLA, "Carla van den Berg")
    assert (forwarded.subject, forwarded.text) == ("Kassalade", TEXT)
    assert forwarded.note == "Deze is van mijn klant."
    assert forwarded.written_at is not None
    assert abs((forwarded.written_at - AT_NINE).total_seconds()) < 60


def test_a_message_attached_as_a_whole_is_read_as_such() -> None:
    inner = EmailMessage()
    inner["From"] = f"Carla <{CARLA}>"
    inner["Subject"] = "Kassalade"
    inner["Date"] = "Fri, 20 Nov 2026 09:05:00 +0100"
    inner.set_content(TEXT)
    outer = EmailMessage()
    outer["From"] = "anna@desk.example"
    outer["Subject"] = "van mijn klant"
    outer.set_content("Zie bijlage.")
    outer.add_attachment(inner)

    forwarded = forwards.find(read_message(outer.as_bytes()), zone="Europe/Amsterdam")

    assert forwarded is not None and forwarded.whole is not None
    assert (forwarded.sender.address, forwarded.written_at, forwarded.note) == (
        CARLA,
        AT_NINE,
        "Zie bijlage.",
    )
    assert forwarded.text.strip() == TEXT


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: Kassalade", SHAPES["Outlook, Dutch"].replace("________________________________\n", "")),
        ("Fwd: Kassalade", "Van: niemand\nAan: iemand\nOnderwerp: iets\n\nTekst"),
        ("Fwd: Kassalade", f"From: {CARLA}\n\nTekst"),
        ("Kassalade", "Gewoon een vraag.\nVan: de baas\n"),
        ("Fwd:", ""),
    ],
    ids=["an answer quotes headers, too", "no address", "one header only", "a sentence", "nothing"],
)
def test_what_passes_nothing_on(subject: str, body: str) -> None:
    assert found(body, subject) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("vrijdag 20 november 2026 09:05", AT_NINE),
        ("20 Nov 2026, 9:05 am", AT_NINE),
        ("Friday, November 20, 2026 9:05 PM", moment("2026-11-20 21:05")),
        ("12:05 AM, November 20, 2026", moment("2026-11-20 00:05")),
        ("20/11/2026 9h05", AT_NINE),
        ("11/20/2026 09:05", AT_NINE),
        ("2026-11-20 09:05", AT_NINE),
        ("Fri, 20 Nov 2026 08:05:00 +0000", AT_NINE),
        ("le 1 août 2026 à 10:00", moment("2026-08-01 10:00")),
        ("1. März 2026", moment("2026-03-01 00:00")),
        ("31 februari 2026 10:00", None),
        ("gisteren", None),
        ("", None),
    ],
)
def test_moments_as_people_read_them(text: str, read: datetime | None) -> None:
    assert forwards.read_moment(text, zone="Europe/Amsterdam") == read


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Fwd: FW: Kassa", "Kassa"),
        ("Doorst: Kassa", "Kassa"),
        ("WG: Kassa", "Kassa"),
        ("TR : Kassa", "Kassa"),
        ("Fwd:", "Fwd:"),
    ],
)
def test_a_subject_without_what_was_put_in_front(subject: str, bare: str) -> None:
    assert forwards.bare_subject(subject) == bare


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "From: a@b.example",
                "Van:",
                "Datum: 99-99-9999",
                "Fwd:",
                "",
                "\t",
                "x" * 50,
                "Begin forwarded message:",
            ]
        ),
        max_size=12,
    )
)
def test_no_text_makes_it_raise(lines: list[str]) -> None:
    found("\n".join(lines))
