"""Later, and how jobs are run in tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import time_machine

from aftersales.kernel.clock import now

RunJobs = Callable[[], list[str]]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def later(by: timedelta) -> time_machine.travel:
    return time_machine.travel(now() + by, tick=False)
