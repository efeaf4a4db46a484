"""The address to which our mail comes back: one for each mail, which nobody else can make up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.return_path import mail_returned_to, make_return_path

OURS, OLD, THEIRS = b"secret of this desk", b"secret before that one", b"secret of somebody else"
ADDRESS = make_return_path("help@desk.example", 981, secrets=[OURS])


def test_it_is_an_address_of_the_desks_own_mailbox() -> None:
    assert ADDRESS.startswith("help+bounce-981-")
    assert ADDRESS.endswith("@desk.example")


@pytest.mark.parametrize(
    ("addresses", "mail", "because"),
    [
        ([ADDRESS], 981, "as we made it"),
        ([ADDRESS.upper()], 981, "some servers change the case"),
        ([f"<{ADDRESS}>"], 981, "with its angle brackets"),
        (["help@desk.example", ADDRESS], 981, "among others"),
        ([ADDRESS.replace("@desk", "@mail.desk")], 981, "a server in between has another name"),
        ([ADDRESS.replace("-981-", "-982-")], None, "another mail"),
        ([make_return_path("help@desk.example", 981, secrets=[OLD])], 981, "made before the secret changed"),
        ([make_return_path("help@desk.example", 981, secrets=[THEIRS])], None, "made by somebody else"),
        (["help+981-aaaaaaaaaaaaaaaa@desk.example"], None, "a reply address is no return path"),
        (["help+bounce-0-aaaaaaaaaaaaaaaa@desk.example"], None, "there is no mail 0"),
        ([], None, "nothing to look at"),
    ],
)
def test_only_an_address_that_we_made_names_a_mail(
    addresses: list[str], mail: int | None, because: str
) -> None:
    assert mail_returned_to(addresses, secrets=[OURS, OLD]) == mail, because


@given(mail=st.integers(1, 10**18 - 1))
def test_every_mail_has_its_own(mail: int) -> None:
    address = make_return_path("help@desk.example", mail, secrets=[OURS])

    assert mail_returned_to([address], secrets=[OURS]) == mail
    assert len(address.partition("@")[0]) <= 64, "RFC 5321, 4.5.3.1.1"


@given(st.text(max_size=120))
def test_no_other_text_names_a_mail(text: str) -> None:
    assert mail_returned_to([text], secrets=[OURS]) is None
