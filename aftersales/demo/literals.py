"""Values as PostgreSQL writes them: in COPY's text format, and inside the jsonb text of a row.

The journal's digest is SHA-256 over that text, so a row told here has the digest the database
would give it; ``check_history`` compares every one of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from django.db import models

# For COPY, and for jsonb.
Literal = tuple[str, str]
Writer = Callable[[Any], Literal]
Copier = Callable[[Any], str]
NOTHING: Final = "\\N"
# Shorter texts are names and codes.
NAME: Final = 100
# ``json.dumps`` makes an encoder at every call that asks for anything.
_ENCODED: Final = json.JSONEncoder(ensure_ascii=False).encode


def escaped(text: str) -> str:
    """A text as COPY reads it."""
    if text.isprintable() and "\\" not in text:
        return text
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace("\t", "\\t").replace("\r", "\\r")


def rank(key: str) -> tuple[int, bytes]:
    """The place of a key in jsonb: short ones first."""
    raw = key.encode()
    return len(raw), raw


def jsonb(value: Any) -> str:
    """The text jsonb gives for a value; numbers are whole."""
    match value:
        case dict():
            keys = sorted(value, key=rank)
            return "{" + ", ".join(f"{quoted(key)}: {jsonb(value[key])}" for key in keys) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(jsonb, value)) + "]"
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return quoted(value)
    raise TypeError(f"{value!r} is no value of a JSON column here")


@lru_cache(maxsize=1024)
def moment(value: datetime) -> str:
    """A moment in UTC as jsonb writes it: without fractions that are zero."""
    text = (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat()
    return f"{text[:-6].rstrip('0')}{text[-6:]}" if value.microsecond else text


def _text(value: str) -> Literal:
    return escaped(value), quoted(value)


# Names and codes come again and again.
_name: Final = lru_cache(maxsize=8192)(_text)


def _number(value: int) -> Literal:
    text = str(value)
    return text, text


def _flag(value: bool) -> Literal:
    return ("t", "true") if value else ("f", "false")


@lru_cache(maxsize=1024)
def _moment(value: datetime) -> Literal:
    text = moment(value)
    return text, f'"{text}"'


def _plain(value: object) -> Literal:
    text = str(value)
    return text, f'"{text}"'


def _json(value: Any) -> Literal:
    text = jsonb(value)
    return escaped(text), text


def _json_copied(value: Any) -> str:
    return escaped(_ENCODED(value)) if value else jsonb(value)


def _array(value: Iterable[str | int]) -> Literal:
    """Quoted elements suit texts and numbers alike."""
    parts = [str(one).replace("\\", "\\\\").replace('"', '\\"') for one in value]
    inside = ",".join(f'"{part}"' for part in parts)
    return escaped(f"{{{inside}}}"), jsonb(list(value))


def _decimal(places: int) -> Writer:
    def write(value: Decimal) -> Literal:
        text = f"{value:.{places}f}"
        return text, text

    return write


_WRITERS: Final[Mapping[str, Writer]] = {
    **dict.fromkeys(("CharField", "TextField", "SlugField", "SearchVectorField"), _text),
    **dict.fromkeys(("BigAutoField", "BigIntegerField", "ForeignKey", "OneToOneField"), _number),
    **dict.fromkeys(("PositiveIntegerField", "PositiveSmallIntegerField"), _number),
    "BooleanField": _flag,
    "DateTimeField": _moment,
    "UUIDField": _plain,
    "GenericIPAddressField": _plain,
    "JSONField": _json,
    "ArrayField": _array,
}


_COPIERS: Final[Mapping[str, Copier]] = {
    **dict.fromkeys(("CharField", "TextField", "SlugField", "SearchVectorField"), escaped),
    **dict.fromkeys(("BigAutoField", "BigIntegerField", "ForeignKey", "OneToOneField"), str),
    "DateTimeField": moment,
    "JSONField": _json_copied,
}


def writer_of(field: models.Field[Any, Any]) -> Writer:
    """How values of a column are written; raises ``LookupError`` for a kind nobody wrote yet."""
    if isinstance(field, models.DecimalField):
        return _decimal(field.decimal_places or 0)
    if isinstance(field, models.CharField) and (field.max_length or NAME) < NAME:
        return _name
    return _WRITERS[field.get_internal_type()]


def copier_of(field: models.Field[Any, Any]) -> Copier:
    """How values are written where no digest is asked for."""
    kind = field.get_internal_type()
    if kind in _COPIERS:
        return _COPIERS[kind]
    write = writer_of(field)
    return lambda value: write(value)[0]
