"""How codes kept as text, as a list or inside JSON are read: declared once per column, by the app
that knows the words. Columns with choices need none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models

from aftersales.kernel.errors import Text

Row = Mapping[str, Any]
# (the value as it comes out of ``to_jsonb``, its whole row) → words in the active language.
Wording = Callable[[Any, Row], str]

EventWords = Callable[[Row], str]

_events: dict[str, EventWords] = {}
_wordings: dict[tuple[str, str], Wording] = {}
_disclosed: dict[str, Text] = {}
# What an old row of another shape may raise; its value is shown as it is.
ODD = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    FieldDoesNotExist,
    ObjectDoesNotExist,
)


def register(label: str, **columns: Wording) -> None:
    """Declare columns of a model, e.g. ``register("app.model", roles=labelled(Role.choices))``."""
    for column, wording in columns.items():
        _wordings[label, column] = wording


def register_event(code: str, say: EventWords) -> None:
    """Declare how the details of an event are read where they are not fields of its object."""
    _events[code] = say


def event_in_words(code: str, data: Row) -> str:
    """What the event's own words say of its details; an old one of another shape says nothing."""
    say = _events.get(code)
    try:
        return say(data) if say else ""
    except ODD:
        return ""


def registered() -> frozenset[tuple[str, str]]:
    return frozenset(_wordings)


def register_disclosed(labels: Mapping[str, Text]) -> None:
    """Declare what the names in the record of a disclosure are called."""
    _disclosed.update(labels)


def disclosed_in_words(names: list[str]) -> str:
    """What was shown; a name nobody declared stands as it is."""
    return ", ".join(str(_disclosed.get(name, name)) for name in names)


def in_words(field: models.Field[Any, Any], value: Any, row: Row) -> str | None:
    """The value in words; ``None`` where nobody declared any, or they do not fit."""
    wording = _wordings.get((field.model._meta.label_lower, field.attname))
    try:
        return wording(value, row) if wording else None
    except ODD:
        return None


def labelled(choices: Iterable[tuple[Any, Any]]) -> Wording:
    """A code or a list of codes by their labels; an unknown one is shown as it is."""
    known = dict(choices)
    return each(lambda code: str(known.get(code, code)))


def each(say: Callable[[Any], str]) -> Wording:
    """One value, or every value of a list, by the same words."""

    def words(value: Any, row: Row) -> str:
        return ", ".join(map(say, value)) if isinstance(value, list) else say(value)

    return words


def keyed(labels: Mapping[str, Text], values: Mapping[str, Wording] | None = None) -> Wording:
    """An object with its keys in words, and some of its values."""

    def words(value: Any, row: Row) -> str:
        said = {key: (values or {}).get(key, _as_it_is)(one, row) for key, one in value.items()}
        return "; ".join(f"{labels.get(key, key)}: {words}" for key, words in said.items())

    return words


def _as_it_is(value: Any, row: Row) -> str:
    return str(value)


def kind_of_object(value: Any, row: Row) -> str:
    """What people call objects of ``app.model``."""
    return str(apps.get_model(value)._meta.verbose_name)
