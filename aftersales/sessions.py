"""Django's sessions in the database, read with one fixed statement: every request does it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db

from aftersales.kernel.clock import now
from aftersales.kernel.prepared import plain_rows

STORED = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """As Django's; only ``load`` is spelled out."""

    def load(self) -> dict[str, Any]:
        found = plain_rows(STORED, [self.session_key, now()])
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])
