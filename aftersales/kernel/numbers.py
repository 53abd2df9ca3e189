"""Human numbers such as T-000123, drawn from database sequences."""

from __future__ import annotations

from typing import Final

from django.db import models

from aftersales.kernel.prepared import plain_rows

SEQUENCES = {
    "T": "desk_ticket_number",
    "H": "desk_handoff_number",
    "RMA": "desk_rma_number",
    "R": "desk_refund_number",
}

NEXT: Final = "SELECT nextval(%s)"
NEXT_KEY: Final = "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
NEXT_WITH_KEY: Final = "SELECT nextval(pg_get_serial_sequence(%s, 'id')), nextval(%s)"


def draw(prefix: str) -> str:
    """Next number of a series, e.g. ``T-000123``; never handed out twice, gaps after a rollback."""
    ((value,),) = plain_rows(NEXT, [SEQUENCES[prefix]])
    return f"{prefix}-{value:06d}"


def draw_key(model: type[models.Model]) -> int:
    """The next key of a table, for a row that others refer to before it is written."""
    ((key,),) = plain_rows(NEXT_KEY, [model._meta.db_table])
    return int(key)


def draw_with_key(prefix: str, model: type[models.Model]) -> tuple[int, str]:
    """The next key of a table and the next number of a series in one statement, for a row that
    others refer to before it is written."""
    ((key, value),) = plain_rows(NEXT_WITH_KEY, [model._meta.db_table, SEQUENCES[prefix]])
    return key, f"{prefix}-{value:06d}"
