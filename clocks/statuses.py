"""How settled a year's list of holidays is."""

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
