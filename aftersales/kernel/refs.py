"""A pointer to any object that outlives it: type, id and the label of that day."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, slots=True)
class Ref:
    """(type, id, label), e.g. ("tickets.ticket", 7, "T-000007")."""

    type: str
    id: int
    label: str


def ref(obj: models.Model) -> Ref:
    return Ref(obj._meta.label_lower, obj.pk, str(obj)[:200])
