"""What workers of these tests can do besides: a step of the ladder that leaves a row per call."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connection


def leave_a_row(clock: Any, step: Any, *, actor: Any) -> str:
    """Done twice, it is seen twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO compliance_idempotentrequest (actor_id, key, path, digest, status_code, "
            "response, created_at) VALUES (%s, gen_random_uuid()::text, '', '', 200, '{}', now())",
            [clock.pk],
        )
    return "done"


class CountingConfig(AppConfig):
    name = "tests.concurrency"
    label = "counting"

    def ready(self) -> None:
        from clocks import actions  # noqa: PLC0415 -- the app registry must be ready

        actions.register("count", "Count", leave_a_row)
