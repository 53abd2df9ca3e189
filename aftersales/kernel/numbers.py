"""Human numbers such as T-000123, drawn from database sequences."""

from __future__ import annotations

from django.db import connection, models

SEQUENCES = {
    "T": "desk_ticket_number",
    "H": "desk_handoff_number",
    "RMA": "desk_rma_number",
    "R": "desk_refund_number",
}


def draw(prefix: str) -> str:
    """Next number of a series, e.g. ``T-000123``; never handed out twice, gaps after a rollback."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCES[prefix]])
        (value,) = cursor.fetchone()
    return f"{prefix}-{value:06d}"


def draw_with_key(prefix: str, model: type[models.Model]) -> tuple[int, str]:
    """The next key of a table and the next number of a series in one statement, for a row that
    others refer to before it is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)), nextval(%s)",
            [model._meta.db_table, "id", SEQUENCES[prefix]],
        )
        key, value = cursor.fetchone()
    return key, f"{prefix}-{value:06d}"
