from tests.servers.fixtures import dovecot, dovecot_server

__all__ = ["dovecot", "dovecot_server"]
