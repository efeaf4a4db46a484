"""Whom a mail server may hand mail over for."""

from __future__ import annotations

import pytest

from balie.rules.mail_recipients import is_ours

ADDRESSES = ("help@desk.example", "Verkoop@winkel.example", "help+kassa@other.example", "")


@pytest.mark.parametrize(
    ("recipient", "ours"),
    [
        pytest.param("help@desk.example", True, id="the desk's address"),
        pytest.param("HELP@Desk.Example", True, id="in other letters"),
        pytest.param("verkoop@winkel.example", True, id="a second address, written in capitals by the desk"),
        pytest.param("help+4711-abc@desk.example", True, id="a reply to a ticket"),
        pytest.param("help+bounce-9-abc@desk.example", True, id="a delivery report"),
        pytest.param("help+kassa@other.example", True, id="an address that has a plus itself"),
        pytest.param("help@other.example", False, id="that address without its plus"),
        pytest.param("postmaster@desk.example", True, id="the postmaster of our domain"),
        pytest.param("Abuse@winkel.example", True, id="abuse at our other domain"),
        pytest.param("postmaster", True, id="the postmaster of wherever this is"),
        pytest.param("postmaster@shop.example", False, id="the postmaster of somebody else"),
        pytest.param("abuse", False, id="only the postmaster needs no domain"),
        pytest.param("help", False, id="a name without a domain"),
        pytest.param("carla@desk.example", False, id="somebody else at our domain"),
        pytest.param("helpx@desk.example", False, id="a longer name"),
        pytest.param("help@sub.desk.example", False, id="a domain below ours"),
        pytest.param("@desk.example", False, id="nobody"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_mail_is_taken_for_our_addresses_only(recipient: str, ours: bool) -> None:
    assert is_ours(recipient, ADDRESSES) is ours


def test_a_desk_without_addresses_takes_mail_for_nobody_but_the_postmaster() -> None:
    assert not is_ours("help@desk.example", [])
    assert is_ours("postmaster", [])
