"""Addresses of a desk that a preset names: they become rows, and what is wrong in them is told."""

from __future__ import annotations

import pytest
from tests.presets.test_invalid_presets import SOUND

from balie.config.desk_setup import make_desk
from balie.mail.models import DeskAddress
from balie.presets.reading import load, read
from balie.presets.tables import PresetInvalid


@pytest.mark.django_db
def test_a_preset_says_what_a_mail_to_an_address_becomes() -> None:
    make_desk(load("example"))
    row = DeskAddress.objects.get()
    assert (row.address, row.language) == ("tills@harbour-tills.example", "en")
    assert row.category is not None and row.category.key == "till"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('[mail_addresses."no address"]', "is no mail address"),
        ('[mail_addresses."a@desk.example"]\ncategory = "no-such"', "no-such"),
        ('[mail_addresses."a@desk.example"]\ncolour = "red"', "colour"),
    ],
    ids=["no address", "no category", "an unknown key"],
)
def test_what_is_wrong_with_an_address_is_told(lines: str, message: str) -> None:
    with pytest.raises(PresetInvalid, match=message):
        read(f"{SOUND}\n{lines}\n", file="corner.toml")
