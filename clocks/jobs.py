"""Background work on clocks: arguments in, one service, nothing decided here."""

from __future__ import annotations

from aftersales.kernel import jobs
from clocks.services import recounting


def register() -> None:
    jobs.register(recounting.JOB, recounting.recount_calendar)
