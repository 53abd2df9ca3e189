"""Human numbers such as T-000123, drawn from database sequences."""

from __future__ import annotations

from django.db import connection

SEQUENCES = {"T": "desk_ticket_number", "R": "desk_refund_number"}


def draw(prefix: str) -> str:
    """Next number of a series, e.g. ``T-000123``; never handed out twice, gaps after a rollback."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCES[prefix]])
        (value,) = cursor.fetchone()
    return f"{prefix}-{value:06d}"
