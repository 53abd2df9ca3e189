"""Reading untrusted nested input field by field, with the path of each field for the error."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated, Text
from aftersales.kernel.money import parse_amount

# Neither PostgreSQL nor a person can read these: control characters and half surrogate pairs.
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")
YEARS = range(2000, 2101)


class Reader:
    """One object of the input. Call ``done()`` last: fields nobody asked for are refused."""

    def __init__(self, values: dict[str, Any], prefix: str = "") -> None:
        self.values = values
        self.prefix = prefix
        self.asked: set[str] = set()

    @classmethod
    def of(cls, value: object, prefix: str = "") -> Self:
        """A reader for an object; raises ``RuleViolated`` for anything else."""
        if not isinstance(value, dict):
            raise RuleViolated("not_an_object", _("An object is expected here."), field=prefix)
        return cls(value, prefix)

    def path(self, name: str) -> str:
        return f"{self.prefix}.{name}" if self.prefix else name

    def refuse(self, code: str, message: Text, name: str) -> RuleViolated:
        return RuleViolated(code, message, field=self.path(name))

    def get(self, name: str) -> Any:
        self.asked.add(name)
        return self.values.get(name)

    def has(self, name: str) -> bool:
        return self.get(name) is not None

    def needed(self, name: str) -> RuleViolated:
        return self.refuse("required", _("This is required."), name)

    def text(self, name: str, longest: int, *, required: bool = False) -> str:
        """Stripped text of at most ``longest`` characters, empty when absent."""
        value = self.get(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise self.refuse("not_text", _("Text is expected here."), name)
        value = value.strip()
        if UNREADABLE.search(value):
            raise self.refuse("unreadable", _("The text has unreadable characters."), name)
        if len(value) > longest:
            message = _("At most %(count)s characters.") % {"count": longest}
            raise self.refuse("too_long", message, name)
        if required and not value:
            raise self.needed(name)
        return value

    def texts(self, name: str, longest: int) -> list[str]:
        """A list of short texts, each once."""
        value = self.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > 50:
            raise self.refuse("not_a_list", _("A list is expected here."), name)
        inner = Reader({str(index): item for index, item in enumerate(value)}, self.path(name))
        return list(
            dict.fromkeys(
                inner.text(str(index), longest, required=True) for index in range(len(value))
            )
        )

    def choice(self, name: str, known: Collection[str], *, default: str | None = None) -> str:
        value = self.text(name, 40)
        if not value and default is not None:
            return default
        if not value:
            raise self.needed(name)
        if value not in known:
            message = _("Not one of: %(known)s.") % {"known": ", ".join(known)}
            raise self.refuse("unknown_choice", message, name)
        return value

    def flag(self, name: str) -> bool:
        value = self.get(name)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.refuse("not_a_flag", _("Yes or no (true, false) is expected here."), name)
        return value

    def whole(self, name: str, least: int, most: int, *, default: int | None = None) -> int:
        value = self.get(name)
        if value is None and default is not None:
            value = default
        if value is None:
            raise self.needed(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse("not_whole", _("A whole number is expected here."), name)
        if not least <= value <= most:
            message = _("Between %(least)s and %(most)s.") % {"least": least, "most": most}
            raise self.refuse("out_of_range", message, name)
        return value

    def amount(self, name: str, currency: str, *, default: str | None = None) -> Decimal:
        """An exact amount of zero or more."""
        value = self.get(name)
        if value is None and default is not None:
            value = default
        if value is None:
            raise self.needed(name)
        amount = parse_amount(value, currency, field=self.path(name))
        if amount < 0:
            raise self.refuse("negative", _("The amount cannot be negative."), name)
        return amount

    def moment(self, name: str) -> datetime:
        """A time with its zone, as UTC."""
        value = self.get(name)
        if value is None or value == "":
            raise self.needed(name)
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.refuse("not_a_time", _("Not a date and time (ISO 8601)."), name) from None
        if moment.tzinfo is None:
            raise self.refuse("no_time_zone", _("The time needs a time zone."), name)
        if moment.year not in YEARS:
            raise self.refuse("out_of_range", _("The year is out of range."), name)
        return moment.astimezone(UTC)

    def part(self, name: str) -> Reader:
        if not self.has(name):
            raise self.needed(name)
        return Reader.of(self.get(name), self.path(name))

    def parts(self, name: str, most: int, *, least: int = 0) -> list[Reader]:
        """The objects of a list, bounded in number."""
        value = self.get(name)
        if value is None:
            value = []
        if not isinstance(value, list):
            raise self.refuse("not_a_list", _("A list is expected here."), name)
        if not least <= len(value) <= most:
            message = _("Between %(least)s and %(most)s entries.") % {"least": least, "most": most}
            raise self.refuse("wrong_count", message, name)
        path = self.path(name)
        return [Reader.of(item, f"{path}.{index}") for index, item in enumerate(value)]

    def done(self) -> None:
        """Refuse what nobody asked for: a misspelled field must not be lost in silence."""
        for name in self.values:
            if name not in self.asked:
                raise self.refuse("unknown_field", _("Unknown field."), str(name)[:60])

    @contextmanager
    def blaming(self, name: str) -> Iterator[None]:
        """Name this field in refusals raised inside."""
        try:
            yield
        except RuleViolated as error:
            raise RuleViolated(error.code, error.message, field=self.path(name)) from None
