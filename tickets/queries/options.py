"""What filters and forms of the desk offer to choose from; small tables, one statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, F, QuerySet, Value
from django.utils.translation import get_language

from aftersales.kernel.localized import localized
from customers.models import Shop
from staff.models import Department, User
from tickets.models import Category, Tag
from tickets.queries.queue import Keys

OPTION_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: the code in the address, the row behind it, the words shown."""

    code: str
    pk: int
    label: str


@dataclass(frozen=True, slots=True)
class Options:
    """Everything in use, sorted; categories are indented by the depth of the tree."""

    departments: list[Option]
    people: list[Option]
    categories: list[Option]
    shops: list[Option]
    tags: list[Option]

    @property
    def keys(self) -> Keys:
        def by_code(options: list[Option]) -> dict[str, int]:
            return {option.code: option.pk for option in options}

        return Keys(
            department=by_code(self.departments),
            assignee=by_code(self.people),
            category=by_code(self.categories),
            shop=by_code(self.shops),
        )


def load_options() -> Options:
    """One query, remembered for some seconds."""
    key = f"options:{get_language()}"
    options: Options | None = cache.get(key)
    if options is None:
        options = _read_options()
        cache.set(key, options, OPTION_SECONDS)
    return options


def _read_options() -> Options:
    found: dict[str, list[Option]] = {"d": [], "p": [], "c": [], "s": [], "t": []}
    for kind, pk, code, name, name_zh in _rows():
        label = localized(name, name_zh) or code
        if kind == "c":
            label = "\u2003" * code.count("/") + label
        found[kind].append(Option(code, pk, label))
    for kind in "dpst":
        found[kind].sort(key=lambda option: option.label)
    found["c"].sort(key=lambda option: option.code)
    return Options(found["d"], found["p"], found["c"], found["s"], found["t"])


def _rows() -> Iterator[tuple[str, int, str, str, str]]:
    empty = Value("", output_field=CharField())

    def part(kind: str, rows: QuerySet[Any], code: Any, name: Any, zh: Any) -> Any:
        named = rows.order_by().annotate(
            kind_=Value(kind, output_field=CharField()), code_=code, name_=name, zh_=zh
        )
        return named.values_list("kind_", "pk", "code_", "name_", "zh_")

    parts = [
        part(kind, model.objects.filter(is_active=True), F(code), F("name"), F("name_zh"))
        for kind, model, code in (
            ("d", Department, "code"),
            ("c", Category, "path"),
            ("s", Shop, "code"),
        )
    ]
    people = part("p", User.objects.people(), F("username"), F("display_name"), empty)
    tags = part("t", Tag.objects.filter(is_active=True), F("slug"), empty, empty)
    yield from parts[0].union(*parts[1:], people, tags, all=True)
