"""Debian's Dovecot on loopback: IMAP with a password, encryption and OAuth2, and the logins of Postfix."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.servers import certificates, daemons
from tests.servers.certificates import Certificate
from tests.servers.tokens import TokenServer

USERS: Mapping[str, str] = {"balie": "p@ss/word", "second@desk.example": "geheim"}
"""Login name -> password, in Dovecot and, through it, in Postfix."""

_names = itertools.count()


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server. `port` offers STARTTLS, `tls_port` is encrypted from the start."""

    folder: Path
    port: int
    tls_port: int
    certificate: Certificate
    tokens: TokenServer
    mail_owner: tuple[int, int]

    def deliver(self, raw: bytes, *, user: str = "balie", folder: str = "INBOX") -> Path:
        """Put a message in a mailbox, as a local delivery does: whole or not at all."""
        box = self.box(user, folder)
        name = f"{int(time.time())}.{next(_names)}_{os.getpid()}.test"
        begun, done = box / "tmp" / name, box / "new" / name
        begun.write_bytes(raw)
        os.chown(begun, *self.mail_owner)
        begun.rename(done)
        return done

    def box(self, user: str = "balie", folder: str = "INBOX") -> Path:
        """The Maildir of one folder, made when it is not there."""
        home = self.folder / "mail" / user
        box = home if folder == "INBOX" else home / f".{folder}"
        for place in (home, box, *(box / part for part in ("cur", "new", "tmp"))):
            if not place.exists():
                place.mkdir(mode=0o700)
                os.chown(place, *self.mail_owner)
        return box

    def messages(self, *, user: str = "balie", folder: str = "INBOX") -> dict[str, bytes]:
        """File name (with its flags, `:2,S` is seen) -> content of what is in a folder."""
        box = self.box(user, folder)
        return {path.name: path.read_bytes() for part in ("cur", "new") for path in (box / part).iterdir()}

    def empty(self, *, user: str = "balie") -> None:
        """Take everything out of every folder of a user."""
        home = self.box(user)
        for path in [each for part in ("cur", "new") for each in home.glob(f"**/{part}/*")]:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """Dovecot with folders of its own, stopped and gone at the end."""
    path = daemons.program("dovecot", package="dovecot-imapd")
    with daemons.public_folder("dovecot") as folder, TokenServer.running() as tokens:
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        server = Dovecot(
            folder=folder,
            port=daemons.free_port(),
            tls_port=daemons.free_port(),
            certificate=certificates.made_in(folder),
            tokens=tokens,
            mail_owner=(owner.pw_uid, owner.pw_gid),
        )
        (folder / "mail").mkdir(mode=0o700)
        os.chown(folder / "mail", *server.mail_owner)
        (folder / "users").write_text(
            "".join(f"{name}:{{PLAIN}}{password}\n" for name, password in USERS.items())
        )
        (folder / "oauth2.conf").write_text(_oauth2(tokens))
        (folder / "dovecot.conf").write_text(_configuration(server))
        command = [path, "-F", "-c", str(folder / "dovecot.conf")]
        ports = [server.port, server.tls_port]
        with daemons.running(command, ports=ports, log=folder / "dovecot.log"):
            yield server


def _oauth2(tokens: TokenServer) -> str:
    return f"""
introspection_mode = get
introspection_url = {tokens.url}/introspect?token=
username_attribute = username
active_attribute = active
active_value = true
"""


def _configuration(server: Dovecot) -> str:
    folder = server.folder
    uid, gid = server.mail_owner
    everybody = "" if os.geteuid() == 0 else _without_root()
    return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
auth_verbose = yes
protocols = imap
listen = {daemons.HOST}
ssl = yes
ssl_cert = <{server.certificate.chain}
ssl_key = <{server.certificate.key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_max_userip_connections = 200
mail_fsync = never
first_valid_uid = 1
mail_uid = {uid}
mail_gid = {gid}
mail_home = {folder}/mail/%u
mail_location = maildir:~/
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    address = {daemons.HOST}
    port = {server.port}
  }}
  inet_listener imaps {{
    address = {daemons.HOST}
    port = {server.tls_port}
  }}
  chroot =
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{everybody}
"""


def _without_root() -> str:
    me = pwd.getpwuid(os.geteuid()).pw_name
    return f"default_login_user = {me}\ndefault_internal_user = {me}\n"
