"""What the desk does with newcomers: accounts to place, and forgotten logins to check."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from tests.cast import PASSWORD
from tests.cast import browser_of as dutch_browser_of

from balie.accounts.models import User
from balie.customers import claims, registrations
from balie.customers.account_models import Standing
from balie.customers.links import Purpose, link
from balie.customers.models import AddressClaim, Contact, PhoneNumber, Registration, Site
from balie.rules.address_claims import State

REGISTERED = "+31205550101"


def browser_of(person):
    """A browser of somebody who reads English."""
    browser = dutch_browser_of(person)
    browser.cookies["django_language"] = "en"
    return browser


@pytest.fixture
def wanda(infobits) -> Registration:
    user = User.objects.create_user("wanda@bakkerij.example", PASSWORD, name="Wanda")
    now = timezone.now()
    registrations.register(user, company="Korenbloem", customer_number="", now=now)
    made = registrations.address_verified(user, desk=infobits, now=now)
    assert made is not None
    return made


@pytest.fixture
def claim(infobits, carla) -> AddressClaim:
    """Carla's login, claimed and verified."""
    PhoneNumber.objects.create(customer=carla.customer, e164=REGISTERED, registered_on=date(2025, 1, 1))
    now = timezone.now()
    asked = claims.Asked("Carla", "Korenbloem", "carla@nieuw.example", carla.email, "+31612345678", "en")
    claims.ask(asked, desk=infobits, now=now)
    made = AddressClaim.objects.get()
    token = link(Purpose.VERIFY_CLAIM, made.pk).rstrip("/").rpartition("/")[2]
    return claims.verify(token, desk=infobits, now=now)


class TestAccounts:
    def test_the_list_shows_who_waits(self, wanda, anna):
        page = browser_of(anna).get(reverse("newcomers")).content.decode()
        assert "wanda@bakkerij.example" in page

    def test_a_customer_is_suggested_and_chosen_SW_19(self, wanda, bakery, anna):
        browser = browser_of(anna)
        address = reverse("newcomer", args=[wanda.pk])
        assert bakery.name in browser.get(address).content.decode()
        answer = browser.post(address, {"place": "1", "customer": bakery.pk, "reach": "all"})
        assert answer.url == reverse("newcomers")
        assert Contact.objects.get(user=wanda.user).customer == bakery

    def test_another_customer_can_be_looked_for_SW_19(self, wanda, florist, anna):
        browser = browser_of(anna)
        address = reverse("newcomer", args=[wanda.pk])
        assert florist.name not in browser.get(address).content.decode()
        assert florist.name in browser.get(address + "?q=Flora").content.decode()
        browser.post(address + "?q=Flora", {"place": "1", "customer": florist.pk, "reach": "own"})
        assert Contact.objects.get(user=wanda.user).customer == florist

    def test_refusing_needs_a_reason(self, wanda, anna):
        browser = browser_of(anna)
        address = reverse("newcomer", args=[wanda.pk])
        assert browser.post(address, {"refuse": "1", "reason": " "}).status_code == 422
        browser.post(address, {"refuse": "1", "reason": "We do not know you."})
        wanda.refresh_from_db()
        assert wanda.state == Standing.REFUSED
        assert "We do not know you." in mail.outbox[-1].body

    def test_a_second_agent_hears_that_it_was_decided(self, wanda, bakery, anna, ben):
        address = reverse("newcomer", args=[wanda.pk])
        form = {"place": "1", "customer": bakery.pk, "reach": "own"}
        browser_of(anna).post(address, form)
        answer = browser_of(ben).post(address, form)
        assert answer.status_code == 422
        assert "decided about this account already" in answer.content.decode()

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"reach": "site"}, "needs a site"),
            ({"reach": "own", "may_manage": "on"}, "reads all tickets"),
            ({"reach": "own", "customer": "999999"}, "Select a valid choice"),
            ({"reach": "own", "customer": "x"}, "Select a valid choice"),
        ],
    )
    def test_what_does_not_fit_is_refused_in_words(self, wanda, bakery, anna, fields, says):
        form = {"place": "1", "customer": bakery.pk, **fields}
        answer = browser_of(anna).post(reverse("newcomer", args=[wanda.pk]), form)
        assert answer.status_code == 422
        assert says in answer.content.decode()

    def test_a_site_of_another_customer_does_not_fit(self, wanda, bakery, florist, anna):
        elsewhere = Site.objects.create(customer=florist, name="Elders")
        form = {"place": "1", "customer": bakery.pk, "reach": "site", "site": elsewhere.pk}
        assert browser_of(anna).post(reverse("newcomer", args=[wanda.pk]), form).status_code == 422


class TestClaims:
    def form(self, carla: Contact, **fields: object) -> dict[str, object]:
        return {
            "approve": "1",
            "contact": carla.pk,
            "channel": "called_back",
            "number": REGISTERED,
            "note": "Spoke to Marga.",
            **fields,
        }

    def test_the_checklist_says_what_proves_nothing_IB_06(self, claim, anna):
        page = browser_of(anna).get(reverse("claim", args=[claim.pk])).content.decode()
        assert "not registered: it proves nothing" in page
        assert "The old address is a contact" in page
        assert "+31612345678" in page

    def test_approved_it_waits_and_everybody_is_told_IB_06(self, claim, carla, anna):
        mail.outbox.clear()
        address = reverse("claim", args=[claim.pk])
        answer = browser_of(anna).post(address, self.form(carla))
        assert answer.url == address
        claim.refresh_from_db()
        assert (claim.state, claim.approved_by) == (State.APPROVED, anna)
        assert {message.to[0] for message in mail.outbox} == {"carla@nieuw.example", carla.email}

    @pytest.mark.parametrize(
        "fields",
        [
            {"number": "+31612345678"},  # the claimant's own
            {"number": ""},
            {"channel": ""},
            {"channel": "mail"},
            {"note": " "},
            {"contact": "999999"},
        ],
    )
    def test_on_other_grounds_it_is_not_approved_IB_06(self, claim, carla, anna, fields):
        answer = browser_of(anna).post(reverse("claim", args=[claim.pk]), self.form(carla, **fields))
        assert answer.status_code == 422
        claim.refresh_from_db()
        assert claim.state == State.VERIFIED

    def test_a_contact_of_a_customer_that_was_not_looked_for_cannot_be_chosen_IB_06(self, claim, dario, anna):
        answer = browser_of(anna).post(reverse("claim", args=[claim.pk]), self.form(dario))
        assert answer.status_code == 422

    @pytest.mark.parametrize(("button", "state"), [("refuse", State.REFUSED), ("stop", State.REVOKED)])
    def test_the_desk_ends_it_with_a_note_for_the_record_IB_06(self, claim, anna, button, state):
        mail.outbox.clear()
        answer = browser_of(anna).post(
            reverse("claim", args=[claim.pk]), {button: "1", "why": "The owner knows of nothing."}
        )
        assert answer.url == reverse("newcomers")
        claim.refresh_from_db()
        assert (claim.state, claim.note) == (state, "The owner knows of nothing.")
        assert "The owner" not in mail.outbox[0].body


@pytest.mark.parametrize("name", ["newcomers", "newcomer", "claim"])
def test_customers_and_strangers_get_nothing(wanda, claim, carla, dario, name):
    keys = {"newcomers": [], "newcomer": [wanda.pk], "claim": [claim.pk]}[name]
    address = reverse(name, args=keys)
    for person in (carla, dario):
        assert browser_of(person).get(address).status_code == 404
        assert browser_of(person).post(address, {"refuse": "1", "why": "x", "reason": "x"}).status_code == 404
    assert browser_of(None).get(address).url.startswith(reverse("account_login"))


def test_the_lists_cost_a_fixed_number_of_queries(wanda, claim, anna, django_assert_max_num_queries):
    browser = browser_of(anna)
    with django_assert_max_num_queries(10):
        browser.get(reverse("newcomers"))
    with django_assert_max_num_queries(14):
        browser.get(reverse("claim", args=[claim.pk]))
    with django_assert_max_num_queries(14):
        browser.get(reverse("newcomer", args=[wanda.pk]))
