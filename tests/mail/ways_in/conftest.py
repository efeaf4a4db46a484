from tests.mail.ways_in.lmtp_client import lmtp
from tests.servers.fixtures import dovecot, dovecot_server, postfix, postfix_server

__all__ = ["dovecot", "dovecot_server", "lmtp", "postfix", "postfix_server"]
