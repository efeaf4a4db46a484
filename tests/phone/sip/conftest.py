"""One desk of each preset with its exchange, for a module of calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker
from tests.phone.sip.desks import Telephony, telephony
from tests.servers import daemons


@pytest.fixture(scope="module")
def preset(request: pytest.FixtureRequest) -> str:
    return str(getattr(request.module, "PRESET", "infobits"))


@pytest.fixture(scope="module")
def answer_seconds(request: pytest.FixtureRequest) -> str:
    """How long Balie may take: on a machine that is busy with other tests a call shall not reach the fallback."""
    return str(getattr(request.module, "ANSWER_SECONDS", "10"))


@pytest.fixture(scope="module")
def phones(
    preset: str,
    answer_seconds: str,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Telephony]:
    """The desk, Balie and Kamailio."""
    daemons.program("sipp", package="sip-tester")
    folder = tmp_path_factory.mktemp("sip")
    with django_db_blocker.unblock(), telephony(preset, folder, ANSWER_SECONDS=answer_seconds) as ours:
        yield ours
