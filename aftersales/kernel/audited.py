"""Base of every model people change: history for reading, journal for proof, joined by one id."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models.signals import post_save
from simple_history.models import HistoricalRecords

from aftersales.kernel.clock import now
from aftersales.kernel.context import Source, current
from aftersales.kernel.ids import ordered_uuid
from aftersales.kernel.journal import AppendOnly, signed_removal
from aftersales.kernel.prepared import plain_rows
from aftersales.kernel.saving import (
    CompiledSave,
    Names,
    Rows,
    audited_insert_sql,
    audited_unless_taken_sql,
    audited_update_sql,
    given,
    signature,
    stamps,
)


class HistoryStamp(models.Model):
    """What a history row carries besides the values: actor's name, door, the journal's id."""

    change_id = models.UUIDField(null=True, editable=False)
    actor_name = models.CharField(max_length=200, blank=True, editable=False)
    source = models.CharField(max_length=10, choices=Source.choices, editable=False)
    request_id = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """simple-history with the actor as id and name, append-only, two indexes instead of many."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("bases", (HistoryStamp,))
        super().__init__(
            history_user_id_field=models.BigIntegerField(null=True),
            history_change_reason_field=models.CharField(max_length=500, blank=True, default=""),
            history_id_field=models.BigAutoField(),
            **kwargs,
        )

    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        fields: dict[str, Any] = super().copy_fields(model)
        for field in fields.values():
            field.db_index = False
        return fields

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        options: dict[str, Any] = super().get_meta_options(model)
        options["triggers"] = [AppendOnly()]
        options["indexes"] = [
            models.Index(fields=[model._meta.pk.attname, "history_id"]),
            models.Index(fields=["change_id"]),
        ]
        options["default_permissions"] = ("view",)
        return options

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        """Listens to removals only: the statement of a save writes its history row itself."""
        super().finalize(sender, **kwargs)
        post_save.disconnect(self.post_save, sender=sender)

    def create_historical_record(
        self, instance: models.Model, history_type: str, using: str | None = None
    ) -> None:
        context = current()
        manager = getattr(instance, self.manager_name)
        values = {
            field.attname: getattr(instance, field.attname)
            for field in self.fields_included(instance)
        }
        manager.model(
            history_date=now(),
            history_type=history_type,
            history_user_id=context.actor_id,
            history_change_reason=context.reason,
            change_id=getattr(instance, "_change_id", None),
            actor_name=context.actor_name,
            source=context.source,
            request_id=context.request_id,
            **values,
        ).save(force_insert=True)


class AuditedModel(CompiledSave):
    """A model whose every save is one journal row and one history row in one statement."""

    class Meta:
        abstract = True

    def save_unless_taken(self) -> bool:
        """Insert the new row; ``False``, and nothing is written, where a unique key is taken.

        Who is about to take it is waited for. Needs no savepoint, unlike an ``IntegrityError``.
        """
        self._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]
        names, values = given(self, self._meta.concrete_fields, raw=False)
        statement = audited_unless_taken_sql(type(self), names)
        written = plain_rows(statement, [*values, *self._trail("+")])
        if written:
            ((self.pk,),) = written
            self._state.adding, self._state.db = False, DEFAULT_DB_ALIAS
        return bool(written)

    def _insert(self, names: Names, values: list[Any]) -> Rows:
        return plain_rows(audited_insert_sql(type(self), names), [*values, *self._trail("+")])

    def _update(self, names: Names, values: list[Any], key: Any) -> Rows:
        statement = audited_update_sql(type(self), names)
        return plain_rows(statement, [*values, key, *self._trail("~")])

    def _trail(self, kind: str) -> list[Any]:
        """What a statement is given for signature and history, under an id of its own."""
        self._change_id = ordered_uuid()
        return [signature(self, self._change_id), *stamps(kind, self._change_id)]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._change_id = ordered_uuid()
        with transaction.atomic(), signed_removal(self._meta.db_table, self._change_id):
            return super().delete(*args, **kwargs)
