"""Fixtures for tests that speak with Debian's Dovecot and Postfix: import them in a `conftest.py`.

A server is started once for a run (once for each process of pytest-xdist), and empty for every test.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.postfix import Postfix, running_postfix


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def postfix_server(dovecot_server: Dovecot) -> Iterator[Postfix]:
    with running_postfix(dovecot_server) as server:
        yield server


@pytest.fixture
def dovecot(dovecot_server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    """Dovecot with empty mailboxes; this process trusts its certificate."""
    for user in ("balie", "second@desk.example"):
        dovecot_server.empty(user=user)
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot_server.certificate.chain))
    return dovecot_server


@pytest.fixture
def postfix(postfix_server: Postfix, monkeypatch: pytest.MonkeyPatch) -> Postfix:
    """Postfix with an empty queue and Maildir; this process trusts its certificate."""
    postfix_server.forget()
    monkeypatch.setenv("SSL_CERT_FILE", str(postfix_server.certificate.chain))
    return postfix_server
