"""Sessions in the database, as Django keeps them; every page reads one, so its question is prepared."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.contrib.sessions.models import Session
from django.utils import timezone

from balie.prepared import Given, Prepared

_session = Prepared(lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")))


class SessionStore(InDatabase):
    """The engine of `SESSION_ENGINE`."""

    def _get_session_from_db(self) -> Session | None:
        session = _session.first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session
