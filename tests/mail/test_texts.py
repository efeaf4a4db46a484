"""The texts of mails: standard or the desk's own, filled in, and refused when they would miss their purpose."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import translation
from django.utils.safestring import mark_safe
from tests.cast import FRIDAY_AT_FOUR, at

from balie.accounts.models import User
from balie.administration import actions as administration
from balie.audit.models import Entry
from balie.customers.models import Contact, Customer
from balie.desk.models import Desk
from balie.desk.queries import the_desk
from balie.mail import texts
from balie.mail.models import MailText, OutboundKind, OutboundMail
from balie.mail.texts import NOTHING, Filled, PlaceIsMissing, Text, UnknownPlace
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.models import Ticket


def composed(body: str, **places: object) -> texts.Composed:
    filled = {name: each if isinstance(each, Filled) else Filled.of(each) for name, each in places.items()}
    return texts.compose(Text("{subject}", body), filled)


@pytest.mark.parametrize("kind", texts.KINDS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_standard_text_keeps_its_own_rules_in_each_language(kind: str, language: str) -> None:
    with translation.override(language):
        usual = texts.standard(kind)
    texts.check(kind, subject=usual.subject, body=usual.body)
    if language == "nl":
        assert usual.body != texts.KINDS[kind].body


def test_words_are_escaped_and_places_too() -> None:
    found = composed("<b>Dag</b> {name} & co", name='<script>"x"</script>')
    assert found.html == "<p>&lt;b&gt;Dag&lt;/b&gt; &lt;script&gt;&quot;x&quot;&lt;/script&gt; &amp; co</p>"
    assert found.text == '<b>Dag</b> <script>"x"</script> & co\n'


def test_what_a_place_holds_is_never_a_place_itself() -> None:
    assert composed("{name}", name="{link}", link="geheim").text == "{link}\n"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Een.\n\nTwee.", "Een.\n\nTwee.\n"),
        ("Een.\n\n{empty}\n\nTwee.", "Een.\n\nTwee.\n"),
        ("Een.\n\nHier: {empty}\n\nTwee.", "Een.\n\nTwee.\n"),
        ("Vraag {number}. {empty}", "Vraag 7.\n"),
        ("Lees: {block} en meer", "Lees:\n\n- a\n- b\n\nen meer\n"),
        ("{ geen plaats", "{ geen plaats\n"),
        ("", "\n"),
    ],
    ids=[
        "paragraphs",
        "empty place",
        "only empty places",
        "one empty",
        "a block inside",
        "a brace",
        "nothing",
    ],
)
def test_paragraphs_come_and_go_with_their_places(body: str, text: str) -> None:
    block = Filled.block("- a\n- b", mark_safe("<ul><li>a</li><li>b</li></ul>"))
    assert composed(body, number=7, empty=NOTHING, block=block).text == text


def test_addresses_become_links_and_nothing_else_does() -> None:
    found = composed("Zie https://example.org/a?b=1&c=2 of javascript:alert(1)")
    assert '<a href="https://example.org/a?b=1&amp;c=2"' in found.html
    assert found.html.count("<a ") == 1


def test_a_subject_is_one_line() -> None:
    filled = {"subject": Filled.of("Bon\r\nBcc: eve@example.org")}
    assert texts.compose(Text("Re: {subject}", "x"), filled).subject == "Re: Bon Bcc: eve@example.org"


@pytest.mark.parametrize(
    ("subject", "body", "refusal", "named"),
    [
        ("{numer}", "{promise} {link}", UnknownPlace, "numer"),
        ("[#{number}]", "{promise} {link} {password}", UnknownPlace, "password"),
        ("[#{number}]", "{promise} {link} {}", UnknownPlace, "{}"),
        ("[#{number}]", "{promise} {link} {number.__class__}", UnknownPlace, "__class__"),
        ("[#{number}]", "Dank u wel. {promise}", PlaceIsMissing, "{link}"),
        ("[#{link}]", "{promise}", PlaceIsMissing, "{link}"),
    ],
    ids=[
        "misspelt",
        "of no mail",
        "without a name",
        "reaching inside",
        "no link",
        "link in the subject only",
    ],
)
def test_a_text_that_cannot_be_filled_in_is_refused_by_name(
    subject: str, body: str, refusal: type[Exception], named: str
) -> None:
    with pytest.raises(refusal) as refused:
        texts.check("confirmation", subject=subject, body=body)
    assert named in str(refused.value)


# Sending


def ask(desk: Desk, who: Contact) -> Ticket:
    return actions.open(
        who,
        Wish(Channel.PORTAL),
        subject="Geen bon",
        writing=actions.Writing("Er komt geen bon uit."),
        by=who.user,
        situation=at(desk),
    )


def test_mails_have_the_words_of_the_desk_in_the_readers_language_SW_17(
    infobits: Desk, sla8: Customer, carla: Contact, willem: User
) -> None:
    own = {"subject": "Vraag {number}", "body": "Dag {name}!\n\n{promise}\n\n{link}"}
    administration.write_text("confirmation", "nl", **own, by=willem, now=FRIDAY_AT_FOUR)
    ticket = ask(infobits, carla)
    sent = OutboundMail.objects.get(kind=OutboundKind.CONFIRMATION)
    assert sent.subject == f"Vraag {ticket.number}"
    assert "Dag Carla!" in sent.text
    assert "<p>Dag Carla!</p>" in sent.html
    assert f"/my/tickets/{ticket.number}/" in sent.text

    Contact.objects.filter(pk=carla.pk).update(language="en")
    carla.refresh_from_db()
    other = ask(infobits, carla)
    assert "Its number is" in OutboundMail.objects.get(ticket=other).text


def test_new_words_are_in_the_very_next_mail_SW_17(
    infobits: Desk, sla8: Customer, carla: Contact, willem: User
) -> None:
    before = OutboundMail.objects.get(ticket=ask(infobits, carla))
    own = {"subject": "Vraag {number}", "body": "{promise}\n\n{link}"}
    administration.write_text("confirmation", "nl", **own, by=willem, now=FRIDAY_AT_FOUR)
    after = OutboundMail.objects.get(ticket=ask(the_desk(), carla))
    assert not before.subject.startswith("Vraag")
    assert after.subject.startswith("Vraag")


def test_every_version_is_on_the_record_and_the_standard_comes_back(infobits: Desk, willem: User) -> None:
    who = {"by": willem, "now": FRIDAY_AT_FOUR}
    first = {"subject": "A", "body": "{portal}"}
    administration.write_text("pointer", "nl", **first, **who)  # type: ignore[arg-type]
    administration.write_text("pointer", "nl", **first, **who)  # type: ignore[arg-type]
    administration.write_text("pointer", "nl", subject="B", body="Kijk: {portal}", **who)  # type: ignore[arg-type]
    administration.back_to_standard("pointer", "nl", **who)  # type: ignore[arg-type]
    administration.back_to_standard("pointer", "nl", **who)  # type: ignore[arg-type]
    told = (
        Entry.objects.filter(subject_type="mail.mailtext").order_by("pk").values_list("action", "data__text")
    )
    assert list(told) == [
        ("write_text", [None, ["A", "{portal}"]]),
        ("write_text", [["A", "{portal}"], ["B", "Kijk: {portal}"]]),
        ("back_to_standard", [["B", "Kijk: {portal}"], None]),
    ]
    assert texts.text_of("pointer", "nl", the_desk()).is_standard


def test_a_text_that_was_refused_is_not_kept(infobits: Desk, willem: User) -> None:
    with pytest.raises(PlaceIsMissing):
        administration.write_text("closing", "nl", subject="x", body="y", by=willem, now=FRIDAY_AT_FOUR)
    assert not MailText.objects.exists()


def test_the_database_keeps_one_text_of_a_kind_and_language(infobits: Desk) -> None:
    row = {"kind": "pointer", "language": "nl", "subject": "x", "body": "y", "changed_at": FRIDAY_AT_FOUR}
    MailText.objects.create(**row)
    with pytest.raises(IntegrityError):
        MailText.objects.create(**row)
