"""Lengths of promises in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clocks.counting import Unit
from clocks.models import ClockRule


def term_words(rule: ClockRule) -> str:
    """“120 working minutes, calendar “Service desk””, “until the agreed time”."""
    if rule.unit == Unit.UNTIL:
        return str(Unit.UNTIL.label)
    return _("%(amount)s %(unit)s, calendar “%(calendar)s”") % {
        "amount": rule.amount,
        "unit": Unit(rule.unit).label,
        "calendar": rule.calendar,
    }
