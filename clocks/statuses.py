"""Lifecycles: a year's list of holidays, a running promise."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.transitions import StatusChoices


class YearStatus(StatusChoices):
    """A guess until the notice is out; an official list never becomes a guess again."""

    PROVISIONAL = "provisional", _("provisional")
    OFFICIAL = "official", _("official")

    @classmethod
    def transitions(cls) -> Mapping[YearStatus, frozenset[YearStatus]]:
        return {cls.PROVISIONAL: frozenset({cls.OFFICIAL})}


class ClockState(StatusChoices):
    """Where a promise stands. A breached clock without ``stopped_at`` is late and still owed."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Kept")
    BREACHED = "breached", _("Late")
    CANCELED = "canceled", _("No longer owed")

    @classmethod
    def transitions(cls) -> Mapping[ClockState, frozenset[ClockState]]:
        return {
            cls.RUNNING: frozenset({cls.PAUSED, cls.MET, cls.BREACHED, cls.CANCELED}),
            cls.PAUSED: frozenset({cls.RUNNING, cls.MET, cls.CANCELED}),
            cls.BREACHED: frozenset({cls.CANCELED}),
            # What kept it was taken back, e.g. an answer recalled in its first seconds.
            cls.MET: frozenset({cls.RUNNING}),
        }


LIVE = (ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED)
