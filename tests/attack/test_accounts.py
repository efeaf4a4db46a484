"""Accounts under attack: at the same moment, again and again, forged, and by the thousand (IB-06)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.attack.conftest import at_once, strict_browser_of
from tests.cast import PASSWORD, agent, contact

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.config.desk_setup import make_desk
from balie.customers import claims, colleagues, registrations
from balie.customers.account_models import Standing
from balie.customers.links import Purpose, link
from balie.customers.models import AddressClaim, Contact, Customer, PhoneNumber, Registration
from balie.desk.models import Desk
from balie.presets.reading import load
from balie.rules.address_claims import Channel, State, Verification
from balie.rules.colleagues import Roles
from balie.rules.refusals import Refusal

pytestmark = pytest.mark.django_db(transaction=True)

REGISTERED = "+31205550101"
VERIFIED = Verification(Channel.CALLED_BACK, "Spoke to the owner.", REGISTERED)


@pytest.fixture(autouse=True)
def nobody_tried_before(transactional_db: None) -> None:
    cache.clear()


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return make_desk(load("infobits"))


@pytest.fixture
def bakery(desk: Desk) -> Customer:
    bakery = Customer.objects.create(number="K-1001", name="Bakkerij De Korenbloem")
    PhoneNumber.objects.create(customer=bakery, e164=REGISTERED, registered_on=date(2025, 1, 1))
    return bakery


@pytest.fixture
def carla(bakery: Customer) -> Contact:
    return contact("Carla", bakery)


@pytest.fixture
def claim(desk: Desk, carla: Contact) -> AddressClaim:
    """A claim of Carla's login whose new address was verified."""
    now = timezone.now()
    asked = claims.Asked("Carla", "x", "carla@nieuw.example", carla.email, "+31612345678", "en")
    claims.ask(asked, desk=desk, now=now)
    return claims.verify(token(Purpose.VERIFY_CLAIM, AddressClaim.objects.get().pk), desk=desk, now=now)


def token(purpose: Purpose, *values: int | str) -> str:
    return link(purpose, *values).rstrip("/").rpartition("/")[2]


def refused(work: Callable[[], Any]) -> Callable[[], bool]:
    """Do it; answers whether it was refused."""

    def run() -> bool:
        try:
            work()
        except Refusal:
            return True
        return False

    return run


def test_of_approving_and_stopping_at_once_the_stop_holds_IB_06(desk, claim, carla) -> None:
    """Whichever comes first: what somebody at the customer stops never takes effect."""
    anna, now = agent("Anna"), timezone.now()
    stop = token(Purpose.STOP_CLAIM, claim.pk, carla.email)
    at_once(
        refused(lambda: claims.approve(claim, carla, VERIFIED, desk=desk, by=anna, now=now)),
        refused(lambda: claims.stop_by_link(stop, desk=desk, now=now)),
    )
    claim.refresh_from_db()
    assert claim.state == State.REVOKED
    assert claims.take_effect_due(desk=desk, now=now + timedelta(days=9)) == 0
    assert User.objects.get(pk=carla.user_id).check_password(PASSWORD)


def test_of_taking_effect_and_stopping_at_once_one_happens_wholly_IB_06(desk, claim, carla) -> None:
    anna, now = agent("Anna"), timezone.now()
    claims.approve(claim, carla, VERIFIED, desk=desk, by=anna, now=now)
    later = now + timedelta(hours=72)
    stop = token(Purpose.STOP_CLAIM, claim.pk, carla.email)
    took_effect, was_refused = at_once(
        lambda: claims.take_effect(claim.pk, desk=desk, now=later),
        refused(lambda: claims.stop_by_link(stop, desk=desk, now=later)),
    )
    claim.refresh_from_db()
    assert took_effect is was_refused
    email = "carla@nieuw.example" if took_effect else carla.email
    assert User.objects.get(pk=carla.user_id).email == email
    assert claim.state == (State.EFFECTIVE if took_effect else State.REVOKED)


def test_two_workers_let_it_take_effect_once_IB_06(desk, claim, carla) -> None:
    anna, now = agent("Anna"), timezone.now()
    claims.approve(claim, carla, VERIFIED, desk=desk, by=anna, now=now)
    later = now + timedelta(hours=72)
    results = at_once(*[lambda: claims.take_effect(claim.pk, desk=desk, now=later)] * 3)
    assert sorted(results) == [False, False, True]
    assert Entry.objects.filter(action="claim_takes_effect").count() == 1


def test_two_agents_approve_once_IB_06(desk, claim, carla) -> None:
    now = timezone.now()
    anna, ben = agent("Anna"), agent("Ben")
    results = at_once(
        *(
            refused(lambda by=by: claims.approve(claim, carla, VERIFIED, desk=desk, by=by, now=now))
            for by in (anna, ben)
        )
    )
    assert sorted(results) == [False, True]
    assert Entry.objects.filter(action="approve_claim").count() == 1


def test_the_link_from_the_mail_pressed_twice_at_once_works_once_IB_06(desk, carla) -> None:
    now = timezone.now()
    asked = claims.Asked("Carla", "x", "carla@nieuw.example", carla.email, "+31612345678", "en")
    claims.ask(asked, desk=desk, now=now)
    press = token(Purpose.VERIFY_CLAIM, AddressClaim.objects.get().pk)
    results = at_once(*[refused(lambda: claims.verify(press, desk=desk, now=now))] * 2)
    assert sorted(results) == [False, True]


def test_two_agents_place_a_newcomer_once_SW_19(desk, bakery) -> None:
    florist = Customer.objects.create(number="K-1002", name="Flora")
    user = User.objects.create_user("wanda@x.example", PASSWORD)
    now = timezone.now()
    registrations.register(user, company="x", customer_number="", now=now)
    made = registrations.address_verified(user, desk=desk, now=now)
    assert made is not None
    anna, ben = agent("Anna"), agent("Ben")
    results = at_once(
        refused(lambda: registrations.place(made, bakery, Roles(), desk=desk, by=anna, now=now)),
        refused(lambda: registrations.place(made, florist, Roles(), desk=desk, by=ben, now=now)),
    )
    assert sorted(results) == [False, True]
    assert Registration.objects.get().state == Standing.PLACED
    assert Contact.objects.filter(user=user).count() == 1


def test_two_managers_who_close_each_other_off_at_once_cannot_both(desk, bakery) -> None:
    marga, piet = (contact(name, bakery, may_manage=True) for name in ("Marga", "Piet"))
    now = timezone.now()
    results = at_once(
        refused(lambda: colleagues.close_off(piet, by=marga, now=now)),
        refused(lambda: colleagues.close_off(marga, by=piet, now=now)),
    )
    assert sorted(results) == [False, True]
    assert Contact.objects.filter(is_active=True, may_manage=True).count() == 1


def test_a_claim_for_anothers_login_gives_nothing_to_who_made_it_IB_06(desk, carla, claim) -> None:
    """Eve claims Carla's login with her own address and verifies that: she is where she was."""
    eve = Client(headers={"Accept-Language": "en"})
    for name in ("my_tickets", "waiting", "queue"):
        assert eve.get(reverse(name)).status_code == 302
    eve.post(reverse("account_request_login_code"), {"email": "carla@nieuw.example"})
    assert not User.objects.filter(email="carla@nieuw.example").exists()
    assert claims.take_effect_due(desk=desk, now=timezone.now() + timedelta(days=99)) == 0


@pytest.mark.parametrize("name", ["forgot_login", "people", "newcomers"])
def test_every_form_asks_for_its_token_against_forgery(desk, bakery, name) -> None:
    marga = contact("Marga", bakery, may_manage=True)
    browser = strict_browser_of(marga)
    assert browser.post(reverse(name), {"name": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("page", "form", "most"),
    [
        ("account_signup", {"name": "x", "company": "x", "password1": PASSWORD, "password2": PASSWORD}, 10),
        ("account_login", {"password": "wrong"}, 30),
        ("account_reset_password", {}, 20),
        ("forgot_login", {"name": "x", "company": "x", "phone": "0612345678"}, 5),
    ],
)
def test_one_visitor_who_goes_on_and_on_is_stopped(desk, page, form, most) -> None:
    """Each time another address, as somebody does who tries a list of them."""
    browser = Client(REMOTE_ADDR="198.51.100.7")
    fields = {"account_login": "login", "forgot_login": "new_email"}
    statuses = []
    for number in range(most + 3):
        statuses.append(
            browser.post(
                reverse(page), {**form, fields.get(page, "email"): f"a{number}@x.example"}
            ).status_code
        )
        browser.cookies.clear()
    assert 429 not in statuses[:most]
    assert statuses[most:] == [429] * 3


def test_guessing_the_code_of_a_new_account_is_stopped(desk) -> None:
    """Three guesses a code, one code in ten seconds, ten an hour: a code of eight signs stays unguessed."""
    browser = Client(REMOTE_ADDR="198.51.100.7")
    form = {"name": "x", "company": "x", "password1": PASSWORD, "password2": PASSWORD}
    browser.post(reverse("account_signup"), {**form, "email": "victim@x.example"})
    confirm = reverse("account_email_verification_sent")
    answers = [browser.post(confirm, {"code": f"AAAA-{number:04}"}) for number in range(20)]
    assert {answer.status_code for answer in answers[3:]} == {302}
    assert Registration.objects.get().state == Standing.UNVERIFIED
    again = browser.post(reverse("account_login"), {"login": "victim@x.example", "password": PASSWORD})
    assert again.status_code == 200  # no new code yet
    assert len(mail.outbox) == 1


def test_asking_for_codes_is_stopped_and_says_the_same_for_every_address(desk, carla) -> None:
    statuses = {}
    for email in (carla.email, "nobody@x.example"):
        statuses[email] = [
            Client(REMOTE_ADDR=f"198.51.100.{number}")
            .post(reverse("account_request_login_code"), {"email": email})
            .status_code
            for number in range(5)
        ]
    assert statuses[carla.email] == statuses["nobody@x.example"] == [302] * 3 + [200] * 2
    assert len(mail.outbox) == 3
