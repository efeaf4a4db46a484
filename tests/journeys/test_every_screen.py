"""Every screen as people see it: wide and narrow, light and dark, without a fault that axe or the browser can find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize
from tests.cast import agent, at, contact
from tests.journeys.conftest import NARROW, WIDE, Complaints, Window
from tests.journeys.serving import Served

import balie
from balie.accounts import invitations
from balie.accounts.models import Role, User
from balie.backups.links import token_of
from balie.backups.models import BackupVideo, VideoRequest
from balie.config.demo import articles, set_aside
from balie.contracts.actions import book_credit
from balie.contracts.models import Contract, ContractType, Licence, Product
from balie.customers import phone_numbers
from balie.customers.account_models import Standing
from balie.customers.links import Purpose, link
from balie.customers.models import (
    AddressClaim,
    Asset,
    AssetKind,
    Contact,
    Customer,
    Invitation,
    PhoneNumber,
    Registration,
    Site,
)
from balie.desk.models import Line
from balie.desk.queries import the_desk
from balie.knowledge.models import Publication
from balie.mail import actions as mail
from balie.mail import bounces, intake, signing
from balie.mail.models import Alarm, InboundMail, Mailbox, MailFile, OutboundMail, OutboundState
from balie.mail.ways_in.models import AlarmKind
from balie.mail.ways_in.troubles import wrong_login
from balie.phone.actions import made
from balie.phone.models import Call, Extension, MissedCaller
from balie.privacy.actions import ask_erasure
from balie.privacy.models import Erasure
from balie.privacy.persons import Person
from balie.rules.address_claims import State
from balie.rules.lifecycle import Actor, Move
from balie.rules.reasons import Reason
from balie.rules.wishes import AnswerMode, BillingMode, Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import Upload, Writing
from balie.tickets.facts import Situation
from balie.tickets.models import Copy, HeldAnswer, Ticket, TimeEntry

AXE = Path(balie.__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LIGHT = """async light => {
    const chosen = document.documentElement.dataset;
    chosen.bsTheme = chosen.theme = light;
    const moving = document.getAnimations().filter(each => each instanceof CSSTransition);
    await Promise.allSettled(moving.map(each => each.finished));
}"""
"""The light of our pages and of Django's administration; done when every colour has become what it is."""
NOT_OURS = {"empty-table-header": {"enabled": False}}
"""Best practice in the administration's tables, which are Django's templates."""
LOOKS: Sequence[tuple[ViewportSize, str, Sequence[str]]] = (
    (WIDE, "light", ()),
    (WIDE, "dark", ("color-contrast", "link-in-text-block")),  # the light changes nothing else
    (NARROW, "dark", ()),
    (NARROW, "light", ("color-contrast", "link-in-text-block")),
)
"""Each width and light, and what axe looks at there: everything, or what the light alone can change."""
LONG_WORD = "Kassabonprinteraansluitkabelverlengstukbestelnummer-0123456789-0123456789"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


@dataclass(frozen=True)
class Shop:
    """A desk on which everything has happened once."""

    carla: Contact
    anna: User
    willem: User
    marga: Contact
    udo: Contact
    invited: User
    ticket: Ticket
    overdue: Ticket
    unpaid: Ticket


@pytest.fixture(scope="module")
def shop(desk_served: Served) -> Shop:
    now = timezone.now()
    bakery = Customer.objects.create(number="K-1001", name=f"Bakkerij {LONG_WORD}")
    PhoneNumber.objects.create(customer=bakery, e164="+31201234567")
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="infokasv3-l"))
    carla, anna, willem = contact("Carla", bakery), agent("Anna"), agent("Willem", role=Role.ADMINISTRATOR)
    articles.write(now=now)
    situation = at(desk_served.desk, now)
    files = (Upload("bon.png", "image/png", PICTURE), Upload(f"{LONG_WORD}.pdf", "application/pdf", b"%PDF"))
    ticket = actions.take_in(
        carla,
        Wish(Channel.MAIL, "till-printer"),
        subject=f"Vraag over {LONG_WORD}",
        writing=Writing(
            text=f"Hallo,\n\nkijk eens naar {LONG_WORD}\n\nGroet",
            quoted="> eerder",
            html=f"<p>{LONG_WORD}</p>",
            has_remote_images=True,
            uploads=files,
        ),
        situation=situation,
    )
    actions.note(
        ticket, writing=Writing(text="Even bellen met de leverancier."), by=anna, situation=situation
    )
    seen = ticket.messages.latest("pk").pk
    actions.reply(ticket, writing=Writing(text="Wij kijken ernaar."), by=anna, seen=seen, situation=situation)
    let_come_back(ticket, anna, situation)
    urgent = Wish(Channel.PORTAL, urgent=True)
    overdue = actions.take_in(
        carla,
        urgent,
        subject="Kassa start niet",
        writing=Writing(text="Spoed!"),
        situation=at(desk_served.desk, now - timezone.timedelta(days=30)),
    )
    ended = actions.take_in(
        carla, Wish(Channel.PORTAL), subject="Is al klaar", writing=Writing(text="Vraag"), situation=situation
    )
    actions.move(ended, Move.SOLVE, actor=Actor.AGENT, by=anna, situation=situation)
    wish = Wish(Channel.PHONE, answer_mode=AnswerMode.CALLBACK, billing_mode=BillingMode.POSTPAID)
    unpaid = actions.open(
        carla,
        wish,
        subject=LONG_WORD,
        writing=Writing(text="Bel mij"),
        by=anna,
        situation=situation,
        call=actions.CallWish("+31612345678", times=[(now, now + timezone.timedelta(hours=2))]),
    )
    actions.move(unpaid, Move.ASK_PAYMENT, actor=Actor.AGENT, by=anna, situation=situation)
    let_plan(carla, anna, wish, situation)
    leaving = Person.of_contact(contact("Lea", bakery))
    ask_erasure(leaving, typed=leaving.contact.email, with_files=True, by=willem, now=now)  # type: ignore[union-attr]
    intake.store(b"From: carla@shop.example\r\nSubject: Per mail\r\n\r\nHoi", now=now)
    intake.store(b"Subject: Van niemand\r\n\r\nHoi", now=now)
    while mail.process_waiting(now=now):
        pass
    let_in(willem, now)
    furnish(bakery, carla, anna, now)
    invited = User.objects.create_user("nieuw@shop.example", name="Nieuw")
    marga = contact("Marga", bakery, may_see_money=True, may_order=True, may_manage=True)
    udo = contact("Udo", None)
    let_wait(carla, marga, udo, now)
    let_phone(agent("Ben"), ticket, now)
    return Shop(carla, anna, willem, marga, udo, invited, ticket, overdue, unpaid)


def let_in(willem: User, now: datetime) -> None:
    """A mailbox that cannot be reached, with its alarm, and a file with mail that is half read."""
    mailbox = Mailbox.objects.create(
        name=LONG_WORD[:80], host="127.0.0.1", port=1, user=LONG_WORD, is_on=False
    )
    told = wrong_login(LONG_WORD, "[AUTHENTICATIONFAILED] no").reason.as_json()
    Mailbox.objects.filter(pk=mailbox.pk).update(trouble=told, unreachable_since=now)
    Alarm.objects.create(kind=AlarmKind.UNREACHABLE, mailbox=mailbox, began_at=now, reason=told)
    file = MailFile.objects.create(
        name=f"{LONG_WORD}.mbox", size=100, read_bytes=40, kept=1, left_out=1, handed_in_at=now, by=willem
    )
    InboundMail.objects.filter(pk=InboundMail.objects.earliest("pk").pk).update(file=file)
    set_aside.arrive(the_desk(), now=now)


def aside(outcome: str) -> int:
    """The newest mail that waits for this."""
    return InboundMail.objects.filter(outcome=outcome).latest("pk").pk


def let_come_back(ticket: Ticket, anna: User, situation: Situation) -> None:
    """An answer that did not arrive, one that has not left, one that was taken back, a copy, and a key that signs."""
    mail = OutboundMail.objects.filter(ticket=ticket).latest("pk")
    OutboundMail.objects.filter(pk=mail.pk).update(state=OutboundState.SENT, next_attempt_at=None)
    bounces.came_back(mail, f"550 5.1.1 {LONG_WORD} unknown", now=situation.now)
    held = {"ticket": ticket, "agent": anna, "move": "answer", "copies": [f"{LONG_WORD}@shop.example"]}
    for leaves_at in (situation.now + timezone.timedelta(days=1), None):
        HeldAnswer.objects.create(
            **held, text=LONG_WORD, submission=uuid4(), sent_at=situation.now, leaves_at=leaves_at
        )
    Copy.objects.create(
        ticket=ticket, message=ticket.messages.latest("pk"), email=f"{LONG_WORD}@shop.example"[-60:]
    )
    signing.make_key("infobits.example", by=anna, now=situation.now)


def let_wait(carla: Contact, marga: Contact, udo: Contact, now: datetime) -> None:
    """Who stands at the door: an account to place, an invited colleague, forgotten logins."""
    Registration.objects.create(
        user=udo.user, company=LONG_WORD, state=Standing.WAITING, made_at=now, verified_at=now
    )
    Invitation.objects.create(
        customer=marga.customer,
        name=LONG_WORD,
        email="wim@x.example",
        invited_by=marga,
        invited_at=now,
    )
    told = {"name": "Carla", "company": LONG_WORD, "old_email": carla.email, "phone": "+31612345678"}
    AddressClaim.objects.create(new_email="new@x.example", requested_at=now, **told)
    AddressClaim.objects.create(
        new_email="other@x.example",
        state=State.VERIFIED,
        contact=carla,
        requested_at=now,
        verified_at=now,
        told_at=now,
        **told,
    )


def let_plan(carla: Contact, anna: User, wish: Wish, situation: Situation) -> None:
    """A ticket with a planned call and time that was worked on it."""
    now, subject = situation.now, f"Bel over {LONG_WORD}"
    call = actions.CallWish("+31612345678")
    planned = actions.open(
        carla, wish, subject=subject, writing=Writing(text="Bel mij"), by=anna, situation=situation, call=call
    )
    began, ended = now - timezone.timedelta(hours=1), now - timezone.timedelta(minutes=30)
    actions.log_time(planned, person=anna, started_at=began, ended_at=ended, note=LONG_WORD, now=now)


def let_phone(ben: User, ticket: Ticket, now: datetime) -> None:
    """A call that rings at Ben's, one about a ticket that is over, and one that nobody answered."""
    exchange, _token = made(LONG_WORD[:80], by=None, now=now)
    telephone = Extension.objects.create(number=LONG_WORD[:40], user=ben)
    Extension.objects.create(number="299", takes_calls=False)
    minute = timezone.timedelta(minutes=1)
    kept = {"exchange": exchange, "caller": "+31202292929", "caller_text": LONG_WORD, "extension": telephone}
    Call.objects.create(**kept, name="rings", began_at=now - minute)
    missed = Call.objects.create(
        **kept, name="missed", state="missed", began_at=now - 9 * minute, ended_at=now - 8 * minute
    )
    missed.customers.add(ticket.customer)
    over = Call.objects.create(
        **kept,
        name="over",
        state="ended",
        action="forward",
        route={"reasons": [Reason("%(word)s", {"word": LONG_WORD}, "IB-03").as_json()]},
        ticket=ticket,
        began_at=now - 5 * minute,
        answered_at=now - 4 * minute,
        ended_at=now - minute,
    )
    over.events.create(exchange=exchange, name="1", kind="answered", at=now - 4 * minute, received_at=now)
    MissedCaller.objects.create(
        caller=missed.caller,
        is_owed=True,
        first_at=now,
        last_at=now,
        times=3,
        last_call=missed,
        claimed_by=ben,
    )


def mailed(purpose: Purpose, *values: int | str) -> str:
    """The path of a link in a mail."""
    return urlsplit(link(purpose, *values)).path


def furnish(bakery: Customer, carla: Contact, anna: User, now: datetime) -> None:
    """What the helpdesk page and the page of the customer show at their fullest."""
    Contract.objects.create(customer=bakery, type=ContractType.objects.get(key="phone-support"))
    site = Site.objects.create(customer=bakery, name=LONG_WORD, city="IJmuiden", tills=3)
    Asset.objects.create(customer=bakery, site=site, name="Yuno", kind=AssetKind.SCANNER)
    numbers = [
        phone_numbers.hand_in(carla, typed, label=LONG_WORD[:60], country="NL", now=now)
        for typed in ("020 229 29 29", "06 12 34 56 78", "0032 2 555 12 12")
    ]
    phone_numbers.confirm(numbers[0].pk, by=anna, now=now)
    phone_numbers.refuse(numbers[1].pk, because=f"Van {LONG_WORD}", by=anna, now=now)
    book_credit(bakery, minutes=60, because=f"Factuur {LONG_WORD}", by=anna, now=now)
    BackupVideo.objects.create(pk=1, link="https://video.example/back-up")
    VideoRequest.objects.create(contact=carla, requested_at=now)
    Contact.objects.filter(pk=carla.pk).update(may_see_money=True)


def invitation(shop: Shop) -> str:
    return f"/account/invitation/{invitations.token_of(shop.invited, now=timezone.now())}/"


def article(title: str) -> str:
    """Where readers find an article of the demo."""
    found = Publication.objects.get(title=title)
    return f"/help/{found.article_id}/{found.slug}/"


def written(title: str) -> str:
    """Where agents write it."""
    return f"/desk/articles/{Publication.objects.get(title=title).article_id}/nl/"


def worked_on() -> Ticket:
    return TimeEntry.objects.latest("pk").ticket


def last(rows: Any) -> int:
    return int(rows.latest("pk").pk)


Address = Callable[[Shop], str]
SCREENS: dict[str, tuple[str, Address]] = {
    "the page for anybody": ("eve", lambda shop: "/"),
    "log in": ("eve", lambda shop: "/account/login/"),
    "forgotten password": ("eve", lambda shop: "/account/password/reset/"),
    "log in with a code": ("eve", lambda shop: "/account/login/code/"),
    "the help site": ("eve", lambda shop: "/help/"),
    "a search of the help site": ("eve", lambda shop: "/help/?q=bonpriter"),
    "a search of the help site without results": ("eve", lambda shop: "/help/?q=zonnebank"),
    "a section of the help site": ("eve", lambda shop: "/help/sections/apparaten/"),
    "a help article": ("eve", lambda shop: article("Bonprinter print niet")),
    "a help article with a table": ("carla", lambda shop: article("De scanner leest niet")),
    "an invitation": ("eve", invitation),
    "make an account": ("eve", lambda shop: "/account/signup/"),
    "forgot login": ("eve", lambda shop: "/account/forgot/"),
    "forgot login, asked": ("eve", lambda shop: "/account/forgot/sent/"),
    "a new address to confirm": (
        "eve",
        lambda shop: mailed(Purpose.VERIFY_CLAIM, AddressClaim.objects.get(new_email="new@x.example").pk),
    ),
    "a claim to stop": (
        "eve",
        lambda shop: mailed(Purpose.STOP_CLAIM, last(AddressClaim.objects), shop.marga.email),
    ),
    "a colleague's invitation": ("eve", lambda shop: mailed(Purpose.JOIN, last(Invitation.objects))),
    "waiting for the desk": ("udo", lambda shop: "/my/account/"),
    "my people": ("marga", lambda shop: "/my/people/"),
    "one of my people": ("marga", lambda shop: f"/my/people/{shop.carla.pk}/"),
    "my mail address": ("carla", lambda shop: "/account/email/"),
    "newcomers": ("anna", lambda shop: "/desk/newcomers/"),
    "an account to place": ("anna", lambda shop: f"/desk/newcomers/{last(Registration.objects)}/?q=bakkerij"),
    "a forgotten login": ("anna", lambda shop: f"/desk/claims/{last(AddressClaim.objects)}/?q=bakkerij"),
    "the page for anybody, to a customer": ("carla", lambda shop: "/"),
    "my helpdesk": ("carla", lambda shop: "/my/helpdesk/"),
    "my questions": ("carla", lambda shop: "/my/"),
    "my questions that were searched for": ("carla", lambda shop: "/my/?q=vraag"),
    "my questions when nothing was found": ("carla", lambda shop: "/my/?q=nergens"),
    "ask a question": ("carla", lambda shop: "/my/ask/?topic=till-printer&urgent=1"),
    "a question that was sent": ("carla", lambda shop: f"/my/tickets/{shop.ticket.number}/sent/"),
    "a question": ("carla", lambda shop: f"/my/tickets/{shop.ticket.number}/"),
    "a question on paper": ("carla", lambda shop: f"/my/tickets/{shop.ticket.number}/print/"),
    "the video about back-ups": (
        "eve",
        lambda shop: f"/video/{token_of(VideoRequest.objects.latest('pk'))}/",
    ),
    "change password": ("carla", lambda shop: "/account/password/change/"),
    "two-step login": ("carla", lambda shop: "/account/2fa/"),
    "the queue": ("anna", lambda shop: "/desk/?tab=all"),
    "an empty part of the queue": ("anna", lambda shop: "/desk/?tab=waiting&after=nonsense"),
    "a ticket": ("anna", lambda shop: f"/desk/tickets/{shop.ticket.number}/"),
    "a ticket that is overdue": ("anna", lambda shop: f"/desk/tickets/{shop.overdue.number}/"),
    "a ticket that waits for its payment": ("anna", lambda shop: f"/desk/tickets/{shop.unpaid.number}/"),
    "what is put right on a ticket": ("anna", lambda shop: f"/desk/tickets/{shop.unpaid.number}/right/"),
    "a ticket on paper": ("anna", lambda shop: f"/desk/tickets/{shop.ticket.number}/print/?notes=1"),
    "all help articles": ("anna", lambda shop: "/desk/articles/"),
    "a help article that is written": ("anna", lambda shop: written("Bonprinter print niet")),
    "a new help article": ("anna", lambda shop: "/desk/articles/new/"),
    "the versions of a help article": ("anna", lambda shop: f"{written('Bonprinter print niet')}versions/"),
    "the sections of the help site": ("anna", lambda shop: "/desk/articles/sections/apparaten/"),
    "help articles about a ticket": ("anna", lambda shop: f"/desk/tickets/{shop.ticket.number}/articles/"),
    "search": ("anna", lambda shop: "/desk/find/?q=kassa"),
    "a search without results": ("anna", lambda shop: "/desk/find/?q=nergens"),
    "a customer": ("anna", lambda shop: f"/desk/customers/{shop.carla.customer_id}/"),
    "somebody new": ("anna", lambda shop: f"/desk/customers/{shop.carla.customer_id}/people/new/"),
    "a sender to place": ("anna", lambda shop: f"/desk/people/{shop.udo.pk}/place/?q=bakkerij"),
    "phone numbers to confirm": ("anna", lambda shop: "/desk/numbers/"),
    "a new ticket, for whom": ("anna", lambda shop: "/desk/new/?q=carla"),
    "a new ticket": ("anna", lambda shop: f"/desk/new/?contact={shop.carla.pk}"),
    "the log of calls": ("anna", lambda shop: "/desk/calls/"),
    "a call": ("anna", lambda shop: f"/desk/calls/{Call.objects.get(name='over').pk}/"),
    "planned calls": ("anna", lambda shop: "/desk/call-backs/"),
    "a ticket with a planned call": ("anna", lambda shop: f"/desk/tickets/{worked_on().number}/"),
    "the same for its customer": ("carla", lambda shop: f"/my/tickets/{worked_on().number}/"),
    "time that was worked": ("anna", lambda shop: f"/desk/time/{last(TimeEntry.objects)}/"),
    "missed callers": ("anna", lambda shop: "/desk/calls/missed/"),
    "who is on the phone": ("anna", lambda shop: "/desk/telephones/"),
    "the wallboard": ("anna", lambda shop: "/desk/wallboard/"),
    "mail that goes out": ("willem", lambda shop: "/desk/mail/"),
    "mail that came in": ("willem", lambda shop: "/desk/mail/?tab=in"),
    "mail in quarantine": ("willem", lambda shop: "/desk/mail/?tab=quarantine"),
    "one mail out": ("willem", lambda shop: f"/desk/mail/out/{last(OutboundMail.objects)}/"),
    "one mail in": ("willem", lambda shop: f"/desk/mail/in/{last(InboundMail.objects)}/"),
    "mail that waits for an agent": ("anna", lambda shop: "/desk/mail/aside/"),
    "spam": ("anna", lambda shop: "/desk/mail/aside/?tab=spam"),
    "a stranger to place": ("anna", lambda shop: f"/desk/mail/aside/{aside('stranger')}/?q=bakkerij"),
    "a forged customer": ("anna", lambda shop: f"/desk/mail/aside/{aside('forged')}/"),
    "the way of a mail": ("willem", lambda shop: "/desk/mail/trace/?q=marit@bloembinderij-wit.example"),
    "answers that were held back": ("willem", lambda shop: "/desk/mail/trace/"),
    "the rules for mail that comes in": ("willem", lambda shop: "/admin/mail/mailsettings/1/change/"),
    "an address of the desk": ("willem", lambda shop: "/admin/mail/deskaddress/add/"),
    "files with mail": ("willem", lambda shop: "/desk/mail/files/"),
    "a file with mail": ("willem", lambda shop: f"/desk/mail/files/{last(MailFile.objects)}/"),
    "the administration": ("willem", lambda shop: "/admin/"),
    "mailboxes": ("willem", lambda shop: "/admin/mail/mailbox/"),
    "a mailbox": ("willem", lambda shop: f"/admin/mail/mailbox/{last(Mailbox.objects)}/change/"),
    "the desk's settings": ("willem", lambda shop: "/admin/desk/desk/1/change/"),
    "the hours of a line": ("willem", lambda shop: f"/admin/desk/line/{last(Line.objects)}/change/"),
    "all customers": ("willem", lambda shop: "/admin/customers/customer/"),
    "everything on the record": ("willem", lambda shop: "/admin/audit/entry/"),
    "the hours of a month": ("willem", lambda shop: "/admin/hours/?month=2026-12"),
    "one day of a line": (
        "willem",
        lambda shop: f"/admin/hours/{Line.objects.earliest('pk').key}/2026-12-24/",
    ),
    "a moment that is tested": (
        "willem",
        lambda shop: "/admin/moment/?at=2026-10-25T02:30&customer=bakkerij",
    ),
    "how mail leaves": ("willem", lambda shop: "/admin/mail-out/"),
    "the texts of mails": ("willem", lambda shop: "/admin/mail-texts/"),
    "the text of a mail": ("willem", lambda shop: "/admin/mail-texts/confirmation/nl/"),
    "what a customer bought": (
        "willem",
        lambda shop: f"/admin/customers/customer/{shop.carla.customer_id}/change/",
    ),
    "persons": ("willem", lambda shop: "/admin/privacy/?q=carla"),
    "what we hold of a person": ("willem", lambda shop: f"/admin/privacy/contact/{shop.carla.pk}/"),
    "before a person is erased": ("willem", lambda shop: f"/admin/privacy/contact/{shop.carla.pk}/erase/"),
    "a person that is being erased": (
        "willem",
        lambda shop: f"/admin/privacy/erasures/{last(Erasure.objects)}/",
    ),
    "how long data is kept": ("willem", lambda shop: "/admin/privacy/kept/"),
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_has_no_fault_in_any_width_or_light(
    name: str, shop: Shop, window: Window, complaints: Complaints
) -> None:
    who, address = SCREENS[name]
    page = window(getattr(shop, who, None), language="nl")
    answer = page.goto(address(shop))
    assert answer is not None and answer.status == 200
    assert complaints == []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    faults = []
    for size, light, rules in LOOKS:
        page.set_viewport_size(size)
        assert overflow_of(page) <= 0, f"{name} is {overflow_of(page)} px too wide at {size['width']} px"
        page.evaluate(LIGHT, light)
        faults += [f"{size['width']} px, {light}: {fault}" for fault in faults_of(page, only=rules)]
    complaints.clear()  # axe itself tries styles that our policy forbids
    assert not faults, "\n".join(faults)


def test_a_page_that_is_not_there_has_no_fault_either(window: Window, complaints: Complaints) -> None:
    page = window(None)
    page.goto("/nowhere/")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert not faults_of(page)
    assert [text for text in complaints if "404" not in text] == []
    complaints.clear()


def overflow_of(page: Page) -> int:
    """How many pixels the page is wider than its window, once it has taken the size of that."""
    page.evaluate("() => new Promise(taken => requestAnimationFrame(() => requestAnimationFrame(taken)))")
    return int(page.evaluate("document.scrollingElement.scrollWidth - innerWidth"))


def faults_of(page: Page, *, only: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong, by all its rules or by some `only`, each with the place where it is."""
    options: dict[str, object] = {"resultTypes": ["violations"], "iframes": False}
    options |= {"runOnly": only} if only else {"rules": NOT_OURS if "/admin/" in page.url else {}}
    found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    return [
        f"{each['id']}: {node['html'][:160]} {node['any'][:1]}" for each in found for node in each["nodes"]
    ]
