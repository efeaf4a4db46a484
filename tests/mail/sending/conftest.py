from tests.servers.fixtures import dovecot_server, postfix, postfix_server

__all__ = ["dovecot_server", "postfix", "postfix_server"]
