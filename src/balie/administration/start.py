"""The start of the administration: a map in groups, each place with what it is for and how it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balie.accounts.models import Agent, Role, Team, User
from balie.audit.models import Entry
from balie.backups.models import BackupVideo
from balie.contracts.models import ContractType, KindPrice, PriceBasis, Product, SupportPlan
from balie.customers.models import Contact, Customer, PhoneNumber
from balie.desk.models import DatedHours, Desk, HolidayHours, Line
from balie.desk.queries import the_desk
from balie.knowledge.models import Publication
from balie.mail import texts
from balie.mail.models import (
    DeskAddress,
    InboundMail,
    KnownKey,
    Mailbox,
    MailSettings,
    MailText,
    OutboundMail,
)
from balie.mail.ways_in.queries import ringing, sentence
from balie.phone.models import Call, CalledNumber, Exchange, Extension, PromptText
from balie.privacy.models import Retention
from balie.tickets.models import Category, Ticket

A_DAY = timedelta(days=1)
_ELSEWHERE = (Desk, LogEntry)  # the one desk has its own page; Django's record is never written


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the map. `state`: how it stands, in a few words. `asks`: somebody should look at it."""

    name: str
    address: str
    about: str
    state: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    places: tuple[Place, ...]


def groups(desk: Desk, *, now: datetime) -> Sequence[Group]:
    """The map. A fixed number of counts, each by index or of a small table."""
    known = [
        Group(_("People"), tuple(_people())),
        Group(_("Customers"), tuple(_customers())),
        Group(_("What we sell"), tuple(_sold(desk))),
        Group(_("Hours"), tuple(_hours(desk, now))),
        Group(_("Rules and quota"), tuple(_rules(desk))),
        Group(_("Mail"), tuple(_mail())),
        Group(_("Telephone"), tuple(_telephone(now))),
        Group(_("Knowledge"), tuple(_knowledge())),
        Group(_("Privacy"), tuple(_privacy())),
        Group(_("The record"), tuple(_record(now))),
    ]
    return [*known, *_others({place.address for group in known for place in group.places})]


def _people() -> Iterator[Place]:
    agents = Agent.objects.filter(is_active=True)
    administrators = agents.filter(role=Role.ADMINISTRATOR).count()
    waiting = User.objects.filter(agent__is_active=True, last_login=None, is_active=True).count()
    state = _("%(agents)s agents, %(administrators)s of them administrators") % {
        "agents": agents.count(),
        "administrators": administrators,
    }
    yield _of_table(Agent, _("Agents"), _("Who works at the desk, with which role, in which team."), state)
    state = _("%(num)s of the desk never logged in") % {"num": waiting} if waiting else ""
    yield _of_table(User, _("Logins"), _("Invite somebody, or let a login end."), state)
    teams = _many(lambda num: ngettext("%(num)s team", "%(num)s teams", num), Team.objects.all())
    yield _of_table(Team, _("Teams"), _("Who takes which tickets together."), teams)


def _customers() -> Iterator[Place]:
    unplaced = Contact.objects.filter(customer=None, is_active=True).count()
    numbers = PhoneNumber.objects.filter(
        requested_at__isnull=False, registered_on=None, refused_because=""
    ).count()
    state = _many(
        lambda num: ngettext("%(num)s active customer", "%(num)s active customers", num),
        Customer.objects.filter(is_active=True),
    )
    yield _of_table(
        Customer,
        _("Customers"),
        _("A customer with its shops, people, numbers, licences and contracts."),
        state,
    )
    state = _("%(num)s not placed yet") % {"num": unplaced} if unplaced else _("everybody is placed")
    yield _of_table(Contact, _("Contacts"), _("The people of customers."), state, asks=bool(unplaced))
    if numbers:
        state = ngettext("%(num)s number waits", "%(num)s numbers wait", numbers) % {"num": numbers}
        yield Place(
            _("Phone numbers"),
            reverse("numbers"),
            _("Handed in, not registered yet."),
            state,
            asks=True,
        )


def _sold(desk: Desk) -> Iterator[Place]:
    plans = SupportPlan.objects.count()
    state = ngettext("%(num)s plan", "%(num)s plans", plans) % {"num": plans}
    if desk.default_plan:
        state = _("%(plans)s, without any other: %(default)s") % {
            "plans": state,
            "default": desk.default_plan,
        }
    yield _of_table(SupportPlan, _("Support plans"), _("What is promised, and for what price."), state)
    yield _of_table(
        Product,
        _("Products"),
        _("What can be licensed, and which plan comes with it."),
        _many(lambda num: ngettext("%(num)s product", "%(num)s products", num), Product.objects.all()),
    )
    yield _of_table(
        ContractType,
        _("Contract types"),
        _("Which contracts there are, and what they give."),
        _many(lambda num: ngettext("%(num)s type", "%(num)s types", num), ContractType.objects.all()),
    )
    yield _of_table(
        PriceBasis, _("Ways to pay"), _("What is free, included, prepaid or postpaid, for each plan."), ""
    )
    yield _of_table(
        KindPrice, _("Prices of kinds of questions"), _("What is always quoted first, or by the time."), ""
    )


def _hours(desk: Desk, now: datetime) -> Iterator[Place]:
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    month = DatedHours.objects.filter(on__year=today.year, on__month=today.month).count()
    lines = _many(lambda num: ngettext("%(num)s line", "%(num)s lines", num), Line.objects.all())
    exceptions = ngettext("%(num)s exception this month", "%(num)s exceptions this month", month) % {
        "num": month
    }
    yield Place(
        _("Month by month"),
        reverse("admin:hours"),
        _("What is open on which day; give a day other hours; test a moment."),
        f"{lines}, {exceptions}",
    )
    holidays = HolidayHours.objects.values("holiday").distinct().count()
    yield _of_table(
        Line,
        _("Lines and rate zones"),
        _("The hours of the week and of holidays, for each line."),
        ngettext("%(num)s holiday", "%(num)s holidays", holidays) % {"num": holidays},
    )


def _rules(desk: Desk) -> Iterator[Place]:
    examples = len(desk.example_keys)
    state = (
        ngettext("%(num)s value is our example", "%(num)s values are our examples", examples)
        % {"num": examples}
        if examples
        else _("all decided by you")
    )
    yield Place(
        _("Settings of the desk"),
        reverse("admin:desk_desk_change", args=[desk.pk]),
        _("Place, quota, deadlines, closing, fair use."),
        state,
    )
    active = Category.objects.filter(is_active=True)
    by_phone = active.filter(may_phone_in_office_hours=True).count()
    state = _("%(topics)s, %(phone)s of them may phone in office hours") % {
        "topics": _many(lambda num: ngettext("%(num)s topic", "%(num)s topics", num), active),
        "phone": by_phone,
    }
    yield _of_table(Category, _("Topics"), _("What customers choose from, in a tree."), state)


def _mail() -> Iterator[Place]:
    own = MailText.objects.count()
    state = (
        ngettext("%(num)s text of your own", "%(num)s texts of your own", own) % {"num": own}
        if own
        else _("all standard")
    )
    mails = ngettext("%(num)s mail", "%(num)s mails", len(texts.KINDS)) % {"num": len(texts.KINDS)}
    yield Place(
        _("Texts of mails"),
        reverse("admin:mail_texts"),
        _("The words of every mail, with a preview."),
        f"{mails}, {state}",
    )
    yield Place(
        _("How mail leaves"),
        reverse("admin:mail_out"),
        _("The server with a test, the signature, the records for your domain."),
        "" if settings.SMTP_URL else _("no server: mail stays in the folder"),
    )
    addresses = DeskAddress.objects.count()
    told = ngettext(
        "%(num)s address besides the desk's own", "%(num)s addresses besides the desk's own", addresses
    )
    yield _of_table(
        DeskAddress,
        _("Addresses of the desk"),
        _("Where mail is sent to, and what a mail to each address becomes."),
        told % {"num": addresses},
    )
    waits = InboundMail.objects.filter(state="waiting").count()
    yield _of_table(
        MailSettings,
        _("Rules for mail that comes in"),
        _("Senders whom nobody knows or who may be forged, spam, and programs that answer each other."),
        ngettext("%(num)s mail waits for an agent", "%(num)s mails wait for an agent", waits)
        % {"num": waits},
        asks=bool(waits),
    )
    yield _mailboxes()
    keys = KnownKey.objects.count()
    yield _of_table(
        KnownKey,
        _("Keys of contacts"),
        _("Certificates and PGP keys by which signed mail is checked."),
        ngettext("%(num)s key is known", "%(num)s keys are known", keys) % {"num": keys},
    )
    failed = OutboundMail.objects.filter(state="failed").count()
    stuck = InboundMail.objects.filter(state="quarantined").count()
    trouble = _("%(failed)s not delivered, %(stuck)s in quarantine") % {"failed": failed, "stuck": stuck}
    yield Place(
        _("Mail folder"),
        reverse("mail_folder"),
        _("Every mail that came in and goes out."),
        trouble if failed or stuck else _("all is well"),
        asks=bool(failed or stuck),
    )


def _mailboxes() -> Place:
    """The alarms come first: they are why somebody looks here."""
    alarms = [sentence(alarm, desk=the_desk()) for alarm in ringing()]
    on = Mailbox.objects.filter(is_on=True).count()
    state = ngettext("%(num)s mailbox is emptied", "%(num)s mailboxes are emptied", on) % {"num": on}
    return _of_table(
        Mailbox,
        _("Mailboxes"),
        _("From which mailboxes mail is fetched, and how that goes."),
        " ".join(alarms) or state,
        asks=bool(alarms),
    )


def _telephone(now: datetime) -> Iterator[Place]:
    silent = [each.name for each in Exchange.objects.filter(is_active=True) if each.is_silent(now=now)]
    state = _many(lambda num: ngettext("%(num)s exchange", "%(num)s exchanges", num), Exchange.objects.all())
    if silent:
        state = _("not heard for a day: %(exchanges)s") % {"exchanges": ", ".join(silent)}
    yield _of_table(
        Exchange,
        _("Telephone exchanges"),
        _("Which exchange may ask where a call goes, and its token."),
        state,
        asks=bool(silent),
    )
    numbers = _many(
        lambda num: ngettext("%(num)s number", "%(num)s numbers", num), CalledNumber.objects.all()
    )
    yield _of_table(CalledNumber, _("Numbers of the desk"), _("Which line is behind which number."), numbers)
    state = _("%(taking)s of %(all)s take calls now") % {
        "taking": Extension.objects.filter(takes_calls=True).count(),
        "all": Extension.objects.count(),
    }
    yield _of_table(
        Extension, _("Telephones"), _("Whose telephone rings for which line, and in what order."), state
    )
    own = PromptText.objects.count()
    state = ngettext("%(num)s text of your own", "%(num)s texts of your own", own) % {"num": own}
    yield Place(
        _("What callers hear"),
        reverse("admin:phone_texts"),
        _("The words of every announcement, to listen to."),
        state if own else _("all standard"),
    )
    yield _of_table(Call, _("Calls"), _("To look at, with what was decided and why."), "")


def _knowledge() -> Iterator[Place]:
    published = Publication.objects.count()
    state = ngettext("%(num)s article is public", "%(num)s articles are public", published) % {
        "num": published
    }
    for name in ("articles", "knowledge"):
        try:
            yield Place(
                _("Help articles"), reverse(name), _("Manuals and answers, written by agents."), state
            )
        except NoReverseMatch:
            continue
        break
    yield _of_table(
        BackupVideo, _("Back-up video"), _("The instruction video that customers can request."), ""
    )


def _privacy() -> Iterator[Place]:
    on = Retention.objects.count()
    yield Place(_("Persons"), reverse("admin:privacy"), _("Export or erase what we know of somebody."), "")
    yield Place(
        _("How long data is kept"),
        reverse("admin:retention"),
        _("What is deleted by itself, and when."),
        ngettext("%(num)s kind is deleted in time", "%(num)s kinds are deleted in time", on) % {"num": on}
        if on
        else _("everything is kept for ever"),
        asks=not on,
    )


def _record(now: datetime) -> Iterator[Place]:
    today = Entry.objects.filter(at__gte=now - A_DAY)[:1000].count()
    yield _of_table(
        Entry,
        _("Who did what"),
        _("Every change, from what to what. Nobody can change it."),
        _("%(num)s in the last 24 hours") % {"num": today if today < 1000 else "1000+"},
    )
    yield _of_table(Ticket, _("Tickets"), _("To look at; the work is done in the workspace."), "")


def _others(shown: set[str]) -> Iterator[Group]:
    """Tables that have a page and no place of their own on the map: nothing is lost when something new comes."""
    places = (
        _of_table(model, str(model._meta.verbose_name_plural).capitalize(), "", "")
        for model in admin.site._registry
        if model not in _ELSEWHERE
    )
    if others := tuple(place for place in places if place.address not in shown):
        yield Group(_("Other tables"), others)


def _of_table(model: type[Model], name: str, about: str, state: str, *, asks: bool = False) -> Place:
    meta = model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return Place(name, address, about, state, asks)


def _many(words: Callable[[int], str], rows: QuerySet[Any]) -> str:
    """`3 lines`: how many rows there are, in words."""
    number = rows.count()
    return words(number) % {"num": number}
