"""The only writer of a status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext as _

from aftersales.kernel.errors import InvalidTransition, lazily


class StatusChoices(models.TextChoices):
    """A lifecycle: the members are the states, ``transitions()`` is the table of allowed moves."""

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        """State → states it may become; a state missing from the table is final."""
        raise NotImplementedError

    @property
    def allowed(self) -> tuple[Self, ...]:
        """What this state may become, in the order the states are declared."""
        targets = self.transitions().get(self, frozenset())
        return tuple(state for state in type(self) if state in targets)

    def can_become(self, target: Self) -> bool:
        return target in self.transitions().get(self, frozenset())


class HasStatus(models.Model):
    """Names the enum behind each status column, so that ``move`` can check any model."""

    status_enums: ClassVar[Mapping[str, type[StatusChoices]]]

    class Meta:
        abstract = True


def move(obj: HasStatus, to: StatusChoices, *, field: str = "status") -> None:
    """Assign the next state in memory; raises ``InvalidTransition`` naming what is allowed now.

    The caller holds the row lock and saves. A repeated request is refused like any other move that
    the table does not list.
    """
    enum = obj.status_enums[field]
    current: Any = enum(getattr(obj, field))
    if not current.can_become(to):
        raise InvalidTransition(
            lazily(lambda: _refusal(obj, current, to)),
            allowed=[state.value for state in current.allowed],
        )
    setattr(obj, field, to)


def _refusal(obj: HasStatus, current: StatusChoices, to: StatusChoices) -> str:
    allowed = ", ".join(str(state.label) for state in current.allowed)
    return _("%(object)s is “%(now)s” and cannot become “%(to)s”. Possible now: %(allowed)s.") % {
        "object": obj,
        "now": current.label,
        "to": to.label,
        "allowed": allowed or _("nothing, this is final"),
    }
