"""Lifecycles: a year's list of holidays, a running promise; and what a day is."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.transitions import StatusChoices


class YearStatus(StatusChoices):
    """A guess until the notice is out; an official list never becomes a guess again."""

    PROVISIONAL = "provisional", _("provisional")
    OFFICIAL = "official", _("official")

    @classmethod
    def transitions(cls) -> Mapping[YearStatus, frozenset[YearStatus]]:
        return {cls.PROVISIONAL: frozenset({cls.OFFICIAL})}


class Mark(TextChoices):
    """What a day of the year is; every mark has a word besides its colour."""

    WORK = "work", _("working day")
    REST = "rest", _("rest day")
    STATUTORY = "statutory", _("statutory holiday")
    HOLIDAY = "holiday", _("day off by the notice")
    MAKE_UP = "make_up", _("make-up working day")
    EXCEPTION = "exception", _("other hours")


class ClockState(StatusChoices):
    """Where a promise stands. A breached clock without ``stopped_at`` is late and still owed.

    A right of the customer is never late: it runs out.
    """

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Kept")
    BREACHED = "breached", _("Late")
    CANCELED = "canceled", _("No longer owed")
    EXPIRED = "expired", _("Run out")

    @classmethod
    def transitions(cls) -> Mapping[ClockState, frozenset[ClockState]]:
        return {
            cls.RUNNING: frozenset({cls.PAUSED, cls.MET, cls.BREACHED, cls.CANCELED, cls.EXPIRED}),
            cls.PAUSED: frozenset({cls.RUNNING, cls.MET, cls.CANCELED}),
            cls.BREACHED: frozenset({cls.CANCELED}),
            # What ended it was taken back: an answer recalled in its first seconds, a merge undone.
            cls.MET: frozenset({cls.RUNNING}),
            cls.CANCELED: frozenset({cls.RUNNING, cls.BREACHED}),
        }


LIVE = (ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED)
