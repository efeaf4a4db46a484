"""Django's PostgreSQL, which sees without a round trip that a server on this machine has closed the connection."""

from __future__ import annotations

import select

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """The engine of `DATABASES`."""

    def is_usable(self) -> bool:
        """Whether the connection that was kept since the last request still works."""
        return self._is_still_open() or super().is_usable()

    def _is_still_open(self) -> bool:
        """A server behind a socket file says that it goes; a network may lose a connection without a word."""
        if self.connection is None or not self.connection.info.host.startswith("/"):
            return False
        if self.connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0)  # nothing to be read, a farewell neither
