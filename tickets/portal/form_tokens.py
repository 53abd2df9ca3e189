"""A form that can be sent once: a signed random number with the time the form was shown."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core import signing

from aftersales.kernel.clock import now

SALT = "tickets.portal.form"
GOOD_FOR = timedelta(days=1)


def new_form_token() -> str:
    return signing.dumps([secrets.token_hex(12), int(now().timestamp())], salt=SALT, compress=False)


def read_form_token(token: str) -> tuple[str, timedelta] | None:
    """The form's number and its age; ``None`` for what we did not sign or signed over a day ago."""
    try:
        number, shown_at = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    age = now().timestamp() - shown_at
    return (number, timedelta(seconds=age)) if age <= GOOD_FOR.total_seconds() else None
