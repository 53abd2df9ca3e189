"""Whether all parts are up: for the supervisor, a load balancer, and whoever starts the demo."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aftersales.kernel.clock import now
from aftersales.schedules import CANARY, is_ahead, sync
from compliance.models import Heartbeat

_migrated = False


def canary_age() -> float | None:
    """Seconds since a worker last gave a sign of life; ``None`` if none ever did."""
    beat = Heartbeat.objects.filter(name=CANARY).values_list("beat_at", flat=True).first()
    return (now() - beat).total_seconds() if beat else None


def workers_are_alive() -> bool:
    """A sign of life from the time to come is none: a clock was set back since."""
    age = canary_age()
    return age is not None and abs(age) <= settings.CANARY_SILENCE_SECONDS


def watch_workers() -> bool:
    """``workers_are_alive`` for a watchdog. Where a clock was set back, every alarm would wait for
    the old time, in a new process, too: they are rung at once."""
    beat = Heartbeat.objects.filter(name=CANARY).values_list("beat_at", flat=True).first()
    if beat and is_ahead(beat):
        sync()
    return workers_are_alive()


def is_migrated() -> bool:
    """Whether every migration is applied; asked until it is, then remembered by the process."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when web, database, migrations and workers are up, else 503; says which is not."""
    parts = {"web": True, "database": False, "migrations": False, "workers": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        parts["database"] = True
        parts["migrations"] = is_migrated()
        parts["workers"] = parts["migrations"] and workers_are_alive()
    except DatabaseError:
        connection.close()
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)
