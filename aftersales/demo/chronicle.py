"""The pen of the demo's past: rows with versions, and the event beside each deed."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from django.db import models

from aftersales.demo.rows import Batch, Row, Stamp
from compliance.models import AuditEvent


class Chronicle:
    """Writes into a batch. The same `rng` writes the same past."""

    def __init__(self, batch: Batch, rng: Random) -> None:
        self.batch = batch
        self.rng = rng
        self.labels: dict[type[models.Model], str] = {}

    def add(self, model: type[models.Model], values: Mapping[str, Any], by: Stamp) -> Row:
        return self.batch[model].add(values, by, self.new_id())

    def change(
        self, model: type[models.Model], row: Row, values: Mapping[str, Any], by: Stamp
    ) -> None:
        self.batch[model].change(row, values, by, self.new_id())

    def new_id(self) -> str:
        """A UUID of the generator's, as hexadecimal digits."""
        return f"{self.rng.getrandbits(128):032x}"

    def event(
        self,
        code: str,
        subject: tuple[type[models.Model], Row, str],
        by: Stamp,
        *,
        case: Row | None = None,
        data: Mapping[str, Any] | None = None,
        note: str = "",
    ) -> None:
        """What somebody did, as `compliance.services.record` would write it at that time."""
        model, row, label = subject
        self.batch[AuditEvent].add(
            {
                "code": code,
                "subject_type": self.label(model),
                "subject_id": row["id"],
                "subject_label": label[:200],
                "case_id": case["id"] if case else None,
                "case_label": case["number"] if case else "",
                "actor_id": by.actor_id,
                "actor_name": by.actor_name,
                "note": note or by.reason,
                "data": data or {},
                "source": by.source,
                "request_id": by.request_id,
                "occurred_at": by.at,
                "recorded_at": by.at,
            }
        )

    def label(self, model: type[models.Model]) -> str:
        if model not in self.labels:
            self.labels[model] = model._meta.label_lower
        return self.labels[model]
