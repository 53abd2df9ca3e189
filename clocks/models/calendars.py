"""Calendars of the house, and the holidays of the regions they lie in."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.localized import localized
from aftersales.kernel.querysets import LockingQuerySet
from aftersales.kernel.transitions import HasStatus
from clocks.frames import validate_frames, validate_week
from clocks.statuses import YearStatus

REGION = RegexValidator(r"[A-Z]{2}\Z", _("A region is two capital letters, such as CN."))


def validate_zone(name: str) -> None:
    """A name of the IANA time zone database."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is no time zone."), params={"name": name})


class Calendar(AuditedModel):
    """When a part of the house is open: hours per weekday in one time zone.

    ``region`` names whose holidays and make-up days apply; without one working days are Monday to
    Friday. ``frames`` is read by ``clocks.frames``.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=2, blank=True, validators=[REGION])
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    frames = models.JSONField(_("open hours"), validators=[validate_week])
    works_on_holidays = models.BooleanField(_("open on public holidays"), default=False)
    is_default = models.BooleanField(_("default"), default=False)

    history = History()
    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ("name",)
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                F("is_default"),
                condition=Q(is_default=True),
                name="calendar_one_default",
                violation_error_message=_("Another calendar is the default."),
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)


class CalendarException(AuditedModel):
    """A date on which one calendar has other hours than usual; none at all means closed.

    It opens and closes; whether the date is a working day by law stays as it is.
    """

    calendar = models.ForeignKey(
        Calendar, models.PROTECT, related_name="exceptions", verbose_name=_("calendar")
    )
    date = models.DateField(_("date"))
    frames = models.JSONField(
        _("open hours"), default=list, blank=True, validators=[validate_frames]
    )
    reason = models.CharField(_("reason"), max_length=200)

    history = History()
    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ("date",)
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date"],
                name="calendar_exception_one_per_date",
                violation_error_message=_("This date has an exception already."),
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.reason}"


class CalendarYear(AuditedModel, HasStatus):
    """A region's list of one year; a year without a row is a plain week, provisionally.

    ``source_notice`` is the title of the notice the days were taken from.
    """

    status_enums = {"status": YearStatus}

    region = models.CharField(_("region"), max_length=2, validators=[REGION])
    year = models.PositiveSmallIntegerField(_("year"))
    status = models.CharField(_("status"), max_length=11, choices=YearStatus.choices)
    source_notice = models.CharField(_("source"), max_length=200)

    history = History()
    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ("region", "year")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["region", "year"], name="calendar_year_once"),
            models.CheckConstraint(
                condition=Q(status__in=YearStatus.values), name="calendar_year_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(source_notice=""),
                name="calendar_year_has_source",
                violation_error_message=_("Name the notice the days were taken from."),
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.region} {self.year}"


class CalendarDay(AuditedModel):
    """A date that a notice names: free, or a working day in exchange for one.

    ``is_statutory_holiday`` marks the days the law itself names, not those moved next to them.
    """

    calendar_year = models.ForeignKey(
        CalendarYear, models.PROTECT, related_name="days", verbose_name=_("calendar year")
    )
    region = models.CharField(_("region"), max_length=2, validators=[REGION])
    date = models.DateField(_("date"))
    is_workday = models.BooleanField(_("working day"))
    is_statutory_holiday = models.BooleanField(_("statutory holiday"), default=False)
    name = models.CharField(_("name (English)"), max_length=80, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80, blank=True)

    history = History()
    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        ordering = ("region", "date")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["region", "date"], name="calendar_day_once"),
            models.CheckConstraint(
                condition=Q(is_workday=False) | Q(is_statutory_holiday=False),
                name="calendar_day_holiday_is_free",
                violation_error_message=_("A statutory holiday is no working day."),
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.called}"

    @property
    def called(self) -> str:
        """Its name without its date."""
        return localized(self.name, self.name_zh)
