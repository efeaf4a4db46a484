"""Secrets on rows: readable with the installation's own secret only."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from balie.desk.sealing import SealedElsewhere, seal, unseal


def test_a_sealed_secret_is_read_again_and_does_not_show() -> None:
    sealed = seal("p@ss/wörd")

    assert unseal(sealed) == "p@ss/wörd"
    assert "p@ss" not in sealed


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert seal("geheim") != seal("geheim")


def test_nothing_sealed_is_nothing() -> None:
    assert unseal("") == ""


def test_another_installation_cannot_open_it(settings: Settings) -> None:
    sealed = seal("geheim")
    settings.SECRET_KEY = "another one"

    with pytest.raises(SealedElsewhere):
        unseal(sealed)
