"""Rules an app ships: installed once, when nobody has a rule of that code; from then on data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import reduce
from typing import Any

from django.db import connection, transaction

from aftersales.kernel.journal import signed_in_bulk
from aftersales.kernel.loading import insert
from clocks.choices import Mode, RuleKind
from clocks.counting import Roll, Unit
from clocks.models import Calendar, ClockRule, EscalationStep

REASON = "Rules every desk starts with"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """A step of a shipped ladder; ``at_percent`` or ``after_due_minutes``."""

    action: str
    target: str = ""
    role: str = ""
    at_percent: int | None = None
    after_due_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """A shipped rule; ``calendar`` is the code of a calendar. Other fields as in ``ClockRule``."""

    code: str
    name: str
    name_zh: str
    promise: str
    subject_type: str
    starts_on: Sequence[str]
    stops_on: Sequence[str] = ()
    pauses_on: Sequence[str] = ()
    resumes_on: Sequence[str] = ()
    cancels_on: Sequence[str] = ()
    conditions: Sequence[dict[str, Any]] = ()
    position: int = 100
    kind: str = RuleKind.SERVICE
    amount: int = 0
    unit: str = Unit.MINUTES
    roll: str = Roll.NONE
    calendar: str = "always"
    legal_basis: str = ""
    source_note: str = ""
    confidence: str = ""
    mode: str = Mode.ENFORCED
    counts_for_due: bool = True
    is_active: bool = True
    steps: Sequence[StepSpec] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """Events of an upper app that stop, pause and resume the shipped rules of some promises."""

    subject_type: str
    promises: Sequence[str]
    stops_on: Sequence[str] = ()
    pauses_on: Sequence[str] = ()
    resumes_on: Sequence[str] = ()

    def applied(self, spec: RuleSpec) -> RuleSpec:
        """The rule with these events, if it is about the same; else as it is."""
        if spec.subject_type != self.subject_type or spec.promise not in self.promises:
            return spec
        return replace(
            spec,
            stops_on=(*spec.stops_on, *self.stops_on),
            pauses_on=(*spec.pauses_on, *self.pauses_on),
            resumes_on=(*spec.resumes_on, *self.resumes_on),
        )


_shipped: dict[str, RuleSpec] = {}
_extensions: list[Extension] = []


def ship(specs: Iterable[RuleSpec]) -> None:
    """Add rules from an app's ``ready()``; two rules of one code must be the same."""
    for spec in specs:
        if _shipped.setdefault(spec.code, spec) != spec:
            raise ValueError(f"rule {spec.code} is shipped twice")


def extend(extension: Extension) -> None:
    """Let rules of lower apps hear of events those do not know; from an app's ``ready()``."""
    if extension not in _extensions:
        _extensions.append(extension)


def shipped() -> tuple[RuleSpec, ...]:
    return tuple(
        reduce(lambda spec, extension: extension.applied(spec), _extensions, spec)
        for spec in _shipped.values()
    )


def install() -> int:
    """Write the shipped rules whose code nobody has yet; returns how many. Safe to repeat."""
    there = set(ClockRule.objects.values_list("code", flat=True))
    missing = [spec for spec in shipped() if spec.code not in there]
    if not missing:
        return 0
    calendars = {calendar.code: calendar for calendar in Calendar.objects.all()}
    rules = [_as_rule(spec, calendars[spec.calendar]) for spec in missing]
    with transaction.atomic(), signed_in_bulk(REASON):
        insert(rules)
        insert(
            [
                as_step(rule, position, step)
                for rule, spec in zip(rules, missing, strict=True)
                for position, step in enumerate(spec.steps, start=1)
            ]
        )
    return len(rules)


def install_after_migrate(**_kwargs: Any) -> None:
    """``install`` as a receiver: not while the tables are still being made."""
    if ClockRule._meta.db_table in connection.introspection.table_names():
        install()


def _as_rule(spec: RuleSpec, calendar: Calendar) -> ClockRule:
    values = {
        one.name: getattr(spec, one.name)
        for one in fields(spec)
        if one.name not in ("calendar", "steps")
    }
    lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    return ClockRule(calendar=calendar, **values | lists)


def as_step(rule: ClockRule, position: int, step: StepSpec) -> EscalationStep:
    """The step as a row, not saved."""
    values = {one.name: getattr(step, one.name) for one in fields(step)}
    return EscalationStep(rule=rule, position=position, **values)
