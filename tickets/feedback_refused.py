"""Refused rows of a file of reviews, as a file to be mended and imported again."""

from __future__ import annotations

import csv
from typing import IO, Any

from django.utils.translation import gettext as _

from aftersales.kernel.spreadsheet import guard
from tickets.feedback_file import Row

MOST_SHOWN = 10


class RefusedSheet:
    """Refused rows: all of them into ``out``, if there is one, the first to be shown.

    A spreadsheet runs nothing of that file: what strangers wrote stays text.
    """

    def __init__(self, out: IO[str] | None = None) -> None:
        self.writer: Any = csv.writer(out) if out else None
        self.shown: list[tuple[Row, str]] = []

    def add(self, row: Row, reason: str) -> None:
        if self.writer is not None:
            if not self.shown:
                self.writer.writerow([_("row"), _("reason"), *map(guard, row.header)])
            self.writer.writerow([row.number, guard(reason), *map(guard, row.cells)])
        if len(self.shown) < MOST_SHOWN:
            self.shown.append((row, reason))
