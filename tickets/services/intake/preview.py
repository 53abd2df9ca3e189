"""What a file of reviews would become, before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from aftersales.kernel.errors import RuleViolated, require
from staff.models import User
from tickets.feedback_file import FeedbackFile, Mapping, Row, intact
from tickets.policies import can_import
from tickets.services.intake.feedback_reading import Review, Source, review_of

# What one request reads and imports in some seconds; the command line takes any number.
MOST_ROWS = 10_000
MOST_CHARACTERS = 50_000_000
SHOWN = 5
SHOWN_REFUSED = 20


@dataclass(slots=True)
class Preview:
    """Counts of the whole file, and its first rows."""

    usable: int = 0
    wordless: int = 0
    refused: int = 0
    first: list[Review] = field(default_factory=list)
    first_refused: list[tuple[Row, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.usable + self.wordless + self.refused

    def take(self, row: Row, source: Source) -> None:
        try:
            review = read_row(row, source)
        except RuleViolated as error:
            self.refused += 1
            if len(self.first_refused) < SHOWN_REFUSED:
                self.first_refused.append((row, str(error)))
            return
        if review.reason:
            self.wordless += 1
            return
        self.usable += 1
        if len(self.first) < SHOWN:
            self.first.append(review)


def look_at(path: Path, mapping: Mapping, *, channel: str, actor: User) -> Preview:
    """Read a file to its end and write nothing.

    Raises ``NotPermitted``, and ``RuleViolated`` for a file without such columns, longer than
    ``MOST_ROWS``, or damaged.
    """
    require(can_import(actor))
    found, size = Preview(), 0
    source = Source(channel=channel, mapping=mapping, container="", note="")
    with intact(), FeedbackFile(path, mapping) as rows:
        for row in rows:
            size += sum(map(len, row.cells))
            if size > MOST_CHARACTERS:
                raise RuleViolated(
                    "too_large",
                    _("The rows are too long for a page; the command line takes more."),
                    field="file",
                )
            if row.number > MOST_ROWS:
                raise RuleViolated(
                    "too_large",
                    _("A page takes at most %(most)s rows; the command line takes more.")
                    % {"most": f"{MOST_ROWS:,}"},
                    field="file",
                )
            found.take(row, source)
    return found


def read_row(row: Row, source: Source) -> Review:
    """The row's meaning; raises ``RuleViolated`` for one that is broken or cannot be used."""
    if row.fault:
        raise RuleViolated("broken_row", row.fault)
    return review_of(row, source)
