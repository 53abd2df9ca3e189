"""Forms of the calendar pages: hours are typed as people write them."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from aftersales.kernel.admin import ReasonForm
from clocks.frames import WEEKDAYS, read_frames, read_week
from clocks.models import Calendar
from clocks.models.calendars import REGION

HOURS = re.compile(r"(\d\d?:\d\d)\s*[-–—~至]\s*(\d\d?:\d\d)")


def parse_hours(text: str) -> list[list[str]]:
    """The stored form of ``09:00–12:00, 13:30–18:00``; raises ``ValidationError``."""
    stored = [[start.zfill(5), end.zfill(5)] for start, end in HOURS.findall(text)]
    if HOURS.sub("", text).strip(" ,，;；、"):
        raise ValidationError(_("Write hours like 09:00–12:00, 13:30–18:00."))
    read_frames(stored)
    return stored


def hours_text(stored: list[list[str]]) -> str:
    """What ``parse_hours`` reads."""
    return ", ".join(f"{start}–{end}" for start, end in stored)


class HoursField(forms.CharField):
    """Frames of one day as text; empty is closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=120,
            widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "09:00–12:00, 13:30–18:00"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        return parse_hours(super().clean(value))


class CalendarForm(ReasonForm):
    """A calendar with the hours of each weekday in a field of its own."""

    day_1 = HoursField(label=_("Monday"))
    day_2 = HoursField(label=_("Tuesday"))
    day_3 = HoursField(label=_("Wednesday"))
    day_4 = HoursField(label=_("Thursday"))
    day_5 = HoursField(label=_("Friday"))
    day_6 = HoursField(label=_("Saturday"))
    day_7 = HoursField(label=_("Sunday"))

    class Meta:
        model = Calendar
        fields = ("code", "name", "name_zh", "region", "time_zone", "works_on_holidays")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in WEEKDAYS:
            stored = (self.instance.frames or {}).get(str(weekday), [])
            self.initial[f"day_{weekday}"] = hours_text(stored)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = {str(weekday): data.get(f"day_{weekday}") for weekday in WEEKDAYS}
        if None not in given.values():
            data["frames"] = {weekday: frames for weekday, frames in given.items() if frames}
            try:
                read_week(data["frames"])
            except ValidationError as error:
                self.add_error("day_1", error)
        return data


class ExceptionForm(forms.Form):
    """Other hours on one date."""

    date = forms.DateField(label=_("Date"), widget=UnfoldAdminDateWidget())
    frames = HoursField(label=_("Open hours"), help_text=_("Empty: closed all day."))
    reason = forms.CharField(
        label=_("Reason"), min_length=2, max_length=200, widget=UnfoldAdminTextInputWidget()
    )


class YearForm(forms.Form):
    """Which year's list, from which notice."""

    region = forms.CharField(
        label=_("Region"), max_length=2, validators=[REGION], widget=UnfoldAdminTextInputWidget()
    )
    year = forms.IntegerField(
        label=_("Year"), min_value=2000, max_value=2100, widget=UnfoldAdminIntegerFieldWidget()
    )
    notice = forms.CharField(
        label=_("Notice the days were taken from"),
        min_length=4,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
    )
    is_official = forms.BooleanField(
        label=_("This is the official list"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget(),
    )


class YearFileForm(YearForm):
    """The list comes as a file."""

    file = forms.FileField(
        label=_("File (CSV, UTF-8 or GBK)"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt"}),
    )

    field_order = ("file", "region", "year", "notice", "is_official")


class YearTextForm(YearForm):
    """The same list again, carried along by the preview and read anew."""

    text = forms.CharField(strip=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("region", "year", "notice", "is_official"):
            self.fields[name].widget = forms.HiddenInput()
