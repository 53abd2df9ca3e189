"""The filter bars of the auditor's pages. They only read; nothing here is saved."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from aftersales.kernel.choosing import QuickSelect
from aftersales.kernel.context import Source
from compliance import events
from compliance.keyset import Cursor
from compliance.models import Operation
from compliance.queries import (
    UNSIGNED,
    ChangeFilter,
    EventFilter,
    columns_called,
    objects_called,
)
from compliance.tracked import by_label, case_model, tracked

ANY = [("", _("Any"))]


class DateInput(UnfoldAdminTextInputWidget):
    """The browser's own date field: no script needed."""

    input_type = "date"


def _text(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=200, widget=UnfoldAdminTextInputWidget(), **options
    )


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=QuickSelect())


def _day(label: Any) -> forms.DateField:
    ours = [MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(9998, 12, 31))]
    return forms.DateField(label=label, required=False, widget=DateInput(), validators=ours)


def _models() -> list[tuple[str, Any]]:
    named = [(known.label, capfirst(known.name)) for known in tracked().values()]
    return [*ANY, *sorted(named, key=lambda pair: pair[1])]


def _codes() -> list[tuple[str, Any]]:
    known = [(one.code, str(one.label)) for one in events.all_types()]
    return [*ANY, *sorted(known, key=lambda pair: pair[1])]


def _starts(day: date | None, *, shift: int = 0) -> datetime | None:
    """Midnight of the reader's day."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=shift), time()))


class StreamForm(forms.Form):
    """What both streams share: who, when, where in the pages."""

    person = _text(_("Person"), help_text=_("Part of the name, or the login"))
    case = _text(_("Case number"))
    since = _day(_("From"))
    until = _day(_("Until"))
    older = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    newer = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def clean_case(self) -> int | None:
        number = self.cleaned_data["case"].strip()
        if not number:
            return None
        found = [pk for _table, pk in objects_called(number, case_model().table)]
        if not found:
            raise forms.ValidationError(_("There is no case with this number."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("object") and not cleaned.get("model"):
            self.add_error("object", _("Choose the kind of object, too."))
        return cleaned

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.cleaned_data["older"], self.cleaned_data["newer"])

    @property
    def period(self) -> dict[str, datetime | None]:
        """Whole days; the last one is included."""
        return {
            "since": _starts(self.cleaned_data["since"]),
            "until": _starts(self.cleaned_data["until"], shift=1),
        }

    @property
    def asked(self) -> dict[str, str]:
        """The filters in use as they stand in the address, without the place in the pages."""
        return {
            name: self.data[name]
            for name in self.fields
            if name not in ("older", "newer") and self.data.get(name)
        }


class ChangeForm(StreamForm):
    """Filters of the change browser."""

    model = _choice(_("Kind of object"), _models)
    object = _text(_("Object"), help_text=_("Number or name, together with its kind"))
    operation = _choice(_("Kind of change"), [*ANY, *Operation.choices])
    source = _choice(
        _("Source"), [*ANY, *Source.choices, (UNSIGNED, _("Behind the application's back"))]
    )
    reason = _text(_("Reason contains"))
    field = _text(_("Changed field"))
    request = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    field_order = [
        "person",
        "model",
        "object",
        "case",
        "operation",
        "source",
        "field",
        "reason",
        "since",
        "until",
    ]

    @property
    def filters(self) -> ChangeFilter:
        """The query asked for; call after ``is_valid()``. Raises ``RuleViolated``."""
        asked = self.cleaned_data
        known = by_label(asked["model"]) if asked["model"] else None
        tables = [known.table] if known else []
        return ChangeFilter(
            person=asked["person"].strip(),
            tables=tables,
            objects=objects_called(asked["object"], tables[0]) if asked["object"] else None,
            case_id=asked["case"],
            operation=asked["operation"],
            source=asked["source"],
            reason=asked["reason"].strip(),
            columns=columns_called(asked["field"].strip(), tables) if asked["field"] else None,
            request_id=asked["request"],
            **self.period,
        )


class EventForm(StreamForm):
    """Filters of the list of events."""

    code = _choice(_("Event"), _codes)
    model = _choice(_("Kind of object"), _models)
    object = _text(_("Object"), help_text=_("Number or name, together with its kind"))
    source = _choice(_("Source"), [*ANY, *Source.choices])
    note = _text(_("Reason contains"))

    field_order = ["person", "code", "model", "object", "case", "source", "note", "since", "until"]

    @property
    def filters(self) -> EventFilter:
        """The query asked for; call after ``is_valid()``. Raises ``RuleViolated``."""
        asked = self.cleaned_data
        subjects: list[tuple[str, int]] | None = None
        if asked["object"] and (known := by_label(asked["model"])):
            found = objects_called(asked["object"], known.table)
            subjects = [(known.label, pk) for _table, pk in found]
        return EventFilter(
            person=asked["person"].strip(),
            code=asked["code"],
            case_id=asked["case"],
            subjects=subjects,
            source=asked["source"],
            note=asked["note"].strip(),
            **self.period,
        )
