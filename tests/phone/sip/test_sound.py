"""What a caller hears is the file that Balie named, packet for packet."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.phone.sip.desks import Telephony
from tests.phone.sip.telephones import Ear, caller, header, media_server

from balie.phone import sound

PRESET = "infobits"


@pytest.fixture(scope="module")
def prompt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The announcement as espeak-ng speaks it, as the wire carries it."""
    file = tmp_path_factory.mktemp("prompts") / "make-ticket.alaw"
    spoken = sound.spoken("Maak een ticket op onze website.", language="nl")
    file.write_bytes(sound.alaw(spoken))
    return file


def test_the_announcement_is_heard_IB_03_IB_04(phones: Telephony, prompt: Path) -> None:
    phones.open("helpdesk")
    ear = Ear()
    try:
        with (
            media_server(phones.folder, prompt, port=phones.ports.media) as media,
            caller(
                phones.kamailio, phones.folder, "<sip:0207654321@provider.example>", talk=2500, media=ear.port
            ) as calling,
        ):
            heard = ear.listen(until_bytes=8000)
            assert header(media.await_invite(), "X-Balie-Prompts") == prompt.stem
            assert calling.end() == [200]
    finally:
        ear.close()
    assert len(heard) >= 8000 and prompt.read_bytes().startswith(heard[:8000])
