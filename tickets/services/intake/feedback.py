"""A file of reviews: stored whole first, then some hundred rows per transaction.

Bulk statements write cases, words, intake rows and their history as single saves would
(``kernel.loading``). A batch that fails is repeated row by row, so one row can only harm itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import transaction

from aftersales.kernel.context import Source as Door
from aftersales.kernel.context import acting
from aftersales.kernel.errors import TRANSIENT, RuleViolated, require
from aftersales.kernel.failures import in_words
from aftersales.kernel.journal import signed_in_bulk
from aftersales.kernel.refs import in_each_language
from staff.models import User
from tickets import files
from tickets.feedback_file import FeedbackFile, Mapping, Row
from tickets.policies import can_import
from tickets.services.intake import feedback_rows
from tickets.services.intake.feedback_reading import Review, Source
from tickets.services.intake.preview import read_row
from tickets.services.intake.spelling import printable
from tickets.services.opening import default_department

log = logging.getLogger(__name__)

BATCH = 500


@dataclass(slots=True)
class Tally:
    """Counts that add up to the rows read."""

    created: int = 0
    duplicate: int = 0
    ignored: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.duplicate + self.ignored + self.refused

    def add(self, other: Tally) -> None:
        self.created += other.created
        self.duplicate += other.duplicate
        self.ignored += other.ignored
        self.refused += other.refused


Refuse = Callable[[Row, str], None]


def import_rows(
    path: Path, mapping: Mapping, *, channel: str, actor: User, refuse: Refuse, name: str = ""
) -> Tally:
    """Import a file, called ``name`` by people; ``refuse`` is given each row that could not be
    used, with the reason.

    Raises ``NotPermitted``, and ``RuleViolated`` before anything is written when the file has no
    such columns. Must not run inside a transaction. Importing the same file again counts duplicates
    only.
    """
    require(can_import(actor))
    default_department(actor)
    tally, called = Tally(), printable(name or path.name)[:100]
    with FeedbackFile(path, mapping) as rows:
        source = Source(
            channel=channel,
            mapping=mapping,
            container=files.put_file(path),
            note=f"{in_each_language(Door.IMPORT.label.__str__)} {called}",
        )
        waiting = iter(rows)
        while batch := list(islice(waiting, BATCH)):
            tally.add(import_batch(batch, source, actor=actor, refuse=refuse))
    return tally


def import_batch(batch: list[Row], source: Source, *, actor: User, refuse: Refuse) -> Tally:
    """Some hundred rows in one transaction, each by itself if that fails."""
    usable = list(read(batch, source, refuse))
    refused = len(batch) - len(usable)
    tally = Tally(refused=refused)
    try:
        tally.add(write([review for _row, review in usable], source, actor=actor))
    except TRANSIENT:
        raise
    except Exception as error:
        log.warning("batch repeated row by row: %s", error)
        for row, review in usable:
            try:
                tally.add(write([review], source, actor=actor))
            except TRANSIENT:
                raise
            except Exception as own:
                log.exception("row %s could not be written", row.number)
                tally.refused += 1
                refuse(row, str(in_words(own)))
    return tally


def write(reviews: list[Review], source: Source, *, actor: User) -> Tally:
    """One committed transaction over these rows, signed as the import it is."""
    with transaction.atomic(), acting(actor, source.note), signed_in_bulk(source.note):
        created, duplicate, ignored = feedback_rows.write(reviews, source, actor)
    return Tally(created=created, duplicate=duplicate, ignored=ignored)


def read(batch: list[Row], source: Source, refuse: Refuse) -> Iterator[tuple[Row, Review]]:
    for row in batch:
        try:
            yield row, read_row(row, source)
        except RuleViolated as error:
            refuse(row, str(error))
