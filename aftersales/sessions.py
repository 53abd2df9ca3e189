"""Django's sessions in the database, read with one fixed statement: every request does it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

from aftersales.kernel.clock import now
from aftersales.kernel.prepared import prepared


class SessionStore(db.SessionStore):
    """As Django's; only ``load`` is spelled out."""

    def load(self) -> dict[str, Any]:
        with prepared(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session "
                "WHERE session_key = %s AND expire_date > %s",
                [self.session_key, now()],
            )
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])
