"""Facts of a case that two people may have before them at once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext as _

from aftersales.kernel.errors import RuleViolated
from tickets.models import Ticket

CHANGED_MEANWHILE: Final = "changed_meanwhile"
NOTHING_SEEN: Final[Mapping[str, Any]] = MappingProxyType({})


def require_as_seen(ticket: Ticket, values: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Refuse to write over what somebody else changed since it was ``seen``; in the lock.

    Who wants the same as the other is not refused. Raises ``RuleViolated`` naming the field.
    """
    for name, before in seen.items():
        current = getattr(ticket, name)
        if current != before and current != values[name]:
            raise RuleViolated(
                CHANGED_MEANWHILE,
                _("Meanwhile somebody made this “%(value)s”. Save again to replace it.")
                % {"value": words_of(ticket, name)},
                field=name,
            )


def words_of(ticket: Ticket, name: str) -> str:
    """A fact as people read it."""
    display = getattr(ticket, f"get_{name}_display", None)
    value = display() if display else getattr(ticket, name)
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return ", ".join(value) or "–"
        case _:
            return str(value or "–")
