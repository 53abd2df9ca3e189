"""Conditions over facts, stored as data: «channel is chat», «priority in high, urgent».

A list of conditions holds when each of them does; the empty list always holds. ``check`` refuses
what could never be meant, naming fact and rule, so that ``matches`` need not guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.errors import RuleViolated, Text

Condition = Mapping[str, Any]
Choices = Sequence[tuple[Any, Any]]
MOST_CONDITIONS = 20
LONGEST_VALUE = 200


class Op(models.TextChoices):
    """How a fact is compared."""

    IS = "is", gettext_lazy("is")
    IS_NOT = "is_not", gettext_lazy("is not")
    IN = "in", gettext_lazy("is one of")
    NOT_IN = "not_in", gettext_lazy("is none of")
    AT_LEAST = "at_least", gettext_lazy("is at least")
    AT_MOST = "at_most", gettext_lazy("is at most")
    IS_SET = "is_set", gettext_lazy("is known")
    CONTAINS = "contains", gettext_lazy("contains")


class FactKind(models.TextChoices):
    """What values a fact has."""

    TEXT = "text", gettext_lazy("text")
    NUMBER = "number", gettext_lazy("number")
    BOOLEAN = "boolean", gettext_lazy("yes or no")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something conditions can ask of an object; ``choices`` limits a text to known values."""

    code: str
    label: Text
    read: Callable[[Any], Any]
    kind: FactKind = FactKind.TEXT
    choices: Choices | None = None


class Facts(Mapping[str, Any]):
    """The facts of one object, each read when it is first asked for."""

    def __init__(self, known: Mapping[str, Fact], obj: Any) -> None:
        self.known = known
        self.obj = obj
        self.values_read: dict[str, Any] = {}

    def __getitem__(self, code: str) -> Any:
        if code not in self.values_read:
            self.values_read[code] = self.known[code].read(self.obj)
        return self.values_read[code]

    def __contains__(self, code: object) -> bool:
        return code in self.known

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


def matches(conditions: Sequence[Condition], facts: Mapping[str, Any]) -> bool:
    """Whether every condition holds; a fact that nobody knows any more does not hold."""
    return all(_holds(one, facts) for one in conditions)


def _holds(condition: Condition, facts: Mapping[str, Any]) -> bool:
    if condition["fact"] not in facts:
        return False
    fact, wanted = facts[condition["fact"]], condition["value"]
    is_known = fact is not None and fact != ""
    match condition["op"]:
        case Op.IS:
            return bool(fact == wanted)
        case Op.IS_NOT:
            return bool(fact != wanted)
        case Op.IN:
            return fact in wanted
        case Op.NOT_IN:
            return fact not in wanted
        case Op.AT_LEAST:
            return is_known and bool(fact >= wanted)
        case Op.AT_MOST:
            return is_known and bool(fact <= wanted)
        case Op.IS_SET:
            return is_known is wanted
        case Op.CONTAINS:
            return is_known and wanted in fact
    return False


def check(conditions: Any, facts: Mapping[str, Fact], *, field: str = "conditions") -> None:
    """Refuse conditions that are no sentences about these facts; raises ``RuleViolated``."""
    if not isinstance(conditions, list) or len(conditions) > MOST_CONDITIONS:
        raise RuleViolated(
            "not_conditions",
            _("A list of at most %(most)s conditions is expected.") % {"most": MOST_CONDITIONS},
            field=field,
        )
    for place, condition in enumerate(conditions, start=1):
        if problem := _problem(condition, facts):
            message = _("Condition %(place)s: %(problem)s") % {"place": place, "problem": problem}
            raise RuleViolated("bad_condition", message, field=field)


def _problem(condition: Any, facts: Mapping[str, Fact]) -> str:
    """What is wrong with one condition; '' when nothing is."""
    if not isinstance(condition, dict) or set(condition) != {"fact", "op", "value"}:
        return _("it needs a fact, a comparison and a value.")
    fact = facts.get(condition["fact"]) if isinstance(condition["fact"], str) else None
    if fact is None:
        return _("“%(fact)s” is no fact of this object.") % {"fact": str(condition["fact"])[:60]}
    if condition["op"] not in Op.values:
        return _("“%(op)s” is no comparison.") % {"op": str(condition["op"])[:60]}
    return _value_problem(fact, Op(condition["op"]), condition["value"])


def _value_problem(fact: Fact, op: Op, value: Any) -> str:
    names = {"fact": fact.label, "op": op.label}
    if op in (Op.AT_LEAST, Op.AT_MOST) and fact.kind != FactKind.NUMBER:
        return _("“%(op)s” compares numbers, and “%(fact)s” is none.") % names
    if op == Op.CONTAINS and fact.kind != FactKind.TEXT:
        return _("“%(op)s” looks into texts, and “%(fact)s” is none.") % names
    if op == Op.IS_SET:
        return "" if isinstance(value, bool) else _("“%(op)s” is answered by yes or no.") % names
    if op in (Op.IN, Op.NOT_IN):
        if not isinstance(value, list) or not value:
            return _("“%(op)s” needs at least one value.") % names
        problems = [_single_problem(fact, one) for one in value]
        return next((problem for problem in problems if problem), "")
    if op == Op.CONTAINS:
        is_text = isinstance(value, str) and 0 < len(value) <= LONGEST_VALUE
        return "" if is_text else _("“%(op)s” needs a short text.") % names
    return _single_problem(fact, value)


def _single_problem(fact: Fact, value: Any) -> str:
    names = {"fact": fact.label, "value": str(value)[:60]}
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if fact.kind == FactKind.NUMBER:
        return "" if is_number else _("“%(fact)s” is a number, “%(value)s” is none.") % names
    if fact.kind == FactKind.BOOLEAN:
        return "" if isinstance(value, bool) else _("“%(fact)s” is yes or no.") % names
    if not isinstance(value, str) or len(value) > LONGEST_VALUE:
        return _("“%(fact)s” is a short text.") % names
    if fact.choices is not None and value not in {one for one, _label in fact.choices}:
        return _("“%(fact)s” is never “%(value)s”.") % names
    return ""


def in_words(conditions: Sequence[Condition], facts: Mapping[str, Fact]) -> list[str]:
    """Each condition as a sentence."""
    return [_sentence(one, facts) for one in conditions]


def _sentence(condition: Condition, facts: Mapping[str, Fact]) -> str:
    fact = facts.get(condition["fact"])
    names = {
        "fact": fact.label if fact else condition["fact"],
        "op": Op(condition["op"]).label,
        "value": _shown(fact, condition["value"]),
    }
    if condition["op"] == Op.IS_SET:
        known, unknown = _("%(fact)s is known"), _("%(fact)s is not known")
        return (known if condition["value"] else unknown) % names
    return f"{names['fact']} {names['op']} {names['value']}"


def _shown(fact: Fact | None, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(fact, one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = dict(fact.choices) if fact and fact.choices else {}
    return str(choices.get(value, value))
