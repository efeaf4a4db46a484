"""The demo has somebody at each door: an account to place, an invited colleague, a forgotten login."""

from __future__ import annotations

import pytest
from tests.cast import FRIDAY_AT_FOUR

from balie.config.demo.filling import begin
from balie.config.desk_setup import make_desk
from balie.customers import registrations, suggestions
from balie.customers.claim_facts import open_claims
from balie.customers.models import Contact, Customer, CustomerDomain, Invitation
from balie.presets.reading import load
from balie.rules.account_matching import domain_of


@pytest.mark.parametrize("preset", ["infobits", "softwear"])
def test_somebody_waits_at_each_door(db: None, preset: str) -> None:
    begin(make_desk(load(preset), is_demo=True), now=FRIDAY_AT_FOUR)
    waiting = registrations.waiting().get()
    assert suggestions.customers_like(number=waiting.customer_number, name=waiting.company)
    assert Contact.objects.get(user=waiting.user).customer is None
    assert open_claims().get().contact is not None
    invitation = Invitation.objects.get()
    assert invitation.invited_by.may_manage
    assert {domain_of(each.email) for each in Contact.objects.exclude(customer=None)} == set(
        CustomerDomain.objects.values_list("domain", flat=True)
    )
    assert CustomerDomain.objects.count() == Customer.objects.count()
