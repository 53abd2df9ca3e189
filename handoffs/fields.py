"""The small forms of templates: a list of fields as data, checked, and answers to them cleaned.

A field is ``{"name", "label", "label_zh", "type", "required", "help", "help_zh", "choices"}``;
``choices`` are ``[code, English, Chinese]``. Pure functions; nothing here touches the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.localized import localized
from handoffs.choices import FieldType

Field = Mapping[str, Any]
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_FIELDS = 20
LONGEST = 2000
MOST_DECIMALS = 12
KEYS = {"name", "label", "label_zh", "type", "required", "help", "help_zh", "choices"}


def check_fields(fields: Any, *, at: str) -> list[dict[str, Any]]:
    """The fields in full; raises ``RuleViolated`` naming the field and the rule."""
    if not isinstance(fields, list) or len(fields) > MOST_FIELDS:
        raise RuleViolated(
            "bad_fields",
            _("Give a list of at most %(most)s fields.") % {"most": MOST_FIELDS},
            field=at,
        )
    full = [_full(field, place, at) for place, field in enumerate(fields, start=1)]
    names = [field["name"] for field in full]
    for name in names:
        if names.count(name) > 1:
            raise _wrong(at, name, _("this name is used twice"))
    return full


def _full(field: Any, place: int, at: str) -> dict[str, Any]:
    if not isinstance(field, dict):
        raise _wrong(at, place, _("not an object"))
    name = field.get("name", "")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise _wrong(at, name or place, _("a name is small letters, digits and underscores"))
    if unknown := sorted(set(field) - KEYS):
        raise _wrong(at, name, _("unknown: ") + ", ".join(unknown))
    kind = field.get("type")
    if kind not in FieldType.values:
        raise _wrong(at, name, _("choose a type: ") + ", ".join(FieldType.values))
    texts = {key: field.get(key, "") for key in ("label", "label_zh", "help", "help_zh")}
    if not all(isinstance(text, str) and len(text) <= 200 for text in texts.values()):
        raise _wrong(at, name, _("labels and help are short texts"))
    if not texts["label"] or not texts["label_zh"]:
        raise _wrong(at, name, _("a label in both languages is missing"))
    required = field.get("required", False)
    if not isinstance(required, bool):
        raise _wrong(at, name, _("required is true or false"))
    return {
        "name": name,
        "type": kind,
        "required": required,
        "choices": _choices(field, name, at),
        **texts,
    }


def _choices(field: Mapping[str, Any], name: str, at: str) -> list[list[str]]:
    choices: Any = field.get("choices", [])
    if field["type"] != FieldType.CHOICE:
        if choices:
            raise _wrong(at, name, _("only a choice has choices"))
        return []
    good = isinstance(choices, list) and all(
        isinstance(one, list) and len(one) == 3 and all(isinstance(w, str) and w for w in one)
        for one in choices
    )
    if not good or not choices:
        raise _wrong(at, name, _("choices are lists of code, English, Chinese"))
    if len({code for code, *_words in choices}) < len(choices):
        raise _wrong(at, name, _("a code of a choice is used twice"))
    return [list(one) for one in choices]


def _wrong(at: str, name: object, rule: str) -> RuleViolated:
    return RuleViolated(
        "bad_field", _("Field “%(name)s”: %(rule)s.") % {"name": name, "rule": rule}, field=at
    )


def clean_answers(fields: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as JSON values; raises ``RuleViolated`` naming the field at fault.

    What a ``file`` field was given passes as it is: its files are looked at by who stores them.
    """
    known = {field["name"]: field for field in fields}
    if unknown := sorted(set(given) - set(known)):
        raise RuleViolated(
            "unknown_field",
            _("This form has no field “%(name)s”.") % {"name": unknown[0]},
            field=unknown[0],
        )
    cleaned: dict[str, Any] = {}
    for name, field in known.items():
        value = bare(given.get(name))
        if value in (None, "", [], ()):
            if field["required"]:
                raise RuleViolated(
                    "field_missing",
                    _("“%(label)s” is missing.") % {"label": label_of(field)},
                    field=name,
                )
            continue
        cleaned[name] = CLEANERS[field["type"]](field, value)
    return cleaned


def bare(value: Any) -> Any:
    """An answer without the blanks and zero bytes around it: they say nothing."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


def _bad(field: Field, rule: str) -> RuleViolated:
    return RuleViolated(
        "bad_answer",
        _("“%(label)s”: %(rule)s.") % {"label": label_of(field), "rule": rule},
        field=field["name"],
    )


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise _bad(field, _("a text of at most %(most)s characters") % {"most": LONGEST})
    return value


def _number(field: Field, value: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _bad(field, _("not a number")) from None
    if isinstance(value, bool) or not number.is_finite() or abs(number) >= Decimal(10) ** 12:
        raise _bad(field, _("not a number"))
    plain = number.normalize()
    # Written out, 1e-999999 is a million zeros.
    if int(plain.as_tuple().exponent) < -MOST_DECIMALS:
        raise _bad(field, _("not a number"))
    return format(plain, "f")


def _count(field: Field, value: Any) -> str:
    number = _number(field, value)
    if not number.isdecimal():
        raise _bad(field, _("a whole number, 0 or more"))
    return number


def _date(field: Field, value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise _bad(field, _("a date is written 2026-03-01")) from None


def _choice(field: Field, value: Any) -> str:
    if value not in [code for code, *_words in field["choices"]]:
        raise _bad(field, _("not one of the choices"))
    return str(value)


def _boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _bad(field, _("yes or no"))
    return value


def _file(field: Field, value: Any) -> Any:
    return value


CLEANERS = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.BOOLEAN: _boolean,
    FieldType.FILE: _file,
    FieldType.COUNT: _count,
}


def label_of(field: Field) -> str:
    return localized(field["label"], field["label_zh"])


def shown_answers(fields: Iterable[Field], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, value) in the reader's language, files left out: they are shown as files."""
    shown = []
    for field in fields:
        if field["name"] not in answers or field["type"] == FieldType.FILE:
            continue
        value = answers[field["name"]]
        if field["type"] == FieldType.BOOLEAN:
            value = _("Yes") if value else _("No")
        elif field["type"] == FieldType.CHOICE:
            words = {
                code: localized(english, chinese) for code, english, chinese in field["choices"]
            }
            value = words.get(value, value)
        shown.append((label_of(field), str(value)))
    return shown
