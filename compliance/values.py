"""A stored value as a person reads it: labels for codes, names for ids, local time, masks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from aftersales.kernel.refs import for_reader
from compliance.personal import mask_of
from compliance.wording import Row, in_words

EMPTY = "–"
LONGEST = 400

# (table, pk) → what that object is called.
Names = Mapping[tuple[str, int], str]


def shown(
    field: models.Field[Any, Any] | None, value: Any, names: Names, row: Row | None = None
) -> str:
    """``value`` of ``row``, as they come out of ``to_jsonb``, in words."""
    if value is None or value in ("", [], {}):
        return EMPTY
    if field is None:
        return plain(value)
    if isinstance(field, models.ForeignKey):
        return reference(field, value, names)
    mask = mask_of(field)
    if mask is not None:
        return mask(for_reader(str(value)))
    if (words := in_words(field, value, row or {})) is not None:
        return words
    if isinstance(field, ArrayField):
        return ", ".join(shown(field.base_field, item, names) for item in value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return moment(parse_datetime(value))
    return plain(value)


def reference(field: models.ForeignKey[Any, Any], value: int, names: Names) -> str:
    """The object an id points to; gone objects keep their kind and number."""
    target = field.related_model
    known = names.get((target._meta.db_table, value))
    return known or f"{target._meta.verbose_name} #{value}"


def moment(value: datetime | None) -> str:
    """A time in the reader's zone."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}" if value else EMPTY


def plain(value: Any) -> str:
    """Anything else: yes and no, lists, key and value; long texts are cut."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return "; ".join(f"{key}: {plain(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    text = for_reader(str(value))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
