"""The first administrator: invited, by link and by mail, and nobody else changed."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from tests.cast import browser_of

from balie.accounts.models import Role, User
from balie.config.data_folder import DataFolderTrouble
from balie.config.init import invitation, refuse_bad_address
from balie.desk.models import Desk


def test_the_link_that_is_printed_is_mailed_too(infobits: Desk) -> None:
    link = invitation("Willem@Desk.example")
    assert mail.outbox[0].to == ["willem@desk.example"]
    assert link in mail.outbox[0].body


def test_the_first_administrator_has_no_password_until_the_link_is_followed(infobits: Desk) -> None:
    link = invitation("willem@desk.example")
    willem = User.objects.get()
    assert (willem.has_usable_password(), willem.agent.role) == (False, Role.ADMINISTRATOR)
    chosen = {"password": "zeven-lades-dicht", "again": "zeven-lades-dicht"}
    page = "/" + link.split("/", 3)[3]
    assert Client().post(page, chosen).status_code == 302
    willem.refresh_from_db()
    assert willem.check_password("zeven-lades-dicht")
    assert browser_of(willem).get("/admin/").status_code == 200


@pytest.mark.parametrize("address", ["nobody", "two@at@desk.example", "", "willem@"])
def test_what_is_no_mail_address_is_refused_before_anything_is_made(db: None, address: str) -> None:
    with pytest.raises(DataFolderTrouble, match="is no mail address"):
        refuse_bad_address(address)
    assert not User.objects.exists()
