"""Which models are audited, by the names the journal and the address bar use for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from aftersales.kernel.audited import AuditedModel, HistoryStamp
from aftersales.kernel.journal import Journaled


@dataclass(frozen=True, slots=True)
class Tracked:
    """An audited model, its history and its columns."""

    model: type[models.Model]
    history: type[models.Model]
    excluded: frozenset[str]
    is_case: bool

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def history_table(self) -> str:
        return self.history._meta.db_table

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def name(self) -> str:
        """What people call such an object."""
        return str(self.model._meta.verbose_name)

    @property
    def fields(self) -> dict[str, models.Field[Any, Any]]:
        """The fields by column."""
        return {str(field.column): field for field in self.model._meta.concrete_fields}

    def columns_called(self, text: str) -> set[str]:
        """Columns whose name or label contains ``text``."""
        text = text.casefold()
        return {
            column
            for column, field in self.fields.items()
            if text in column or text in str(field.verbose_name).casefold()
        }

    @property
    def unique_texts(self) -> list[str]:
        """Fields by which a person names such an object: unique text, or a number from outside."""
        meta = self.model._meta
        alone = {rule.fields[0] for rule in meta.total_unique_constraints if len(rule.fields) == 1}
        from_outside = {"external_id", "tracking_number"}
        return [
            field.attname
            for field in meta.concrete_fields
            if isinstance(field, models.CharField)
            and (field.unique or field.name in alone | from_outside)
        ]


def stamp_columns() -> list[str]:
    """Columns a history row has besides the values."""
    own = [field.name for field in HistoryStamp._meta.get_fields()]
    return [
        "history_id",
        "history_date",
        "history_change_reason",
        "history_type",
        "history_user_id",
        *own,
    ]


@cache
def tracked() -> dict[str, Tracked]:
    """Every audited model by table name."""
    return {
        model._meta.db_table: _track(model)
        for model in apps.get_models()
        if issubclass(model, AuditedModel)
    }


def _track(model: type[models.Model]) -> Tracked:
    manager = getattr(model, model._meta.simple_history_manager_attribute)  # type: ignore[attr-defined]
    triggers = getattr(model._meta, "triggers", [])
    return Tracked(
        model,
        manager.model,
        frozenset(manager.model._history_excluded_fields),
        any(isinstance(one, Journaled) and one.call == "desk_journal('id')" for one in triggers),
    )


def by_label(label: str) -> Tracked | None:
    """The audited model called ``app.model``."""
    return next((known for known in tracked().values() if known.label == label), None)


def case_model() -> Tracked:
    """The model whose own id is the case's id."""
    return next(known for known in tracked().values() if known.is_case)
