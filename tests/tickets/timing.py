"""Later, and how jobs are run in tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import time_machine

from aftersales.kernel.clock import now
from tests.factories.clocks import owed
from tickets.models import Ticket

RunJobs = Callable[[], list[str]]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def later(by: timedelta) -> time_machine.travel:
    return time_machine.travel(now() + by, tick=False)


def state(ticket: Ticket) -> tuple[object, ...]:
    """How a case stands and what it owes, as far as time goes."""
    found = Ticket.objects.get(pk=ticket.pk)
    return found.status, found.kind, found.due_at, found.last_inbound_at, owed(found)
