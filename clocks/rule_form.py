"""The form of a rule of time: conditions and steps in rows, values as people write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from aftersales.kernel.conditions import Fact, FactKind, Op
from clocks import actions, registry
from clocks.choices import Confidence, Mode, RuleKind, StepTarget
from clocks.counting import Roll, Unit
from clocks.models import Calendar, ClockRule
from clocks.models.rules import TOKEN_FIELDS
from clocks.rules import StepSpec
from compliance import events

SPARE_ROWS = 3
YES, NO = ("yes", "true", "1", "是"), ("no", "false", "0", "否")
PERCENT, MINUTES = "percent", "minutes"

Pairs = list[tuple[str, Any]]


def select(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=UnfoldAdminSelectWidget, **kwargs)


def text(label: Any, most: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=UnfoldAdminTextInputWidget, **kwargs
    )


def token_choices() -> Pairs:
    """Every event, and every variant some rule tells apart, by its words."""
    codes = {one.code for one in events.all_types()}
    for row in ClockRule.objects.filter(is_current=True).values_list(*TOKEN_FIELDS):
        codes |= {token for tokens in row for token in tokens}
    return sorted(
        ((code, events.token_label(code)) for code in codes), key=lambda pair: str(pair[1])
    )


class RuleForm(forms.Form):
    """The plain fields of a version; ``note`` says why there is a new one."""

    name = text(gettext_lazy("name (English)"), 120)
    name_zh = text(gettext_lazy("name (Chinese)"), 120)
    position = forms.IntegerField(
        label=gettext_lazy("position"),
        min_value=0,
        max_value=100_000,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("The first rule that matches counts."),
    )
    kind = select(gettext_lazy("kind"), RuleKind.choices)
    mode = select(gettext_lazy("mode"), Mode.choices)
    amount = forms.IntegerField(
        label=gettext_lazy("amount"), min_value=0, widget=UnfoldAdminIntegerFieldWidget
    )
    unit = select(gettext_lazy("unit"), Unit.choices)
    roll = select(gettext_lazy("last day not a working day"), Roll.choices)
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("calendar"),
        queryset=Calendar.objects.order_by("code"),
        widget=UnfoldAdminSelectWidget,
    )
    counts_for_due = forms.BooleanField(
        label=gettext_lazy("makes the due time"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("in use"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    legal_basis = text(gettext_lazy("legal basis"), 300, required=False)
    source_note = text(gettext_lazy("source"), 300, required=False)
    confidence = select(
        gettext_lazy("confidence"), [("", "–"), *Confidence.choices], required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        min_length=4,
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, data: Any, rule: ClockRule) -> None:
        initial = {name: getattr(rule, name) for name in self.base_fields if name != "note"}
        super().__init__(data, initial=initial)
        choices = token_choices()
        for name in TOKEN_FIELDS:
            self.fields[name] = forms.MultipleChoiceField(
                label=rule.label_of(name),
                choices=choices,
                required=False,
                initial=getattr(rule, name),
                widget=forms.SelectMultiple(attrs={"size": 6}),
            )

    @property
    def changes(self) -> dict[str, Any]:
        """What was given, by field of the rule."""
        return {name: value for name, value in self.cleaned_data.items() if name != "note"}

    def plain(self) -> Iterator[Any]:
        """Fields for the first block of the page."""
        return (self[name] for name in self.base_fields if name != "note")

    def happenings(self) -> Iterator[Any]:
        return (self[name] for name in TOKEN_FIELDS)


class ConditionForm(forms.Form):
    """One condition; a row without a fact is no condition."""

    fact = select(gettext_lazy("fact"), [], required=False)
    op = select(gettext_lazy("comparison"), Op.choices, required=False)
    value = text(gettext_lazy("value"), 400, required=False)

    def __init__(self, *args: Any, known: dict[str, Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        field: Any = self.fields["fact"]
        field.choices = [("", "–"), *((fact.code, fact.label) for fact in known.values())]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        fact = self.known.get(data.get("fact") or "")
        if fact is None:
            return {}
        op = Op(data.get("op") or Op.IS)
        return {"fact": fact.code, "op": op.value, "value": read_value(fact, op, data["value"])}


def read_value(fact: Fact, op: Op, written: str) -> Any:
    """What somebody wrote as the value a condition keeps; raises ``ValidationError``."""
    if op in (Op.IN, Op.NOT_IN):
        parts = written.replace("，", ",").replace("、", ",").split(",")
        return [_single(fact, part.strip()) for part in parts if part.strip()]
    if op == Op.IS_SET:
        return _yes_or_no(written)
    if op == Op.CONTAINS:
        return written.strip()
    return _single(fact, written.strip())


def _single(fact: Fact, written: str) -> Any:
    if fact.kind == FactKind.BOOLEAN:
        return _yes_or_no(written)
    if fact.kind == FactKind.NUMBER:
        try:
            return int(written)
        except ValueError:
            raise ValidationError({"value": _("A whole number is expected.")}) from None
    for code, label in fact.choices or ():
        if written.casefold() in (str(code).casefold(), str(label).casefold()):
            return code
    return written


def _yes_or_no(written: str) -> bool:
    word = written.strip().casefold()
    if word not in YES and word not in NO:
        raise ValidationError({"value": _("Write yes or no.")})
    return word in YES


def write_value(fact: Fact | None, value: Any) -> str:
    """What ``read_value`` reads, in words."""
    if isinstance(value, list):
        return ", ".join(write_value(fact, one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    labels = dict(fact.choices) if fact and fact.choices else {}
    return str(labels.get(value, value))


class StepForm(forms.Form):
    """One step of the ladder; a row without an action is no step."""

    amount = forms.IntegerField(
        label=gettext_lazy("when"),
        min_value=0,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    moment = select(
        gettext_lazy("counted as"),
        [
            (PERCENT, gettext_lazy("percent of the time")),
            (MINUTES, gettext_lazy("minutes after due")),
        ],
        required=False,
    )
    action = select(gettext_lazy("action"), [], required=False)
    target = select(gettext_lazy("who"), [("", "–"), *StepTarget.choices], required=False)
    role = text(gettext_lazy("role"), 20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["action"]
        field.choices = [("", "–"), *actions.choices()]

    @property
    def step(self) -> StepSpec | None:
        data = self.cleaned_data
        if not data.get("action"):
            return None
        is_percent = data.get("moment") != MINUTES
        return StepSpec(
            action=data["action"],
            target=data.get("target") or "",
            role=data.get("role") or "",
            at_percent=data.get("amount") if is_percent else None,
            after_due_minutes=None if is_percent else data.get("amount"),
        )


class RulePage:
    """Form, conditions and steps of a rule together."""

    def __init__(self, data: Any, rule: ClockRule, steps: Sequence[StepSpec]) -> None:
        subject = registry.find(rule.subject_type)
        known = subject.by_code if subject else {}
        self.form = RuleForm(data, rule)
        condition_rows = [
            one | {"value": write_value(known.get(one["fact"]), one["value"])}
            for one in rule.conditions
        ]
        self.conditions = _rows(ConditionForm, "conditions", data, condition_rows, known=known)
        self.steps = _rows(StepForm, "steps", data, [_step_row(step) for step in steps])

    def is_valid(self) -> bool:
        """Looks at every part, so that all that is wrong is said at once."""
        wrong = [part for part in (self.form, *self.conditions, *self.steps) if not part.is_valid()]
        return not wrong

    @property
    def changes(self) -> dict[str, Any]:
        conditions = [row.cleaned_data for row in self.conditions if row.cleaned_data]
        return self.form.changes | {"conditions": conditions}

    @property
    def ladder(self) -> list[StepSpec]:
        return [row.step for row in self.steps if row.step is not None]


def _step_row(step: StepSpec) -> dict[str, Any]:
    is_percent = step.at_percent is not None
    return {
        "amount": step.at_percent if is_percent else step.after_due_minutes,
        "moment": PERCENT if is_percent else MINUTES,
        "action": step.action,
        "target": step.target,
        "role": step.role,
    }


def _rows(
    kind: Any, prefix: str, data: Any, rows: Sequence[dict[str, Any]], **kwargs: Any
) -> list[Any]:
    """The rows there are and some to spare; how many came back is told by the fields."""
    count = len(rows) + SPARE_ROWS
    padded = [*rows, *({} for _spare in range(SPARE_ROWS))]
    return [
        kind(data, prefix=f"{prefix}-{place}", initial=padded[place], **kwargs)
        for place in range(count)
    ]
