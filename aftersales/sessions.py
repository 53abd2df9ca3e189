"""Django's sessions in the database, read with one fixed statement: every request does it."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.sessions.backends import db

from aftersales.kernel.clock import now
from aftersales.kernel.prepared import plain_rows

STORED = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


KEY = re.compile("[0-9a-z]{32}")


class SessionStore(db.SessionStore):
    """As Django's; ``load`` is spelled out, and a key is only what was given out as one: a cookie
    may spell any character, NUL among them."""

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and KEY.fullmatch(key) is not None

    def load(self) -> dict[str, Any]:
        found = plain_rows(STORED, [self.session_key, now()])
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])
