"""At which customer an account belongs whose address was verified (SW-19, IB-05)."""

from __future__ import annotations

import pytest

from balie.rules.account_matching import FREE_MAIL, Facts, Known, Step, domain_of, is_free_mail, match

BAKERY, FLORIST = 1, 2


@pytest.mark.parametrize(
    ("facts", "step", "customer"),
    [
        (Facts("w@shop.example"), Step.WAIT, None),  # nothing is known: the desk
        (Facts("w@shop.example", known=Known.UNPLACED), Step.WAIT, None),  # wrote to us, and no more
        (Facts("w@shop.example", known=Known.AT_CUSTOMER), Step.JOIN_CONTACT, None),
        (Facts("w@shop.example", domain_of=BAKERY), Step.JOIN_CUSTOMER, BAKERY),
        (Facts("w@shop.example", known=Known.UNPLACED, domain_of=BAKERY), Step.JOIN_CUSTOMER, BAKERY),
        (Facts("w@shop.example", invited_by=BAKERY), Step.ACCEPT_INVITATION, BAKERY),
        # the invitation names its roles; the domain gives the least
        (Facts("w@shop.example", invited_by=BAKERY, domain_of=FLORIST), Step.ACCEPT_INVITATION, BAKERY),
        # a contact that is known stays where the desk put it
        (Facts("w@shop.example", known=Known.AT_CUSTOMER, invited_by=FLORIST), Step.JOIN_CONTACT, None),
        # neither an invitation nor a domain opens what was closed off
        (
            Facts("w@shop.example", known=Known.CLOSED_OFF, invited_by=BAKERY, domain_of=BAKERY),
            Step.WAIT,
            None,
        ),
        (Facts("w@shop.example", known=Known.OTHER_LOGIN, invited_by=BAKERY), Step.WAIT, None),
        # a free-mail domain says nothing, also when somebody wrote it down as a customer's
        (Facts("w@gmail.com", domain_of=BAKERY), Step.WAIT, None),
        (Facts("w@ZIGGO.nl", domain_of=BAKERY), Step.WAIT, None),
        (
            Facts("w@kpnmail.nl", invited_by=BAKERY),
            Step.ACCEPT_INVITATION,
            BAKERY,
        ),  # the address itself was named
    ],
)
def test_the_first_that_holds_decides_SW_19(facts: Facts, step: Step, customer: int | None) -> None:
    placement = match(facts)
    assert (placement.step, placement.customer) == (step, customer)
    assert placement.because.render()


@pytest.mark.parametrize(
    ("domain", "free"),
    [
        ("gmail.com", True),
        ("@outlook.com", True),
        ("Hotmail.NL", True),
        ("kpnmail.nl", True),
        ("ziggo.nl", True),
        ("bakkerij.example", False),
        ("mijngmail.com", False),
        ("gmail.com.bakkerij.example", False),
    ],
)
def test_free_mail_is_known_by_its_whole_domain(domain: str, free: bool) -> None:
    assert is_free_mail(domain) is free


@pytest.mark.parametrize(
    ("address", "domain"),
    [("w@Shop.Example", "shop.example"), ('"a@b"@shop.example', "shop.example"), ("nothing", "nothing")],
)
def test_the_domain_is_what_stands_behind_the_last_at(address: str, domain: str) -> None:
    assert domain_of(address) == domain


def test_free_mail_is_written_in_lower_case() -> None:
    assert all(each == each.lower() and "." in each for each in FREE_MAIL)
