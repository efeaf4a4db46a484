from tests.servers.fixtures import dovecot, dovecot_server, postfix, postfix_server

__all__ = ["dovecot", "dovecot_server", "postfix", "postfix_server"]
