"""My people: the owner of a shop lets colleagues in, and nobody gets further than its own customer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from tests.cast import PASSWORD, contact
from tests.cast import browser_of as dutch_browser_of

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.customers.models import Contact, Customer, Invitation, Reach, Registration, Site

pytestmark = pytest.mark.usefixtures("infobits")
CHOSEN = "bonrol-onder-de-toonbank"


def browser_of(person):
    """A browser of somebody who reads English."""
    browser = dutch_browser_of(person)
    browser.cookies["django_language"] = "en"
    return browser


@pytest.fixture(autouse=True)
def nobody_tried_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def marga(bakery: Customer) -> Contact:
    return contact("Marga", bakery, may_see_money=True, may_order=True, may_manage=True)


def guest(**fields: object) -> dict[str, object]:
    return {"name": "Wim", "email": "wim@bakkerij.example", "language": "en", "reach": "own", **fields}


def invite(marga: Contact, **fields: object):
    return browser_of(marga).post(reverse("people"), guest(**fields))


def link_in_mail() -> str:
    found = re.search(r"https?://[^/]+(/account/join/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


class TestInviting:
    def test_a_colleague_comes_in_by_the_mailed_link_with_the_roles_that_were_given(self, marga, bakery):
        assert invite(marga, reach="all", may_see_money="on").url == reverse("people")
        assert not Contact.objects.filter(email="wim@bakkerij.example").exists()
        visitor = browser_of(None)
        path = link_in_mail()
        assert bakery.name in visitor.get(path).content.decode()
        answer = visitor.post(path, {"password": CHOSEN, "again": CHOSEN})
        assert answer.url == reverse("account_login")
        visitor.post(answer.url, {"login": "wim@bakkerij.example", "password": CHOSEN})
        assert visitor.get(reverse("my_tickets")).status_code == 200
        wim = Contact.objects.get(email="wim@bakkerij.example")
        assert (wim.customer, wim.reach, wim.may_see_money, wim.may_order) == (bakery, Reach.ALL, True, False)

    def test_the_link_works_once(self, marga):
        invite(marga)
        path = link_in_mail()
        browser_of(None).post(path, {"password": CHOSEN, "again": CHOSEN})
        assert browser_of(None).get(path).status_code == 422

    def test_it_works_for_a_week(self, marga, monkeypatch):
        invite(marga)
        path = link_in_mail()
        later = timezone.now() + timedelta(days=7, minutes=1)
        monkeypatch.setattr(timezone, "now", lambda: later)
        assert browser_of(None).get(path).status_code == 422

    def test_an_invitation_that_was_withdrawn_is_over(self, marga):
        invite(marga)
        path = link_in_mail()
        key = Invitation.objects.get().pk
        assert browser_of(marga).post(reverse("withdraw_invitation", args=[key])).status_code == 302
        assert browser_of(None).get(path).status_code == 422

    def test_a_second_invitation_replaces_the_first(self, marga):
        invite(marga)
        first = link_in_mail()
        invite(marga, reach="all")
        assert browser_of(None).get(first).status_code == 422
        assert browser_of(None).get(link_in_mail()).status_code == 200
        assert Invitation.objects.filter(withdrawn_at=None).count() == 1

    def test_who_signs_up_with_the_invited_address_accepts_it_SW_19(self, marga, infobits, bakery):
        from balie.customers import registrations

        invite(marga, reach="all")
        user = User.objects.create_user("wim@bakkerij.example", CHOSEN, name="Wim")
        registrations.register(user, company="x", customer_number="", now=timezone.now())
        registrations.address_verified(user, desk=infobits, now=timezone.now())
        wim = Contact.objects.get(user=user)
        assert (wim.customer, wim.reach) == (bakery, Reach.ALL)
        assert Invitation.objects.get().accepted_at

    def test_somebody_unplaced_with_a_login_brings_it(self, marga, bakery):
        udo = contact("Udo", None)
        invite(marga, email=udo.email)
        path = link_in_mail()
        assert browser_of(None).get(path).url.startswith(reverse("account_login"))
        browser = browser_of(udo)
        assert browser.get(path).status_code == 200
        browser.post(path)
        udo.refresh_from_db()
        assert udo.customer == bakery

    def test_a_half_made_account_does_not_keep_a_colleague_out(self, marga):
        squatter = User.objects.create_user("wim@bakkerij.example", PASSWORD)
        Registration.objects.create(user=squatter, company="x", made_at=timezone.now())
        invite(marga)
        browser_of(None).post(link_in_mail(), {"password": CHOSEN, "again": CHOSEN})
        assert User.objects.get(email="wim@bakkerij.example").check_password(CHOSEN)

    @pytest.mark.parametrize("whose", ["dario", "anna"])
    def test_a_login_of_somebody_else_is_not_taken_along(self, marga, dario, anna, whose):
        person = dario if whose == "dario" else anna
        invite(marga, email=person.email)
        browser = browser_of(person)
        answer = browser.post(link_in_mail())
        assert answer.status_code == 422
        assert "Your login belongs to somebody else" in answer.content.decode()
        assert not Contact.objects.filter(customer=marga.customer, email=person.email).exists()

    def test_the_list_never_tells_whether_an_address_is_known(self, marga, dario):
        pages = []
        for email in ("nobody@nowhere.example", dario.email):
            answer = invite(marga, email=email)
            page = browser_of(marga).get(answer.url).content.decode()
            invitation = Invitation.objects.latest("pk")
            pages.append(page.count(email))
            browser_of(marga).post(reverse("withdraw_invitation", args=[invitation.pk]))
        assert pages[0] == pages[1] == 1
        assert mail.outbox[0].body.splitlines()[0:2] == mail.outbox[1].body.splitlines()[0:2]

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"name": "https://evil.example"}, "Write a name"),
            ({"email": "nonsense"}, "valid email"),
            ({"reach": "site"}, "needs a site"),
            ({"reach": "own", "may_manage": "on"}, "reads all tickets"),
            ({"reach": "everything"}, "Select a valid choice"),
        ],
    )
    def test_what_does_not_fit_is_refused_in_words(self, marga, fields, says):
        answer = invite(marga, **fields)
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert not mail.outbox

    def test_nobody_gives_away_what_it_does_not_have(self, bakery):
        poor = contact("Piet", bakery, may_manage=True)
        page = browser_of(poor).get(reverse("people")).content.decode()
        assert "may_see_money" not in page
        invite(poor, may_see_money="on", may_order="on")
        made = Invitation.objects.get()
        assert (made.may_see_money, made.may_order) == (False, False)

    def test_it_is_limited(self, marga):
        browser = browser_of(marga)
        statuses = [
            browser.post(reverse("people"), guest(email=f"w{number}@x.example")).status_code
            for number in range(21)
        ]
        assert statuses == [302] * 20 + [429]


class TestRoles:
    def change(self, manager: Contact, colleague: Contact, **fields: object):
        form = {"reach": colleague.reach, **fields}
        return browser_of(manager).post(reverse("colleague", args=[colleague.pk]), form)

    def test_a_colleague_gets_other_roles_and_it_is_on_the_record(self, marga, carla):
        assert self.change(marga, carla, reach="own").url == reverse("people")
        carla.refresh_from_db()
        assert carla.reach == Reach.OWN
        entry = Entry.objects.latest("id")
        assert (entry.who, entry.action, entry.data["after"]["reach"]) == ("Marga", "change_roles", "own")

    def test_a_site_is_one_of_the_own_customer(self, marga, carla, florist):
        elsewhere = Site.objects.create(customer=florist, name="Elders")
        answer = self.change(marga, carla, reach="site", site=elsewhere.pk)
        assert answer.status_code == 422
        here = Site.objects.create(customer=marga.customer, name="Hier")
        assert self.change(marga, carla, reach="site", site=here.pk).status_code == 302

    def test_nobody_changes_itself(self, marga):
        answer = self.change(marga, marga, reach="own")
        assert answer.status_code == 422
        marga.refresh_from_db()
        assert marga.may_manage

    def test_closing_off_ends_what_a_colleague_sees_at_once(self, marga, carla):
        browser = browser_of(carla)
        assert browser.get(reverse("my_tickets")).status_code == 200
        browser_of(marga).post(reverse("colleague_door", args=[carla.pk]), {"close": "1"})
        assert browser.get(reverse("my_tickets")).status_code == 403
        browser_of(marga).post(reverse("colleague_door", args=[carla.pk]), {"open": "1"})
        assert browser.get(reverse("my_tickets")).status_code == 200

    def test_nobody_closes_itself_off(self, marga):
        answer = browser_of(marga).post(reverse("colleague_door", args=[marga.pk]), {"close": "1"})
        assert answer.status_code == 403
        marga.refresh_from_db()
        assert marga.is_active


class TestNobodyElse:
    @pytest.mark.parametrize("name", ["people", "colleague", "colleague_door", "withdraw_invitation"])
    def test_who_may_not_gets_nothing(self, marga, carla, dario, name):
        invite(marga)
        key = Invitation.objects.get().pk if name == "withdraw_invitation" else carla.pk
        address = reverse(name, args=[] if name == "people" else [key])
        for person in (carla, dario):
            for answer in (browser_of(person).get(address), browser_of(person).post(address, guest())):
                assert answer.status_code in {404, 405}
        assert browser_of(None).get(address).url.startswith(reverse("account_login"))

    def test_a_manager_of_another_customer_finds_nobody_here(self, marga, carla, florist):
        fleur = contact("Fleur", florist, may_manage=True)
        browser = browser_of(fleur)
        assert browser.get(reverse("colleague", args=[carla.pk])).status_code == 404
        assert browser.post(reverse("colleague_door", args=[carla.pk]), {"close": "1"}).status_code == 404
        assert "Carla" not in browser.get(reverse("people")).content.decode()


def test_the_page_costs_a_fixed_number_of_queries(marga, bakery, django_assert_max_num_queries):
    for number in range(12):
        contact(f"W{number}", bakery)
    browser = browser_of(marga)
    with django_assert_max_num_queries(12):
        browser.get(reverse("people"))


def test_the_menu_leads_there_for_who_may(marga, carla):
    assert reverse("people") in browser_of(marga).get(reverse("my_tickets")).content.decode()
    assert reverse("people") not in browser_of(carla).get(reverse("my_tickets")).content.decode()
