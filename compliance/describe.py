"""Changes in words: for every row of the journal its object, its actor, and old → new per field.

Values come from history rows, which share the journal's ``change_id``. Two queries whatever is on
the page: one for all values, one for the names of everything they point to.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aftersales.kernel.context import Source, actor_words
from aftersales.kernel.prepared import prepared
from aftersales.kernel.refs import for_reader
from compliance.lines import fields_html
from compliance.models import JournalEntry, Operation
from compliance.tracked import Tracked, case_model, tracked
from compliance.values import EMPTY, Names, shown
from compliance.values_sql import names_sql, values_sql

Row = dict[str, Any]
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: its label, what it was, what it became."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """A journal row as it is read; ``is_signed`` is false for what went past the application."""

    entry: JournalEntry
    model_name: str
    model_label: str
    object_name: str
    case_number: str
    source_label: str
    operation_label: str
    fields: list[FieldChange]

    @property
    def is_signed(self) -> bool:
        return self.entry.is_signed

    @property
    def actor(self) -> str:
        return actor_words(self.entry.actor_name)

    @property
    def fields_html(self) -> SafeString:
        return fields_html(self.fields)


@dataclass(frozen=True, slots=True)
class Values:
    """What history knows of one change; ``before_unsure``/``after_unsure`` name columns that moved
    in between without a record."""

    before: Row | None
    after: Row | None
    before_unsure: frozenset[str]
    after_unsure: frozenset[str]


NOTHING = Values(None, None, frozenset(), frozenset())


def describe(entries: Iterable[JournalEntry]) -> list[Change]:
    """Read changes in words, in the order given."""
    entries = list(entries)
    if not entries:
        return []
    values = load_values(entries)
    names = load_names(entries, values)
    return [_change(entry, values.get(entry.pk, NOTHING), names) for entry in entries]


def load_values(entries: list[JournalEntry]) -> dict[int, Values]:
    """Old and new row of every change, from history; one query."""
    by_table: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.table_name in tracked():
            by_table[entry.table_name].append(entry.pk)
    if not by_table:
        return {}
    tables = sorted(by_table)
    with prepared(), connection.cursor() as db:  # planning takes longer than reading
        sql = values_sql([tracked()[one] for one in tables])
        db.execute(sql, [by_table[one] for one in tables])
        return {
            pk: Values(_row(before), _row(after), _columns(earlier), _columns(later))
            for pk, before, after, earlier, later in db.fetchall()
        }


def load_names(entries: list[JournalEntry], values: dict[int, Values]) -> Names:
    """What the changed objects, their cases and everything they point to are called; one query."""
    wanted: dict[str, set[int]] = defaultdict(set)
    subjects: dict[Key, Row] = {}
    for entry in entries:
        if entry.case_id is not None:
            wanted[case_model().table].add(entry.case_id)
        known = tracked().get(entry.table_name)
        seen = values.get(entry.pk, NOTHING)
        for row in filter(None, (seen.before, seen.after)):
            if known:
                subjects[entry.table_name, entry.row_pk] = row
                _collect(known, row, wanted)
    objects = _load_objects(wanted)
    for (table, pk), row in subjects.items():
        objects.setdefault((table, pk), _revive(tracked()[table].model, row))
    for obj in objects.values():
        _link(obj, objects)
    return {key: _name(obj) for key, obj in objects.items()}


def _collect(known: Tracked, row: Row, wanted: dict[str, set[int]]) -> None:
    """Note every object the row points to."""
    for field in known.model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and row.get(field.column) is not None:
            wanted[field.related_model._meta.db_table].add(row[field.column])


def _load_objects(wanted: dict[str, set[int]]) -> dict[Key, models.Model]:
    if not wanted:
        return {}
    tables = sorted(wanted)
    by_table = {table: tracked()[table].model for table in tables}
    with prepared(), connection.cursor() as db:
        db.execute(names_sql(list(by_table.values())), [sorted(wanted[one]) for one in tables])
        return {
            (table, pk): _revive(by_table[table], json.loads(row, parse_float=Decimal))
            for table, pk, row in db.fetchall()
        }


def _revive(model: type[models.Model], row: Row) -> models.Model:
    """An instance with the values of ``row``; for reading only."""
    return model(
        **{
            field.attname: field.to_python(row[field.column])
            for field in model._meta.concrete_fields
            if field.column in row
        }
    )


def _link(obj: models.Model, objects: dict[Key, models.Model]) -> None:
    """Give an object what it points to, or a stand-in of which only the number is known."""
    for field in obj._meta.concrete_fields:
        pk = getattr(obj, field.attname)
        if isinstance(field, models.ForeignKey) and pk is not None:
            target = field.related_model
            setattr(obj, field.name, objects.get((target._meta.db_table, pk)) or target(pk=pk))


def _name(obj: models.Model) -> str:
    """``str()`` without queries; the number where a stand-in does not know what that asks for."""
    try:
        return for_reader(str(obj)) or f"#{obj.pk}"
    except (ObjectDoesNotExist, TypeError, ValueError):
        return f"#{obj.pk}"


def _row(text: str | None) -> Row | None:
    return json.loads(text, parse_float=Decimal) if text else None


def _columns(text: str | None) -> frozenset[str]:
    return frozenset(column for columns in json.loads(text or "[]") for column in columns)


def _change(entry: JournalEntry, values: Values, names: Names) -> Change:
    known = tracked().get(entry.table_name)
    fields = list(_fields(entry, known, values, names)) if known else []
    case = names.get((case_model().table, entry.case_id)) if entry.case_id else ""
    source = dict(Source.choices).get(entry.source, entry.source)
    return Change(
        entry=entry,
        model_name=capfirst(known.name) if known else entry.table_name,
        model_label=known.label if known else "",
        object_name=names.get((entry.table_name, entry.row_pk), f"#{entry.row_pk}"),
        case_number=case or "",
        source_label=str(source),
        operation_label=str(Operation(entry.operation).label),
        fields=fields,
    )


def _fields(
    entry: JournalEntry, known: Tracked, values: Values, names: Names
) -> Iterator[FieldChange]:
    """The columns of the change; for an added or removed row those that held something."""
    labels = _labels(known.table, get_language())
    if entry.operation == Operation.UPDATE:
        for column in entry.changed:
            yield FieldChange(
                labels.get(column, column),
                _value(known, column, values.before, values.before_unsure, names),
                _value(known, column, values.after, values.after_unsure, names),
            )
        return
    added = entry.operation == Operation.INSERT
    row = (values.after if added else values.before or values.after) or {}
    for column, field in known.fields.items():
        text = shown(field, row.get(column), names, row)
        if not field.primary_key and text != EMPTY:
            label = labels[column]
            yield FieldChange(label, "", text) if added else FieldChange(label, text, "")


@cache
def _labels(table: str, language: str | None) -> dict[str, str]:
    """What the columns of a table are called in the language that is active."""
    fields = tracked()[table].fields
    return {column: capfirst(str(field.verbose_name)) for column, field in fields.items()}


def _value(
    known: Tracked, column: str, row: Row | None, unsure: frozenset[str], names: Names
) -> str:
    field = known.fields.get(column)
    if field is not None and field.attname in known.excluded:
        return _("not shown")
    if row is None or column not in row or column in unsure:
        return _("not recorded")
    return shown(field, row[column], names, row)
