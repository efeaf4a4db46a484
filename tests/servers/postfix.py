"""Debian's Postfix on loopback: takes mail for anybody, refuses some, keeps the rest in one Maildir.

Who is written to decides what happens, whatever the domain:

| local part | what Postfix says |
|---|---|
| `gone` | 550 5.1.1 at RCPT |
| `full` | 452 4.2.2 at RCPT |
| `later` | 451 4.3.0 at RCPT |
| `bounced` | takes it, then sends a delivery report to the envelope's sender |
| anything else | takes it |
"""

from __future__ import annotations

import contextlib
import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.servers import daemons
from tests.servers.certificates import Certificate
from tests.servers.dovecot import Dovecot

DAEMONS = "/usr/lib/postfix/sbin"


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running server, for clients on this machine.

    `port` takes everything, with or without STARTTLS and login. `submission_port` wants STARTTLS and then a login of
    `dovecot.USERS`; `tls_port` the same, encrypted from the start.
    """

    folder: Path
    port: int
    submission_port: int
    tls_port: int
    certificate: Certificate
    program: str

    @property
    def maildir(self) -> Path:
        return self.folder / "mail" / "inbox"

    def raw_letters(self) -> list[bytes]:
        """What was delivered, in no particular order, with `Return-Path` and `Delivered-To` on top."""
        return [path.read_bytes() for path in (self.maildir / "new").glob("*")]

    def letters(self, *, to: str | None = None) -> list[EmailMessage]:
        """What was delivered, or delivered to one address."""
        read = [message_from_bytes(raw, policy=policy.default) for raw in self.raw_letters()]
        return [each for each in read if to is None or each["Delivered-To"] == to]

    def await_letters(self, count: int = 1, *, to: str | None = None) -> list[EmailMessage]:
        """The letters as soon as there are so many."""
        daemons.until(lambda: len(self.letters(to=to)) >= count, otherwise=self.told)
        return self.letters(to=to)

    def deliver_by(self, domain: str, transport: str) -> None:
        """From now on mail for this domain goes elsewhere: `lmtp:unix:/a/path`, `lmtp:inet:127.0.0.1:24`."""
        routes = self.folder / "routes"
        routes.write_text(f"/[@.]{domain}$/ {transport}\n{routes.read_text()}")
        self.control("reload")

    def try_again(self) -> None:
        """Try everything that waits in the queue now."""
        self.control("flush")

    def waiting(self) -> int:
        """How many messages are in the queue: not delivered yet, or waiting for another attempt."""
        return sum(
            1
            for part in ("incoming", "active", "deferred")
            for path in (self.folder / "queue" / part).rglob("*")
            if path.is_file()
        )

    def forget(self) -> None:
        """An empty queue and an empty Maildir, and no domain that goes elsewhere."""
        (self.folder / "routes").write_text(_routes())
        subprocess.run(
            [str(Path(self.program).parent / "postsuper"), "-c", str(self.folder / "etc"), "-d", "ALL"],
            check=True,
            capture_output=True,
        )
        for path in (self.maildir / "new").glob("*"):
            path.unlink(missing_ok=True)
        self.control("reload")

    def control(self, order: str) -> None:
        subprocess.run([self.program, "-c", str(self.folder / "etc"), order], check=True, capture_output=True)

    def told(self) -> str:
        """What the server's log says."""
        return daemons.told(self.folder / "postfix.log")


@contextlib.contextmanager
def running_postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    """Postfix with a queue and a Maildir of its own; logins are asked of Dovecot, whose certificate it shows, too."""
    path = daemons.program("postfix", package="postfix")
    if os.geteuid() != 0:
        pytest.skip("Postfix starts for root only.")
    with daemons.public_folder("postfix") as folder:
        server = Postfix(
            folder=folder,
            port=daemons.free_port(),
            submission_port=daemons.free_port(),
            tls_port=daemons.free_port(),
            certificate=dovecot.certificate,
            program=path,
        )
        _make_folders(folder)
        (folder / "routes").write_text(_routes())
        (folder / "recipients").write_text(_recipients())
        (folder / "etc" / "main.cf").write_text(_main(server, dovecot))
        (folder / "etc" / "master.cf").write_text(_master(server))
        command = [path, "-c", str(folder / "etc"), "start-fg"]
        ports = [server.port, server.submission_port, server.tls_port]
        with daemons.running(command, ports=ports, log=folder / "postfix.log"):
            try:
                yield server
            finally:
                server.control("abort")  # its daemons are a session of their own


def _make_folders(folder: Path) -> None:
    for name in ("etc", "queue", "data", "mail"):
        (folder / name).mkdir(mode=0o755)
    postfix, nobody = pwd.getpwnam("postfix"), pwd.getpwnam("nobody")
    os.chown(folder / "data", postfix.pw_uid, postfix.pw_gid)
    os.chown(folder / "mail", nobody.pw_uid, nobody.pw_gid)


def _routes() -> str:
    return "/^bounced[+@]/ error:5.1.1 this mailbox is gone\n"


def _recipients() -> str:
    return (
        "/^gone[+@]/ 550 5.1.1 there is nobody of that name here\n"
        "/^full[+@]/ 452 4.2.2 this mailbox is full\n"
        "/^later[+@]/ 451 4.3.0 come back later\n"
    )


def _main(server: Postfix, dovecot: Dovecot) -> str:
    folder, nobody = server.folder, pwd.getpwnam("nobody")
    return f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {DAEMONS}
maillog_file_prefixes = {folder}
maillog_file = {folder}/postfix.log
myhostname = mail.test.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = {daemons.HOST}
inet_protocols = ipv4
alias_maps =
alias_database =
recipient_delimiter = +
message_size_limit = 70000000
virtual_mailbox_limit = 0
virtual_mailbox_domains = regexp:{{{{/./ here}}}}
virtual_mailbox_maps = static:inbox/
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:{nobody.pw_uid}
virtual_gid_maps = static:{nobody.pw_gid}
virtual_minimum_uid = 1
transport_maps = regexp:{folder}/routes
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/recipients, permit_mynetworks, reject
smtpd_tls_cert_file = {server.certificate.chain}
smtpd_tls_key_file = {server.certificate.key}
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dovecot.folder}/auth
smtpd_sasl_auth_enable = yes
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
smtputf8_enable = yes
lmtp_tls_CAfile = {server.certificate.chain}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""


def _master(server: Postfix) -> str:
    login = """
  -o smtpd_tls_auth_only=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject"""
    return f"""
{daemons.HOST}:{server.port} inet n - n - - smtpd
{daemons.HOST}:{server.submission_port} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt{login}
{daemons.HOST}:{server.tls_port} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes{login}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
