"""The commands about mail that comes in, and LMTP under `balie serve`."""

from __future__ import annotations

import argparse
import smtplib
import ssl
from pathlib import Path

import pytest
from tests.config.serving_process import Serving, balie, eventually, free_port
from tests.mail.letters import letter
from tests.servers import certificates

from balie.config.mail_lmtp import CannotListen, address, certificate, standard_sender

HELP = "helpdesk@infobits.example"


@pytest.mark.parametrize(
    "where", ["127.0.0.1:2424", "127.0.0.53:24", "localhost:2424", "[::1]:2424", "unix:/run/balie/lmtp"]
)
def test_lmtp_is_spoken_on_this_machine(where: str) -> None:
    assert address(where) == where


@pytest.mark.parametrize(
    "where",
    [
        pytest.param("0.0.0.0:2424", id="everybody"),
        pytest.param("192.168.1.4:2424", id="another machine"),
        pytest.param("127.0.0.1", id="no port"),
        pytest.param("127.0.0.1:0", id="port 0"),
        pytest.param("127.0.0.1:65536", id="a port too high"),
        pytest.param("127.0.0.999:2424", id="no address at all"),
        pytest.param("mail.example:2424", id="a name"),
        pytest.param("unix:relative", id="a path that depends on where one stands"),
        pytest.param("unix:/" + "x" * 200, id="a path that is too long for a socket"),
        pytest.param("", id="nothing"),
    ],
)
def test_lmtp_is_spoken_nowhere_else(where: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        address(where)


def test_without_a_certificate_nothing_is_encrypted() -> None:
    assert certificate({}) is None


def test_a_certificate_and_its_key_lie_in_one_file(tmp_path: Path) -> None:
    made = certificates.made_in(tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(made.chain.read_bytes() + made.key.read_bytes())

    assert isinstance(certificate({"BALIE_LMTP_CERTIFICATE": str(both)}), ssl.SSLContext)


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_certificate_that_is_none_stops_the_start_with_a_sentence(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "x.pem"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CannotListen, match="BALIE_LMTP_CERTIFICATE"):
        certificate({"BALIE_LMTP_CERTIFICATE": str(path)})


@pytest.mark.parametrize(
    ("environ", "sender"),
    [({}, "balie@127.0.0.1"), ({"BALIE_URL": "https://desk.example/x"}, "balie@desk.example")],
)
def test_the_sender_of_a_desk_without_an_address_is_one_of_its_addresses(
    environ: dict[str, str], sender: str
) -> None:
    assert standard_sender(environ) == sender


def test_a_served_desk_takes_mail_by_lmtp_and_makes_a_ticket_of_it(public_folder: Path) -> None:
    port, data = free_port(), public_folder / "desk"
    with Serving(data, "--preset", "infobits", "--lmtp", f"127.0.0.1:{port}", "--no-worker") as serving:
        asked = eventually(lambda: _takes(port), seconds=60)
        assert asked, serving.text
        again = balie(data, "mail", "lmtp", f"127.0.0.1:{port}")
        assert (again.returncode, "LMTP cannot be spoken" in again.stderr) == (1, True)
        assert "no mailbox" in balie(data, "mail", "fetch").stdout
        assert balie(data, "mail", "fetch", "Nergens").returncode == 1
        assert balie(data, "worker", "--until-done").returncode == 0
        count = "from balie.tickets.models import Ticket; print('tickets', Ticket.objects.count())"
        assert "tickets 1" in balie(data, "manage", "shell", "-c", count).stdout


def _takes(port: int) -> bool:
    try:
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.sendmail("carla@shop.example", [HELP], letter("carla@shop.example", to=HELP))
    except ConnectionRefusedError:
        return False
    return True
