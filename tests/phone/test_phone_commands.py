"""`balie phone …`: an exchange is let in, and the server for Asterisk listens where it may."""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.phone.asterisk import Asterisk, Caller
from tests.servers.daemons import until

from balie.config import phone_agi
from balie.config.command_line import main
from balie.desk.models import Desk
from balie.phone.access import exchange_with


def test_an_exchange_is_let_in_and_its_token_shown_once(
    infobits: Desk,
    transactional_db: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", os.environ["DATABASE_URL"])

    assert main(["phone", "add-exchange", "Asterisk", "--json"]) == 0
    token = json.loads(capsys.readouterr().out)["token"]
    assert exchange_with(token)[0].name == "Asterisk"

    assert main(["phone", "add-exchange", "Asterisk", "--json"]) == 1
    assert "already" in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_an_exchange_has_a_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["phone", "add-exchange", name]) == 1
    assert "name" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["127.0.0.1:4573", "localhost:4573", "[::1]:4573", "127.9.9.9:1"])
def test_agi_is_spoken_on_this_machine(text: str) -> None:
    assert phone_agi.address(text) == text


@pytest.mark.parametrize(
    "text", ["", "4573", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "pbx.example:4573", "999.1.1.1:4573"]
)
def test_what_is_no_address_is_named(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no address"):
        phone_agi.address(text)


def test_another_address_needs_the_names_of_those_who_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="BALIE_AGI_ALLOW"):
        phone_agi.address("0.0.0.0:4573")

    monkeypatch.setenv("BALIE_AGI_ALLOW", "192.0.2.7")
    assert phone_agi.address("0.0.0.0:4573") == "0.0.0.0:4573"


def test_who_may_ask_is_read_as_addresses_and_networks() -> None:
    named = phone_agi.allowed({"BALIE_AGI_ALLOW": "192.0.2.7, 192.0.2.16/28 2001:db8::/64"})

    assert named == tuple(map(ipaddress.ip_network, ["192.0.2.7/32", "192.0.2.16/28", "2001:db8::/64"]))


@pytest.mark.parametrize("text", ["everybody", "192.0.2.300", "192.0.2.7/8"])
def test_who_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(phone_agi.CannotListen, match="BALIE_AGI_ALLOW"):
        phone_agi.allowed({"BALIE_AGI_ALLOW": text})


@pytest.mark.parametrize("text", ["", "desk.example", "ftp://desk.example", "http://"])
def test_the_address_of_a_desk_is_one_of_the_web(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no address of a desk"):
        phone_agi.desk_url(text)


def test_the_server_answers_without_a_desk_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    """As `balie serve` starts it: a process of its own, which loads neither Django nor the database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "balie.config.phone_agi", f"127.0.0.1:{port}", "http://127.0.0.1:9"]
    server = subprocess.Popen(
        command, env={**os.environ, "BALIE_DATA": str(tmp_path)}, stderr=subprocess.PIPE
    )
    try:
        until(lambda: _listens(port), seconds=30)
        assert Asterisk(port, "route?token=t").call(Caller()).action == "fallback"
        loaded = Path(f"/proc/{server.pid}/maps").read_text()
        assert "psycopg" not in loaded
    finally:
        server.send_signal(signal.SIGTERM)
        _out, said = server.communicate(timeout=20)
    assert server.returncode == 0, said.decode()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(phone_agi.CannotListen, match="cannot be spoken"):
            phone_agi.serve(where, "http://127.0.0.1:9", folder=tmp_path, environ={})
